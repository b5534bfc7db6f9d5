/**
 * The way of a call over the browser switch, for tests: real server, real sockets, the real leader of distribution; only the sound is missing.
 * What is opened here is closed after each test.
 */
import { randomUUID } from 'node:crypto'
import type { KyselyPlugin } from 'kysely'
import { distributionRoutes as distribution, setSectionRouting, startDistribution } from '../../src/distribution/index.ts'
import { audience, authenticate, identityRoutes as identity } from '../../src/identity/index.ts'
import {
  type Clock,
  type House,
  inTransaction,
  openServer,
  type PersonActor,
  system,
  systemClock,
} from '../../src/platform/index.ts'
import { type CallCard, type CallTurn, startTelephony, telephonyRoutes } from '../../src/telephony/index.ts'
import type { ToCaller } from '../../src/telephony/switches/browser/protocol.ts'
import { password, userOf } from './accounts.ts'
import { closing } from './closing.ts'
import type { OpenHouse } from './database.ts'
import { keepReporting } from './heartbeat.ts'
import { listener } from './routing.ts'
import { type CallerPage, callerPage, deskPage, says } from './telephone-page.ts'

export const romaEur = '+390600000001'
export const pensions = 'ccm-pensioni'

/** A Monday morning in office time, from which time goes on as usual. */
const offset = Date.UTC(2026, 10, 23, 9) - Date.now()
export const mondayMorning: Clock = { now: () => Date.now() + offset, after: systemClock.after }

/**
 * A program with the sample institute.
 * @param wires what happens to the questions that it asks its database
 */
export async function program(
  open: OpenHouse,
  routing: Parameters<typeof setSectionRouting>[2] = {},
  wires?: KyselyPlugin,
  clock: Clock = mondayMorning,
) {
  const { house: sound } = await open({ clock, environment: { PORT: '0', ROLES: 'web,voice,router' } })
  const { database } = sound
  const house = wires ? { ...sound, database: { ...database, kysely: database.kysely.withPlugin(wires) } } : sound
  await inTransaction(house, system('sample'), work => setSectionRouting(work, pensions, routing))
  const journal = await listener(house)
  closing.push(journal.stop)
  let running = await start(house)
  closing.push(() => running.close())
  return {
    house,
    journal,
    url: running.url,
    /** Stops everything but the database, and starts it again at the same address. `meanwhile` happens in between. */
    async restart(meanwhile?: () => Promise<void>) {
      await running.close()
      await meanwhile?.()
      running = await start(house, Number(new URL(running.url).port))
    },
  }
}

async function start(house: House, port = 0) {
  const telephony = await startTelephony(house, { asterisk: null, returnMs: 1_000, node: 'test' })
  const router = startDistribution(house)
  const server = await openServer(
    { ...house, config: { ...house.config, PORT: port } },
    {
      routes: [...telephonyRoutes, ...distribution, ...identity],
      sockets: telephony.sockets,
      authenticate,
      audience,
      ready: async () => ({ ready: true, details: telephony.health() }),
    },
  )
  return {
    url: server.url,
    async close() {
      await server.close()
      await telephony.close()
      await router.close()
    },
  }
}

/** Somebody at a desk, signed in, with a page that reports until it goes. */
export async function atDesk(url: string, who: PersonActor) {
  const signedIn = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: userOf(who), password }),
  })
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
  const ask = async (method: string, path: string, body?: unknown, more = {}): Promise<{ status: number; body: never }> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...more },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as never }
  }
  const openPage = async () => {
    const pageId = randomUUID()
    const page = deskPage(url, cookie, pageId)
    closing.push(() => page.close())
    await page.until(says('welcome'))
    const report = () => ask('POST', '/api/desk/heartbeat', { pageId, telephoneReady: true })
    await report()
    const stopReporting = keepReporting(report)
    const { close, vanish } = page
    Object.assign(page, {
      close(code?: number | null) {
        stopReporting()
        close(code)
      },
      vanish() {
        stopReporting()
        vanish()
      },
    })
    return { page, pageId }
  }
  const { page, pageId } = await openPage()
  return {
    page,
    pageId,
    ask,
    openPage,
    available: (id = pageId) => ask('POST', '/api/desk/available', { pageId: id }),
    card: async (): Promise<CallCard | null> => ((await ask('GET', '/api/calls/mine')).body as { call: CallCard | null }).call,
    today: async (): Promise<CallTurn[]> => ((await ask('GET', '/api/calls/today')).body as { items: CallTurn[] }).items,
  }
}

export function dial(url: string, to = romaEur, from: string | null = '+393330000001'): CallerPage {
  const page = callerPage(url, to, from)
  closing.push(() => page.close())
  return page
}

/** Dials and chooses pensions. */
export async function inLine(url: string, from?: string): Promise<CallerPage> {
  const caller = dial(url, undefined, from)
  await caller.until(says('say'))
  caller.send({ type: 'key', key: '1' })
  await caller.spoken(/sezione pensioni/)
  return caller
}

export const callIdOf = async (caller: CallerPage): Promise<string> => {
  const leg = await caller.until(
    (message): message is Extract<ToCaller, { type: 'leg' }> => message.type === 'leg' && message.callId !== null,
  )
  return leg.callId ?? ''
}
