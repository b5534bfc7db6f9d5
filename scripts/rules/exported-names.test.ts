import { expect, it } from 'vitest'
import { exportedNames, namesDeclaredTwice } from './exported-names.ts'

it('finds what a source declares for others, a schema and its type as one', () => {
  const source = [
    'export const Slot = z.object({})',
    'export type Slot = z.infer<typeof Slot>',
    'export async function* readAll() {}',
    'export abstract class Board {}',
    'export { insertUnits, type NewUnit } from "./store.ts"',
    'export { routes as agendaRoutes } from "./routes.ts"',
    'const own = 1',
    'function inner() {}',
  ].join('\n')
  expect([...exportedNames(source)].sort()).toEqual(['Board', 'Slot', 'agendaRoutes', 'readAll'])
})

it('names the files that declare one name twice, and exceptions that are none', () => {
  const sources = new Map([
    ['src/b.ts', 'export interface Line {}'],
    ['src/a.ts', 'export class Line {}\nexport const open = 1'],
    ['src/c.ts', 'export const open = 2\nexport const shut = 3'],
  ])
  expect(namesDeclaredTwice(sources, {})).toEqual([
    'Line is declared by src/a.ts and src/b.ts: name each after what it is.',
    'open is declared by src/a.ts and src/c.ts: name each after what it is.',
  ])
  expect(namesDeclaredTwice(sources, { Line: 'for the test', open: 'for the test', shut: 'for the test' })).toEqual([
    'shut is listed as a repeated name, and is declared once: remove the exception.',
  ])
})
