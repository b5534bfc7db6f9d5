/**
 * Whatever stands in the rows, the leader leads: entries that it cannot read, steps that another version of the engine decided, snapshots and
 * steps that are damaged. On a real PostgreSQL; the leader before is killed, as an upgrade or a fault kills it.
 */

import { sql } from 'kysely'
import { afterEach, expect, test } from 'vitest'
import { enginesOf } from '../../../test/night/mutants.ts'
import { copyOfTemplate, onPostgres, openHouse } from '../../../test/support/database.ts'
import { restoredElsewhere, useNumbers } from '../../../test/support/move.ts'
import { startRouterNode } from '../../../test/support/nodes.ts'
import { msAtRest } from '../../../test/support/pace.ts'
import {
  about,
  agentNumber,
  answer,
  hangUp,
  listener,
  onDuty,
  openCentre,
  pageOf,
  pagesReport,
  pensions,
  queue,
  staffed,
} from '../../../test/support/routing.ts'
import {
  type House,
  journalEnd,
  openEra,
  openPostgres,
  payloadOf,
  readConfig,
  sealJournal,
  systemClock,
  verifyJournal,
} from '../../platform/index.ts'
import { createEngine, type Engine, type RoutingEvent, restoreEngine } from '../../routing/index.ts'
import { agentState } from '../events.ts'
import { domain } from '../model.ts'
import { heartbeat } from '../service.ts'
import { queuedCalls } from '../store.ts'
import { newBoard } from './board.ts'
import { openLedger } from './database-ledger.ts'
import { lead } from './leader.ts'
import { type Engines, engines } from './memory.ts'
import { groundOf } from './start.ts'
import { readDomain } from './store.ts'

const [anna, luca, carla] = [agentNumber(40), agentNumber(41), agentNumber(42)]
/** Two seconds on a machine that does nothing else; beside other tests each process waits for a processor. */
const withinMs = 15_000

const closing: (() => unknown)[] = []
const closeAll = async () => {
  for (const close of closing.splice(0).reverse()) await close()
}
afterEach(closeAll)

async function houseOn(url: string): Promise<House> {
  const database = await openPostgres(url, 4)
  const house = await openHouse(
    database,
    readConfig({ DATABASE_URL: url, LOG_LEVEL: process.env.TEST_LOG ?? 'silent' }),
    systemClock,
  )
  closing.push(async () => {
    await house.tail.close()
    await database.close()
  })
  return house
}

function leadOn(house: House, made: Engines = engines, makesRoom?: () => boolean) {
  const stop = new AbortController()
  const ended = lead(
    { ...groundOf(house, openCentre), engines: made, ...(makesRoom ? { makesRoom } : {}) },
    { ended: stop.signal },
  )
  closing.push(async () => {
    stop.abort()
    await ended
  })
  return ended
}

/**
 * A morning under a leader that is then killed: Anna talks, Luca's telephone rings, two calls wait for them, Carla has not come yet.
 * Returns the name of its database, and the calls.
 */
async function killedMorning() {
  const url = await copyOfTemplate()
  const desk = await houseOn(url)
  const journal = await listener(desk)
  const first = startRouterNode(url)
  closing.push(first.kill)
  await first.until('leading')
  // It rings for as long as the tests of this file take: each goes on from here.
  await staffed(desk, [anna, luca, carla], { offerTimeoutMs: 300_000, wrapUpMs: 0 })
  await onDuty(desk, anna, luca)
  await journal.until(entry => payloadOf(agentState, entry)?.state === 'available', 2)
  const talking = await queue(desk, desk.ids())
  const [made] = await journal.until(about(talking, 'offer.made'))
  if (made) await answer(desk, made)
  await journal.until(about(talking, 'offer.accepted'))
  const ringing = await queue(desk, desk.ids())
  await journal.until(about(ringing, 'offer.made'))
  const waiting = [await queue(desk, desk.ids()), await queue(desk, desk.ids())]
  for (const call of waiting) await journal.until(about(call, 'call.position'))
  await first.kill()
  await closeAll()
  return { database: url.slice(url.lastIndexOf('/') + 1), talking, ringing, waiting }
}

let killed: ReturnType<typeof killedMorning> | undefined

/** That morning, in a database of one's own, a moment after the leader was killed. */
async function morning() {
  killed ??= killedMorning()
  const { database, talking, ringing, waiting } = await killed
  const url = await copyOfTemplate(database)
  const desk = await houseOn(url)
  const journal = await listener(desk)
  for (const agent of [anna, luca]) await heartbeat(desk, agent, { pageId: pageOf(agent), telephoneReady: true })
  closing.push(pagesReport(desk, anna, luca))
  const before = await queuedCalls(desk.database.kysely)
  /** Who goes on, and how soon a newcomer is offered the call that has waited longest. */
  const goesOn = async (made: Engines = engines) => {
    const isOffered = journal.until(entry => entry.type === 'offer.made' && entry.subjects.person === carla.personId)
    const tookMs = await msAtRest(async () => {
      leadOn(await houseOn(url), made)
      await onDuty(desk, carla)
      await isOffered
    })
    expect(tookMs).toBeLessThan(withinMs)
    const [offered] = await isOffered
    return offered
  }
  /** Everybody has what they had, and every call comes to its end. */
  const endsWell = async () => {
    expect(journal.entries.filter(about(ringing, 'offer.made'))).toHaveLength(1)
    expect(journal.entries.filter(about(ringing, 'offer.withdrawn'))).toEqual([])
    const [rung] = journal.entries.filter(about(ringing, 'offer.made'))
    if (rung) await answer(desk, rung)
    await journal.until(about(ringing, 'offer.accepted'))
    await hangUp(desk, talking, anna)
    for (const call of waiting) await journal.until(about(call, 'offer.made'))
    const after = (await queuedCalls(desk.database.kysely)).filter(call => waiting.includes(call.callId))
    expect(after.map(call => [call.callId, call.sectionId, call.waitingSince])).toEqual(
      before.filter(call => waiting.includes(call.callId)).map(call => [call.callId, call.sectionId, call.waitingSince]),
    )
    const offers = journal.of('offer.made').map(entry => entry.payload.offer)
    expect(new Set(offers).size).toBe(offers.length)
  }
  return { url, desk, journal, talking, ringing, waiting, goesOn, endsWell }
}

onPostgres(() => {
  test('a dump restored into another cluster: who waited is offered, calls come and end, the journal is sound', async () => {
    const { url, desk, waiting } = await morning()
    // As the program does at its start.
    await openEra(desk.database)
    await sealJournal(desk.database, 0)
    await desk.database.script(useNumbers(20_000))
    const there = await restoredElsewhere(url)
    const moved = await houseOn(there)
    expect(await openEra(moved.database)).toMatchObject({ era: 2, reason: 'cluster' })
    const journal = await listener(moved)
    const isOffered = journal.until(entry => entry.type === 'offer.made' && entry.subjects.person === carla.personId)
    const tookMs = await msAtRest(async () => {
      leadOn(moved)
      await onDuty(moved, carla)
      await isOffered
    })
    expect(tookMs).toBeLessThan(withinMs)
    const [offered] = await isOffered
    expect(waiting).toContain(offered?.subjects.call)
    if (offered) await answer(moved, offered)
    const call = String(offered?.subjects.call)
    await journal.until(about(call, 'offer.accepted'))
    await hangUp(moved, call, carla)
    // The next who waited, and then a call that comes only now.
    const [second] = await journal.until(
      entry => entry.type === 'offer.made' && entry.subjects.person === carla.personId && entry.subjects.call !== call,
    )
    if (second) await answer(moved, second)
    await journal.until(about(String(second?.subjects.call), 'offer.accepted'))
    const fresh = await queue(moved, moved.ids())
    await hangUp(moved, String(second?.subjects.call), carla)
    await journal.until(about(fresh, 'offer.made'))
    await sealJournal(moved.database, 60_000)
    expect(await verifyJournal(moved.database)).toMatchObject({ sound: true })
  })

  test('the engine of another version decides otherwise: what was decided holds, and calls are distributed', async () => {
    const { goesOn, endsWell, waiting } = await morning()
    const offered = await goesOn({ ...(await enginesOf('offered-in-conversation')), version: 2 })
    expect(waiting).toContain(offered?.subjects.call)
    await endsWell()
  })

  test('the same version replays otherwise: the board holds, and calls are distributed', async () => {
    const { desk, goesOn, endsWell } = await morning()
    await sql`update router_step set commands = '[]' where seq = (select max(seq) - 3 from router_step)`.execute(
      desk.database.kysely,
    )
    await goesOn()
    await endsWell()
  })

  test.each<[string, ReturnType<typeof sql>]>([
    ['steps with a gap', sql`delete from router_step where seq = (select max(seq) - 2 from router_step)`],
    ['all steps gone', sql`delete from router_step`],
    ['a fact of an unknown kind', sql`update router_step set input = '{"type": "mail.read", "by": 7}' where seq = 9`],
    ['a command of an unknown kind', sql`update router_step set commands = '[{"type": "sing"}]' where seq = 9`],
    ['a step without a fact', sql`update router_step set input = 'null' where seq = 9`],
    [
      'a fact that breaks the engine',
      sql`update router_step set input = '{"type": "section.configured", "section": "x"}' where seq = 9`,
    ],
    [
      'a snapshot that is none',
      sql`insert into router_snapshot (domain, seq, at, state) select domain, max(seq), now(), '{"version": 1}' from router_step group by domain`,
    ],
    [
      'a snapshot of another version',
      sql`insert into router_snapshot (domain, seq, at, state) select domain, max(seq) - 1, now(), '{"version": 9}' from router_step group by domain`,
    ],
  ])('%s: calls are distributed, and everybody has the place that they had', async (_what, damage) => {
    const { desk, goesOn, endsWell } = await morning()
    await damage.execute(desk.database.kysely)
    await goesOn()
    await endsWell()
  })

  test.each<[string, ReturnType<typeof sql>]>([
    [
      'the last place',
      sql`update router_place set position = 'nowhere' where after_seq = (select max(after_seq) from router_place)`,
    ],
    [
      'the last ten places',
      sql`update router_place set position = '' where after_seq in (select after_seq from router_place order by 1 desc limit 10)`,
    ],
    ['all places', sql`update router_place set position = '1-2'`],
  ])('%s in the journal cannot be read: nothing is taken twice, nothing left out', async (_what, damage) => {
    const { desk, goesOn, endsWell, talking, ringing, waiting } = await morning()
    // Written while nobody leads.
    const late = await queue(desk, desk.ids())
    await damage.execute(desk.database.kysely)
    await sql`update router_look set position = 'nowhere'`.execute(desk.database.kysely)
    await goesOn()
    const { rows } = await sql<{ call: string; times: number }>`
      select input ->> 'work' as call, count(*)::int as times
      from   router_step where input ->> 'type' = 'work.queued' group by 1`.execute(desk.database.kysely)
    const times = new Map(rows.map(row => [row.call, row.times]))
    for (const call of [talking, ringing, ...waiting, late]) expect(times.get(call), call).toBe(1)
    await endsWell()
  })

  test('a snapshot that can be restored and is of another time: whoever waits is found on the board and offered', async () => {
    const { desk, goesOn, endsWell } = await morning()
    // No step comes after it that could be decided otherwise.
    await sql`
      insert into router_snapshot (domain, seq, at, state)
      select domain, max(seq), now(), ${JSON.stringify(createEngine().snapshot())}::jsonb from router_step group by domain`.execute(
      desk.database.kysely,
    )
    await goesOn()
    await endsWell()
  })

  test('the state kept whole without a step says as well how far the journal was read', async () => {
    const desk = await houseOn(await copyOfTemplate())
    const { kysely } = desk.database
    const ledger = await openLedger(desk.database, domain, openCentre, desk.clock)
    const epoch = await ledger.beginEpoch('this test', new Date())
    const position = await journalEnd(desk.database)
    const whole = { steps: [], entries: [], board: newBoard([], []), snapshot: createEngine().snapshot(), now: new Date() }
    await ledger.save({ epoch, from: 0, to: 0, position, ...whole })
    ledger.close()
    expect(await readDomain(kysely, domain)).toMatchObject({ position, isPlaceRead: true })
  })

  test('entries of a newer release, of a wrong shape, or by an unknown actor stop nobody, and are set aside', async () => {
    const url = await copyOfTemplate()
    const desk = await houseOn(url)
    const journal = await listener(desk)
    leadOn(await houseOn(url))
    await staffed(desk, [anna])
    const put = (type: string, version: number, payload: string, actor = '{"kind": "system", "name": "telephony"}') =>
      sql`insert into event (at, type, version, actor, call_id, person_id, payload)
          values (now(), ${type}, ${version}, ${actor}::jsonb, ${desk.ids()}, ${desk.ids()}, ${payload}::jsonb)`.execute(
        desk.database.kysely,
      )
    await put('call.queued', 99, '{"section": {"id": "ccm-pensioni"}}')
    for (const payload of ['null', '[]', '"text"', '7', '{"sectionId": 7}', '{}']) await put('call.queued', 1, payload)
    await put('call.queued', 0, '{}')
    await put('nobody.knows', 1, 'null')
    await put('agent.available', 1, '{}', '{"kind": "machine"}')
    await put('agent.available', 1, '{}', 'null')
    await put('agent.paused', 1, '{}')
    const call = await queue(desk, desk.ids())
    await onDuty(desk, anna)
    await journal.until(about(call, 'offer.made'))
    const aside = await desk.database.kysely
      .selectFrom('unreadable_entry')
      .select(['reader', 'type', 'version', 'why'])
      .orderBy('entry_id')
      .execute()
    expect(aside).toEqual([
      { reader: 'router', type: 'call.queued', version: 99, why: 'newer' },
      ...Array.from({ length: 6 }, () => ({ reader: 'router', type: 'call.queued', version: 1, why: 'damaged' })),
      { reader: 'router', type: 'call.queued', version: 0, why: 'damaged' },
      { reader: 'router', type: 'agent.paused', version: 1, why: 'damaged' },
    ])
  })

  test('an entry of a newer release: room is made for a node of that release, which takes it', async () => {
    const url = await copyOfTemplate()
    const desk = await houseOn(url)
    const journal = await listener(desk)
    const old = leadOn(await houseOn(url), engines, () => true)
    await staffed(desk, [anna])
    await onDuty(desk, anna)
    await journal.until(entry => payloadOf(agentState, entry)?.state === 'available')
    const payload = JSON.stringify({ sectionId: pensions, priority: 0, waitingSince: new Date().toISOString() })
    await sql`insert into event (at, type, version, actor, call_id, payload)
              values (now(), 'call.queued', 2, '{"kind": "system", "name": "telephony"}', ${desk.ids()}, ${payload}::jsonb)`.execute(
      desk.database.kysely,
    )
    desk.tail.committed()
    expect(await old).toBe('makes-room')
    const { rows } = await sql`select 1 from unreadable_entry`.execute(desk.database.kysely)
    expect(rows).toEqual([])
  })

  test('a fact on which the engine breaks off is set aside, and everybody else is served', async () => {
    const url = await copyOfTemplate()
    const desk = await houseOn(url)
    const journal = await listener(desk)
    const poisoned = desk.ids()
    const fragile = (engine: Engine): Engine => ({
      ...engine,
      apply(event: RoutingEvent, now: number) {
        if (event.type === 'work.queued' && event.work === poisoned) throw new Error('broke off')
        return engine.apply(event, now)
      },
    })
    leadOn(await houseOn(url), {
      ...engines,
      create: () => fragile(createEngine()),
      restore: state => fragile(restoreEngine(state)),
    })
    await staffed(desk, [anna])
    await onDuty(desk, anna)
    await queue(desk, poisoned)
    const call = await queue(desk, desk.ids())
    await journal.until(about(call, 'offer.made'))
    const aside = await desk.database.kysely.selectFrom('unreadable_entry').select(['reader', 'type', 'why']).execute()
    expect(aside).toEqual([{ reader: 'router', type: 'call.queued', why: 'failed' }])
  })
})
