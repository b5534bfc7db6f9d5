/** What a reader cannot take is set aside, listed and counted, and the next entry is taken all the same. */
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { eachDatabase } from '../../../test/support/database.ts'
import { system } from '../actor.ts'
import { registry } from '../http/metrics.ts'
import { inTransaction } from '../use-case.ts'
import { defineEvent, payloadOf } from './event.ts'
import { beginning } from './position.ts'
import { eachEntry, entriesSetAside, setAsideLately } from './set-aside.ts'

const counted = defineEvent('test.counted', z.object({ number: z.int() }))

eachDatabase(open => {
  test('newer, damaged and failing entries keep nobody from the others', async () => {
    const { house } = await open()
    const db = house.database.kysely
    const put = (version: number, payload: string, actor = '{"kind": "machine"}') =>
      sql`insert into event (at, type, version, actor, payload)
          values (now(), 'test.counted', ${version}, ${actor}::jsonb, ${payload}::jsonb)`.execute(db)
    const write = (number: number) => inTransaction(house, system('test'), work => work.journal(counted, { number }, {}))
    await write(1)
    await put(2, '{"number": 2}')
    for (const payload of ['null', '[]', '{"number": "three"}']) await put(1, payload)
    await put(1, '{"number": 4}')
    await write(13)
    await write(5)
    const taken: number[] = []
    const { promise, resolve } = Promise.withResolvers<void>()
    const stop = await house.tail.follow(
      eachEntry(house, 'test', [counted], async entry => {
        const { number = 0 } = payloadOf(counted, entry) ?? {}
        if (number === 13) throw new Error('no luck')
        taken.push(number)
        if (number === 6) resolve()
      }),
      beginning,
    )
    await write(6)
    await promise
    stop()
    expect(taken).toEqual([1, 4, 5, 6])
    const first = await entriesSetAside(db, { limit: 3 })
    const rest = await entriesSetAside(db, { limit: 3, cursor: first.next ?? undefined })
    expect([...first.items, ...rest.items].map(({ reader, version, why }) => [reader, version, why])).toEqual([
      ['test', 1, 'failed'],
      ['test', 1, 'damaged'],
      ['test', 1, 'damaged'],
      ['test', 1, 'damaged'],
      ['test', 2, 'newer'],
    ])
    expect(rest.next).toBeNull()
    expect(await setAsideLately(db, new Date(house.clock.now()))).toBe(5)
    expect(await registry.getSingleMetricAsString('filo_journal_unreadable_entries_total')).toContain(
      'reader="test",type="test.counted",why="newer"',
    )
  })
})
