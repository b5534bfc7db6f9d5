/**
 * What may go wrong around the leader, on a real PostgreSQL, with real processes and real wires: whatever happens, each fact is taken
 * once, each call keeps its place, and somebody distributes again by himself.
 */

import { sql } from 'kysely'
import { afterEach, describe, expect, inject, test } from 'vitest'
import { copyOfTemplate, onPostgres, openHouse } from '../../../test/support/database.ts'
import { startRouterNode } from '../../../test/support/nodes.ts'
import { msAtRest } from '../../../test/support/pace.ts'
import { startPreparedCluster, template } from '../../../test/support/postgres.ts'
import { openPostgresProxy } from '../../../test/support/postgres-proxy.ts'
import {
  about,
  agentNumber,
  answer,
  hangUp,
  leave,
  listener,
  onDuty,
  openCentre,
  pageOf,
  pagesReport,
  queue,
  staffed,
} from '../../../test/support/routing.ts'
import {
  type Clock,
  type Database,
  type Entry,
  guidedClock,
  type House,
  openPostgres,
  payloadOf,
  readConfig,
  systemClock,
  virtualClock,
} from '../../platform/index.ts'
import { agentState, offerMade } from '../events.ts'
import { heartbeat, pauseAgent } from '../service.ts'
import { presenceOf, queuedCalls } from '../store.ts'
import { lead } from './leader.ts'
import { groundOf, startDistribution } from './start.ts'

const agents = Array.from({ length: 6 }, (_, i) => agentNumber(40 + i))
const [a1, a2, a3] = [agentNumber(40), agentNumber(41), agentNumber(42)]

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function epochOf(house: House): Promise<number> {
  const { epoch } = await house.database.kysely.selectFrom('router_domain').select('epoch').executeTakeFirstOrThrow()
  return Number(epoch)
}

async function houseOn(url: string, clock: Clock = systemClock, change: (database: Database) => Database = d => d) {
  const database = await openPostgres(url, 4)
  const house = await openHouse(
    change(database),
    readConfig({ DATABASE_URL: url, LOG_LEVEL: process.env.TEST_LOG ?? 'silent' }),
    clock,
  )
  closing.push(async () => {
    await house.tail.close()
    await database.close()
  })
  return house
}

function distribute(house: House) {
  const distribution = startDistribution(house, openCentre)
  closing.push(() => distribution.close())
  return distribution
}

/**
 * From the fault to the offer: two seconds on a machine that does nothing else, which `npm run bench -- router` measures; beside other tests each process
 * waits for a processor. Without the lease it would be minutes.
 */
const takenOverWithinMs = 15_000

/** What must hold in any case: no gap in the steps, no call offered twice at once, no agent with two offers. */
async function expectOrder(house: House, entries: readonly Entry[]): Promise<void> {
  const { rows } = await sql<{ steps: number; last: number }>`
    select count(*)::int as steps, coalesce(max(seq) - min(seq) + 1, 0)::int as last from router_step`.execute(
    house.database.kysely,
  )
  expect(rows[0]?.steps).toBe(rows[0]?.last)
  const calls = new Map<string, string>()
  const offers = entries.flatMap(entry => payloadOf(offerMade, entry)?.offer ?? [])
  expect(new Set(offers).size).toBe(offers.length)
  for (const { type, subjects, payload } of entries) {
    const call = subjects.call ?? ''
    if (type === 'offer.made') {
      expect(calls.has(call), `${call} is offered while it is offered`).toBe(false)
      expect([...calls.values()], `an agent has two offers`).not.toContain(subjects.person)
      calls.set(call, String(payload.agent))
    }
    if (type === 'offer.withdrawn' || type === 'offer.accepted') calls.delete(call)
  }
}

/** A small day: three agents, five calls, every kind of fact. Each fact waits for what follows from the one before. */
async function smallDay(house: House, pass: () => void): Promise<Entry[]> {
  const journal = await listener(house)
  const calls = [1, 2, 3, 4, 5].map(n => `00000000-0000-7000-8000-00000000ca0${n}`)
  const [c1 = '', c2 = '', c3 = '', c4 = '', c5 = ''] = calls
  const take = async (call: string) => {
    const [made] = await journal.until(about(call, 'offer.made'))
    if (made) await answer(house, made)
    await journal.until(about(call, 'offer.accepted'))
    pass()
  }
  const is = (agent: string, state: string) => (entry: Entry) =>
    entry.subjects.person === agent && payloadOf(agentState, entry)?.state === state
  await staffed(house, [a1, a2, a3], { wrapUpMs: 0 })
  await onDuty(house, a1)
  await journal.until(is(a1.personId, 'available'))
  pass()
  await onDuty(house, a2)
  await journal.until(is(a2.personId, 'available'))
  for (const call of [c1, c2, c3, c4]) {
    pass()
    await queue(house, call)
  }
  await take(c1)
  await take(c2)
  await leave(house, c3)
  await hangUp(house, c1, a1)
  await take(c4)
  await pauseAgent(house, a2, { reason: 'meal' })
  await hangUp(house, c2, a2)
  await journal.until(is(a2.personId, 'paused'))
  pass()
  await queue(house, c5)
  await onDuty(house, a3)
  await take(c5)
  await hangUp(house, c4, a1)
  await hangUp(house, c5, a3)
  await journal.until(is(a3.personId, 'available'))
  await journal.until(is(a1.personId, 'available'), 2)
  journal.stop()
  return journal.entries
}

/** What the leader said, without the announcements: these come by the passing of time, which a restart may delay. */
const said = (entries: readonly Entry[]) =>
  entries
    .filter(({ actor, type }) => actor.kind === 'system' && actor.name === 'distribution' && type !== 'call.position')
    .map(({ type, payload, subjects, at }) => ({ type, payload, subjects, at }))

/** A database whose leader's connections fail at chosen calls: before the call is sent, or after it was done. */
function failing(database: Database, fails: (call: number) => 'before' | 'after' | null): Database & { calls(): number } {
  let calls = 0
  return {
    ...database,
    calls: () => calls,
    direct() {
      const client = database.direct?.()
      if (!client) throw new Error('not on the embedded database')
      return new Proxy(client, {
        get(target, key) {
          const own: unknown = Reflect.get(target, key, target)
          if (key !== 'query' || typeof own !== 'function') return typeof own === 'function' ? own.bind(target) : own
          return async (...question: unknown[]) => {
            // The election asks on a connection of its own; what is swept here is the work.
            if (/pg_try_advisory_lock|^select 1$/.test(String(question[0]))) return Reflect.apply(own, target, question)
            const how = fails(++calls)
            if (how === 'before') throw new Error(`call ${calls} was not sent`)
            const answered: unknown = await Reflect.apply(own, target, question)
            if (how === 'after') throw new Error(`the answer to call ${calls} was lost`)
            return answered
          }
        },
      })
    },
  }
}

onPostgres(() => {
  test('a database call that fails, whichever it is, before or after it was done, changes nothing in what is said', async () => {
    const run = async (fails: (call: number) => 'before' | 'after' | null) => {
      const url = await copyOfTemplate()
      // What is written bears the time of a clock that the story moves; waiting happens in real time.
      const time = virtualClock()
      const clock: Clock = { now: time.now, after: systemClock.after }
      const desk = await houseOn(url, clock)
      const counted: { calls?: () => number } = {}
      const router = await houseOn(url, clock, database => Object.assign(counted, failing(database, fails)))
      const distribution = distribute(router)
      const entries = await smallDay(desk, () => time.advance(1_000))
      await expectOrder(desk, entries)
      const waiting = await queuedCalls(desk.database.kysely)
      const states = await desk.database.kysely.selectFrom('agent_status').selectAll().orderBy('person_id').execute()
      await distribution.close()
      for (const close of closing.splice(0).reverse()) await close()
      return { said: said(entries), waiting, states, calls: counted.calls?.() ?? 0 }
    }
    const { calls, ...expected } = await run(() => null)
    expect(expected.waiting).toEqual([])
    expect(calls).toBeGreaterThan(50)
    const once = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 21, 24]
    for (const how of ['before', 'after'] as const) {
      for (const n of once) {
        const { calls: _, ...got } = await run(call => (call === n ? how : null))
        expect(got, `call ${n} failed ${how} it was done`).toEqual(expected)
      }
      for (const n of [29, 37, 45]) {
        const { calls: _, ...got } = await run(call => (call % n === 0 ? how : null))
        expect(got, `every ${n}th call failed ${how} it was done`).toEqual(expected)
      }
    }
  })

  test('two leaders on purpose: the earlier one writes nothing more and gives up, each fact is taken once', async () => {
    const url = await copyOfTemplate()
    const desk = await houseOn(url)
    const journal = await listener(desk)
    const stop = new AbortController()
    const first = lead(groundOf(await houseOn(url), openCentre), { ended: stop.signal })
    await staffed(desk, agents)
    await onDuty(desk, ...agents)
    closing.push(pagesReport(desk, ...agents))
    await journal.until(entry => payloadOf(agentState, entry)?.state === 'available', agents.length)
    const second = lead(groundOf(await houseOn(url), openCentre), { ended: stop.signal })
    const calls = agents.map(() => desk.ids())
    for (const call of calls.slice(0, 3)) await queue(desk, call)
    await expect.poll(() => epochOf(desk), { timeout: 60_000 }).toBe(2)
    for (const call of calls.slice(3)) await queue(desk, call)
    await journal.until(entry => entry.type === 'offer.made', calls.length)
    // It was never told to stop: the rows told it.
    await first
    const { rows } = await sql<{ epoch: number; first: number; last: number }>`
      select epoch, min(seq)::int as first, max(seq)::int as last from router_step group by epoch order by epoch`.execute(
      desk.database.kysely,
    )
    expect(rows.map(row => row.epoch)).toEqual([1, 2])
    expect(rows[1]?.first).toBe((rows[0]?.last ?? 0) + 1)
    await expectOrder(desk, journal.entries)
    stop.abort()
    await second
  })

  test('the answer to a COMMIT is lost, again and again: no double offer, no lost call', async () => {
    const url = await copyOfTemplate()
    const proxy = await openPostgresProxy(url)
    closing.push(() => proxy.close())
    const desk = await houseOn(url)
    const journal = await listener(desk)
    distribute(await houseOn(proxy.url))
    await staffed(desk, agents, { wrapUpMs: 0 })
    await onDuty(desk, ...agents)
    closing.push(pagesReport(desk, ...agents))
    await journal.until(entry => payloadOf(agentState, entry)?.state === 'available', agents.length)
    for (let round = 0; round < 5; round++) {
      const swallowed = proxy.swallowAnswer('distribution.save')
      const call = await queue(desk, desk.ids())
      await swallowed
      const [made] = await journal.until(about(call, 'offer.made'))
      if (made) await answer(desk, made)
      await journal.until(about(call, 'offer.accepted'))
    }
    expect(journal.of('offer.made')).toHaveLength(5)
    await expectOrder(desk, journal.entries)
  })

  describe('take-over by another process', () => {
    /** Two nodes, of which `first` leads; agents who are free; and a test of how long it takes until a call is offered again. */
    async function twoNodes(firstUrl: (url: string) => Promise<string> = async url => url) {
      const url = await copyOfTemplate()
      const desk = await houseOn(url)
      const journal = await listener(desk)
      const first = startRouterNode(await firstUrl(url))
      closing.push(first.kill)
      await first.until('leading')
      await staffed(desk, agents, { offerTimeoutMs: 60_000 })
      await onDuty(desk, ...agents)
      closing.push(pagesReport(desk, ...agents))
      const [call1, call2] = [await queue(desk, desk.ids()), await queue(desk, desk.ids())]
      await journal.until(entry => entry.type === 'offer.made', 2)
      const second = startRouterNode(url)
      closing.push(second.kill)
      await second.until('standing by')
      const epochs = async () =>
        (
          await sql<{ epoch: number }>`select distinct epoch from router_step order by epoch`.execute(desk.database.kysely)
        ).rows.map(row => row.epoch)
      /** Breaks something, queues a call, and answers after how many milliseconds it was offered, on a machine at rest. */
      const offeredAfter = (breaks: () => void) =>
        msAtRest(async () => {
          breaks()
          const call = await queue(desk, desk.ids())
          await journal.until(about(call, 'offer.made'))
        })
      return { desk, journal, first, second, epochs, offeredAfter, offered: [call1, call2] }
    }

    test('killed: the other offers the next call, and offers stay as they were', async () => {
      const { desk, journal, first, second, epochs, offeredAfter } = await twoNodes()
      const ms = await offeredAfter(() => first.process.kill('SIGKILL'))
      console.log(`take-over after kill -9: ${Math.round(ms)} ms`)
      expect(ms).toBeLessThan(takenOverWithinMs)
      await second.until('leading')
      expect(await epochs()).toEqual([1, 2])
      expect(journal.of('offer.made')).toHaveLength(3)
      await expectOrder(desk, journal.entries)
    })

    test('paused, overtaken, and awake again: it writes nothing, and can lead later', async () => {
      const { desk, journal, first, second, epochs, offeredAfter } = await twoNodes()
      const ms = await offeredAfter(() => first.process.kill('SIGSTOP'))
      console.log(`take-over from a paused leader: ${Math.round(ms)} ms`)
      expect(ms).toBeLessThan(takenOverWithinMs)
      await second.until('leading')
      first.process.kill('SIGCONT')
      await first.until('standing by')
      const call = await queue(desk, desk.ids())
      await journal.until(about(call, 'offer.made'))
      expect(await epochs()).toEqual([1, 2])
      const { rows } = await sql`
        select 1 from router_step a join router_step b on a.epoch = 1 and b.epoch = 2 and a.seq > b.seq limit 1`.execute(
        desk.database.kysely,
      )
      expect(rows).toEqual([])
      const again = await offeredAfter(() => second.process.kill('SIGKILL'))
      expect(again).toBeLessThan(takenOverWithinMs)
      expect(await epochs()).toEqual([1, 2, 3])
      await expectOrder(desk, journal.entries)
    })

    test('behind a wire that went half-open: the same', async () => {
      const opened: Awaited<ReturnType<typeof openPostgresProxy>>[] = []
      const { desk, journal, first, second, epochs, offeredAfter } = await twoNodes(async url => {
        const proxy = await openPostgresProxy(url)
        opened.push(proxy)
        closing.push(() => proxy.close())
        return proxy.url
      })
      const ms = await offeredAfter(() => opened[0]?.goHalfOpen())
      console.log(`take-over from behind a half-open wire: ${Math.round(ms)} ms`)
      expect(ms).toBeLessThan(takenOverWithinMs)
      await second.until('leading')
      opened[0]?.mend()
      await first.until('standing by')
      await queue(desk, desk.ids())
      await journal.until(entry => entry.type === 'offer.made', 4)
      expect(await epochs()).toEqual([1, 2])
      await expectOrder(desk, journal.entries)
    })
  })

  describe('clocks that are wrong', () => {
    const hour = 3_600_000
    const wrong = (ms: number): Clock => ({ now: () => Date.now() + ms, after: systemClock.after })
    const untilOf = (made: Entry | undefined) => Date.parse((made && payloadOf(offerMade, made)?.until) ?? '') - Date.now()

    test('the leader is an hour ahead, dies or is set right: offers go on, and run out in time', async () => {
      for (const ends of ['SIGKILL', 'SIGUSR2'] as const) {
        const url = await copyOfTemplate()
        const desk = await houseOn(url)
        const journal = await listener(desk)
        const first = startRouterNode(url, { CLOCK_AHEAD_MS: String(hour) })
        closing.push(first.kill)
        await first.until('leading')
        await staffed(desk, [a1, a2], { offerTimeoutMs: 3_000 })
        await onDuty(desk, a1, a2)
        closing.push(pagesReport(desk, a1, a2))
        const call = await queue(desk, desk.ids())
        const [made] = await journal.until(about(call, 'offer.made'))
        expect(untilOf(made)).toBeLessThan(3_500)
        first.process.kill(ends)
        const second = startRouterNode(url)
        closing.push(second.kill)
        const isMadeAgain = journal.until(about(call, 'offer.made'), 2)
        const [, again] = await isMadeAgain
        expect(again?.subjects.person).toBe(a2.personId)
        expect(Math.abs(untilOf(again) - 3_000)).toBeLessThan(3_000)
        if (again) await answer(desk, again)
        await journal.until(about(call, 'offer.accepted'))
        await expectOrder(desk, journal.entries)
        await first.kill()
        await second.kill()
      }
    })

    test('what others write with clocks that are an hour wrong counts now', async () => {
      const url = await copyOfTemplate()
      const desk = await houseOn(url)
      const journal = await listener(desk)
      distribute(await houseOn(url))
      await staffed(desk, [a1, a2], { offerTimeoutMs: 3_000, wrapUpMs: 0 })
      await onDuty(desk, a1, a2)
      closing.push(pagesReport(desk, a1, a2))
      for (const ms of [hour, -hour]) {
        const other = await houseOn(url, wrong(ms))
        const call = await queue(other, desk.ids())
        const [made] = await journal.until(about(call, 'offer.made'))
        expect(Math.abs(untilOf(made) - 3_000)).toBeLessThan(3_000)
        if (made) await answer(other, made)
        await journal.until(about(call, 'offer.accepted'))
        await hangUp(other, call, made?.subjects.person === a1.personId ? a1 : a2)
      }
    })

    test('a web node is an hour behind: the pages that report to it have not fallen silent', async () => {
      const url = await copyOfTemplate()
      const web = await houseOn(
        url,
        guidedClock(() => Date.now() - hour),
      )
      await heartbeat(web, a1, { pageId: pageOf(a1), telephoneReady: true })
      const heardAt = (await presenceOf(web.database.kysely, a1.personId))?.heardAt.getTime() ?? 0
      expect(Math.abs(Date.now() - heardAt)).toBeLessThan(60_000)
    })
  })

  test('the database goes away and comes back: places and conversations are as before, distribution resumes by itself', async () => {
    const durable = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' }
    const cluster = await startPreparedCluster(inject('prepared'), durable)
    closing.push(() => cluster.stop())
    const url = cluster.url(template)
    const desk = await houseOn(url)
    const journal = await listener(desk)
    const distribution = distribute(await houseOn(url))
    await staffed(desk, [a1], { wrapUpMs: 0, offerTimeoutMs: 120_000 })
    await onDuty(desk, a1)
    closing.push(pagesReport(desk, a1))
    const calls = [desk.ids(), desk.ids(), desk.ids()]
    for (const call of calls) await queue(desk, call)
    const [first = '', second = ''] = calls
    const [made] = await journal.until(about(first, 'offer.made'))
    if (made) await answer(desk, made)
    await journal.until(about(first, 'offer.accepted'))
    const before = await queuedCalls(desk.database.kysely)
    let wasLeader = true
    await cluster.restart(async () => {
      // The leader has understood that it has nothing to lead with.
      while (distribution.isLeader()) await new Promise(setImmediate)
      wasLeader = false
    })
    expect(wasLeader).toBe(false)
    await heartbeat(desk, a1, { pageId: a1.personId.replace('8000', '8888'), telephoneReady: true })
    expect((await queuedCalls(desk.database.kysely)).map(row => row.callId)).toEqual(before.map(row => row.callId))
    await hangUp(desk, first, a1)
    await journal.until(about(second, 'offer.made'))
    expect(journal.of('agent.unreachable')).toEqual([])
    await expectOrder(desk, journal.entries)
  })
})
