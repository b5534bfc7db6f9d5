/** The lines of a list of tickets as the reader wants them: those in which every typed word stands, in the order of a column. Pure. */
import type { TicketLine } from './model.ts'

export type TicketColumn = 'due' | 'question' | 'from' | 'age'
export interface TicketOrder {
  column: TicketColumn
  direction: 'ascending' | 'descending'
}

/** As the list comes: what is due first on top. */
export const asItComes: TicketOrder = { column: 'due', direction: 'ascending' }

/** As the server sorts it when asked: what is oldest on top. */
export const byAge: TicketOrder = { column: 'age', direction: 'descending' }

const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

const wordsOf = (line: TicketLine): string =>
  fold(
    [line.title, line.excerpt, line.contact.name, line.code, line.sentBy, line.office ?? '', line.claimedBy?.name ?? ''].join(
      ' ',
    ),
  )

const sortedBy: Readonly<Record<TicketColumn, (line: TicketLine) => string>> = {
  // What waits for the citizen comes last.
  due: line => line.dueAt ?? '~',
  question: line => fold(line.title),
  from: line => fold(line.office ?? line.sentByUnit),
  // The older, the more: as ages grow when instants fall.
  age: line => String(8.64e15 - Date.parse(line.openedAt)).padStart(17, '0'),
}

export function arranged(lines: readonly TicketLine[], typed: string, order: TicketOrder): TicketLine[] {
  const asked = fold(typed).split(/\s+/).filter(Boolean)
  const found = asked.length === 0 ? [...lines] : lines.filter(line => asked.every(word => wordsOf(line).includes(word)))
  if (order === asItComes || order === byAge) return found
  const value = sortedBy[order.column]
  const sign = order.direction === 'ascending' ? 1 : -1
  return found.sort((a, b) => sign * value(a).localeCompare(value(b)))
}
