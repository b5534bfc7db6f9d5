/**
 * Naming colleagues in a note. Who can be named may see the ticket: members of its centre, of the central directorate that was asked, and whoever has
 * worked on the case and still may. They are told live, and find where they were named until they have read it and after.
 */
import { z } from 'zod'
import { assignmentsNow, membersOf, namesOfPeople, rolesWhich } from '../../identity/index.ts'
import {
  type Actor,
  type Db,
  decodeCursor,
  type House,
  type PersonActor,
  pageOf,
  Refused,
  type Work,
} from '../../platform/index.ts'
import { noteMentioned } from '../events.ts'
import { type TicketInHand, ticketSubjects, ticketToRead } from '../locked-ticket.ts'
import { colleaguesOf, unitNames } from '../places.ts'
import { mayActOnTicket } from '../policy.ts'
import { scopeOf } from '../service.ts'
import { type Mention, type Mentionable, maxMentioned } from './model.ts'
import { countUnread, insertMentions, type MentionKey, markRead, mentionsOf, workedOn } from './store.ts'

const maxUnread = 100

/** Who can be named about a ticket, by name, each once; not the reader. */
async function candidates(db: Db, { ticket, actor, facts }: TicketInHand, now: Date): Promise<Map<string, Mentionable>> {
  const found = new Map<string, Mentionable>()
  const members = [
    ...(await colleaguesOf(db, ticket.centre_id)),
    ...(ticket.directorate_path === null
      ? []
      : await membersOf(db, { under: ticket.directorate_path, roles: rolesWhich('tickets.advise') })),
  ]
  for (const { id, name, unitName } of members) found.set(id, { id, name, unit: unitName })
  const others = (await workedOn(db, ticket.case_id)).filter(id => !found.has(id))
  const held = await assignmentsNow(db, others, now)
  const names = await namesOfPeople(db, others)
  const units = await unitNames(
    db,
    held.map(each => each.unit_id),
  )
  for (const { person_id: id, id: assignmentId, role, unit_id: unitId, unit_path: unitPath } of held) {
    const name = names.get(id) ?? ''
    const seenAs: PersonActor = { kind: 'person', personId: id, name, role, unitId, unitPath, assignmentId }
    if (mayActOnTicket('look', seenAs, facts).allowed) found.set(id, { id, name, unit: units.get(unitId) ?? '' })
  }
  found.delete(actor.personId)
  return found
}

/** Who can be named in a note about a ticket. @throws Refused 404 for a ticket that is not the reader's to see */
export async function mentionable(house: House, actor: PersonActor, ticketId: string): Promise<{ items: Mentionable[] }> {
  const db = house.database.kysely
  const found = await candidates(db, await ticketToRead({ tx: db, actor }, ticketId), new Date(house.clock.now()))
  return { items: [...found.values()].sort((a, b) => a.name.localeCompare(b.name, 'it')) }
}

/** Names people in a note that was just written. @throws Refused 422 for somebody who may not see the ticket */
export async function mention(work: Work, held: TicketInHand, noteId: string, personIds: readonly string[]): Promise<void> {
  if (personIds.length === 0) return
  const among = await candidates(work.tx, held, work.now)
  const named = [...new Set(personIds)].slice(0, maxMentioned).map(id => {
    const person = among.get(id)
    if (!person) throw new Refused('cases.mention.cannotSee', { field: 'mentions' }, 422)
    return person
  })
  await insertMentions(
    work.tx,
    named.map(({ id, name }) => ({
      ...{ note_id: noteId, person_id: id, name, ticket_id: held.ticket.id, at: work.now, read_at: null },
    })),
  )
  for (const { id, name } of named)
    await work.journal(noteMentioned, { noteId, name }, { ...ticketSubjects(held.ticket), person: id })
}

const Cursor = z.tuple([z.number().int(), z.uuid()])

/** Where the reader is named, newest first, and how many of those are not read yet. */
export async function mentionsView(
  house: House,
  actor: PersonActor,
  query: { cursor?: string | undefined; limit: number },
): Promise<{ items: Mention[]; next: string | null; unread: number }> {
  const db = house.database.kysely
  const cursor = decodeCursor(Cursor, query.cursor)
  const after: MentionKey | undefined = cursor && { at: new Date(cursor[0]), noteId: cursor[1] }
  const rows = await mentionsOf(db, actor.personId, scopeOf(actor), after, query.limit + 1)
  const page = pageOf(rows, query.limit, row => [row.at.getTime(), row.note_id])
  return {
    items: page.items.map(row => ({
      ...{ noteId: row.note_id, ticketId: row.ticket_id, caseId: row.case_id, code: row.code, title: row.title },
      ...{ text: row.text, byName: row.by_name, byUnit: row.by_unit },
      at: row.at.toISOString(),
      readAt: row.read_at?.toISOString() ?? null,
    })),
    next: page.next,
    unread: await countUnread(db, actor.personId, maxUnread),
  }
}

/** The reader has read some notes. */
export async function readMentions(house: House, actor: Actor, { noteIds }: { noteIds: readonly string[] }): Promise<void> {
  scopeOf(actor)
  if (actor.kind === 'person') await markRead(house.database.kysely, actor.personId, noteIds, new Date(house.clock.now()))
}
