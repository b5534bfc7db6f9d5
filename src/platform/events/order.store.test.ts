/** The journal's order beside strangers' transactions, whatever commits when. */
import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { z } from 'zod'
import { onPostgres } from '../../../test/support/database.ts'
import { randomOf } from '../../simulation/random.ts'
import {
  about,
  beginning,
  defineEvent,
  type Entry,
  type House,
  journalEnd,
  openPostgres,
  type Position,
  positionText,
  readJournal,
  readPosition,
  sealJournal,
  verifyJournal,
} from '../index.ts'

const put = defineEvent('test.put', about('program'), z.object({ name: z.string() }))
const nameOf = (entry: Entry) => String(entry.payload.name)
const insert = `insert into event (at, type, actor, payload) values (now(), '${put.type}', '{}', json_build_object('name', $1::text)) returning id, xid::text`

/** A session of its own, in which a transaction stays open as long as a test wants. */
async function session(url: string): Promise<pg.Client & AsyncDisposable> {
  const client = new pg.Client(url)
  await client.connect()
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() })
}

/** Reads to the end. Returns the names in the order of delivery, and the position there. */
async function readOn(house: House, from: Position, limit?: number): Promise<{ names: string[]; position: Position }> {
  const names: string[] = []
  for (let position = from; ; ) {
    const look = await readJournal(house.database, position, undefined, limit)
    names.push(...look.entries.map(nameOf))
    position = look.position
    if (!look.more) return { names, position }
  }
}

onPostgres(open => {
  test('writers with roll-backs beside transactions that stay open, here and in a neighbour database: each entry once, nobody waits', async () => {
    const { house, url = '' } = await open()
    await using ours = await session(url)
    await using idle = await session(url)
    await using neighbour = await session(`${inject('postgres')}postgres`)
    await ours.query('begin')
    await ours.query(insert, ['long, first'])
    for (const stranger of [idle, neighbour]) {
      await stranger.query('begin')
      await stranger.query('select pg_current_xact_id()')
    }
    const heard: string[] = []
    const early = Promise.withResolvers<void>()
    const late = Promise.withResolvers<void>()
    const expected: string[] = []
    await house.tail.follow(entries => {
      heard.push(...entries.map(nameOf))
      if (expected.length > 0 && heard.length >= expected.length) early.resolve()
      if (heard.includes('long, last')) late.resolve()
    }, beginning)
    const committed = await Promise.all(
      Array.from({ length: 8 }, async (_, writer) => {
        await using client = await session(url)
        const names: string[] = []
        for (let turn = 0; turn < 40; turn++) {
          await client.query('begin')
          const mine = [`${writer}.${turn}.a`, `${writer}.${turn}.b`]
          for (const name of mine) await client.query(insert, [name])
          const stays = (turn + writer) % 5 !== 0
          await client.query(stays ? 'commit' : 'rollback')
          if (stays) names.push(...mine)
        }
        return names
      }),
    )
    expected.push(...committed.flat())
    house.tail.committed()
    if (heard.length < expected.length) await early.promise
    // All of it, while the long one, the idle one and the neighbour's are still open.
    expect([...heard].sort()).toEqual([...expected].sort())
    await ours.query(insert, ['long, last'])
    await ours.query('commit')
    house.tail.committed()
    await late.promise
    expect(heard.slice(expected.length)).toEqual(['long, first', 'long, last'])
    expect(await sealJournal(house.database, 0)).toBe(expected.length + 2)
    await idle.query('rollback')
    await neighbour.query('rollback')
  })

  test('a transaction above the last one that had completed is not in the list of running ones, and is heard all the same', async () => {
    const { house, url = '' } = await open()
    await using first = await session(url)
    await using second = await session(url)
    /** Returns the look, and whether the one that runs is in its list: it is when another database of the cluster has completed one above it meanwhile. */
    const story = async (from: Position) => {
      await first.query('begin')
      await first.query('select pg_current_xact_id()')
      await second.query('begin')
      await second.query(insert, ['early number, late commit'])
      await first.query(insert, ['greater number, commits first'])
      await first.query('commit')
      const look = await readOn(house, from)
      expect(look.names).toEqual(['greater number, commits first'])
      const { rows } = await second.query<{ xid: string }>('select pg_current_xact_id()::text as xid')
      return {
        look,
        isInList:
          look.position.snapshot
            .split(':')[2]
            ?.split(',')
            .includes(rows[0]?.xid ?? '') === true,
      }
    }
    let { look, isInList } = await story(beginning)
    for (let begun = 1; isInList && begun < 100; begun++) {
      await second.query('commit')
      const { position } = await readOn(house, look.position)
      ;({ look, isInList } = await story(position))
    }
    expect(isInList).toBe(false)
    await second.query('commit')
    expect((await readOn(house, look.position)).names).toEqual(['early number, late commit'])
    expect((await readOn(house, readPosition(positionText(look.position)) ?? beginning)).names).toEqual([
      'early number, late commit',
    ])
  })

  test.each([1, 2, 3, 4, 5, 6, 7])(
    'seed %i: pages of any size, what is written after reading something comes after it',
    async seed => {
      const { house, url = '' } = await open()
      const random = randomOf(seed)
      const below = (bound: number) => Math.floor(random() * bound)
      const sessions = await Promise.all(Array.from({ length: 5 }, () => session(url)))
      const running = new Map<pg.Client, string[]>()
      const committed: string[] = []
      const knew = new Map<string, number>()
      const readers = [1, 2, 3, 50].map(limit => ({ limit, names: [] as string[], position: beginning }))
      for (let step = 0; step < 160; step++) {
        const client = sessions[below(sessions.length)] as pg.Client
        const mine = running.get(client)
        const what = below(4)
        if (mine === undefined) {
          await client.query('begin')
          if (what < 2) await client.query('select pg_current_xact_id()')
          running.set(client, [])
        } else if (what < 2) {
          const name = `${step}`
          // Whatever has been committed by now, this one may have read.
          knew.set(name, committed.length)
          await client.query(insert, [name])
          mine.push(name)
        } else {
          await client.query(what === 2 || below(2) === 0 ? 'commit' : 'rollback')
          if (
            (await client.query("select count(*)::int as n from event where payload ->> 'name' = any ($1)", [mine])).rows[0].n > 0
          )
            committed.push(...mine)
          running.delete(client)
        }
        const reader = readers[below(readers.length)]
        if (reader === undefined || below(2) === 0) continue
        const look = await readJournal(house.database, reader.position, undefined, reader.limit)
        reader.names.push(...look.entries.map(nameOf))
        reader.position = look.position
      }
      for (const [client, mine] of running) {
        await client.query('commit')
        committed.push(...mine)
      }
      for (const client of sessions) await client.end()
      for (const reader of readers) {
        reader.names.push(...(await readOn(house, reader.position, reader.limit)).names)
        expect([...reader.names].sort()).toEqual([...committed].sort())
        const place = new Map(reader.names.map((name, i) => [name, i]))
        for (const name of reader.names)
          for (const known of committed.slice(0, knew.get(name))) expect(place.get(known)).toBeLessThan(place.get(name) ?? 0)
      }
      // Sealed in pieces or at once, it is the same journal.
      await sealJournal(house.database, 0)
      expect(await verifyJournal(house.database)).toMatchObject({ sound: true, rows: committed.length, unsealed: 0 })
    },
  )

  test('what commits late is sealed once, and found if it is changed', async () => {
    const { house, url = '' } = await open()
    await using late = await session(url)
    await late.query('begin')
    await late.query(insert, ['late'])
    await house.database.query(insert, ['early'])
    expect(await sealJournal(house.database, 0)).toBe(1)
    await late.query('commit')
    expect(await sealJournal(house.database, 60_000)).toBe(1)
    expect(await verifyJournal(house.database)).toEqual({ sound: true, seals: 2, rows: 2, unsealed: 0 })
    expect(await verifyJournal(house.database, { seq: 2 })).toEqual({ sound: true, seals: 1, rows: 1, unsealed: 0 })
    expect(await verifyJournal(house.database, { at: new Date(1) })).toEqual({ sound: true, seals: 1, rows: 1, unsealed: 0 })
    await house.database.script(`alter table event disable trigger event_is_append_only;
      update event set payload = '{"name": "changed"}' where payload ->> 'name' = 'late'`)
    expect(await verifyJournal(house.database)).toMatchObject({ sound: false, seq: 2 })
  })

  test('a version that is changed afterwards is found, whether it was the first or a later one', async () => {
    const { house } = await open()
    for (const name of ['first', 'later']) await house.database.query(insert, [name])
    await house.database.script(`alter table event disable trigger event_is_append_only;
      update event set version = 2 where payload ->> 'name' = 'later'`)
    await sealJournal(house.database, 0)
    expect(await verifyJournal(house.database)).toMatchObject({ sound: true, rows: 2 })
    for (const [name, is, was] of [
      ['first', 2, 1],
      ['later', 3, 2],
      ['later', 1, 2],
    ]) {
      const change = "update event set version = $2 where payload ->> 'name' = $1"
      await house.database.query(change, [name, is])
      expect(await verifyJournal(house.database)).toMatchObject({ sound: false, seq: 1 })
      await house.database.query(change, [name, was])
    }
    expect(await verifyJournal(house.database)).toMatchObject({ sound: true, rows: 2 })
  })

  test('a row that is slipped in under an old number is found', async () => {
    const { house } = await open()
    await house.database.query('select nextval($1)', ['event_number'])
    await house.database.query(insert, ['honest'])
    await sealJournal(house.database, 0)
    await house.database.script(`insert into event (id, at, type, actor, payload)
      select id - 1, at, type, actor, payload from event`)
    expect(await verifyJournal(house.database)).toMatchObject({ sound: false, seq: 1 })
  })

  test('the number of the transaction is drawn before that of the entry', async () => {
    const { house } = await open()
    const { rows } = await house.database.query(
      `select pg_get_expr(adbin, adrelid) as expression from pg_attrdef
       where adrelid = 'event'::regclass and adnum = (select attnum from pg_attribute where attrelid = 'event'::regclass and attname = 'id')`,
      [],
    )
    expect(String(rows[0]?.expression).replace(/\s+/g, ' ')).toMatch(
      /^ ?CASE WHEN \(pg_current_xact_id\(\) IS NOT NULL\) THEN nextval/,
    )
    const sequence = await house.database.query("select seqcache from pg_sequence where seqrelid = 'event_number'::regclass", [])
    expect(sequence.rows).toEqual([{ seqcache: 1 }])
  })

  test('the end of the journal is the end, also beside a transaction that stays open', async () => {
    const { house, url = '' } = await open()
    await using late = await session(url)
    await late.query('begin')
    await late.query(insert, ['late'])
    await house.database.query(insert, ['early'])
    const end = await journalEnd(house.database)
    expect((await readOn(house, end)).names).toEqual([])
    await late.query('commit')
    expect((await readOn(house, end)).names).toEqual(['late'])
    const other = await openPostgres(url, 1)
    expect((await readJournal(other, end)).entries.map(nameOf)).toEqual(['late'])
    await other.close()
  })
})
