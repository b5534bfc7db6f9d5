/**
 * Live pages: Server-Sent Events fed by the journal (`fan-out.ts`). `Last-Event-ID` resumes where the connection broke, on any node; who has been
 * away for longer than what is remembered is told to load anew. Nothing is read for a stream alone, so nothing goes on when its page is gone.
 *
 * Streams are bounded for each session, for each person and in all. A page beyond the first two takes the place of the oldest.
 */
import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Counter, Gauge } from 'prom-client'
import type { PersonActor } from '../actor.ts'
import { Refused } from '../errors.ts'
import type { House } from '../house.ts'
import { openFanOut } from './fan-out.ts'
import { replaced } from './messages.ts'
import { registry } from './metrics.ts'
import type { ServerParts } from './server.ts'

/** Within this time every stream says something, and a session that ended without a word in the journal is noticed. */
const sweepIntervalMs = 15_000
/** A reader that does not read is cut off rather than kept in memory; its browser comes back with Last-Event-ID. */
const unreadLimitBytes = 1_048_576
const streamsOfSession = 8
const streamsOfPerson = 16
const streamsInAll = 5_000
const comeBackSeconds = 10

const openStreams = new Gauge({ name: 'filodiretto_live_streams', help: 'Live pages that are connected', registers: [registry] })
const cutStreams = new Counter({
  name: 'filodiretto_live_streams_cut_total',
  help: 'Live pages that were cut off, by reason',
  labelNames: ['reason'] as const,
  registers: [registry],
})

/** A page of the browser that says its name when it connects. */
export interface LivePage {
  readonly personId: string
  readonly pageId: string
}

/** Why a stream has ended: its connection is gone and the page may come back, or the session or its rights are not what they were. */
export type StreamEnd = 'lost' | 'ended'

/** The pages that are connected here, for rooms that have something to tell which stands in no journal. */
export interface LivePages {
  connected(): LivePage[]
  /** Tells the pages of some people. Who is not connected at this moment is not told later. */
  tell(people: readonly string[], word: object): void
  tellAll(word: object): void
  /** Calls `ended` with each page whose stream has ended and that has no other here. Returns how to stop. */
  onEnd(ended: (page: LivePage, why: StreamEnd) => void): () => void
}

interface Stream {
  readonly actor: PersonActor
  readonly session: string
  /** The name that the page has given itself. */
  readonly page: string | undefined
  readonly headers: FastifyRequest['headers']
  readonly raw: ServerResponse
  send(text: Buffer): void
  end(why?: StreamEnd): void
}

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/

/** What a page calls itself, in the header `X-Page`. */
function pageOfRequest({ headers }: FastifyRequest): string | undefined {
  const page = headers['x-page']
  return typeof page === 'string' && uuid.test(page) ? page : undefined
}

export function openLive(house: House, parts: Pick<ServerParts, 'authenticate' | 'audience' | 'sessionOf'>) {
  /** In the order in which they came. */
  const streams = new Set<Stream>()
  const hearers = new Set<(page: LivePage, why: StreamEnd) => void>()
  const fanOut = openFanOut(house, parts.audience)
  const sweep = setInterval(() => {
    fanOut
      .tellPlaces()
      .then(checkSessions)
      .catch((error: unknown) => house.log.warn({ err: error }, 'sessions of live pages could not be checked'))
  }, sweepIntervalMs)
  sweep.unref()

  let closing = false

  /** One after the other: with many streams, or a slow database, it takes longer than the time between two sweeps. */
  let checking = false
  async function checkSessions(): Promise<void> {
    if (checking) return
    checking = true
    try {
      for (const stream of [...streams]) {
        if (!streams.has(stream)) continue
        const now = await parts.authenticate(house, stream.headers)
        if (now?.kind !== 'person' || !isSame(now, stream.actor)) stream.end('ended')
      }
    } finally {
      checking = false
    }
  }

  /** Makes room for one more. */
  function makeRoom(personId: string, session: string): void {
    const ofPerson = [...streams].filter(({ actor }) => actor.personId === personId)
    const ofSession = ofPerson.filter(stream => stream.session === session)
    const oldest =
      ofSession.length >= streamsOfSession ? ofSession[0] : ofPerson.length >= streamsOfPerson ? ofPerson[0] : undefined
    if (oldest) {
      cutStreams.inc({ reason: 'replaced' })
      oldest.raw.write(replaced)
      oldest.end()
    } else if (streams.size >= streamsInAll) {
      cutStreams.inc({ reason: 'too-many' })
      throw new Refused('platform.tooManyLive', { retryAfterSeconds: comeBackSeconds }, 503)
    }
  }

  /** The page, when it has ended with this stream; another stream of the same page goes on where this one was. */
  function hearEnd({ actor: { personId }, page: pageId }: Stream, why: StreamEnd): void {
    if (pageId === undefined) return
    for (const { actor, page } of streams) if (page === pageId && actor.personId === personId) return
    for (const ended of hearers) ended({ personId, pageId }, why)
  }

  const pages: LivePages = {
    connected: () =>
      [...streams].flatMap(({ actor: { personId }, page: pageId }) => (pageId === undefined ? [] : { personId, pageId })),
    tell(people, word) {
      const [told, text] = [new Set(people), wordText(word)]
      for (const stream of [...streams]) if (told.has(stream.actor.personId)) stream.send(text)
    },
    tellAll(word) {
      const text = wordText(word)
      for (const stream of [...streams]) stream.send(text)
    },
    onEnd(ended) {
      hearers.add(ended)
      return () => hearers.delete(ended)
    },
  }

  return {
    pages,
    close() {
      closing = true
      clearInterval(sweep)
      fanOut.close()
      for (const stream of [...streams]) stream.end()
    },
    async handle(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
      const actor = await parts.authenticate(house, request.headers)
      if (actor?.kind !== 'person') throw new Refused('platform.signIn', {}, 401)
      const session = parts.sessionOf?.(house, request.headers) ?? actor.assignmentId
      makeRoom(actor.personId, session)
      const { raw } = reply
      let leave: (() => void) | undefined
      const stream: Stream = {
        actor,
        session,
        page: pageOfRequest(request),
        headers: request.headers,
        raw,
        send(text) {
          raw.write(text)
          if (raw.writableLength <= unreadLimitBytes) return
          cutStreams.inc({ reason: 'slow' })
          stream.end()
          // What it has not read it never will: it is not kept until the connection is given up.
          raw.destroy()
        },
        end(why = 'lost') {
          if (!streams.delete(stream)) return
          openStreams.set(streams.size)
          leave?.()
          raw.end()
          hearEnd(stream, why)
        },
      }
      streams.add(stream)
      openStreams.set(streams.size)
      raw.on('close', () => stream.end())
      reply.hijack()
      raw.on('error', () => stream.end())
      raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
      raw.write('retry: 2000\n\n')
      const end = () => stream.end(closing ? 'lost' : 'ended')
      const reader = { groups: parts.audience.groupsOf(actor), person: actor.personId, send: stream.send, end }
      try {
        leave = await fanOut.join(reader, request.headers['last-event-id']?.toString())
      } catch (error) {
        house.log.warn({ err: error }, 'a live page could not be connected')
        stream.end()
      }
      if (!streams.has(stream)) leave?.()
      return reply
    },
  }
}

const wordText = (word: object): Buffer => Buffer.from(`data: ${JSON.stringify(word)}\n\n`)

/** Whether somebody may still see what could be seen when the stream began. */
const isSame = (now: PersonActor, then: PersonActor): boolean =>
  now.assignmentId === then.assignmentId && now.role === then.role && now.unitPath === then.unitPath
