/** Linea tickets of the sample: sent by the operator, and what has become of each up to now. */
import {
  answerMail,
  answerPurpose,
  caseClosed,
  derive,
  keepWhy,
  ticketAnswered,
  ticketClaimed,
  ticketClosed,
  ticketForwarded,
  ticketHandedOver,
  ticketReleased,
  ticketReturned,
  ticketSent,
  ticketUndelivered,
} from '../../src/cases/index.ts'
import { system, unitsIn } from '../../src/platform/index.ts'
import { itFieldsOf } from '../procedures.ts'
import { type CaseWriter, day, type FinishedConversation, hour, minute, type OpenMatter, type Script } from './case-writer.ts'
import type { Chance } from './chance.ts'
import { Deadlines } from './deadlines.ts'
import type { HeldTicket } from './group.ts'
import * as remarks from './remarks.ts'
import type { Stage } from './stage.ts'
import type { RowOf, Staff, Story } from './story.ts'

/** In time of offices. */
const comeBackMs = 16 * hour
const released = { state: 'pool', claimed_by: null, claimed_by_name: null }

interface TicketPlan {
  told: FinishedConversation
  ticket: RowOf<'ticket'>
  matter: OpenMatter
  members: readonly Staff[]
  script: Script | null
}

interface ByMail {
  told: FinishedConversation
  ticket: RowOf<'ticket'>
  member: Staff
  at: number
  caseId: string
}

export class Tickets {
  private readonly writer: CaseWriter
  private readonly story: Story
  private readonly stage: Stage
  private readonly chance: Chance
  private readonly returnsSince: number
  private hasReturned = false
  /** What was ever claimed of the newest: its row says who has it now. */
  private readonly claimed: HeldTicket[] = []
  /** When central directorates were asked about tickets, and answered. */
  private readonly asked = new Map<string, { at: number; answeredAt: number | null }>()
  private readonly deadlines: Deadlines

  constructor(writer: CaseWriter) {
    this.writer = writer
    this.story = writer.story
    this.stage = writer.stage
    this.chance = writer.chance
    this.deadlines = new Deadlines(writer.story, writer.stage)
    this.returnsSince = writer.stage.beforeWork(writer.story.now, comeBackMs)
  }

  /** What members have in hand until now. */
  held(): HeldTicket[] {
    return this.claimed.filter(({ ticket, holder }) => ticket.claimed_by === holder.id)
  }

  /** A conversation ends with a Linea ticket. */
  send(told: FinishedConversation, row: RowOf<'interaction'>, script: Script | null): void {
    const { story, stage } = this
    const { citizen, typology, operator, closed, question } = told
    const caseId = row.case_id ?? ''
    const unit = stage.responsible(citizen.home.regionCode, typology)
    const centre = stage.centreOf(unit)
    const derived = derive({
      residence: { regionCode: citizen.home.regionCode, municipality: citizen.home.name },
      officeCalled: undefined,
      typology,
    })
    const dueAt = stage.due(unit, typology.id, closed)
    const second = citizen.touched.some(({ typologyId, at }) => typologyId === typology.id && at > closed - 30 * day)
    story.add('interaction', row)
    const ticketId = story.id('ticket')
    const ticket: RowOf<'ticket'> = {
      id: ticketId,
      case_id: caseId,
      kind: typology.itMatter ? 'it' : 'linea',
      state: 'pool',
      unit_id: unit.id,
      unit_name: unit.name,
      unit_path: unit.path,
      centre_id: centre.id,
      centre_name: centre.name,
      region_code: citizen.home.regionCode,
      claimed_by: null,
      claimed_by_name: null,
      directorate_id: null,
      directorate_name: null,
      directorate_path: null,
      directorate_answer: null,
      question,
      reply_kind: citizen.email === null ? 'phone' : 'email',
      reply_address: citizen.email ?? citizen.phone,
      answer: null,
      due_at: dueAt,
      opened_at: new Date(closed),
      closed_at: null,
      sent_by: operator.id,
      sent_by_name: operator.name,
      sent_by_unit: stage.unit(operator.actor.unitId).name,
      office_name: row.office_name ?? null,
      derivation: derived ? keepWhy(derived.why) : '',
      derived_unit_id: unit.id,
      correction_reason: null,
      second_contact: second,
      ...(typology.itMatter ? itFieldsOf(typology.id, Number(ticketId.slice(-12))) : {}),
    }
    story.add('case_unit', { case_id: caseId, unit_path: unit.path })
    this.writer.involve(citizen, unit.path)
    story.note(
      ticketSent,
      {
        ticketId,
        unitId: unit.id,
        unitName: unit.name,
        centreName: centre.name,
        reason: 'residence',
        dueAt: dueAt.toISOString(),
      },
      closed,
      operator.actor,
      this.writer.subjectsOf(told, caseId, unit.path),
    )
    const matter: OpenMatter = { caseId, citizen, typology, openedAt: closed, closedAt: null }
    this.writer.open.push(matter)
    this.wayOf({ told, ticket, matter, members: stage.membersOf(unit.id), script })
    const finish = this.deadlines.finish({
      ...{ ticket, contactId: citizen.id, typologyId: typology.id, opened: closed },
      asked: this.asked.get(ticketId) ?? null,
    })
    story.add('ticket', ticket)
    finish()
  }

  /** What has become of a ticket up to now. */
  private wayOf({ told, ticket, matter, members, script }: TicketPlan): void {
    const { story, stage, chance } = this
    const { citizen, typology, answer } = told
    const { caseId } = matter
    const ticketId = ticket.id
    const subjects = (person: Staff | null) => ({
      case: caseId,
      contact: citizen.id,
      person: person?.id,
      units: unitsIn(ticket.unit_path, ticket.directorate_path),
    })
    const isOver = (at: number) => at > story.now
    const slow = chance.happens(0.12)
    let at = stage.afterWork(told.closed, (script === 'claimed' ? 30 : chance.whole(20, slow ? 4_800 : 2_000)) * minute)
    if (script === 'pool' || isOver(at) || members.length === 0) return
    const paola = members.find(each => each.name === 'Paola Neri')
    let member = script === 'claimed' && paola ? paola : chance.one(members)
    const has = (each: Staff | null) =>
      Object.assign(ticket, each ? { state: 'claimed', claimed_by: each.id, claimed_by_name: each.name } : released)
    has(member)
    story.note(ticketClaimed, { ticketId }, at, member.actor, subjects(null))
    this.claimed.push({ ticket, contactId: citizen.id, holder: member, since: at })
    if (script === 'claimed') {
      this.writer.remark(caseId, member, at + 6 * minute, remarks.notes[0] ?? '', subjects(member))
      return
    }
    if (chance.happens(0.04)) {
      at = stage.afterWork(at, chance.whole(15, 60) * minute)
      if (isOver(at)) return
      has(null)
      story.note(ticketReleased, { ticketId }, at, member.actor, subjects(member))
      at = stage.afterWork(at, chance.whole(30, 400) * minute)
      if (isOver(at)) return
      member = chance.one(members)
      has(member)
      story.note(ticketClaimed, { ticketId }, at, member.actor, subjects(null))
    }
    if (members.length > 1 && chance.happens(0.05)) {
      const before = member
      at = stage.afterWork(at, chance.whole(15, 120) * minute)
      if (isOver(at)) return
      member = chance.one(members.filter(each => each !== before))
      has(member)
      story.note(ticketHandedOver, { ticketId, to: member.id, toName: member.name }, at, before.actor, subjects(member))
    }
    if (chance.happens(0.35)) {
      at = stage.afterWork(at, chance.whole(10, 60) * minute)
      this.writer.remark(caseId, member, at, chance.one(remarks.notes), subjects(member))
    }
    if (!typology.itMatter && typology.centralDirectorateId !== null && chance.happens(0.11)) {
      const directorate = stage.unit(typology.centralDirectorateId)
      at = stage.afterWork(at, chance.whole(20, 240) * minute)
      if (isOver(at)) return
      Object.assign(ticket, {
        state: 'forwarded',
        directorate_id: directorate.id,
        directorate_name: directorate.name,
        directorate_path: directorate.path,
      })
      const noteId = this.writer.remark(caseId, member, at, chance.one(remarks.forwards), null)
      story.add('case_unit', { case_id: caseId, unit_path: directorate.path })
      this.writer.involve(citizen, directorate.path)
      const forwarded = { ticketId, directorateId: directorate.id, directorateName: directorate.name, noteId }
      story.note(ticketForwarded, forwarded, at, member.actor, subjects(null))
      const asked: { at: number; answeredAt: number | null } = { at, answeredAt: null }
      this.asked.set(ticketId, asked)
      at = stage.afterWork(at, chance.whole(300, 3_000) * minute)
      const expert = chance.one(stage.membersOf(directorate.id))
      if (isOver(at)) return
      asked.answeredAt = at
      const text = chance.one(remarks.returns)
      const returnId = story.id('text')
      story.add('ticket_return', {
        id: returnId,
        ticket_id: ticketId,
        directorate_id: directorate.id,
        directorate_name: directorate.name,
        text,
        by_name: expert.name,
        at: new Date(at),
      })
      Object.assign(ticket, { state: 'returned', directorate_answer: text })
      story.note(ticketReturned, { ticketId, directorateName: directorate.name, returnId }, at, expert.actor, subjects(member))
      // One that came back lately is still to be gone on with, whatever the hour.
      if (!this.hasReturned && at > this.returnsSince) {
        this.hasReturned = true
        return
      }
    }
    at = stage.afterWork(at, chance.whole(12, slow ? 2_400 : 1_100) * minute)
    if (isOver(at)) {
      if (member === paola && ticket.state === 'claimed')
        story.add('answer_draft', {
          ticket_id: ticketId,
          person_id: member.id,
          text: answer,
          saved_at: new Date(story.now - 3 * hour),
        })
      return
    }
    const write = citizen.email !== null && chance.happens(0.85)
    if (write && citizen.email !== null) {
      const mail = this.answerByMail({ told, ticket, member, at, caseId })
      if (mail.state === 'queued') return
      if (mail.state === 'sent') {
        this.closeTicket(ticket, matter, told, null, mail.at, subjects(member))
        return
      }
      Object.assign(ticket, { state: 'claimed', answer: null })
      story.note(ticketUndelivered, { ticketId, problem: mail.problem }, mail.at, system('channels'), subjects(member))
      at = stage.afterWork(mail.at, chance.whole(30, 900) * minute)
      if (isOver(at)) return
    }
    const messageId = story.id('text')
    story.add('message', {
      id: messageId,
      case_id: caseId,
      channel: 'phone',
      text: answer,
      mail_id: null,
      by_name: member.name,
      at: new Date(at),
    })
    Object.assign(ticket, { answer, reply_kind: 'phone', reply_address: citizen.phone })
    const answered = { ...subjects(null), channel: 'telephone' as const }
    story.note(ticketAnswered, { ticketId, messageId, by: 'phone' }, at, member.actor, answered)
    this.closeTicket(ticket, matter, told, member, at, subjects(member))
  }

  private closeTicket(
    ticket: RowOf<'ticket'>,
    matter: OpenMatter,
    told: FinishedConversation,
    member: Staff | null,
    at: number,
    subjects: { case: string; contact: string; person: string | undefined; units: string[] },
  ): void {
    Object.assign(ticket, { state: 'closed', closed_at: new Date(at), answer: told.answer })
    matter.closedAt = at
    const actor = member?.actor ?? system('channels')
    this.story.note(ticketClosed, { ticketId: ticket.id }, at, actor, subjects)
    const { case: ofCase, contact } = subjects
    this.story.note(caseClosed, { outcome: 'answered' }, at, actor, { case: ofCase, contact, units: unitsIn(ticket.unit_path) })
    this.writer.closeCase(matter.caseId, 'answered', at)
  }

  private answerByMail({ told, ticket, member, at, caseId }: ByMail): { state: string; at: number; problem: string } {
    const { story, chance } = this
    const { citizen, typology, answer } = told
    const { subject, body, language } = answerMail({
      language: 'it',
      contactName: `${citizen.givenName} ${citizen.familyName}`,
      code: this.writer.codeOf(caseId),
      title: typology.label,
      answer,
      centreName: ticket.centre_name,
    })
    const mail = this.writer.mail(
      {
        purpose: answerPurpose,
        subjectId: ticket.id,
        caseId,
        contactId: citizen.id,
        to: { name: `${citizen.givenName} ${citizen.familyName}`, address: citizen.email ?? '' },
        fromName: ticket.centre_name,
        subject,
        body,
        language,
        automatic: false,
        units: unitsIn(ticket.unit_path),
      },
      at,
      member,
      chance.happens(0.03),
    )
    const messageId = story.id('text')
    story.add('message', {
      id: messageId,
      case_id: caseId,
      channel: 'email',
      text: answer,
      mail_id: mail.id,
      by_name: member.name,
      at: new Date(at),
    })
    Object.assign(ticket, { state: 'answered', answer })
    const subjects = {
      case: caseId,
      contact: citizen.id,
      channel: 'email' as const,
      units: unitsIn(ticket.unit_path, ticket.directorate_path),
    }
    story.note(ticketAnswered, { ticketId: ticket.id, messageId, by: 'email' }, at, member.actor, subjects)
    return mail
  }
}
