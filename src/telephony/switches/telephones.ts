/** The Asterisk telephones of a running program, for the routes: they are set when telephony starts and gone when it stops. */
import type { House } from '../../platform/index.ts'
import type { TelephoneCredentials } from '../model.ts'
import { AriError } from './ari/index.ts'
import type { Telephones } from './asterisk/index.ts'

/** What the routes need of a running telephony. */
export interface RunningTelephones {
  telephones: Pick<Telephones, 'credentials'>
  /** A page asks for a telephone. */
  asked(personId: string, pageId: string): void
}

declare module '../../platform/index.ts' {
  interface HouseParts {
    telephones: RunningTelephones
  }
}

/** Says whose telephones the house has from now on; undefined when none. */
export function setTelephones(house: House, telephones: RunningTelephones | undefined): void {
  if (telephones) house.parts.telephones = telephones
  else delete house.parts.telephones
}

/** Credentials at Asterisk; null when there is none, or it does not answer: the page asks again when it comes back. */
export async function telephonesOf(
  house: House,
  { sessionId, personId, pageId }: { sessionId: string; personId: string; pageId: string },
): Promise<TelephoneCredentials['asterisk']> {
  const here = house.parts.telephones
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
