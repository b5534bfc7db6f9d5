/** The talk about an earlier time: nothing is told before the right figures, nothing is answered by accident or twice, and it always ends. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Flow, type FlowInput } from '../../../ivr/index.ts'
import { begin, happen, type Input, type LifeState, newTimeOffer, nextDue, type Transition } from './life.ts'
import type { OfferedAppointment, SpokenDate, TimeOfferTerms, Words } from './state.ts'
import { codeKeyed, withoutOffer } from './time-offer.ts'

const callId = '019a8f3e-7c1e-7b2a-9f6d-000000000001'
const offerId = '019a8f3e-7c1e-7b2a-9f6d-000000000002'
const appointmentId = '019a8f3e-7c1e-7b2a-9f6d-000000000003'
const thursday: SpokenDate = { day: 'tomorrow', date: 'giovedì 26 novembre', hour: 9, minute: 30 }
const monday: SpokenDate = { day: 1, date: 'lunedì 30 novembre', hour: 10, minute: 0 }
const waits: OfferedAppointment = {
  ...{ appointmentId, code: '4827193056', service: 'Consulenza pensioni', office: 'Roma EUR' },
  ...{ booked: monday, offer: { id: offerId, start: thursday } },
}
const byNumber: TimeOfferTerms = { known: [waits], byCode: null }
const unknown: TimeOfferTerms = { known: [], byCode: null }

const flow = Flow.parse({
  ...{ id: 'f', name: 'F', languages: ['it'], start: 'hello' },
  nodes: {
    hello: { type: 'say', text: { it: 'Buongiorno.' }, next: 'earlier' },
    earlier: { type: 'earlier-time', next: 'bye' },
    bye: { type: 'hang-up', text: { it: 'Arrivederci.' } },
  },
} satisfies FlowInput)

const arrive = (isCalled = false): Transition => {
  const first = begin(
    {
      ...{ notices: [], callId, leg: 'caller', switch: 'browser', from: '+393330000001', to: '+390600000001' },
      context: { office: null, province: null, region: null, callerKnown: true, hour: 10, holiday: false, open: [] },
      ...{ arrival: { mode: 'channelled' }, officeLine: null, flow: { id: 'f', version: 1, flow } },
    },
    0,
  )
  return isCalled ? { ...first, state: { ...first.state, timeOffer: newTimeOffer({ appointmentId, offerId }) } } : first
}

type Move = 'said' | 'silence' | Input | { terms: TimeOfferTerms }
const keys = (pressed: string): Input[] => [...pressed].map(key => ({ type: 'key', key }))

/** Plays the talk; what is being said is said, and what is waited for does not come. Returns all that was said, in parts. */
function talk(terms: TimeOfferTerms, moves: readonly Move[], first = arrive()) {
  let now = 0
  let last = first
  let holds = terms
  const said: string[] = []
  const outcomes: string[] = []
  const note = ({ effects, state }: Transition) => {
    for (const effect of effects) if (effect.do === 'say') said.push(...partsOf(effect.words))
    const { outcome } = state.timeOffer ?? {}
    if (outcome != null && outcomes.at(-1) !== outcome) outcomes.push(outcome)
  }
  note(first)
  for (const move of moves) {
    if (typeof move === 'object' && 'terms' in move) {
      holds = move.terms
      continue
    }
    const input = move === 'said' ? saying(last.state) : move === 'silence' ? ({ type: 'due' } as const) : move
    if (input === undefined) continue
    now = move === 'silence' ? (nextDue(last.state) ?? now) : now + 1_000
    last = happen(last.state, input, now, flow, null, null, holds)
    note(last)
  }
  return { state: last.state, last, said, outcomes, outcome: last.state.timeOffer?.outcome, now }
}

const partsOf = (words: Words): string[] =>
  'flow' in words
    ? words.flow.map(({ text }) => text)
    : words.parts.map(part =>
        'sentence' in part ? part.sentence : 'text' in part ? part.text : 'number' in part ? String(part.number) : part.digits,
      )

function saying({ hearing }: LifeState): Input | undefined {
  return hearing.is === 'saying' ? { type: 'said', playback: hearing.playback } : undefined
}

/** Until the offer was heard to the end of its keys. */
const heard: Move[] = ['said', 'said', ...keys('3056'), 'said', 'said']

test('the last four figures of the code, then what is offered and what is booked, then the keys', () => {
  const told = talk(byNumber, heard)
  expect(told.said).toEqual([
    ...['Buongiorno.', 'offerFigures'],
    ...['offerFor', 'Consulenza pensioni', 'offerIn', 'Roma EUR'],
    ...['offerNew', 'offerTomorrow', 'giovedì 26 novembre', 'offerHour', '9', 'offerAnd', '30'],
    ...['offerOld', 'lunedì 30 novembre', 'offerHour', '10', 'offerSharp'],
    'offerKeys',
  ])
  expect(told.state).toMatchObject({ hearing: { is: 'listening' }, timeOffer: { asks: 'answer', keyed: '', outcome: null } })
})

test.each([
  ['1', 'accepted', ['offerAccepted', 'offerTomorrow', 'giovedì 26 novembre', 'offerHour', '9', 'offerAnd', '30', 'offerIn']],
  ['2', 'kept', ['offerKept', 'offerStands', 'lunedì 30 novembre']],
  ['9', 'no-more', ['offerNoMore', 'offerStands', 'lunedì 30 novembre']],
] as const)('key %s: %s, and the flow goes on behind the last words', (pressed, outcome, words) => {
  const before = talk(byNumber, heard)
  const after = talk(byNumber, keys(pressed), before.last)
  expect(after.outcome).toBe(outcome)
  expect(after.said.slice(0, words.length)).toEqual(words)
  const { state, said } = talk(byNumber, ['said', 'said'], after.last)
  expect([state.phase, said.at(-1)]).toEqual(['ended', 'Arrivederci.'])
  // The offer named in the answer is the one that was told.
  expect(after.state.timeOffer).toMatchObject({ appointmentId, offerId })
})

test('a key before the offer was heard to its end, a hash, a star: none of them answers', () => {
  const pressed = talk(byNumber, ['said', 'said', ...keys('3056#1129*')])
  expect(pressed.state.timeOffer).toMatchObject({ asks: 'answer', outcome: null, silences: 0 })
  expect(pressed.said.filter(part => part === 'offerFor')).toHaveLength(1)
  // While the keys are being told they count.
  expect(talk(byNumber, ['said', 'said', ...keys('3056'), 'said', ...keys('2')]).outcome).toBe('kept')
})

test('key 3 tells it again, any other is asked again, and neither without end', () => {
  const again = talk(byNumber, [...heard, ...keys('3')])
  expect(again.said.slice(-1)).toEqual(['offerSharp'])
  expect(again.said.filter(part => part === 'offerNew')).toHaveLength(2)
  const other = talk(byNumber, [...heard, ...keys('7'), 'said'])
  expect(other.said).toContain('offerOtherKey')
  const often = Array.from({ length: 20 }, (): Move[] => [...keys('3'), 'said', 'said']).flat()
  expect(talk(byNumber, [...heard, ...often]).outcome).toBe('silent')
})

test('silence is asked again twice, before and after the code; then nothing has changed', () => {
  const mute = talk(byNumber, ['said', 'said', 'silence', 'said', 'silence', 'said', 'silence'])
  expect(mute.said.filter(part => part === 'offerFigures')).toHaveLength(3)
  expect([mute.outcome, mute.said.at(-1)]).toEqual(['not-known', 'offerNotKnown'])
  const known = talk(byNumber, [...heard, 'silence', 'said', 'said', 'silence', 'said', 'said', 'silence'])
  expect(known.said.filter(part => part === 'offerNew')).toHaveLength(3)
  expect([known.outcome, known.said.at(-1)]).toEqual(['silent', 'offerUnanswered'])
})

test('wrong figures tell nothing, and the third time it ends; so does a second talk in the same call', () => {
  const wrong: Move[] = [...keys('1234'), 'silence', 'said']
  const twice = talk(byNumber, ['said', 'said', ...wrong, ...wrong, ...keys('3056')])
  expect(twice.state.timeOffer).toMatchObject({ asks: 'answer', failures: 2 })
  const thrice = talk(byNumber, ['said', 'said', ...wrong, ...wrong, ...keys('1234#')])
  expect(thrice.outcome).toBe('not-known')
  expect(new Set(thrice.said)).toEqual(new Set(['Buongiorno.', 'offerFigures', 'offerWrong', 'offerNotKnown']))
  const back = { ...arrive().state, timeOffer: thrice.state.timeOffer } as LifeState
  const later = talk(byNumber, ['said', ...keys('3056')], { state: back, effects: [], notes: [] })
  expect([later.outcome, later.said]).toEqual(['not-known', ['offerNotKnown']])
})

test('the whole code is understood where four figures are asked, one is keyed anew after a star, and the hash ends it', () => {
  expect(talk(byNumber, ['said', 'said', ...keys('4827193056')]).state.timeOffer?.asks).toBe('answer')
  expect(talk(byNumber, ['said', 'said', ...keys('99*3056')]).state.timeOffer?.asks).toBe('answer')
  expect(talk(byNumber, ['said', 'said', ...keys('4827193057')]).state.timeOffer?.failures).toBe(1)
})

test('who is not known by the number keys the whole code, presses the hash for none, and hears it when nothing is offered', () => {
  const asked = talk(unknown, ['said', 'said'])
  expect(asked.said.at(-1)).toBe('offerCode')
  // Four figures of somebody open nothing.
  const four = talk(unknown, [...keys('3056'), 'silence'], asked.last)
  expect(four.state.timeOffer).toMatchObject({ asks: 'code', failures: 1 })
  const nine = talk(unknown, keys('482719305'), asked.last)
  expect([codeKeyed(nine.state, '6'), codeKeyed(nine.state, '#')]).toEqual(['4827193056', null])
  expect(talk({ known: [], byCode: waits }, keys('6'), nine.last).state.timeOffer).toMatchObject({ asks: 'answer', offerId })
  const nothing = talk({ known: [], byCode: { ...waits, offer: null } }, keys('6'), nine.last)
  expect([nothing.outcome, nothing.said.slice(0, 3)]).toEqual(['none', ['offerNone', 'offerStands', 'lunedì 30 novembre']])
  expect(talk(unknown, keys('#'), asked.last).outcome).toBe('not-known')
})

test('who is called is asked for the four figures also when the offer is over by then, and no other code opens anything', () => {
  const over = talk({ known: [{ ...waits, offer: null }], byCode: null }, ['said', 'said', ...keys('3056')], arrive(true))
  expect([over.outcome, over.said.at(1)]).toEqual(['over', 'offerFigures'])
  expect(over.said).toContain('offerOver')
  const other = { ...waits, appointmentId: callId, code: '1111111111' }
  const stranger = talk({ known: [waits], byCode: other }, ['said', 'said', ...keys('1111111111')], arrive(true))
  expect(stranger.state.timeOffer).toMatchObject({ asks: 'figures', failures: 1, appointmentId })
  expect(talk(unknown, ['said', 'said'], arrive(true)).outcome).toBe('over')
})

test('an answer that is refused is made again: the offer is over, and what is booked stands', () => {
  const before = talk(byNumber, heard)
  for (const pressed of ['1', '2', '3', '7']) {
    const after = talk(withoutOffer(byNumber), keys(pressed), before.last)
    expect([after.outcome, after.said.slice(0, 3)]).toEqual(['over', ['offerOver', 'offerStands', 'lunedì 30 novembre']])
  }
  const another = { ...waits, offer: { id: callId, start: monday } }
  expect(talk({ known: [another], byCode: null }, keys('1'), before.last).outcome).toBe('over')
  expect(talk(withoutOffer(byNumber), keys('9'), before.last).outcome).toBe('no-more')
})

test('a program that comes back asks again what was being asked', () => {
  const before = talk(byNumber, heard)
  const leg = {
    leg: 'caller',
    callId,
    role: 'caller' as const,
    answered: true,
    joinedWith: [],
    from: null,
    to: '+390600000001',
  }
  const back = talk(byNumber, [{ type: 'restored', present: [leg] }], before.last)
  expect(back.said.filter(part => part === 'offerNew')).toHaveLength(1)
  expect(back.state.timeOffer).toMatchObject({ asks: 'answer', silences: 1 })
})

test('whatever is keyed or not: nothing personal before the right figures, one answer at most, and only to what was told; and it ends', () => {
  const personal = [waits.service, waits.office, thursday.date, monday.date, 'offerFor', 'offerStands', 'offerAccepted']
  const anyKey = fc.constantFrom(...'0123456789*#').map((key): Input => ({ type: 'key', key }))
  const anyTerms = fc.constantFrom<TimeOfferTerms>(byNumber, unknown, withoutOffer(byNumber), { known: [], byCode: waits })
  const move = fc.oneof(
    { weight: 6, arbitrary: anyKey.map((key): Move[] => [key]) },
    { weight: 3, arbitrary: fc.constant<Move[]>(['said']) },
    { weight: 2, arbitrary: fc.constant<Move[]>(['silence']) },
    { weight: 2, arbitrary: fc.constantFrom('3056', '4827193056').map((code): Move[] => keys(code)) },
    { weight: 1, arbitrary: anyTerms.map((terms): Move[] => [{ terms }]) },
  )
  let answered = 0
  fc.assert(
    fc.property(fc.array(move, { maxLength: 40 }), fc.boolean(), (moves, isCalled) => {
      const pressed = moves.flat()
      const after = talk(isCalled ? byNumber : unknown, [{ terms: byNumber }, ...pressed], arrive(isCalled))
      const dialled = pressed.map(each => (typeof each === 'object' && 'key' in each ? each.key : '')).join('')
      if (!dialled.replaceAll('*', '').includes('3056')) for (const part of personal) expect(after.said).not.toContain(part)
      expect(after.outcomes.length).toBeLessThanOrEqual(1)
      if (after.outcome === 'accepted' || after.outcome === 'kept') {
        answered++
        expect(after.said).toContain('offerNew')
        expect(after.said.indexOf('offerKeys')).toBeLessThan(
          after.said.indexOf(after.outcome === 'kept' ? 'offerKept' : 'offerAccepted'),
        )
      }
      expect(JSON.parse(JSON.stringify(after.state))).toEqual(after.state)
      // Who does nothing more comes to the end of the call.
      let { last } = after
      for (let left = 60; last.state.phase !== 'ended'; left--) {
        expect(left).toBeGreaterThan(0)
        const next = saying(last.state) ?? ({ type: 'due' } as const)
        last = happen(last.state, next, nextDue(last.state) ?? after.now, flow, null, null, byNumber)
      }
    }),
    { numRuns: 1_000 },
  )
  expect(answered).toBeGreaterThan(0)
})
