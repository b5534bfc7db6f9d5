/** Live pages over a real server: what is told, what is told again after a break, and what a page that behaves badly may cost. */
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { sql } from 'kysely'
import { afterEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { eachDatabase, onPostgres } from '../../../test/support/database.ts'
import { type Actor, about, defineEvent, type House, openServer, registry, useCase } from '../index.ts'

const pinged = defineEvent('test.pinged', about('program'), z.object({ text: z.string() }))
const ping = useCase(async ({ journal }, { unit, person, text = '' }: { unit: string; person?: string; text?: string }) => {
  await journal(pinged, { text }, { units: [unit], person })
})
const changed = defineEvent('test.changed', about('program'), z.object({}))
const change = useCase(({ journal }, person: string) => journal(changed, {}, { person }))

/** Somebody whose entries are told apart. */
const ada = '00000000-0000-7000-8000-0000000000ad'
/** Readers by the unit of their cookie. */
const personOf = (unitId: string) =>
  `00000000-0000-7000-8000-${Buffer.from(unitId.slice(0, 6)).toString('hex').padStart(12, '0')}`

const clerk: Actor = { kind: 'system', name: 'test' }
const reader = (unitId: string): Actor => ({
  kind: 'person',
  personId: personOf(unitId),
  name: 'Anna',
  role: 'operator',
  unitId,
  unitPath: `inps/${unitId}/`,
  assignmentId: `a-${unitId}`,
})

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function serve(house: House): Promise<string> {
  const server = await openServer(
    { ...house, config: { ...house.config, PORT: 0 } },
    {
      routes: [],
      sockets: [],
      authenticate: async (_house, { cookie }) => (cookie === undefined ? null : reader(cookie.split('=')[1] ?? '')),
      sessionOf: (_house, { cookie }) => cookie,
      audience: {
        groupsOf: actor => (actor.kind === 'person' ? { own: actor.personId, shared: [actor.unitId] } : { own: '', shared: [] }),
        hearersOf: ({ subjects: { units = [], person } }) => (person === undefined ? units : [...units, person]),
        changesRights: ({ type }) => type === changed.type,
      },
      ready: async () => ({ ready: true, details: {} }),
    },
  )
  closing.push(() => server.close())
  return server.url
}

interface Stream {
  /** What was told, in order: `data:` as JSON. */
  readonly told: Record<string, unknown>[]
  /** The place that it has come to. */
  readonly place: () => string | undefined
  readonly isOver: () => boolean
  close(): void
}

/** Opens a stream. Returns when it has been told its place. */
async function open(url: string, unit: string, from?: string): Promise<Stream> {
  let text = ''
  let over = false
  const headers = { cookie: `unit=${unit}`, ...(from === undefined ? {} : { 'last-event-id': from }) }
  const request = httpRequest(`${url}/api/live`, { headers }, response => {
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => {
      text += chunk
    })
    response.on('close', () => {
      over = true
    })
  })
  request.on('error', () => {})
  request.end()
  closing.push(() => request.destroy())
  const blocks = (kind: string) =>
    text
      .split('\n\n')
      .slice(0, -1)
      .filter(block => block.startsWith(kind))
      .map(block => block.slice(kind.length))
  const stream: Stream = {
    get told() {
      return blocks('data: ').map(data => JSON.parse(data) as Record<string, unknown>)
    },
    place: () => blocks('id: ').at(-1),
    isOver: () => over,
    close: () => request.destroy(),
  }
  await vi.waitFor(() => expect(stream.place()).toBeDefined(), patience)
  return stream
}

const patience = { timeout: 60_000, interval: 10 }
const told = (stream: Stream, count: number) => vi.waitFor(() => expect(stream.told).toHaveLength(count), patience)

async function figure(name: string, label = ''): Promise<number> {
  const line = (await registry.metrics()).split('\n').find(each => each.startsWith(`${name}${label}`))
  return Number(line?.split(' ').at(-1) ?? 0)
}

eachDatabase(openHouse => {
  test('a page that comes back is told what it has missed, and nothing twice', async () => {
    const { house } = await openHouse()
    const url = await serve(house)
    const first = await open(url, 'lazio')
    await ping(house, clerk, { unit: 'lazio' })
    await told(first, 1)
    const place = first.place()
    first.close()
    await ping(house, clerk, { unit: 'lazio', person: ada })
    await ping(house, clerk, { unit: 'puglia' })
    const again = await open(url, 'lazio', place)
    await told(again, 1)
    expect(again.told).toEqual([{ types: ['test.pinged'], units: ['lazio'], person: ada }])
    await ping(house, clerk, { unit: 'lazio' })
    await told(again, 2)
  })

  test('a place that nobody remembers, or that is none, is answered by one word: load anew', async () => {
    const { house } = await openHouse()
    for (const unit of ['lazio', 'puglia', 'lazio']) await ping(house, clerk, { unit })
    const url = await serve(house)
    for (const from of ['1-1', 'nonsense', '99999999999999999999999-1']) {
      const stream = await open(url, 'lazio', from)
      expect(stream.told, from).toEqual([{ anew: true }])
      await ping(house, clerk, { unit: 'lazio' })
      await told(stream, 2)
    }
  })

  test('entries about the same thing that come together are one message', async () => {
    const { house } = await openHouse()
    const url = await serve(house)
    const stream = await open(url, 'lazio')
    await Promise.all(Array.from({ length: 50 }, () => ping(house, clerk, { unit: 'lazio' })))
    await ping(house, clerk, { unit: 'lazio', person: ada })
    await vi.waitFor(() => expect(stream.told.at(-1)).toMatchObject({ person: ada }), patience)
    expect(stream.told.length).toBeLessThan(51)
    expect(stream.told[0]).toEqual({ types: ['test.pinged'], units: ['lazio'] })
  })

  test('the ninth page of a session takes the place of the first, which is told so', async () => {
    const { house } = await openHouse()
    const url = await serve(house)
    const pages: Stream[] = []
    for (let n = 0; n < 9; n++) pages.push(await open(url, 'lazio'))
    const other = await open(url, 'puglia')
    await vi.waitFor(
      () => expect(pages.map(page => page.isOver())).toEqual([true, ...Array.from({ length: 8 }, () => false)]),
      patience,
    )
    expect(pages[0]?.told).toEqual([{ replaced: true }])
    expect(other.isOver()).toBe(false)
    await expect.poll(() => figure('filodiretto_live_streams'), patience).toBe(9)
  })

  test('when what somebody may see changes, the streams of this person end at once, before anything else is told', async () => {
    const { house } = await openHouse()
    const url = await serve(house)
    const [mine, other] = [await open(url, 'lazio'), await open(url, 'puglia')]
    await change(house, clerk, personOf('lazio'))
    for (const unit of ['lazio', 'puglia']) await ping(house, clerk, { unit })
    await told(other, 1)
    await vi.waitFor(() => expect(mine.isOver()).toBe(true), patience)
    expect(mine.told).toEqual([])
  })
})

const slowReaders = () => figure('filodiretto_live_streams_cut_total', '{reason="slow"}')

onPostgres(openHouse => {
  test('a place of one node is taken up at another', async () => {
    const { house, another } = await openHouse()
    const [one, two] = [await serve(house), await serve(await another())]
    const first = await open(one, 'lazio')
    const there = await open(two, 'puglia')
    await ping(house, clerk, { unit: 'lazio' })
    await told(first, 1)
    const place = first.place()
    first.close()
    await ping(house, clerk, { unit: 'lazio', person: ada })
    await ping(house, clerk, { unit: 'puglia' })
    await told(there, 1)
    const again = await open(two, 'lazio', place)
    await told(again, 1)
    expect(again.told).toEqual([{ types: ['test.pinged'], units: ['lazio'], person: ada }])
  })

  test('a page that is gone costs nothing more, however far back it asked', async () => {
    const { house } = await openHouse()
    await sql`
      insert into event (at, type, actor, unit_ids, payload)
      select   clock_timestamp(), 'test.pinged', '{"kind":"system","name":"test"}', '{lazio}', '{"text":""}'
      from     generate_series(1, 40000)`.execute(house.database.kysely)
    const url = await serve(house)
    const place = '1-1'
    for (let n = 0; n < 3; n++) {
      const request = httpRequest(`${url}/api/live`, { headers: { cookie: 'unit=lazio', 'last-event-id': place } }, response => {
        response.once('data', () => request.destroy())
      })
      request.on('error', () => {})
      request.end()
      await new Promise<void>(resolve => request.once('close', () => resolve()))
    }
    const before = await fetched(house)
    await new Promise(resolve => setTimeout(resolve, 2_000))
    // What was read before is counted late, too; read to their end, the three would be 120,000.
    expect((await fetched(house)) - before).toBeLessThan(40_000)
  })

  test('a page that does not read is cut off, and the others are told', async () => {
    const { house } = await openHouse()
    const url = await serve(house)
    const before = await slowReaders()
    const { hostname, port } = new URL(url)
    const slow = connect(Number(port), hostname)
    slow.on('error', () => {})
    closing.push(() => slow.destroy())
    slow.write(`GET /api/live HTTP/1.1\r\nhost: ${hostname}\r\ncookie: unit=lazio\r\n\r\n`)
    await new Promise(resolve => slow.once('data', resolve))
    slow.pause()
    const quick = await open(url, 'puglia')
    // Units of such a length that each entry makes a message of its own, and a large one.
    const padding = 'x'.repeat(2_000)
    for (let round = 0; round < 40 && (await slowReaders()) === before; round++) {
      await sql`
        insert into event (at, type, actor, call_id, unit_ids, payload)
        select   clock_timestamp(), 'test.pinged', '{"kind":"system","name":"test"}', gen_random_uuid(), array['lazio', ${padding}], '{"text":""}'
        from     generate_series(1, 400)`.execute(house.database.kysely)
      house.tail.committed()
      await ping(house, clerk, { unit: 'puglia' })
      await told(quick, round + 1)
    }
    expect(await slowReaders()).toBe(before + 1)
    expect(quick.isOver()).toBe(false)
  })
})

/** Rows of the journal that the server has read so far. */
async function fetched(house: House): Promise<number> {
  const { rows } = await sql<{ rows: number }>`
    select sum(idx_tup_fetch + idx_tup_read)::float8 as rows from pg_stat_user_indexes where relname = 'event'`.execute(
    house.database.kysely,
  )
  return rows[0]?.rows ?? 0
}
