/** HTTP of letters about appointments. */
import { z } from 'zod'
import { languageOf, route, Uuid } from '../../platform/index.ts'
import { AgencyId } from '../model.ts'
import { ChosenLetters, Letters, LettersQuery, LettersToPrint, MarkedLetters } from './model.ts'
import { printAppointment, printLetters } from './print.ts'
import { lettersView, sendLetters, takeLettersBack } from './service.ts'

const common = { tag: 'agenda', access: 'signed-in' } as const
const UnitParam = z.object({ unitId: AgencyId })
const pdf = 'application/pdf'

const mark = <const N extends 'sent' | 'unsent'>(name: N, operation: string, summary: string, work: typeof sendLetters) =>
  route({
    ...common,
    method: 'POST',
    url: `/api/units/:unitId/letters/${name}`,
    operation,
    summary,
    description: 'Letters that were overtaken, or marked by a colleague meanwhile, are named in `left` and stay as they are.',
    params: UnitParam,
    body: ChosenLetters,
    answer: MarkedLetters,
    idempotent: true,
    handle: ({ house, actor, params, body, idempotency }) => work(house, actor, { ...params, ...body }, idempotency),
  })

export const letterRoutes = [
  route({
    ...common,
    method: 'GET',
    url: '/api/units/:unitId/letters',
    operation: 'listAppointmentLetters',
    summary: 'Letters about the appointments of an office: to be printed, or sent',
    description: 'A letter about an appointment that has begun is of no use any more, and not in the list.',
    params: UnitParam,
    query: LettersQuery,
    answer: Letters,
    handle: ({ house, actor, params, query }) => lettersView(house, actor, { ...params, ...query }),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/units/:unitId/letters/print',
    operation: 'printAppointmentLetters',
    summary: 'Some letters as one tagged PDF',
    description: 'Each letter begins on a sheet of its own, also where both sides are printed.',
    params: UnitParam,
    query: LettersToPrint,
    gives: pdf,
    perMinute: 60,
    handle: ({ house, actor, params, query, reply, request }) =>
      printLetters(house, actor, {
        ...{ ...params, letterIds: query.ids.split(','), reply },
        language: languageOf(request),
      }),
  }),
  mark('sent', 'sendAppointmentLetters', 'Letters were given to the post or handed over', sendLetters),
  mark('unsent', 'takeAppointmentLettersBack', 'Letters were not sent after all, and are to be printed again', takeLettersBack),
  route({
    ...common,
    method: 'GET',
    url: '/api/appointments/:appointmentId/letter',
    operation: 'printAppointmentLetter',
    summary: 'The letter that confirms an appointment, as tagged PDF',
    description: 'Of a cancelled one: that it was cancelled. Nothing is kept of it.',
    params: z.object({ appointmentId: Uuid }),
    gives: pdf,
    perMinute: 60,
    handle: ({ house, actor, params, reply, request }) =>
      printAppointment(house, actor, {
        ...{ ...params, reply },
        language: languageOf(request),
      }),
  }),
] as const
