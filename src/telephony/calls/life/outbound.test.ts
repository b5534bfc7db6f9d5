/** A call that an officer makes to a citizen: nobody is called before the officer is there, and whatever is lost on the way, both lines end. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { beginOutbound, happen, type Input, type LifeState, legsOfOutbound, nextDue, type Transition } from './life.ts'

const callId = '019a8f3e-7c1e-7b2a-9f6d-000000000001'
const [citizen, officer] = [`${callId}-1`, `${callId}-2`]
const context = { office: null, province: null, region: null, callerKnown: true, hour: 0, holiday: false, open: [] }
const order = { callId, context, appointmentId: callId, officer: callId, officerNumber: '+390659590001', number: '+393331234567' }

function story(...inputs: Input[]): Transition & { all: Transition['effects']; told: string[] } {
  let now = 1_000
  let last = beginOutbound({ ...order, callerId: '+390600000001' }, now)
  const all = [...last.effects]
  const told: string[] = []
  for (const input of inputs) {
    now = input.type === 'due' ? (nextDue(last.state) ?? now) : now + 1_000
    last = happen(last.state, input, now, null)
    all.push(...last.effects)
    told.push(...last.notes.map(({ event }) => event.type))
  }
  return { ...last, all, told }
}
const answered = (leg: string): Input => ({ type: 'answered', leg })
const ended = (leg: string, cause = 'normal'): Input => ({ type: 'ended', leg, cause })
const present = (...legs: string[]): Input => ({
  type: 'restored',
  present: legs.map(leg => ({ leg, callId, role: 'office', answered: true, joinedWith: [], from: null, to: null })),
})
const dialled = ({ all }: { all: Transition['effects'] }) => all.flatMap(effect => (effect.do === 'dial' ? [effect.leg] : []))
const hungUp = ({ all }: { all: Transition['effects'] }) => all.flatMap(effect => (effect.do === 'hang-up' ? [effect.leg] : []))
const outcome = ({ state }: { state: LifeState }) => state.outbound?.outcome

test('the officer first, then the citizen, both shown the number of the office; then they are joined', () => {
  const talk = story(answered(officer), answered(citizen))
  expect(talk.all).toEqual([
    { do: 'dial', leg: officer, number: order.officerNumber, timeoutMs: 25_000, from: '+390600000001' },
    { do: 'ring', leg: officer },
    { do: 'dial', leg: citizen, number: order.number, timeoutMs: 30_000, from: '+390600000001' },
    { do: 'join', legs: [citizen, officer] },
  ])
  expect(talk.told).toEqual(['appointment.call-dialled', 'appointment.call-connected'])
  const over = story(answered(officer), answered(citizen), ended(citizen))
  expect([outcome(over), hungUp(over), over.state.phase]).toEqual(['talked', [officer], 'ended'])
})

test.each([
  ['an officer who does not pick up', [{ type: 'due' } as Input], 'officer-away', [officer]],
  ['an officer who refuses', [ended(officer, 'busy')], 'officer-away', []],
  ['an officer who hangs up while it rings', [answered(officer), ended(officer)], 'officer-away', [citizen]],
  ['a citizen who does not answer', [answered(officer), { type: 'due' } as Input], 'no-answer', [officer, citizen]],
  ['a citizen who is busy', [answered(officer), ended(citizen, 'busy')], 'busy', [officer]],
  [
    'a number that cannot be rung',
    [answered(officer), { type: 'not-rung', leg: citizen, reason: 'x' } as Input],
    'failed',
    [officer],
  ],
  ['a line that is gone after a restart', [answered(officer), present(officer)], 'failed', [officer]],
  ['an officer who is gone after a restart', [answered(officer), present(citizen)], 'officer-away', [citizen]],
])('%s', (_, inputs, how, hung) => {
  const after = story(...inputs)
  expect([outcome(after), hungUp(after), after.state.phase]).toEqual([how, hung, 'ended'])
  expect(dialled(after)).toEqual(inputs.some(({ type }) => type === 'answered') ? [officer, citizen] : [officer])
})

test('after a restart a citizen who has answered meanwhile is joined', () => {
  expect(story(answered(officer), present(officer, citizen)).told).toEqual([
    'appointment.call-dialled',
    'appointment.call-connected',
  ])
})

test('whatever comes, in whatever order: it ends once, leaves no line, and waits for nothing without an end', () => {
  const leg = fc.constantFrom(citizen, officer, 'stranger')
  const input = fc.oneof(
    leg.map(answered),
    fc.tuple(leg, fc.constantFrom('normal', 'busy', 'no-answer', 'lost')).map(([of, cause]) => ended(of, cause)),
    fc.constant<Input>({ type: 'due' }),
    fc.subarray([citizen, officer]).map(legs => present(...legs)),
    fc.constant<Input>({ type: 'key', key: '1' }),
  )
  fc.assert(
    fc.property(fc.array(input, { maxLength: 12 }), inputs => {
      const after = story(...inputs)
      expect(after.told.filter(type => type === 'appointment.call-ended').length).toBe(after.state.phase === 'ended' ? 1 : 0)
      if (after.state.phase !== 'ended') {
        expect(legsOfOutbound(after.state).length).toBeGreaterThan(0)
        expect(after.state.outbound?.stage === 'talking' || nextDue(after.state) !== null).toBe(true)
      } else expect(nextDue(after.state)).toBeNull()
    }),
  )
})
