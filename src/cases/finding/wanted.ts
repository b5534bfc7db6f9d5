/**
 * What is looked for in the index of cases, as one condition of PostgreSQL's text search: stems, facts, and the units that the reader may see. How the
 * facts are written there, migrations/202611290330-index-of-cases.sql says. Pure.
 */
import type { ConversationChannel } from '../model.ts'
import type { CaseStanding } from './model.ts'

export interface WantedFacts {
  /** Stems of the words that were typed. */
  stems: readonly string[]
  /** The path under which the reader sees cases; undefined for one who sees all. */
  under: string | undefined
  unitPath: string | undefined
  standing: CaseStanding | undefined
  /** A leaf, or all leaves under a node. */
  typologyIds: readonly string[] | undefined
  channel: ConversationChannel | undefined
}

/** A lexeme as it stands in the text of a condition. */
export const lexeme = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`

const anyOf = (lexemes: readonly string[]): string => `(${lexemes.map(lexeme).join(' | ')})`

/** Returns the condition; an empty text when everything fits. */
export function conditionOf({ stems, under, unitPath, standing, typologyIds, channel }: WantedFacts): string {
  return [
    ...stems.map(lexeme),
    ...(under === undefined ? [] : [lexeme(`U:${under}`)]),
    ...(unitPath === undefined ? [] : [lexeme(`U:${unitPath}`)]),
    ...(standing === undefined ? [] : [lexeme(factOfStanding(standing))]),
    ...(channel === undefined ? [] : [lexeme(`C:${channel}`)]),
    ...(typologyIds === undefined ? [] : [anyOf(typologyIds.length === 0 ? ['T:'] : typologyIds.map(id => `T:${id}`))]),
  ].join(' & ')
}

const factOfStanding = (standing: CaseStanding): string =>
  standing === 'open' || standing === 'closed' || standing === 'joined' ? `S:${standing}` : `K:${standing}`

/** The months from an instant on, in one direction, as the condition that a case was opened in one of them. */
export function inMonths(from: Date, count: number, backwards: boolean): string {
  const months = Array.from({ length: count }, (_, n) =>
    new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + (backwards ? -n : n), 1)).toISOString().slice(0, 7),
  )
  return anyOf(months.map(month => `M:${month}`))
}

/** Both conditions; an empty one says nothing. */
export const both = (one: string, other: string): string => [one, other].filter(each => each !== '').join(' & ')
