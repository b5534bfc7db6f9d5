/** Appointments of the sample: booked by the operator, and what has become of each up to now. */
import {
  appointmentBooked,
  appointmentCalledIn,
  appointmentCancelled,
  appointmentCheckedIn,
  appointmentConcluded,
  appointmentLeft,
  appointmentMail,
  appointmentNoShow,
  appointmentPrepared,
  appointmentStarted,
} from '../../src/agenda/index.ts'
import { caseClosed, interactionBooked } from '../../src/cases/index.ts'
import type { NewTypology } from '../../src/classification/index.ts'
import { addDays, dayAt, system, unitsIn } from '../../src/platform/index.ts'
import {
  appointmentCallAsked,
  appointmentCallConnected,
  appointmentCallDialled,
  appointmentCallEnded,
} from '../../src/telephony/index.ts'
import { type CaseWriter, day, type FinishedConversation, hour, minute, type OpenMatter } from './case-writer.ts'
import type { Chance } from './chance.ts'
import type { Citizen } from './citizens.ts'
import * as remarks from './remarks.ts'
import type { Slot, Stage } from './stage.ts'
import type { RowOf, Staff, Story } from './story.ts'

/** As long as the known citizens call. */
const latelyMs = 5 * day
/** So many are expected at the agency of the tour on the next working day. */
const enough = 6

/** What a question can be visited an agency for; undefined where there is nothing of the kind. */
function serviceOf({ id, ccmSectionId }: NewTypology): string | undefined {
  if (['estratto-conto', 'ricongiunzione', 'contributi-volontari', 'dipendenti-pubblici'].includes(id))
    return 'ricostruzione-fascicolo'
  if (ccmSectionId === 'ccm-pensioni') return 'consulenza-pensioni'
  if (ccmSectionId === 'ccm-sostegno') return 'consulenza-sostegno'
  if (ccmSectionId === 'ccm-aziende' || ccmSectionId === 'ccm-autonomi') return 'consulenza-contributi'
  return undefined
}

interface OfVisit {
  case: string
  contact: string
  person: string | undefined
  units: string[]
}

interface BookedVisit {
  appointment: RowOf<'appointment'>
  slot: Slot
  officer: Staff
  about: { appointmentId: string; unitId: string }
  subjects: OfVisit
  matter: OpenMatter
}

interface MailOfVisit {
  told: FinishedConversation
  slot: Slot
  mode: 'counter' | 'telephone'
  id: string
  caseId: string
  at: number
  subjects: OfVisit
}

/** One in so many, by the identifier: what is decided so leaves every other chance of the sample as it was. */
const oneIn = (n: number, id: string): boolean => Number.parseInt(id.replaceAll('-', '').slice(-6), 16) % n === 0

export class Visits {
  private readonly writer: CaseWriter
  private readonly story: Story
  private readonly stage: Stage
  private readonly chance: Chance
  private readonly nextDay: string
  private expectedNextDay = 0
  private readonly visitors = new Set<string>()

  constructor(writer: CaseWriter) {
    this.writer = writer
    this.story = writer.story
    this.stage = writer.stage
    this.chance = writer.chance
    this.nextDay = writer.stage.nextWorkingDay(writer.story.now)
  }

  /** A free time that the citizen would take; undefined where nothing can be booked. */
  slotFor(citizen: Citizen, typology: NewTypology, at: number, atEur: boolean): Slot | undefined {
    const { chance, stage } = this
    const serviceId = serviceOf(typology)
    // Nobody is in two places at once: one visit for each.
    if (serviceId === undefined || this.visitors.has(citizen.id)) return undefined
    const agencies = stage.agenciesWith(serviceId, citizen.home.provinceCode)
    if (agencies.length === 0) return undefined
    const weightOf = (unitId: string, code: string | null) => (unitId === 'ag-roma-eur' ? 9 : code === citizen.home.code ? 4 : 1)
    const agency = atEur ? stage.unit('ag-roma-eur') : chance.weighted(agencies, unit => weightOf(unit.id, unit.municipalityCode))
    // Known citizens call in the last five days, and are still expected when the tour meets them.
    const daysAhead = chance.whole(atEur ? 6 : 2, 12)
    const wanted = addDays(dayAt(stage.timeZone, at), daysAhead)
    // Whoever looks at the agency's day, on whatever day, finds somebody on the next one.
    const isSoon = agency.id === 'ag-roma-eur' && !atEur && at > this.story.now - latelyMs && this.expectedNextDay < enough
    const isForGroup = agency.id === 'ag-roma-eur' && typology.ccmSectionId === 'ccm-pensioni' && !oneIn(3, citizen.id)
    const slot = stage.book(chance, agency, isForGroup ? 'incontro-pensione' : serviceId, isSoon ? this.nextDay : wanted)
    if (slot) this.visitors.add(citizen.id)
    if (slot && agency.id === 'ag-roma-eur' && dayAt(stage.timeZone, slot.start) === this.nextDay) this.expectedNextDay++
    return slot
  }

  /** A conversation ends with an appointment. */
  book(told: FinishedConversation, row: RowOf<'interaction'>, slot: Slot): void {
    const { story, stage, chance } = this
    const { citizen, operator, closed, id: interactionId, question, typology } = told
    const { agency, service, calendar } = slot
    const caseId = row.case_id ?? ''
    const code = this.writer.codeOf(caseId)
    const id = story.id('appointment')
    const isByTelephone = service.modes?.includes('telephone') === true && oneIn(2, id)
    const mode = isByTelephone ? 'telephone' : 'counter'
    story.add('interaction', row)
    story.add('case_unit', { case_id: caseId, unit_path: agency.path })
    this.writer.involve(citizen, agency.path)
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
      mode,
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
    story.note(interactionBooked, booked, closed, operator.actor, this.writer.subjectsOf(told, caseId, agency.path))
    if (citizen.email !== null) this.mailOfVisit('confirmation', { told, slot, mode, id, caseId, at: closed, subjects })
    const matter: OpenMatter = { caseId, citizen, typology, openedAt: closed, closedAt: null }
    this.writer.open.push(matter)
    const officers = stage.membersOf(agency.id).filter(each => each.actor.role === 'agency_officer')
    const officer = officers.find(each => each.id === calendar.officer?.id) ?? chance.one(officers)
    const cancelledAt = closed + (slot.start - closed) * chance.next()
    if (chance.happens(0.05) && cancelledAt < story.now && cancelledAt < slot.start - hour) {
      const { by, reason } = chance.one(remarks.cancellations)
      Object.assign(appointment, {
        state: 'cancelled',
        cancel_reason: reason,
        cancelled_by: by,
        ended_at: new Date(cancelledAt),
        sequence: 1,
      })
      story.note(appointmentCancelled, { ...place, by }, cancelledAt, officer.actor, subjects)
    } else {
      this.takePlace({ appointment, slot, officer, about, subjects, matter })
      this.keepTime(slot, id, operator.id, closed)
    }
    story.add('appointment', appointment)
  }

  /** What has become of an appointment that was not cancelled. */
  private takePlace({ appointment, slot, officer, about, subjects, matter }: BookedVisit): void {
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
    if (appointment.mode === 'telephone') {
      this.takeCall({ appointment, slot, officer, about, subjects, matter }, comes, { began, ended })
      return
    }
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
    if (oneIn(35, appointment.id)) {
      Object.assign(appointment, { state: 'left', ended_at: new Date(began) })
      story.note(appointmentLeft, about, began, officer.actor, subjects)
      return
    }
    const called = Math.max(came, began - minute)
    Object.assign(appointment, { called_at: new Date(called) })
    story.note(appointmentCalledIn, about, called, officer.actor, subjects)
    Object.assign(appointment, { state: 'in-progress', started_at: new Date(began) })
    story.note(appointmentStarted, about, began, officer.actor, subjects)
    if (ended <= story.now) this.conclude({ appointment, slot, officer, about, subjects, matter }, ended)
  }

  /** An appointment by telephone: the officer calls, and calls again where nobody answers. */
  private takeCall(visit: BookedVisit, answers: boolean, { began, ended }: { began: number; ended: number }): void {
    const { appointment, slot, officer, about, subjects, matter } = visit
    const { story } = this
    const attempts = answers ? [began] : [slot.start, slot.start + 6 * minute, slot.start + 14 * minute]
    const lasts = answers ? ended - began : minute / 2
    for (const [n, at] of attempts.entries()) {
      const end = at + lasts
      if (end > story.now) return
      const id = story.id('dialled')
      const [asked, dialled] = [at - minute / 2, at - minute / 3]
      const outcome = answers ? 'talked' : 'no-answer'
      story.add('appointment_call', {
        ...{ id, appointment_id: appointment.id, unit_id: slot.agency.id, attempt: n + 1, officer_id: officer.id },
        ...{ officer_name: officer.name, officer_number: '+390601000001', number: matter.citizen.phone },
        ...{ asked_at: new Date(asked), dialled_at: new Date(dialled), connected_at: answers ? new Date(at) : null },
        ...{ ended_at: new Date(end), outcome },
      })
      const [call, telephony] = [{ ...subjects, call: id }, system('telephony')]
      const ofCall = { appointmentId: appointment.id }
      story.note(appointmentCallAsked, ofCall, asked, officer.actor, call)
      story.note(appointmentCallDialled, ofCall, dialled, telephony, call)
      if (answers) story.note(appointmentCallConnected, ofCall, at, telephony, call)
      story.note(appointmentCallEnded, { ...ofCall, outcome }, end, telephony, call)
    }
    if (!answers) {
      const at = (attempts.at(-1) ?? slot.start) + lasts
      Object.assign(appointment, { state: 'no-show', ended_at: new Date(at) })
      story.note(appointmentNoShow, about, at, system('telephony'), subjects)
      return
    }
    Object.assign(appointment, { state: 'in-progress', checked_in_at: new Date(began), started_at: new Date(began) })
    story.note(appointmentStarted, about, began, system('telephony'), subjects)
    this.conclude(visit, ended)
  }

  private conclude({ appointment, slot, officer, about, subjects, matter }: BookedVisit, ended: number): void {
    const { story, chance } = this
    const { outcome, text } = chance.one(remarks.outcomes)
    Object.assign(appointment, { state: 'concluded', outcome, outcome_text: text, ended_at: new Date(ended) })
    story.note(appointmentConcluded, { ...about, outcome, followUp: null }, ended, officer.actor, subjects)
    matter.closedAt = ended
    const { case: ofCase, contact } = subjects
    story.note(caseClosed, { outcome: 'appointment' }, ended, system('cases'), {
      case: ofCase,
      contact,
      units: unitsIn(slot.agency.path),
    })
    this.writer.closeCase(matter.caseId, 'appointment', ended)
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

  private mailOfVisit(kind: 'confirmation', { told, slot, mode, id, caseId, at, subjects }: MailOfVisit): void {
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
      mode,
      code: this.writer.codeOf(caseId),
      dayCode: null,
      link: null,
      contact: to,
      from: this.writer.outbox.from,
    })
    this.writer.mail(
      {
        purpose: `agenda.${kind}`,
        subjectId: id,
        caseId,
        contactId: citizen.id,
        to,
        fromName: slot.agency.name,
        subject: written.subject,
        body: written.body,
        language: 'it',
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
