/**
 * Bodies in JSON, bounded before they are parsed: a parser that recurses, and every function that walks over what it made, would otherwise
 * be led as deep as a stranger likes.
 */
import type { FastifyInstance } from 'fastify'
import { Refused } from '../errors.ts'

/** No body of ours is half as deep: the flow of the automatic answerer is the deepest, with ten. */
export const maxDepth = 32

const quote = 0x22
const backslash = 0x5c
const opens = new Set([0x5b, 0x7b])
const closes = new Set([0x5d, 0x7d])

/** Whether brackets outside of strings are nested deeper than `most`. Reads each byte once at most. */
export function isDeeper(body: Uint8Array, most: number): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < body.length; at++) {
    const byte = body[at] ?? 0
    if (inString) {
      if (byte === backslash) at++
      else if (byte === quote) inString = false
    } else if (byte === quote) inString = true
    else if (opens.has(byte)) {
      depth++
      if (depth > most) return true
    } else if (closes.has(byte)) depth--
  }
  return false
}

/** Has the server read JSON within these bounds. Keys that would reach a prototype are refused. */
export function readJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  // A PATCH is a merge patch (RFC 7396), under its own name or under that of all JSON.
  app.addContentTypeParser(['application/json', 'application/merge-patch+json'], { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body)
    if (isDeeper(bytes, maxDepth)) done(new Refused('platform.tooDeep', { most: maxDepth }, 400))
    else parse(request, bytes.toString('utf8'), done)
  })
}
