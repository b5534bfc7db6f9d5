/** The Asterisk telephones of a running program, for the routes: they are set when telephony starts and gone when it stops. */
import type { House } from '../platform/index.ts'
import { AriError } from './ari/index.ts'
import type { Telephones } from './asterisk/index.ts'
import type { TelephoneCredentials } from './model.ts'

const running = new WeakMap<House, Telephones>()

/** Says whose telephones the house has from now on; undefined when none. */
export function setTelephones(house: House, telephones: Telephones | undefined): void {
  if (telephones) running.set(house, telephones)
  else running.delete(house)
}

/** Credentials at Asterisk; null when there is none, or it does not answer: the page asks again when it comes back. */
export async function telephonesOf(
  house: House,
  session: { sessionId: string; personId: string },
): Promise<TelephoneCredentials['asterisk']> {
  const telephones = running.get(house)
  if (!telephones) return null
  try {
    const { uri, user, password } = await telephones.credentials(session)
    return { socket: '/api/telephone/sip', uri, user, password }
  } catch (error) {
    if (!(error instanceof AriError)) throw error
    house.log.warn({ error: error.message }, 'telephony: no telephone could be made')
    return null
  }
}
