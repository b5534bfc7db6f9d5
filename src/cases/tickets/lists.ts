/** Lists of tickets: of the reader's section, centre or directorate, and how many are in each. */
import { z } from 'zod'
import { can } from '../../identity/index.ts'
import {
  type Actor,
  actingPerson,
  type Db,
  decodeCursor,
  type House,
  notFound,
  type PersonActor,
  pageOf,
  Refused,
} from '../../platform/index.ts'
import type { TicketCounts, TicketLine, TicketState, TicketView } from '../model.ts'
import { sectionsOfCentre, unitFacts } from '../places.ts'
import { scopeOf } from '../service.ts'
import { countOwn, type ListKey, listOwn, listTickets, type Scope, type TicketList, ticketCountsOf } from '../store.ts'
import { linesOf } from './views.ts'

export const statesOf: Readonly<Record<Exclude<TicketView, 'mine'>, readonly TicketState[]>> = {
  pool: ['pool'],
  forwarded: ['forwarded', 'returned'],
  all: ['pool', 'claimed', 'forwarded', 'returned', 'answered'],
  closed: ['closed'],
}
/** A central directorate's pool is what it has been asked. */
export const directorateStates: Readonly<Record<Exclude<TicketView, 'mine'>, readonly TicketState[]>> = {
  pool: ['forwarded'],
  forwarded: ['returned', 'claimed', 'answered'],
  all: ['pool', 'claimed', 'forwarded', 'returned', 'answered'],
  closed: ['closed'],
}

const Cursor = z.tuple([z.number().int(), z.uuid()])

/** One page of a list of tickets, due first; closed ones last due first. */
export async function ticketList(
  house: House,
  actor: Actor,
  query: { view: TicketView; sectionId?: string | undefined; cursor?: string | undefined; limit: number },
): Promise<{ items: TicketLine[]; next: string | null }> {
  const db = house.database.kysely
  const person = actingPerson(actor)
  const scope = scopeOf(actor)
  const cursor = decodeCursor(Cursor, query.cursor)
  const after: ListKey | undefined = cursor && { dueAt: new Date(cursor[0]), id: cursor[1] }
  const place = await placeOf(db, person, scope, query.sectionId)
  const rows =
    query.view === 'mine'
      ? await listOwn(db, person.personId, after, query.limit + 1)
      : place
        ? await listTickets(
            db,
            place,
            (place.column === 'directorate_id' ? directorateStates : statesOf)[query.view],
            scope,
            after,
            query.limit + 1,
            query.view === 'closed',
          )
        : []
  const page = pageOf(rows, query.limit, row => [row.due_at.getTime(), row.id])
  return { items: await linesOf(db, page.items), next: page.next }
}

/**
 * Where the reader's lists come from: the own section or centre, the own directorate, or a section that was asked for.
 * @throws Refused 404 for a unit out of the reader's sight, before any ticket is looked at; 422 for one that does not exist
 */
export async function placeOf(
  db: Db,
  actor: PersonActor,
  scope: Scope,
  sectionId: string | undefined,
): Promise<TicketList | undefined> {
  if (can(actor, 'tickets.advise')) return { column: 'directorate_id', value: actor.unitId }
  const wanted = sectionId ?? (can(actor, 'tickets.work') ? actor.unitId : undefined)
  if (wanted === undefined) return undefined
  const unit = await unitFacts(db, wanted)
  if (!unit) throw new Refused('cases.unitUnknown', { field: 'sectionId' }, 422)
  if (!scope.all && !unit.path.startsWith(scope.under)) throw notFound('unit')
  return unit.id === unit.centre.id && unit.kind === 'cric'
    ? { column: 'centre_id', value: unit.id }
    : { column: 'unit_id', value: unit.id }
}

/** How many tickets are in each of the reader's lists, from the kept counts. */
export async function ticketCounts(house: House, actor: Actor): Promise<TicketCounts> {
  const db = house.database.kysely
  const person = actingPerson(actor)
  scopeOf(actor)
  const own = await unitFacts(db, person.unitId)
  const unit = { id: person.unitId, name: own?.name ?? '' }
  const inCentre = can(person, 'tickets.work') && own !== undefined
  const sections = inCentre ? await sectionsOfCentre(db, own.centre.id) : []
  const wholeCentre = inCentre && own.kind === 'cric'
  const places = wholeCentre ? sections.map(section => section.id) : [person.unitId]
  const rows = await ticketCountsOf(db, [...new Set([...places, ...sections.map(section => section.id)])])
  const sum = (units: readonly string[], states: readonly TicketState[]) =>
    rows.filter(row => units.includes(row.unit_id) && states.includes(row.state)).reduce((total, row) => total + row.tickets, 0)
  const states = can(person, 'tickets.advise') ? directorateStates : statesOf
  return {
    unit,
    counts: {
      pool: sum(places, states.pool),
      mine: await countOwn(db, person.personId),
      forwarded: sum(places, states.forwarded),
      all: sum(places, states.all),
      closed: null,
    },
    sections: sections.map(section => ({ ...section, pool: sum([section.id], ['pool']) })),
  }
}
