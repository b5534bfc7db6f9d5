/**
 * The whole program with its pages, on a database of its own, and a real browser: what every test of pages begins with. Windows that a test
 * opened are closed when it ends, however it ends, so that the next test meets nobody of this one.
 */
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { buildWeb } from '../../scripts/build-web.ts'
import { type Program, startProgram } from '../../src/main.ts'
import { type House, type PersonActor, readConfig } from '../../src/platform/index.ts'
import { password, userOf } from './accounts.ts'
import { browserAt } from './browser.ts'
import { keepPicture, openChromium, openWindow, picture, seriousFindings, type Window, webFolder } from './chromium.ts'
import type { OpenHouse } from './database.ts'
import { aheadMs, clock } from './working-day.ts'

/** The machine may be busy: what a page does by itself within a moment may take this long. */
export const patience = { timeout: 60_000, interval: 100 }

/** The page draws nothing from now on, as on a computer that has too much to do: what waits for a frame waits until `releaseFrames`. */
export const holdFrames = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const held: FrameRequestCallback[] = []
    const { requestAnimationFrame } = window
    window.requestAnimationFrame = callback => -held.push(callback)
    addEventListener(
      'release-frames',
      () => {
        window.requestAnimationFrame = requestAnimationFrame
        for (const callback of held) requestAnimationFrame(callback)
      },
      { once: true },
    )
  })

export const releaseFrames = (page: Page): Promise<boolean> => page.evaluate(() => dispatchEvent(new Event('release-frames')))

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
 * @param per `test`: each test has a program and a database to itself, for what leaves calls and states of operators behind.
 *   `file`: one for all tests, which bring along what they need.
 * @param environment settings of the program that differ from the usual; as a function, for what tells of parts that it starts itself
 */
export function pagesOf(
  open: OpenHouse,
  per: 'test' | 'file',
  environment: Record<string, string> | (() => Promise<Record<string, string>>) = {},
): Pages {
  let program: Program | undefined
  let house: House | undefined
  let browser: Browser | undefined
  const opened: Window[] = []

  const start = async () => {
    const own = await open(clock ? { clock } : {})
    const { url } = own
    house = own.house
    const usual = { DATABASE_URL: url, PORT: '0', LOG_LEVEL: 'warn', SAMPLE: 'never' }
    const settings = typeof environment === 'function' ? await environment() : environment
    program = await startProgram(readConfig({ ...usual, ...settings }), { webFolder, ...(clock ? { clock } : {}) })
  }
  const stop = async () => {
    await program?.close()
    program = undefined
  }
  const keepWhatIsSeen = async (test: string) => {
    for (const [index, { page }] of opened.entries()) {
      const name = `failed ${test} ${index + 1}`.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 120)
      // A page that hangs, or is gone, has no picture: what failed is told by the test.
      await keepPicture(page, name).catch(() => {})
    }
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
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await keepWhatIsSeen(task.name)
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
      const window = await openWindow(browser, pages.url, { ...size, aheadMs, ...(cookies === undefined ? {} : { cookies }) })
      opened.push(window)
      window.context.setDefaultTimeout(patience.timeout)
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

/** Resolves when a key does something in the page. */
const works = (page: Page, key: string): Promise<void> =>
  page.locator(`html[data-keys~="${key}"]`).waitFor({ state: 'attached', ...patience })

/** Presses a key as soon as it does something. */
export async function pressKey(page: Page, key: string): Promise<void> {
  await works(page, key)
  await page.keyboard.press(key)
}

/** Presses a key as soon as it does something, and waits for what comes of it. */
export async function pressFor(page: Page, key: string, outcome: Locator): Promise<void> {
  await pressKey(page, key)
  await outcome.first().waitFor(patience)
}

/** Presses a key that leads to a field, and writes there. */
export async function writeAt(page: Page, key: string, field: Locator, text: string): Promise<void> {
  await works(page, key)
  await field.waitFor()
  await page.keyboard.press(key)
  await field.and(page.locator(':focus')).waitFor(patience)
  await page.keyboard.type(text)
}

/** The focus is there: a key that is pressed before goes elsewhere. */
export const hasFocus = (place: Locator): Promise<void> =>
  expect.poll(() => place.evaluate(element => element === document.activeElement), patience).toBe(true)

/** Nothing of the page is wider than the window: waited for, because what is open is laid out anew after the window's size has changed. */
export async function fitsWindow(page: Page, what?: string): Promise<void> {
  const tooWide = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  await expect.poll(tooWide, { ...patience, ...(what === undefined ? {} : { message: what }) }).toBeLessThanOrEqual(0)
}

/**
 * Looks at a page on a telephone and on a desk: it fits, and nothing hinders who cannot see it or has no mouse. Pictures are named after the pages of the file, what is shown, and
 * the width. The page stays as wide as a desk.
 * @param at what has to be within the picture
 */
export const looker =
  (pages: string) =>
  async (page: Page, name: string, at?: Locator): Promise<void> => {
    for (const size of [
      { width: 390, height: 844 },
      { width: 1440, height: 900 },
    ]) {
      await page.setViewportSize(size)
      await expect.poll(() => page.locator('.bones').count(), { ...patience, message: `${name} has come` }).toBe(0)
      await fitsWindow(page, name)
      await at?.scrollIntoViewIfNeeded()
      await picture(page, `${pages}-${name}-${size.width}`)
    }
    expect(await seriousFindings(page), name).toEqual([])
  }
