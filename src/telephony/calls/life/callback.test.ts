import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import sample from '../../../../sample/flow.json' with { type: 'json' }
import { Flow } from '../../../ivr/index.ts'
import type { PresentLeg } from '../../switches/port.ts'
import { begin, type Effect, happen, type Input, type LifeState, nextDue, type Transition } from './life.ts'
import type { CallbackTerms } from './state.ts'

const flow = Flow.parse(sample)
const anna = '00000000-0000-7000-8000-000000000010'
const callId = '019a8f3e-7c1e-7b2a-9f6d-3c2b1a0f9e8d'
const mobile = '+393331234567'
const hour = 3_600_000

const terms = (more: Partial<CallbackTerms> = {}): CallbackTerms => ({
  ...{ offerAboveMs: 300_000, key: '5', otherwise: { do: 'wait' }, maxAttempts: 3, retryMs: 600_000, ringMs: 30_000, days: 2 },
  ...{ span: { from: 0, to: 8 * hour }, latest: { day: 'today', hour: 18, minute: 30 } },
  ...{ caller: mobile, called: '+390600000001', noted: [] },
  ...more,
})

const arrived = (): Transition =>
  begin(
    {
      notices: [],
      callId,
      leg: 'caller',
      switch: 'asterisk',
      from: mobile,
      to: '+390600000001',
      context: { office: null, province: 'RM', region: '12', callerKnown: true, hour: 10, holiday: false, open: ['ccm'] },
      arrival: { mode: 'channelled' },
      officeLine: null,
      flow: { id: 'main', version: 1, flow },
    },
    0,
  )

/** One call, on which inputs follow each other a millisecond apart. */
class Story {
  now = 0
  state: LifeState
  effects: Effect[] = []
  notes: { type: string; payload: Record<string, unknown> }[] = []
  terms = terms()

  constructor() {
    this.state = arrived().state
    this.give({ type: 'key', key: '1' })
    this.said()
    this.forget()
  }
  give(...inputs: Input[]): this {
    for (const input of inputs) {
      const next = happen(this.state, input, ++this.now, flow, this.terms)
      this.state = next.state
      this.effects.push(...next.effects)
      this.notes.push(...next.notes.map(({ event, payload }) => ({ type: event.type, payload })))
    }
    return this
  }
  keys(...pressed: string[]): this {
    return this.give(...pressed.map(key => ({ type: 'key', key }) as const))
  }
  /** Says to its end what is being said, and what follows it. */
  said(): this {
    while (this.state.hearing.is === 'saying') this.give({ type: 'said', playback: this.state.hearing.playback })
    return this
  }
  due(): this {
    this.now = Math.max(this.now, (nextDue(this.state) ?? this.now) - 1)
    return this.give({ type: 'due' })
  }
  forget(): this {
    this.effects = []
    this.notes = []
    return this
  }
  get told(): string[] {
    return this.notes.map(each => each.type)
  }
  get deeds(): string[] {
    return this.effects.map(effect => (effect.do === 'music' ? (effect.on ? 'music' : 'quiet') : effect.do))
  }
  /** The codes of what is being said. */
  get words(): string[] {
    const { hearing } = this.state
    const all = hearing.is === 'saying' ? [hearing.words, ...hearing.rest] : []
    return all.flatMap(words => ('parts' in words ? words.parts.map(part => Object.values(part).join()) : ['flow']))
  }
  offer(n = 1): this {
    return this.give({ type: 'offer-made', offer: `${callId}#${n}`, agent: anna, until: this.now + 20_000 })
  }
  /** The agent picks up in time. */
  taken(n = 1): this {
    const { offer } = this.state
    return this.give(
      { type: 'answered', leg: offer?.leg ?? '' },
      { type: 'offer-accepted', offer: `${callId}#${n}`, agent: anna },
    )
  }
}

/** A caller who took the offer and hung up. */
const calledBack = () => {
  const story = new Story().keys('5', '1').said()
  return story.give({ type: 'ended', leg: 'caller', cause: 'normal' })
}
/** The same, while the number rings for Anna. */
const dialling = () => calledBack().forget().offer().taken()

describe('a caller who waits', () => {
  test('is told the key with the position, and asks by it to be called back at the number that calls', () => {
    const story = new Story()
    story.give({ type: 'position', position: 3, ahead: 2, expectedWaitMs: 60_000 })
    expect(story.words).toEqual(['aheadBefore', '2', 'aheadAfter', 'callbackHint', '5'])
    story.keys('5')
    expect(story.words).toEqual([
      'callbackOffer',
      'callbackAt',
      '3331234567',
      'callbackPressOne',
      'callbackOther',
      'callbackStay',
    ])
    expect(story.state.phase).toBe('waiting')
    story.now = 5_000
    story.forget().keys('1')
    expect(story.told).toEqual(['call.callback-queued'])
    expect(story.notes[0]?.payload).toEqual({
      sectionId: 'ccm-pensioni',
      priority: 0,
      waitingSince: new Date(1).toISOString(),
      number: mobile,
      notBefore: new Date(15_001).toISOString(),
      notAfter: new Date(8 * hour).toISOString(),
      maxAttempts: 3,
      retryMs: 600_000,
    })
    expect(story.words).toEqual(['callbackDone', 'callbackToday', '18', 'callbackAnd', '30', 'callbackMinutes', 'callbackBye'])
    story.forget().said()
    expect(story.deeds).toEqual(['hang-up'])
    story.give({ type: 'ended', leg: 'caller', cause: 'normal' })
    expect(story.told).toEqual([])
    expect(story.state).toMatchObject({ phase: 'callback', hearing: { is: 'nothing' }, due: {}, waitingSince: 1 })
  })
  test('is offered it once, after the sentence that is being said, when the wait to expect is long', () => {
    const story = new Story().give({ type: 'position', position: 9, ahead: 8, expectedWaitMs: 301_000 })
    expect(story.words).toEqual(expect.arrayContaining(['aheadBefore', 'callbackOffer', 'callbackStay']))
    story.said()
    expect(story.state.hearing.is).toBe('music')
    story.due()
    expect(story.state).toMatchObject({ phase: 'waiting', proposal: null, hearing: { is: 'music' } })
    story.give({ type: 'position', position: 8, ahead: 7, expectedWaitMs: 301_000 })
    expect(story.words).not.toContain('callbackOffer')
  })
  test('keys another number, mends it, and hears it before it counts', () => {
    const story = new Story().keys('5', '2', ...'12345', '#')
    expect(story.words).toEqual(['callbackWrong', 'callbackKey'])
    story.keys(...'06612345', '*', ...'0612345678', '#')
    expect(story.words).toEqual(['callbackKeyed', '0612345678', 'callbackConfirm'])
    story.keys('2', ...'3402345678').due()
    expect(story.words).toEqual(['callbackKeyed', '3402345678', 'callbackConfirm'])
    story.keys('1')
    expect(story.state.callback?.number).toBe('+393402345678')
  })
  test('whose number is hidden must key one; a number abroad or at a premium is not called', () => {
    const story = new Story()
    story.terms = terms({ caller: null })
    story.keys('5')
    expect(story.words).toEqual(['callbackOffer', 'callbackHidden', 'callbackStay'])
    for (const number of ['0033612345678', '899123456', '899123456']) {
      story.keys(...(number === '0033612345678' ? ['2'] : []), ...number, '#')
      expect(story.state.callback).toBeNull()
    }
    expect(story.words).toEqual(['callbackWaitOn'])
  })
  test('with another key goes on waiting, and with the first operator who is free is joined at once', () => {
    const story = new Story().keys('5', '8')
    expect(story.words).toEqual(['callbackWaitOn'])
    story.keys('5').offer().taken()
    expect(story.state).toMatchObject({ phase: 'talking', proposal: null, hearing: { is: 'conversation' } })
    // The key comes too late: the operator is there.
    const late = new Story().keys('5').offer()
    late
      .give({ type: 'answered', leg: late.state.offer?.leg ?? '' })
      .forget()
      .keys('1')
    expect(late.told).toEqual([])
  })
  test('whether a callback is open for the number is told by nothing that the caller hears, nor by when or how the line ends', () => {
    for (const why of ['key', 'wait'] as const) {
      const both = [[], [mobile]].map(noted => {
        const story = new Story()
        story.terms = terms({ noted })
        if (why === 'key') story.keys('5')
        else story.give({ type: 'position', position: 3, ahead: 2, expectedWaitMs: 600_000 }).said()
        story.keys('1').said()
        return { words: story.words, switch: story.effects, ended: story.effects.at(-1) }
      })
      expect(both[1]).toEqual(both[0])
      expect(both[0]?.ended).toMatchObject({ do: 'hang-up', reason: 'called-back' })
    }
  })
  test('a wish that is noted already stands, and the second makes none of its own', () => {
    const story = new Story()
    story.terms = terms({ noted: [mobile] })
    story.keys('5').keys('1').said()
    expect(story.told).toEqual(['call.left-queue', 'call.ended'])
    expect(story.state).toMatchObject({ phase: 'ended', callback: null, ending: 'noted' })
  })
  test('who met a limit and declines hears the message of the section; who says nothing waits on, but not before a closed one', () => {
    const met = (reason: 'full' | 'closed') => {
      const story = new Story()
      story.terms = terms({ otherwise: { do: 'dismiss', message: 'Richiami domani.' } })
      return story.give({ type: 'proposed', reason })
    }
    const declines = met('full').forget().keys('9')
    expect(declines.told).toEqual(['call.left-queue'])
    expect(declines.words).toEqual(['Richiami domani.'])
    expect(declines.said().told).toEqual(['call.left-queue', 'call.ended'])
    expect(met('full').said().due().state.phase).toBe('waiting')
    expect(met('closed').said().due().state.phase).toBe('farewell')
  })
  test('who is rung for at an operator at that moment keeps the place, and the operator stops ringing', () => {
    const story = new Story().offer().keys('5').forget().keys('1')
    expect(story.deeds).toContain('hang-up')
    expect(story.state).toMatchObject({ phase: 'callback', offer: null })
  })
})

describe('a callback', () => {
  test('goes to an operator like a call; the number is dialled from the office, and the two are joined when the citizen answers', () => {
    const story = dialling()
    expect(story.told).toEqual(['offer.answered', 'call.callback-dialled'])
    expect(story.effects.at(-1)).toEqual({
      do: 'dial',
      leg: story.state.leg,
      number: mobile,
      timeoutMs: 30_000,
      from: '+390600000001',
    })
    const agent = story.state.agent?.leg
    story.forget().give({ type: 'answered', leg: story.state.leg })
    expect(story.told).toEqual(['call.connected'])
    expect(story.effects).toEqual([{ do: 'join', legs: [story.state.leg, agent] }])
    story.forget().give({ type: 'ended', leg: story.state.leg, cause: 'normal' })
    expect(story.told).toEqual(['conversation.ended', 'call.ended'])
    expect(story.deeds).toEqual(['part', 'hang-up'])
  })
  test.each([
    ['busy', 1, (story: Story) => story.give({ type: 'ended', leg: story.state.leg, cause: 'busy' })],
    ['no-answer', 2, (story: Story) => story.due()],
    ['operator', 1, (story: Story) => story.give({ type: 'ended', leg: story.state.agent?.leg ?? '', cause: 'normal' })],
    ['operator', 2, (story: Story) => story.give({ type: 'asked', agent: anna, action: { do: 'hang-up' } })],
    ['operator-lost', 1, (story: Story) => story.give({ type: 'ended', leg: story.state.agent?.leg ?? '', cause: 'failed' })],
  ])('in which nobody is reached (%s) is the leader’s again, and nobody’s line stays open', (why, hungUp, happens) => {
    const story = dialling().forget()
    happens(story)
    expect(story.notes).toEqual([{ type: 'call.callback-unanswered', payload: { agent: anna, attempt: 1, why } }])
    expect(story.state).toMatchObject({ phase: 'callback', agent: null, due: {}, callback: { attempts: 1, outcome: why } })
    // Whoever is still there is hung up.
    expect(story.deeds).toEqual(Array.from({ length: hungUp }, () => 'hang-up'))
    // The next attempt has a leg of its own.
    const first = story.state.leg
    story.offer(2).taken(2)
    expect(story.state.leg).not.toBe(first)
    expect(story.state.callback?.attempts).toBe(2)
  })
  test('is given up in the journal, not in silence', () => {
    const story = calledBack().forget().give({ type: 'dismissed', reason: 'callback-given-up', message: null })
    expect(story.notes).toEqual([{ type: 'call.ended', payload: { reason: 'not-reached' } }])
  })
  test('sleeps until another day, with what is left of its attempts, as long as the section allows', () => {
    const story = dialling()
    story.give({ type: 'ended', leg: story.state.leg, cause: 'busy' }).forget()
    story.now = 9 * hour
    story.terms = terms({ span: { from: 24 * hour, to: 32 * hour } })
    story.give({ type: 'dismissed', reason: 'callback-window-over', message: null })
    expect(story.notes[0]?.payload).toMatchObject({
      waitingSince: new Date(1).toISOString(),
      notBefore: new Date(24 * hour).toISOString(),
      maxAttempts: 2,
    })
    story.forget().now = 33 * hour
    story.give({ type: 'dismissed', reason: 'callback-window-over', message: null })
    expect(story.told).toEqual(['call.ended'])
  })
  test('is never dialled outside decent hours, however late the operator picks up', () => {
    const story = calledBack().forget().offer()
    story.now = 8 * hour
    story.terms = terms({ span: { from: 24 * hour, to: 32 * hour } })
    story.taken()
    expect(story.deeds).not.toContain('dial')
    expect(story.told).toEqual(['offer.answered', 'call.callback-queued'])
  })
  test('is withdrawn while it waits, not while it rings', () => {
    expect(calledBack().forget().give({ type: 'withdrawn' }).told).toEqual(['call.ended'])
    expect(dialling().forget().give({ type: 'withdrawn' }).told).toEqual([])
  })
})

const presentLeg = (leg: string, role: PresentLeg['role'], answered = true): PresentLeg => ({
  ...{ leg, callId, role, answered, joinedWith: [], from: null, to: null },
})

describe('after the program was away', () => {
  const back = (story: Story, ...present: PresentLeg[]) => story.forget().give({ type: 'restored', present })

  test('who heard the goodbye, and who has hung up, are to be called back', () => {
    const goodbye = new Story().keys('5', '1')
    expect(back(goodbye, presentLeg('caller', 'caller')).deeds).toEqual(['say'])
    const gone = new Story().keys('5', '1')
    expect(back(gone).state).toMatchObject({ phase: 'callback', hearing: { is: 'nothing' }, due: {} })
    expect(gone.told).toEqual([])
    // The goodbye was over, but the switch was not told any more.
    const still = new Story().keys('5', '1').said()
    expect(back(still, presentLeg('caller', 'caller')).deeds).toEqual(['hang-up'])
  })
  test('a number that rings goes on ringing, one that answered meanwhile is joined', () => {
    const rings = dialling()
    const { agent, leg: citizen } = rings.state
    expect(back(rings, presentLeg(agent?.leg ?? '', 'agent'), presentLeg(citizen, 'office', false)).deeds).toEqual([])
    expect(back(rings, presentLeg(agent?.leg ?? '', 'agent'), presentLeg(citizen, 'office')).deeds).toEqual(['join'])
  })
  test('a number of which the switch knows nothing counts as an attempt and is not dialled again', () => {
    const story = dialling()
    back(story, presentLeg(story.state.agent?.leg ?? '', 'agent'))
    expect(story.told).toEqual(['call.callback-unanswered'])
    expect(story.deeds).toEqual(['hang-up'])
  })
  test('without the operator the number is not kept ringing', () => {
    const story = dialling()
    back(story, presentLeg(story.state.leg, 'office', false))
    expect(story.deeds).toEqual(['hang-up'])
    expect(story.state.phase).toBe('callback')
  })
})

const moves = [
  ...['5', '1', '2', '9', '#', 'said', 'due', 'offer', 'answer', 'accept', 'over', 'position', 'citizen', 'busy', 'agent'],
  ...['restored', 'window-over', 'given-up', 'withdrawn', 'caller', 'an hour later'],
]

/** An input that fits or does not fit the call as it is; null for the passing of time. */
function inputOf({ what, n }: { what: string; n: number }, { state, now }: Story, ringing: ReadonlySet<string>): Input | null {
  const offer = state.offer ?? { leg: 'none', offer: `${callId}#${n}` }
  switch (what) {
    case 'said':
      return { type: 'said', playback: state.hearing.is === 'saying' ? state.hearing.playback : 'none' }
    case 'due':
      return null
    case 'offer':
      return { type: 'offer-made', offer: `${callId}#${now}`, agent: anna, until: now + 20_000 }
    case 'answer':
      return { type: 'answered', leg: offer.leg }
    case 'accept':
      return { type: 'offer-accepted', offer: offer.offer, agent: anna }
    case 'over':
      return { type: 'offer-over', offer: offer.offer, reason: 'declined' }
    case 'position':
    case 'an hour later':
      return { type: 'position', position: n + 1, ahead: n, expectedWaitMs: n * 100_000 }
    case 'citizen':
      return { type: 'answered', leg: state.leg }
    case 'busy':
      return { type: 'ended', leg: state.leg, cause: 'busy' }
    case 'agent':
      return { type: 'ended', leg: state.agent?.leg ?? 'none', cause: n % 2 ? 'normal' : 'failed' }
    case 'restored':
      return { type: 'restored', present: [...ringing].slice(n % 2).map(leg => presentLeg(leg, 'office', n > 3)) }
    case 'window-over':
    case 'given-up':
      return { type: 'dismissed', reason: `callback-${what}`, message: null }
    case 'withdrawn':
      return { type: 'withdrawn' }
    case 'caller':
      return { type: 'ended', leg: 'caller', cause: 'normal' }
    default:
      return { type: 'key', key: what }
  }
}

test('whatever happens, in whatever order: never two numbers ring, none outside decent hours, and each attempt is told before it is made', () => {
  const reached = new Set<string>()
  const anyMove = fc.record({ what: fc.constantFrom(...moves), n: fc.nat(5) })
  const wished = ['5', '1']
  const dialled = [...wished, 'said', 'caller', 'offer', 'answer', 'accept']
  const beginning = fc.constantFrom<string[]>([], wished, dialled, [...dialled, 'busy'])
  fc.assert(
    fc.property(beginning, fc.array(anyMove, { maxLength: 30 }), (first, rest) => {
      const story = new Story()
      const ringing = new Set<string>()
      let attempts = 0
      for (const move of [...first.map(what => ({ what, n: 1 })), ...rest]) {
        story.forget()
        if (move.what === 'an hour later') story.now += hour
        if (story.now > (story.terms.span?.to ?? 0))
          story.terms = terms({ span: { from: story.now + hour, to: story.now + 3 * hour } })
        const input = inputOf(move, story, ringing)
        if (input?.type === 'ended') ringing.delete(input.leg)
        if (input?.type === 'restored') for (const leg of [...ringing].slice(0, move.n % 2)) ringing.delete(leg)
        if (input) story.give(input)
        else story.due()
        for (const effect of story.effects) {
          if (effect.do === 'hang-up') ringing.delete(effect.leg)
          if (effect.do !== 'dial') continue
          attempts++
          ringing.add(effect.leg)
          expect(story.told).toContain('call.callback-dialled')
          const { from, to } = story.state.callback?.span ?? { from: 1, to: 0 }
          expect(story.now >= from && story.now < to).toBe(true)
        }
        expect(ringing.size).toBeLessThanOrEqual(1)
        expect(attempts).toBe(story.state.callback?.attempts ?? 0)
        if (story.state.phase === 'callback' || story.state.phase === 'ended') expect([...ringing]).toEqual([])
        expect(JSON.parse(JSON.stringify(story.state))).toEqual(story.state)
        reached.add(story.state.phase)
      }
    }),
    { numRuns: 800 },
  )
  expect([...reached].sort()).toEqual(['callback', 'dialling', 'ended', 'farewell', 'talking', 'waiting'])
})
