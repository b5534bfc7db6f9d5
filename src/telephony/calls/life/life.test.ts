import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Flow } from '../../../ivr/index.ts'
import type { PresentLeg } from '../../switches/port.ts'
import { type Arrival, begin, type Effect, happen, type Input, type LifeState, nextDue, type Transition } from './life.ts'
import type { StaffTerms } from './state.ts'

const flow = Flow.parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../../../sample/flow.json'), 'utf8')))
const anna = '00000000-0000-7000-8000-000000000010'
const luca = '00000000-0000-7000-8000-000000000011'
const callId = '019a8f3e-7c1e-7b2a-9f6d-3c2b1a0f9e8d'
const caller = 'caller'

const arrive = (arrival: Arrival = { mode: 'channelled' }, now = 0): Transition =>
  begin(
    {
      notices: [],
      callId,
      leg: caller,
      switch: 'browser',
      from: '+39333000001',
      to: '+390600000001',
      context: {
        office: { id: 'ag-roma-eur', name: 'Agenzia complessa di Roma EUR' },
        province: 'RM',
        region: '12',
        callerKnown: true,
        hour: 10,
        holiday: false,
        open: ['ccm'],
      },
      arrival,
      officeLine: arrival.mode === 'direct' ? { number: arrival.number, fallback: arrival.fallback } : null,
      flow: { id: 'main', version: 1, flow },
    },
    now,
  )

/** Plays inputs one after the other, a millisecond each; `at` moves the time. Returns what came of these. */
function play(first: Transition, ...inputs: (Input | { at: number } | { line: StaffTerms })[]) {
  let now = 0
  let line: StaffTerms | null = null
  let last = first
  const effects: Effect[] = []
  const notes: Transition['notes'] = []
  for (const input of inputs) {
    if ('at' in input) {
      now = input.at
      continue
    }
    if ('line' in input) {
      line = input.line
      continue
    }
    last = happen(last.state, input, ++now, flow, null, line)
    effects.push(...last.effects)
    notes.push(...last.notes)
  }
  return {
    state: last.state,
    last,
    effects,
    notes: notes.map(each => each.event.type),
    payloads: notes.map(each => each.payload),
  }
}

const key = (pressed: string): Input => ({ type: 'key', key: pressed })
const offer = (n = 1, agent = anna): Input => ({ type: 'offer-made', offer: `${callId}#${n}`, agent, until: 20_000 })
const accepted = (n = 1, agent = anna): Input => ({ type: 'offer-accepted', offer: `${callId}#${n}`, agent })
const over = (n = 1): Input => ({ type: 'offer-over', offer: `${callId}#${n}`, reason: 'no-answer' })
/** The leg that was rung last. */
const rung = (effects: readonly Effect[]): string => {
  const ring = effects.filter(effect => effect.do === 'ring-agent' || effect.do === 'dial').at(-1)
  return ring && 'leg' in ring ? ring.leg : ''
}
const deeds = (effects: readonly Effect[]) =>
  effects.map(effect => (effect.do === 'music' ? (effect.on ? 'music' : 'quiet') : effect.do))

/** The sentences of ours that were said. */
const saidIn = (effects: readonly Effect[]): string[] =>
  effects.flatMap(effect =>
    effect.do === 'say' && 'parts' in effect.words
      ? effect.words.parts.flatMap(part => ('sentence' in part ? [part.sentence] : []))
      : [],
  )
const nextInLine: Input = { type: 'position', position: 1, ahead: 0, expectedWaitMs: null }

/** A caller who chose pensions and hears music. */
const waiting = () => {
  const chosen = play(arrive(), key('1'))
  const { hearing } = chosen.state
  return play(chosen.last, { type: 'said', playback: hearing.is === 'saying' ? hearing.playback : '' }).last
}
/** The same, talking to Anna. */
const talking = () => {
  const ringing = play(waiting(), offer())
  const leg = rung(ringing.effects)
  return { leg, call: play(ringing.last, { type: 'answered', leg }, accepted()).last }
}

describe('a caller', () => {
  test('is welcomed at once and chooses a section with one key', () => {
    const first = arrive()
    expect(deeds(first.effects)).toEqual(['name', 'take', 'say'])
    const chosen = play(first, key('1'))
    expect(first.notes.map(each => each.event.type)).toEqual(['call.arrived'])
    expect(chosen.notes).toEqual(['call.menu-chosen', 'call.queued'])
    expect(deeds(chosen.last.effects)).toEqual(['hush', 'say'])
    expect(chosen.state).toMatchObject({ phase: 'waiting', section: 'ccm-pensioni', waitingSince: 1 })
  })
  test('hears the position, and again when it improved, and music between', () => {
    const position = (n: number): Input => ({ type: 'position', position: n, ahead: n - 1, expectedWaitMs: n * 61_000 })
    const first = play(waiting(), position(3))
    expect(first.last.effects.at(-1)).toMatchObject({
      do: 'say',
      words: {
        parts: [
          { sentence: 'aheadBefore' },
          { number: 2 },
          { sentence: 'aheadAfter' },
          { sentence: 'waitBefore' },
          { number: 4 },
          { sentence: 'waitAfter' },
        ],
      },
    })
    expect(play(first.last, position(3)).last.effects).toEqual([])
    const spoken = first.state.hearing.is === 'saying' ? first.state.hearing.playback : ''
    const back = play(first.last, { type: 'said', playback: spoken })
    expect(deeds(back.last.effects)).toEqual(['music'])
    expect(deeds(play(back.last, position(1)).last.effects)).toEqual(['quiet', 'say'])
  })
  test('whose keys rattle loses one try, and is heard afterwards', () => {
    const noise = [...'7#8*6#77##88**66##77##88**66##77##88**6'].flatMap((pressed, n) => [{ at: 2_000 + n * 25 }, key(pressed)])
    const rattled = play(arrive(), ...noise)
    expect(rattled.state).toMatchObject({ phase: 'menu', walk: { tries: 1, doing: 'prompting' } })
    expect(rattled.notes).toEqual([])
    // Keys within the burst do not count, even those that lead somewhere.
    expect(play(rattled.last, { at: 3_100 }, key('1')).state.phase).toBe('menu')
    expect(play(rattled.last, { at: 4_000 }, key('1')).state).toMatchObject({ phase: 'waiting', section: 'ccm-pensioni' })
  })
  test.each([
    ['presses nothing', []],
    ['presses a wrong key soon', [{ at: 8_000 }, key('7')]],
    ['presses a wrong key late', [{ at: 20_000 }, key('7')]],
    ['presses wrong keys again and again', [3, 9, 15, 21, 27, 33, 39].flatMap(second => [{ at: second * 1_000 }, key('8')])],
  ])('who %s is in line for an operator within three quarters of a minute', (_what, inputs) => {
    // As long as our voice takes for the sample's texts.
    const lengths: Record<string, number> = { welcome: 9_600, menu: 26_900, 'menu.wrong-key': 3_400, 'menu.silence': 2_800 }
    let now = 0
    let last = arrive()
    const given: (Input | { at: number })[] = [...inputs]
    while (last.state.phase === 'menu' && now < 120_000) {
      const { hearing } = last.state
      const words = hearing.is === 'saying' && 'flow' in hearing.words ? hearing.words.flow : []
      const spokenBy = now + words.reduce((sum, { key: name }) => sum + (lengths[name ?? 'welcome'] ?? 0), 0)
      const dueBy = nextDue(last.state) ?? Number.POSITIVE_INFINITY
      const over = hearing.is === 'saying' ? Math.min(spokenBy, dueBy) : dueBy
      const [at, pressed] = given
      if (at && 'at' in at && pressed && 'type' in pressed && at.at <= over) {
        given.splice(0, 2)
        now = at.at
        last = happen(last.state, pressed, now, flow)
        continue
      }
      now = over
      last = happen(
        last.state,
        hearing.is === 'saying' && over < dueBy ? { type: 'said', playback: hearing.playback } : { type: 'due' },
        now,
        flow,
      )
    }
    expect(last.state).toMatchObject({ phase: 'waiting', section: 'ccm-centralino' })
    expect(now).toBeLessThan(44_500)
  })
  test('who waits where nobody is at work is told so, without a place or a wait, again and again, and then that somebody has come', () => {
    const sentences = (effects: readonly Effect[]) =>
      effects.flatMap(effect =>
        effect.do === 'say' && 'parts' in effect.words
          ? effect.words.parts.flatMap(part => ('sentence' in part ? [part.sentence] : []))
          : [],
      )
    const nobody = { line: { atWork: 0, until: { day: 'today' as const, hour: 18, minute: 0 } } }
    const position: Input = { type: 'position', position: 1, ahead: 0, expectedWaitMs: 300_000 }
    const told = play(waiting(), { at: 5_000 }, nobody, position)
    expect(sentences(told.last.effects)).toEqual(['nobodyNow', 'nobodyUntil', 'nobodyStay'])
    const saying = (state: LifeState): Input => ({
      type: 'said',
      playback: state.hearing.is === 'saying' ? state.hearing.playback : '',
    })
    const music = play(told.last, saying(told.state))
    expect(deeds(music.last.effects)).toEqual(['music'])
    const due = nextDue(music.state) ?? 0
    expect(due).toBeLessThan(70_000)
    const again = play(music.last, nobody, { at: due }, { type: 'due' })
    expect(sentences(again.last.effects)).toEqual(['nobodyNow', 'nobodyUntil', 'nobodyStay'])
    const back = play(again.last, { at: due + 10_000 }, saying(again.state))
    const come = play(back.last, { line: { atWork: 1, until: null } }, { at: nextDue(back.state) ?? 0 }, { type: 'due' })
    expect(sentences(come.last.effects)).toEqual(['next'])
    expect(play(waiting(), { line: { atWork: 1, until: null } }, position).last.effects.at(-1)).toMatchObject({ do: 'say' })
  })
  test.each([
    ['normal', 'caller'],
    ['failed', 'line-lost'],
    ['lost', 'lost'],
  ] as const)('whose line ends as %s has ended as %s', (cause, reason) => {
    const over = play(waiting(), { type: 'ended', leg: caller, cause })
    expect(over.notes).toEqual(['call.left-queue', 'call.ended'])
    expect(over.payloads).toEqual([{ reason }, { reason }])
  })
  test('who was thinking when the program was killed is asked again, and hears nothing of before', () => {
    const first = arrive()
    const playback = first.state.hearing.is === 'saying' ? first.state.hearing.playback : ''
    const listening = play(first, { type: 'said', playback })
    // "For English" is said by itself.
    const also = listening.state.hearing.is === 'saying' ? listening.state.hearing.playback : ''
    const thinking = play(listening.last, { type: 'said', playback: also })
    expect(thinking.state.hearing).toEqual({ is: 'listening' })
    const present = [{ leg: caller, callId, role: 'caller' as const, answered: true, joinedWith: [], from: null, to: null }]
    const restored = play(thinking.last, { type: 'restored', present })
    expect(restored.last.effects[0]).toEqual({ do: 'hush', leg: caller, playback: also })
    expect(restored.state.hearing.is).toBe('saying')
  })
  test('who is being told the position is put through in the middle of the sentence', () => {
    const told = play(waiting(), { type: 'position', position: 2, ahead: 1, expectedWaitMs: null }, offer())
    const leg = rung(told.effects)
    const through = play(told.last, { type: 'answered', leg }, accepted())
    expect(deeds(through.last.effects)).toEqual(['hush', 'join'])
    expect(through.notes).toEqual(['offer.answered', 'call.connected'])
  })
  test.each([
    ['in the menu', () => arrive(), ['call.ended']],
    ['while waiting', waiting, ['call.left-queue', 'call.ended']],
    ['while an operator is rung', () => play(waiting(), offer()).last, ['call.left-queue', 'call.ended']],
    [
      'between the answer and the leader’s word',
      () => {
        const ringing = play(waiting(), offer())
        return play(ringing.last, { type: 'answered', leg: rung(ringing.effects) }).last
      },
      ['call.left-queue', 'call.ended'],
    ],
    ['in conversation', () => talking().call, ['conversation.ended', 'call.ended']],
    [
      'on hold',
      () => play(talking().call, { type: 'asked', agent: anna, action: { do: 'hold' } }).last,
      ['conversation.ended', 'call.ended'],
    ],
  ] as const)('hangs up %s', (_when, before, notes) => {
    const call = before()
    const gone = play(call, { type: 'ended', leg: caller, cause: 'normal' })
    expect(gone.notes.slice(-notes.length)).toEqual(notes)
    expect(gone.state).toMatchObject({ phase: 'ended', hearing: { is: 'nothing' }, offer: null, agent: null, due: {} })
    expect(gone.last.effects.some(effect => effect.do === 'hang-up' && effect.leg === caller)).toBe(false)
  })
  test('whose switch forgets to say that a sentence is over goes on by time', () => {
    const first = arrive()
    const by = nextDue(first.state) ?? 0
    expect(play(first, { type: 'due' }).last.effects).toEqual([])
    const on = happen(first.state, { type: 'due' }, by, flow)
    expect(deeds(on.effects)).toEqual(['hush', 'say'])
  })
  test('who chooses nothing is asked again, then gets an operator of the switchboard', () => {
    let call = arrive()
    for (let n = 0; call.state.phase === 'menu'; n++) {
      expect(n).toBeLessThan(20)
      call = happen(call.state, { type: 'due' }, nextDue(call.state) ?? 0, flow)
    }
    expect(call.state).toMatchObject({ phase: 'waiting', section: 'ccm-centralino' })
  })
  test('of a number that nobody has is told so', () => {
    const unknown = play(arrive({ mode: 'unknown' }))
    expect(unknown.last.effects.at(-1)).toMatchObject({ do: 'say', words: { parts: [{ sentence: 'unknownNumber' }] } })
    const playback = unknown.state.hearing.is === 'saying' ? unknown.state.hearing.playback : ''
    const ended = play(unknown.last, { type: 'said', playback })
    expect(ended.last.effects).toEqual([{ do: 'hang-up', leg: caller, reason: 'normal' }])
    expect(ended.payloads.at(-1)).toEqual({ reason: 'unknown-number' })
  })
  test('whom the leader dismisses hears why, and the call ends', () => {
    const call = play(waiting(), offer(), { type: 'dismissed', reason: 'closed', message: null })
    expect(deeds(call.last.effects)).toEqual(['hang-up', 'quiet', 'say'])
    expect(call.state.phase).toBe('farewell')
  })
})

describe('an offer', () => {
  test('that is withdrawn stops the ringing, and the next one rings the next', () => {
    const first = play(waiting(), offer())
    const second = play(first.last, over(), offer(2, luca))
    expect(second.effects).toContainEqual({ do: 'hang-up', leg: rung(first.effects), reason: 'no-answer' })
    expect(second.state.offer).toMatchObject({ agent: luca, offer: `${callId}#2` })
  })
  test('is rung somewhat longer than it lasts, so that the end comes from the leader', () => {
    const ring = play(waiting(), { at: 5_000 }, offer()).last.effects[0]
    expect(ring).toMatchObject({ do: 'ring-agent', timeoutMs: 20_000 - 5_001 + 2_000 })
  })
  test('that is answered too late is hung up, and the caller notices nothing', () => {
    const ringing = play(waiting(), offer())
    const leg = rung(ringing.effects)
    const late = play(ringing.last, over(), { type: 'answered', leg })
    expect(late.last.effects).toEqual([{ do: 'hang-up', leg, reason: 'answered-elsewhere' }])
    expect(late.notes).toEqual([])
    expect(late.state.hearing).toEqual({ is: 'music' })
    const rejected = play(ringing.last, { type: 'answered', leg }, over())
    expect(rejected.last.effects).toEqual([{ do: 'hang-up', leg, reason: 'answered-elsewhere' }])
  })
  test.each([
    ['declined', ['offer.declined']],
    ['busy', ['offer.failed']],
    ['unreachable', ['offer.failed']],
    ['page-gone', ['offer.failed']],
    ['failed', ['offer.failed']],
    ['no-answer', []],
  ] as const)('whose telephone ends with %s', (cause, notes) => {
    const ringing = play(waiting(), offer())
    const ended = play(ringing.last, { type: 'ended', leg: rung(ringing.effects), cause })
    expect(ended.notes).toEqual(notes)
    expect(ended.state).toMatchObject({ phase: 'waiting', hearing: { is: 'music' } })
  })
  test('that could not be rung fails', () => {
    const ringing = play(waiting(), offer())
    const failed = play(ringing.last, { type: 'not-rung', leg: rung(ringing.effects), reason: 'no page' })
    expect(failed.payloads).toEqual([{ offer: `${callId}#1`, agent: anna, reason: 'no page' }])
  })
  test('may be declined on the page, by its operator only', () => {
    const ringing = play(waiting(), offer())
    const decline = (agent: string): Input => ({ type: 'asked', agent, action: { do: 'decline', offer: `${callId}#1` } })
    expect(play(ringing.last, decline(luca)).last.effects).toEqual([])
    expect(play(ringing.last, decline(anna)).notes).toEqual(['offer.declined'])
  })
  test('that is accepted after the caller has gone sets the operator free', () => {
    const gone = play(waiting(), offer(), { type: 'ended', leg: caller, cause: 'normal' }, accepted())
    expect(gone.notes.at(-1)).toBe('conversation.ended')
    expect(gone.last.effects).toEqual([])
  })
  test('that was picked up and dropped at once puts the caller back into line', () => {
    const ringing = play(waiting(), offer())
    const leg = rung(ringing.effects)
    const back = play(ringing.last, { type: 'answered', leg }, { type: 'ended', leg, cause: 'normal' }, accepted())
    expect(back.notes).toEqual(['offer.answered', 'call.queued'])
    expect(back.payloads.at(-1)).toMatchObject({ waitingSince: new Date(1).toISOString() })
    expect(back.state).toMatchObject({ phase: 'waiting', hearing: { is: 'music' } })
  })
  test('that comes twice rings once; an acceptance that comes twice joins once', () => {
    const ringing = play(waiting(), offer(), offer())
    expect(ringing.effects.filter(effect => effect.do === 'ring-agent')).toHaveLength(1)
    const joined = play(ringing.last, { type: 'answered', leg: rung(ringing.effects) }, accepted(), accepted())
    expect(joined.effects.filter(effect => effect.do === 'join')).toHaveLength(1)
    expect(joined.notes).toEqual(['offer.answered', 'call.connected'])
  })
})

describe('a conversation', () => {
  test('is held and taken up again; the caller hears music meanwhile', () => {
    const { call } = talking()
    const asked = (what: 'hold' | 'resume'): Input => ({ type: 'asked', agent: anna, action: { do: what } })
    const held = play(call, asked('hold'))
    expect(deeds(held.last.effects)).toEqual(['part', 'music'])
    expect(play(held.last, asked('hold')).last.effects).toEqual([])
    const back = play(held.last, asked('resume'))
    expect(deeds(back.last.effects)).toEqual(['quiet', 'join'])
    expect([...held.notes, ...back.notes]).toEqual(['call.held', 'call.resumed'])
  })
  test('ends for both when one hangs up', () => {
    const { call, leg } = talking()
    const ended = play(call, { type: 'ended', leg, cause: 'normal' })
    expect(ended.notes).toEqual(['conversation.ended', 'call.ended'])
    expect(ended.last.effects).toContainEqual({ do: 'hang-up', leg: caller, reason: 'normal' })
  })
  test('is handed to another section: what was waited counts, and the operator is free', () => {
    const { call, leg } = talking()
    const handed = play(call, { at: 60_000 }, { type: 'asked', agent: anna, action: { do: 'transfer', sectionId: 'ccm-online' } })
    expect(deeds(handed.last.effects)).toEqual(['part', 'music', 'hang-up'])
    expect(handed.last.effects.at(-1)).toMatchObject({ leg })
    expect(handed.notes).toEqual(['call.transferred', 'call.queued'])
    expect(handed.state.transferredBy).toBe(anna)
    // What was waited before counts; what was talked does not.
    const talked = 60_001 - (call.state.agent?.since ?? 0)
    expect(handed.payloads[1]).toMatchObject({ sectionId: 'ccm-online', waitingSince: new Date(1 + talked).toISOString() })
    const ringing = play(handed.last, { at: 62_000 }, offer(2, luca))
    const on = play(ringing.last, { at: 62_100 }, { type: 'answered', leg: rung(ringing.effects) }, accepted(2, luca))
    expect(on.payloads.at(-1)).toEqual({
      ...{ agent: luca, offer: `${callId}#2`, sectionId: 'ccm-online' },
      waitedMs: (call.state.agent?.since ?? 0) - 1 + (62_102 - 60_001),
    })
  })
  test('that loses the operator’s page tells the caller so and asks for the same operator first', () => {
    const { call, leg } = talking()
    const broken = play(call, { type: 'ended', leg, cause: 'failed' })
    expect(deeds(broken.last.effects)).toEqual(['part', 'say'])
    expect(saidIn(broken.effects)).toEqual(['lineLost'])
    // Who has talked already is told no place in the line while the operator is called.
    expect(play(broken.last, nextInLine).last.effects).toEqual([])
    expect(broken.notes).toEqual(['call.interrupted', 'call.queued'])
    expect(broken.payloads[1]).toMatchObject({ preferred: { agents: [anna], boundMs: 30_000, resume: true } })
    expect(broken.state).toMatchObject({ phase: 'waiting', broken: anna })
    const again = play(broken.last, offer(2))
    const on = play(again.last, { type: 'answered', leg: rung(again.effects) }, accepted(2))
    expect(on.state).toMatchObject({ phase: 'talking', broken: null, agent: { id: anna } })
  })
  test.each([
    ['does not answer', over(2)],
    ['refuses', { type: 'asked', agent: anna, action: { do: 'decline', offer: `${callId}#2` } } satisfies Input],
  ])('waits for the operator whose page was lost no longer when that one %s', (_, input) => {
    const { call, leg } = talking()
    const again = play(call, { type: 'ended', leg, cause: 'failed' }, offer(2))
    const given = play(again.last, input)
    expect(given.state).toMatchObject({ phase: 'waiting', broken: null, offer: null })
    expect(saidIn(given.effects)).toEqual(['lineLostNext'])
    expect(given.state.due.resume).toBeUndefined()
    // From now on the place in the line is true again, after what is being said.
    expect(play(given.last, nextInLine).state.hearing).toMatchObject({ rest: [{ parts: [{ sentence: 'next' }] }] })
  })
  test('waits for the operator whose page was lost for half a minute, and then for whoever is free', () => {
    const { call, leg } = talking()
    const broken = play(call, { at: 100 }, { type: 'ended', leg, cause: 'failed' })
    expect(broken.state.due.resume).toBe(30_101)
    const given = play(broken.last, { at: 30_101 }, { type: 'due' }, { type: 'due' })
    expect(given.state).toMatchObject({ phase: 'waiting', broken: null, due: { said: expect.any(Number) } })
    expect(saidIn(given.effects).at(-1)).toBe('lineLostNext')
    // Another operator is rung before that: nobody is waited for any more.
    const other = play(broken.last, offer(2, luca)).state
    expect([other.broken, other.due.resume]).toEqual([null, undefined])
  })
  test('takes requests from its own operator only', () => {
    const { call } = talking()
    expect(play(call, { type: 'asked', agent: luca, action: { do: 'hang-up' } }).last.effects).toEqual([])
  })
})

describe('a number that rings the office', () => {
  const direct = (fallback: string | null = null) => arrive({ mode: 'direct', number: '+390600000002', fallback })
  test('rings it, and the two talk', () => {
    const first = direct()
    expect(deeds(first.effects)).toEqual(['name', 'ring', 'dial'])
    const joined = play(first, { type: 'answered', leg: rung(first.effects) })
    expect(deeds(joined.last.effects)).toEqual(['take', 'join'])
    expect(joined.notes).toEqual(['call.office-answered'])
    const ended = play(joined.last, { type: 'ended', leg: rung(first.effects), cause: 'normal' })
    expect(ended.payloads.at(-1)).toEqual({ reason: 'office' })
  })
  test('that does not answer leads to the fallback number, then to a sentence', () => {
    const first = direct('+390600000003')
    const second = play(first, { type: 'ended', leg: rung(first.effects), cause: 'no-answer' })
    expect(second.last.effects).toMatchObject([{ do: 'dial', number: '+390600000003' }])
    const third = play(second.last, { type: 'not-rung', leg: rung(second.effects), reason: 'no trunk' })
    expect(deeds(third.last.effects)).toEqual(['take', 'say'])
  })
})

describe('after an absence', () => {
  const present = (leg: string, more: Partial<PresentLeg> = {}): PresentLeg => ({
    leg,
    callId,
    role: leg === caller ? 'caller' : 'agent',
    answered: true,
    joinedWith: [],
    from: null,
    to: null,
    ...more,
  })
  test('a leg that was to be hung up when the program died is hung up', () => {
    const { last, effects } = play(waiting(), offer())
    const withdrawn = play(last, over())
    const restored = play(withdrawn.last, {
      type: 'restored',
      present: [present(caller), present(rung(effects), { answered: false })],
    })
    expect(restored.last.effects).toEqual([
      { do: 'hang-up', leg: rung(effects), reason: 'normal' },
      { do: 'hush', leg: caller, playback: expect.any(String) },
      { do: 'music', leg: caller, on: true },
    ])
  })
  test('a conversation that goes on is not touched', () => {
    const { call, leg } = talking()
    const restored = play(call, {
      type: 'restored',
      present: [present(caller, { joinedWith: [leg] }), present(leg, { joinedWith: [caller] })],
    })
    expect(restored.last).toMatchObject({ state: call.state, effects: [], notes: [] })
  })
  test('two who were not joined yet are joined', () => {
    const { call, leg } = talking()
    const restored = play(call, { type: 'restored', present: [present(caller), present(leg)] })
    expect(restored.last.effects).toEqual([{ do: 'join', legs: [caller, leg] }])
  })
  test('who waited goes on waiting, with music', () => {
    const restored = play(waiting(), { type: 'restored', present: [present(caller)] })
    // What sounds behind the last words goes on in the switch.
    expect(restored.last.effects).toEqual([
      { do: 'hush', leg: caller, playback: expect.any(String) },
      { do: 'music', leg: caller, on: true },
    ])
    expect(restored.notes).toEqual([])
  })
  test('a caller who has gone is noted, and the operator is free', () => {
    const { call, leg } = talking()
    const restored = play(call, { type: 'restored', present: [present(leg)] })
    expect(restored.notes).toEqual(['conversation.ended', 'call.ended'])
    expect(restored.last.effects).toEqual([{ do: 'hang-up', leg, reason: 'normal' }])
  })
  test('an operator whose leg has gone is asked for again', () => {
    const { call } = talking()
    const restored = play(call, { type: 'restored', present: [present(caller)] })
    expect(restored.notes).toEqual(['call.interrupted', 'call.queued'])
    expect(deeds(restored.last.effects)).toEqual(['part', 'say'])
  })
  test('a menu is said again from its sentence', () => {
    const first = arrive()
    const restored = play(first, { type: 'restored', present: [present(caller, { answered: false })] })
    expect(deeds(restored.last.effects)).toEqual(['take', 'say'])
  })
  test('an operator who was being rung is rung again, if there is time', () => {
    const ringing = play(waiting(), offer())
    const again = play(ringing.last, { type: 'restored', present: [present(caller)] })
    expect(deeds(again.last.effects)).toEqual(['ring-agent', 'hush', 'music'])
    const tooLate = play(ringing.last, { at: 30_000 }, { type: 'restored', present: [present(caller)] })
    expect(deeds(tooLate.last.effects)).toEqual(['hush', 'music'])
  })
})

// --- whatever happens ---------------------------------------------------------------------------------------------

/** What a switch would be doing after the effects. */
class World {
  saying: string | null = null
  music = false
  ringing = false
  joined: string | null = null
  callerThere = true
  /** Legs of ours that are not gone. */
  readonly legs = new Set<string>()
  readonly everMade: string[] = []

  do(effect: Effect): void {
    switch (effect.do) {
      case 'name':
        return
      case 'take':
        this.ringing = false
        return
      case 'ring':
        this.ringing = true
        return
      case 'say':
        if (effect.instead === this.saying) this.saying = null
        // A switch would say two things at once if we let it.
        expect([this.saying, this.music, this.joined]).toEqual([null, false, null])
        this.saying = effect.playback
        return
      case 'hush':
        if (this.saying === effect.playback) this.saying = null
        return
      case 'music':
        this.music = effect.on
        return
      case 'ring-agent':
      case 'dial':
        expect(this.everMade).not.toContain(effect.leg)
        this.everMade.push(effect.leg)
        this.legs.add(effect.leg)
        return
      case 'join':
        expect([this.saying, this.music, this.joined]).toEqual([null, false, null])
        this.ringing = false
        this.joined = effect.legs[1]
        return
      case 'part':
        this.joined = null
        return
      case 'hang-up':
        if (effect.leg === caller) this.callerThere = false
        this.legs.delete(effect.leg)
        if (this.joined === effect.leg) this.joined = null
    }
  }

  look(state: LifeState): void {
    if (state.phase === 'ended') {
      expect([...this.legs]).toEqual([])
      expect(this.callerThere).toBe(false)
      expect(nextDue(state)).toBeNull()
      return
    }
    const { hearing } = state
    const heard = {
      saying: hearing.is === 'saying' && this.saying === hearing.playback && state.due.said !== undefined,
      music: hearing.is === 'music' && this.music,
      ringing: hearing.is === 'ringing' && this.ringing && state.due.office !== undefined,
      listening: hearing.is === 'listening' && state.due.key !== undefined,
      conversation: hearing.is === 'conversation' && this.joined !== null && this.legs.has(this.joined),
    }
    // Exactly one, and it is the one that the state says.
    expect(heard, JSON.stringify(state.hearing)).toMatchObject({ [hearing.is]: true })
    const sounds = [this.saying !== null, this.music, this.ringing, this.joined !== null]
    expect(sounds.filter(Boolean), JSON.stringify(state.hearing)).toHaveLength(hearing.is === 'listening' ? 0 : 1)
    // Every leg that is there is one that the call knows of.
    const known = [state.offer?.leg, state.agent?.leg, state.office?.leg]
    for (const leg of this.legs) expect(known).toContain(leg)
    expect(state.held && hearing.is !== 'music').toBe(false)
  }
}

type Move = { what: string; n: number }
const moves = [
  'key',
  'said',
  'due',
  'offer',
  'accept',
  'reject',
  'withdraw',
  'position',
  'moved',
  'dismissed',
  'diverted',
  'answered',
  'agent-ended',
  'not-rung',
  'asked',
  'stray',
  'caller',
  'restored',
  'other-accept',
] as const

/** An input that fits or does not fit, in the words of the world as it is. */
function inputOf({ what, n }: Move, state: LifeState, world: World, now: number): Input {
  const pick = <T>(list: readonly T[], otherwise: T): T => list[n % Math.max(1, list.length)] ?? otherwise
  const leg = pick([...world.legs], `${callId}-99`)
  const causes = ['normal', 'busy', 'no-answer', 'declined', 'unreachable', 'page-gone', 'failed'] as const
  const current = state.offer ?? { offer: `${callId}#77`, agent: anna }
  switch (what) {
    case 'key':
      return key(pick([...'0123456789*#'], '0'))
    case 'said':
      return { type: 'said', playback: n % 4 === 0 ? 'another' : (world.saying ?? 'none') }
    case 'offer':
      return { type: 'offer-made', offer: `${callId}#${n % 6}`, agent: n % 2 ? anna : luca, until: now + 20_000 }
    case 'accept':
      return { type: 'offer-accepted', offer: current.offer, agent: current.agent }
    case 'other-accept':
      return { type: 'offer-accepted', offer: `${callId}#${n % 6}`, agent: anna }
    case 'reject':
    case 'withdraw':
      return { type: 'offer-over', offer: n % 5 === 0 ? `${callId}#${n % 6}` : current.offer, reason: 'declined' }
    case 'position':
      return { type: 'position', position: (n % 5) + 1, ahead: n % 5, expectedWaitMs: n % 2 ? null : n * 1_000 }
    case 'moved':
      return { type: 'moved', section: 'ccm-online' }
    case 'dismissed':
      return { type: 'dismissed', reason: 'full', message: n % 2 ? null : 'Provi più tardi.' }
    case 'diverted':
      return { type: 'diverted', to: '+390600000009' }
    case 'answered':
      return { type: 'answered', leg }
    case 'agent-ended':
      return { type: 'ended', leg, cause: pick(causes, 'normal') }
    case 'not-rung':
      return { type: 'not-rung', leg, reason: 'no page' }
    case 'asked':
      return {
        type: 'asked',
        agent: n % 7 === 0 ? luca : (state.agent?.id ?? state.offer?.agent ?? anna),
        action: pick(
          [
            { do: 'hold' },
            { do: 'resume' },
            { do: 'hang-up' },
            { do: 'transfer', sectionId: 'ccm-online' },
            { do: 'decline', offer: current.offer },
          ],
          { do: 'hold' } as const,
        ),
      }
    case 'stray':
      return n % 2 ? { type: 'answered', leg: 'stray' } : { type: 'ended', leg: 'stray', cause: 'normal' }
    case 'caller':
      return { type: 'ended', leg: caller, cause: 'normal' }
    case 'restored':
      return { type: 'restored', present: presentIn(world, n) }
    default:
      return { type: 'due' }
  }
}

const presentIn = (world: World, n: number): PresentLeg[] => [
  ...(n % 7 === 0
    ? []
    : [
        {
          leg: caller,
          callId,
          role: 'caller' as const,
          answered: true,
          joinedWith: world.joined ? [world.joined] : [],
          from: null,
          to: null,
        },
      ]),
  ...[...world.legs]
    .filter((_, index) => (n + index) % 3 !== 0)
    .map(leg => ({
      leg,
      callId,
      role: 'agent' as const,
      answered: true,
      joinedWith: world.joined === leg ? [caller] : [],
      from: null,
      to: null,
    })),
]

test('whatever happens, in whatever order: the caller is never in silence, and no leg is forgotten', () => {
  const anyMove = fc.record({
    what: fc.constantFrom(...moves.filter(move => move !== 'caller'), 'offer', 'answered', 'accept'),
    n: fc.nat(200),
  })
  const anyArrival = fc.constantFrom<Arrival>(
    { mode: 'channelled' },
    { mode: 'direct', number: '+390600000002', fallback: null },
    { mode: 'direct', number: '+390600000002', fallback: '+390600000003' },
    { mode: 'unknown' },
  )
  // Half of the runs begin where the longest way leads: in a conversation.
  const anyBeginning = fc.constantFrom<Move[]>(
    [],
    [{ what: 'key', n: 1 }],
    ...[1, 2].map(() => ['key', 'offer', 'answered', 'accept'].map(what => ({ what, n: 1 }))),
    // The fifth of the things to be asked is to hold: it comes about too rarely by chance.
    [...['key', 'offer', 'answered', 'accept'].map(what => ({ what, n: 1 })), { what: 'asked', n: 5 }],
  )
  const reached = new Set<string>()
  fc.assert(
    fc.property(
      anyArrival,
      anyBeginning,
      fc.array(anyMove, { maxLength: 40 }),
      fc.boolean(),
      (arrival, beginning, rest, hangsUp) => {
        const list = [...beginning, ...rest]
        const world = new World()
        let now = 0
        let { state, effects } = arrive(arrival)
        for (const effect of effects) world.do(effect)
        world.look(state)
        for (const move of hangsUp ? [...list, { what: 'caller', n: 0 }] : list) {
          now += move.what === 'due' ? Math.max(1, (nextDue(state) ?? now) - now) : 10
          const input = inputOf(move, state, world, now)
          // What the switch reports has happened there.
          if (input.type === 'ended' || input.type === 'not-rung') {
            world.legs.delete(input.leg)
            if (world.joined === input.leg) world.joined = null
            if (input.leg === caller) Object.assign(world, { callerThere: false, saying: null, music: false, joined: null })
          }
          if (input.type === 'said' && world.saying === input.playback) world.saying = null
          if (input.type === 'restored') {
            const there = new Set(input.present.map(each => each.leg))
            for (const leg of [...world.legs]) if (!there.has(leg)) world.legs.delete(leg)
            if (world.joined && !there.has(world.joined)) world.joined = null
            if (!there.has(caller)) Object.assign(world, { callerThere: false, saying: null, music: false, joined: null })
          }
          ;({ state, effects } = happen(state, input, now, flow))
          expect(JSON.parse(JSON.stringify(state))).toEqual(state)
          for (const effect of effects) world.do(effect)
          reached.add(state.held ? 'held' : state.broken ? 'interrupted' : state.phase)
          world.look(state)
        }
      },
    ),
    { numRuns: 800 },
  )
  expect([...reached].sort()).toEqual(['ended', 'farewell', 'held', 'interrupted', 'menu', 'office', 'talking', 'waiting'])
})
