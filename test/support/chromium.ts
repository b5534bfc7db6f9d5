/**
 * A real Chromium for tests of pages: with a microphone that beeps, so that one can tell whether it is heard at the other end. What a test
 * sees is kept as a picture under `.cache/screens` for people who ask for it, and whenever a test fails.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { patienceMs, until } from './asterisk.ts'

const root = join(import.meta.dirname, '../..')
const screens = join(root, '.cache/screens')

/** Chromium without windows of its own, which costs half of the other; the one that `CHROMIUM` names instead. */
function program(): string {
  const places = [process.env.CHROMIUM, '/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/chromium-browser']
  const found = places.find(path => path && existsSync(path))
  if (!found)
    throw new Error('Chromium is missing: install Debian\'s package "chromium-headless-shell", or set CHROMIUM to its path.')
  return found
}

export const openChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: program(),
    args: [
      '--no-sandbox',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
    ],
  })

/** Keeps the page's media connections where a test can measure them. */
const keepConnections = `
  window.connections = []
  const Connection = window.RTCPeerConnection
  window.RTCPeerConnection = class extends Connection {
    constructor(...parts) {
      super(...parts)
      window.connections.push(this)
    }
  }`

/** Sets the clock of a page ahead of the machine's; how long something takes stays as it is. */
function setClockAhead(ms: number): void {
  const Machine = Date
  const now = () => Machine.now() + ms
  window.Date = new Proxy(Machine, {
    construct: (_, given, target) => Reflect.construct(Machine, given.length === 0 ? [now()] : given, target),
    get: (_, name) => (name === 'now' ? now : Reflect.get(Machine, name)),
  })
}

export interface Window {
  context: BrowserContext
  page: Page
  /** What went wrong in the page: errors and refused requests that nobody expected. */
  complaints: string[]
}

/**
 * A window of a person of one's own: own cookies, own microphone. Italian, in Rome.
 * @param cookies as a request brings them, `name=value; name=value`
 * @param aheadMs by how much its clock is ahead of the machine's, in milliseconds
 */
export async function openWindow(
  browser: Browser,
  url: string,
  {
    width = 1440,
    height = 900,
    cookies,
    aheadMs = 0,
  }: { width?: number; height?: number; cookies?: string; aheadMs?: number } = {},
): Promise<Window> {
  const context = await browser.newContext({
    baseURL: url,
    locale: 'it-IT',
    timezoneId: 'Europe/Rome',
    viewport: { width, height },
    permissions: ['microphone'],
    ...(cookies === undefined
      ? {}
      : { storageState: { cookies: cookies.split('; ').map(pair => cookieOf(pair, url)), origins: [] } }),
  })
  await context.addInitScript(keepConnections)
  if (aheadMs !== 0) await context.addInitScript(setClockAhead, aheadMs)
  if (process.env.PAGES_THROTTLE) slowDown(context, Number(process.env.PAGES_THROTTLE))
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', error => complaints.push(String(error)))
  return { context, page, complaints }
}

/** Its pages compute so many times slower, as on an old or busy machine: what a test does not wait for shows itself. `PAGES_THROTTLE=6`. */
function slowDown(context: BrowserContext, rate: number): void {
  context.on('page', async page => {
    const session = await context.newCDPSession(page)
    await session.send('Emulation.setCPUThrottlingRate', { rate })
  })
}

function cookieOf(pair: string, url: string) {
  const [name = '', value = ''] = pair.split(/=(.*)/)
  const { hostname } = new URL(url)
  return { name, value, domain: hostname, path: '/', expires: -1, httpOnly: true, secure: false, sameSite: 'Strict' as const }
}

/** What has come in over all media connections of a page. */
export interface Sound {
  packets: number
  bytes: number
  /** Sum of the squares of the samples: does not grow in silence (W3C webrtc-stats, totalAudioEnergy). */
  energy: number
}

export const soundOf = (page: Page): Promise<Sound> =>
  page.evaluate(`(async () => {
    const sum = { packets: 0, bytes: 0, energy: 0 }
    for (const connection of window.connections)
      for (const report of (await connection.getStats()).values())
        if (report.type === 'inbound-rtp') {
          sum.packets += report.packetsReceived
          sum.bytes += report.bytesReceived
          sum.energy += report.totalAudioEnergy ?? 0
        }
    return sum
  })()`)

/**
 * Waits until more sound than before has come in, and until it was not silence. Asked from here: a promise that a page makes counts as
 * "yes" for Playwright's own waiting, whatever it is kept with.
 */
export async function hears(page: Page, before: Sound): Promise<Sound> {
  let now = before
  await until(
    async () => {
      now = await soundOf(page)
      return now.bytes > before.bytes + 2_000 && now.energy > before.energy + 0.000_1
    },
    patienceMs,
    'sound in the page',
  )
  return now
}

/** Keeps a picture of the page for people to look at, when they ask for pictures: `PICTURES=yes`. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env.PICTURES === 'yes') await keepPicture(page, name)
}

/** Keeps a picture of the page, whoever asked. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  mkdirSync(screens, { recursive: true })
  await page.screenshot({ path: join(screens, `${name}.png`) })
}

/** What axe finds serious or critical, as sentences; an empty list is good. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // React Aria's announcer names what it says by elements that may be gone when axe looks; it empties itself after some seconds.
  const { violations } = await new AxeBuilder({ page })
    .exclude('[data-live-announcer]')
    // Only what is wrong is described, and in the page itself: our pages have no frames.
    .options({ resultTypes: ['violations'] })
    .setLegacyMode(true)
    .analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) => nodes.map(node => `${id}: ${help} · ${node.target.join(' ')}`))
}

/** The built pages; `scripts/build-web.ts` makes them. */
export const webFolder = join(root, 'dist/web')
