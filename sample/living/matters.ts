/**
 * What becomes of a conversation: it ends with an answer, with a Linea ticket whose way is told up to now, or with an appointment. Everything is
 * written as the use cases of `src/cases` and `src/agenda` write it: the same rows, the same entries.
 */
import {
  caseClosed,
  caseContinued,
  caseRepeatExplained,
  caseRepeated,
  interactionAnswered,
  interactionChanged,
  interactionOpened,
  type RepeatCause,
} from '../../src/cases/index.ts'
import { dayAt, unitsIn } from '../../src/platform/index.ts'
import {
  CaseWriter,
  type CitizenCalling,
  type Conversation,
  day,
  type EndedMatter,
  type FinishedConversation,
  type OpenMatter,
  type Outbox,
} from './case-writer.ts'
import type { Chance } from './chance.ts'
import { tellGroup } from './group.ts'
import type { Slot, Stage } from './stage.ts'
import type { RowOf, Story } from './story.ts'
import type { Speech } from './texts.ts'
import { Tickets } from './tickets.ts'
import { Visits } from './visits.ts'

const shares = { linea: 0.3, visit: 0.09, visitNearEur: 0.22 }

/** A contact about the same within so long after the end is a second one, as the program takes it unless it is set otherwise. */
const secondContactMs = 7 * day

/** Why citizens come again, as those say who speak with them; of some nobody says it. */
const causes: readonly { cause: RepeatCause | null; weight: number }[] = [
  { cause: 'unsolved', weight: 33 },
  { cause: 'unclear', weight: 28 },
  { cause: 'new-fact', weight: 20 },
  { cause: 'other', weight: 9 },
  { cause: null, weight: 10 },
]

const reassurances: readonly string[] = [
  'La richiesta è già al centro regionale, che risponde entro il termine comunicato. Non serve presentarne un’altra.',
  'Verificato lo stato: chi la segue la sta lavorando e scriverà all’indirizzo indicato.',
  'Confermato che la risposta arriva per iscritto; aggiunto il numero a cui è più facile trovare la persona.',
  'La pratica avanza: manca un ultimo controllo, poi arriva la comunicazione.',
  'Spiegato il termine: non è ancora scaduto, e la richiesta risulta in carico.',
  'Annotato che la persona ha fretta; il collega che segue la pratica vede l’annotazione.',
  'Riletti insieme il codice e la data della richiesta, che la persona non trovava più.',
]

export class Matters {
  private readonly writer: CaseWriter
  private readonly speech: Speech
  private readonly tickets: Tickets
  private readonly visits: Visits

  constructor(story: Story, stage: Stage, speech: Speech, chance: Chance, outbox: Outbox) {
    this.writer = new CaseWriter(story, stage, chance, outbox)
    this.speech = speech
    this.tickets = new Tickets(this.writer)
    this.visits = new Visits(this.writer)
  }

  /** What a section does today as a group. */
  group(): void {
    tellGroup(this.writer, this.tickets.held())
  }

  /** Matters that were not closed at the first contact. */
  get open(): readonly OpenMatter[] {
    return this.writer.open
  }

  /** Matters that are closed, or will be by now. */
  get ended(): readonly EndedMatter[] {
    return this.writer.ended
  }

  /** The conversation of a call, from the first line on the sheet to its end. */
  conversation(call: Conversation): void {
    const { writer, speech } = this
    const { story, stage, chance } = writer
    const { citizen, typology, again, script } = call.caller
    const operator = stage.staff(call.agent)
    const opened = call.connectedAt + 900
    const closed = call.endedAt + chance.whole(4, 22) * 1_000
    const circumstances = { day: dayAt(stage.timeZone, opened), town: citizen.home.name }
    const { question, answer } = speech.about(typology.id, chance, circumstances, citizen.heard)
    citizen.heard.add(answer)
    writer.meet(citizen, operator, opened + Math.min(40_000, (closed - opened) / 3))
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
    this.comesBack(told, opened, again)
    if (again) this.askedAgain(told, row, again)
    else {
      const caseId = writer.openCase(told)
      const ending = this.endingOf(call.caller, closed)
      if (ending === 'linea') this.tickets.send(told, { ...row, case_id: caseId, state: 'linea' }, script)
      else if (ending === 'answer') this.answered(told, { ...row, case_id: caseId })
      else this.visits.book(told, { ...row, case_id: caseId, state: 'appointment' }, ending)
    }
    citizen.touched.push({ typologyId: typology.id, at: closed })
  }

  /** A second contact, when the citizen had a closed matter of this kind: the one that was closed last. */
  private comesBack(told: FinishedConversation, opened: number, again: OpenMatter | null): void {
    const { writer } = this
    const { citizen, typology, operator, closed, id } = told
    const [before] = writer.ended
      .filter(
        each =>
          each.citizen === citizen &&
          !each.isRepeated &&
          each.closedAt < opened &&
          each.closedAt >= opened - secondContactMs &&
          (each.typology === typology || each.caseId === again?.caseId),
      )
      .sort((one, other) => other.closedAt - one.closedAt)
    if (before === undefined) return
    before.isRepeated = true
    const subjects = {
      channel: 'telephone' as const,
      case: before.caseId,
      contact: citizen.id,
      units: unitsIn(operator.actor.unitPath),
    }
    writer.story.note(caseRepeated, { interactionId: id, channel: 'telephone' }, closed, operator.actor, subjects)
    const { cause } = writer.chance.weighted(causes, each => each.weight)
    if (cause !== null) writer.story.note(caseRepeatExplained, { interactionId: id, cause }, closed, operator.actor, subjects)
  }

  private endingOf({ citizen, typology, script }: CitizenCalling, at: number): 'linea' | 'answer' | Slot {
    const { chance } = this.writer
    const lineaPossible = typology.itMatter || typology.cricSection !== null
    if (script === 'claimed' || script === 'pool') return 'linea'
    const nearEur = citizen.home.provinceCode === 'RM'
    const drawn = chance.next()
    if (script === 'visit' || drawn < (nearEur ? shares.visitNearEur : shares.visit)) {
      const slot = this.visits.slotFor(citizen, typology, at, script === 'visit')
      if (slot) return slot
    }
    return lineaPossible && drawn > 1 - shares.linea ? 'linea' : 'answer'
  }

  /** Closed at the first contact. */
  private answered(told: FinishedConversation, row: RowOf<'interaction'>): void {
    const caseId = row.case_id ?? ''
    this.writer.story.add('interaction', { ...row, answer: told.answer })
    const subjects = this.writer.subjectsOf(told, caseId)
    this.writer.story.note(interactionAnswered, { interactionId: told.id }, told.closed, told.operator.actor, subjects)
    const { case: ofCase, contact, units } = subjects
    this.writer.story.note(caseClosed, { outcome: 'first-contact' }, told.closed, told.operator.actor, {
      case: ofCase,
      contact,
      units,
    })
    this.writer.closeCase(caseId, 'first-contact', told.closed)
  }

  /** A second contact about a case that is open elsewhere: it stays open. */
  private askedAgain(told: FinishedConversation, row: RowOf<'interaction'>, again: OpenMatter): void {
    const subjects = this.writer.subjectsOf(told, again.caseId)
    const { story } = this.writer
    const fresh = reassurances.filter(each => !told.citizen.heard.has(each))
    const answer = fresh.length === 0 ? told.answer : this.writer.chance.one(fresh)
    told.citizen.heard.add(answer)
    story.add('interaction', { ...row, answer })
    story.note(caseContinued, { interactionId: told.id }, told.closed - 20_000, told.operator.actor, subjects)
    story.note(interactionAnswered, { interactionId: told.id }, told.closed, told.operator.actor, subjects)
  }
}
