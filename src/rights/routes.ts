/** HTTP of the access log. */
import { z } from 'zod'
import { contactsOf } from '../contacts/index.ts'
import { unitsOf } from '../organisation/index.ts'
import { decodeCursor, type House, Instant, page, pageOf, route } from '../platform/index.ts'
import { flushAccessLog } from './log.ts'
import { AccessQuery, LoggedAccess } from './model.ts'
import { listAccess } from './store.ts'

const Cursor = z.tuple([Instant, z.uuid()])

async function accessPage(house: House, query: z.output<typeof AccessQuery>) {
  // Who has just looked is on the page, too.
  await flushAccessLog(house)
  const db = house.database.kysely
  const [at, id] = decodeCursor(Cursor, query.cursor) ?? []
  const rows = await listAccess(
    db,
    {
      personId: query.personId,
      contactId: query.contactId,
      kind: query.kind,
      from: query.from === undefined ? undefined : new Date(query.from),
      until: query.until === undefined ? undefined : new Date(query.until),
    },
    at === undefined || id === undefined ? undefined : { at: new Date(at), id },
    query.limit + 1,
  )
  const { items, next } = pageOf(rows, query.limit, row => [row.at.toISOString(), row.id])
  const contacts = await contactsOf(
    db,
    items.flatMap(row => row.contact_id ?? []),
  )
  const unitIds = [...new Set(items.map(row => row.unit_id))]
  const units = new Map((unitIds.length > 0 ? await unitsOf(db, { ids: unitIds }) : []).map(unit => [unit.id, unit.name]))
  return {
    items: items.map(
      (row): LoggedAccess => ({
        id: row.id,
        at: row.at.toISOString(),
        person: { id: row.person_id, name: row.person_name },
        role: row.role,
        unit: { id: row.unit_id, name: units.get(row.unit_id) ?? row.unit_id },
        kind: row.kind,
        subjectId: row.subject_id,
        contact: row.contact_id === null ? null : { id: row.contact_id, name: contacts.get(row.contact_id)?.name ?? '' },
        route: row.route,
        found: row.found,
      }),
    ),
    next,
  }
}

export const rightsRoutes = [
  route({
    method: 'GET',
    url: '/api/access',
    operation: 'listAccesses',
    summary: 'Who has looked at what about citizens, newest first',
    description:
      'Cards, cases, tickets, conversations, calls, appointments, searches that found people. The same look within a minute counts once.',
    tag: 'access log',
    access: ['headquarters'],
    query: AccessQuery,
    answer: page(LoggedAccess),
    handle: ({ house, query }) => accessPage(house, query),
  }),
] as const
