/** Lists of tickets that somebody has put together and named: one's own, and those of a section. */
import { z } from 'zod'
import { TextLine, Uuid } from '../../platform/index.ts'
import { TicketFilter, TicketView } from '../model.ts'

/** The same as JSON, as it is kept. */
export const KeptTicketFilter = TicketFilter.extend({ view: TicketView })
export type KeptTicketFilter = z.infer<typeof KeptTicketFilter>

const Name = TextLine.pipe(z.string().min(1).max(60))

export const NewTicketList = z.object({
  name: Name,
  forSection: z.boolean().describe('for everybody of the section that the reader coordinates'),
  wanted: KeptTicketFilter,
})
export type NewTicketList = z.infer<typeof NewTicketList>

export const ChangeTicketList = z.object({
  name: Name.optional(),
  before: Uuid.nullable().optional().describe('the list before which it stands from now on; null: the last one'),
  isDefault: z.boolean().optional().describe('whether the page begins with it'),
})
export type ChangeTicketList = z.infer<typeof ChangeTicketList>

export const TicketListView = z
  .object({
    id: Uuid,
    name: z.string(),
    forSection: z.boolean(),
    isDefault: z.boolean(),
    wanted: KeptTicketFilter,
    count: z.number().int().describe('how many are in it, counted to a hundred'),
    mayChange: z.boolean(),
  })
  .meta({ id: 'TicketListView' })
export type TicketListView = z.infer<typeof TicketListView>
