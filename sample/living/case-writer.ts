/**
 * What every matter of the sample writes: the citizen, the case, notes and mails, as the use cases of `src/contacts`, `src/cases` and
 * `src/channels` write them.
 */
import { caseNoted, caseOpened, requestCode } from '../../src/cases/index.ts'
import { mailFailed, mailQueued, mailRow, mailSent, type NewMail } from '../../src/channels/index.ts'
import type { NewTypology } from '../../src/classification/index.ts'
import { contactCreated, contactKeysOf } from '../../src/contacts/index.ts'
import { type SubjectsOf, system, unitsIn } from '../../src/platform/index.ts'
import type { Caller, CallOfDay } from '../../src/simulation/index.ts'
import type { Chance } from './chance.ts'
import type { Citizen } from './citizens.ts'
import type { Stage } from './stage.ts'
import type { RowOf, Staff, Story } from './story.ts'

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** A case that is still open somewhere, or was. */
export interface OpenMatter {
  caseId: string
  citizen: Citizen
  typology: NewTypology
  openedAt: number
  /** Null while it is open. */
  closedAt: number | null
}

/** A matter that was closed, on which its citizen may come back once. */
export interface EndedMatter {
  caseId: string
  citizen: Citizen
  typology: NewTypology
  closedAt: number
  isRepeated: boolean
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

export type Conversation = CallOfDay<CitizenCalling> & { agent: string; connectedAt: number; endedAt: number }

/** A conversation, as what becomes of it has to know it. */
export interface FinishedConversation {
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

/** Mails of the last hours of work wait, because the sample has no server that takes them: on a Saturday evening, what was answered on Friday. */
const waitsForMs = 5 * hour

export class CaseWriter {
  /** Matters that were not closed at the first contact. */
  readonly open: OpenMatter[] = []
  /** Matters that are closed at some instant up to now, which may lie after the day that is told. */
  readonly ended: EndedMatter[] = []
  readonly story: Story
  readonly stage: Stage
  readonly chance: Chance
  readonly outbox: Outbox
  private readonly codes = new Set<string>()
  /** What was written since then waits in the outbox. */
  private readonly waitsSince: number

  constructor(story: Story, stage: Stage, chance: Chance, outbox: Outbox) {
    this.story = story
    this.stage = stage
    this.chance = chance
    this.outbox = outbox
    this.waitsSince = stage.beforeWork(story.now, waitsForMs)
  }

  /** Writes the citizen down, the first time. */
  meet(citizen: Citizen, operator: Staff, at: number): void {
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

  involve(citizen: Citizen, unitPath: string): void {
    const key = `${citizen.id} ${unitPath}`
    if (this.involved.has(key)) return
    this.involved.add(key)
    this.story.add('contact_unit', { contact_id: citizen.id, unit_path: unitPath })
  }

  private readonly caseRows = new Map<string, RowOf<'case'>>()
  private readonly about = new Map<string, { citizen: Citizen; typology: NewTypology }>()

  openCase({ call, operator, citizen, typology, closed }: FinishedConversation): string {
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
      reference_id: operator.id,
      reference_name: operator.actor.name,
      opened_at: new Date(closed),
      closed_at: null,
    }
    story.add('case', row)
    this.caseRows.set(id, row)
    this.about.set(id, { citizen, typology })
    story.add('case_unit', { case_id: id, unit_path: operator.actor.unitPath })
    const subjects = { case: id, contact: citizen.id, call: call.id, units: unitsIn(operator.actor.unitPath) }
    story.note(caseOpened, { code, title: typology.label }, closed - 30, operator.actor, subjects)
    return id
  }

  codeOf = (caseId: string): string => this.caseRows.get(caseId)?.code ?? ''

  closeCase(caseId: string, outcome: 'first-contact' | 'answered' | 'appointment', at: number): void {
    const row = this.caseRows.get(caseId)
    if (row) Object.assign(row, { status: 'closed', outcome, closed_at: new Date(at) })
    const about = this.about.get(caseId)
    if (about) this.ended.push({ caseId, ...about, closedAt: at, isRepeated: false })
  }

  subjectsOf({ call, operator, citizen }: FinishedConversation, caseId: string, ...paths: (string | null)[]) {
    return {
      channel: 'telephone' as const,
      call: call.id,
      case: caseId,
      contact: citizen.id,
      person: operator.id,
      units: unitsIn(operator.actor.unitPath, ...paths),
    }
  }

  remark(caseId: string, by: Staff, at: number, text: string, told: SubjectsOf<'case'> | null): string {
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
  mail(mail: NewMail, at: number, by: Staff, fails: boolean): { id: string; state: string; at: number; problem: string } {
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
}
