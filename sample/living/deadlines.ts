/** Deadlines of the sample's open tickets: what was told of them, and which wait because their citizen was asked something. */
import {
  nextTelling,
  outOfReach,
  tellingEntries,
  tellingsDue,
  ticketAsked,
  ticketPrioritised,
  timesOf,
} from '../../src/cases/index.ts'
import { system, unitsIn } from '../../src/platform/index.ts'
import { minute } from './case-writer.ts'
import * as remarks from './remarks.ts'
import type { Stage } from './stage.ts'
import type { RowOf, Story } from './story.ts'

/** Of the tickets that somebody has in hand, each so many-th waits for its citizen, and each so many-th is urgent. */
const asksEach = 6
const urgentEach = 9

interface OpenTicket {
  ticket: RowOf<'ticket'>
  contactId: string
  typologyId: string
  opened: number
  /** When a central directorate was asked, and answered; null where it has not. */
  asked: { at: number; answeredAt: number | null } | null
}

export class Deadlines {
  private readonly story: Story
  private readonly stage: Stage
  private inHand = 0

  constructor(story: Story, stage: Stage) {
    this.story = story
    this.stage = stage
  }

  /** Finishes a ticket as it stands now, before it is written. Returns what is written after it. */
  finish(open: OpenTicket): () => void {
    const { ticket } = open
    if (ticket.state === 'closed') return () => {}
    const isInHand = ticket.state === 'claimed' && ticket.answer == null
    if (isInHand) this.inHand++
    if (isInHand && this.inHand % urgentEach === 0) this.makeUrgent(open)
    const asked = isInHand && this.inHand % asksEach === 0 ? this.askedAt(open) : null
    const rows = this.rowsOf(open, asked)
    const solution = rows.find(row => row.kind === 'solution')?.due_at
    Object.assign(ticket, { due_at: solution ?? outOfReach, waiting_since: asked === null ? null : new Date(asked) })
    return () => {
      for (const row of rows) this.story.add('ticket_deadline', row)
      if (asked !== null) this.ask(open, asked)
    }
  }

  /** In hours of work, after two thirds of the time that the ticket has been open; null where that has not come. */
  private askedAt({ opened }: OpenTicket): number | null {
    const at = this.stage.afterWork(opened + ((this.story.now - opened) * 2) / 3, minute)
    return at < this.story.now ? at : null
  }

  private makeUrgent(open: OpenTicket): void {
    Object.assign(open.ticket, { priority: 'urgent', urgent_reason: remarks.urgencies[0] ?? '' })
    const at = this.stage.afterWork(open.opened, 20 * minute)
    const { actor } = this.stage.staff(open.ticket.claimed_by ?? '')
    this.story.note(ticketPrioritised, { ticketId: open.ticket.id, priority: 'urgent' }, at, actor, subjectsOf(open))
  }

  private rowsOf(open: OpenTicket, asked: number | null): RowOf<'ticket_deadline'>[] {
    const { ticket, opened } = open
    const runOf = (unitId: string, from: number) => ({
      ...{ calendar: this.stage.calendarOf(this.stage.unit(unitId)), from },
      pauses: asked === null ? [] : [{ from: asked, until: null }],
    })
    // A question back is a first answer, and what is answered waits for its mail to leave.
    const metAt = (kind: string): number | null => {
      if (kind === 'directorate') return open.asked?.answeredAt ?? null
      return ticket.state === 'answered' || (kind === 'first-answer' && asked !== null) ? (asked ?? this.story.now) : null
    }
    return this.stage.targetsOf(open.typologyId, ticket.priority ?? 'normal').flatMap(target => {
      if (target.kind === 'directorate' && open.asked === null) return []
      const [unitId, from] =
        target.kind === 'directorate' && open.asked !== null
          ? [ticket.directorate_id ?? ticket.unit_id, open.asked.at]
          : [ticket.unit_id, opened]
      const times = timesOf(runOf(unitId, from), target)
      const met = metAt(target.kind)
      const row = {
        ...{ ticket_id: ticket.id, kind: target.kind, started_at: new Date(from), ...times },
        ...{ met_at: met === null ? null : new Date(met), told: 0 },
      }
      const { tell, told } = tellingsDue(row, new Date(this.story.now))
      const instants = { warned: times.warn_at, coordinator: times.due_at, director: times.raise_at }
      const payload = { ticketId: ticket.id, kind: target.kind, dueAt: (times.due_at ?? outOfReach).toISOString() }
      for (const what of tell)
        this.story.note(tellingEntries[what], payload, Number(instants[what]), system('cases'), subjectsOf(open))
      return { ...row, told, next_at: nextTelling({ ...row, told }) }
    })
  }

  private ask({ ticket, contactId }: OpenTicket, at: number): void {
    const member = this.stage.staff(ticket.claimed_by ?? '')
    const [questionId, messageId] = [this.story.id('text'), this.story.id('text')]
    const text = remarks.questions[this.inHand % remarks.questions.length] ?? ''
    const asked = { case_id: ticket.case_id, channel: 'phone' as const, text, mail_id: null }
    this.story.add('citizen_question', {
      ...{ ...asked, id: questionId, ticket_id: ticket.id, asked_at: new Date(at), asked_by: member.id },
      ...{ asked_by_name: member.name, ended_at: null, ended_by: null, interaction_id: null },
    })
    this.story.add('message', { ...asked, id: messageId, by_name: member.name, at: new Date(at) })
    const subjects = { ...subjectsOf({ ticket, contactId }), channel: 'telephone' as const }
    this.story.note(ticketAsked, { ticketId: ticket.id, questionId, by: 'phone' }, at, member.actor, subjects)
  }
}

const subjectsOf = ({ ticket, contactId }: Pick<OpenTicket, 'ticket' | 'contactId'>) => ({
  case: ticket.case_id,
  contact: contactId,
  person: ticket.claimed_by ?? undefined,
  units: unitsIn(ticket.unit_path),
})
