/**
 * The table of rights against the program: every route as nobody and as every role, about things of the own territory and of a foreign one,
 * reads and writes, with bodies that pass the schema and so reach the policy. What the table says is what happens.
 *
 *   ROUTE='GET /api/cases'   only the routes whose name begins so
 *
 * "Foreign" is the same thing asked for by somebody of the same role elsewhere: the colleague at the next desk, the centre of another region.
 */

import { sql } from 'kysely'
import sampleFlow from '../../sample/flow.json' with { type: 'json' }
import { takeHold } from '../../src/agenda/index.ts'
import type { LetterContent } from '../../src/agenda/letters/model.ts'
import { insertLetter } from '../../src/agenda/letters/store.ts'
import { linkToken } from '../../src/agenda/links/token.ts'
import { addCaseFile } from '../../src/cases/files/service.ts'
import { mailAnswerPurpose, receiveMail } from '../../src/cases/index.ts'
import { openInteraction, sendLinea } from '../../src/cases/interactions.ts'
import { mailRow } from '../../src/channels/index.ts'
import { NewMailbox } from '../../src/channels/mailboxes/model.ts'
import { createMailbox } from '../../src/channels/mailboxes/service.ts'
import { addProcedure } from '../../src/classification/procedure-service.ts'
import { joinContacts } from '../../src/contacts/doubles.ts'
import { createContact, NewContact } from '../../src/contacts/index.ts'
import { noteMandate } from '../../src/contacts/mandates.ts'
import { addVisit } from '../../src/counters/arrivals.ts'
import { takeDesk } from '../../src/counters/desks.ts'
import { addDevice } from '../../src/counters/devices.ts'
import { askForHelp } from '../../src/counters/help.ts'
import { hereAddress, visitToken } from '../../src/counters/here.ts'
import { NewDevice, NewVisit } from '../../src/counters/model.ts'
import { GuideContent } from '../../src/guides/model.ts'
import { addGuide } from '../../src/guides/service.ts'
import type { Role } from '../../src/identity/index.ts'
import { audience, insertPeople, roles } from '../../src/identity/index.ts'
import { createKnownError } from '../../src/incidents/known-errors.ts'
import { NewIncident, NewKnownError } from '../../src/incidents/model.ts'
import { openIncident } from '../../src/incidents/service.ts'
import { decideClosure } from '../../src/organisation/index.ts'
import {
  bringBlob,
  type House,
  houseSecret,
  inTransaction,
  keepBlob,
  openServer,
  type PersonActor,
  type Route,
  system,
  unitsIn,
} from '../../src/platform/index.ts'
import { addAddressee } from '../../src/prevention/addressees.ts'
import { addMaterial } from '../../src/prevention/materials.ts'
import { NewActivity, NewAddressee } from '../../src/prevention/model.ts'
import { planActivity } from '../../src/prevention/service.ts'
import { type Right, rightOf } from '../../src/rights/index.ts'
import { routes } from '../../src/routes.ts'
import { addToReserve } from '../../src/staffing/members/service.ts'
import { begin } from '../../src/telephony/calls/life/life.ts'
import { nextTimes, openMatter } from './agenda.ts'
import { smallHall } from './counters.ts'
import { fitting, type Given } from './fitting.ts'
import { staff } from './staff.ts'

export const meant = routes.filter(route => nameOf(route).startsWith(process.env.ROUTE ?? ''))

export function nameOf({ method, url }: Pick<Route, 'method' | 'url'>): string {
  return `${method} ${url}`
}

const elsewhere = (person: PersonActor, n: number, unitPath: string): PersonActor => ({
  ...person,
  personId: `00000000-0000-7000-8000-0000000009${String(n).padStart(2, '0')}`,
  assignmentId: `00000000-0000-7000-9000-0000000009${String(n).padStart(2, '0')}`,
  unitPath,
  unitId: unitPath.split('/').at(-2) ?? '',
})
const manager: PersonActor = { ...elsewhere(staff.agency, 1, staff.agency.unitPath), role: 'agency_manager' }

/** Of each role somebody to whom the things below are near, and somebody to whom they are foreign; none where a role reaches everything. */
const people: Readonly<Record<Role, { near: PersonActor; far?: PersonActor }>> = {
  operator: { near: staff.anna, far: elsewhere(staff.luca, 6, staff.switchboard.unitPath) },
  switchboard: { near: staff.switchboard, far: elsewhere(staff.switchboard, 2, staff.anna.unitPath) },
  supervisor: { near: staff.supervisor, far: elsewhere(staff.supervisor, 3, 'inps/ccm/ccm-centralino/') },
  cric_member: { near: staff.paola, far: staff.milan },
  cric_coordinator: { near: staff.coordinator, far: elsewhere(staff.coordinator, 4, 'inps/dr-lombardia/cric-lombardia/') },
  gai_member: { near: staff.itLazio, far: staff.itLombardia },
  central_member: { near: staff.directorate, far: staff.otherDirectorate },
  agency_officer: { near: staff.agency, far: staff.otherAgency },
  agency_manager: { near: manager, far: elsewhere(manager, 5, staff.otherAgency.unitPath) },
  regional_director: { near: staff.director, far: staff.otherDirector },
  headquarters: { near: staff.headquarters },
  administrator: { near: staff.administrator },
}
const everybody = new Map(
  Object.values(people)
    .flatMap(({ near, far }) => [near, ...(far ? [far] : [])])
    .map(each => [each.personId, each]),
)

/** What a request names, near to a role. */
type Things = Given

const pensions = 'ccm-pensioni'
const romaEur = 'ag-roma-eur'
const service = 'ricostruzione-fascicolo'

async function matter(house: House, typologyId: string, paths: readonly string[]): Promise<Things> {
  const card = NewContact.parse({ kind: 'person', familyName: 'Ferri', municipalityCode: '058091', phones: ['06 5959 4321'] })
  const contact = await createContact(house, staff.anna, card)
  const { id: interactionId } = await openInteraction(house, staff.anna, { channel: 'telephone' })
  const { caseId, ticketId } = await sendLinea(house, staff.anna, {
    ...{ id: interactionId, contactId: contact.id, typologyId, question: 'Una domanda come un’altra' },
    replyTo: { email: 'giulia.ferri@example.org' },
  })
  const db = house.database.kysely
  for (const unit_path of paths) {
    await db
      .insertInto('case_unit')
      .values({ case_id: caseId, unit_path })
      .onConflict(each => each.doNothing())
      .execute()
    await db
      .insertInto('contact_unit')
      .values({ contact_id: contact.id, unit_path })
      .onConflict(each => each.doNothing())
      .execute()
  }
  const { fileId } = await addCaseFile(house, staff.anna, { caseId, name: 'x', bytes: Buffer.from('x') })
  // Routes of cases and of tickets name a file alike.
  await answerFile(house, ticketId, fileId)
  return {
    contactId: contact.id,
    caseId,
    fileId,
    ticketId,
    interactionId,
    ...(await mandate(house, contact.id)),
    ...(await doubles(house, contact.id)),
    ...(await question(house, ticketId, caseId)),
    ...(await assisted(house, interactionId)),
  }
}

const guideContent = (house: House) =>
  GuideContent.parse({
    ...{ title: `Una guida ${house.ids()}`, summary: 'Che cosa si fa' },
    steps: [{ id: 'first', title: 'Primo passo' }],
  })

/** A guide, and a session of it in a conversation. */
async function assisted(house: House, interactionId: string): Promise<Things> {
  const content = guideContent(house)
  const { guideId } = await addGuide(house, staff.headquarters, { content, reason: 'Per prova' })
  const sessionId = house.ids()
  await house.database.kysely
    .insertInto('assisted_session')
    .values({
      ...{ id: sessionId, guide_id: guideId, guide_version: 1, guide_title: content.title, interaction_id: interactionId },
      ...{ person_id: staff.anna.personId, person_name: staff.anna.name, unit_path: staff.anna.unitPath, language: 'it' },
      ...{ began_at: new Date(house.clock.now()), ended_at: null, outcome: null },
    })
    .execute()
  return { guideId, sessionId, stepId: 'first' }
}

/** A file that waits for the answer to a conversation. */
async function answerFile(house: House, subjectId: string, id: string = house.ids()): Promise<string> {
  return inTransaction(house, system('test'), async work => {
    const bytes = Buffer.from('x')
    const blob_id = await keepBlob(work, await bringBlob(house, bytes))
    const kept = { subject_id: subjectId, mail_id: null, name: 'x', type: 'text/plain', size_bytes: bytes.length, blob_id }
    await work.tx
      .insertInto('outgoing_file')
      .values({ ...kept, id, scan: 'unchecked', added_by: staff.anna.personId, added_at: work.now })
      .execute()
    return id
  })
}

/** Somebody who may act for a contact, known to all who know the contact. */
async function mandate(house: House, contactId: string): Promise<Things> {
  const card = NewContact.parse({ kind: 'intermediary', businessName: 'Patronato di Roma' })
  const { id: intermediaryId } = await createContact(house, staff.anna, card)
  await sql`
    insert into contact_unit (contact_id, unit_path)
    select ${intermediaryId}::uuid, unit_path from contact_unit where contact_id = ${contactId}
    on conflict do nothing`.execute(house.database.kysely)
  const { id: mandateId } = await noteMandate(house, staff.anna, {
    id: contactId,
    input: { intermediaryId, kind: 'patronage', validFrom: '2020-01-01', validUntil: null, evidence: '' },
  })
  return { intermediaryId, mandateId }
}

/** The same person on a second card, known to all who know the first, and on a third, which is joined. */
async function doubles(house: House, contactId: string): Promise<Things> {
  const card = NewContact.parse({ kind: 'person', familyName: 'Ferri' })
  const ids = [await createContact(house, staff.anna, card), await createContact(house, staff.anna, card)].map(made => made.id)
  await sql`
    insert into contact_unit (contact_id, unit_path)
    select other, unit_path from contact_unit, unnest(${ids}::uuid[]) other where contact_id = ${contactId}
    on conflict do nothing`.execute(house.database.kysely)
  const [otherId = '', joined = ''] = ids
  return { otherId, ...(await joinContacts(house, staff.anna, { id: contactId, input: { otherId: joined, reason: '' } })) }
}

/** A call in which somebody talks, and a callback of its number that waits. */
async function talk(house: House, operator: PersonActor, number: string): Promise<Things> {
  const now = house.clock.now()
  const [callId, callbackId] = [house.ids(), house.ids()]
  const row = async (id: string, phase: 'talking' | 'callback') => {
    const { state } = begin(
      {
        ...{
          notices: [],
          callId: id,
          leg: id,
          switch: 'browser',
          from: number,
          to: '+390600000001',
          flow: null,
          officeLine: null,
        },
        context: { office: null, province: null, region: null, callerKnown: true, hour: 10, holiday: false, open: [] },
        arrival: { mode: 'channelled' },
      },
      now,
    )
    const agent = phase === 'talking' ? { id: operator.personId, leg: `${id}-1`, offer: `${id}#1`, since: now } : null
    await house.database.kysely
      .insertInto('call')
      .values({
        ...{ id, node: 'test', switch: 'browser', leg: id, from_number: number, to_number: '+390600000001' },
        ...{ office_id: null, office_name: null, province_code: null, region_code: null, phase, section_id: pensions },
        ...{ agent_id: agent?.id ?? null, state: JSON.stringify({ ...state, phase, agent, section: pensions }) },
        ...{ started_at: new Date(now), ended_at: null },
      })
      .execute()
  }
  await row(callId, 'talking')
  await row(callbackId, 'callback')
  const at = new Date(now)
  await house.database.kysely
    .insertInto('callback')
    .values({
      ...{
        call_id: callbackId,
        section_id: pensions,
        number,
        state: 'waiting',
        waiting_since: at,
        requested_at: at,
      },
      ...{ not_before: at, not_after: at, attempts: 0, last_tried_at: null, last_outcome: null, closed_at: null },
    })
    .execute()
  await sql`insert into event (at, type, actor, call_id, unit_ids, payload)
            values (${at}, 'call.arrived', '{"kind": "system", "name": "test"}', ${callId}, '{}', ${JSON.stringify({ from: number })}),
                   (${at}, 'call.connected', '{"kind": "system", "name": "test"}', ${callId}, '{}', ${JSON.stringify({ agent: operator.personId })})`.execute(
    house.database.kysely,
  )
  return { callId, callbackId }
}

/** An appointment at Roma EUR that the regional centre of Lazio has booked. */
async function appointment(house: House): Promise<Things> {
  const { contactId, caseId, code, title } = await openMatter(house)
  const db = house.database.kysely
  const calendar = await db
    .selectFrom('agenda_calendar')
    .select('id')
    .where('unit_id', '=', romaEur)
    .limit(1)
    .executeTakeFirstOrThrow()
  const id = house.ids()
  const at = new Date(house.clock.now() + 86_400_000)
  await db
    .insertInto('appointment')
    .values({
      ...{ id, code, case_id: caseId, contact_id: contactId, interaction_id: null, title, state: 'booked', sequence: 0 },
      ...{
        calendar_id: calendar.id,
        officer_id: null,
        officer_name: null,
        starts_at: at,
        ends_at: new Date(at.getTime() + 1_800_000),
      },
      ...{
        unit_id: romaEur,
        unit_name: 'Roma EUR',
        unit_path: staff.agency.unitPath,
        service_id: service,
        service_name: '',
        bring: '',
      },
      ...{ booked_by: staff.paola.personId, booked_by_name: '', booked_by_unit: '', booked_by_path: staff.paola.unitPath },
      ...{ booked_at: at, reason: '', preparation: '', prepared_at: null, prepared_by_name: null, checked_in_at: null },
      ...{ started_at: null, ended_at: null, outcome: null, outcome_text: null, cancel_reason: null },
    })
    .execute()
  const letterId = house.ids()
  const said: LetterContent = {
    ...{
      service: '',
      bring: '',
      mode: 'counter' as const,
      start: at.toISOString(),
      unit: 'Roma EUR',
      address: '',
      officer: null,
    },
    ...{ code, dayCode: null },
  }
  await insertLetter(db, {
    ...{ id: letterId, appointment_id: id, unit_id: romaEur, kind: 'confirmation', language: 'it', said },
    ...{ starts_at: at, written_at: at },
  })
  const link = { token: linkToken(await houseSecret(house.config, db), id) }
  return { appointmentId: id, letterIds: [letterId], ids: letterId, ...link }
}

/** A time that each of these keeps for a citizen. */
async function holds(house: House, owners: readonly PersonActor[]): Promise<Map<PersonActor, Things>> {
  const times = await nextTimes(house, staff.anna, { unitId: romaEur, serviceId: service })
  const held = new Map<PersonActor, Things>()
  for (const owner of owners) {
    const start = times.shift()
    if (start !== undefined)
      held.set(owner, { holdId: (await takeHold(house, owner, { unitId: romaEur, serviceId: service, start })).id })
  }
  return held
}

/** A colleague is asked about a ticket. */
async function question(house: House, ticketId: string, caseId: string): Promise<Things> {
  const questionId = house.ids()
  await house.database.kysely
    .insertInto('ticket_question')
    .values({
      ...{ id: questionId, ticket_id: ticketId, case_id: caseId, question: 'x', answer: null },
      ...{ asked_by: staff.paola.personId, asked_by_name: '', asked_of: staff.marco.personId, asked_of_name: '' },
      ...{ asked_at: new Date(house.clock.now()), answered_at: null, withdrawn_at: null },
    })
    .execute()
  return { questionId }
}

/** Somebody is away next week. */
async function absence(house: House, { personId, name, unitId }: PersonActor): Promise<Things> {
  const absenceId = house.ids()
  await sql`delete from absence where person_id = ${personId}`.execute(house.database.kysely)
  await sql`
    insert into absence (id, person_id, name, from_day, until_day, kind, entered_by_name, entered_at)
    values (${absenceId}, ${personId}, ${name}, '2040-01-09', '2040-01-13', 'holiday', '', now())`.execute(house.database.kysely)
  return { absenceId, personId, unitId, from: '2040-02-06', until: '2040-02-10' }
}

/** A role that waits for its confirmation. */
async function request(house: House, personId: string): Promise<Things> {
  const at = new Date(house.clock.now())
  const requestId = house.ids()
  await house.database.kysely
    .insertInto('assignment_request')
    .values({
      ...{
        id: requestId,
        person_id: personId,
        role: 'supervisor',
        unit_id: 'ccm',
        unit_path: 'inps/ccm/',
        starts_at: at,
        ends_at: null,
      },
      ...{ asked_by: staff.secondAdministrator.personId, asked_by_name: '', asked_at: at },
    })
    .execute()
  return { requestId }
}

const heldBy = ({ assignmentId: id, unitId, unitPath }: PersonActor) =>
  ({ id, role: 'agency_manager', unitId, unitPath, from: new Date(0), until: null }) as const

/** A mailbox of a unit, with a mail in it that nobody has taken, and one that somebody has to look at. */
async function mailsOf(house: House, { unitId, unitPath }: PersonActor): Promise<Things> {
  const address = `${house.ids()}@ente.example`
  const mailbox = NewMailbox.parse({ address, unitId, host: '127.0.0.1', userName: 'x', secret: 'x', enabled: false })
  const { id: mailboxId } = await createMailbox(house, staff.administrator, mailbox)
  const at = new Date(house.clock.now())
  const raw = (id: string, blobId: string, state: 'interaction' | 'examine') => ({
    ...{ id, mailbox_id: mailboxId, sha256: Buffer.from(id), size_bytes: 1, is_whole: true, blob_id: blobId },
    ...{
      received_at: at,
      fetched_at: at,
      state,
      reason: null,
      detail: null,
      settled_at: at,
      settled_by: null,
      taken_until: null,
    },
  })
  const [mailId, rawMailId] = [house.ids(), house.ids()]
  const made = await inTransaction(house, system('test'), async work => {
    const blobId = await keepBlob(work, await bringBlob(work.house, Buffer.from('x')))
    await work.tx
      .insertInto('raw_mail')
      .values([raw(mailId, blobId, 'interaction'), raw(rawMailId, blobId, 'examine')])
      .execute()
    const from = { address: `${mailId}@example.org`, name: 'Giulia' }
    await work.tx
      .insertInto('incoming_mail')
      .values({
        ...{ raw_mail_id: mailId, mailbox_id: mailboxId, interaction_id: null, from_address: from.address, from_name: from.name },
        ...{ to_addresses: [], cc_addresses: [], reply_to: null, subject: '', message_id: null, refs: [], sent_at: null },
        ...{ received_at: at, text: '', quoted: '', html: null, matched_by: null, proposed_code: null },
      })
      .execute()
    const attachmentId = work.ids()
    await work.tx
      .insertInto('incoming_attachment')
      .values({
        ...{
          id: attachmentId,
          raw_mail_id: mailId,
          n: 0,
          name: 'x',
          declared_type: 'text/plain',
          type: 'text/plain',
          size_bytes: 1,
        },
        ...{ blob_id: blobId, content_id: null, scan: 'unchecked', scan_detail: null },
      })
      .execute()
    const unit = { id: unitId, path: unitPath }
    const mail = { rawMailId: mailId, channel: 'email' as const, unit, from, subject: '', text: '', receivedAt: at, caseId: null }
    const interactionId = await receiveMail(work, mail)
    await work.tx.updateTable('incoming_mail').set({ interaction_id: interactionId }).where('raw_mail_id', '=', mailId).execute()
    const templateId = work.ids()
    const template = { unit_id: unitId, unit_path: unitPath, typology_id: null, language: 'it' as const, name: 'x', body: 'x' }
    await work.tx
      .insertInto('answer_template')
      .values({ ...template, id: templateId, changed_at: at, changed_by: 'x' })
      .execute()
    const unsent = mailRow(
      {
        ...{ purpose: mailAnswerPurpose, subjectId: interactionId, caseId: interactionId, contactId: interactionId },
        ...{ to: from, fromName: 'x', subject: 'x', body: 'x', language: 'it', automatic: false, units: unitsIn(unitPath) },
      },
      { id: work.ids(), at, from: 'x@ente.example', secret: Buffer.from('x'), thread: [] },
    )
    await work.tx
      .insertInto('mail')
      .values({ ...unsent, state: 'failed', last_problem: 'x' })
      .execute()
    return { mailboxId, rawMailId, attachmentId, interactionId, templateId, mailId: unsent.id }
  })
  return { ...made, fileId: await answerFile(house, made.interactionId) }
}

/** An incident of Lazio's IT group with a ticket, a proposal of it, and a known error. */
async function incidentOf(house: House, ticketId: string): Promise<Things> {
  const { incidentId } = await openIncident(
    house,
    staff.itLazio,
    NewIncident.parse({ title: 'Un incidente', ticketIds: [ticketId] }),
  )
  const known = { title: 'Un errore', symptom: 'xxx', workaround: 'xxx' }
  const { id: knownErrorId } = await createKnownError(house, staff.itLazio, NewKnownError.parse(known))
  const proposalId = house.ids()
  await house.database.kysely
    .insertInto('incident_proposal')
    .values({
      ...{
        id: proposalId,
        unit_id: staff.itLazio.unitId,
        unit_path: staff.itLazio.unitPath,
        cause_key: 'p:x',
        procedure_id: null,
      },
      ...{
        hour: new Date(house.clock.now()),
        tickets: 3,
        expected: 0,
        chance: 0,
        made_at: new Date(house.clock.now()),
        state: 'open',
      },
    })
    .execute()
  return {
    incidentId,
    knownErrorId,
    proposalId,
    ticketIds: [ticketId],
    endsAt: new Date(house.clock.now() + 3_600_000).toISOString(),
    procedureId: (await addProcedure(house, staff.itLazio, { name: 'Una procedura' })).id,
  }
}

/** A member of a section of Lazio, and somebody of that region who could be had. */
async function staffing(house: House): Promise<Things> {
  const sectionId = staff.paola.unitId
  const { id: memberId } = await house.database.kysely
    .selectFrom('section_member')
    .select('id')
    .where('section_id', '=', sectionId)
    .limit(1)
    .executeTakeFirstOrThrow()
  const input = { name: 'Livia Serra', provenance: 'expert' as const, subject: '' }
  return { sectionId, memberId, ...(await addToReserve(house, staff.director, input)) }
}

/** An activity of Lazio's IT group with a material, for one of the register. */
async function activityOf(house: House): Promise<Things> {
  const { itLazio } = staff
  const { addresseeId } = await addAddressee(house, itLazio, NewAddressee.parse({ name: 'CAF Esempio', kind: 'intermediary' }))
  const planned = { kind: 'training', title: 'Una formazione', aim: 'xxx', firstDay: '2030-01-07', lastDay: '2030-01-08' }
  const { activityId } = await planActivity(house, itLazio, NewActivity.parse(planned))
  const { materialId } = await addMaterial(house, itLazio, { activityId, name: 'guida.txt', bytes: Buffer.from('guida') })
  return { activityId, addresseeId, materialId }
}

/** A hall of Roma EUR with somebody in it, and a kiosk. */
async function counters(house: House): Promise<Things> {
  const { hallId, ordinary: serviceId, desks } = await smallHall(house, 'X')
  const { visitId } = await addVisit(house, staff.agency, NewVisit.parse({ hallId, serviceId }))
  const device = NewDevice.parse({ unitId: romaEur, kind: 'kiosk', name: 'x', hallIds: [hallId] })
  const { deviceId } = await addDevice(house, manager, device)
  await takeDesk(house, staff.agency, { deskId: desks[0] ?? '' })
  const { helpId } = await askForHelp(house, staff.agency, { deskId: desks[0] ?? '' })
  const tokenIn = (address: string) => address.slice(address.lastIndexOf('/') + 1)
  return {
    helpId,
    goesOn: null,
    hallToken: tokenIn(await hereAddress(house, hallId)),
    visitToken: await visitToken(house, visitId),
    hallId,
    hallIds: [hallId],
    serviceId,
    deskId: desks[0],
    visitId,
    deviceId,
    code: '1000000000',
    kind: 'kiosk',
    language: 'it',
  }
}

async function openWorld(house: House): Promise<(route: Route, role: Role) => Promise<Things>> {
  const db = house.database.kysely
  const account = { id: manager.personId, user: 'direttrice', name: manager.name, language: 'it', passwordHash: null } as const
  await insertPeople(db, [{ ...account, assignments: [heldBy(manager)] }], new Date(house.clock.now()))
  const matters = await matter(house, 'vecchiaia', [staff.agency.unitPath, staff.directorate.unitPath])
  const itTypology = await db.selectFrom('typology').select('id').where('it_matter', '=', true).limit(1).executeTakeFirstOrThrow()
  const itMatters = await matter(house, itTypology.id, [])
  const booked = await appointment(house)
  const hall = await counters(house)
  const incidents = await incidentOf(house, String(itMatters.ticketId))
  const activities = await activityOf(house)
  const operator = await db
    .selectFrom('assignment')
    .select(['id', 'person_id'])
    .where('unit_id', '=', pensions)
    .where('person_id', 'not in', [...everybody.keys()])
    .limit(1)
    .executeTakeFirstOrThrow()
  const person = { personId: operator.person_id, assignmentId: operator.id }
  const speaking = [staff.anna, staff.switchboard, staff.supervisor]
  const own = new Map<PersonActor, Things>()
  for (const each of speaking) {
    const sheet = await openInteraction(house, each, { channel: 'telephone' })
    own.set(each, { ...(await talk(house, each, `+39333123456${own.size}`)), sheet: sheet.id })
  }
  const mails = new Map<PersonActor, Things>()
  for (const each of [
    staff.anna,
    staff.switchboard,
    staff.supervisor,
    staff.paola,
    staff.coordinator,
    staff.itLazio,
    staff.agency,
    manager,
  ]) {
    const place = each === staff.supervisor ? staff.anna : each === staff.coordinator ? staff.paola : each
    mails.set(each, await mailsOf(house, place))
  }
  mails.set(staff.administrator, await mailsOf(house, staff.switchboard))
  const held = await holds(house, [...speaking, staff.agency, manager, staff.paola, staff.coordinator])
  const general = {
    ...person,
    ...{ unitId: romaEur, sectionId: pensions, serviceId: service, number: '+390600000001', code: '058091' },
    ...{ typologyId: 'vecchiaia', key: 'heard.callbackOffer', language: 'it', version: 1 },
    ...{ q: 'ferri', spans: [], near: romaEur, channel: 'telephone', role: 'supervisor', start: '2030-01-07T09:00:00.000Z' },
    ...{
      runId: person.personId,
      changeId: person.personId,
      listId: person.personId,
      messageId: person.personId,
      pageId: person.personId,
    },
    ...{ flow: sampleFlow, view: 'all', setUp: { services: [], calendars: [], closures: [] } },
  }
  const closure = { unitId: romaEur, firstDay: '2030-08-01', lastDay: '2030-08-25', reason: 'Chiusura estiva' }
  const { closureId } = await decideClosure(house, system('test'), closure)
  return async (route, role) => {
    const { near } = people[role]
    const mine = { ...(own.get(near) ?? own.get(staff.anna)), ...(held.get(near) ?? held.get(staff.anna)) }
    const { sheet, ...talks } = mine as Things & { sheet?: unknown }
    const isSheet = route.url.startsWith('/api/interactions/') && route.method !== 'GET' && !route.url.endsWith('/split')
    return {
      ...general,
      ...(role === 'gai_member' ? itMatters : matters),
      ...booked,
      ...incidents,
      ...activities,
      ...talks,
      ...(isSheet ? { interactionId: sheet } : {}),
      ...(/^\/api\/(mail|unsent-mails|answer-templates)/.test(route.url)
        ? {
            contactId: undefined,
            view: 'waiting',
            address: `${house.ids()}@ente.example`,
            ...(mails.get(near) ?? mails.get(staff.anna)),
          }
        : {}),
      // Who has no call notes what was said, and by whom, at a counter.
      ...(route.method === 'POST' && /\/(identifications|speaker)$/.test(route.url) && !speaking.includes(near)
        ? { callId: null }
        : {}),
      // A callback is named by its own call.
      ...(route.url.startsWith('/api/callbacks/') ? { callId: talks.callbackId } : {}),
      ...(/sharing$|absence-rule$|\/api\/board/.test(route.url) ? { sectionId: staff.paola.unitId } : {}),
      ...(route.url.startsWith('/api/absences') && (near === staff.paola || near === staff.coordinator)
        ? await absence(house, near)
        : {}),
      ...(route.url.includes('/closures/') ? { closureId } : {}),
      ...(route.url.includes('/deadlines/') ? { kind: 'solution' } : {}),
      ...(/^\/api\/(counters|visits|device)/.test(route.url) ? hall : {}),
      ...(route.url.startsWith('/api/units/:unitId/counters') ? { setUp: { halls: [] } } : {}),
      ...(route.url.startsWith('/api/public/halls') ? { token: hall.hallToken, code: hall.code } : {}),
      ...(route.url.startsWith('/api/public/visits') ? { token: hall.visitToken } : {}),
      ...(route.url === '/api/incidents' ? { view: 'current' } : {}),
      ...(route.url === '/api/prevention' ? { view: 'ahead' } : {}),
      ...(route.url.startsWith('/api/guides') ? { view: 'current', content: guideContent(house) } : {}),
      ...(route.url.endsWith('/effect') ? { weeks: 2 } : {}),
      ...(route.url === '/api/sent-tickets' ? { view: 'open' } : {}),
      ...(route.url.startsWith('/api/staffing/') ? await staffing(house) : {}),
      ...(route.url === '/api/agencies/nearest' ? { unitId: 'ag-roma' } : {}),
      ...(route.url.startsWith('/api/assignment-requests/') ? await request(house, person.personId) : {}),
      ...(route.url.includes(':number') && route.url.startsWith('/api/flow') ? { number: '1' } : {}),
      // Nobody is meant in particular where the person is only a filter.
      ...(route.url === '/api/access' ? { personId: person.personId, kind: 'contact' } : {}),
    }
  }
}

/** Where the thing that is named cannot be there for everybody: the answer may say so. */
const maybeNotThere = [
  ...['POST /api/numbers/:number/changes/:changeId/cancel', 'GET /api/planner/runs/:runId', 'DELETE /api/planner/runs/:runId'],
  ...['GET /api/desk/explain', 'GET /api/session/sample-accounts', 'GET /api/prompts', 'PUT /api/prompts', 'DELETE /api/prompts'],
  ...['POST /api/prompts', 'DELETE /api/flow/draft', 'POST /api/flow', 'PUT /api/flow', 'GET /api/units/:unitId/children'],
  // Lists are of the person who kept them, and no message here has left as registered mail.
  ...['DELETE /api/case-lists/:listId', 'PATCH /api/ticket-lists/:listId', 'DELETE /api/ticket-lists/:listId'],
  ...['GET /api/cases/:caseId/messages/:messageId/proof'],
  // What one role has parted, the next finds parted; and what it has taken away, gone.
  'DELETE /api/known-errors/:knownErrorId',
  ...['POST /api/contacts/:contactId/joins/:linkId/undo', 'POST /api/cases/:caseId/links/:linkId/undo'],
  // No typology has a target of its own.
  'POST /api/deadline-targets/removal',
  // Nobody with an appointment comes today.
  'POST /api/visits/appointment',
  // Nothing rings at somebody who talks.
  'POST /api/calls/:callId/decline',
]
/** These look at the session behind the cookie, which nobody here has. */
const asksTheCookie = ['PUT /api/session/acting', 'PUT /api/session/password', 'POST /api/telephone']

interface Answer {
  status: number
  body: string
}

/** What is wrong with an answer; undefined when it is what the table says. */
function wrongWith(
  route: Route,
  right: Right,
  who: PersonActor | null,
  role: Role | null,
  isNear: boolean,
  things: Things,
  answer: Answer,
) {
  const { status, body } = answer
  const name = nameOf(route)
  if (status >= 500) return 'a fault of ours'
  if (body.includes('"errors"') && status === 422 && /"platform\.invalid"/.test(body)) return 'did not pass the schema'
  if (right.who !== 'public' && who === null) return status === 401 ? undefined : 'nobody is let in'
  if (asksTheCookie.some(each => name === each) && status === 401) return undefined
  if (status === 401) return right.who === 'public' && name.endsWith('/api/session') ? undefined : 'a person is taken for nobody'
  if (role === null || right.who === 'public') return undefined
  const reach = right.who === 'signed-in' ? 'all' : right.who[role]
  if (reach === undefined) return status === 403 ? undefined : 'a role that is not in the row is let in'
  if (!isNear) {
    if (right.foreign === undefined || reach === 'all') return undefined
    if (right.foreign !== 'left out') return status === right.foreign ? undefined : `what is foreign is answered ${right.foreign}`
    const told = [things.contactId, things.caseId, things.ticketId, things.personId].filter(id => body.includes(String(id)))
    return status < 300 && told.length === 0 ? undefined : 'what is foreign is left out'
  }
  if (status === 403 && !right.decides) return 'whoever has the right is refused'
  if (status === 404 && !maybeNotThere.some(each => name.startsWith(each))) return 'what is near is there'
  return undefined
}

/** All tickets that are seen are asked for: who names a section that is not theirs is answered about the section. */
const notAsked = new Set(['GET /api/tickets sectionId', 'GET /api/tickets/deadlines sectionId'])

const fill = (route: Route, things: Things): { url: string; body: unknown } => {
  const path = route.url.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(things[name] ?? '')))
  const query = route.query ? (fitting(route.query, things) as Record<string, unknown>) : {}
  const search = new URLSearchParams(
    Object.entries(query)
      .filter(([name]) => !notAsked.has(`${nameOf(route)} ${name}`))
      .map(([name, value]): [string, string] => [name, String(value)]),
  ).toString()
  return { url: search === '' ? path : `${path}?${search}`, body: route.body ? fitting(route.body, things) : undefined }
}

export interface Walk {
  routes: number
  asked: number
  /** Requests that were let in and passed the schema: a policy, or the room itself, answered them. */
  reached: number
  /** Where the program does something else than the table says. */
  faults: string[]
}

/** Asks everything of everybody. */
export async function walkRights(house: House): Promise<Walk> {
  const thingsOf = await openWorld(house)
  const server = await openServer(house, {
    routes: meant,
    sockets: [],
    authenticate: async (_house, headers) => everybody.get(String(headers['x-person'])) ?? null,
    audience,
    ready: async () => ({ ready: true, details: {} }),
  })
  const walk: Walk = { routes: meant.length, asked: 0, reached: 0, faults: [] }
  const ask = async (route: Route, who: PersonActor | null, role: Role, isNear: boolean) => {
    const right = rightOf(route)
    if (!right) return
    const things = await thingsOf(route, role)
    let filled: ReturnType<typeof fill>
    try {
      filled = fill(route, things)
    } catch (error) {
      walk.faults.push(`${nameOf(route)}: ${String(error)}`)
      return
    }
    const { url, body } = filled
    const { statusCode: status, body: text } = await server.app.inject({
      method: route.method,
      url,
      headers: {
        ...(who ? { 'x-person': who.personId } : {}),
        ...(route.ifMatch ? { 'if-match': '"1"' } : {}),
        ...(route.takes ? { 'content-type': route.takes.types[0] } : {}),
      },
      ...(body === undefined ? {} : { payload: JSON.parse(JSON.stringify(body)) }),
    })
    walk.asked++
    if (status !== 401 && !text.includes('platform.notYourRole')) walk.reached++
    const wrong = wrongWith(route, right, who, who && role, isNear, things, { status, body: text })
    const as = who ? `${role}${isNear ? '' : ' of elsewhere'}` : 'nobody'
    if (wrong) walk.faults.push(`${nameOf(route)} as ${as}: ${status}, but ${wrong}. ${text.slice(0, 160)}`)
  }
  try {
    // Reads first: what is written changes what is there.
    for (const route of [...meant].sort((a, b) => Number(a.method !== 'GET') - Number(b.method !== 'GET'))) {
      await ask(route, null, 'operator', true)
      for (const role of roles) {
        const { near, far } = people[role]
        if (far) await ask(route, far, role, false)
        await ask(route, near, role, true)
      }
    }
    return walk
  } finally {
    await server.close()
  }
}
