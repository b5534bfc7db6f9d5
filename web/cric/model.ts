/** The lists of a reader, in the order of their tabs. */
export type { TicketLine } from '../../src/cases/model.ts'

export const TicketView = ['pool', 'mine', 'forwarded', 'all', 'closed'] as const
export type TicketView = (typeof TicketView)[number]
