/** Which names of entries the check finds, and which it lets stand. */
import { expect, test } from 'vitest'
import { bareNames, declaredIn } from './entry-names.ts'

const known = { entries: new Set(['call.queued', 'offer.accepted', 'ticket.claimed']), engine: new Set(['offer.accepted']) }
const found = (file: string, text: string) => bareNames(file, text, known).map(({ line, name }) => `${line} ${name}`)

test('a name in a string or in SQL is found, wherever it is', () => {
  expect(found('src/cases/store.ts', "const a = 1\nif (entry.type === 'call.queued') b()")).toEqual(['2 call.queued'])
  expect(found('src/cases/store.ts', "sql`where type in ('call.queued', 'ticket.claimed')`")).toEqual([
    ...['1 call.queued', '1 ticket.claimed'],
  ])
  expect(found('web/desk/desk.tsx', "entry.type === 'call.queued'")).toEqual(['1 call.queued'])
})

test('where it is declared, in comments, and in words that are no names it stands', () => {
  const text = "/** `call.queued` */\nexport const callQueued = defineEvent('call.queued', ofCall, z.object({}))"
  expect(declaredIn(text)).toEqual(['call.queued'])
  expect(found('src/distribution/events.ts', text)).toEqual([])
  expect(found('scripts/sample.ts', "console.log(sentence(language, 'ticket.claimed'))")).toEqual([])
  expect(found('src/cases/store.ts', "a() // as 'call.queued' says\nconst file = 'service.ts'")).toEqual([])
})

test('the engine has words of its own, and a page is held by its types', () => {
  const engine = "import type { RoutingEvent } from '../routing/index.ts'\n"
  expect(found('src/simulation/simulate.ts', `${engine}tell({ type: 'offer.accepted' }); is('call.queued')`)).toEqual([
    '2 call.queued',
  ])
  expect(found('src/cases/store.ts', "tell({ type: 'offer.accepted' })")).toEqual(['1 offer.accepted'])
  expect(found('web/desk/queries.ts', "meta: { live: [\n'call.queued',\n'ticket.claimed'] }")).toEqual([])
  expect(found('web/shared/history.ts', "const steps: LiveFilter[] = ['call.queued']")).toEqual([])
})
