/** What a list of tickets is narrowed to, as it stands in the address. Pure. */
import type { TicketFilter } from '../../src/cases/model.ts'

export type Filter = TicketFilter

export const states = ['pool', 'claimed', 'forwarded', 'returned', 'answered'] as const satisfies Filter['state'][]
export const dues = ['late', 'today', 'week'] as const satisfies Filter['due'][]
export const waitings = ['colleague', 'directorate', 'mail'] as const satisfies Filter['waiting'][]
export const channels = ['telephone', 'email', 'pec', 'counter', 'web'] as const satisfies Filter['channel'][]
const orders = ['due', 'age'] as const satisfies Filter['order'][]

const oneOf = <const T extends string>(all: readonly T[], value: unknown): T | undefined => all.find(each => each === value)
const text = (value: unknown): string | undefined => {
  const said = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
  return said === '' ? undefined : said.slice(0, 200)
}

/** What an address says; what it says wrongly narrows nothing. */
export function filterIn(search: Readonly<Record<string, unknown>>): Filter {
  return withoutNothing({
    typologyId: text(search.typologyId),
    state: oneOf(states, search.state),
    due: oneOf(dues, search.due),
    ownerId: text(search.ownerId),
    waiting: oneOf(waitings, search.waiting),
    channel: oneOf(channels, search.channel),
    words: text(search.words),
    order: oneOf(orders, search.order),
  })
}

/** Without what narrows nothing, so that an address and a kept list say only what counts. */
export function withoutNothing(filter: { [K in keyof Filter]?: Filter[K] | null | undefined }): Filter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined && value !== null && value !== ''))
}

/** By how many facts a list is narrowed; its order is none. */
export const narrowedBy = ({ order: _, ...facts }: Filter): number => Object.keys(facts).length
