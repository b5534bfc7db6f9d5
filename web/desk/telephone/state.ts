/**
 * What the operator's telephone in the browser is doing. Pure: facts in, the new state out.
 *
 * Two lines lead to it: SIP from Asterisk, and the program's own switch, for trying without any telephone. Nobody who works with it has to
 * know which one rings.
 *
 *   off ──open──▶ idle ──rings──▶ ringing ──answer──▶ answering ──sound──▶ talking
 *                   ▲                │                    │                   │
 *                   └────────────────┴──────ended─────────┴───────ended───────┘
 *
 * An answer may come before the line rings, because the card of the call can overtake it: it is kept, and given when the line rings.
 * What the conversation is (held, interrupted, transferred) the program says; here is only what this page's line does.
 */
import type { NoMicrophone } from '../../shared/telephone/media.ts'

export type LineKind = 'asterisk' | 'browser'

/** `absent`: this installation has no such line. `lost`: it was there and is being sought again. */
export type LineState = 'absent' | 'connecting' | 'ready' | 'lost' | 'refused'

export type Microphone = 'unasked' | 'asking' | 'open' | NoMicrophone

export interface Ringing {
  line: LineKind
  /** The line's own name for the call; a line has at most one. */
  leg: string
  stage: 'ringing' | 'answering' | 'talking'
  /** The connection is being rebuilt; sound may be missing for a moment. */
  reconnecting: boolean
}

/** What the telephone of another tab of this browser is doing. */
export interface ElsewhereCall {
  muted: boolean
  /** Null between calls. */
  stage: Ringing['stage'] | null
  reconnecting: boolean
}

export interface TelephoneState {
  open: boolean
  microphone: Microphone
  lines: Readonly<Record<LineKind, LineState>>
  /** Whether this page is the one that gets the calls. */
  page: 'active' | 'elsewhere' | 'unknown'
  /** The telephone of another tab of this browser; null when there is none, or it is on another machine. */
  elsewhere: ElsewhereCall | null
  /** The heartbeat did not reach the program. */
  offline: boolean
  call: Ringing | null
  muted: boolean
  /** An answer that was given before the line rang, and until when it holds (milliseconds since 1970). */
  answerUntil: number | null
}

export const off: TelephoneState = {
  open: false,
  microphone: 'unasked',
  lines: { asterisk: 'absent', browser: 'absent' },
  page: 'unknown',
  elsewhere: null,
  offline: false,
  call: null,
  muted: false,
  answerUntil: null,
}

export type TelephoneFact =
  | { type: 'opened'; lines: readonly LineKind[] }
  | { type: 'closed' }
  | { type: 'microphone'; microphone: Microphone }
  | { type: 'line'; line: LineKind; state: LineState }
  | { type: 'page'; active: boolean }
  /** The tab that had the telephone has let go of it: whichever wants it may have it. */
  | { type: 'page-free' }
  | { type: 'elsewhere'; call: ElsewhereCall | null }
  | { type: 'heartbeat-failed' }
  | { type: 'rings'; line: LineKind; leg: string }
  | { type: 'answer'; now: number }
  | { type: 'answer-lapsed' }
  | { type: 'sound'; leg: string }
  | { type: 'reconnecting'; leg: string; on: boolean }
  | { type: 'ended'; leg: string }
  | { type: 'mute'; on: boolean }

/** An early answer is forgotten after so long: the next call must not be answered by it. */
export const earlyAnswerMs = 4_000

export function next(state: TelephoneState, fact: TelephoneFact): TelephoneState {
  switch (fact.type) {
    case 'opened':
      return {
        ...state,
        open: true,
        lines: {
          asterisk: fact.lines.includes('asterisk') ? keep(state.lines.asterisk) : 'absent',
          browser: fact.lines.includes('browser') ? keep(state.lines.browser) : 'absent',
        },
      }
    case 'closed':
      return {
        ...off,
        microphone: state.microphone === 'open' ? 'unasked' : state.microphone,
        page: state.page,
        elsewhere: state.elsewhere,
      }
    case 'microphone':
      return { ...state, microphone: fact.microphone }
    case 'line':
      return { ...state, lines: { ...state.lines, [fact.line]: fact.state } }
    case 'page':
      return {
        ...state,
        page: fact.active ? 'active' : 'elsewhere',
        elsewhere: fact.active ? null : state.elsewhere,
        offline: false,
      }
    case 'page-free':
      return state.page === 'elsewhere' ? { ...state, page: 'unknown', elsewhere: null } : state
    case 'elsewhere':
      // A tab that has the telephone listens to nobody else's.
      return state.page === 'active' ? state : { ...state, elsewhere: fact.call }
    case 'heartbeat-failed':
      return { ...state, offline: true }
    case 'rings':
      // One conversation at a time: whoever rings during another is turned away by the line.
      if (state.call && state.call.leg !== fact.leg) return state
      return { ...state, call: { line: fact.line, leg: fact.leg, stage: 'ringing', reconnecting: false }, muted: false }
    case 'answer':
      if (!state.call) return { ...state, answerUntil: fact.now + earlyAnswerMs }
      return state.call.stage === 'ringing' ? { ...state, call: { ...state.call, stage: 'answering' }, answerUntil: null } : state
    case 'answer-lapsed':
      return state.answerUntil === null ? state : { ...state, answerUntil: null }
    case 'sound':
      return onCall(state, fact.leg, call => ({ ...call, stage: 'talking', reconnecting: false }))
    case 'reconnecting':
      return onCall(state, fact.leg, call => ({ ...call, reconnecting: fact.on }))
    case 'ended':
      return state.call?.leg === fact.leg ? { ...state, call: null, muted: false, answerUntil: null } : state
    case 'mute':
      return { ...state, muted: fact.on }
  }
}

const keep = (line: LineState): LineState => (line === 'absent' ? 'connecting' : line)

function onCall(state: TelephoneState, leg: string, change: (call: Ringing) => Ringing): TelephoneState {
  return state.call?.leg === leg ? { ...state, call: change(state.call) } : state
}

/** What the operator hears and says just now, in whichever tab: what is shown, and what buttons act on. */
export interface HandSet {
  /** `none`: the telephone is on another machine, or nowhere. */
  where: 'here' | 'other-tab' | 'none'
  muted: boolean
  stage: Ringing['stage'] | null
  reconnecting: boolean
}

export function handSetOf({ page, call, muted, elsewhere }: TelephoneState): HandSet {
  // A conversation that was going on when another tab took the telephone over stays here to its end.
  if (page !== 'elsewhere' || call) {
    return { where: 'here', muted, stage: call?.stage ?? null, reconnecting: call?.reconnecting ?? false }
  }
  return elsewhere ? { where: 'other-tab', ...elsewhere } : { where: 'none', muted: false, stage: null, reconnecting: false }
}

/** Whether the answer that was given early belongs to what rings now. */
export const answersAtOnce = (state: TelephoneState, now: number): boolean =>
  state.call?.stage === 'ringing' && state.answerUntil !== null && now <= state.answerUntil

/** Whether a call may be offered to this page: it can be heard and can speak, and it is the page in use. */
export function isReady(state: TelephoneState): boolean {
  const reachable = state.lines.asterisk === 'ready' || state.lines.browser === 'ready'
  return state.open && state.microphone === 'open' && reachable
}

/** What keeps the telephone from working, as the name of a sentence (`desk.problem.<name>`); null when nothing does. */
export type TelephoneProblem =
  | 'elsewhere'
  | 'microphone-refused'
  | 'microphone-missing'
  | 'microphone-busy'
  | 'microphone-unsupported'
  | 'offline'
  | 'line-lost'
  | 'line-refused'

export function problemOf(state: TelephoneState): TelephoneProblem | null {
  if (state.page === 'elsewhere') return 'elsewhere'
  switch (state.microphone) {
    case 'refused':
      return 'microphone-refused'
    case 'missing':
      return 'microphone-missing'
    case 'busy':
      return 'microphone-busy'
    case 'unsupported':
      return 'microphone-unsupported'
  }
  if (!state.open) return null
  if (state.offline) return 'offline'
  const lines = Object.values(state.lines).filter(line => line !== 'absent')
  if (lines.includes('ready') || lines.includes('connecting')) return null
  if (lines.includes('lost')) return 'line-lost'
  return lines.includes('refused') ? 'line-refused' : null
}
