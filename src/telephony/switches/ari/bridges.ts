/** Requests about bridges: what joins channels so that they hear each other. Ids are ours, as with channels. */
import { z } from 'zod'
import { reported, type Variables } from './channels.ts'
import { AriError, AriNotFound } from './errors.ts'
import { type AriHttp, path } from './http.ts'
import { Bridge } from './model.ts'

export interface BridgeRequests {
  list(): Promise<Bridge[]>
  /**
   * Makes a bridge. A bridge of this id that exists already is answered as it is.
   * `mixing` joins conversations; `holding` plays music to each of its channels and lets none hear another.
   */
  create(request: { bridgeId: string; type: 'mixing' | 'holding'; name?: string; variables?: Variables }): Promise<Bridge>
  /**
   * Puts channels in: all of them, or none. Only after their `StasisStart`.
   * @throws AriNotFound when the bridge or one of them is gone, AriWrongState when one is not in our application.
   */
  add(id: string, ...channelIds: readonly string[]): Promise<void>
  /** Ends the bridge; its channels stay. A bridge that is already gone is fine. */
  destroy(id: string): Promise<void>
}

export function bridgeRequests(http: AriHttp): BridgeRequests {
  return {
    list: async () => z.array(Bridge).parse(await http.send({ method: 'GET', path: '/bridges' })),
    async create({ bridgeId, type, name, variables }) {
      const body = variables ? { variables: reported(variables) } : undefined
      return Bridge.parse(await http.send({ method: 'POST', path: path('bridges', bridgeId), query: { type, name }, body }))
    },
    async add(id, ...channel) {
      try {
        await http.send({ method: 'POST', path: path('bridges', id, 'addChannel'), query: { channel } })
      } catch (error) {
        throw goneChannel(error) ?? error
      }
    },
    async destroy(id) {
      try {
        await http.send({ method: 'DELETE', path: path('bridges', id) })
      } catch (error) {
        if (!(error instanceof AriNotFound)) throw error
      }
    },
  }
}

/** Of a bridge Asterisk says 404, of a channel that is to go in or out it says 400: both are "gone" to us. */
function goneChannel(error: unknown): AriNotFound | undefined {
  if (!(error instanceof AriError) || error.request.status !== 400) return undefined
  return new AriNotFound(error.request, error.message, { cause: error })
}
