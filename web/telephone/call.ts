/**
 * A call on the citizen's telephone. Pure: what the program says in, what is shown out.
 *
 *   idle ──dial──▶ calling ──▶ ringing ──▶ answered ⇄ talking ──▶ ended ──dial──▶ calling
 *                     └──────────────────────┴───────────────────▲
 *
 *   idle, ended ──ring──▶ rung ──picked up──▶ answered      the program calls back
 *
 * In `answered` somebody or something is at the other end: the automatic answerer speaks, or there is music. In `talking` it is a person.
 */
import type { EndCause, ToCaller } from '../../src/telephony/switches/browser/protocol.ts'

export interface Saying {
  playback: string
  text: string
  language: string
}

/** One line of what was heard and pressed. */
export interface Heard {
  id: number
  kind: 'said' | 'key'
  text: string
  language: string
  /** It was cut off before its end. */
  cut: boolean
}

export interface CallState {
  stage: 'idle' | 'calling' | 'ringing' | 'rung' | 'answered' | 'ended'
  number: string | null
  /** The leg that rings here. */
  rung: string | null
  saying: Saying | null
  music: boolean
  /** The voice of a person is connected. */
  talking: boolean
  /** There was a person in this call already: music means now that one is asked to wait. */
  talked: boolean
  /** When the voice of the person came first; milliseconds since 1970. */
  talkingSince: number | null
  /** The connection to the program is being sought again. */
  lost: boolean
  heard: readonly Heard[]
  cause: EndCause | 'lost' | 'outdated' | 'too-many' | 'switched-off' | null
}

export const idle: CallState = {
  stage: 'idle',
  number: null,
  rung: null,
  saying: null,
  music: false,
  talking: false,
  talked: false,
  talkingSince: null,
  lost: false,
  heard: [],
  cause: null,
}

export type CallFact =
  | { type: 'dial'; number: string }
  | { type: 'from-program'; message: ToCaller; now: number }
  | { type: 'spoken'; playback: string }
  | { type: 'pressed'; key: string }
  | { type: 'hung-up' }
  | { type: 'socket'; lost: boolean }
  | { type: 'gone'; cause: 'lost' | 'outdated' | 'too-many' | 'switched-off' }

const isOver = (state: CallState): boolean => state.stage === 'idle' || state.stage === 'ended'

export function nextCall(state: CallState, fact: CallFact): CallState {
  switch (fact.type) {
    case 'dial':
      return isOver(state) ? { ...idle, stage: 'calling', number: fact.number } : state
    case 'from-program':
      return take(state, fact.message, fact.now)
    case 'spoken':
      return state.saying?.playback === fact.playback ? { ...state, saying: null } : state
    case 'pressed':
      return isOver(state) ? state : { ...state, heard: [...state.heard, line(state, 'key', fact.key, '')] }
    case 'hung-up':
      return isOver(state) ? state : ended(state, 'normal')
    case 'socket':
      return isOver(state) ? { ...state, lost: false } : { ...state, lost: fact.lost }
    case 'gone':
      return isOver(state) ? state : ended(state, fact.cause)
  }
}

function take(state: CallState, message: ToCaller, now: number): CallState {
  if (message.type === 'ring' && isOver(state)) return { ...idle, stage: 'rung', number: message.from, rung: message.leg }
  if (isOver(state)) return state
  switch (message.type) {
    case 'ringing':
      return state.stage === 'calling' ? { ...state, stage: 'ringing' } : state
    case 'answered':
      return { ...state, stage: 'answered' }
    case 'say': {
      const { playback, text, language } = message
      // The program says it again after a lost connection: it is one line all the same.
      if (state.saying?.playback === playback) return state
      return {
        ...cutOff(state),
        saying: { playback, text, language },
        // An operator who holds the line says nothing by the program: who is spoken to has been passed on, and waits for somebody else.
        talked: state.talking && state.talked,
        heard: [...cutOff(state).heard, line(state, 'said', text, language)],
      }
    }
    case 'hush':
      return state.saying?.playback === message.playback ? { ...cutOff(state), saying: null } : state
    case 'music':
      return { ...state, music: message.on }
    case 'connect':
      return { ...state, stage: 'answered', talking: true, talked: true, talkingSince: state.talkingSince ?? now, music: false }
    case 'disconnect':
      return { ...state, talking: false }
    case 'ended':
      return ended(state, message.cause)
    default:
      return state
  }
}

const line = (state: CallState, kind: Heard['kind'], text: string, language: string): Heard => ({
  id: state.heard.length + 1,
  kind,
  text,
  language,
  cut: false,
})

/** What is being said now was not said to its end. */
function cutOff(state: CallState): CallState {
  if (!state.saying) return state
  const last = state.heard.findLast(each => each.kind === 'said')
  return { ...state, heard: state.heard.map(each => (each === last ? { ...each, cut: true } : each)) }
}

const ended = (state: CallState, cause: CallState['cause']): CallState => ({
  ...cutOff(state),
  stage: 'ended',
  saying: null,
  music: false,
  talking: false,
  lost: false,
  cause,
})

/** What the display says; the name of a sentence (`web-telephone:state.<name>`). */
export function displayOf(state: CallState): string {
  if (state.stage === 'ended') return `ended.${state.cause ?? 'normal'}`
  if (state.stage !== 'answered') return state.stage
  if (state.talking) return 'talking'
  if (state.saying) return 'listening'
  if (state.music) return state.talked ? 'held' : 'waiting'
  return 'answered'
}
