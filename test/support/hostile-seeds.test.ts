import { expect, test } from 'vitest'
import { isMeant, saltOf } from './hostile-seeds.ts'

const post = { method: 'POST', url: '/api/people' }

test('a filter is a path, or a method and a path', () => {
  for (const filter of [undefined, '/api/people', '/api/', 'POST /api/people', 'post  /api/pe', ' POST /api/people '])
    expect(isMeant(post, filter), filter).toBe(true)
  for (const filter of ['GET /api/people', '/api/peoples', 'POST', 'api/people', ''])
    expect(isMeant(post, filter), filter).toBe(filter === '')
})

test('each route has requests of its own', () => {
  expect(saltOf(post)).toBe(saltOf({ ...post }))
  expect(saltOf(post)).not.toBe(saltOf({ ...post, method: 'GET' }))
})
