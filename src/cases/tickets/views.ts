/** Tickets as they are shown: in a list, offered, and one with what the reader may do with it and why not; how a section shares them out. */
import { z } from 'zod'
import {
  filesOfMail,
  filesWaiting,
  type MailRow,
  mailProblem,
  mayChange,
  readMail,
  viewOfFile,
  waitingMail,
} from '../../channels/index.ts'
import { typologyOf } from '../../classification/index.ts'
import { type ContactFacts, contactsOf } from '../../contacts/index.ts'
import { sharingOf, versionOfSharing, type WrittenWork, writtenOffer, writtenWorks } from '../../distribution/index.ts'
import {
  type Actor,
  actingPerson,
  type Db,
  type House,
  type Language,
  notFound,
  type Permission,
  type PersonActor,
  permissionOf,
  sentence,
  type Verdict,
} from '../../platform/index.ts'
import { actingOn } from '../acting.ts'
import { letterFrame } from '../answers.ts'
import { citizenQuestionsView } from '../citizen-questions/replies.ts'
import { dueShown } from '../deadlines/policy.ts'
import { deadlinesOfTickets } from '../deadlines/views.ts'
import { readWhy } from '../derivation.ts'
import { takenFrom } from '../drafts.ts'
import { interactionThatSent } from '../interaction-store.ts'
import { type Levels, levelsOfCases } from '../levels.ts'
import { fieldsShown } from '../linea-fields.ts'
import { joinedGroup } from '../links/store.ts'
import { factsOf } from '../locked-ticket.ts'
import {
  TicketAction as Actions,
  type AnswerMail,
  type SectionSharing,
  type Ticket,
  type TicketAction,
  type TicketLine,
  type TicketOffer,
} from '../model.ts'
import { memberNames, unitFacts } from '../places.ts'
import { mayActOnTicket, mayCloseWith, maySetSharing } from '../policy.ts'
import { rulesInForce } from '../rules/store.ts'
import { scopeOf } from '../service.ts'
import { knownContact, noteView } from '../shown.ts'
import { draftOf, lastMailId, notesOf, readTicket, returnsOf, type TicketWithCase, unitsOfCase } from '../store.ts'

const excerptLength = 160

/** A ticket in one row. */
export function ticketLineOf(
  row: TicketWithCase,
  contacts: ReadonlyMap<string, ContactFacts>,
  levels: Levels,
  standing?: { work: WrittenWork; names: ReadonlyMap<string, string> },
): TicketLine {
  const { state, personId } = standing?.work ?? { state: null, personId: null }
  const isOffered = state === 'offered' && personId !== null && row.state === 'pool'
  return {
    id: row.id,
    caseId: row.case_id,
    code: row.code,
    title: row.title,
    excerpt: [...row.question.replace(/\s+/g, ' ')].slice(0, excerptLength).join(''),
    kind: row.kind,
    state: row.state,
    contact: knownContact(contacts, row.contact_id, levels.get(row.case_id)),
    unit: { id: row.unit_id, name: row.unit_name },
    directorate: row.directorate_id === null ? null : { id: row.directorate_id, name: row.directorate_name ?? '' },
    claimedBy: row.claimed_by === null ? null : { id: row.claimed_by, name: row.claimed_by_name ?? '' },
    sentBy: row.sent_by_name,
    sentByUnit: row.sent_by_unit,
    office: row.office_name,
    secondContact: row.second_contact,
    offeredTo: isOffered ? { id: personId, name: standing?.names.get(personId) ?? '' } : null,
    suspended: state === 'suspended' && personId === row.claimed_by,
    openedAt: row.opened_at.toISOString(),
    priority: row.priority,
    waiting: row.waiting_since && { since: row.waiting_since.toISOString() },
    dueAt: dueShown(row.due_at),
    version: row.version,
  }
}

/** Tickets in a row each, in their order. */
export async function linesOf(db: Db, rows: readonly TicketWithCase[]): Promise<TicketLine[]> {
  const contacts = await contactsOf(
    db,
    rows.map(row => row.contact_id),
  )
  const works = await writtenWorks(
    db,
    rows.map(row => row.id),
  )
  const names = await memberNames(
    db,
    rows.filter(row => works.get(row.id)?.state === 'offered'),
  )
  const levels = await levelsOfCases(
    db,
    rows.map(row => row.case_id),
  )
  return rows.map(row => {
    const work = works.get(row.id)
    return ticketLineOf(row, contacts, levels, work && { work, names })
  })
}

/** The ticket that is offered to the reader now; null when none is. */
export async function ticketOffer(house: House, actor: PersonActor): Promise<TicketOffer | null> {
  const db = house.database.kysely
  const offered = await writtenOffer(db, actor.personId)
  if (offered?.offer == null || offered.until === null) return null
  const row = await readTicket(db, offered.work, scopeOf(actor))
  const [ticket] = row === undefined ? [] : await linesOf(db, [row])
  return ticket ? { ticket, offer: offered.offer, until: offered.until.toISOString() } : null
}

/** How a section shares out its tickets. @throws Refused 404 for a unit that is no section of the second level, or of another region */
export async function sharingView(
  house: House,
  actor: PersonActor,
  sectionId: string,
  language: Language,
): Promise<SectionSharing> {
  const db = house.database.kysely
  const section = await unitFacts(db, sectionId)
  if (section?.kind !== 'cric-section') throw notFound('unit')
  const change = permissionOf(maySetSharing(actor, section), language)
  if (!change.allowed && !section.path.startsWith(actor.unitPath)) throw notFound('unit')
  return {
    ...(await sharingOf(db, sectionId)),
    section: { id: section.id, name: section.name },
    change,
    version: await versionOfSharing(db, sectionId),
  }
}

/** A ticket as the reader may see it, with what the reader may do and why not. */
export async function ticketView(house: House, actor: Actor, id: string, language: Language): Promise<Ticket> {
  const db = house.database.kysely
  const person = actingPerson(actor)
  const row = await readTicket(db, id, scopeOf(actor))
  if (!row) throw notFound('ticket')
  const [line] = await linesOf(db, [row])
  if (!line) throw notFound('ticket')
  const facts = factsOf(row, await unitsOfCase(db, row.case_id), await rulesInForce(db))
  const acting = await actingOn(db, person, row)
  if (!mayActOnTicket('look', acting, facts).allowed) throw notFound('ticket')
  const typology = row.typology_id === null ? undefined : await typologyOf(db, row.typology_id)
  const competent = typology?.centralDirectorateId ? await unitFacts(db, typology.centralDirectorateId) : undefined
  const lastMail = await lastMailId(db, row.case_id)
  const waiting = row.state === 'answered' && lastMail !== null ? await readMail(db, lastMail) : undefined
  const given = row.state === 'answered' || row.state === 'closed'
  const interaction = await interactionThatSent(db, row.case_id)
  const why = readWhy(row.derivation)
  const joined = await joinedGroup(db, row.case_id)
  return {
    ...line,
    // Of a case that was joined, the one in which everybody goes on.
    caseId: joined.survivor,
    ...fieldsShown(row),
    typologyId: row.typology_id,
    typology: typology?.path ?? [],
    centre: { id: row.centre_id, name: row.centre_name },
    derivation: sentence(language, why.code, why.values),
    competentDirectorate: competent ? { id: competent.id, name: competent.name } : null,
    directorateAnswer: row.directorate_answer,
    returns: (await returnsOf(db, id)).map(each => ({
      id: each.id,
      directorate: { id: each.directorate_id, name: each.directorate_name },
      text: each.text,
      byName: each.by_name,
      at: each.at.toISOString(),
      generalInterest: each.general_interest,
    })),
    answer: row.answer,
    answerProblem:
      lastMail !== null && (row.state === 'claimed' || row.state === 'pool') ? await mailProblem(db, lastMail) : null,
    answerMail: waiting ? answerMailOf(house, waiting, mayActOnTicket('close', acting, facts), language) : null,
    answerFiles: (await filesWaiting(db, id)).map(viewOfFile),
    filesGiven: lastMail !== null && given ? await filesGivenWith(db, id, lastMail) : [],
    letter: letterFrame(row, (await contactsOf(db, [row.contact_id])).get(row.contact_id)),
    sentBack: row.sent_back_reason === null ? null : { reason: row.sent_back_reason, by: row.sent_back_by_name ?? '' },
    closedAt: row.closed_at?.toISOString() ?? null,
    notes: (await notesOf(db, joined.all)).map(noteView),
    draft: (await draftOf(db, id, person.personId)) ?? null,
    takenFromReader: await takenFrom(db, row, person.personId),
    actions: permissions(action => {
      const verdict = mayActOnTicket(action, acting, facts)
      return action === 'close' && verdict.allowed
        ? mayCloseWith({ answerLeft: waiting === undefined || waiting.state === 'sent' })
        : verdict
    }, language),
    deadlines: (await deadlinesOfTickets(db, [row])).get(row.id) ?? [],
    urgentReason: row.urgent_reason,
    questions: await citizenQuestionsView(db, id),
    interactionId: interaction?.id ?? null,
    shared: row.kind === 'linea' && (await sharingOf(db, row.unit_id)).mode === 'distributed',
  }
}

/** What a mail of a ticket carries. */
const filesGivenWith = async (db: Db, ticketId: string, mailId: string) =>
  (await filesOfMail(db, mailId)).filter(file => file.subject_id === ticketId).map(viewOfFile)

/** The answer that has not left, with whether the reader may change that. */
function answerMailOf(house: House, mail: MailRow, right: Verdict, language: Language): AnswerMail | null {
  const waits = waitingMail(house, mail, language)
  return waits && { ...waits, change: permissionOf(right.allowed ? mayChange(mail) : right, language) }
}

function permissions(
  may: (action: TicketAction) => ReturnType<typeof mayActOnTicket>,
  language: Language,
): Record<TicketAction, Permission> {
  return z
    .record(Actions, z.custom<Permission>())
    .parse(Object.fromEntries(Actions.options.map(action => [action, permissionOf(may(action), language)])))
}
