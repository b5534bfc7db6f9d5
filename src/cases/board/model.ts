/** The coordinator's board: who of a section has what in hand. */
import { z } from 'zod'
import { Instant, Uuid } from '../../platform/index.ts'
import { RequestCode, TicketState } from '../model.ts'

const UnitRef = z.object({ id: z.string(), name: z.string() })
const PersonRef = z.object({ id: Uuid, name: z.string() })

const tickets = z.number().int()

/** A ticket on the board. It says nothing of its citizen. */
export const BoardCard = z.object({
  id: Uuid,
  code: RequestCode,
  title: z.string(),
  state: TicketState.extract(['pool', 'claimed', 'forwarded', 'returned']),
  openedAt: Instant,
  dueAt: Instant,
  secondContact: z.boolean(),
  movable: z.boolean().describe('false while a central directorate is asked'),
  version: z.number().int(),
})
export type BoardCard = z.infer<typeof BoardCard>

export const BoardColumn = z.object({
  person: PersonRef.nullable().describe('null: the pool'),
  isMember: z.boolean().describe('false of who has tickets of the section without being a member of it'),
  absentUntil: z.iso.date().nullable().describe('the last day on which the person is away, when it is away today'),
  inService: z.boolean().nullable().describe('null of who has never been in service, and of the pool'),
  count: tickets.describe('in hand, up to `atMost`'),
  late: tickets,
  today: tickets.describe('due later today'),
  cards: z.array(BoardCard).describe('what is due first'),
})
export type BoardColumn = z.infer<typeof BoardColumn>

export const SectionBoard = z
  .object({
    section: UnitRef,
    sections: z.array(UnitRef).describe('whose boards the reader may see'),
    columns: z.array(BoardColumn).describe('the pool first, then members by name, then others who have something'),
    atMost: tickets.describe('of more tickets of somebody only those that are due first are counted'),
  })
  .meta({ id: 'SectionBoard' })
export type SectionBoard = z.infer<typeof SectionBoard>

export const BoardProposal = z.object({
  ticketId: Uuid,
  version: z.number().int(),
  title: z.string(),
  dueAt: Instant,
  from: PersonRef.nullable(),
  to: PersonRef,
  sentence: z.string().describe('why'),
})
export type BoardProposal = z.infer<typeof BoardProposal>

export const BoardQuery = z.object({
  sectionId: z.string().max(100).optional().describe('the first of the reader’s when left out'),
})
