/**
 * Live pages: Server-Sent Events fed by the journal. A message tells what happened to what, never what it says: the page then
 * asks the API, where the same rights apply as ever. `Last-Event-ID` resumes where the connection broke.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refused } from '../errors.ts'
import type { Entry } from '../events/event.ts'
import { positionText, readPosition } from '../events/position.ts'
import { positionAfter } from '../events/tail.ts'
import type { House } from '../house.ts'
import type { ServerParts } from './server.ts'

const keepAliveMs = 15_000
/** A session that ended is noticed at the latest after this time. */
const checkSessionEveryMs = 15_000
/** A reader that does not read is cut off rather than kept in memory; its browser comes back with Last-Event-ID. */
const unreadLimitBytes = 1_048_576

export function openLive(house: House, parts: Pick<ServerParts, 'authenticate' | 'maySee'>) {
  const streams = new Set<() => void>()
  return {
    close() {
      for (const end of [...streams]) end()
    },
    async handle(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
      const actor = await parts.authenticate(house, request.headers)
      if (actor?.kind !== 'person') throw new Refused('platform.signIn', {}, 401)
      const from = readPosition(String(request.headers['last-event-id'] ?? ''))
      reply.hijack()
      const { raw } = reply
      raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
      raw.write('retry: 2000\n\n')
      let ended = false
      const end = () => {
        if (ended) return
        ended = true
        streams.delete(end)
        clearInterval(keepAlive)
        clearInterval(checkSession)
        stop?.()
        raw.end()
      }
      let stop: (() => void) | undefined
      streams.add(end)
      raw.on('close', end)
      const keepAlive = setInterval(() => raw.write(':\n\n'), keepAliveMs)
      const checkSession = setInterval(() => {
        parts.authenticate(house, request.headers).then(
          now => {
            if (now?.kind !== 'person' || now.assignmentId !== actor.assignmentId) end()
          },
          () => {},
        )
      }, checkSessionEveryMs)
      stop = await house.tail.follow((entries, after, before) => {
        for (const entry of entries)
          if (parts.maySee(actor, entry)) raw.write(message(entry, positionText(positionAfter(entry, after, before))))
        if (raw.writableLength > unreadLimitBytes) end()
      }, from)
      if (ended) stop()
      return reply
    },
  }
}

function message(entry: Entry, position: string): string {
  const { call, case: caseId, contact, person, units } = entry.subjects
  return `id: ${position}\ndata: ${JSON.stringify({ type: entry.type, call, case: caseId, contact, person, units })}\n\n`
}
