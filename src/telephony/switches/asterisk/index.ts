/**
 * The door to Asterisk as a switch: the port, the operators' telephones and the socket that carries their SIP.
 */
import { fallbackNumbers } from '../../../organisation/index.ts'
import type { House, SocketRoute } from '../../../platform/index.ts'
import { promptOfSentence } from '../../prompts/heard.ts'
import { openPrompts, type PromptText, speechHere } from '../../prompts/index.ts'
import { followRecordings } from '../../prompts/recordings/follow.ts'
import { soundFolder } from '../../prompts/recordings/service.ts'
import type { Asterisk } from '../ari/discover.ts'
import { type AriClient, type AriOptions, openAri } from '../ari/index.ts'
import type { Switch } from '../port.ts'
import { keepFallbacks } from './fallbacks.ts'
import { sipSocket } from './socket.ts'
import { asteriskSwitch, eventsOfSwitch } from './switch.ts'
import { openTelephones, type Telephones } from './telephones.ts'

export { type Asterisk, discoverAsterisk } from '../ari/discover.ts'
export { asteriskSwitch, CannotRing } from './switch.ts'
export type { Credentials, Telephones } from './telephones.ts'

export interface AsteriskTelephony {
  /** `start` it to take calls; closing it closes everything of this door. Calls go on in Asterisk. */
  readonly switch: Switch
  readonly telephones: Telephones
  /** For the pages: `/api/telephone/sip`. */
  readonly socket: SocketRoute
  /** Speaks the prompts of a flow beforehand, so that no caller waits for a voice. Says in the log what could not be spoken. */
  prepare(prompts: readonly PromptText[]): Promise<void>
  readonly ari: AriClient
}

/**
 * Opens the way to an Asterisk. It need not be there: the connection is made when it can be, and again whenever it is lost.
 * @param options of the client, for tests
 */
export async function openAsteriskSwitch(
  house: House,
  asterisk: Asterisk,
  options: Partial<AriOptions> = {},
): Promise<AsteriskTelephony> {
  const { config, clock, log } = house
  // Connected when the switch starts: a call must not arrive before somebody listens.
  const ari = openAri({
    ...{ ...asterisk, clock, log, random: Math.random, events: eventsOfSwitch },
    ...options,
    connectAtOnce: false,
  })
  // A new recording is fetched before a caller needs it.
  const recordings = asterisk.sounds && (await followRecordings(house, () => void prepare(recordings?.all() ?? [])))
  const prompts =
    asterisk.sounds &&
    openPrompts({
      folder: soundFolder(house),
      sounds: asterisk.sounds,
      speech: speechHere(config.SPEECH_URL),
      ...(recordings ? { recordings } : {}),
      pleaseWait: language => promptOfSentence('pleaseWait', language),
      complain: ({ key, language }, error) =>
        log.error({ key, language, error: String(error) }, 'telephony: a recording could not be had; its text is spoken'),
    })
  async function prepare(list: readonly PromptText[]): Promise<void> {
    try {
      for (const { prompt, error } of (await prompts?.prepare(list)) ?? [])
        log.error({ key: prompt.key, language: prompt.language, error: error.message }, 'telephony: a prompt could not be spoken')
    } catch (error) {
      log.error({ error: String(error) }, 'telephony: prompts could not be made ready')
    }
  }
  // Those that are there already come first: they need no voice.
  void prepare(recordings?.all() ?? [])
  const lines = asteriskSwitch({ ari, prompts, log })
  const telephones = await openTelephones(house, ari)
  const stopFallbacks = keepFallbacks(ari, log, () => fallbackNumbers(house.database.kysely))
  return {
    switch: {
      ...lines,
      async start(hear) {
        await lines.start(hear)
        ari.connect()
      },
      async close() {
        telephones.close()
        recordings?.close()
        stopFallbacks()
        await lines.close()
      },
    },
    telephones,
    socket: sipSocket({ url: asterisk.url, telephones }),
    prepare,
    ari,
  }
}
