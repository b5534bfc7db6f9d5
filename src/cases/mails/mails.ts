/**
 * Mails of citizens: an interaction that nobody has yet, taken by a person, and answered by the outbox.
 *
 *   received ──taken──▶ in hand ──answered──▶ the answer waits some seconds, and leaves ──▶ the case is closed
 *      ▲  ▲                │                          │                      │
 *      │  └── given back ──┘        taken back ◀──────┘                      │
 *      └────────────────────────── it came back, or could not be sent ◀──────┘
 *
 * Where the unit is a section of the contact centre, the leader offers the mail to whoever serves it; a call interrupts it.
 */
import {
  type ArrivedMail,
  type HolderOf,
  lastMailAbout,
  type NewMail,
  queueMail,
  readdressMail,
  readMail,
  type Settler,
  sendAlong,
  unitSender,
  waitAgain,
  withdrawMail,
} from '../../channels/index.ts'
import { contactsByEmail, contactsOf, createContact, involve, NewContact } from '../../contacts/index.ts'
import { mailQueueFor, workDeclined, workLeft, workQueued, workTaken, writtenWorks } from '../../distribution/index.ts'
import {
  type Actor,
  actingPerson,
  type House,
  type Language,
  languages,
  must,
  notFound,
  Refused,
  unitsIn,
  useCase,
  type Work,
} from '../../platform/index.ts'
import { takeBackMs } from '../answer-mail.ts'
import { citizenReplied, comeBackTo } from '../citizen-questions/replies.ts'
import { askedByMail, takeOverFromWhoLeft } from '../continuity/service.ts'
import { needTypology } from '../destination.ts'
import {
  caseContinued,
  interactionAnswered,
  interactionClaimed,
  interactionOpened,
  interactionReopened,
  interactionTaken,
} from '../events.ts'
import { insertInteraction, updateInteraction } from '../interaction-store.ts'
import type { RepeatCause } from '../model.ts'
import { noteFirstContact, noteRepeat, saySecondContact } from '../results/service.ts'
import { closeCase, openCase, reopenCase, scopeOf } from '../service.ts'
import { addCaseUnit, readSurvivor } from '../store.ts'
import type { CaseRow, InteractionRow } from '../tables.ts'
import { completedAnswer } from '../templates/service.ts'
import { insertMessage } from '../ticket-store.ts'
import type { AnswerToMail } from './model.ts'
import { mayAnswerMail, mayExplainMail, mayReadMail, mayTakeMail } from './policy.ts'
import { lockMailInteraction, readMailInteraction } from './store.ts'

/** The purpose of mails that answer a mail. */
export const mailAnswerPurpose = 'cases.mail-answer'
const maxQuestionLength = 10_000

export interface OneMail {
  interactionId: string
}

/** Makes an interaction of a mail that came in. Its contact is found by the address, when one alone has it; nobody is identified by that. */
export async function receiveMail(work: Work, mail: ArrivedMail): Promise<string> {
  const named = mail.caseId === null ? undefined : await readSurvivor(work.tx, mail.caseId, { all: true })
  const id = work.ids()
  const caseId = named && (await comeBackTo(work, named, { interactionId: id, unitPath: mail.unit.path }))
  const matter = named && caseId !== undefined ? { ...named, id: caseId } : undefined
  const known = matter ? [] : await contactsByEmail(work.tx, mail.from.address, 2)
  const contactId = matter?.contact_id ?? (known.length === 1 ? (known[0]?.id ?? null) : null)
  const row: InteractionRow = {
    id,
    channel: mail.channel,
    call_id: null,
    from_number: null,
    contact_id: contactId,
    case_id: matter?.id ?? null,
    typology_id: matter?.typology_id ?? null,
    question: [mail.subject, mail.text].filter(Boolean).join('\n\n').slice(0, maxQuestionLength),
    notes: '',
    answer: null,
    state: 'open',
    office_id: null,
    office_name: null,
    province_code: null,
    region_code: null,
    section_id: mail.unit.id,
    operator_id: null,
    operator_name: null,
    operator_path: mail.unit.path,
    opened_at: mail.receivedAt,
    closed_at: null,
    version: 1,
  }
  await insertInteraction(work.tx, row)
  if (contactId !== null) await involve(work, contactId, mail.unit.path)
  await work.journal(interactionOpened, { interactionId: row.id, channel: mail.channel }, subjectsOfMail(row))
  if (matter) {
    await addCaseUnit(work.tx, matter.id, mail.unit.path)
    await work.journal(caseContinued, { interactionId: row.id }, { ...subjectsOfMail(row), case: matter.id })
    await citizenReplied(work, matter.id, 'mail', row.id)
    if (named?.status === 'closed') await noteReturn(work, row, matter, named.id !== matter.id)
  }
  await offerMail(work, row)
  return row.id
}

/** Whoever comes back to what was closed makes a second contact; what follows from it is a matter of its own, which begins with this mail. */
async function noteReturn(work: Work, row: InteractionRow, matter: CaseRow, isNew: boolean): Promise<void> {
  const { id: caseId, contact_id: contactId, typology_id: typologyId } = matter
  await noteRepeat(work, row, contactId, typologyId)
  if (isNew && typologyId !== null) await noteFirstContact(work, row, { caseId, contactId, typologyId })
}

/** The mail waits for whoever serves its section, where mails are offered. */
export async function offerMail(
  work: Work,
  row: Pick<InteractionRow, 'id' | 'case_id' | 'contact_id' | 'section_id' | 'operator_path' | 'opened_at'>,
): Promise<void> {
  const queue = await mailQueueFor(work.tx, row.section_id ?? '')
  if (queue === undefined) return
  const preferred = await askedByMail(work.tx, { caseId: row.case_id, contactId: row.contact_id }, row.section_id ?? '', work.now)
  await work.journal(
    workQueued,
    {
      ...{ work: row.id, kind: 'mail', sectionId: queue, priority: 0, waitingSince: row.opened_at.toISOString() },
      ...(preferred === undefined ? {} : { preferred }),
    },
    workSubjects(row),
  )
}

/** Takes a mail in hand, from the queue or from a colleague. */
export const takeMailInHand = useCase(async (work, { interactionId }: OneMail): Promise<OneMail> => {
  const actor = actingPerson(work.actor)
  const row = await lockForReader(work, interactionId)
  must(mayTakeMail(actor, standingOf(row)))
  await updateInteraction(work.tx, interactionId, { operator_id: actor.personId, operator_name: actor.name })
  const subjects = { ...subjectsOfMail(row), person: actor.personId }
  if (row.operator_name === null) await work.journal(interactionClaimed, { interactionId }, subjects)
  else await work.journal(interactionTaken, { interactionId, from: row.operator_name }, subjects)
  await work.journal(workTaken, { work: interactionId, agent: actor.personId }, { ...workSubjects(row), person: actor.personId })
  return { interactionId }
})

/** Gives a mail back to everybody. */
export const giveBackMail = useCase(async (work, { interactionId }: OneMail): Promise<OneMail> => {
  const row = await lockForReader(work, interactionId)
  must(mayAnswerMail(work.actor, standingOf(row)))
  await letGo(work, row)
  await offerMail(work, row)
  return { interactionId }
})

async function letGo(work: Work, row: InteractionRow): Promise<void> {
  await updateInteraction(work.tx, row.id, { operator_id: null, operator_name: null })
  await work.journal(interactionReopened, { interactionId: row.id }, subjectsOfMail(row))
}

/** Whoever had it has signed out, and the leader has put it back into the queue. */
export async function releaseMail(work: Work, interactionId: string, agent: string): Promise<void> {
  const row = await lockMailInteraction(work.tx, interactionId)
  if (row?.state === 'open' && row.operator_id === agent) await letGo(work, row)
}

/** "Not now": the mail that is offered goes on to a colleague. An offer that is over by now is ignored. */
export const declineMail = useCase(async (work, { interactionId }: OneMail): Promise<null> => {
  const actor = actingPerson(work.actor)
  const row = await lockForReader(work, interactionId)
  const offered = (await writtenWorks(work.tx, [interactionId])).get(interactionId)
  if (offered?.state !== 'offered' || offered.personId !== actor.personId || offered.offer === null) return null
  const { offer: declined } = offered
  await work.journal(
    workDeclined,
    { work: interactionId, offer: declined, agent: actor.personId },
    { ...workSubjects(row), person: actor.personId },
  )
  return null
})

/** An answer to nobody but the sender needs no list of copies. */
type GivenAnswer = Omit<AnswerToMail, 'copies'> & Partial<Pick<AnswerToMail, 'copies'>>

/** Answers a mail. The answer leaves after some seconds, in which it can be taken back; the case is closed when it has left. */
export async function answerMailOf(house: House, actor: Actor, input: OneMail & GivenAnswer): Promise<OneMail> {
  const contactId = input.contactId ?? (await contactFor(house, actor, input))
  return answerTaken(house, actor, { ...input, contactId })
}

/** The contact of a mail: of the case that it continues, the one that it has, or a card with what the mail says of its sender. */
async function contactFor(
  house: House,
  actor: Actor,
  { interactionId, caseId }: OneMail & Pick<AnswerToMail, 'caseId'>,
): Promise<string> {
  const row = await readMailInteraction(house.database.kysely, interactionId)
  if (!row || !mayReadMail(actor, { unitPath: row.operator_path })) throw notFound('mail')
  must(mayAnswerMail(actor, standingOf(row)))
  if (row.case_id === null && caseId !== undefined) {
    const matter = await readSurvivor(house.database.kysely, caseId, scopeOf(actor))
    if (!matter) throw notFound('case')
    return matter.contact_id
  }
  if (row.contact_id !== null) return row.contact_id
  const name = row.from_name === '' ? (row.from_address.split('@')[0] ?? row.from_address) : row.from_name
  const card = NewContact.safeParse({ kind: 'person', familyName: name.slice(0, 120), emails: [row.from_address] })
  if (!card.success) throw new Refused('cases.contactNeeded', { field: 'contactId' }, 422)
  return (await createContact(house, actor, card.data)).id
}

const answerTaken = useCase(
  async (
    work,
    { interactionId, answer, typologyId, caseId, contactId, copies = [] }: OneMail & GivenAnswer & { contactId: string },
  ): Promise<OneMail> => {
    const actor = actingPerson(work.actor)
    const row = await lockForReader(work, interactionId)
    must(mayAnswerMail(actor, standingOf(row)))
    const contact = (await contactsOf(work.tx, [contactId])).get(contactId)
    if (!contact) throw new Refused('cases.contactUnknown', { field: 'contactId' }, 422)
    const taken = { ...row, contact_id: contactId }
    const matter = await caseFor(work, taken, contactId, { typologyId, caseId })
    const mail = await readMailInteraction(work.tx, interactionId)
    if (!mail) throw notFound('mail')
    const sender = await unitSender(work.tx, work.house.config, mail.raw_mail_id, row.section_id)
    for (const address of copies)
      if (!sender.others.includes(address)) throw new Refused('cases.mail.noParticipant', { field: 'copies', address }, 422)
    // Who wrote by PEC is answered by PEC.
    const channel = row.channel === 'pec' ? 'pec' : 'email'
    const facts = {
      ...{ citizen: contact.name, code: matter.code, typology: matter.title, unit: sender.unitName },
      ...{ operator: actor.name, subject: mail.subject },
    }
    const text = completedAnswer(answer, facts, work.now, staffLanguage(contact.language), work.house.config.TIME_ZONE)
    const mailId = await queueMail(work, {
      channel,
      purpose: mailAnswerPurpose,
      subjectId: interactionId,
      caseId: matter.id,
      contactId,
      to: { name: mail.from_name, address: sender.replyTo },
      fromName: sender.unitName,
      subject: answerSubject(mail.subject),
      body: text,
      copies,
      language: staffLanguage(contact.language),
      automatic: false,
      units: unitsIn(row.operator_path),
      answers: sender.references,
      notBefore: new Date(work.now.getTime() + takeBackMs),
    } satisfies NewMail)
    await sendAlong(work, { subjectId: interactionId, mailId, channel, recipients: 1 + copies.length })
    await insertMessage(work.tx, {
      ...{
        id: work.ids(),
        case_id: matter.id,
        channel,
        text,
        mail_id: mailId,
        by_name: actor.name,
        at: work.now,
      },
    })
    await updateInteraction(work.tx, interactionId, {
      state: 'answered',
      answer: text,
      contact_id: contactId,
      typology_id: typologyId ?? row.typology_id,
      case_id: matter.id,
      closed_at: work.now,
    })
    await involve(work, contactId, row.operator_path)
    await work.journal(
      interactionAnswered,
      { interactionId },
      { ...subjectsOfMail(taken), case: matter.id, person: actor.personId },
    )
    await leaveMailQueue(work, row, 'answered')
    return { interactionId }
  },
)

/** `Re:` once, whatever the sender's program has written before it. */
export const answerSubject = (subject: string): string =>
  `Re: ${subject.replace(/^(?:\s*(?:re|r|ri|rif|aw|fwd?|i|wg)\s*(?:\[\d+\])?\s*:\s*)+/i, '').trim()}`.slice(0, 300)

const staffLanguage = (spoken: string): Language => languages.find(each => each === spoken) ?? 'it'

/** The case that the mail belongs to, or that whoever answers says it continues, opened again when it was closed; or a new one. */
async function caseFor(
  work: Work,
  row: InteractionRow,
  contactId: string,
  { typologyId, caseId }: Pick<AnswerToMail, 'typologyId' | 'caseId'>,
): Promise<CaseRow> {
  const known = row.case_id ?? caseId
  await noteRepeat(work, { ...row, case_id: known ?? null }, contactId, typologyId ?? row.typology_id)
  if (known !== undefined) {
    const matter = await readSurvivor(work.tx, known, row.case_id === null ? scopeOf(work.actor) : { all: true }, true)
    if (!matter) throw notFound('case')
    if (row.case_id === null && matter.contact_id !== contactId)
      throw new Refused('cases.caseOfAnother', { field: 'caseId' }, 422)
    const of = { caseId: matter.id, contactId: matter.contact_id, units: unitsIn(row.operator_path) }
    await reopenCase(work, of)
    await takeOverFromWhoLeft(work, of)
    if (row.case_id === null) {
      await addCaseUnit(work.tx, matter.id, row.operator_path)
      await work.journal(caseContinued, { interactionId: row.id }, { ...subjectsOfMail(row), case: matter.id })
    }
    return matter
  }
  if (typologyId === undefined) throw new Refused('cases.typologyNeeded', { field: 'typologyId' }, 422)
  const typology = await needTypology(work.tx, typologyId)
  const opened = await openCase(work, {
    contactId,
    typologyId: typology.id,
    title: typology.label,
    unitPath: row.operator_path,
    callId: undefined,
  })
  await noteFirstContact(work, row, { caseId: opened.id, contactId, typologyId: typology.id })
  return opened
}

/** Takes back an answer that has not left. @throws Refused 409 when it has */
export const withdrawMailAnswer = useCase(async (work, { interactionId }: OneMail): Promise<OneMail> => {
  const row = await lockForReader(work, interactionId)
  const mailId = await answerMailId(work, row)
  const isMine = row.operator_id === actingPerson(work.actor).personId
  const mail = mailId === null ? undefined : await readMail(work.tx, mailId)
  // What has gone wrong is mended by whoever is there.
  if (mailId === null || !(isMine || mail?.last_problem != null)) throw new Refused('channels.notWaiting', {}, 409)
  await withdrawMail(work, mailId)
  await waitAgain(work, mailId)
  await openAgain(work, row)
  return { interactionId }
})

/** Why who wrote came again, said once by who has answered. @throws Refused 409 when it was said, or there is nothing to say */
export const explainMail = useCase(async (work, { interactionId, cause }: OneMail & { cause: RepeatCause }): Promise<OneMail> => {
  const row = await lockForReader(work, interactionId)
  must(mayExplainMail(work.actor, standingOf(row)))
  await saySecondContact(work, row, cause)
  return { interactionId }
})
/**
 * Sends an answer that is delayed, or was given up, to an address: as it was, with the files that it carried.
 * @throws Refused 403 while a colleague has the mail in hand again, 409 when another answer has taken its place
 */
export const resendMailAnswer = useCase(
  async (work, { interactionId, mailId, address }: OneMail & { mailId: string; address: string }): Promise<OneMail> => {
    const actor = actingPerson(work.actor)
    const row = await lockForReader(work, interactionId)
    const mail = await readMail(work.tx, mailId)
    if (!mail || (await answerMailId(work, row)) !== mailId) throw new Refused('channels.notWaiting', {}, 409)
    await readdressMail(work, mailId, address, { alsoFailed: true })
    if (mail.state !== 'failed') return { interactionId }
    if (row.state !== 'open') throw new Refused('cases.policy.mailDone', {}, 409)
    if (row.operator_id !== null) must(mayAnswerMail(actor, standingOf(row)))
    const answered = { operator_id: actor.personId, operator_name: actor.name }
    await updateInteraction(work.tx, interactionId, { ...answered, state: 'answered', closed_at: work.now })
    await work.journal(interactionAnswered, { interactionId }, subjectsOfMail({ ...row, ...answered }))
    await leaveMailQueue(work, row, 'answered')
    return { interactionId }
  },
)

/** Hears how an answer ended: its case is closed, or the mail waits again. */
export const settleMailAnswer: Settler = async (work, { subjectId, mailId, outcome }) => {
  const row = subjectId === null ? undefined : await lockMailInteraction(work.tx, subjectId)
  if (row?.state !== 'answered' || row.case_id === null || row.contact_id === null) return
  if ((await answerMailId(work, row)) !== mailId) return
  const matter = { caseId: row.case_id, contactId: row.contact_id, units: unitsIn(row.operator_path) }
  if (outcome === 'sent') return closeCase(work, { ...matter, outcome: 'answered' })
  await reopenCase(work, matter)
  await waitAgain(work, mailId)
  await openAgain(work, { ...row, operator_id: null })
  await updateInteraction(work.tx, row.id, { operator_id: null, operator_name: null })
  await offerMail(work, row)
}

/** Who has a mail in hand, or answered it. */
export const holderOfMail: HolderOf = async (work, interactionId) =>
  (await lockMailInteraction(work.tx, interactionId))?.operator_id ?? undefined

async function openAgain(work: Work, row: InteractionRow): Promise<void> {
  await updateInteraction(work.tx, row.id, { state: 'open', closed_at: null })
  await work.journal(interactionReopened, { interactionId: row.id }, subjectsOfMail(row))
}

/** The mail with the last answer to this one. */
export async function answerMailId(
  { tx }: Pick<Work, 'tx'>,
  row: Pick<InteractionRow, 'id' | 'case_id'>,
): Promise<string | null> {
  return row.case_id === null ? null : ((await lastMailAbout(tx, row.case_id, row.id))?.id ?? null)
}

export async function lockForReader(work: Work, interactionId: string): Promise<InteractionRow> {
  const row = await lockMailInteraction(work.tx, interactionId)
  if (!row || !mayReadMail(work.actor, { unitPath: row.operator_path })) throw notFound('mail')
  return row
}

export const leaveMailQueue = (work: Work, row: InteractionRow, reason: string) =>
  work.journal(workLeft, { work: row.id, reason }, workSubjects(row))

export const standingOf = (row: Pick<InteractionRow, 'operator_path' | 'state' | 'operator_id' | 'operator_name'>) => ({
  unitPath: row.operator_path,
  isOpen: row.state === 'open',
  holderId: row.operator_id,
  holderName: row.operator_name,
})

const workSubjects = (row: Pick<InteractionRow, 'case_id' | 'operator_path'>) => ({
  case: row.case_id ?? undefined,
  units: unitsIn(row.operator_path),
})

export const subjectsOfMail = (
  row: Pick<InteractionRow, 'channel' | 'case_id' | 'contact_id' | 'operator_path' | 'operator_id'>,
) => ({
  channel: row.channel,
  case: row.case_id ?? undefined,
  contact: row.contact_id ?? undefined,
  person: row.operator_id ?? undefined,
  units: unitsIn(row.operator_path),
})
