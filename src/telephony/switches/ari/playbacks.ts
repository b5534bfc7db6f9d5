/** Requests about playbacks: what a channel or a bridge is being told. */
import { AriNotFound } from './errors.ts'
import { type AriHttp, path } from './http.ts'
import { Playback } from './model.ts'

export interface Play {
  /** Our id. `PlaybackFinished` carries it once, after the last of `media`. */
  readonly playbackId: string
  /** Media URIs, spoken one after the other: `sound:queue-thereare`, `sound:/folder/file` (no extension), `number:23`, `digits:2201`. */
  readonly media: readonly string[]
  /** Language of recordings and of numbers. */
  readonly language?: string
}

export interface PlaybackRequests {
  /** Cuts it. One that has ended is fine. */
  stop(id: string): Promise<void>
  /** As it is now, with the medium that sounds; undefined when it has ended. */
  get(id: string): Promise<Playback | undefined>
}

export function playbackRequests(http: AriHttp): PlaybackRequests {
  return {
    async stop(id) {
      try {
        await http.send({ method: 'DELETE', path: path('playbacks', id) })
      } catch (error) {
        if (!(error instanceof AriNotFound)) throw error
      }
    },
    async get(id) {
      try {
        return Playback.parse(await http.send({ method: 'GET', path: path('playbacks', id) }))
      } catch (error) {
        if (error instanceof AriNotFound) return undefined
        throw error
      }
    },
  }
}

/** A request to play, for channels and bridges alike. In the body: a long list would be more than Asterisk takes in an address. */
export const playRequest = ({ media, language }: Play) => ({ body: { media, lang: language } })
