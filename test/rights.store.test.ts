/** The table of rights is what the program does; a route without a row is no route. */
import { expect, test } from 'vitest'
import { rights } from '../src/rights/index.ts'
import { routes } from '../src/routes.ts'
import { onPostgres } from './support/database.ts'
import { nameOf, walkRights } from './support/rights.ts'

test('every route has its row, and every row its route', () => {
  expect(routes.map(nameOf).filter(name => !(name in rights))).toEqual([])
  expect(Object.keys(rights).filter(name => !routes.some(route => nameOf(route) === name))).toEqual([])
})

onPostgres(open => {
  test('every route answers nobody and every role, near and far, as the table says', async () => {
    const { house } = await open({ environment: { PORT: '0' } })
    const { faults, routes: walked, asked, reached } = await walkRights(house)
    console.log(`${walked} routes: ${asked} requests, ${reached} of them reached a policy.`)
    expect(faults).toEqual([])
  })
})
