/** A section at work as a group: who is away, what a colleague is asked, who is named in a note, and the lists that the section keeps. Told for today. */
import { noteMentioned, ticketQuestionAnswered, ticketQuestionAsked } from '../../src/cases/index.ts'
import { absenceEntered } from '../../src/distribution/index.ts'
import { addDays, boundsOf, dayAt, unitsIn } from '../../src/platform/index.ts'
import { type CaseWriter, minute } from './case-writer.ts'
import * as remarks from './remarks.ts'
import type { RowOf, Staff } from './story.ts'

/** The section that the first tour meets. */
const sectionId = 'cric-lazio-pensioni'

/** A ticket that somebody has in hand until now. */
export interface HeldTicket {
  ticket: RowOf<'ticket'>
  contactId: string
  holder: Staff
  since: number
}

export function tellGroup(writer: CaseWriter, held: readonly HeldTicket[]): void {
  const { story, stage } = writer
  const { now } = story
  const [midnight] = boundsOf(stage.timeZone, dayAt(stage.timeZone, now))
  const members = stage.membersOf(sectionId)
  const paola = members.find(each => each.name === 'Paola Neri')
  const ofSection = held.filter(({ ticket }) => ticket.unit_id === sectionId && ticket.state === 'claimed')
  const own = ofSection.find(each => each.holder === paola)
  const others = ofSection.filter(each => each.holder !== paola)
  const ago = (minutes: number, since: number) => Math.max(now - minutes * minute, since + minute, midnight + minute)
  const subjects = ({ ticket, contactId }: HeldTicket, person: Staff) => ({
    ...{ case: ticket.case_id, contact: contactId, person: person.id, units: unitsIn(ticket.unit_path) },
  })

  /** Returns the row, which may still be answered. */
  const ask = (of: HeldTicket, colleague: Staff, at: number, question: string) => {
    const row: RowOf<'ticket_question'> = {
      ...{ id: story.id('text'), ticket_id: of.ticket.id, case_id: of.ticket.case_id, question, answer: null },
      ...{ asked_by: of.holder.id, asked_by_name: of.holder.name, asked_of: colleague.id, asked_of_name: colleague.name },
      ...{ asked_at: new Date(at), answered_at: null, withdrawn_at: null },
    }
    const about = { ticketId: of.ticket.id, questionId: row.id, of: colleague.id, ofName: colleague.name }
    story.note(ticketQuestionAsked, about, at, of.holder.actor, subjects(of, colleague))
    return { row, about }
  }

  const [first] = others
  if (paola && first)
    story.add('ticket_question', ask(first, paola, ago(50, first.since), remarks.askedAmongColleagues.waiting).row)
  const colleague = members.find(each => each !== paola)
  if (own && colleague) {
    const { row, about } = ask(own, colleague, ago(90, own.since), remarks.askedAmongColleagues.answered)
    const at = ago(30, own.since)
    Object.assign(row, { answer: remarks.askedAmongColleagues.answer, answered_at: new Date(at) })
    story.add('ticket_question', row)
    const answered = { ...about, by: own.holder.id, byName: own.holder.name }
    story.note(ticketQuestionAnswered, answered, at, colleague.actor, subjects(own, own.holder))

    const noted = ago(20, own.since)
    const noteId = writer.remark(
      own.ticket.case_id,
      colleague,
      noted,
      remarks.mention(own.holder.name),
      subjects(own, own.holder),
    )
    story.add('note_mention', {
      ...{ note_id: noteId, person_id: own.holder.id, name: own.holder.name, ticket_id: own.ticket.id },
      ...{ at: new Date(noted), read_at: null },
    })
    story.note(noteMentioned, { noteId, name: own.holder.name }, noted, colleague.actor, subjects(own, own.holder))
  }
  tellAbsences(
    writer,
    members.filter(each => each !== paola),
    ago(120, midnight),
  )
  tellLists(writer)
}

/** One is away from today on, another the week after. */
function tellAbsences({ story, stage }: CaseWriter, members: readonly Staff[], at: number): void {
  const today = dayAt(stage.timeZone, story.now)
  const spans = [
    { from: addDays(today, 7), until: addDays(today, 11), kind: 'training' as const },
    { from: today, until: addDays(today, 2), kind: 'holiday' as const },
  ]
  for (const [n, { from, until, kind }] of spans.entries()) {
    const member = members[n]
    if (!member) continue
    const id = story.id('absence')
    story.add('absence', {
      ...{ id, person_id: member.id, name: member.name, from_day: from, until_day: until, kind },
      ...{ entered_by_name: member.name, entered_at: new Date(at) },
    })
    const subjects = { person: member.id, units: unitsIn(member.actor.unitPath) }
    story.note(absenceEntered, { absenceId: id, name: member.name, from, until }, at, member.actor, subjects)
  }
}

function tellLists({ story }: CaseWriter): void {
  for (const [place, { name, wanted }] of remarks.lists.entries())
    for (const unit of [sectionId, 'cric-lazio'])
      story.add('saved_ticket_list', {
        ...{ id: story.id('list'), person_id: null, section_id: unit, name, wanted, place: place + 1, is_default: false },
      })
}
