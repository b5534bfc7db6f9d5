/**
 * The port of a line of the operator's telephone. Two adapters: SIP (`sip-line.ts`) and the program's own switch (`own-line.ts`).
 */
import type { LineState } from './state.ts'

export interface Line {
  /** Answers what rings, with the operator's voice. */
  answer(leg: string, voice: MediaStream): void
  /** Turns a ringing call away, or ends a conversation. Harmless when it is already over. */
  hangUp(leg: string): void
  /** The media connection of the conversation, to measure it. */
  connection(): RTCPeerConnection | undefined
  /** Lets go of the line. A conversation is not ended by it: who means to end one hangs up first. */
  close(): void
}

export type LineFact =
  | { type: 'line'; state: LineState }
  | { type: 'rings'; leg: string }
  /** The other side is heard through this stream; it may come again when the way of the sound was rebuilt. */
  | { type: 'sound'; leg: string; stream: MediaStream }
  | { type: 'reconnecting'; leg: string; on: boolean }
  | { type: 'ended'; leg: string }

export type HearLine = (fact: LineFact) => void
