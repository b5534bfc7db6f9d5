import { expect, test } from 'vitest'
import type { AppointmentLine, AppointmentState } from '../../src/agenda/model.ts'
import { nextOf } from './appointments.ts'

const at = (time: string) => `2026-11-24T${time}:00.000Z`
const line = (id: string, start: string, state: AppointmentState, checkedInAt: string | null = null): AppointmentLine => ({
  id,
  start: at(start),
  end: new Date(Date.parse(at(start)) + 1_800_000).toISOString(),
  state,
  unit: { id: 'ag-roma-eur', name: 'Agenzia di Roma EUR' },
  service: { id: 'consulenza-pensioni', name: 'Consulenza pensioni' },
  officer: null,
  mode: 'counter',
  contact: { id, name: id },
  reason: '',
  caseId: id,
  code: '',
  title: '',
  dayCode: null,
  prepared: false,
  confirmedAt: null,
  checkedInAt: checkedInAt && at(checkedInAt),
  calledAt: null,
  startedAt: null,
  endedAt: null,
  ending: null,
  mailTrouble: null,
  version: 1,
})
const now = Date.parse(at('09:40'))

test('next is who is inside, then who has arrived first, then who is expected first', () => {
  const expected = [line('late', '08:00', 'booked'), line('soon', '10:00', 'booked'), line('later', '11:00', 'booked')]
  expect(nextOf(expected, now)?.id).toBe('soon')
  const arrived = [...expected, line('b', '10:30', 'checked-in', '09:35'), line('a', '11:30', 'checked-in', '09:10')]
  expect(nextOf(arrived, now)?.id).toBe('a')
  expect(nextOf([...arrived, line('inside', '09:00', 'in-progress')], now)?.id).toBe('inside')
  expect(nextOf([line('over', '08:00', 'concluded')], now)).toBeUndefined()
})
