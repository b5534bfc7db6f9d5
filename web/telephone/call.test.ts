import { describe, expect, it } from 'vitest'
import type { ToCaller } from '../../src/telephony/switches/browser/protocol.ts'
import { type CallFact, type CallState, displayOf, idle, nextCall } from './call.ts'

const from = (message: ToCaller): CallFact => ({ type: 'from-program', message, now: 1_000 })
const say = (playback: string, text: string): CallFact => from({ type: 'say', playback, text, language: 'it' })
const run = (facts: readonly CallFact[], state: CallState = idle): CallState => facts.reduce(nextCall, state)
const answered: readonly CallFact[] = [
  { type: 'dial', number: '+390600000001' },
  from({ type: 'ringing' }),
  from({ type: 'answered' }),
]

describe('the citizen’s telephone', () => {
  it('dials, hears the answerer, presses a key that cuts it off, waits and talks', () => {
    const listening = run([...answered, say('p1', 'Benvenuto.')])
    expect(displayOf(listening)).toBe('listening')
    const pressed = run([{ type: 'pressed', key: '1' }, from({ type: 'hush', playback: 'p1' })], listening)
    expect(pressed.heard.map(each => [each.kind, each.text, each.cut])).toEqual([
      ['said', 'Benvenuto.', true],
      ['key', '1', false],
    ])
    const waiting = nextCall(pressed, from({ type: 'music', on: true }))
    expect(displayOf(waiting)).toBe('waiting')
    const talking = nextCall(waiting, from({ type: 'connect', connection: 'c', leg: 'l', initiator: true }))
    expect(displayOf(talking)).toBe('talking')
    expect(talking.talkingSince).toBe(1_000)
  })

  it('tells waiting for somebody from being asked to wait by somebody', () => {
    const held = run([
      ...answered,
      from({ type: 'connect', connection: 'c', leg: 'l', initiator: true }),
      from({ type: 'disconnect', connection: 'c' }),
      from({ type: 'music', on: true }),
    ])
    expect(displayOf(held)).toBe('held')
    // Passed on to a section, the citizen hears a place in the line, and then music: nobody holds the call.
    const passedOn = nextCall(held, say('p9', 'Prima di lei c’è una persona.'))
    expect(displayOf(passedOn)).toBe('listening')
    expect(displayOf(nextCall(passedOn, { type: 'spoken', playback: 'p9' }))).toBe('waiting')
  })

  it('shows a saying once, although the program repeats it after a lost connection', () => {
    const state = run([
      ...answered,
      say('p1', 'Benvenuto.'),
      { type: 'socket', lost: true },
      { type: 'socket', lost: false },
      say('p1', 'Benvenuto.'),
    ])
    expect(state.heard).toHaveLength(1)
    expect(state.lost).toBe(false)
  })

  it('says why a call ended, and takes nothing more of it', () => {
    const busy = run([...answered.slice(0, 2), from({ type: 'ended', leg: 'l', cause: 'busy' })])
    expect(displayOf(busy)).toBe('ended.busy')
    expect(run([say('p9', 'Pronto?'), { type: 'pressed', key: '1' }], busy)).toBe(busy)
    expect(run([{ type: 'dial', number: '+390600000002' }], busy)).toMatchObject({ stage: 'calling', heard: [] })
  })
})
