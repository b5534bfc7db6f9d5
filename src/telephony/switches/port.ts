/**
 * The port to whatever carries the voice. Two adapters: Asterisk (`asterisk/`) and the browser (`browser/`, for trying without any
 * telephone). The life of a call knows only this port, so both are driven by the same interpreter, the same engine, the same journal.
 *
 * A leg is one party's line. Its identifier is the switch's own for a caller (an Asterisk channel that came in) and ours for everybody
 * whom we call. Requests about one call are sent one after the other; each is harmless when repeated, and one about a leg that is gone
 * does nothing. What happens comes back as facts, which may come twice.
 */

export type SwitchKind = 'asterisk' | 'browser'

/** What is said: a text of the flow (with its key, under which a recording may replace it), or a number read in the caller's language. */
export type Saying = { text: string; key?: string } | { number: number } | { digits: string }

export interface RingAgent {
  /** Our identifier for the agent's leg. */
  leg: string
  callId: string
  /** Null while the caller has none: a callback whose number has not been dialled. */
  callerLeg: string | null
  agentId: string
  /** The telephone's name, from `telephoneOf(agentId)` of the session that is registered. */
  telephone: string
  from: string | null
  timeoutMs: number
}

export interface Dial {
  leg: string
  callId: string
  /** Null when the leg that is dialled is the caller's own: a callback. */
  callerLeg: string | null
  /** E.164. */
  number: string
  from: string | null
  timeoutMs: number
}

/** Why a leg is ended by us. */
export type EndReason = 'normal' | 'busy' | 'no-answer' | 'answered-elsewhere' | 'unallocated' | 'congestion' | 'called-back'

export interface Switch {
  readonly kind: SwitchKind
  /** Begins to hand on facts. Facts of one call come in the order in which they happened. */
  start(hear: (fact: SwitchFact) => void): Promise<void>
  /** Takes the caller's call. */
  answer(leg: string): Promise<void>
  /** Lets the caller hear that the other side rings. */
  ring(leg: string): Promise<void>
  /** Marks the caller's leg as belonging to a call, so that it is known again after a restart. */
  name(leg: string, callId: string): Promise<void>
  /**
   * Says these one after the other. Ends with the fact `said`, also when it was cut off.
   * @param instead a playback, perhaps of the program that ran before us, that sounds until these are ready
   */
  say(leg: string, playback: string, sayings: readonly Saying[], language: string, instead?: string): Promise<void>
  /** Cuts off what is being said, at once. */
  hush(leg: string, playback: string): Promise<void>
  startMusic(leg: string): Promise<void>
  stopMusic(leg: string): Promise<void>
  /** Rings an agent. Returns when the request was taken; then `answered` or `ended` follows. @throws when the agent cannot be rung. */
  ringAgent(request: RingAgent): Promise<void>
  /** Rings a number over the trunk. */
  dial(request: Dial): Promise<void>
  /** Joins two legs, so that they hear each other. Music and sayings on them have been stopped. */
  join(callId: string, legs: readonly [string, string]): Promise<void>
  /** Takes them apart; both stay. */
  part(callId: string): Promise<void>
  hangUp(leg: string, reason: EndReason): Promise<void>
  /** Makes ready what will be said, so that nobody who has been answered waits for a voice. What cannot be spoken is a matter of `say`. */
  prepare(sayings: readonly Saying[], language: string): Promise<void>
  /**
   * Ends what is left of calls that are over, if it is so at two sweeps in a row: legs of ours that nobody expects, and bridges without legs.
   * Returns everything that the switch holds.
   */
  sweep(expects: (leg: PresentLeg) => boolean): Promise<readonly PresentLeg[]>
  /** Whether the switch can carry calls now; a sentence says why not. */
  health(): { ok: true } | { ok: false; reason: string }
  close(): Promise<void>
}

export type SwitchFact =
  /** Somebody calls a number of ours. */
  | { type: 'arrived'; leg: string; from: string | null; to: string }
  | { type: 'answered'; leg: string }
  | { type: 'key'; leg: string; key: string }
  | { type: 'said'; leg: string; playback: string }
  /**
   * The leg is gone. `busy`, `no-answer`, `declined`, `unreachable`: it was never answered; `page-gone`: nor was it, because the page on which
   * it rang was reloaded or died, for which its operator is not blamed. `normal`: its party hung up. `failed`: its telephone was lost (such a
   * page in a conversation, no answer to the question whether it is there); a caller who loses the operator so is kept. `lost`: the switch goes
   * away, and the leg with it.
   */
  | {
      type: 'ended'
      leg: string
      cause: 'normal' | 'busy' | 'no-answer' | 'declined' | 'unreachable' | 'page-gone' | 'failed' | 'lost'
    }
  /**
   * The switch was connected (again): everything that it holds now. What we know of and is not in it has ended in between; what is in it and
   * we do not know is taken up or hung up.
   */
  | { type: 'present'; legs: readonly PresentLeg[] }
  /** The switch is out of reach; its calls go on by themselves. */
  | { type: 'away' }

export interface PresentLeg {
  leg: string
  /** As `name` or the ringing said it. */
  callId: string | null
  role: 'caller' | 'agent' | 'office'
  answered: boolean
  /** The legs that it is joined with. */
  joinedWith: readonly string[]
  from: string | null
  to: string | null
}
