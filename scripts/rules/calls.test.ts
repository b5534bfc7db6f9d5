import { expect, test } from 'vitest'
import { callsFound } from './calls.ts'

const routes = [
  { method: 'GET', url: '/api/tickets' },
  { method: 'GET', url: '/api/tickets/:ticketId' },
  { method: 'POST', url: '/api/tickets/:ticketId/claim' },
]
const page = (text: string) => [{ path: 'web/cric/tickets.ts', text }]
const all = `
  api.get('/api/tickets', { query: { view } })
  api.get('/api/tickets/:ticketId', { path: { ticketId } })
  const steps = { claim: '/api/tickets/:ticketId/claim' } as const
`

test('pages that ask what is declared are right', () => {
  expect(callsFound(page(all), routes, {})).toEqual([])
})

test('a route that no page asks for is found, unless another program does', () => {
  const without = page(all.replace(/.*\/api\/tickets',.*/, ''))
  expect(callsFound(without, routes, {})).toEqual([
    'GET /api/tickets is asked by no page: take it away, or name it in scripts/rules/calls.ts with who asks.',
  ])
  expect(callsFound(without, routes, { 'GET /api/tickets': 'a program' })).toEqual([])
})

test('the list of other programs stays true', () => {
  expect(callsFound(page(all), routes, { 'GET /api/tickets': 'a program', 'GET /api/gone': 'a program' })).toEqual([
    'GET /api/tickets is asked by a page: scripts/rules/calls.ts says it is not.',
    'GET /api/gone in scripts/rules/calls.ts is no route.',
  ])
})

test('an address that is put together, and a request past the client, are found', () => {
  const found = callsFound(
    page(`${all}\n  const url = \`/api/tickets/\${id}\`\n  const answer = await fetch(url)\n  query.refetch()\n`),
    routes,
    {},
  )
  expect(found).toEqual([
    'web/cric/tickets.ts:7 asks past the typed client (web/shared/api.ts).',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a page
    'web/cric/tickets.ts:6 /api/tickets/${id} is the address of no route, as it is declared.',
  ])
})

test('what a comment says is no call', () => {
  expect(callsFound(page(`/* fetch('/api/nothing') */\n// '/api/nothing'\n${all}`), routes, {})).toEqual([])
})
