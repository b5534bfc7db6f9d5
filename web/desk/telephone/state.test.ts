import { describe, expect, it } from 'vitest'
import { answersAtOnce, handSetOf, isReady, next, off, problemOf, type TelephoneFact, type TelephoneState } from './state.ts'

const stateAfter = (facts: readonly TelephoneFact[], from: TelephoneState = off): TelephoneState => facts.reduce(next, from)

const open: readonly TelephoneFact[] = [
  { type: 'microphone', microphone: 'asking' },
  { type: 'microphone', microphone: 'open' },
  { type: 'opened', lines: ['asterisk', 'browser'] },
  { type: 'line', line: 'browser', state: 'ready' },
  { type: 'page', active: true },
]

describe('the operator’s telephone', () => {
  it('is ready with a microphone and one line, and not before', () => {
    expect(isReady(stateAfter(open.slice(0, 3)))).toBe(false)
    expect(isReady(stateAfter(open))).toBe(true)
    expect(isReady(stateAfter([...open, { type: 'microphone', microphone: 'missing' }]))).toBe(false)
    expect(isReady(stateAfter([...open, { type: 'line', line: 'browser', state: 'lost' }]))).toBe(false)
  })

  it('goes from ringing to talking and back to rest', () => {
    const ringing = stateAfter([...open, { type: 'rings', line: 'browser', leg: 'a' }])
    expect(ringing.call?.stage).toBe('ringing')
    const answering = next(ringing, { type: 'answer', now: 0 })
    expect(answering.call?.stage).toBe('answering')
    const talking = next(answering, { type: 'sound', leg: 'a' })
    expect(talking.call?.stage).toBe('talking')
    expect(
      stateAfter(
        [
          { type: 'mute', on: true },
          { type: 'ended', leg: 'a' },
        ],
        talking,
      ),
    ).toMatchObject({ call: null, muted: false })
  })

  it('is one for all tabs: those without it show what it does, and are free to take it when it is let go', () => {
    const talks = { muted: true, stage: 'talking', reconnecting: false } as const
    const other = stateAfter([
      { type: 'page', active: false },
      { type: 'elsewhere', call: talks },
    ])
    expect(handSetOf(other)).toEqual({ where: 'other-tab', ...talks })
    expect(problemOf(other)).toBe('elsewhere')
    // On another machine there is nobody to act through.
    expect(handSetOf(next(other, { type: 'elsewhere', call: null }))).toMatchObject({ where: 'none', muted: false, stage: null })
    const free = next(other, { type: 'page-free' })
    expect(free).toMatchObject({ page: 'unknown', elsewhere: null })
    expect(problemOf(free)).toBeNull()
    // The tab that has it hears nothing of others, and a conversation that goes on stays where it is heard.
    const own = stateAfter([...open, { type: 'rings', line: 'browser', leg: 'a' }])
    expect(next(own, { type: 'elsewhere', call: talks })).toBe(own)
    expect(handSetOf(next(own, { type: 'page', active: false }))).toMatchObject({ where: 'here', stage: 'ringing' })
  })

  it('keeps an answer that comes before the line rings, for a few seconds only', () => {
    const early = stateAfter([...open, { type: 'answer', now: 1_000 }, { type: 'rings', line: 'asterisk', leg: 'a' }])
    expect(answersAtOnce(early, 2_000)).toBe(true)
    expect(answersAtOnce(early, 60_000)).toBe(false)
    const answered = next(early, { type: 'answer', now: 2_000 })
    expect(answersAtOnce(answered, 2_000)).toBe(false)
  })

  it('does not let a second call disturb a conversation, nor an old end stop a new one', () => {
    const talking = stateAfter([
      ...open,
      { type: 'rings', line: 'browser', leg: 'a' },
      { type: 'answer', now: 0 },
      { type: 'sound', leg: 'a' },
    ])
    expect(next(talking, { type: 'rings', line: 'asterisk', leg: 'b' })).toBe(talking)
    expect(next(talking, { type: 'ended', leg: 'b' })).toBe(talking)
  })

  it('keeps the conversation while the line is sought again', () => {
    const talking = stateAfter([
      ...open,
      { type: 'rings', line: 'browser', leg: 'a' },
      { type: 'answer', now: 0 },
      { type: 'sound', leg: 'a' },
    ])
    const lost = stateAfter(
      [
        { type: 'line', line: 'browser', state: 'lost' },
        { type: 'reconnecting', leg: 'a', on: true },
      ],
      talking,
    )
    expect(lost.call).toMatchObject({ stage: 'talking', reconnecting: true })
  })

  it('names what is wrong, the most useful thing first', () => {
    expect(problemOf(off)).toBeNull()
    expect(problemOf(stateAfter(open))).toBeNull()
    expect(problemOf(stateAfter([...open, { type: 'line', line: 'browser', state: 'lost' }]))).toBeNull()
    const bothLost = stateAfter([
      ...open,
      { type: 'line', line: 'browser', state: 'lost' },
      { type: 'line', line: 'asterisk', state: 'lost' },
    ])
    expect(problemOf(bothLost)).toBe('line-lost')
    expect(problemOf(next(bothLost, { type: 'heartbeat-failed' }))).toBe('offline')
    expect(problemOf(next(bothLost, { type: 'microphone', microphone: 'refused' }))).toBe('microphone-refused')
    expect(problemOf(next(bothLost, { type: 'page', active: false }))).toBe('elsewhere')
  })

  it('lets go of the microphone when it is closed, and remembers that another page is in use', () => {
    const closed = stateAfter([...open, { type: 'page', active: false }, { type: 'closed' }])
    expect(closed).toMatchObject({ open: false, microphone: 'unasked', page: 'elsewhere', call: null })
  })
})
