/**
 * What browsers and the program say to each other over the two WebSockets of the browser's telephone. JSON, one message a frame; plain
 * Zod, shared by server and pages.
 *
 *   /api/telephone/caller   public: the page "telephone", on which somebody calls an office's number
 *   /api/telephone/desk     signed-in: the operator's page, which is rung
 *
 * The program carries no voice: it tells the two pages to connect (`connect`), hands their WebRTC descriptions to and fro (`signal`), and
 * tells them to part (`disconnect`). A number, a menu, a text is spoken by the page itself, with its speech synthesis.
 *
 *   page                          program
 *    hello ───────────────────────▶            first message, always
 *          ◀─────────────────────── welcome
 *    dial (caller)                  leg · ringing · answered · say · hush · music
 *    said · key · hang-up ────────▶
 *          ◀─────────────────────── ring (desk)
 *    answer · decline · hang-up ──▶
 *          ◀─────────────────────── connect  (to both; one is the initiator and sends the offer)
 *    signal ◀─────────────────────▶ signal
 *          ◀─────────────────────── disconnect · ended
 *    await (caller, afterwards) ──▶            may be called back
 *          ◀─────────────────────── ring (caller)
 *    answer · hang-up ────────────▶
 *
 * A page that loses its socket keeps the voice, connects again within `reconnect.keepCallerMs` or `keepAgentMs` and says `hello` with the last `leg.token` that
 * it was given: it goes on where it was, also when the program was started anew in between. A page that is reloaded has lost its voice: it
 * says `hello` without a leg. When it can, a page says before it goes: `hang-up` (caller), `leave` (desk: the caller then hears music at once).
 */
import { z } from 'zod'

export const protocolVersion = 1

export const paths = { caller: '/api/telephone/caller', desk: '/api/telephone/desk' } as const

/** Times in milliseconds. */
export const reconnect = {
  /** A page tries again after these pauses, in turn; the last one for ever. */
  pausesMs: [250, 500, 1_000, 2_000],
  /** How long the program keeps a leg whose socket has gone without a word: shorter for an operator, whose caller hears nothing meanwhile. */
  keepCallerMs: 6_000,
  keepAgentMs: 3_000,
} as const

/** Why a socket was closed by the program (RFC 6455 §7.4.2: 4000–4999 are ours). */
export const closeCodes = {
  /** A message that is not of this protocol; the reason says which field. */
  badMessage: 4400,
  /** The session has ended. */
  signedOut: 4401,
  /** The public telephone is switched off. */
  switchedOff: 4403,
  /** Another socket of the same page, or the telephone of another page of the same operator, has taken its place. */
  replaced: 4409,
  tooBig: 4413,
  /** The page speaks another version: load it anew. */
  otherVersion: 4426,
  /** Too many telephones from this address, or too many messages. */
  tooMany: 4429,
} as const

export const maxMessageLength = 32_768

const Id = z.string().min(1).max(100)
const Token = z.string().min(1).max(1_000)
/** E.164. */
export const Number164 = z.string().regex(/^\+[1-9]\d{5,14}$/)
export const Key = z.string().regex(/^[0-9*#]$/)

/** What WebRTC wants carried to the other side. An empty candidate says that there are no more. */
export const Signal = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('offer'), sdp: z.string().max(24_000) }),
  z.strictObject({ kind: z.literal('answer'), sdp: z.string().max(24_000) }),
  z.strictObject({
    kind: z.literal('candidate'),
    candidate: z.string().max(1_000),
    sdpMid: z.string().max(100).nullable(),
    sdpMLineIndex: z.number().int().min(0).max(100).nullable(),
  }),
])
export type Signal = z.infer<typeof Signal>

/** The leg that a page goes on with: the last token, and the connection of its voice that is still alive, if there is one. */
const Resume = z.strictObject({ token: Token, connection: Id.nullable() })

const signal = z.strictObject({ type: z.literal('signal'), connection: Id, signal: Signal })

// --- from the pages -------------------------------------------------------------------------------------------------

export const FromCaller = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('hello'), version: z.number().int(), resume: Resume.optional() }),
  /** Calls a number. `from` is the number to show, as on any telephone: it identifies nobody. */
  z.strictObject({ type: z.literal('dial'), to: Number164, from: Number164.nullable() }),
  z.strictObject({ type: z.literal('key'), key: Key }),
  /** The saying was spoken to its end. Not sent for one that was hushed. */
  z.strictObject({ type: z.literal('said'), playback: Id }),
  z.strictObject({ type: z.literal('hang-up') }),
  /**
   * After a call: this page is the telephone of who made it, and rings when that call is called back. The last token of its leg proves it: nobody is
   * called back at a page that merely says a number.
   */
  z.strictObject({ type: z.literal('await'), token: Token }),
  z.strictObject({ type: z.literal('answer'), leg: Id }),
  signal,
])
export type FromCaller = z.infer<typeof FromCaller>

export const FromDesk = z.discriminatedUnion('type', [
  /** `pageId` is the one of the desk's heartbeat: made anew at each load of the page. */
  z.strictObject({
    type: z.literal('hello'),
    version: z.number().int(),
    pageId: z.string().min(8).max(100),
    resume: Resume.optional(),
  }),
  z.strictObject({ type: z.literal('answer'), leg: Id }),
  z.strictObject({ type: z.literal('decline'), leg: Id }),
  z.strictObject({ type: z.literal('hang-up'), leg: Id }),
  /** The page is being left or reloaded: its voice ends, the conversation shall not. Closing the socket with 1000 says the same. */
  z.strictObject({ type: z.literal('leave') }),
  signal,
])
export type FromDesk = z.infer<typeof FromDesk>

// --- from the program -----------------------------------------------------------------------------------------------

const IceServer = z.object({ urls: z.string(), username: z.string().optional(), credential: z.string().optional() })
/** `resumed`: the leg that the page asked for goes on. False: it is gone, and so is its voice. */
const welcome = z.object({
  type: z.literal('welcome'),
  version: z.number().int(),
  resumed: z.boolean(),
  iceServers: z.array(IceServer),
})
/** Begin to connect the voices. A `connect` for a leg that has a connection replaces it. */
const connect = z.object({ type: z.literal('connect'), connection: Id, leg: Id, initiator: z.boolean() })
/** Let go of the voice of the other side; the call goes on. */
const disconnect = z.object({ type: z.literal('disconnect'), connection: Id })
export const EndCause = z.enum([
  'normal',
  'busy',
  'no-answer',
  'answered-elsewhere',
  'unallocated',
  'congestion',
  'failed',
  'called-back',
])
export type EndCause = z.infer<typeof EndCause>
const ended = z.object({ type: z.literal('ended'), leg: Id, cause: EndCause })

export const ToCaller = z.discriminatedUnion('type', [
  welcome,
  /** Keep the token for `resume`. A new one replaces it. */
  z.object({ type: z.literal('leg'), leg: Id, token: Token, callId: Id.nullable() }),
  /** A callback: rings for `timeoutMs` at most; `ended` stops it. Keep the token for `resume`. */
  z.object({
    type: z.literal('ring'),
    leg: Id,
    token: Token,
    callId: Id,
    from: z.string().nullable(),
    timeoutMs: z.number().int(),
  }),
  z.object({ type: z.literal('ringing') }),
  z.object({ type: z.literal('answered') }),
  /** Speak this and show it; then send `said`. It replaces what is being spoken. */
  z.object({ type: z.literal('say'), playback: Id, text: z.string(), language: z.string() }),
  z.object({ type: z.literal('hush'), playback: Id }),
  z.object({ type: z.literal('music'), on: z.boolean() }),
  connect,
  disconnect,
  z.object({ type: z.literal('signal'), connection: Id, signal: Signal }),
  ended,
])
export type ToCaller = z.infer<typeof ToCaller>

export const ToDesk = z.discriminatedUnion('type', [
  welcome,
  /**
   * Rings for `timeoutMs` at most; `ended` stops it. The card is at `GET /api/calls/mine`. Keep the token for `resume`; when the same leg
   * comes again, only the token is new.
   */
  z.object({
    type: z.literal('ring'),
    leg: Id,
    token: Token,
    callId: Id,
    from: z.string().nullable(),
    timeoutMs: z.number().int(),
  }),
  connect,
  disconnect,
  z.object({ type: z.literal('signal'), connection: Id, signal: Signal }),
  ended,
])
export type ToDesk = z.infer<typeof ToDesk>
