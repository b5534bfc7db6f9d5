/**
 * The whole program with its pages, on a database of its own, and a real browser: what every test of pages begins with. Windows that a test
 * opened are closed when it ends, however it ends, so that a second try meets nobody of the first.
 */
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { buildWeb } from '../../scripts/build-web.ts'
import { type Program, startProgram } from '../../src/main.ts'
import { type House, type PersonActor, readConfig } from '../../src/platform/index.ts'
import { password, userOf } from './accounts.ts'
import { browserAt } from './browser.ts'
import { openChromium, openWindow, type Window, webFolder } from './chromium.ts'
import type { OpenHouse } from './database.ts'

/** The machine may be busy: what a page does by itself within a moment may take this long. */
export const patience = { timeout: 60_000, interval: 100 }

/** A person at the API. What is asked has to work: a refusal is an error. */
export interface Caller {
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Record<string, unknown>>
  readonly cookie: string
}

export interface Pages {
  readonly url: string
  /** The database of the program, for what no page can bring about: the passing of days, say. */
  readonly db: House['database']['kysely']
  /** A window; of a person who has signed in with `as`, of nobody without; at `path` when there is one. */
  window(options?: { as?: PersonActor; path?: string; width?: number; height?: number }): Promise<Window>
  /** Signs in and asks without a page. */
  at(person: PersonActor): Promise<Caller>
}

/**
 * @param per `test`: each try of each test has a program and a database to itself, for what leaves calls and states of operators behind.
 *   `file`: one for all tests, which bring along what they need.
 * @param environment settings of the program that differ from the usual
 */
export function pagesOf(open: OpenHouse, per: 'test' | 'file', environment: Record<string, string> = {}): Pages {
  let program: Program | undefined
  let house: House | undefined
  let browser: Browser | undefined
  const opened: Window[] = []

  const start = async () => {
    const own = await open()
    const { url } = own
    house = own.house
    const usual = { DATABASE_URL: url, PORT: '0', LOG_LEVEL: 'warn', SAMPLE: 'never' }
    program = await startProgram(readConfig({ ...usual, ...environment }), { webFolder })
  }
  const stop = async () => {
    await program?.close()
    program = undefined
  }
  const closeWindows = async () => {
    for (const { context } of opened.splice(0)) await context.close()
  }
  beforeAll(async () => {
    await buildWeb()
    browser = await openChromium()
    if (per === 'file') await start()
  })
  if (per === 'test') beforeEach(start)
  afterEach(async () => {
    await closeWindows()
    if (per === 'test') await stop()
  })
  afterAll(async () => {
    await stop()
    await browser?.close()
  })

  const pages: Pages = {
    get url() {
      return program?.url ?? ''
    },
    get db() {
      if (!house) throw new Error('The program has not been started yet.')
      return house.database.kysely
    },
    async window({ as, path, ...size } = {}) {
      if (!browser) throw new Error('The browser is not there yet.')
      const cookies = as && (await pages.at(as)).cookie
      const window = await openWindow(browser, pages.url, { ...size, ...(cookies === undefined ? {} : { cookies }) })
      opened.push(window)
      window.page.setDefaultTimeout(patience.timeout)
      if (path !== undefined) await window.page.goto(path)
      return window
    },
    at: person => signedIn(pages.url, userOf(person)),
  }
  return pages
}

/** Signs in with the password of the sample's accounts. */
export async function signedIn(url: string, user: string): Promise<Caller> {
  const api = browserAt(url)
  const send: Caller['send'] = async (method, path, body, headers) => {
    const answer = await api.send(method, path, body, headers)
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return isRecord(answer.body) ? answer.body : {}
  }
  await send('POST', '/api/session', { user, password })
  if (api.cookie === undefined) throw new Error(`${user} got no session.`)
  return { send, cookie: api.cookie }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The identifier in an answer. */
export function idIn(value: unknown): string {
  if (!isRecord(value) || typeof value.id !== 'string') throw new Error('There is no identifier in the answer.')
  return value.id
}

const pressAgainMs = 10_000

/**
 * Presses a key that does something once, and again when nothing came of it: a page that is still being put together hears no keys, and shows
 * a button a moment before its key works.
 */
export async function pressFor(page: Page, key: string, outcome: Locator): Promise<void> {
  await expect
    .poll(async () => {
      await page.keyboard.press(key)
      return outcome
        .first()
        .waitFor({ timeout: pressAgainMs })
        .then(
          () => true,
          () => false,
        )
    }, patience)
    .toBe(true)
}

/** Presses a key that leads to a field, and writes there. */
export async function writeAt(page: Page, key: string, field: Locator, text: string): Promise<void> {
  await field.waitFor()
  const isThere = async () => (await field.and(page.locator(':focus')).count()) === 1
  await expect
    .poll(async () => {
      // Pressed in the field itself, it would be written there.
      if (!(await isThere())) await page.keyboard.press(key)
      return isThere()
    }, patience)
    .toBe(true)
  await page.keyboard.type(text)
}
