/**
 * The whole program as a real process on a real PostgreSQL and a real Asterisk, and an operator's page as far as the program can see it:
 * signed in, with a heartbeat, and a telephone over our WebSocket.
 */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { RunningAsterisk } from '../../scripts/asterisk/instance.ts'
import { holidays } from '../../src/organisation/index.ts'
import { instantOf } from '../../src/platform/index.ts'
import { keepReporting } from './heartbeat.ts'
import { openSipTelephone, type SipTelephone } from './sip-telephone.ts'

const readyWithinMs = 180_000

export interface RunningProgram {
  readonly url: string
  readonly pid: number
  /** What it has written to its standard output, line by line: its log, too. */
  readonly said: readonly string[]
  /** Ends it as a fault would. */
  kill(): Promise<void>
  stop(): Promise<void>
  /** Starts it again at the same address. */
  again(): Promise<RunningProgram>
}

export interface ProgramSettings {
  databaseUrl: string
  /** Without it there is only the telephone of the browser. */
  asterisk?: RunningAsterisk
  environment?: Record<string, string>
}

/** Starts the program in office hours. Returns when it is ready. */
export async function startProgramProcess(settings: ProgramSettings, port = 0, folder?: string): Promise<RunningProgram> {
  const { databaseUrl, asterisk, environment = {} } = settings
  const data = folder ?? mkdtempSync(join(tmpdir(), 'filo-program-'))
  const child = spawn(process.execPath, [join(import.meta.dirname, 'program-process.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...movedClock(),
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      DATABASE_URL: databaseUrl,
      DATA_DIR: data,
      PORT: String(port),
      LOG_LEVEL: process.env.TEST_LOG ?? 'silent',
      SAMPLE: 'yes',
      SAMPLE_HISTORY: 'false',
      CLOCK_OFFSET_MS: String(tenOnAWorkingDay() - Date.now()),
      ...(asterisk === undefined
        ? {}
        : {
            ASTERISK_URL: asterisk.url,
            ASTERISK_USER: asterisk.user,
            ASTERISK_PASSWORD: asterisk.password,
            ASTERISK_SOUNDS_DIR: asterisk.sounds.folder,
            ASTERISK_SOUNDS_PATH: asterisk.sounds.path,
          }),
      ...environment,
    },
  })
  const ended = once(child, 'exit')
  const lines: string[] = []
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the program did not start in time')), readyWithinMs)
    ended.then(([code]) => reject(new Error(`the program ended with ${code}`)))
    createInterface({ input: child.stdout }).on('line', line => {
      if (process.env.TEST_LOG) console.log(line)
      lines.push(line)
      const said = /^ready (\S+)/.exec(line)?.[1]
      if (said === undefined) return
      clearTimeout(timer)
      resolve(said)
    })
  })
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    child.kill(signal)
    await ended
  }
  return {
    url,
    pid: child.pid ?? 0,
    said: lines,
    kill: () => end('SIGKILL'),
    async stop() {
      await end('SIGTERM')
      rmSync(data, { recursive: true, force: true })
    },
    again: () => startProgramProcess(settings, Number(new URL(url).port), data),
  }
}

/** What moves the clock of this process, where tests run under faketime: the program's must be the same. */
const movedClock = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(LD_PRELOAD|FAKETIME.*|NO_FAKE_STAT)$/.test(name)))

let chosen: number | undefined

/** What the clock of a program says that was started here. */
export const programNow = (): number => tenOnAWorkingDay()

/** Ten o'clock in Rome on the next working day: kept, so that a program that is started again goes on from there. */
function tenOnAWorkingDay(): number {
  chosen ??= nextWorkingDay() - Date.now()
  return Date.now() + chosen
}

function nextWorkingDay(): number {
  const dayMs = 24 * 3_600_000
  for (let at = Date.now() + dayMs; ; at += dayMs) {
    const day = new Date(at).toISOString().slice(0, 10)
    const weekday = new Date(`${day}T12:00:00Z`).getUTCDay()
    if (weekday >= 1 && weekday <= 5 && !holidays(Number(day.slice(0, 4)), 'RM').includes(day))
      return instantOf('Europe/Rome', day, 10 * 60)
  }
}

export interface Operator {
  readonly personId: string
  readonly user: string
  readonly telephone: SipTelephone
  /** Asks the API as this operator. Rejects when the answer is an error. */
  ask(method: string, path: string, body?: unknown): Promise<unknown>
  available(): Promise<void>
  /** Connects and signs in its telephone anew, as a page does when its socket was closed. */
  reconnect(): Promise<void>
  close(): Promise<void>
}

const maxTries = 5

/** Signs somebody in. Returns how they ask the API, and their cookie. */
export async function signInTo(
  program: RunningProgram,
  user: string,
  password: string,
): Promise<{ ask: Operator['ask']; cookie: () => string }> {
  let cookie = ''
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`${program.url}${path}`, {
      method,
      headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    cookie ||= answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    return text === '' ? undefined : JSON.parse(text)
  }
  await ask('POST', '/api/session', { user, password })
  return { ask, cookie: () => cookie }
}

/** Opens the page of an operator: signs in, gets a telephone, registers it, and lets the heart beat. */
export async function openOperator(program: RunningProgram, personId: string, user: string, password: string): Promise<Operator> {
  const pageId = randomUUID()
  const { ask, cookie } = await signInTo(program, user, password)
  const { asterisk } = (await ask('POST', '/api/telephone', { pageId })) as {
    asterisk: { socket: string; user: string; password: string } | null
  }
  if (!asterisk) throw new Error('no telephone was given')
  const telephone = await openSipTelephone({
    url: `${program.url.replace('http', 'ws')}${asterisk.socket}`,
    headers: { cookie: cookie() },
  })
  const register = () => telephone.register(asterisk.user, asterisk.password, { port: 0 })
  await register()
  const beat = () => ask('POST', '/api/desk/heartbeat', { pageId, telephoneReady: true })
  await beat()
  const stopReporting = keepReporting(beat)
  return {
    personId,
    user,
    telephone,
    ask,
    async available() {
      await ask('POST', '/api/desk/available', { pageId })
    },
    async reconnect() {
      for (let tries = 1; ; tries++) {
        try {
          await telephone.reconnect()
          await register()
          break
        } catch (error) {
          // On a machine that is busy elsewhere the line may not be there at once: a page tries again, too.
          if (tries === maxTries) throw error
        }
      }
      await beat()
    },
    async close() {
      stopReporting()
      await telephone.close()
    },
  }
}
