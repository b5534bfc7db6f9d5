/**
 * What somebody else has done with one's account, told to its person: at the next sign-in, and on the page of the own account. Whoever acts in
 * another's name cannot keep it from them.
 */
import { type House, type Language, type PersonActor, sentence, type Work } from '../platform/index.ts'
import type { AccountNotice, NoticeKind } from './model.ts'
import { insertNotice, markNoticesSeen, noticesOfPerson } from './pending-store.ts'

/** Tells a person, unless it was their own act. In the caller's transaction. */
export async function notify(
  { tx, ids, now, actor }: Work,
  personId: string,
  kind: NoticeKind,
  facts: Record<string, string> = {},
): Promise<void> {
  // Whoever uses a password that was given acts as the person: that is the very thing to be told.
  if (actor.kind === 'person' && actor.personId === personId && kind !== 'password-given-used') return
  const byName = actor.kind === 'citizen' ? '' : actor.name
  await insertNotice(tx, {
    id: ids(),
    person_id: personId,
    kind,
    by_name: byName,
    facts: JSON.stringify(facts),
    at: now,
    seen_at: null,
  })
}

/** The newest notices of the actor. */
export async function noticesOf(house: House, actor: PersonActor, language: Language): Promise<AccountNotice[]> {
  const rows = await noticesOfPerson(house.database.kysely, actor.personId)
  return rows.map(({ id, kind, by_name, facts, at, seen_at }) => ({
    id,
    kind,
    sentence: sentence(language, `identity.notice.${kind}`, { ...facts, role: roleName(language, facts.role), by: by_name }),
    at: at.toISOString(),
    seen: seen_at !== null,
  }))
}

const roleName = (language: Language, role: string | undefined): string =>
  role === undefined ? '' : sentence(language, `identity.role.${role}`)

/** The actor has read the notices that there were until now. */
export async function markSeen(house: House, actor: PersonActor): Promise<void> {
  await markNoticesSeen(house.database.kysely, actor.personId, new Date(house.clock.now()))
}
