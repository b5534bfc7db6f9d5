/**
 * A real Asterisk for tests: instances of their own beside the one of `npm run asterisk`, on free ports, with a log that is silent
 * unless `TEST_LOG` says otherwise. One that a killed test run left behind is ended.
 */
import { type RunningAsterisk, type StartOptions, startAsterisk } from '../../scripts/asterisk/instance.ts'
import { openLog, systemClock } from '../../src/platform/index.ts'
import { type AriClient, type AriEvent, type AriOptions, openAri } from '../../src/telephony/switches/ari/index.ts'
import type { Conversation } from './sip-telephone.ts'

/** The machine may be busy: what happens by itself within a moment may take this long. */
export const patienceMs = 60_000

export const testLog = openLog(readLevel())

function readLevel(): Parameters<typeof openLog>[0] {
  return process.env.TEST_LOG === 'debug' ? 'debug' : process.env.TEST_LOG === 'warn' ? 'warn' : 'silent'
}

/**
 * Starts an Asterisk for the tests of a file, which names it: files run side by side, and one of the same name takes the place of another. Pass the
 * ports of an earlier one to start it again in the same place.
 */
export const startTestAsterisk = (name: string, options: Partial<StartOptions> = {}): Promise<RunningAsterisk> =>
  startAsterisk({ instance: `tests-${name}`, replace: true, sipPort: 0, httpPort: 0, say: () => {}, ...options })

/** A client of it, with times that suit a test. */
export const openTestAri = (
  asterisk: Pick<RunningAsterisk, 'url' | 'user' | 'password'>,
  options: Partial<AriOptions> = {},
): AriClient =>
  openAri({
    url: asterisk.url,
    user: asterisk.user,
    password: asterisk.password,
    clock: systemClock,
    random: Math.random,
    log: testLog,
    ...options,
  })

/** Resolves when the client is connected (again). */
export function connected(ari: AriClient): Promise<void> {
  if (ari.state() === 'connected') return Promise.resolve()
  return until(() => ari.state() === 'connected', patienceMs, 'a connection to Asterisk')
}

/** Ends all calls that a test has left. */
export async function endCalls(ari: AriClient): Promise<void> {
  for (const { id } of await ari.channels.list()) await ari.channels.hangUp(id)
  await until(async () => (await ari.channels.list()).length === 0, patienceMs, 'the end of all calls')
}

/** The next event that passes. */
export function nextEvent<E extends AriEvent>(
  ari: AriClient,
  passes: (event: AriEvent) => event is E,
  withinMs = patienceMs,
): Promise<E> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      forget()
      reject(new Error(`no such event within ${withinMs} ms`))
    }, withinMs)
    const forget = ari.onEvent(event => {
      if (!passes(event)) return
      clearTimeout(timer)
      forget()
      resolve(event)
    })
  })
}

/**
 * Presses a key of the test's telephone until it has had its effect: one that comes while a sentence begins may be missed.
 * @param withinMs after so long it counts as missed
 */
export async function pressUntil(
  call: Pick<Conversation, 'press'>,
  key: string,
  done: () => Promise<boolean>,
  withinMs = 5_000,
): Promise<void> {
  for (let presses = 0; presses < 20; presses++) {
    if (await done()) return
    await call.press(key)
    await until(done, withinMs, 'the key').catch(() => {})
  }
  throw new Error(`key ${key} had no effect`)
}

/** Resolves as soon as `holds` does; for what announces itself nowhere. Rejects naming what was waited for. */
export function until(holds: () => boolean | Promise<boolean>, withinMs: number, what: string): Promise<void> {
  const deadline = performance.now() + withinMs
  return new Promise((resolve, reject) => {
    const look = () => {
      Promise.resolve(holds()).then(
        yes => {
          if (yes) resolve()
          else if (performance.now() > deadline) reject(new Error(`waited ${withinMs} ms for ${what}`))
          else setTimeout(look, 10)
        },
        (error: unknown) => (performance.now() > deadline ? reject(error) : void setTimeout(look, 10)),
      )
    }
    look()
  })
}

/** What comes within a time, or an error that names it: a call that nobody answers says nothing. */
export const within = <T>(coming: Promise<T>, ms: number, what: string): Promise<T> =>
  Promise.race([
    coming,
    new Promise<never>((_, reject) => setTimeout(() => reject(new Error(`waited ${ms} ms for ${what}`)), ms).unref()),
  ])
