/** What an agent's page shows of distribution. */
import { contactCentreSections } from '../../organisation/index.ts'
import { type House, type Language, type PersonActor, sentence } from '../../platform/index.ts'
import type { Desk } from '../model.ts'
import { takesCalls } from '../policy.ts'
import { agentStatus, liveSections, presenceOf, skillsOf } from '../store.ts'

/** The agent's own desk: state, sections, queues. `pageId` is the page that asks. */
export async function deskView(
  { database }: House,
  actor: PersonActor,
  pageId: string | undefined,
  language: Language,
): Promise<Desk> {
  const db = database.kysely
  const status = await agentStatus(db, actor.personId)
  const presence = await presenceOf(db, actor.personId)
  const skills = await skillsOf(db, actor.personId)
  const names = new Map((await contactCentreSections(db)).map(({ id, name }) => [id, name]))
  const nameOf = (sectionId: string) => names.get(sectionId) ?? sectionId
  const live = await liveSections(
    db,
    skills.map(skill => skill.sectionId),
  )
  const reason = status?.reason ?? null
  const written = !takesCalls(actor.role)
  return {
    state: status?.state ?? 'signed-out',
    reason,
    sentence:
      reason === null
        ? null
        : sentence(language, `distribution.pause.${reason}${written && reason === 'no-answer' ? '-written' : ''}`),
    since: status?.since.toISOString() ?? null,
    until: status?.until?.toISOString() ?? null,
    callId: status?.callId ?? null,
    offer: status?.offer ?? null,
    offered: status?.state !== 'offered' ? null : status.callId === null ? 'written' : 'call',
    reachable: presence?.reachable ?? false,
    pageActive: pageId === undefined ? null : presence?.pageId === pageId,
    sections: skills.map(({ sectionId, level }) => ({ id: sectionId, name: nameOf(sectionId), level })),
    queues: live.map(({ sectionId, waiting, longestSince }) => ({
      sectionId,
      name: nameOf(sectionId),
      waiting,
      longestSince: longestSince?.toISOString() ?? null,
    })),
  }
}
