/**
 * The door by which commands on the same machine speak to the running program. Only the embedded database needs one: nobody else can open
 * its folder meanwhile.
 *
 * It listens on the loopback, on a port of its own. Port and token stand in `DATA_DIR/running.json`, which only the program's own user can
 * read: whoever can read that file can read the database as well.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import type { House } from '../house.ts'
import { BackupNote, chunksOf, noteBackup } from './backup.ts'
import { writeWhole } from './whole-file.ts'

const Running = z.object({ port: z.number().int(), token: z.string() })
const fileOf = (dataDir: string) => join(dataDir, 'running.json')
const longestBody = 4_096

/**
 * Opens the door of a program on the embedded database; does nothing for PostgreSQL.
 * @param facts what the doctor asks of a database that only the program can ask
 * @param counts what the journal itself comes to at an instant, for who compares it with a page
 */
export async function openControl(
  house: Pick<House, 'config' | 'database' | 'log'>,
  facts: () => Promise<unknown> = async () => ({}),
  counts: (at: Date) => Promise<unknown> = async () => ({}),
): Promise<{ close(): Promise<void> }> {
  const { database, log } = house
  const { dump } = database
  if (dump === undefined) return { close: async () => {} }
  const token = randomBytes(32).toString('base64url')
  let dumping = false
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!isRight(request.headers.authorization, token)) return void response.writeHead(403).end()
    if (request.method === 'POST' && request.url === '/backed-up') {
      await noteBackup(database, BackupNote.parse(JSON.parse(await bodyOf(request))))
      return void response.writeHead(204).end()
    }
    if (request.method === 'GET' && request.url === '/facts')
      return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(await facts()))
    const at = request.method === 'GET' ? /^\/counts\/(\d{1,15})$/.exec(request.url ?? '')?.[1] : undefined
    if (at !== undefined)
      return void response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(await counts(new Date(Number(at)))))
    if (request.method !== 'GET' || request.url !== '/backup') return void response.writeHead(404).end()
    // Each is the whole database in memory.
    if (dumping) return void response.writeHead(409).end()
    dumping = true
    try {
      const archive = await dump()
      response.writeHead(200, { 'content-type': 'application/x-tar', 'content-length': archive.size })
      await pipeline(chunksOf(archive), response)
    } finally {
      dumping = false
    }
  }
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      log.warn({ err: error }, 'a command on this machine was not answered')
      if (response.headersSent) response.destroy()
      else response.writeHead(400).end()
    })
  })
  server.maxConnections = 8
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const file = fileOf(house.config.DATA_DIR)
  await mkdir(house.config.DATA_DIR, { recursive: true })
  await writeWhole(file, part => writeFile(part, JSON.stringify({ port, token }), { mode: 0o600 }))
  return {
    async close() {
      await rm(file, { force: true })
      server.closeAllConnections()
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}

function isRight(said: string | undefined, token: string): boolean {
  const [given, right] = [Buffer.from(said ?? ''), Buffer.from(`Bearer ${token}`)]
  return given.length === right.length && timingSafeEqual(given, right)
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of request.setEncoding('utf8')) {
    text += String(part)
    if (text.length > longestBody) throw new RangeError('The body is too long.')
  }
  return text
}

/** The running program, as a command sees it. */
export interface RunningProgram {
  backup(): Promise<AsyncIterable<Uint8Array>>
  noteBackup(note: BackupNote): Promise<void>
  /** What the doctor asks of its database. */
  facts(): Promise<unknown>
  /** What the journal itself comes to at an instant. */
  counts(at: Date): Promise<unknown>
}

/** Finds the program that runs on the embedded database of a folder; undefined when none does, or when it was killed and left its file behind. */
export async function findRunning(dataDir: string): Promise<RunningProgram | undefined> {
  const file = fileOf(dataDir)
  if (!existsSync(file)) return undefined
  const running = Running.safeParse(JSON.parse(await readFile(file, 'utf8')))
  if (!running.success) return undefined
  const { port, token } = running.data
  const ask = (method: string, path: string, body?: string) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(10 * 60_000),
    })
  // Another program may have got the port since: then it does not know the token.
  const there = await ask('GET', '/').catch(() => undefined)
  if (there?.status !== 404) return undefined
  return {
    async backup() {
      const response = await ask('GET', '/backup')
      if (response.status === 409)
        throw new RangeError('Another backup is being made at this moment: try again when it has ended.')
      if (!response.ok || !response.body)
        throw new RangeError(`The running program did not give the backup (${response.status}): its log says why.`)
      return Readable.fromWeb(response.body as never)
    },
    facts: async () => (await ask('GET', '/facts')).json(),
    counts: async at => (await ask('GET', `/counts/${at.getTime()}`)).json(),
    async noteBackup(note) {
      const response = await ask('POST', '/backed-up', JSON.stringify(note))
      if (!response.ok)
        throw new RangeError(`The running program did not note the backup (${response.status}): its log says why.`)
    },
  }
}
