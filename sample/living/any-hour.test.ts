/** The living sample can be started at any hour of any day: what the tour meets is there. */
import { expect, test } from 'vitest'
import { buildPeople, buildSkills, planner } from '../accounts.ts'
import { buildAgenda } from '../agenda.ts'
import { buildOrganisation, sampleId } from '../organisation.ts'
import { readTerritory } from '../territory.ts'
import { typologies } from '../typologies.ts'
import { daysOf, knownCitizens } from './days.ts'
import { Stage } from './stage.ts'
import type { RowOf } from './story.ts'

const timeZone = 'Europe/Rome'
const { units, hours, numbers, changes } = buildOrganisation(readTerritory(), planner)
const people = buildPeople(units)
const agenda = buildAgenda(units, people, hours)
const unitOf = new Map(units.map(unit => [unit.id, unit]))
const skills = buildSkills(people).flatMap(({ personId, skills: own }) =>
  own.map(({ sectionId, level }) => ({ person_id: personId, section_id: sectionId, level })),
)
/** The numbers that have been channelled for long. */
const channelled = numbers
  .filter(({ number }) =>
    changes.some(change => change.number === number && change.mode === 'channelled' && +change.from_at < Date.UTC(2026, 6)),
  )
  .map(({ number, unitId, unitPath }) => {
    const unit = unitOf.get(unitId)
    const officeKind = unit?.agencyKind ?? unit?.kind ?? ''
    return {
      ...{ number, mode: 'channelled' as const, unitId, unitName: unit?.name ?? '', unitPath, officeKind },
      regionCode: unit?.regionCode ?? null,
    }
  })

/** The last weeks as they are told to whoever starts at an instant. */
function toldAt(now: number) {
  const stage = new Stage({ units, people, agenda, typologies, timeZone })
  const rows = {
    ticket: [] as RowOf<'ticket'>[],
    appointment: [] as RowOf<'appointment'>[],
    case: [] as RowOf<'case'>[],
  }
  const outbox = { from: 'info@example.org', secret: Buffer.alloc(32) }
  for (const batch of daysOf({ seed: 20_250_203, now, stage, outbox, skills, days: 18, channelled: () => channelled }))
    for (const table of ['ticket', 'appointment', 'case'] as const) rows[table].push(...((batch.rows[table] ?? []) as never[]))
  return { ...rows, nextDay: stage.nextWorkingDay(now) }
}

test.each([
  ['a Saturday evening', '2026-11-28T21:40:00Z'],
  ['a Wednesday at noon', '2026-11-25T11:00:00Z'],
  ['the evening of Easter Monday', '2027-03-29T19:00:00Z'],
])(
  'on %s there are questions in every state, three citizens with something open, and somebody expected at the agency',
  (_, at) => {
    const { ticket, appointment, case: cases, nextDay } = toldAt(Date.parse(at))
    const states = new Set(ticket.map(({ state }) => state))
    expect([...states].sort()).toEqual(['answered', 'claimed', 'closed', 'forwarded', 'pool', 'returned'])

    const ofKnown = ({ n }: { n: number }) => cases.filter(each => each.contact_id === sampleId('8100', n))
    expect(knownCitizens.map(ofKnown).map(own => own.some(({ status }) => status === 'open'))).toEqual([true, true, true])
    const [claimed] = knownCitizens.filter(({ script }) => script === 'claimed').map(ofKnown)
    const ticketOfClaimed = ticket.find(({ case_id }) => claimed?.some(({ id }) => id === case_id))
    expect(ticketOfClaimed).toMatchObject({ state: 'claimed', claimed_by_name: 'Paola Neri' })

    const eur = appointment.filter(
      ({ unit_id, starts_at, state }) =>
        unit_id === 'ag-roma-eur' &&
        state === 'booked' &&
        new Date(String(starts_at)).toLocaleDateString('en-CA', { timeZone }) === nextDay,
    )
    expect(eur.length).toBeGreaterThan(1)
  },
)
