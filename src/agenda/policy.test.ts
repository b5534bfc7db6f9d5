/** Who may do what in the agenda: every role, and every action in every state. */
import { describe, expect, test } from 'vitest'
import { staff } from '../../test/support/staff.ts'
import { type Actor, system } from '../platform/index.ts'
import { AppointmentAction, AppointmentState } from './model.ts'
import {
  appointmentStandingOf,
  dayScope,
  fitsMoment,
  mayActOnAppointment,
  mayBookAppointments,
  mayLookForTimes,
} from './policy.ts'

const eur = {
  unit_path: 'inps/dr-lazio/dp-roma/ag-roma-eur/',
  booked_by_path: 'inps/dr-lazio/cric-lazio/cric-lazio-pensioni/',
}
const manager = { ...staff.agency, role: 'agency_manager' }
const citizen: Actor = { kind: 'citizen', channel: 'web' }

describe('an appointment at Roma EUR', () => {
  test.each([
    ['its officer', staff.agency, 'office'],
    ['its manager', manager, 'office'],
    ['an officer of Milan', staff.otherAgency, undefined],
    ['the operator', staff.anna, 'booker'],
    ['the switchboard', staff.switchboard, 'booker'],
    ['the member who booked it', staff.paola, 'booker'],
    ['another section of the centre that booked it', staff.contributions, 'booker'],
    ['the centre of another region', staff.milan, undefined],
    ['the regional director', staff.director, 'overseer'],
    ['the director of another region', staff.otherDirector, undefined],
    ['headquarters', staff.headquarters, 'overseer'],
    ['a central directorate', staff.directorate, undefined],
    ['the IT group', staff.itLazio, undefined],
    ['an administrator', staff.administrator, undefined],
    ['a citizen', citizen, undefined],
    ['the program', system('telephony'), 'office'],
  ])('%s', (_who, actor, standing) => {
    expect(appointmentStandingOf(actor, eur)).toBe(standing)
  })

  test('the office does everything, who books cancels and moves, who oversees looks', () => {
    const allowedTo = (standing: 'office' | 'booker' | 'overseer') =>
      AppointmentAction.options.filter(action => mayActOnAppointment(action, standing).allowed)
    expect(allowedTo('office')).toEqual(AppointmentAction.options)
    expect(allowedTo('booker')).toEqual(['cancel', 'move'])
    expect(allowedTo('overseer')).toEqual([])
  })

  test('what fits which state', () => {
    const [start, now] = [1_000, { now: 2_000, timeZone: 'Europe/Rome' }]
    const fitting = (action: AppointmentAction) =>
      AppointmentState.options.filter(state => fitsMoment(action, { state, start }, now).allowed)
    expect(Object.fromEntries(AppointmentAction.options.map(action => [action, fitting(action)]))).toEqual({
      prepare: ['booked', 'checked-in', 'in-progress'],
      'check-in': ['booked'],
      'call-in': ['checked-in'],
      start: ['booked', 'checked-in'],
      conclude: ['booked', 'checked-in', 'in-progress'],
      'no-show': ['booked'],
      leave: ['checked-in'],
      cancel: ['booked', 'checked-in'],
      move: ['booked', 'checked-in', 'in-progress', 'no-show', 'left'],
      'take-back': ['checked-in', 'in-progress', 'no-show', 'left'],
    })
  })

  test('nobody has failed to come before the time has come', () => {
    expect(fitsMoment('no-show', { state: 'booked', start: 3_000 }, { now: 2_000, timeZone: 'Europe/Rome' })).toEqual({
      allowed: false,
      code: 'agenda.policy.notYetTime',
    })
  })

  test('nobody arrives, is received or has been served on a day before; on the day itself they come early', () => {
    const start = Date.parse('2026-10-25T08:00:00Z')
    const on = (action: AppointmentAction, now: string) =>
      fitsMoment(action, { state: 'booked', start }, { now: Date.parse(now), timeZone: 'Europe/Rome' }).allowed
    for (const action of ['check-in', 'start', 'conclude'] as const) {
      expect(on(action, '2026-10-24T21:59:59Z')).toBe(false)
      expect(on(action, '2026-10-24T22:00:00Z')).toBe(true)
      expect(on(action, '2026-10-27T08:00:00Z')).toBe(true)
    }
    expect(on('cancel', '2026-10-08T08:00:00Z')).toBe(true)
  })
})

test('days are looked at by the office and those above it, free times also by who books', () => {
  const look = Object.values(staff).filter(actor => dayScope(actor) !== undefined)
  expect(look.map(actor => actor.name)).toEqual(['Lia Moro', 'Gino Vari', 'Ada Poli', 'Teo Gatti', 'Nora Villa'])
  expect(dayScope(staff.director)).toEqual({ all: false, under: 'inps/dr-lazio/' })
  const book = Object.values(staff).filter(actor => mayBookAppointments(actor).allowed)
  const roles = new Set(book.map(actor => actor.role))
  expect([...roles].sort()).toEqual([
    'agency_officer',
    'cric_coordinator',
    'cric_member',
    'operator',
    'supervisor',
    'switchboard',
  ])
  for (const actor of [staff.directorate, staff.itLazio, staff.administrator]) expect(mayLookForTimes(actor)).toBe(false)
})
