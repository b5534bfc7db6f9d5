/** The counters as they are shown: what there is, who waits, what is at the own desk. */
import { type ContactLanguage, contactsOf } from '../contacts/index.ts'
import { unitOf } from '../organisation/index.ts'
import { type Actor, actingPerson, type Db, type House, notFound } from '../platform/index.ts'
import { nextOf } from './calling.ts'
import { durationsOf } from './durations.ts'
import { helpView } from './help.ts'
import { hereAddress } from './here.ts'
import { expectedFor, hallStandingsOf, openToday, rangeAtDesk, rangeFor, type Standings, waitingBefore } from './loads.ts'
import type { CounterTicket } from './machine-model.ts'
import type { CalledVisit, CounterQueue, Counters, LastOfficer, OwnDesk, Visit } from './model.ts'
import { maySeeCounters } from './policy.ts'
import { desksOfHalls, devicesOfUnit, hallsByIds, hallsOfUnit, servicesOfHalls, sittingOf, sittingsAt } from './setup-store.ts'
import { entriesOf, lastOfficers, openHelp, openVisits, readVisit } from './store.ts'
import type { HallRow, VisitRow } from './tables.ts'

/** An office whose counters the actor may see. @throws Refused 404 for any other */
export async function officeSeen(db: Db, actor: Actor, unitId: string | undefined): Promise<{ id: string; name: string }> {
  const unit = await unitOf(db, unitId ?? (actor.kind === 'person' ? actor.unitId : ''))
  if (!unit || !maySeeCounters(actor, unit.path)) throw notFound('unit')
  return { id: unit.id, name: unit.name }
}

/** Halls, services, desks with who sits at them, devices. @throws Refused 404 */
export async function countersView(house: House, actor: Actor, unitId: string | undefined): Promise<Counters> {
  const db = house.database.kysely
  const unit = await officeSeen(db, actor, unitId)
  const halls = await hallsOfUnit(db, unit.id)
  const ids = halls.map(({ id }) => id)
  const [services, desks, open] = [await servicesOfHalls(db, ids), await desksOfHalls(db, ids), await openVisits(db, ids)]
  const sittings = await sittingsAt(
    db,
    desks.map(({ id }) => id),
  )
  const devices = await devicesOfUnit(db, unit.id)
  const here = new Map<string, string>()
  for (const id of ids) here.set(id, await hereAddress(house, id))
  return {
    unit,
    timeZone: house.config.TIME_ZONE,
    halls: halls.map(hall => ({
      ...{ id: hall.id, name: hall.name, letter: hall.letter },
      here: here.get(hall.id) ?? '',
      services: services
        .filter(each => each.hall_id === hall.id)
        .map(each => ({
          ...{ id: each.id, name: each.words.it, visitClass: each.visit_class, agendaServices: each.agenda_services },
        })),
      desks: desks
        .filter(each => each.hall_id === hall.id)
        .map(({ id, label, services: served }) => {
          const sitting = sittings.find(each => each.desk_id === id)
          const visit = open.find(each => each.desk_id === id)
          return {
            ...{ id, label, services: served },
            sitting: sitting
              ? { personId: sitting.person_id, name: sitting.person_name, since: sitting.since.toISOString() }
              : null,
            visit: visit ? { id: visit.id, code: visit.code, state: visit.state } : null,
          }
        }),
    })),
    devices: devices.map(device => ({
      ...{ id: device.id, kind: device.kind, name: device.name, hallIds: device.hall_ids },
      ...{ rows: device.rows, goesOn: device.goes_on },
      ...{ connectedAt: device.connected_at?.toISOString() ?? null, disabled: device.disabled_at !== null },
    })),
  }
}

/** Visits as they are shown: their entries and names are read in two queries however many. */
export async function visitsShown(house: House, rows: readonly VisitRow[]): Promise<Visit[]> {
  const db = house.database.kysely
  const now = house.clock.now()
  const contacts = await contactsOf(
    db,
    rows.flatMap(row => (row.contact_id === null ? [] : [row.contact_id])),
  )
  const entries = await entriesOf(
    db,
    rows.map(({ id }) => id),
  )
  const hallIds = [...new Set(rows.map(row => row.hall_id))]
  const services = new Map((await servicesOfHalls(db, hallIds, true)).map(each => [each.id, each.words.it]))
  const desks = new Map((await desksOfHalls(db, hallIds, true)).map(each => [each.id, each.label]))
  const deskOf = (id: string | null) => (id === null ? null : { id, label: desks.get(id) ?? '' })
  const at = (date: Date | null) => date?.toISOString() ?? null
  return rows.map(row => {
    const { wait } = durationsOf(entries.get(row.id) ?? [], now)
    return {
      ...{ id: row.id, code: row.code, state: row.state, hallId: row.hall_id, visitClass: row.visit_class },
      ...{ priority: row.priority, remark: row.remark, persons: row.persons, calls: row.calls },
      service: { id: row.service_id, name: services.get(row.service_id) ?? '' },
      arrivedAt: row.arrived_at.toISOString(),
      callBy: row.call_by.toISOString(),
      ...{ dueAt: at(row.due_at), notBefore: at(row.not_before), calledAt: at(row.called_at), cameAt: at(row.came_at) },
      ...{ desk: deskOf(row.desk_id), onlyDesk: deskOf(row.only_desk_id) },
      ...{ officer: row.officer_name, parkedWhy: row.parked_why, remindAt: at(row.remind_at), caseId: row.case_id },
      interactionId: row.interaction_id,
      contact: row.contact_id === null ? null : { id: row.contact_id, name: contacts.get(row.contact_id)?.name ?? '' },
      appointmentId: row.appointment_id,
      waitSeconds: wait === null ? null : Math.round(wait / 1000),
    }
  })
}

/** One visit, as it is shown. @throws Refused 404 */
export async function visitView(house: House, id: string): Promise<Visit> {
  const row = await readVisit(house.database.kysely, id)
  const [visit] = row ? await visitsShown(house, [row]) : []
  if (!visit) throw notFound('visit')
  return visit
}

/** What a call has come to. */
export async function calledView(house: House, visitId: string | null): Promise<CalledVisit> {
  const row = visitId === null ? undefined : await readVisit(house.database.kysely, visitId)
  return row ? { visit: await visitView(house, row.id), reason: row.call_reason } : { visit: null, reason: null }
}

/** The live view of an office: how its halls stand, and who is in them. @throws Refused 404 */
export async function queueView(house: House, actor: Actor, unitId: string | undefined): Promise<CounterQueue> {
  const db = house.database.kysely
  const unit = await officeSeen(db, actor, unitId)
  const standings = await hallStandingsOf(house, db, await hallsOfUnit(db, unit.id))
  return {
    unit,
    at: new Date(standings.now).toISOString(),
    loads: standings.halls.map(hall => loadOf(standings, hall)),
    visits: await visitsShown(house, standings.open),
    lastOfficers: await lastOfficersOf(
      db,
      standings,
      standings.open.filter(({ state }) => state === 'waiting'),
    ),
    help: (
      await openHelp(
        db,
        standings.halls.map(({ id }) => id),
      )
    ).map(row => helpView(row, personOf(actor))),
  }
}

const personOf = (actor: Actor): string | null => (actor.kind === 'person' ? actor.personId : null)

/** The officers who served the citizens of some visits the last time, where they sit at a desk of the office now. */
async function lastOfficersOf(
  db: Db,
  standings: Standings,
  visits: readonly VisitRow[],
): Promise<(LastOfficer & { visitId: string; personId: string })[]> {
  const officers = await lastOfficers(db, visits)
  return visits.flatMap(visit => {
    const sitting = standings.sittings.find(({ person_id }) => person_id === officers.get(visit.id))
    const desk = standings.desks.find(({ id }) => id === sitting?.desk_id)
    // Only a desk of the same hall can call.
    if (!sitting || desk?.hall_id !== visit.hall_id) return []
    return [
      {
        ...{
          visitId: visit.id,
          personId: sitting.person_id,
          name: sitting.person_name,
          desk: { id: desk.id, label: desk.label },
        },
        busy: standings.open.some(({ desk_id }) => desk_id === desk.id),
        expected: rangeAtDesk(standings, desk.id, visit.id),
      },
    ]
  })
}

function loadOf(standings: Standings, hall: HallRow): CounterQueue['loads'][number] {
  const here = standings.open.filter(({ hall_id }) => hall_id === hall.id)
  const isDue = (visit: VisitRow) => (visit.due_at?.getTime() ?? 0) <= standings.now
  const waiting = here.filter(visit => visit.state === 'waiting' && isDue(visit))
  const since = waiting.map(visit => Math.max(visit.arrived_at.getTime(), visit.due_at?.getTime() ?? 0))
  const of = (...states: readonly VisitRow['state'][]) => here.filter(({ state }) => states.includes(state)).length
  const ordinary = standings.services.find(each => each.hall_id === hall.id && each.visit_class === 'ordinary')
  return {
    hallId: hall.id,
    waiting: waiting.length,
    expected: of('waiting') - waiting.length,
    serving: of('called', 'serving'),
    parked: of('parked'),
    missed: of('missed'),
    desks: standings.sittings.filter(({ desk_id }) =>
      standings.desks.some(each => each.id === desk_id && each.hall_id === hall.id),
    ).length,
    longestSeconds: since.length === 0 ? null : Math.round((standings.now - Math.min(...since)) / 1000),
    newcomer: ordinary ? expectedFor(standings, hall, ordinary) : null,
  }
}

/** What is at the reader's desk, who would be next and why, who is parked. */
export async function ownDeskView(house: House, actor: Actor): Promise<OwnDesk> {
  const db = house.database.kysely
  const { personId } = actingPerson(actor)
  const unit = await officeSeen(db, actor, undefined)
  const sitting = await sittingOf(db, personId)
  const halls = await hallsOfUnit(db, unit.id)
  const desks = await desksOfHalls(
    db,
    halls.map(({ id }) => id),
  )
  const desk = desks.find(({ id }) => id === sitting?.desk_id)
  const hall = halls.find(({ id }) => id === desk?.hall_id)
  const nowhere = { visit: null, reason: null, next: null, parked: [], elsewhere: null, help: [] }
  if (!desk || !hall) return { unit, hallId: null, desk: null, ...nowhere }
  const open = await openToday(house, db, [hall.id])
  const present = open.find(({ desk_id }) => desk_id === desk.id)
  const choice = present ? undefined : nextOf(open, desk, hall, new Date(house.clock.now()))
  const parked = open.filter(({ state, officer_id }) => state === 'parked' && officer_id === personId)
  const shown = new Map(
    (await visitsShown(house, [...parked, ...(present ? [present] : []), ...(choice ? [choice.visit.row] : [])])).map(each => [
      each.id,
      each,
    ]),
  )
  const next = choice && shown.get(choice.visit.id)
  return {
    ...{ unit, hallId: hall.id, desk: { id: desk.id, label: desk.label } },
    visit: (present && shown.get(present.id)) ?? null,
    reason: present?.call_reason ?? null,
    next: next && choice ? { visit: next, reason: choice.reason } : null,
    parked: parked.flatMap(({ id }) => shown.get(id) ?? []),
    elsewhere: await officerElsewhere(house, present ?? choice?.visit.row, personId, halls),
    help: (await openHelp(db, [hall.id]))
      .map(row => helpView(row, personId))
      .filter(({ isOwn, takenBy }) => isOwn || (takenBy === null && !present)),
  }
}

/** Who served the citizen last time, when that one sits at another desk now. */
async function officerElsewhere(
  house: House,
  visit: VisitRow | undefined,
  personId: string,
  halls: readonly HallRow[],
): Promise<OwnDesk['elsewhere']> {
  if (!visit?.contact_id) return null
  const db = house.database.kysely
  const [found] = await lastOfficersOf(db, await hallStandingsOf(house, db, halls), [visit])
  return found && found.personId !== personId ? found : null
}

/** What is printed for a visit, in a language. */
export async function counterTicketView(house: House, visitId: string, language: ContactLanguage): Promise<CounterTicket> {
  const db = house.database.kysely
  const visit = await readVisit(db, visitId)
  const [hall] = visit ? await hallsByIds(db, [visit.hall_id]) : []
  if (!visit || !hall) throw notFound('visit')
  const standings = await hallStandingsOf(house, db, [hall])
  const service = standings.services.find(({ id }) => id === visit.service_id)
  return {
    ...{ code: visit.code, hall: hall.name, unit: hall.unit_name, at: visit.arrived_at.toISOString() },
    service: service?.words[language] ?? service?.words.it ?? '',
    dueAt: visit.due_at?.toISOString() ?? null,
    ahead: waitingBefore(standings, visit),
    expected: rangeFor(standings, hall, visit.service_id, visit.call_by.getTime(), visit.id),
  }
}
