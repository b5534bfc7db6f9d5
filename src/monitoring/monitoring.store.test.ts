/** The figures of a contact centre at work, from the words that telephony and distribution write, on both databases. */
import { sql } from 'kysely'
import { afterEach, describe, expect, test } from 'vitest'
import { type OpenHouse, onOneSession, onPostgres } from '../../test/support/database.ts'
import { analyse, plansOf } from '../../test/support/plan.ts'
import { staff } from '../../test/support/staff.ts'
import { agentState, callLeftQueue, callMoved, callQueued, setAgentSkills } from '../distribution/index.ts'
import {
  type House,
  inTransaction,
  Refused,
  registry,
  system,
  type VirtualClock,
  virtualClock,
  type Work,
} from '../platform/index.ts'
import { callConnected, callInterrupted } from '../telephony/events.ts'
import { startMonitoring } from './gauges.ts'
import * as service from './service.ts'
import { countJournal, sectionsOfCalls } from './store.ts'
import { answeredWaitsIn, arrivalsIn, callsToNumbersIn, endedLately, followSums } from './sums/index.ts'

const { anna, luca, supervisor, headquarters } = staff

/** The figures, when the sums have followed. */
const liveFigures: typeof service.liveFigures = async (house, actor) => {
  await followSums(house)
  return service.liveFigures(house, actor)
}
const dayFigures: typeof service.dayFigures = async (house, actor) => {
  await followSums(house)
  return service.dayFigures(house, actor)
}

const { arrivalsByProvince } = service

const pensions = 'ccm-pensioni'
const businesses = 'ccm-aziende'
/** Tuesday, 10:00 in Rome. */
const morning = Date.UTC(2026, 10, 24, 9)

const toClose: (() => void)[] = []
afterEach(() => {
  for (const close of toClose.splice(0)) close()
})

/** A contact centre in which calls are made to happen, second by second. */
async function centre(open: OpenHouse) {
  const clock = virtualClock(morning)
  const { house } = await open({ clock })
  const write = (work: (work: Work) => Promise<void>) => inTransaction(house, system('test'), work)
  const subjects = (call: string, sectionId = pensions) => ({
    channel: 'telephone' as const,
    call,
    units: ['inps', 'ccm', sectionId],
  })
  const queue = async (call: string, sectionId: string, resume: boolean) => {
    const preferred = resume ? { preferred: { agents: [anna.personId], boundMs: 30_000, resume } } : {}
    const waitingSince = new Date(clock.now()).toISOString()
    await write(work =>
      work.journal(callQueued, { sectionId, priority: 5, waitingSince, ...preferred }, subjects(call, sectionId)),
    )
  }
  return {
    house,
    clock,
    seconds: (count: number) => clock.advance(count * 1000),
    /** A caller joins the line. */
    async arrives(sectionId = pensions): Promise<string> {
      const call = house.ids()
      await queue(call, sectionId, false)
      await house.database.kysely
        .insertInto('queued_call')
        .values({
          ...{ call_id: call, section_id: sectionId, kind: 'call', state: 'waiting', priority: 5, position: null, ahead: null },
          ...{ waiting_since: new Date(clock.now()), entered_at: new Date(clock.now()), expected_wait_ms: null, told_at: null },
        })
        .execute()
      return call
    },
    joinsAgain: (call: string, sectionId: string) => queue(call, sectionId, false),
    async breaks(call: string) {
      await write(work => work.journal(callInterrupted, { agent: anna.personId }, subjects(call)))
      await queue(call, pensions, true)
    },
    async moves(call: string, fromSectionId: string, sectionId: string) {
      await write(work => work.journal(callMoved, { sectionId, fromSectionId, reason: 'too-long' }, subjects(call, sectionId)))
      await house.database.kysely.updateTable('queued_call').set({ section_id: sectionId }).where('call_id', '=', call).execute()
    },
    async leaves(call: string, reason: string) {
      await write(work => work.journal(callLeftQueue, { reason }, subjects(call)))
      await house.database.kysely.deleteFrom('queued_call').where('call_id', '=', call).execute()
    },
    async answered(call: string, by = anna, sectionId = pensions) {
      await write(work =>
        work.journal(callConnected, { agent: by.personId, offer: 'o', sectionId, waitedMs: 0 }, subjects(call, sectionId)),
      )
      await house.database.kysely.deleteFrom('queued_call').where('call_id', '=', call).execute()
      await agent(house, clock, by.personId, 'in-conversation', call)
    },
    agent: (personId: string, state: State) => agent(house, clock, personId, state, null),
  }
}

type State = 'available' | 'offered' | 'in-conversation' | 'wrap-up' | 'paused' | 'signed-out'

async function agent(house: House, clock: VirtualClock, personId: string, state: State, callId: string | null): Promise<void> {
  const since = new Date(clock.now())
  await inTransaction(house, system('test'), async work => {
    await work.journal(agentState, { state, reason: null, since: since.toISOString(), until: null }, { person: personId })
    const row = { person_id: personId, state, reason: null, since, until: null, call_id: callId, offer: null }
    await work.tx
      .insertInto('agent_status')
      .values(row)
      .onConflict(conflict => conflict.column('person_id').doUpdateSet({ state, since, call_id: callId }))
      .execute()
  })
}

const figuresOf = async (house: House, sectionId: string) => {
  const { sections, total } = await liveFigures(house, supervisor)
  const section = sections.find(each => each.id === sectionId)
  if (!section) throw new Error(`no figures of ${sectionId}`)
  return { section, total }
}

onOneSession(open => {
  describe('the figures of now', () => {
    test('say who waits, since when, and what agents do; one who serves two sections counts once in the total', async () => {
      const { house, arrives, seconds, answered, agent: set, clock } = await centre(open)
      await inTransaction(house, system('test'), async work => {
        await setAgentSkills(work, anna.personId, [
          { sectionId: pensions, level: 5 },
          { sectionId: businesses, level: 3 },
        ])
        await setAgentSkills(work, luca.personId, [{ sectionId: pensions, level: 5 }])
      })
      await set(luca.personId, 'available')
      await set(anna.personId, 'paused')
      const first = await arrives()
      seconds(40)
      await arrives()
      seconds(5)
      await arrives(businesses)
      const before = await figuresOf(house, pensions)
      expect(before.section).toMatchObject({
        ...{ name: expect.any(String), isOpen: true },
        waiting: 2,
        longestSince: new Date(morning).toISOString(),
        agents: { available: 1, offered: 0, talking: 0, wrapUp: 0, paused: 1 },
        inConversation: 0,
      })
      expect(before.total).toMatchObject({ waiting: 3, agents: { available: 1, paused: 1 } })
      await answered(first, luca)
      const after = await figuresOf(house, pensions)
      expect(after.section).toMatchObject({
        waiting: 1,
        longestSince: new Date(morning + 40_000).toISOString(),
        agents: { available: 0, talking: 1, paused: 1 },
        inConversation: 1,
        serviceLevel30: { answeredWithin20: 0, offered: 1, share: 0 },
      })
      expect((await figuresOf(house, businesses)).section).toMatchObject({ waiting: 1, agents: { paused: 1 }, inConversation: 0 })
      await set(luca.personId, 'wrap-up')
      await set(anna.personId, 'signed-out')
      expect((await figuresOf(house, pensions)).section).toMatchObject({
        agents: { available: 0, offered: 0, talking: 0, wrapUp: 1, paused: 0 },
        inConversation: 0,
      })
      expect((await liveFigures(house, supervisor)).at).toBe(new Date(clock.now()).toISOString())
    })

    test('count how waits ended: in time, too late, given up early or late, sent away', async () => {
      const { house, arrives, seconds, answered, leaves } = await centre(open)
      const [inTime, late, early, patient, sentAway] = [
        await arrives(),
        await arrives(),
        await arrives(),
        await arrives(),
        await arrives(),
      ]
      seconds(5)
      await leaves(early, 'caller')
      await leaves(sentAway, 'dismissed')
      seconds(15)
      await answered(inTime)
      seconds(1)
      await answered(late, luca)
      seconds(60)
      await leaves(patient, 'caller')
      expect((await figuresOf(house, pensions)).section).toMatchObject({
        waiting: 0,
        longestSince: null,
        serviceLevel30: { answeredWithin20: 1, offered: 4, share: 0.25 },
        abandoned30: 2,
      })
      const counted = await countJournal(house.database.kysely, new Date(house.clock.now()), house.config.TIME_ZONE)
      expect(counted).toMatchObject({ answeredWithin20: 1, abandoned30: 2 })
      expect((await figuresOf(house, businesses)).section).toMatchObject({
        serviceLevel30: { answeredWithin20: 0, offered: 0, share: null },
        abandoned30: 0,
      })
    })

    test('forget a wait half an hour after it ended', async () => {
      const { house, arrives, seconds, answered } = await centre(open)
      await answered(await arrives())
      seconds(30 * 60 - 1)
      expect((await figuresOf(house, pensions)).total.serviceLevel30).toMatchObject({ offered: 1 })
      seconds(1)
      expect((await figuresOf(house, pensions)).total.serviceLevel30).toMatchObject({ offered: 0 })
    })

    test('count a wait where the call was in the end; a transfer waits anew, a conversation that broke off does not', async () => {
      const { house, arrives, seconds, answered, moves, joinsAgain, breaks } = await centre(open)
      const moved = await arrives(pensions)
      seconds(15)
      await moves(moved, pensions, businesses)
      seconds(10)
      // Twenty-five seconds since the caller joined: overflow is no fresh start.
      await answered(moved, anna, businesses)
      expect((await figuresOf(house, pensions)).section.serviceLevel30).toMatchObject({ offered: 0 })
      expect((await figuresOf(house, businesses)).section).toMatchObject({
        serviceLevel30: { answeredWithin20: 0, offered: 1 },
        inConversation: 1,
      })
      seconds(300)
      await joinsAgain(moved, pensions)
      seconds(3)
      await answered(moved, luca, pensions)
      expect((await figuresOf(house, pensions)).section.serviceLevel30).toEqual({ answeredWithin20: 1, offered: 1, share: 1 })
      seconds(60)
      await breaks(moved)
      seconds(25)
      await answered(moved, luca, pensions)
      expect((await figuresOf(house, pensions)).section.serviceLevel30).toEqual({ answeredWithin20: 1, offered: 1, share: 1 })
    })

    test('say honestly when the sums are behind by more than a minute', async () => {
      const { house, arrives, seconds, answered } = await centre(open)
      await answered(await arrives())
      seconds(59)
      expect(await service.liveFigures(house, supervisor)).toMatchObject({ behindSeconds: 0 })
      seconds(60)
      expect(await service.liveFigures(house, supervisor)).toMatchObject({ behindSeconds: 119 })
      expect(await service.dayFigures(house, supervisor)).toMatchObject({ behindSeconds: 119, total: 0 })
      expect(await liveFigures(house, supervisor)).toMatchObject({ behindSeconds: 0 })
      expect(await dayFigures(house, supervisor)).toMatchObject({ behindSeconds: 0, total: 1 })
    })

    test('are for those who answer for the contact centre, and show each their sections', async () => {
      const { house } = await centre(open)
      for (const actor of [anna, staff.switchboard, staff.paola, staff.director, staff.administrator])
        for (const ask of [liveFigures, dayFigures]) {
          const refused = await ask(house, actor).then(
            () => undefined,
            (error: unknown) => error,
          )
          expect(refused).toBeInstanceOf(Refused)
          expect(refused).toMatchObject({ code: 'monitoring.onlySupervisors', status: 403 })
        }
      const all = (await liveFigures(house, headquarters)).sections.map(section => section.id)
      expect(all).toEqual(expect.arrayContaining([pensions, businesses]))
      expect((await liveFigures(house, supervisor)).sections.map(section => section.id)).toEqual(all)
      const ofPensions = { ...supervisor, unitId: pensions, unitPath: `inps/ccm/${pensions}/` }
      expect((await liveFigures(house, ofPensions)).sections.map(section => section.id)).toEqual([pensions])
    })
  })

  describe('the day', () => {
    test('counts arrivals by half hours of office time', async () => {
      const { house, arrives, seconds, breaks, joinsAgain, clock } = await centre(open)
      await arrives()
      const call = await arrives(businesses)
      await joinsAgain(call, pensions)
      seconds(30 * 60 - 1)
      await breaks(await arrives())
      seconds(1)
      await arrives()
      const figures = await dayFigures(house, supervisor)
      expect(figures).toMatchObject({ day: '2026-11-24', timeZone: 'Europe/Rome', total: 4 })
      expect(figures.slots).toHaveLength(48)
      expect(figures.slots[0]?.start).toBe('2026-11-23T23:00:00.000Z')
      expect(figures.slots[20]).toEqual({ start: '2026-11-24T09:00:00.000Z', arrivals: 3 })
      expect(figures.slots[21]).toEqual({ start: '2026-11-24T09:30:00.000Z', arrivals: 1 })
      clock.advance(24 * 3_600_000)
      expect((await dayFigures(house, supervisor)).total).toBe(0)
    })

    test('tells how long callers waited for each section, half hour by half hour', async () => {
      const { house, arrives, seconds, answered } = await centre(open)
      const [short, long] = [await arrives(), await arrives()]
      seconds(10)
      await answered(short)
      seconds(20)
      await answered(long, luca)
      await arrives(businesses)
      const { waits } = await dayFigures(house, supervisor)
      const of = (section: string) => waits.find(({ sectionId }) => sectionId === section)?.seconds
      expect(of(pensions)?.slice(19, 22)).toEqual([null, 20, null])
      expect(of(businesses)?.every(each => each === null)).toBe(true)
    })

    test('counts calls by the province of the office that was called; a director sees the own region, also where nobody called', async () => {
      const { house } = await centre(open)
      const { kysely } = house.database
      await sql`
        insert into half_hour_number (generation, half_hour, number, mode, section_id, calls)
        select generation, timestamptz '2026-11-24 09:00Z', number, mode, section, 3 from sum_follower,
               (values ('+390600000001', 'channelled', 'ccm-pensioni'), ('+390600000001', 'channelled', ''),
                       ('+390600000001', 'direct', '')) given (number, mode, section)
        where  is_current`.execute(kysely)
      const country = await arrivalsByProvince(house, headquarters)
      expect(country).toMatchObject({ region: null, provinces: [{ code: 'RM', name: 'Roma', regionName: 'Lazio', arrivals: 6 }] })
      const lazio = await arrivalsByProvince(house, staff.director)
      expect(lazio.region).toBe('Lazio')
      expect(lazio.provinces.map(({ code, arrivals }) => [code, arrivals])).toEqual([
        ['RM', 6],
        ['FR', 0],
        ['LT', 0],
        ['RI', 0],
        ['VT', 0],
      ])
      expect((await arrivalsByProvince(house, staff.otherDirector)).provinces.every(({ arrivals }) => arrivals === 0)).toBe(true)
      await expect(arrivalsByProvince(house, anna)).rejects.toMatchObject({ status: 403 })
    })

    test.each([
      ['2026-03-29', 46],
      ['2026-10-25', 50],
    ])('of %s has %i half hours', async (day, count) => {
      const { house } = await open({ clock: virtualClock(Date.parse(`${day}T10:00:00Z`)) })
      const { slots } = await dayFigures(house, supervisor)
      expect(slots).toHaveLength(count)
      const gaps = slots.slice(1).map((slot, i) => Date.parse(slot.start) - Date.parse(slots[i]?.start ?? ''))
      expect(new Set(gaps)).toEqual(new Set([30 * 60_000]))
    })
  })

  test('Prometheus sees who waits and what agents do; without them the other figures stay', async () => {
    const { house, arrives, seconds, agent: set } = await centre(open)
    toClose.push(startMonitoring(house).close)
    await arrives()
    seconds(7)
    await set(anna.personId, 'available')
    await set(luca.personId, 'signed-out')
    const text = await registry.metrics()
    expect(text).toMatch('filodiretto_calls_waiting{section="ccm-pensioni"} 1')
    expect(text).toMatch('filodiretto_longest_wait_seconds{section="ccm-pensioni"} 7')
    expect(text).toMatch('filodiretto_agents{state="available"} 1')
    expect(text).toMatch('filodiretto_agents{state="paused"} 0')
    expect(text).not.toMatch('signed-out')
    await house.database.script('alter table agent_status rename to agent_status_away')
    const without = await registry.metrics()
    expect(without).not.toMatch('filodiretto_agents{')
    expect(without).not.toMatch('filodiretto_calls_waiting{')
    expect(without).toMatch('nodejs_version_info{')
  })
})

onPostgres(open => {
  test('figures that look back read the sums along their indexes, and nothing of the journal', async () => {
    const { house } = await open({ clock: virtualClock(morning + 3 * 3_600_000) })
    // Ten thousand calls in the journal, a year of sums, and more waits that ended lately than a country has in two hours.
    await house.database.script(`
      insert into event (at, type, actor, call_id, unit_ids, payload)
      select timestamptz '2026-11-24 06:00Z' + n * interval '1 second' + step * interval '5 seconds',
             (array['call.arrived', 'call.queued', 'call.position', 'offer.made', 'call.connected', 'call.ended'])[step],
             '{}', ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, '{}', '{"sectionId": "ccm-pensioni", "reason": "caller"}'
      from   generate_series(1, 10000) n, generate_series(1, 6) step;
      insert into half_hour_arrival (generation, half_hour, section_ids, calls)
      select 1, timestamptz '2026-01-01 00:00Z' + n * interval '30 minutes', array[section], 50
      from   generate_series(0, 17000) n, unnest(array['ccm-pensioni', 'ccm-aziende', 'ccm-online', 'ccm-centralino']) section;
      insert into half_hour_sum (generation, half_hour, section_id, answered, answer_wait_ms)
      select 1, timestamptz '2026-01-01 00:00Z' + n * interval '30 minutes', section, 5, 50
      from   generate_series(0, 17000) n, unnest(array['ccm-pensioni', 'ccm-aziende', 'ccm-online', 'ccm-centralino']) section;
      insert into half_hour_number (generation, half_hour, number, mode, section_id, calls)
      select 1, timestamptz '2026-01-01 00:00Z' + n * interval '30 minutes', '+3906000000' || number, 'channelled', 'ccm-pensioni', 1
      from   generate_series(0, 17000) n, generate_series(1, 4) number;
      insert into ended_wait (generation, call_id, no, at, section_id, how, waited_ms)
      select 1, ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 0, timestamptz '2026-11-24 10:00Z' + n * interval '200 ms',
             'ccm-pensioni', 'abandoned', n
      from   generate_series(1, 36000) n`)
    const db = house.database.kysely
    await analyse(db)
    const now = new Date(house.clock.now())
    const halfAnHourAgo = new Date(now.getTime() - 30 * 60_000)
    const [waits] = await plansOf(db, db => endedLately(db, halfAnHourAgo, now, 20_000))
    expect(waits).toMatchObject({ scanned: ['sum_follower'] })
    expect(waits?.text).toMatch('ended_wait_in_time')
    expect(waits?.text).not.toMatch('event')
    const [day] = await plansOf(db, db => arrivalsIn(db, [pensions], new Date(now.getTime() - 12 * 3_600_000), now))
    expect(day).toMatchObject({ scanned: ['sum_follower'] })
    expect(day?.text).toMatch('half_hour_arrival_pkey')
    const from = new Date(now.getTime() - 12 * 3_600_000)
    for (const [index, read] of [
      ['half_hour_sum_pkey', (own: typeof db) => answeredWaitsIn(own, [pensions], from, now)],
      ['half_hour_number_pkey', (own: typeof db) => callsToNumbersIn(own, from, now)],
    ] as const) {
      const [plan] = await plansOf(db, read)
      expect(plan).toMatchObject({ scanned: ['sum_follower'] })
      expect(plan?.text).toMatch(index)
    }
    const [talking] = await plansOf(db, db => sectionsOfCalls(db, ['00000000-0000-7000-8000-000000000007']))
    expect(talking).toMatchObject({ scanned: [] })
    expect(talking?.text).toMatch('_of_call')
    const counted = await endedLately(db, halfAnHourAgo, now, 20_000)
    expect(counted.reduce((sum, { calls }) => sum + calls, 0)).toBe(9_000)
  })
})
