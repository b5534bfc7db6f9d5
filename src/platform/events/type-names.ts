/**
 * Names of types of entries in SQL: `where type in ${typeNames(callQueued, callEnded)}`. They are written as literals, so that the planner sees
 * them, and partial indexes go on to fit.
 */
import { type RawBuilder, sql } from 'kysely'
import type { EventType } from './event.ts'

/** The name of one type. */
export const typeName = ({ type }: Pick<EventType, 'type'>): RawBuilder<string> => sql.lit(type)

/** The names of some types, in brackets. */
export const typeNames = (...types: readonly Pick<EventType, 'type'>[]): RawBuilder<unknown> =>
  sql`(${sql.join(types.map(typeName))})`
