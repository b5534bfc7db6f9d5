/** What directors ask, over the real server: rights, a run with a change, cancelling, the forecast, channelling. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { eachDatabase } from '../../test/support/database.ts'
import { staff } from '../../test/support/staff.ts'
import { type Actor, type House, openServer, type Server } from '../platform/index.ts'
import { closeRuns, routes } from './index.ts'

eachDatabase(open => {
  let house: House
  let server: Server
  let actor: Actor

  beforeEach(async () => {
    house = (await open({ environment: { PORT: '0' } })).house
    actor = staff.headquarters
    server = await openServer(house, {
      routes,
      sockets: [],
      authenticate: async () => actor,
      maySee: () => false,
      ready: async () => ({ ready: true, details: {} }),
    })
  })
  afterEach(async () => {
    await closeRuns(house)
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
    const started = await ask('POST', '/api/planner/runs', { basis: 'example', changes })
    expect(started.status).toBe(202)
    const run = await until(started.body.id, 'done')
    expect(run.before.sections.map((section: { id: string }) => section.id)).toContain('ccm-pensioni')
    expect(run.after.total.averageSpeedOfAnswerMs).toBeGreaterThan(run.before.total.averageSpeedOfAnswerMs)
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
    for (const path of ['forecast?day=', 'day?date='])
      expect((await ask('GET', `/api/planner/${path}0001-01-01`)).status).toBe(422)
    actor = staff.anna
    expect((await run({ basis: 'example' })).status).toBe(403)
  })

  test('without a history nothing is forecast, and nothing fails', async () => {
    const { status, body } = await ask('GET', '/api/planner/forecast?day=2026-12-01')
    expect(status).toBe(200)
    expect(body).toMatchObject({ basedOn: [], halfHours: [], shifts: [], over: 0, under: 0 })
    expect(await ask('GET', '/api/planner/day?date=2026-01-15')).toMatchObject({ status: 200, body: { calls: 0 } })
  })

  test('channelling a region brings the share of its numbers that still ring their office', async () => {
    const all = await Promise.all(
      ['12', '16', '20'].map(async region => (await ask('GET', `/api/planner/channelling?regionCode=${region}`)).body),
    )
    for (const { numbers, factor } of all) expect(factor > 1).toBe(numbers > 0)
  })
})
