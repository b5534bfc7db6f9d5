/** A person asks for what is known, and then to be forgotten: what may go is nowhere any more, what stays is said, and the journal is still sound. */
import { strFromU8, unzipSync } from 'fflate'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { onOneSession } from '../../test/support/database.ts'
import { staff } from '../../test/support/staff.ts'
import { pastCall, placesOf, tracesIn } from '../../test/support/traces.ts'
import { answerTicket, settleAnswer } from '../cases/answers.ts'
import { addCaseFile } from '../cases/files/service.ts'
import { receiveMail } from '../cases/index.ts'
import { answerInteraction, openInteraction, sendLinea } from '../cases/interactions.ts'
import { mailFiles } from '../cases/mails/files.ts'
import { answerMailOf, settleMailAnswer, takeMailInHand } from '../cases/mails/mails.ts'
import { ticketFiles } from '../cases/tickets/composing.ts'
import { claimTicket, noteTicket } from '../cases/tickets.ts'
import { mailFailed } from '../channels/events.ts'
import { waitAgain } from '../channels/index.ts'
import { NewMailbox } from '../channels/mailboxes/model.ts'
import { createMailbox } from '../channels/mailboxes/service.ts'
import { createContact, NewContact } from '../contacts/index.ts'
import { unmask } from '../contacts/masking.ts'
import { changeContact } from '../contacts/service.ts'
import {
  bringBlob,
  eraseMarked,
  type House,
  inTransaction,
  keepBlob,
  sealJournal,
  system,
  type VirtualClock,
  verifyJournal,
  virtualClock,
  type Work,
} from '../platform/index.ts'
import { callCallbackDialled } from '../telephony/events.ts'
import { exportOf } from './export.ts'
import { eraseWhatIsDue } from './follow.ts'
import { retentionPage, setRetention } from './retention.ts'
import { askErasure, erasureView } from './service.ts'

const { anna, paola, headquarters, administrator } = staff
const dayMs = 86_400_000
/** Another kind of pension, under the same node. */
const other = 'anticipata'
const code = 'ZNZLGR60A41H501M'
const pec = 'ildegarda@zanzottera.example'
/** By which the person is known, in whatever writing; the stem is what a search by words keeps. */
const traces = ['zanzotter', 'ildegard', code, '3391234567']

/** A mail of the person, as it was fetched, read, taken and answered; its answer has left. */
async function mailOf(house: House): Promise<void> {
  const mailbox = NewMailbox.parse({
    ...{
      address: 'pensioni@ente.example',
      unitId: 'ccm-pensioni',
      host: '127.0.0.1',
      userName: 'x',
      secret: 'x',
      enabled: false,
    },
  })
  const { id: mailboxId } = await createMailbox(house, administrator, mailbox)
  const rawMailId = house.ids()
  const interactionId = await inTransaction(house, system('test'), async work => {
    const at = work.now
    const blob = await keepBlob(
      work,
      await bringBlob(work.house, Buffer.from(`From: Ildegarda Zanzottera <${pec}>\r\n\r\nSono Ildegarda Zanzottera.`)),
    )
    const file = await keepBlob(work, await bringBlob(work.house, Buffer.from('Zanzottera')))
    await work.tx
      .insertInto('raw_mail')
      .values({
        ...{ id: rawMailId, mailbox_id: mailboxId, sha256: Buffer.from('x'), size_bytes: 1, is_whole: true, blob_id: blob },
        ...{ received_at: at, fetched_at: at, state: 'interaction', reason: null, detail: pec, settled_at: at },
        ...{ settled_by: null, taken_until: null },
      })
      .execute()
    await work.tx
      .insertInto('incoming_attachment')
      .values({
        ...{
          id: work.ids(),
          raw_mail_id: rawMailId,
          n: 0,
          name: 'zanzottera.pdf',
          declared_type: 'text/plain',
          type: 'text/plain',
        },
        ...{ size_bytes: 1, blob_id: file, content_id: 'zanzottera', scan: 'unchecked', scan_detail: null },
      })
      .execute()
    const from = { address: pec, name: 'Ildegarda Zanzottera' }
    const id = await receiveMail(work, {
      ...{ rawMailId, channel: 'email', unit: { id: 'ccm-pensioni', path: anna.unitPath }, from, subject: 'Zanzottera chiede' },
      ...{ text: 'Sono Ildegarda Zanzottera.', receivedAt: at, caseId: null },
    })
    await work.tx
      .insertInto('incoming_mail')
      .values({
        ...{ raw_mail_id: rawMailId, mailbox_id: mailboxId, interaction_id: id, from_address: pec, from_name: from.name },
        ...{ to_addresses: [pec], cc_addresses: [pec], reply_to: pec, subject: 'Zanzottera chiede', message_id: `<1@${pec}>` },
        ...{
          refs: [`<0@${pec}>`],
          sent_at: null,
          received_at: at,
          text: 'Sono Zanzottera',
          quoted: 'Zanzottera',
          html: '<p>Zanzottera',
        },
        ...{ matched_by: null, proposed_code: null },
      })
      .execute()
    return id
  })
  await takeMailInHand(house, anna, { interactionId })
  await mailFiles.add(house, anna, {
    subjectId: interactionId,
    name: 'zanzottera.pdf',
    bytes: Buffer.from('%PDF-1.4 Zanzottera'),
  })
  await answerMailOf(house, anna, { interactionId, answer: 'Gentile signora Zanzottera, sì.', typologyId: 'vecchiaia' })
  await inTransaction(house, system('test'), async work => {
    const mail = await work.tx.selectFrom('mail').selectAll().where('subject_id', '=', interactionId).executeTakeFirstOrThrow()
    await work.tx
      .updateTable('mail')
      .set({ state: 'sent', last_problem: `<${pec}>`, cc_addresses: [pec] })
      .where('id', '=', mail.id)
      .execute()
    await work.tx
      .insertInto('mail_passing')
      .values({
        ...{ id: work.ids(), interaction_id: interactionId, from_unit_id: 'ag-roma-eur', from_unit_name: 'Agenzia di Roma EUR' },
        ...{ to_unit_id: 'ccm-pensioni', to_unit_name: 'Pensioni', note: 'Zanzottera chiede della pensione.' },
        ...{ by_name: anna.name, at: work.now },
      })
      .execute()
    await registeredAs(work, mail.id, mailboxId)
    await work.journal(
      mailFailed,
      { mailId: mail.id, purpose: mail.purpose, attempts: 1, problem: `450 <${pec}> later` },
      { case: mail.case_id ?? undefined, units: [] },
    )
    await settleMailAnswer(work, { subjectId: interactionId, mailId: mail.id, outcome: 'sent', problem: null })
  })
}

/** The answer left as registered mail, and was delivered. */
async function registeredAs(work: Work, mailId: string, mailboxId: string): Promise<void> {
  const at = work.now
  const sha256 = Buffer.from('x')
  await work.tx
    .insertInto('registered_message')
    .values({
      ...{ mail_id: mailId, message_id: '<1@ente.example>', sender: 'ente@pec.example', recipients: [pec], sha256 },
      ...{ raw: Buffer.from('To: Zanzottera'), sent_at: at, provider_identifier: null, state: 'delivered', state_at: at },
      ...{ silence_hours: null, next_look_at: null },
    })
    .execute()
  const rawMailId = work.ids()
  const blob_id = await keepBlob(work, await bringBlob(work.house, Buffer.from('CONSEGNA: Zanzottera')))
  await work.tx
    .insertInto('raw_mail')
    .values({
      ...{ id: rawMailId, mailbox_id: mailboxId, sha256: Buffer.from('y'), size_bytes: 1, is_whole: true, blob_id },
      ...{ received_at: at, fetched_at: at, state: 'noted', reason: 'receipt', detail: null, settled_at: at },
      ...{ settled_by: null, taken_until: null },
    })
    .execute()
  await work.tx
    .insertInto('registered_receipt')
    .values({
      ...{ raw_mail_id: rawMailId, mail_id: mailId, kind: 'delivered', at, about: [pec], uncertified: [pec], cause: null },
      ...{ detail: 'Zanzottera', form: 'full', issuer: 'Gestore', identifier: '1', verdict: 'valid', reason: null, signer: null },
      ...{ authority: null, sha256, joined_at: at },
    })
    .execute()
}

/** A conversation was a call, which came from the person's number and was called back. */
async function wasCall(house: House, interactionId: string): Promise<void> {
  const number = '+393391234567'
  await inTransaction(house, system('test'), async work => {
    const { tx, now, journal } = work
    const id = await pastCall(work, number)
    await tx
      .insertInto('callback')
      .values({
        ...{ call_id: id, section_id: 'ccm-pensioni', number, state: 'reached', waiting_since: now, requested_at: now },
        ...{ not_before: now, not_after: now, attempts: 1, last_tried_at: now, last_outcome: null, closed_at: now },
      })
      .execute()
    await tx.updateTable('interaction').set({ call_id: id, from_number: number }).where('id', '=', interactionId).execute()
    await journal(callCallbackDialled, { agent: anna.personId, number, attempt: 1 }, { call: id })
  })
}

/** Of the person: two cards' worth of changes, an answered question, a mail, and a question that a centre still works on. */
async function lived(house: House, clock: VirtualClock) {
  const card = NewContact.parse({
    ...{ kind: 'person', givenName: 'Ilda', familyName: 'Zanzotterà', municipalityCode: '058091', phones: ['339 1234567'] },
    ...{ emails: [pec], notes: 'Zia di Zanzottera', address: 'Via Zanzottera 1', doNotCall: 'Zanzottera dorme' },
  })
  const { id } = await createContact(house, anna, card)
  await changeContact(house, anna, {
    id,
    version: 1,
    change: { givenName: 'Ildegarda', familyName: 'Zanzottera', fiscalCode: code },
  })
  await unmask(house, headquarters, { id, input: { reason: 'other', note: 'per la signora Zanzottera', callId: null } })
  const talk = await openInteraction(house, anna, { channel: 'counter', contactId: id, typologyId: 'vecchiaia' })
  await answerInteraction(house, anna, { id: talk.id, answer: 'Signora Zanzottera, arriva il 30.' })
  await wasCall(house, talk.id)
  clock.advance(60_000)
  await mailOf(house)
  clock.advance(60_000)
  const asked = await openInteraction(house, anna, { channel: 'counter', contactId: id, typologyId: other })
  const { ticketId, caseId } = await sendLinea(house, anna, {
    ...{ id: asked.id, question: 'La signora Zanzottera chiede', replyTo: { phone: '339 1234567' } },
  })
  await addCaseFile(house, anna, { caseId, name: 'zanzottera-ricorso.pdf', bytes: Buffer.from('%PDF-1.4 Zanzottera ricorre') })
  return { id, ticketId, caseId }
}

onOneSession(open => {
  test('a person who asks is told all that is known, and forgotten when nothing has to stay', async () => {
    const clock = virtualClock(Date.UTC(2026, 10, 2, 9))
    const { house } = await open({ clock })
    const db = house.database.kysely
    const { id, ticketId, caseId } = await lived(house, clock)
    // Somebody else of the same given name stays as she is.
    const neri = await createContact(
      house,
      anna,
      NewContact.parse({ kind: 'person', givenName: 'Ildegarda', familyName: 'Neri' }),
    )

    // The search finds whatever there is, also the stems of a search, the bytes of a mail, and what the journal says.
    const before = (await placesOf(house, 'zanzotter')).map(place =>
      place.replace(/^public\."?event\w*/, 'event').replace(/^public\./, ''),
    )
    expect(before).toEqual(
      expect.arrayContaining([
        'event.payload',
        'blob_chunk.bytes',
        'case_index.words',
        'name_near.near',
        'interaction.answer',
        'mail.body',
      ]),
    )
    expect(before.length).toBeGreaterThan(30)

    const files = unzipSync(await exportOf(house, headquarters, id, 'it'))
    const told: unknown = JSON.parse(strFromU8(files['dati.json'] ?? new Uint8Array()))
    expect(told).toMatchObject({
      card: { familyName: 'Zanzottera', fiscalCode: code },
      cases: [{ title: expect.any(String) }, {}, { status: 'open' }],
      mailsIn: [{ from: pec, files: 'zanzottera.pdf' }],
      mailsOut: [{ to: pec, files: 'zanzottera.pdf' }],
      files: [{ name: 'zanzottera-ricorso.pdf', by: anna.name }],
      questions: [{ question: 'La signora Zanzottera chiede' }],
      calls: [{ from: '+393391234567' }],
      callsMade: [{ to: '+393391234567', what: 'callback' }],
      notes: expect.arrayContaining([expect.objectContaining({ text: 'Zanzottera chiede della pensione.', by: anna.name })]),
    })
    expect(strFromU8(files['dati.html'] ?? new Uint8Array())).toContain('Arriva il 30'.toLowerCase())
    for (const actor of [anna, administrator]) {
      await expect(exportOf(house, actor, id, 'it')).rejects.toMatchObject({ status: 403 })
      await expect(askErasure(house, actor, { contactId: id, name: 'Zanzottera' })).rejects.toMatchObject({ status: 403 })
    }

    // Nobody has decided: nothing goes. Then 12 months for pensions, and none for one kind of them.
    expect((await erasureView(house, headquarters, id)).stays.map(({ why }) => why)).toEqual(['undecided', 'undecided', 'open'])
    const set = async (typologyId: string, months: number) => {
      const { items } = await retentionPage(house, headquarters, { typologyId, limit: 1 })
      return setRetention(house, headquarters, { typologyId, months, version: items[0]?.version ?? 0 })
    }
    const { parent_id } = await db
      .selectFrom('typology')
      .select('parent_id')
      .where('id', '=', 'vecchiaia')
      .executeTakeFirstOrThrow()
    const pensions = parent_id ?? ''
    await set(pensions, 12)
    await set(other, 0)
    await expect(setRetention(house, headquarters, { typologyId: pensions, months: 1, version: 1 })).rejects.toMatchObject({
      status: 412,
    })
    expect((await retentionPage(house, headquarters, { typologyId: 'vecchiaia', limit: 1 })).items).toMatchObject([
      { months: null, holds: 12, due: 0 },
    ])
    expect((await erasureView(house, headquarters, id)).stays.map(({ why }) => why)).toEqual(['kept', 'kept', 'open'])
    await expect(askErasure(house, headquarters, { contactId: id, name: 'Neri' })).rejects.toMatchObject({ status: 422 })
    await askErasure(house, headquarters, { contactId: id, name: 'zanzottera' })
    expect(await erasureView(house, headquarters, id)).toMatchObject({
      asked: { erasedAt: null, nextLookAt: '2026-11-03T09:02:00.000Z' },
      erases: { cases: 0, card: false },
    })

    // The centre answers, a year goes by: what was asked is done without anybody.
    await claimTicket(house, paola, { ticketId })
    await noteTicket(house, paola, { ticketId, text: 'Zanzottera ha ragione' })
    await ticketFiles.add(house, paola, {
      subjectId: ticketId,
      name: 'zanzottera.pdf',
      bytes: Buffer.from('%PDF-1.4 Zanzottera'),
    })
    await answerTicket(house, paola, { ticketId, answer: 'Signora Zanzottera, è accolta.', replyTo: { email: pec } })
    await inTransaction(house, system('test'), async work => {
      const mail = await work.tx
        .updateTable('mail')
        .set({ state: 'sent' })
        .where('subject_id', '=', ticketId)
        .returning('id')
        .executeTakeFirstOrThrow()
      // A copy of the file waits for an answer that is never written.
      await waitAgain(work, mail.id)
      await settleAnswer(work, { subjectId: ticketId, mailId: mail.id, outcome: 'sent', problem: null })
    })
    clock.advance(2 * dayMs)
    await eraseWhatIsDue(house)
    expect(await db.selectFrom('ticket').select(['question', 'answer']).where('case_id', '=', caseId).execute()).toEqual([
      { question: '', answer: '' },
    ])
    expect((await erasureView(house, headquarters, id)).stays.map(({ why }) => why)).toEqual(['kept', 'kept'])
    for (let day = 0; day < 366; day += 100) {
      clock.advance(100 * dayMs)
      await sealJournal(house.database, clock.now())
      await eraseWhatIsDue(house)
    }
    expect(await erasureView(house, headquarters, id)).toMatchObject({
      asked: { nextLookAt: null, erasedAt: expect.any(String) },
      stays: [],
      entriesWaiting: expect.any(Number),
    })
    // The journal's own words are taken out after it, under seals that go on to fit.
    expect(await verifyJournal(house.database)).toMatchObject({ sound: true })
    while ((await eraseMarked(house)) > 0);
    await sealJournal(house.database, clock.now())
    expect(await verifyJournal(house.database)).toMatchObject({ sound: true, erased: expect.any(Number) })
    const places = await tracesIn(house, traces)
    // Of the given name only what is the other person's.
    expect(places.filter(place => !place.startsWith('ildegard'))).toEqual([])
    expect(places.map(place => place.split('.').slice(-2, -1).join(''))).toEqual(
      expect.arrayContaining(['contact', 'contact_key', 'name_near']),
    )
    expect(places.filter(place => !/contact|name_near/.test(place))).toEqual([])
    expect(await db.selectFrom('contact').select('family_name').where('given_name', '=', 'Ildegarda').execute()).toEqual([
      { family_name: 'Neri' },
    ])
    expect(neri.id).not.toBe(id)

    // Whoever changes what it comes to since is found.
    await sql`update seal_erased set hash = 'x' where seq = (select min(seq) from seal_erased)`.execute(db)
    expect(await verifyJournal(house.database)).toMatchObject({ sound: false, sentence: expect.stringContaining('was changed') })
  })
})
