import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { eachDatabase, onPostgres } from '../../../test/support/database.ts'
import {
  about,
  beginning,
  defineEvent,
  type Entry,
  inTransaction,
  openTail,
  type Position,
  readJournal,
  sealJournal,
  system,
  useCase,
  verifyJournal,
} from '../index.ts'

const noted = defineEvent('test.noted', about('program'), z.object({ number: z.int() }))
const note = useCase(async ({ journal }, number: number) => {
  await journal(noted, { number }, { units: ['inps'] })
  return { number }
})
const numbers = (entries: readonly Entry[]) => entries.map(entry => entry.payload.number)
const clerk = system('test')

async function untilRead(house: Parameters<typeof readJournal>[0], count: number): Promise<Entry[]> {
  const entries: Entry[] = []
  let position: Position = beginning
  while (entries.length < count) {
    const read = await readJournal(house, position)
    entries.push(...read.entries)
    position = read.position
  }
  return entries
}

eachDatabase(open => {
  test('what a use case did is read back, in order, with its subjects', async () => {
    const { house } = await open()
    for (const number of [1, 2, 3]) await note(house, clerk, number)
    const { entries } = await readJournal(house.database, beginning)
    expect(numbers(entries)).toEqual([1, 2, 3])
    expect(entries[0]).toMatchObject({ type: 'test.noted', actor: clerk, subjects: { units: ['inps'] } })
  })

  test('a follower hears of a commit at once and never twice', async () => {
    const { house } = await open()
    await note(house, clerk, 1)
    const heard: unknown[] = []
    const all = Promise.withResolvers<void>()
    await house.tail.follow(entries => {
      heard.push(...numbers(entries))
      if (heard.length === 3) all.resolve()
    }, beginning)
    await note(house, clerk, 2)
    await note(house, clerk, 3)
    await all.promise
    expect(heard).toEqual([1, 2, 3])
  })

  test('a refused use case leaves neither rows nor entries', async () => {
    const { house } = await open()
    const fails = useCase(async ({ journal }) => {
      await journal(noted, { number: 1 }, {})
      throw new Error('changed my mind')
    })
    await expect(fails(house, clerk, undefined)).rejects.toThrow('changed my mind')
    expect((await readJournal(house.database, beginning)).entries).toEqual([])
  })

  test('rows of the journal cannot be changed or removed', async () => {
    const { house } = await open()
    await note(house, clerk, 1)
    await expect(sql`update event set type = 'other'`.execute(house.database.kysely)).rejects.toThrow('only ever added')
    await expect(sql`delete from event`.execute(house.database.kysely)).rejects.toThrow('only ever added')
  })

  test('the same Idempotency-Key gives the first answer again and does nothing; another request with it is refused', async () => {
    const { house } = await open()
    const key = { key: 'booking-0001', fingerprint: 'a' }
    await note(house, clerk, 7, key)
    expect(await note(house, clerk, 8, key)).toEqual({ number: 7 })
    await expect(note(house, clerk, 9, { ...key, fingerprint: 'b' })).rejects.toMatchObject({
      code: 'platform.idempotencyKeyReused',
    })
    expect(numbers((await readJournal(house.database, beginning)).entries)).toEqual([7])
  })

  describe('the seal', () => {
    const tamper = {
      'a changed row': sql`update event set payload = '{"number": 99}' where id = 2`,
      'a removed row': sql`delete from event where id = 2`,
      'an inserted row': sql`insert into event (xid, at, type, actor, payload) select xid, at, type, actor, payload from event where id = 2`,
      'a removed seal': sql`delete from seal where seq = 1`,
    }
    for (const [what, change] of Object.entries(tamper)) {
      test(`finds ${what}`, async () => {
        const { house } = await open()
        for (const number of [1, 2, 3]) await note(house, clerk, number)
        expect(await sealJournal(house.database, 0)).toBe(3)
        await note(house, clerk, 4)
        expect(await sealJournal(house.database, 60_000)).toBe(1)
        expect(await sealJournal(house.database, 120_000)).toBe(0)
        expect(await verifyJournal(house.database)).toEqual({ sound: true, seals: 2, rows: 4, unsealed: 0 })
        await sql`alter table event disable trigger event_is_append_only`.execute(house.database.kysely)
        await change.execute(house.database.kysely)
        expect(await verifyJournal(house.database)).toMatchObject({ sound: false })
      })
    }
  })
})

onPostgres(open => {
  test('transactions that commit out of order: no entry is skipped', async () => {
    const { house, another } = await open()
    const second = await another()
    const may = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const slow = inTransaction(house, clerk, async ({ journal }) => {
      await journal(noted, { number: 1 }, {})
      begun.resolve()
      await may.promise
    })
    await begun.promise
    await note(second, clerk, 2)
    const early = await readJournal(second.database, beginning)
    expect(numbers(early.entries)).toEqual([2])
    may.resolve()
    await slow
    expect(numbers((await readJournal(second.database, early.position)).entries)).toEqual([1])
    expect(numbers((await readJournal(second.database, beginning)).entries)).toEqual([1, 2])
  })

  test('hundreds of racing writers and a follower: each entry once', async () => {
    const { house, another } = await open()
    const second = await another()
    const heard: Entry[] = []
    const all = Promise.withResolvers<void>()
    await second.tail.follow(entries => {
      heard.push(...entries)
      if (heard.length >= 400) all.resolve()
    }, beginning)
    await Promise.all(Array.from({ length: 400 }, (_, number) => note(number % 2 ? house : second, clerk, number)))
    await all.promise
    expect([...numbers(heard)].sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 400 }, (_, number) => number))
  })

  test('losing every NOTIFY costs latency and nothing else', async () => {
    const { house, another } = await open()
    const second = await another()
    const deaf = await openTail(second.database, second.clock, second.log, false)
    const heard: unknown[] = []
    const all = Promise.withResolvers<void>()
    await deaf.follow(entries => {
      heard.push(...numbers(entries))
      if (heard.length === 2) all.resolve()
    })
    await note(house, clerk, 1)
    await note(house, clerk, 2)
    await all.promise
    await deaf.close()
    expect(heard).toEqual([1, 2])
  })

  test('two requests with one key at the same moment: one works, the other gets its answer', async () => {
    const { house, another } = await open()
    const second = await another()
    const key = { key: 'booking-0002', fingerprint: 'a' }
    const answers = await Promise.all([note(house, clerk, 1, key), note(second, clerk, 1, key), note(house, clerk, 1, key)])
    expect(answers).toEqual([{ number: 1 }, { number: 1 }, { number: 1 }])
    expect(await untilRead(house.database, 1)).toHaveLength(1)
  })

  test('a deadlock is repeated, not reported', async () => {
    const { house } = await open()
    await sql`create table shelf (name text primary key, books int not null)`.execute(house.database.kysely)
    await sql`insert into shelf values ('a', 0), ('b', 0)`.execute(house.database.kysely)
    const both = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const
    const move = (first: string, then: string, mine: 0 | 1) =>
      inTransaction(house, clerk, async ({ tx }) => {
        await sql`update shelf set books = books + 1 where name = ${first}`.execute(tx)
        both[mine].resolve()
        await both[mine === 0 ? 1 : 0].promise
        await sql`update shelf set books = books + 1 where name = ${then}`.execute(tx)
      })
    await Promise.all([move('a', 'b', 0), move('b', 'a', 1)])
    const { rows } = await sql<{ books: number }>`select books from shelf`.execute(house.database.kysely)
    expect(rows.map(row => row.books)).toEqual([2, 2])
  })
})
