/**
 * Checking attachments for malware, by ClamAV's daemon where there is one (`CLAMAV_URL`). Where there is none, or it does not answer, an attachment
 * is not checked, and everybody who sees it is told so.
 */
import { connect } from 'node:net'
import type { Config } from '../../platform/index.ts'

export interface Scan {
  scan: 'unchecked' | 'clean' | 'infected'
  /** The name of what was found. */
  detail: string | null
}

/** Returns what was found; never throws. */
export type Scanner = (bytes: Uint8Array) => Promise<Scan>

const withinMs = 60_000
const pieceBytes = 64 * 1024
const maxReplyLength = 1_000

export function scannerOf({ CLAMAV_URL }: Pick<Config, 'CLAMAV_URL'>): Scanner {
  if (CLAMAV_URL === undefined) return async () => ({ scan: 'unchecked', detail: null })
  const { hostname, port } = new URL(CLAMAV_URL)
  return async bytes => {
    try {
      return scanOf(await ask(hostname, Number(port || 3310), bytes))
    } catch (error) {
      return { scan: 'unchecked', detail: error instanceof Error ? error.message.slice(0, 200) : null }
    }
  }
}

/** clamd says `stream: OK`, or `stream: Eicar-Test-Signature FOUND`; anything else means that it has not looked. */
function scanOf(reply: string): Scan {
  const found = /^stream: (.{1,200}) FOUND/.exec(reply)?.[1]
  if (found !== undefined) return { scan: 'infected', detail: found }
  return reply.startsWith('stream: OK') ? { scan: 'clean', detail: null } : { scan: 'unchecked', detail: reply.slice(0, 200) }
}

/** One question to clamd: INSTREAM, then pieces with their length before them, and a piece of length 0 (clamd(8)). */
function ask(host: string, port: number, bytes: Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port })
    let reply = ''
    socket.setTimeout(withinMs, () => socket.destroy(new Error('ClamAV does not answer')))
    socket.on('error', reject)
    socket.on('data', (text: Buffer) => {
      reply = (reply + text.toString('utf8')).slice(0, maxReplyLength)
    })
    socket.on('close', () => resolve(reply))
    socket.write('zINSTREAM\0')
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const piece = bytes.subarray(at, at + pieceBytes)
      socket.write(lengthOf(piece.length))
      socket.write(piece)
    }
    socket.write(lengthOf(0))
  })
}

function lengthOf(bytes: number): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes)
  return length
}
