/** The sums of half hours: written once, the same as a recount, whatever happens while they are written. */
import { type KyselyPlugin, sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { eachDatabase, type OpenHouse, onPostgres } from '../../../test/support/database.ts'
import { dice, randomCalls } from '../../../test/support/random-calls.ts'
import { slowSums, sumsOf, wholeSums } from '../../../test/support/slow-sums.ts'
import { type CheckedEntry, type House, virtualClock, writeEntries } from '../../platform/index.ts'
import { behindMs, followSums, rebuildSums } from './index.ts'

/** A Tuesday, 9:00 in Rome. */
const morning = Date.UTC(2026, 10, 24, 8)
const hours = 3_600_000

const write = (house: Pick<House, 'database'>, entries: readonly CheckedEntry[]) =>
  house.database.kysely.transaction().execute(tx => writeEntries(tx, entries))

/** Writes entries in parts, one in ten later than its time, and lets the sums follow now and then. */
async function live(house: House, seed: number, entries: readonly CheckedEntry[], follow = followSums): Promise<void> {
  const roll = dice(seed)
  const late: CheckedEntry[] = []
  for (let from = 0; from < entries.length; ) {
    const part = entries.slice(from, from + 1 + roll(40))
    from += part.length
    const overdue = late.splice(0, roll(late.length + 1))
    const [inTime, held] = [part.filter((_, i) => (from + i) % 10 > 0), part.filter((_, i) => (from + i) % 10 === 0)]
    late.push(...held)
    await write(house, [...inTime, ...overdue])
    if (roll(3) === 0) await follow(house)
  }
  await write(house, late)
  await follow(house)
}

async function sameAsRecounted(house: House): Promise<void> {
  const [written, counted] = [await sumsOf(house.database.kysely), await slowSums(house.database.kysely)]
  expect(Object.keys(counted).length).toBeGreaterThan(50)
  expect(written).toEqual(counted)
}

const opened = async (open: OpenHouse, now = morning + 6 * hours) => (await open({ clock: virtualClock(now) })).house

eachDatabase(open => {
  describe('the sums of half hours', () => {
    test.each([1, 2, 3])('are those of a recount, and of a rebuilding, for the journal of seed %i', async seed => {
      const house = await opened(open)
      await live(house, seed, randomCalls(seed, 120, morning, 5 * hours))
      await sameAsRecounted(house)
      const before = await wholeSums(house.database.kysely)
      await rebuildSums(house)
      await sameAsRecounted(house)
      expect((await wholeSums(house.database.kysely)).filter(isSomething)).toEqual(before.filter(isSomething))
    })

    test.each([
      ['an hour is missing', Date.UTC(2026, 2, 28, 22)],
      ['an hour comes twice', Date.UTC(2026, 9, 24, 22)],
    ])('count each call once in a night in which %s', async (_, night) => {
      const house = await opened(open, night + 12 * hours)
      await live(house, 7, randomCalls(7, 60, night, 6 * hours))
      await sameAsRecounted(house)
    })

    test('take an entry that comes late into the half hour of its instant, and out of where its call stood without it', async () => {
      const house = await opened(open)
      const entries = randomCalls(11, 40, morning, hours)
      const [first, rest] = [entries.filter((_, i) => i % 2 === 0), entries.filter((_, i) => i % 2 === 1)]
      await write(house, first)
      await followSums(house)
      await write(house, rest)
      await followSums(house)
      await sameAsRecounted(house)
      // Months later, when nobody knows any more what each call has put in.
      await write(house, randomCalls(12, 3, morning + 60 * 24 * hours, hours))
      await followSums(house)
      await write(house, randomCalls(13, 3, morning + 100 * 24 * hours, hours))
      await followSums(house)
      const { rows } = await sql<{ kept: number }>`select count(*)::int as kept from summed`.execute(house.database.kysely)
      expect(rows[0]?.kept).toBeLessThan(20)
      const again = randomCalls(11, 40, morning, hours).find(({ type }) => type === 'call.connected')
      const of = entries.find(({ type }) => type === 'call.queued')
      if (!again || !of) throw new Error('no call of this seed was answered')
      await write(house, [{ ...again, call_id: of.call_id ?? null, person_id: null, at: new Date(morning + 2 * hours) }])
      await followSums(house)
      await sameAsRecounted(house)
    })

    test('say how far they are behind', async () => {
      const house = await opened(open)
      await write(house, randomCalls(1, 2, morning, 1))
      expect(await behindMs(house)).toBe(6 * hours)
      await followSums(house)
      expect(await behindMs(house)).toBe(0)
    })

    test('are those of a recount, at whichever statement the program ends', async () => {
      const house = await opened(open)
      const entries = randomCalls(5, 30, morning, hours)
      let statements = 0
      for (const [n, part] of [entries.slice(0, 60), entries.slice(60)].entries()) {
        await write(house, part)
        for (let at = 1; at <= 40; at++) {
          const dying = dyingAfter(house, at)
          const died = await followSums(dying.house).then(
            () => false,
            () => true,
          )
          statements = Math.max(statements, dying.statements())
          if (!died) break
        }
        if (n === 0) expect(await behindMs(house)).toBe(0)
      }
      expect(statements).toBeGreaterThan(8)
      await sameAsRecounted(house)
    })

    test('keep the half hours that have left the journal when they are rebuilt', async () => {
      const house = await opened(open)
      await write(house, randomCalls(3, 30, morning, hours))
      await followSums(house)
      const before = await sumsOf(house.database.kysely)
      await house.database.script('truncate event')
      await write(house, randomCalls(4, 30, morning + 48 * hours, hours))
      await rebuildSums(house)
      const after = await sumsOf(house.database.kysely)
      expect(after).toEqual({ ...before, ...(await slowSums(house.database.kysely)) })
    })
  })
})

const isSomething = (text: string) =>
  /: [1-9]/.test(text.replace(/"(half_hour|section_id|section_ids)": ("[^"]*"|\[[^\]]*\])/g, ''))

/** The house of a program that ends before its nth statement. */
function dyingAfter(house: House, nth: number) {
  let sent = 0
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      if (++sent >= nth) throw new Error('the program has ended')
      return node
    },
    transformResult: async ({ result }) => result,
  }
  const database = { ...house.database, kysely: house.database.kysely.withPlugin(plugin) }
  return { house: { ...house, database }, statements: () => sent }
}

onPostgres(open => {
  test('many nodes follow one journal while it is rebuilt twice: the sums are those of a recount', async () => {
    const { house, another } = await open({ clock: virtualClock(morning + 6 * hours) })
    const [second, third] = [await another(), await another()]
    const entries = randomCalls(21, 150, morning, 5 * hours)
    const writing = live(house, 21, entries, async () => {
      await Promise.all([followSums(house), followSums(second)])
    })
    await rebuildSums(third)
    await writing
    await rebuildSums(third)
    await followSums(second)
    await sameAsRecounted(house)
  })

  test('two rebuildings at once: the second is refused', async () => {
    const { house, another } = await open({ clock: virtualClock(morning + 6 * hours) })
    const second = await another()
    await write(house, randomCalls(2, 50, morning, hours))
    const both = await Promise.allSettled([rebuildSums(house), rebuildSums(second)])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await sameAsRecounted(house)
  })
})
