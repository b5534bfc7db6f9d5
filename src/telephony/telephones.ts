/** The Asterisk telephones of a running program, for the routes: they are set when telephony starts and gone when it stops. */
import type { House } from '../platform/index.ts'
import { AriError } from './ari/index.ts'
import type { Telephones } from './asterisk/index.ts'
import type { TelephoneCredentials } from './model.ts'

/** What the routes need of a running telephony. */
export interface RunningTelephones {
  telephones: Pick<Telephones, 'credentials'>
  /** A page asks for a telephone. */
  asked(personId: string, pageId: string): void
}

/** By the journal's tail, which all parts of one program share, each with connections of its own. */
const running = new WeakMap<House['tail'], RunningTelephones>()

/** Says whose telephones the house has from now on; undefined when none. */
export function setTelephones(house: House, telephones: RunningTelephones | undefined): void {
  if (telephones) running.set(house.tail, telephones)
  else running.delete(house.tail)
}

/** Credentials at Asterisk; null when there is none, or it does not answer: the page asks again when it comes back. */
export async function telephonesOf(
  house: House,
  { sessionId, personId, pageId }: { sessionId: string; personId: string; pageId: string },
): Promise<TelephoneCredentials['asterisk']> {
  const here = running.get(house.tail)
  if (!here) return null
  try {
    const { uri, user, password } = await here.telephones.credentials({ sessionId, personId })
    here.asked(personId, pageId)
    return { socket: '/api/telephone/sip', uri, user, password }
  } catch (error) {
    if (!(error instanceof AriError)) throw error
    house.log.warn({ error: error.message }, 'telephony: no telephone could be made')
    return null
  }
}
