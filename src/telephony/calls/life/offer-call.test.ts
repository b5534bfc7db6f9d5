/** A call that the program makes about an earlier time: one number is dialled once, whoever picks up is led by its flow, and what came of it is known at the end. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { timeOfferFlow } from '../time-offers/flow.ts'
import { beginOfferCall, happen, type Input, type LifeState, nextDue, type Transition } from './life.ts'
import type { TimeOfferTerms } from './state.ts'

const callId = '019a8f3e-7c1e-7b2a-9f6d-000000000001'
const leg = `${callId}-1`
const [appointmentId, offerId] = ['019a8f3e-7c1e-7b2a-9f6d-000000000301', '019a8f3e-7c1e-7b2a-9f6d-000000000302']
const context = {
  ...{ office: { id: 'ag', name: 'Agenzia di Roma EUR' }, province: 'RM', region: '12' },
  ...{ callerKnown: true, hour: 0, holiday: false, open: [] },
}
const flow = timeOfferFlow('it')
const booked = { day: 1, date: 'lunedì 30 novembre', hour: 9, minute: 0 } as const
const offers: TimeOfferTerms = {
  known: [
    {
      ...{ appointmentId, code: '1000000042', service: 'Consulenza pensioni', office: 'Agenzia di Roma EUR', booked },
      offer: { id: offerId, start: { ...booked, day: 'tomorrow' } },
    },
  ],
  byCode: null,
}

/** `said` and `due` are what comes next by itself: a sentence that is over, the end of a wait. */
function story(...inputs: (Input | 'said')[]) {
  let now = 1_000
  let last: Transition = beginOfferCall(
    { callId, context, appointmentId, offerId, number: '+393331230001', callerId: '+390600000001', language: 'it' },
    now,
  )
  const all = [...last.effects]
  const told: string[] = []
  const states: LifeState[] = [last.state]
  for (const each of inputs) {
    const { hearing } = last.state
    const input: Input = each !== 'said' ? each : { type: 'said', playback: hearing.is === 'saying' ? hearing.playback : '' }
    now = input.type === 'due' ? (nextDue(last.state) ?? now) : now + 1_000
    last = happen(last.state, input, now, flow, null, null, offers)
    all.push(...last.effects)
    told.push(...last.notes.map(({ event }) => event.type))
    states.push(last.state)
  }
  const said = all.flatMap(effect => (effect.do === 'say' ? [JSON.stringify(effect.words)] : []))
  return { state: last.state, all, told, said, states }
}
const answered: Input = { type: 'answered', leg }
const ended = (cause: string): Input => ({ type: 'ended', leg, cause })
const keys = (digits: string): Input[] => [...digits].map(key => ({ type: 'key', key }))
const present = (isAnswered: boolean): Input => ({
  type: 'restored',
  present: [{ leg, callId, role: 'office', answered: isAnswered, joinedWith: [], from: null, to: null }],
})
const gone: Input = { type: 'restored', present: [] }

test('the citizen is dialled with the number of the office, and hears who calls before anything else', () => {
  expect(story().all).toEqual([{ do: 'dial', leg, number: '+393331230001', timeoutMs: 30_000, from: '+390600000001' }])
  const { said, state } = story(answered)
  expect(said).toEqual([expect.stringContaining('Agenzia di Roma EUR per un appuntamento')])
  expect(state.phase).toBe('menu')
})

test.each<[string, (Input | 'said')[], string]>([
  ['nobody answers', [ended('no-answer')], 'no-answer'],
  ['it rings without end', [{ type: 'due' }], 'no-answer'],
  ['it is busy', [ended('busy')], 'busy'],
  ['it is refused', [ended('declined')], 'busy'],
  ['it cannot be reached', [ended('unreachable')], 'failed'],
  ['it cannot be rung', [{ type: 'not-rung', leg, reason: 'no trunk' }], 'failed'],
  ['it is gone when the program comes back', [gone], 'failed'],
  ['it is gone when the program comes back in the middle of the talk', [answered, 'said', gone], 'failed'],
  ['whoever answered hangs up', [answered, ended('normal')], 'hung-up'],
  ['the citizen hangs up once it was told', [answered, 'said', ...keys('0042'), ended('normal')], 'hung-up'],
  ['the time is taken', [answered, 'said', ...keys('0042'), 'said', 'said', ...keys('1'), 'said', 'said'], 'accepted'],
  ['the booked one is kept', [answered, 'said', ...keys('0042'), 'said', 'said', ...keys('2'), 'said', 'said'], 'kept'],
  ['nothing more is wanted', [answered, 'said', ...keys('0042'), 'said', 'said', ...keys('9'), 'said', 'said'], 'no-more'],
  ['the code is not known', [answered, 'said', ...keys('#'), 'said', 'said'], 'no-code'],
])('%s', (_, inputs, outcome) => {
  const { state, told, all } = story(...inputs)
  expect([state.phase, state.offerCall?.outcome]).toEqual(['ended', outcome])
  expect(told).toEqual([])
  expect(all.filter(effect => effect.do === 'dial')).toHaveLength(1)
})

test('a program that comes back while it rings goes on with it', () => {
  expect(story(present(false)).state).toEqual(story().state)
  expect(story(present(true)).state.phase).toBe('menu')
})

test('whatever happens, in whatever order: one call, nothing of the citizen before the figures, and an outcome at its end and not before', () => {
  const input = fc.oneof(
    fc.constant<'said'>('said'),
    fc.constantFrom<Input>(answered, ended('normal'), ended('busy'), { type: 'due' }, present(true), present(false), gone),
    fc.constantFrom('0', '4', '2', '1', '9', '#').map((key): Input => ({ type: 'key', key })),
  )
  fc.assert(
    fc.property(fc.array(input, { maxLength: 40 }), inputs => {
      const { all, told, states } = story(...inputs)
      expect(all.filter(effect => effect.do === 'dial')).toHaveLength(1)
      expect(told).toEqual([])
      for (const state of states) {
        expect(state.offerCall?.outcome != null).toBe(state.phase === 'ended')
        if (state.phase !== 'ended') expect(nextDue(state)).not.toBeNull()
      }
      const figures = inputs.map(each => (each !== 'said' && each.type === 'key' ? each.key : '')).join('')
      if (!figures.includes('0042')) expect(JSON.stringify(all)).not.toContain('Consulenza pensioni')
    }),
  )
})
