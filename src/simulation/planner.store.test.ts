/** What directors ask, over the real server: rights, a run with a change, cancelling, the forecast, channelling. */
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { nobody } from '../../test/support/audience.ts'
import { onOneSession, onPostgres } from '../../test/support/database.ts'
import { writeHistory } from '../../test/support/history.ts'
import { staff } from '../../test/support/staff.ts'
import { followSums } from '../monitoring/index.ts'
import { planNumbers } from '../organisation/index.ts'
import { type Actor, type House, openServer, type Server, virtualClock } from '../platform/index.ts'
import { closeRuns, closeViews, simulationRoutes } from './index.ts'
import { ChannellingQuery, ForecastQuery } from './schema.ts'
import { channellingView, forecastView, pastDayView, taskOfDay } from './service.ts'
import { simulate } from './simulate.ts'

onOneSession(open => {
  let house: House
  let server: Server
  let actor: Actor

  beforeEach(async () => {
    house = (await open({ environment: { PORT: '0' } })).house
    actor = staff.headquarters
    server = await openServer(house, {
      routes: simulationRoutes,
      sockets: [],
      authenticate: async () => actor,
      audience: nobody,
      ready: async () => ({ ready: true, details: {} }),
    })
  })
  afterEach(async () => {
    await closeRuns(house)
    await closeViews(house)
    await server.close()
  })

  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    return { status: response.status, body: response.status === 204 ? undefined : JSON.parse(await response.text()) }
  }
  const until = async (id: string, state: string) => {
    for (;;) {
      const { body } = await ask('GET', `/api/planner/runs/${id}`)
      if (body.state === state) return body
      if (body.state !== 'running') throw new Error(`the run is ${body.state}`)
    }
  }

  test('a run answers the day as it is and with the change, in the sections of the contact centre', async () => {
    const changes = [{ kind: 'agents', section: 'ccm-pensioni', number: -30, fromHalfHour: 18, toHalfHour: 24 }]
    const started = await ask('POST', '/api/planner/runs', { basis: 'example', changes, seeds: 3 })
    expect(started.status).toBe(202)
    const run = await until(started.body.id, 'done')
    expect(run.before.sections.map((section: { id: string }) => section.id)).toContain('ccm-pensioni')
    expect(run.after.total.averageSpeedOfAnswerMs).toBeGreaterThan(run.before.total.averageSpeedOfAnswerMs)
    const { seeds, total } = run.comparison
    expect(seeds).toBe(3)
    expect(total.averageSpeedOfAnswerMs.difference.mean).toBeGreaterThan(total.averageSpeedOfAnswerMs.difference.half)
    expect(run.before.total.estimate.calls).toBeGreaterThan(0)
    actor = staff.director
    expect((await ask('GET', `/api/planner/runs/${started.body.id}`)).status).toBe(404)
  })

  test('one at a time, and it can be cancelled', async () => {
    const first = await ask('POST', '/api/planner/runs', { basis: 'example' })
    const second = await ask('POST', '/api/planner/runs', { basis: 'example' })
    expect(second).toMatchObject({ status: 429, body: { code: 'simulation.tooMany' } })
    expect((await ask('DELETE', `/api/planner/runs/${first.body.id}`)).status).toBe(204)
    expect(await until(first.body.id, 'cancelled')).toMatchObject({ before: null, after: null })
  })

  test('what cannot be done is said', async () => {
    const run = (body: unknown) => ask('POST', '/api/planner/runs', body)
    expect(await run({ basis: 'day' })).toMatchObject({ status: 422, body: { code: 'simulation.dayNeeded' } })
    expect(await run({ basis: 'day', day: '2099-01-01' })).toMatchObject({ status: 422, body: { code: 'simulation.dayToCome' } })
    const mars = { kind: 'calls', section: 'mars', factor: 2 }
    expect(await run({ basis: 'example', changes: [mars] })).toMatchObject({
      status: 422,
      body: { code: 'simulation.sectionUnknown' },
    })
    const nowhere = { kind: 'channelling', unitId: 'nowhere', from: '2026-12-07' }
    expect(await run({ basis: 'example', changes: [nowhere] })).toMatchObject({
      status: 422,
      body: { code: 'simulation.placeUnknown' },
    })
    for (const path of ['forecast?day=', 'day?date='])
      expect((await ask('GET', `/api/planner/${path}0001-01-01`)).status).toBe(422)
    actor = staff.anna
    expect((await run({ basis: 'example' })).status).toBe(403)
  })

  test('without a history nothing is forecast, and nothing fails', async () => {
    const { status, body } = await ask('GET', '/api/planner/forecast?day=2026-12-01')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      basis: 'nothing',
      basedOn: [],
      halfHours: [],
      shifts: [],
      over: 0,
      under: 0,
      error: null,
      history: { since: null, days: 0, missing: 0 },
      handling: { from: 'usual' },
    })
    expect(await ask('GET', '/api/planner/day?date=2026-01-15')).toMatchObject({ status: 200, body: { calls: 0 } })
    expect(await ask('GET', '/api/planner/channelling?unitId=dr-calabria&from=2026-12-07')).toMatchObject({
      status: 200,
      body: { callsADay: 0, sources: [{ from: 'nothing' }], proportionsFrom: 'nothing' },
    })
  })

  test('places that can be channelled are those with numbers that ring their office on the day', async () => {
    const placesOn = async (from: string): Promise<{ unitId: string; kind: string; numbers: number }[]> =>
      (await ask('GET', `/api/planner/places?from=${from}`)).body.places
    const now = await placesOn('2026-11-30')
    const calabria = now.find(place => place.unitId === 'dr-calabria')
    expect(calabria).toMatchObject({ kind: 'region' })
    expect(calabria?.numbers).toBe(
      now
        .filter(({ unitId, kind }) => kind === 'province' && calabrian.includes(unitId))
        .reduce((sum, { numbers }) => sum + numbers, 0),
    )
    expect(now.some(place => place.unitId === 'dr-puglia')).toBe(false)
    // By then the plan has channelled Calabria.
    expect((await placesOn('2027-05-03')).some(place => place.unitId === 'dr-calabria')).toBe(false)
  })
})

const calabrian = ['dp-catanzaro', 'dp-cosenza', 'dp-crotone', 'dp-reggio-calabria', 'dp-vibo-valentia']

/** A Monday after four weeks of history; the clock stands still. */
const today = Date.UTC(2026, 10, 23, 9)

onPostgres(open => {
  let house: House
  const query = (day: string, more: object = {}) => ForecastQuery.parse({ day, ...more })

  beforeAll(async () => {
    house = (await open({ clock: virtualClock(today) })).house
    await writeHistory(house, { from: '2026-10-26', days: 28, direct: { path: 'inps/dr-trentino-alto-adige/', callsADay: 60 } })
    await followSums(house)
    // Four weeks of a country take their time beside others.
  }, 300_000)

  test('four weeks of history forecast the fifth, and the error on the past is said', async () => {
    const plan = await forecastView(house, query('2026-11-23'))
    expect(plan).toMatchObject({ kind: 'ordinary', basis: 'same-weekday', history: { since: '2026-10-26', missing: 0 } })
    expect(plan.basedOn).toEqual(['2026-11-16', '2026-11-09', '2026-11-02', '2026-10-26'])
    const calls = plan.halfHours.reduce((sum, half) => sum + half.calls, 0)
    // 840 calls on a working day, a fifth more on Mondays.
    expect(calls / (840 * 1.2)).toBeGreaterThan(0.95)
    expect(calls / (840 * 1.2)).toBeLessThan(1.05)
    expect(plan.error?.days).toBe(20)
    // Of Poisson's chance alone, by half hours of some forty calls.
    expect(plan.error?.wape).toBeLessThan(0.2)
    expect(plan.error?.wapeOfDay).toBeLessThan(0.08)
    // Each section with its own length and patience, and all of them with the staff of the sum.
    const [pensions, online] = ['ccm-pensioni', 'ccm-online'].map(id => plan.sections.find(section => section.id === id))
    expect(pensions?.handling).toMatchObject({ from: 'section' })
    expect(pensions?.handling.meanMs).toBeGreaterThan(1.5 * (online?.handling.meanMs ?? 0))
    const one = await forecastView(house, query('2026-11-23', { sectionId: 'ccm-pensioni' }))
    expect(Math.max(...one.halfHours.map(half => half.needed))).toBe(pensions?.needed)
    for (const half of plan.halfHours) expect(half.onDuty >= half.needed || plan.under > 0).toBe(true)
  })

  test('All Saints’ fell on a Sunday; the Immaculate goes by Sundays, and the day after it by Wednesdays', async () => {
    expect(await forecastView(house, query('2026-12-08'))).toMatchObject({ kind: 'holiday', basis: 'sundays' })
    expect(await forecastView(house, query('2026-12-09'))).toMatchObject({ kind: 'after-holiday', basis: 'same-weekday' })
  })

  test('channelling brings the calls that the journal has seen, or those of offices like them, and the staff for them', async () => {
    const trentino = await channellingView(
      house,
      ChannellingQuery.parse({ unitId: 'dr-trentino-alto-adige', from: '2026-11-30' }),
    )
    expect(trentino.sources.map(({ from }) => from)).toEqual(['journal'])
    expect(trentino.arrivalsADay).toBeGreaterThan(50)
    expect(trentino.arrivalsADay).toBeLessThan(70)
    expect(trentino.courseFrom).toBe('own')
    const calabria = await channellingView(house, ChannellingQuery.parse({ unitId: 'dr-calabria', from: '2026-11-30' }))
    expect(calabria.sources.every(({ from }) => from === 'same-kind')).toBe(true)
    expect(calabria.proportionsFrom).toBe('all')
    const [before, after] = (['before', 'after'] as const).map(when =>
      calabria.sections.reduce((sum, section) => sum + section[when].calls, 0),
    )
    // Mondays have a fifth more.
    expect(((after ?? 0) - (before ?? 0)) / calabria.callsADay).toBeCloseTo(1.2, 1)
    for (const section of calabria.sections) expect(section.after.hours).toBeGreaterThanOrEqual(section.before.hours)
  })

  test('a day of the history is run again with its own calls, and with a region more', async () => {
    const { before, after } = await taskOfDay(house, '2026-11-20', {
      seed: 1,
      seeds: 1,
      changes: [{ kind: 'channelling', unitId: 'dr-calabria', from: '2026-11-30' }],
    })
    const real = await pastDayView(house, '2026-11-20')
    const run = simulate(before)
    expect(run.total.arrived).toBe(real.calls)
    // The twin is near to the day: the same calls, lengths drawn from those of the day, patience estimated.
    expect(Math.abs(run.total.serviceLevel - real.asItWas.total.serviceLevel)).toBeLessThan(0.1)
    expect(real.assumptions.find(({ id }) => id === 'ccm-pensioni')?.handling.from).toBe('day')
    expect(simulate(after ?? before).total.arrived).toBeGreaterThan(real.calls)
  })

  // The last one: it changes the number plan.
  test('numbers that the plan channels by the day are reckoned in, with what they are seen to bring', async () => {
    const plain = await forecastView(house, query('2026-11-30'))
    await planNumbers(house, staff.headquarters, {
      unitId: 'dr-trentino-alto-adige',
      mode: 'channelled',
      from: new Date(today + 3 * 86_400_000).toISOString(),
      reason: 'Fase di novembre',
    })
    const planned = await forecastView(house, query('2026-11-30'))
    expect(plain.plan).toEqual({ channelled: 0, back: 0, callsADay: 0 })
    expect(planned.plan.channelled).toBeGreaterThan(5)
    expect(planned.plan.callsADay).toBeGreaterThan(50)
    const more = (of: typeof plain) => of.halfHours.reduce((sum, half) => sum + half.calls, 0)
    expect((more(planned) - more(plain)) / planned.plan.callsADay).toBeCloseTo(1.2, 0)
  })
})
