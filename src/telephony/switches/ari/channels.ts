/**
 * Requests about channels. Ids are chosen by us and known before the request, because Asterisk's first event about a channel may
 * arrive before the answer to the request that made it.
 */
import { z } from 'zod'
import { Bug } from '../../../platform/index.ts'
import { AriNotFound } from './errors.ts'
import { type AriHttp, path } from './http.ts'
import { AriChannel } from './model.ts'
import { type Play, playRequest } from './playbacks.ts'

/** Variables by name. Those given here travel with every event of the channel and with every list of channels. */
export type Variables = Readonly<Record<string, string>>

export interface Originate {
  /** Our id for the new channel. */
  readonly channelId: string
  /** Whom to call, e.g. `PJSIP/anna` or `PJSIP/+390600000000@trunk`. */
  readonly endpoint: string
  /** Handed to `StasisStart` when the other side answers. */
  readonly args: readonly string[]
  /** Shown to the other side: `"Name" <number>` or a number. */
  readonly callerId?: string
  readonly timeoutSeconds?: number
  /** State of ours that Asterisk keeps for us. */
  readonly variables?: Variables
  /** Settings of the channel that are read when it is made, e.g. `PJSIP_HEADER(add,X-FD-Call)`, and are not reported. */
  readonly settings?: Variables
  /** The channel on whose behalf this one is made; takes its language, and its formats unless the endpoint forbids them. */
  readonly originator?: string
}

/** Q.850 causes for hanging up, by the names that Asterisk takes. */
export type HangUpReason =
  | 'normal'
  | 'busy'
  | 'congestion'
  | 'no_answer'
  | 'answered_elsewhere'
  | 'unallocated'
  | 'timeout'
  | 'normal_unspecified'

export interface ChannelRequests {
  list(): Promise<AriChannel[]>
  /**
   * Calls somebody. The channel comes under our control (`StasisStart`) when it is answered; until then it may be hung up.
   * @throws AriConflict when the id is taken: the same request was carried out before.
   */
  originate(request: Originate): Promise<AriChannel>
  /** @throws AriNotFound, AriConflict when it is not in our application. The same holds for all that follow. */
  answer(id: string): Promise<void>
  /** Lets the other side hear ringing. */
  ring(id: string): Promise<void>
  stopRinging(id: string): Promise<void>
  /** Plays music until it is stopped. Survives us: see docs/telephony.md. */
  startMusic(id: string, musicClass?: string): Promise<void>
  stopMusic(id: string): Promise<void>
  /** Plays to this channel alone. Playbacks of one channel wait for each other. */
  play(id: string, request: Play): Promise<void>
  setVariables(id: string, variables: Variables): Promise<void>
  /** The value of a variable or function, undefined when it is not set. @throws AriNotFound when the channel is gone. */
  getVariable(id: string, name: string): Promise<string | undefined>
  /** Hangs up. A channel that is already gone is fine. */
  hangUp(id: string, reason?: HangUpReason): Promise<void>
}

const Variable = z.object({ value: z.string() })

export function channelRequests(http: AriHttp, application: string): ChannelRequests {
  const post = async (id: string, action: string, query = {}) => {
    await http.send({ method: 'POST', path: path('channels', id, action), query })
  }
  const remove = async (id: string, action: string) => {
    await http.send({ method: 'DELETE', path: path('channels', id, action) })
  }
  return {
    list: async () => z.array(AriChannel).parse(await http.send({ method: 'GET', path: '/channels' })),
    async originate({ channelId, endpoint, args, callerId, timeoutSeconds, variables, settings, originator }) {
      // They become lines of SIP.
      for (const text of [endpoint, callerId ?? '', ...Object.values(settings ?? {})])
        if (/\p{Cc}/u.test(text)) throw new Bug('a control character would begin a line of its own in a message of SIP')
      const query = { endpoint, app: application, appArgs: args, callerId, timeout: timeoutSeconds, originator }
      const body = { variables: { ...settings, ...reported(variables) } }
      return AriChannel.parse(await http.send({ method: 'POST', path: path('channels', channelId), query, body }))
    },
    answer: id => post(id, 'answer'),
    ring: id => post(id, 'ring'),
    stopRinging: id => remove(id, 'ring'),
    startMusic: (id, mohClass) => post(id, 'moh', { mohClass }),
    stopMusic: id => remove(id, 'moh'),
    async play(id, request) {
      await http.send({ method: 'POST', path: path('channels', id, 'play', request.playbackId), ...playRequest(request) })
    },
    async setVariables(id, variables) {
      await http.send({ method: 'POST', path: path('channels', id, 'variables'), body: { variables: reported(variables) } })
    },
    async getVariable(id, variable) {
      try {
        const { value } = Variable.parse(
          await http.send({ method: 'GET', path: path('channels', id, 'variable'), query: { variable } }),
        )
        return value === '' ? undefined : value
      } catch (error) {
        // 404 is said both of the channel and of the variable: the list tells them apart.
        if (!(error instanceof AriNotFound)) throw error
        await http.send({ method: 'GET', path: path('channels', id) })
        return undefined
      }
    },
    async hangUp(id, reason = 'normal') {
      try {
        await http.send({ method: 'DELETE', path: path('channels', id), query: { reason } })
      } catch (error) {
        if (!(error instanceof AriNotFound)) throw error
      }
    },
  }
}

/** Marks variables so that Asterisk shows them with every event and in every list (from 22.10). */
export const reported = (variables: Variables = {}): Record<string, { value: string; report_events: true }> =>
  Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, { value, report_events: true }]))
