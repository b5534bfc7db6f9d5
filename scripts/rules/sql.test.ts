import { expect, test } from 'vitest'
import { sqlFound } from './sql.ts'

const asking = "export const all = (db: Db) => db.selectFrom('ticket').selectAll().execute()"
const raw = 'const count = sql<{ n: number }>`select count(*) as n from ticket`'

test('a query outside a store is found, in both forms', () => {
  expect(
    sqlFound([
      { path: 'src/cases/tickets.ts', text: asking },
      { path: 'src/cases/views.ts', text: raw },
    ]),
  ).toEqual([
    "src/cases/tickets.ts asks the database: queries stand in the room's store.ts.",
    "src/cases/views.ts asks the database: queries stand in the room's store.ts.",
  ])
})

test('stores, the database itself and tests ask it', () => {
  const paths = [
    'src/cases/store.ts',
    'src/organisation/number-store.ts',
    'src/platform/database/upkeep.ts',
    'src/cases/a.test.ts',
  ]
  expect(sqlFound(paths.map(path => ({ path, text: asking })))).toEqual([])
})
