/**
 * What we remember of each leg while the program runs: whose call it is, what is being said to it, whether music is wanted.
 * It is rebuilt from Asterisk's own lists at each connection, so nothing here has to survive us.
 */
import type { PresentLeg } from '../port.ts'

export interface AsteriskLeg {
  readonly id: string
  readonly role: PresentLeg['role']
  callId: string | null
  /** Requests about legs of one mailbox go one after the other: the caller's leg names it. */
  mailbox: string
  answered: boolean
  /** Music is to be heard whenever nothing is said. */
  music: boolean
  /** Hears ringing from us, which must stop before it hears anybody. */
  ringing: boolean
  /** Found in Asterisk, begun by the program that ran before us: it may hear music or ringing that we know nothing of. */
  adopted: boolean
  /** Sayings that have not ended, by playback. */
  readonly sayings: Map<string, OngoingSpeech>
  /** The playback that has been said and of which the tail sounds. */
  tail: string | null
  /** How the line is being lost, once Asterisk says so; null as long as its end would be its party's own. */
  loss: 'failed' | 'lost' | null
}

export interface OngoingSpeech {
  /** Asked to be cut off, perhaps before Asterisk was told to begin. */
  cut: boolean
  /** Asterisk was told to begin. */
  begun: boolean
  /** The media of the tail: when the first begins, all was said. */
  tail: readonly string[]
}

export interface Legs {
  get(id: string): AsteriskLeg | undefined
  /** The leg, made when it is not known. */
  take(id: string, role: PresentLeg['role']): AsteriskLeg
  /** Ties a leg to a call; the call's requests go to this leg's mailbox if it is the caller's. */
  belongs(leg: AsteriskLeg, callId: string): void
  mailboxOfCall(callId: string): string
  forget(id: string): void
  all(): Iterable<AsteriskLeg>
  /** Takes over what Asterisk holds and forgets everything else. Returns the legs that are gone. */
  replace(present: readonly PresentLeg[]): AsteriskLeg[]
}

export const newLeg = (id: string, role: AsteriskLeg['role']): AsteriskLeg => ({
  id,
  role,
  callId: null,
  mailbox: id,
  answered: false,
  music: false,
  ringing: false,
  adopted: false,
  sayings: new Map(),
  tail: null,
  loss: null,
})

export function openLegs(): Legs {
  const legs = new Map<string, AsteriskLeg>()
  /** The caller's leg of each call. */
  const callers = new Map<string, string>()

  const take: Legs['take'] = (id, role) => {
    const known = legs.get(id)
    if (known) return known
    const leg = newLeg(id, role)
    legs.set(id, leg)
    return leg
  }
  const belongs: Legs['belongs'] = (leg, callId) => {
    leg.callId = callId
    if (leg.role === 'caller') callers.set(callId, leg.id)
    else leg.mailbox = callers.get(callId) ?? callId
  }
  const forget: Legs['forget'] = id => {
    const leg = legs.get(id)
    legs.delete(id)
    if (leg?.callId && callers.get(leg.callId) === id) callers.delete(leg.callId)
  }
  return {
    get: id => legs.get(id),
    take,
    belongs,
    mailboxOfCall: callId => callers.get(callId) ?? callId,
    forget,
    all: () => legs.values(),
    replace(present) {
      const there = new Set(present.map(({ leg }) => leg))
      const gone = [...legs.values()].filter(({ id }) => !there.has(id))
      for (const { id } of gone) forget(id)
      // Callers first: their legs name the mailboxes of the others.
      for (const { leg: id, role, callId, answered } of present.toSorted(callersFirst)) {
        const adopted = !legs.has(id)
        const leg = take(id, role)
        leg.adopted ||= adopted
        leg.answered = answered
        if (callId !== null) belongs(leg, callId)
      }
      return gone
    },
  }
}

const callersFirst = (a: PresentLeg, b: PresentLeg): number => Number(b.role === 'caller') - Number(a.role === 'caller')
