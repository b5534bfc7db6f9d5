import { expect, test } from 'vitest'
import { arranged, asItComes } from './arrange.ts'
import type { TicketLine } from './model.ts'

const line = (id: string, part: Partial<TicketLine>): TicketLine => ({
  id,
  caseId: id,
  code: '4827193056',
  kind: 'linea',
  state: 'pool',
  title: 'Pensione di vecchiaia',
  excerpt: '',
  contact: { id: 'c', name: 'Giulia Ferri', level: 'none' },
  dueAt: '2026-12-08T17:00:00.000Z',
  openedAt: '2026-11-28T09:00:00.000Z',
  claimedBy: null,
  offeredTo: null,
  directorate: null,
  sentBy: 'Anna Bianchi',
  sentByUnit: 'Sezione Pensioni',
  office: null,
  secondContact: false,
  priority: 'normal',
  waiting: null,
  suspended: false,
  unit: { id: 'cric-lazio-pensioni', name: 'Pensioni' },
  version: 1,
  ...part,
})

const lines = [
  line('a', { title: 'Pensione ai superstiti', dueAt: '2026-12-01T17:00:00.000Z', openedAt: '2026-11-20T09:00:00.000Z' }),
  line('b', {
    contact: { id: 'd', name: 'Nicolò D’Angelò', level: 'none' },
    dueAt: '2026-12-02T17:00:00.000Z',
    openedAt: '2026-11-10T09:00:00.000Z',
  }),
  line('c', { title: 'Assegno unico', dueAt: '2026-12-03T17:00:00.000Z', openedAt: '2026-11-25T09:00:00.000Z' }),
]
const ids = (found: readonly TicketLine[]) => found.map(each => each.id).join('')

test('a list is narrowed by words anywhere in its lines, accents aside', () => {
  expect(ids(arranged(lines, '', asItComes))).toBe('abc')
  expect(ids(arranged(lines, 'nicolo pens', asItComes))).toBe('b')
  expect(ids(arranged(lines, 'pensione', asItComes))).toBe('ab')
  expect(ids(arranged(lines, 'zzz', asItComes))).toBe('')
})

test('and sorted by any column, in both directions', () => {
  expect(ids(arranged(lines, '', { column: 'age', direction: 'descending' }))).toBe('bac')
  expect(ids(arranged(lines, '', { column: 'age', direction: 'ascending' }))).toBe('cab')
  expect(ids(arranged(lines, '', { column: 'question', direction: 'ascending' }))).toBe('cab')
  expect(ids(arranged(lines, '', { column: 'due', direction: 'descending' }))).toBe('cba')
})
