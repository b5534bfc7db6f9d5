/** What a list of cases is narrowed to, as it stands in the address of the page. Pure. */
import type { KeptFilter } from '../../src/cases/finding/model.ts'

export type Filter = KeptFilter

export const standings = ['open', 'closed', 'joined', 'pool', 'claimed', 'forwarded', 'returned', 'answered'] as const
export const channels = ['telephone', 'email', 'pec', 'web', 'counter'] as const
export const ages = [7, 30, 90] as const

const oneOf = <T extends string>(known: readonly T[], value: unknown): T | undefined => known.find(each => each === value)
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined
const dayOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined

/** Reads the filter of an address. What it does not know narrows nothing. */
export function filterIn(search: Readonly<Record<string, unknown>>): Filter {
  const age = Number(search.olderThanDays)
  return withoutNothing({
    q: textOf(search.q)?.slice(0, 200),
    standing: oneOf(standings, search.standing),
    typologyId: textOf(search.typologyId),
    unitId: textOf(search.unitId),
    channel: oneOf(channels, search.channel),
    from: dayOf(search.from),
    until: dayOf(search.until),
    olderThanDays: Number.isInteger(age) && age > 0 ? age : undefined,
    followUps: search.followUps === true || search.followUps === 'true' ? true : undefined,
    order: search.order === 'oldest' ? 'oldest' : undefined,
  })
}

/** A filter without what is empty. */
export const withoutNothing = (filter: { [K in keyof Filter]: Filter[K] | null }): Filter =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined && value !== null && value !== ''))

/** How many things narrow a list, beside its words and its order. */
export const narrowedBy = ({ q: _, order: __, ...rest }: Filter): number => Object.keys(rest).length
