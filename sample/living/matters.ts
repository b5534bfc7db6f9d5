/**
 * What becomes of a conversation: it ends with an answer, with a Linea ticket whose way is told up to now, or with an appointment. Everything is
 * written as the use cases of `src/cases` and `src/agenda` write it: the same rows, the same entries.
 */
import {
  appointmentBooked,
  appointmentCancelled,
  appointmentCheckedIn,
  appointmentConcluded,
  appointmentMail,
  appointmentNoShow,
  appointmentPrepared,
  appointmentStarted,
} from '../../src/agenda/index.ts'
import {
  answerMail,
  answerPurpose,
  caseClosed,
  caseContinued,
  caseNoted,
  caseOpened,
  derive,
  interactionAnswered,
  interactionBooked,
  interactionChanged,
  interactionOpened,
  keepWhy,
  requestCode,
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
import { mailFailed, mailQueued, mailRow, mailSent, type NewMail } from '../../src/channels/index.ts'
import type { NewTypology } from '../../src/classification/index.ts'
import { contactCreated, contactKeysOf } from '../../src/contacts/index.ts'
import { addDays, dayAt, system, unitsIn } from '../../src/platform/index.ts'
import type { Caller, CallOfDay } from '../../src/simulation/index.ts'
import type { Chance } from './chance.ts'
import type { Citizen } from './citizens.ts'
import * as remarks from './remarks.ts'
import type { Slot, Stage } from './stage.ts'
import type { RowOf, Staff, Story } from './story.ts'
import type { Speech } from './texts.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** A case that is still open somewhere, or was. */
export interface OpenMatter {
  caseId: string
  citizen: Citizen
  typology: NewTypology
  openedAt: number
  /** Null while it is open. */
  closedAt: number | null
}

/** How a conversation is to end, where that does not depend on chance. */
export type Script = 'claimed' | 'pool' | 'visit'

/** Who calls, and why. */
export interface CitizenCalling extends Caller {
  citizen: Citizen
  typology: NewTypology
  /** The open matter that they ask about again. */
  again: OpenMatter | null
  script: Script | null
}

export interface Outbox {
  from: string
  secret: Buffer
}

type Conversation = CallOfDay<CitizenCalling> & { agent: string; connectedAt: number; endedAt: number }

/** As long as the known citizens call. */
const lately = 5 * day
const somebody = 6

const shares = { linea: 0.3, visit: 0.09, visitNearEur: 0.22 }

export class Matters {
  readonly open: OpenMatter[] = []
  private readonly story: Story
  private readonly stage: Stage
  private readonly speech: Speech
  private readonly chance: Chance
  private readonly outbox: Outbox
  private readonly codes = new Set<string>()
  /** What was written since then waits in the outbox. */
  private readonly waitsSince: number
  private readonly returnsSince: number
  private hasReturned = false
  private readonly nextDay: string
  private expectedNextDay = 0

  constructor(story: Story, stage: Stage, speech: Speech, chance: Chance, outbox: Outbox) {
    this.story = story
    this.stage = stage
    this.speech = speech
    this.chance = chance
    this.outbox = outbox
    this.waitsSince = stage.beforeWork(story.now, waitsForMs)
    this.returnsSince = stage.beforeWork(story.now, comeBackMs)
    this.nextDay = stage.nextWorkingDay(story.now)
  }

  /** The conversation of a call, from the first line on the sheet to its end. */
  conversation(call: Conversation): void {
    const { story, stage } = this
    const { citizen, typology, again, script } = call.caller
    const operator = stage.staff(call.agent)
    const opened = call.connectedAt + 900
    const closed = call.endedAt + this.chance.whole(4, 22) * 1_000
    const circumstances = { day: dayAt(stage.timeZone, opened), town: citizen.home.name }
    const { question, answer } = this.speech.about(typology.id, this.chance, circumstances, citizen.heard)
    citizen.heard.add(answer)
    this.meet(citizen, operator, opened + Math.min(40_000, (closed - opened) / 3))
    const id = story.id('interaction')
    const { office } = call.caller
    const row: RowOf<'interaction'> = {
      id,
      channel: 'telephone',
      call_id: call.id,
      from_number: call.caller.from,
      contact_id: citizen.id,
      case_id: again?.caseId ?? null,
      typology_id: typology.id,
      question,
      notes: '',
      answer: null,
      state: 'answered',
      office_id: office?.unitId ?? null,
      office_name: office?.unitName ?? null,
      province_code: call.caller.provinceCode,
      region_code: office?.regionCode ?? null,
      section_id: call.section,
      operator_id: operator.id,
      operator_name: operator.name,
      operator_path: operator.actor.unitPath,
      opened_at: new Date(opened),
      closed_at: new Date(closed),
    }
    const begun = { channel: 'telephone' as const, call: call.id, person: operator.id, units: unitsIn(operator.actor.unitPath) }
    story.note(interactionOpened, { interactionId: id, channel: 'telephone' }, opened, operator.actor, begun)
    const fields = ['contactId', 'typologyId', 'question']
    const subjects = { ...begun, contact: citizen.id }
    story.note(interactionChanged, { interactionId: id, fields }, opened + (closed - opened) / 2, operator.actor, subjects)
    const told = { call, operator, citizen, typology, question, answer, id, closed }
    if (again) this.askedAgain(told, row, again)
    else {
      const caseId = this.openCase(told)
      const ending = this.endingOf(call.caller, closed)
      if (ending === 'linea') this.linea(told, { ...row, case_id: caseId, state: 'linea' }, script)
      else if (ending === 'answer') this.answered(told, { ...row, case_id: caseId })
      else this.visit(told, { ...row, case_id: caseId, state: 'appointment' }, ending)
    }
    citizen.touched.push({ typologyId: typology.id, at: closed })
  }

  private endingOf({ citizen, typology, script }: CitizenCalling, at: number): 'linea' | 'answer' | Slot {
    const { chance } = this
    const lineaPossible = typology.itMatter || typology.cricSection !== null
    if (script === 'claimed' || script === 'pool') return 'linea'
    const nearEur = citizen.home.provinceCode === 'RM'
    const drawn = chance.next()
    if (script === 'visit' || drawn < (nearEur ? shares.visitNearEur : shares.visit)) {
      const slot = this.slotFor(citizen, typology, at, script === 'visit')
      if (slot) return slot
    }
    return lineaPossible && drawn > 1 - shares.linea ? 'linea' : 'answer'
  }

  /** Writes the citizen down, the first time. */
  private meet(citizen: Citizen, operator: Staff, at: number): void {
    if (citizen.knownSince !== null) return
    citizen.knownSince = at
    const { story } = this
    const { id, givenName, familyName, fiscalCode, birthDate, home, phone, email } = citizen
    const row = {
      id,
      kind: 'person' as const,
      given_name: givenName,
      family_name: familyName,
      business_name: null,
      fiscal_code: fiscalCode,
      birth_date: birthDate,
    }
    story.add('contact', {
      ...row,
      municipality_code: home.code,
      province_code: home.provinceCode,
      region_code: home.regionCode,
      language: 'it',
      notes: '',
      created_at: new Date(at),
      updated_at: new Date(at),
    })
    story.add('contact_phone', { contact_id: id, number: phone, position: 0, verified_at: null })
    if (email !== null) story.add('contact_email', { contact_id: id, address: email, position: 0, verified_at: null })
    for (const { kind, key } of contactKeysOf(row, [phone], email === null ? [] : [email]))
      story.add('contact_key', { kind, key, contact_id: id })
    this.involve(citizen, operator.actor.unitPath)
    story.note(contactCreated, {}, at, operator.actor, { contact: id, units: unitsIn(operator.actor.unitPath) })
  }

  private readonly involved = new Set<string>()

  private involve(citizen: Citizen, unitPath: string): void {
    const key = `${citizen.id} ${unitPath}`
    if (this.involved.has(key)) return
    this.involved.add(key)
    this.story.add('contact_unit', { contact_id: citizen.id, unit_path: unitPath })
  }

  // --- the contact centre -------------------------------------------------------------------------------------------

  private readonly caseRows = new Map<string, RowOf<'case'>>()

  private openCase({ call, operator, citizen, typology, closed }: Told): string {
    const { story } = this
    const id = story.id('case')
    let code = ''
    do code = requestCode(BigInt(this.chance.whole(0, 2 ** 31)) * 2n ** 20n + BigInt(this.chance.whole(0, 2 ** 20)))
    while (this.codes.has(code))
    this.codes.add(code)
    const row: RowOf<'case'> = {
      id,
      code,
      contact_id: citizen.id,
      typology_id: typology.id,
      title: typology.label,
      status: 'open',
      outcome: null,
      opened_at: new Date(closed),
      closed_at: null,
    }
    story.add('case', row)
    this.caseRows.set(id, row)
    story.add('case_unit', { case_id: id, unit_path: operator.actor.unitPath })
    const subjects = { case: id, contact: citizen.id, call: call.id, units: unitsIn(operator.actor.unitPath) }
    story.note(caseOpened, { code, title: typology.label }, closed - 30, operator.actor, subjects)
    return id
  }

  private codeOf = (caseId: string): string => this.caseRows.get(caseId)?.code ?? ''

  private closeCase(caseId: string, outcome: 'first-contact' | 'answered' | 'appointment', at: number): void {
    const row = this.caseRows.get(caseId)
    if (row) Object.assign(row, { status: 'closed', outcome, closed_at: new Date(at) })
  }

  private subjectsOf({ call, operator, citizen }: Told, caseId: string, ...paths: (string | null)[]) {
    return {
      channel: 'telephone' as const,
      call: call.id,
      case: caseId,
      contact: citizen.id,
      person: operator.id,
      units: unitsIn(operator.actor.unitPath, ...paths),
    }
  }

  /** Closed at the first contact. */
  private answered(told: Told, row: RowOf<'interaction'>): void {
    const caseId = row.case_id ?? ''
    this.story.add('interaction', { ...row, answer: told.answer })
    const subjects = this.subjectsOf(told, caseId)
    this.story.note(interactionAnswered, { interactionId: told.id }, told.closed, told.operator.actor, subjects)
    const { case: ofCase, contact, units } = subjects
    this.story.note(caseClosed, { outcome: 'first-contact' }, told.closed, told.operator.actor, { case: ofCase, contact, units })
    this.closeCase(caseId, 'first-contact', told.closed)
  }

  /** A second contact about a case that is open elsewhere: it stays open. */
  private askedAgain(told: Told, row: RowOf<'interaction'>, again: OpenMatter): void {
    const subjects = this.subjectsOf(told, again.caseId)
    const { story } = this
    const fresh = reassurances.filter(each => !told.citizen.heard.has(each))
    const answer = fresh.length === 0 ? told.answer : this.chance.one(fresh)
    told.citizen.heard.add(answer)
    story.add('interaction', { ...row, answer })
    story.note(caseContinued, { interactionId: told.id }, told.closed - 20_000, told.operator.actor, subjects)
    story.note(interactionAnswered, { interactionId: told.id }, told.closed, told.operator.actor, subjects)
  }

  // --- the second level ---------------------------------------------------------------------------------------------

  private linea(told: Told, row: RowOf<'interaction'>, script: Script | null): void {
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
    const dueAt = stage.due(unit, closed)
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
    }
    story.add('case_unit', { case_id: caseId, unit_path: unit.path })
    this.involve(citizen, unit.path)
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
      this.subjectsOf(told, caseId, unit.path),
    )
    const matter: OpenMatter = { caseId, citizen, typology, openedAt: closed, closedAt: null }
    this.open.push(matter)
    this.wayOf({ told, ticket, matter, members: stage.membersOf(unit.id), script })
    story.add('ticket', ticket)
  }

  /** What has become of a ticket up to now. */
  private wayOf({ told, ticket, matter, members, script }: Way): void {
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
    if (script === 'claimed') {
      this.remark(caseId, member, at + 6 * minute, remarks.notes[0] ?? '', subjects(member))
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
      this.remark(caseId, member, at, chance.one(remarks.notes), subjects(member))
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
      const noteId = this.remark(caseId, member, at, chance.one(remarks.forwards), null)
      story.add('case_unit', { case_id: caseId, unit_path: directorate.path })
      this.involve(citizen, directorate.path)
      const forwarded = { ticketId, directorateId: directorate.id, directorateName: directorate.name, noteId }
      story.note(ticketForwarded, forwarded, at, member.actor, subjects(null))
      at = stage.afterWork(at, chance.whole(300, 3_000) * minute)
      const expert = chance.one(stage.membersOf(directorate.id))
      if (isOver(at)) return
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
    told: Told,
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
    this.closeCase(matter.caseId, 'answered', at)
  }

  private answerByMail({ told, ticket, member, at, caseId }: ByMail): { state: string; at: number; problem: string } {
    const { story, chance } = this
    const { citizen, typology, answer } = told
    const { subject, body, language } = answerMail({
      language: 'it',
      contactName: `${citizen.givenName} ${citizen.familyName}`,
      code: this.codeOf(caseId),
      title: typology.label,
      answer,
      centreName: ticket.centre_name,
    })
    const mail = this.mail(
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

  private remark(caseId: string, by: Staff, at: number, text: string, told: Parameters<Story['note']>[4] | null): string {
    const id = this.story.id('text')
    if (at > this.story.now) return id
    this.story.add('case_note', {
      id,
      case_id: caseId,
      text,
      by_person: by.id,
      by_name: by.name,
      by_unit: this.stage.unit(by.actor.unitId).name,
      at: new Date(at),
    })
    if (told) this.story.note(caseNoted, { noteId: id }, at, by.actor, told)
    return id
  }

  /** Puts a mail in the outbox; what is older than a working day has left since, or has been given up. */
  private mail(mail: NewMail, at: number, by: Staff, fails: boolean): { id: string; state: string; at: number; problem: string } {
    const { story } = this
    const id = story.id('mail')
    const row = mailRow(mail, { id, at: new Date(at), ...this.outbox, thread: [] })
    const subjects = { channel: 'email' as const, case: mail.caseId, contact: mail.contactId, units: mail.units }
    const about = { mailId: id, purpose: mail.purpose }
    story.note(mailQueued, about, at, by.actor, subjects)
    const left = at + this.chance.whole(1_500, 9_000)
    const problem = '550 5.1.1 mailbox unavailable'
    if (at > this.waitsSince) {
      story.add('mail', row)
      return { id, state: 'queued', at, problem: '' }
    }
    if (fails) {
      story.add('mail', { ...row, state: 'failed', attempts: 1, last_problem: problem, last_reason: 'address' })
      story.note(mailFailed, { ...about, attempts: 1, problem }, left, system('channels'), subjects)
      return { id, state: 'failed', at: left, problem }
    }
    story.add('mail', { ...row, state: 'sent', attempts: 1, sent_at: new Date(left) })
    story.note(mailSent, { ...about, attempts: 1 }, left, system('channels'), subjects)
    return { id, state: 'sent', at: left, problem: '' }
  }

  // --- appointments -------------------------------------------------------------------------------------------------

  private slotFor(citizen: Citizen, typology: NewTypology, at: number, atEur: boolean): Slot | undefined {
    const { chance, stage } = this
    const serviceId = serviceOf(typology)
    if (serviceId === undefined) return undefined
    const agencies = stage.agenciesWith(serviceId, citizen.home.provinceCode)
    if (agencies.length === 0) return undefined
    const weightOf = (unitId: string, code: string | null) => (unitId === 'ag-roma-eur' ? 9 : code === citizen.home.code ? 4 : 1)
    const agency = atEur ? stage.unit('ag-roma-eur') : chance.weighted(agencies, unit => weightOf(unit.id, unit.municipalityCode))
    // Known citizens call in the last five days, and are still expected when the tour meets them.
    const daysAhead = chance.whole(atEur ? 6 : 2, 12)
    const wanted = addDays(dayAt(stage.timeZone, at), daysAhead)
    // Whoever looks at the agency's day, on whatever day, finds somebody on the next one.
    const isSoon = agency.id === 'ag-roma-eur' && !atEur && at > this.story.now - lately && this.expectedNextDay < somebody
    const slot = stage.book(chance, agency, serviceId, isSoon ? this.nextDay : wanted)
    if (slot && agency.id === 'ag-roma-eur' && dayAt(stage.timeZone, slot.start) === this.nextDay) this.expectedNextDay++
    return slot
  }

  private visit(told: Told, row: RowOf<'interaction'>, slot: Slot): void {
    const { story, stage, chance } = this
    const { citizen, operator, closed, id: interactionId, question, typology } = told
    const { agency, service, calendar } = slot
    const caseId = row.case_id ?? ''
    const code = this.codeOf(caseId)
    const id = story.id('appointment')
    story.add('interaction', row)
    story.add('case_unit', { case_id: caseId, unit_path: agency.path })
    this.involve(citizen, agency.path)
    const appointment: RowOf<'appointment'> = {
      id,
      unit_id: agency.id,
      unit_name: agency.name,
      unit_path: agency.path,
      service_id: service.id,
      service_name: service.name,
      bring: service.bring,
      calendar_id: calendar.id,
      officer_id: calendar.officer?.id ?? null,
      officer_name: calendar.officer?.name ?? null,
      starts_at: new Date(slot.start),
      ends_at: new Date(slot.end),
      state: 'booked',
      contact_id: citizen.id,
      case_id: caseId,
      code,
      title: typology.label,
      interaction_id: interactionId,
      reason: question,
      preparation: '',
      prepared_by_name: null,
      prepared_at: null,
      outcome: null,
      outcome_text: null,
      booked_by: operator.id,
      booked_by_name: operator.name,
      booked_by_unit: stage.unit(operator.actor.unitId).name,
      booked_by_path: operator.actor.unitPath,
      booked_at: new Date(closed),
      checked_in_at: null,
      started_at: null,
      ended_at: null,
      cancel_reason: null,
      sequence: 0,
    }
    const subjects = {
      case: caseId,
      contact: citizen.id,
      person: calendar.officer?.id,
      units: unitsIn(agency.path, operator.actor.unitPath),
    }
    const about = { appointmentId: id, unitId: agency.id }
    const place = { ...about, unitName: agency.name, serviceName: service.name, start: new Date(slot.start).toISOString() }
    story.note(appointmentBooked, place, closed, operator.actor, subjects)
    const booked = { interactionId, appointmentId: id }
    story.note(interactionBooked, booked, closed, operator.actor, this.subjectsOf(told, caseId, agency.path))
    if (citizen.email !== null) this.mailOfVisit('confirmation', { told, slot, id, caseId, at: closed, subjects })
    const matter: OpenMatter = { caseId, citizen, typology, openedAt: closed, closedAt: null }
    this.open.push(matter)
    const officers = stage.membersOf(agency.id).filter(each => each.actor.role === 'agency_officer')
    const officer = officers.find(each => each.id === calendar.officer?.id) ?? chance.one(officers)
    const cancelledAt = closed + (slot.start - closed) * chance.next()
    if (chance.happens(0.05) && cancelledAt < story.now && cancelledAt < slot.start - hour) {
      Object.assign(appointment, {
        state: 'cancelled',
        cancel_reason: chance.one(remarks.cancellations),
        ended_at: new Date(cancelledAt),
        sequence: 1,
      })
      story.note(appointmentCancelled, place, cancelledAt, officer.actor, subjects)
    } else {
      this.held({ appointment, slot, officer, about, subjects, matter })
      this.keepTime(slot, id, operator.id, closed)
    }
    story.add('appointment', appointment)
  }

  /** What has become of an appointment that was not cancelled. */
  private held({ appointment, slot, officer, about, subjects, matter }: Held): void {
    const { story, chance, stage } = this
    const preparedAt = stage.afterWork(slot.start - 26 * hour, chance.whole(5, 200) * minute)
    if (chance.happens(0.6) && preparedAt < Math.min(story.now, slot.start)) {
      Object.assign(appointment, {
        preparation: chance.one(remarks.preparations),
        prepared_by_name: officer.name,
        prepared_at: new Date(preparedAt),
      })
      story.note(appointmentPrepared, about, preparedAt, officer.actor, subjects)
    }
    const came = slot.start - chance.whole(2, 14) * minute
    const began = slot.start + chance.whole(0, 8) * minute
    const ended = began + Math.round((slot.end - slot.start) * (0.5 + 0.45 * chance.next()))
    const comes = chance.happens(0.91)
    // Of the last days some are left as they were: the officer has not noted yet how they ended.
    if (slot.start > story.now - 3 * day && chance.happens(0.25)) return
    if (!comes) {
      const at = slot.end
      if (at > story.now) return
      Object.assign(appointment, { state: 'no-show', ended_at: new Date(at) })
      story.note(appointmentNoShow, about, at, officer.actor, subjects)
      return
    }
    if (came > story.now) return
    Object.assign(appointment, { state: 'checked-in', checked_in_at: new Date(came) })
    story.note(appointmentCheckedIn, about, came, officer.actor, subjects)
    if (began > story.now) return
    Object.assign(appointment, { state: 'in-progress', started_at: new Date(began) })
    story.note(appointmentStarted, about, began, officer.actor, subjects)
    if (ended > story.now) return
    const { outcome, text } = chance.one(remarks.outcomes)
    Object.assign(appointment, { state: 'concluded', outcome, outcome_text: text, ended_at: new Date(ended) })
    story.note(appointmentConcluded, { ...about, outcome }, ended, officer.actor, subjects)
    matter.closedAt = ended
    const { case: ofCase, contact } = subjects
    story.note(caseClosed, { outcome: 'appointment' }, ended, system('cases'), {
      case: ofCase,
      contact,
      units: unitsIn(slot.agency.path),
    })
    this.closeCase(matter.caseId, 'appointment', ended)
  }

  private keepTime({ agency, service, calendar, lane, start, end }: Slot, appointmentId: string, by: string, at: number): void {
    const { story } = this
    const id = story.id('hold')
    const [starts_at, ends_at] = [new Date(start), new Date(end)]
    story.add('agenda_hold', {
      id,
      owner: `person:${by}`,
      unit_id: agency.id,
      service_id: service.id,
      calendar_id: calendar.id,
      starts_at,
      ends_at,
      until: new Date(at + 5 * minute),
      ended: 'confirmed',
    })
    story.add('agenda_taken', {
      id,
      calendar_id: calendar.id,
      calendar_no: 0,
      lane,
      starts_at,
      ends_at,
      held_until: null,
      appointment_id: appointmentId,
    })
  }

  private mailOfVisit(kind: 'confirmation', { told, slot, id, caseId, at, subjects }: MailOfVisit): void {
    const { citizen, operator } = told
    const to = { name: `${citizen.givenName} ${citizen.familyName}`, address: citizen.email ?? '' }
    const written = appointmentMail({
      kind,
      language: 'it',
      appointmentId: id,
      sequence: 0,
      now: new Date(at),
      start: new Date(slot.start),
      end: new Date(slot.end),
      timeZone: this.stage.timeZone,
      service: slot.service.name,
      bring: slot.service.bring,
      unit: { name: slot.agency.name, address: slot.agency.address ?? '' },
      officer: slot.calendar.officer?.name ?? null,
      code: this.codeOf(caseId),
      contact: to,
      from: this.outbox.from,
    })
    this.mail(
      {
        purpose: `agenda.${kind}`,
        subjectId: id,
        caseId,
        contactId: citizen.id,
        to,
        fromName: slot.agency.name,
        subject: written.subject,
        body: written.body,
        language: written.language,
        automatic: true,
        units: subjects.units,
        calendar: written.calendar,
      },
      at,
      operator,
      false,
    )
  }
}

/** Mails of the last hours wait: the sample has no server that takes them. */
/** In time of offices: on a Saturday evening, what was answered on Friday still waits. */
const waitsForMs = 5 * hour
const comeBackMs = 16 * hour

const released = { state: 'pool', claimed_by: null, claimed_by_name: null }

const reassurances: readonly string[] = [
  'La richiesta è già al centro regionale, che risponde entro il termine comunicato. Non serve presentarne un’altra.',
  'Verificato lo stato: chi la segue la sta lavorando e scriverà all’indirizzo indicato.',
  'Confermato che la risposta arriva per iscritto; aggiunto il numero a cui è più facile trovare la persona.',
  'La pratica avanza: manca un ultimo controllo, poi arriva la comunicazione.',
  'Spiegato il termine: non è ancora scaduto, e la richiesta risulta in carico.',
  'Annotato che la persona ha fretta; il collega che segue la pratica vede l’annotazione.',
  'Riletti insieme il codice e la data della richiesta, che la persona non trovava più.',
]

/** What a question can be visited an agency for; undefined where there is nothing of the kind. */
function serviceOf({ id, ccmSectionId }: NewTypology): string | undefined {
  if (['estratto-conto', 'ricongiunzione', 'contributi-volontari', 'dipendenti-pubblici'].includes(id))
    return 'ricostruzione-fascicolo'
  if (ccmSectionId === 'ccm-pensioni') return 'consulenza-pensioni'
  if (ccmSectionId === 'ccm-sostegno') return 'consulenza-sostegno'
  if (ccmSectionId === 'ccm-aziende' || ccmSectionId === 'ccm-autonomi') return 'consulenza-contributi'
  return undefined
}

/** A conversation, as what becomes of it has to know it. */
interface Told {
  call: Conversation
  operator: Staff
  citizen: Citizen
  typology: NewTypology
  question: string
  answer: string
  /** Of the interaction. */
  id: string
  closed: number
}

interface Way {
  told: Told
  ticket: RowOf<'ticket'>
  matter: OpenMatter
  members: readonly Staff[]
  script: Script | null
}

interface ByMail {
  told: Told
  ticket: RowOf<'ticket'>
  member: Staff
  at: number
  caseId: string
}

interface OfVisit {
  case: string
  contact: string
  person: string | undefined
  units: string[]
}

interface Held {
  appointment: RowOf<'appointment'>
  slot: Slot
  officer: Staff
  about: { appointmentId: string; unitId: string }
  subjects: OfVisit
  matter: OpenMatter
}

interface MailOfVisit {
  told: Told
  slot: Slot
  id: string
  caseId: string
  at: number
  subjects: OfVisit
}
