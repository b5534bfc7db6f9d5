/** Questions to the API about the agenda of an office, and the steps of an appointment. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Appointment, AppointmentLine, AppointmentState } from '../../src/agenda/model.ts'
import { api } from '../shared/api.ts'
import { pagedOptions } from '../shared/query.ts'
import type { StepOf } from '../shared/routes.ts'
import { useStepOf } from '../shared/step.ts'
import type { Tone } from '../shared/ui/index.ts'

export const stateTone: Readonly<Record<AppointmentState, Tone>> = {
  booked: 'plain',
  'checked-in': 'wait',
  'in-progress': 'info',
  concluded: 'ok',
  'no-show': 'late',
  left: 'late',
  cancelled: 'plain',
}

/** How an appointment looks on the axis of a day. */
export const axisLook: Readonly<Record<AppointmentState, string>> = {
  booked: '',
  'checked-in': 'waiting',
  'in-progress': 'inside',
  concluded: 'done',
  'no-show': 'missed',
  left: 'missed',
  cancelled: 'off',
}

/** A day of an office has some dozens of appointments; so many pages of 50 are read. */
const maxPages = 6

export function useDay(date: string, officer: string | undefined) {
  const agenda = useInfiniteQuery({
    queryKey: ['agenda-day', date, officer ?? null],
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/agenda/day', { query: { date, officer, cursor: pageParam, limit: 50 }, signal }),
    ...pagedOptions,
    meta: { live: ['appointment.', 'mail.', 'case.reference-set'] },
  })
  const { hasNextPage, isFetching, fetchNextPage } = agenda
  const pages = agenda.data?.pages.length ?? 0
  useEffect(() => {
    if (hasNextPage && !isFetching && pages < maxPages) void fetchNextPage()
  }, [hasNextPage, isFetching, pages, fetchNextPage])
  return agenda
}

export const useAppointment = (appointmentId: string) =>
  useQuery({
    queryKey: ['appointment', appointmentId],
    queryFn: ({ signal }) => api.get('/api/appointments/:appointmentId', { path: { appointmentId }, signal }),
    meta: { live: ['appointment.', 'mail.'] },
  })

/** Where each step of an appointment is asked for. */
const steps = {
  'check-in': '/api/appointments/:appointmentId/check-in',
  'call-in': '/api/appointments/:appointmentId/call-in',
  start: '/api/appointments/:appointmentId/start',
  conclude: '/api/appointments/:appointmentId/conclude',
  'no-show': '/api/appointments/:appointmentId/no-show',
  leave: '/api/appointments/:appointmentId/leave',
  cancel: '/api/appointments/:appointmentId/cancel',
  move: '/api/appointments/:appointmentId/move',
  'take-back': '/api/appointments/:appointmentId/take-back',
  'group/start': '/api/appointments/:appointmentId/group/start',
  'group/no-show': '/api/appointments/:appointmentId/group/no-show',
  'group/conclude': '/api/appointments/:appointmentId/group/conclude',
  wait: '/api/appointments/:appointmentId/waiting/join',
  'stop-waiting': '/api/appointments/:appointmentId/waiting/leave',
  accept: '/api/appointments/:appointmentId/offer/accept',
  decline: '/api/appointments/:appointmentId/offer/decline',
} as const

export type StepName = keyof typeof steps
/** A step of an appointment, and what goes with it. */
export type Step = StepOf<typeof steps>

/** A step of an appointment. */
export const useStep = (appointmentId: string) =>
  useStepOf<Appointment, Step>(
    ({ name, body }, key) => api.post(steps[name], { path: { appointmentId }, body, key }),
    ['appointment', appointmentId],
    [['agenda-day']],
  )

/** Who is dealt with next: whoever has arrived first, then whoever is expected first. Pure. */
export function nextOf(lines: readonly AppointmentLine[], now: number): AppointmentLine | undefined {
  const arrived = lines
    .filter(line => line.state === 'checked-in')
    .toSorted((a, b) => Date.parse(a.checkedInAt ?? a.start) - Date.parse(b.checkedInAt ?? b.start))
  const expected = lines
    .filter(line => line.state === 'booked' && Date.parse(line.end) > now)
    .toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start))
  return lines.find(line => line.state === 'in-progress') ?? arrived[0] ?? expected[0]
}

/** Over, one way or another. */
export const isOver = (state: AppointmentState): boolean => ['concluded', 'no-show', 'left', 'cancelled'].includes(state)
