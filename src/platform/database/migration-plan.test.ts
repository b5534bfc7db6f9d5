/** Which migrations are missing, which are refused, and how they are named and formed. */
import { describe, expect, test } from 'vitest'
import { readMigrations } from './migrate.ts'
import { builtIndex, complaintsAbout, landedByTheme, pendingMigrations, runsOutside } from './migration-plan.ts'

const file = (name: string, sha256 = name) => ({ name, sha256, text: 'select 1;' })
const applied = (...names: string[]) => new Map(names.map(name => [name, name]))
const names = (files: readonly { name: string }[]) => files.map(each => each.name)

describe('what is missing', () => {
  const first = '202611010900-first.sql'
  const second = '202611010901-second.sql'
  const third = '202611020000-third.sql'

  test('is what was not applied, in its order', () => {
    expect(names(pendingMigrations([file(first), file(second)], applied()))).toEqual([first, second])
    expect(names(pendingMigrations([file(first), file(second)], applied(first)))).toEqual([second])
    expect(pendingMigrations([file(first)], applied(first))).toEqual([])
  })

  test('is refused when it sorts before an applied one, with a sentence that names both', () => {
    expect(() => pendingMigrations([file(first), file(second), file(third)], applied(first, third))).toThrow(
      `The migration ${second} sorts before ${third}, which has already been applied.`,
    )
  })

  test('is not refused among those that landed by theme: 0311 came after 0321', () => {
    const all = landedByTheme.map(name => file(name))
    const before = landedByTheme.filter(name => name !== '0311-telephones.sql')
    expect(names(pendingMigrations(all, applied(...before)))).toEqual(['0311-telephones.sql'])
  })

  test('is refused when an applied one was edited, or when the database has one that the program does not know', () => {
    expect(() => pendingMigrations([file(first, 'edited'), file(second)], applied(first))).toThrow(
      'was changed after it had been applied',
    )
    expect(() => pendingMigrations([file(first)], applied(first, second))).toThrow(`newer than this program: it has ${second}.`)
  })
})

describe('the folder', () => {
  test('has only migrations that are named by a time of their own and formed as they should be', () => {
    expect(complaintsAbout(readMigrations())).toEqual([])
    expect(names(readMigrations())).toEqual(expect.arrayContaining([...landedByTheme]))
  })

  test('complains of every other name', () => {
    for (const name of [
      '0360-more.sql',
      '202613010000-month.sql',
      '202602300000-day.sql',
      '202611010900.sql',
      '202611010900-Big.sql',
      '202611012460-x.sql',
    ])
      expect(complaintsAbout([{ name, text: 'select 1;' }]), name).toHaveLength(1)
    const same = ['202611010900-one.sql', '202611010900-two.sql'].map(name => file(name))
    expect(complaintsAbout(same)).toEqual([expect.stringContaining('has the same time')])
  })

  test('complains of an index built concurrently without saying so, and of what cannot be repeated beside one', () => {
    const index = 'create index concurrently if not exists event_by_day on event (at);'
    const named = (text: string) => complaintsAbout([{ name: '202611010900-x.sql', text }])
    expect(named(index)).toEqual([expect.stringContaining('say so in the first lines')])
    expect(named(`-- Why.\n-- concurrently\n${index}\ndrop index concurrently if exists old;`)).toEqual([])
    expect(named('-- concurrently\ncreate index concurrently event_by_day on event (at);')).toHaveLength(1)
    expect(named(`-- concurrently\n${index}\nupdate event set at = now();`)).toHaveLength(1)
    expect(named('-- only words')).toEqual([expect.stringContaining('no statement')])
  })
})

test('the head of a file says whether it runs outside a transaction; the name of an index is read from its statement', () => {
  expect(runsOutside('-- concurrently\nselect 1;')).toBe(true)
  expect(runsOutside('-- This builds its index concurrently, later.\nselect 1;')).toBe(false)
  expect(runsOutside('select 1;\n-- concurrently\n')).toBe(false)
  expect(builtIndex('-- For lists.\ncreate unique index concurrently if not exists a_b on a (b);')).toBe('a_b')
  expect(builtIndex('create index a_b on a (b);')).toBeUndefined()
})
