/** Answers to mails on their way out: files, copies, templates, from unit to unit, and what could not be sent. A real SMTP server, a real database. */
import { createHash } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { sql } from 'kysely'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { afterEach, expect, test } from 'vitest'
import { onPostgres } from '../../../test/support/database.ts'
import { mailBy } from '../../../test/support/mail-server.ts'
import { analyse, plansOf } from '../../../test/support/plan.ts'
import { staff } from '../../../test/support/staff.ts'
import { processNext } from '../../channels/inbox/process.ts'
import { insertRawMail } from '../../channels/inbox/raw-store.ts'
import { parseMail } from '../../channels/inbox/reading/read.ts'
import { troubleOfAddress } from '../../channels/index.ts'
import { NewMailbox } from '../../channels/mailboxes/model.ts'
import { createMailbox } from '../../channels/mailboxes/service.ts'
import { sendDue } from '../../channels/outbox.ts'
import { pecService } from '../../channels/pec/service.ts'
import { sendUnsentAgain, unsentList, withdrawUnsent } from '../../channels/unsent/unsent.ts'
import { createContact, NewContact } from '../../contacts/index.ts'
import { bringBlob, type House, inTransaction, keepBlob, type PersonActor, system, virtualClock } from '../../platform/index.ts'
import { answerTicket, withdrawAnswer } from '../answers.ts'
import { answerPurpose, mailAnswerPurpose, receiveMail, settleAnswer, settleMailAnswer } from '../index.ts'
import { openInteraction, sendLinea } from '../interactions.ts'
import { changeTemplate, createTemplate, removeTemplate, templateList } from '../templates/service.ts'
import { templatesForTicket, ticketFiles } from '../tickets/composing.ts'
import { ticketView } from '../tickets/views.ts'
import { claimTicket } from '../tickets.ts'
import { mailAnswerOwner, ticketAnswerOwner } from '../unsent.ts'
import { mailFiles } from './files.ts'
import { answerMailOf, takeMailInHand, withdrawMailAnswer } from './mails.ts'
import { mailDestinations, passMail } from './passing.ts'
import { mailList, mailView, templatesForMail } from './views.ts'

const { anna, luca, paola, agency, milan, supervisor, coordinator } = staff
const closing: (() => void | Promise<void>)[] = []
const settlers = { [answerPurpose]: settleAnswer, [mailAnswerPurpose]: settleMailAnswer }
const owners = { [answerPurpose]: ticketAnswerOwner, [mailAnswerPurpose]: mailAnswerOwner }
const ownerOf = (purpose: string) => (purpose === answerPurpose || purpose === mailAnswerPurpose ? owners[purpose] : undefined)
const options = { ownerOf, language: 'it' as const }

/** An SMTP server that refuses some recipients, with a code for each. */
async function smtp(refuses: ReadonlyMap<string, number> = new Map()) {
  const raws: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    onRcptTo({ address }, _session, done) {
      const code = refuses.get(address)
      done(code === undefined ? null : Object.assign(new Error(`${code} no`), { responseCode: code }))
    },
    onData(stream, _session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        raws.push(Buffer.concat(parts).toString('utf8'))
        done()
      })
    },
  })
  server.on('error', () => {})
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const carriers = mailBy(`smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`)
  closing.push(
    () => new Promise<void>(resolve => server.close(() => resolve())),
    () => carriers.close(),
  )
  return { raws, carriers, last: (): Promise<ParsedMail> => simpleParser(raws.at(-1) ?? '') }
}

const letter = (subject: string, more: readonly string[] = []) =>
  Buffer.from(
    [
      'From: Giulia Ferri <giulia@example.org>',
      'To: ccm-pensioni@ente.example, Patronato <aiuto@patronato.example>',
      'Cc: risposte+abc@filodiretto.example, Figlio <figlio@example.org>, giulia@example.org',
      `Subject: ${subject}`,
      ...more,
      'Content-Type: text/plain; charset=utf-8',
      '',
      'Buongiorno, a che punto è la mia domanda?',
      '',
    ].join('\r\n'),
  )

/** A mail that has come into a mailbox and is read. Returns its interaction. */
async function arrives(house: House, mailboxId: string, raw: Buffer): Promise<string> {
  const now = new Date(house.clock.now())
  const id = house.ids()
  await inTransaction(house, system('test'), async work => {
    const row = {
      id,
      mailbox_id: mailboxId,
      sha256: createHash('sha256').update(raw).digest(),
      size_bytes: raw.length,
      is_whole: true,
    }
    const moment = { received_at: now, fetched_at: now, state: 'fetched' as const, reason: null, detail: null }
    const unsettled = { taken_until: null, settled_at: null, settled_by: null }
    await insertRawMail(work.tx, {
      ...row,
      ...moment,
      ...unsettled,
      blob_id: await keepBlob(work, await bringBlob(work.house, raw)),
    })
  })
  const reader = { read: parseMail, close: async () => {} }
  const parts = { receive: receiveMail, settlers, registered: pecService([]) }
  await processNext(house, reader, async () => ({ scan: 'unchecked', detail: null }), parts)
  const mail = await house.database.kysely
    .selectFrom('incoming_mail')
    .select('interaction_id')
    .where('raw_mail_id', '=', id)
    .executeTakeFirst()
  return mail?.interaction_id ?? ''
}

const mailboxAt = async (house: House, unitId: string, signature = '') => {
  const settings = { unitId, host: '127.0.0.1', userName: 'x', secret: 'x', enabled: false, signature }
  return (await createMailbox(house, staff.administrator, NewMailbox.parse({ ...settings, address: `${unitId}@ente.example` })))
    .id
}

const about = { answer: 'Gentile Giulia, è accolta.', typologyId: 'vecchiaia' }
const pdf = Buffer.from('%PDF-1.4\n1 0 obj\n')
const seen = (house: House, actor: PersonActor, interactionId: string) => mailView(house, actor, interactionId, 'it')

/** How a file is asked for that is to be downloaded. */
const plain = { show: 'false' } as const

onPostgres(open => {
  // Before the house itself is closed.
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })

  test('an answer leaves with its files, and with copies for those who got the mail too; taken back, everything waits again', async () => {
    const clock = virtualClock(Date.parse('2026-11-30T09:00:00Z'))
    const { house } = await open({ clock })
    const db = house.database.kysely
    const server = await smtp(new Map([['figlio@example.org', 550]]))
    const interactionId = await arrives(house, await mailboxAt(house, 'ccm-pensioni'), letter('Domanda'))
    const one = { interactionId, subjectId: interactionId }
    await expect(mailFiles.add(house, anna, { ...one, name: 'a.pdf', bytes: pdf })).rejects.toMatchObject({ status: 403 })
    await takeMailInHand(house, anna, one)
    await expect(mailFiles.add(house, luca, { ...one, name: 'a.pdf', bytes: pdf })).rejects.toMatchObject({ status: 403 })
    await expect(mailFiles.add(house, milan, { ...one, name: 'a.pdf', bytes: pdf })).rejects.toMatchObject({ status: 404 })

    await mailFiles.add(house, anna, { ...one, name: '../../Modulo “così”\u202efdp.exe', bytes: pdf })
    clock.advance(1)
    await mailFiles.add(house, anna, {
      ...one,
      name: 'foto.txt',
      bytes: Buffer.alloc(9_000_000, 'x'),
    })
    await expect(mailFiles.add(house, anna, { ...one, name: 'b', bytes: Buffer.alloc(8_000_000, 'x') })).rejects.toMatchObject({
      code: 'channels.file.tooMuch',
      status: 413,
    })
    await expect(mailFiles.add(house, anna, { ...one, name: 'b', bytes: Buffer.alloc(0) })).rejects.toMatchObject({ status: 422 })
    const before = await seen(house, anna, interactionId)
    expect(before.answerFiles.map(({ name, type }) => [name, type])).toEqual([
      ['Modulo “così”fdp.exe', 'application/pdf'],
      ['foto.txt', 'application/octet-stream'],
    ])
    expect(before.others).toEqual(['aiuto@patronato.example', 'figlio@example.org'])
    await mailFiles.remove(house, anna, { ...one, fileId: before.answerFiles[1]?.id ?? '' })
    expect((await db.selectFrom('blob').select('size_bytes').where('size_bytes', '>', 1_000_000).execute()).length).toBe(0)

    await expect(answerMailOf(house, anna, { ...one, ...about, copies: ['stranger@example.org'] })).rejects.toMatchObject({
      code: 'cases.mail.noParticipant',
    })
    await answerMailOf(house, anna, { ...one, ...about, copies: ['figlio@example.org'] })
    expect(await sendDue(house, server.carriers, settlers)).toBe(0)
    await withdrawMailAnswer(house, anna, one)
    clock.advance(1)
    const back = await seen(house, anna, interactionId)
    expect(back.answerFiles.map(({ name }) => name)).toEqual(['Modulo “così”fdp.exe'])

    await answerMailOf(house, anna, { ...one, ...about, copies: before.others })
    clock.advance(10_000)
    await sendDue(house, server.carriers, settlers)
    const sent = await server.last()
    const [file] = sent.attachments
    expect(file).toMatchObject({ filename: 'Modulo “così”fdp.exe', contentType: 'application/pdf' })
    expect(file?.content.equals(pdf)).toBe(true)
    expect(server.raws.at(-1)).toMatch(/^Cc: aiuto@patronato\.example, figlio@example\.org\r?$/m)
    expect(await troubleOfAddress(db, 'figlio@example.org', new Date(clock.now()))).toMatchObject({ reason: 'address' })
    const answered = await seen(house, anna, interactionId)
    expect(answered.answer).toMatchObject({ state: 'sent', copies: before.others, files: [{ type: 'application/pdf' }] })
    const fileId = answered.answer?.files[0]?.id ?? ''
    const headers: Record<string, string> = {}
    const reply = { headers: (given: Readonly<Record<string, string>>) => Object.assign(headers, given) }
    expect((await mailFiles.download(house, luca, { ...one, fileId, reply }, plain)).equals(pdf)).toBe(true)
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff' })
    expect(headers['content-disposition']).toMatch(/^attachment;/)
    await expect(mailFiles.download(house, milan, { ...one, fileId, reply }, plain)).rejects.toMatchObject({ status: 404 })
    await expect(mailFiles.remove(house, anna, { ...one, fileId })).rejects.toMatchObject({ status: 403 })

    // A copy that came back says nothing about the citizen: the case stays closed.
    const mail = await db.selectFrom('mail').selectAll().where('state', '=', 'sent').executeTakeFirstOrThrow()
    const bounce = (to: string) =>
      Buffer.from(
        [
          ...['Return-Path: <>', 'From: MAILER-DAEMON@mx.example', 'Subject: failed'],
          ...[
            'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
            '',
            '--b',
            'Content-Type: text/plain',
            '',
          ],
          ...[
            'Sorry',
            '--b',
            'Content-Type: message/delivery-status',
            '',
            'Reporting-MTA: dns; mx',
            '',
            `Final-Recipient: rfc822; ${to}`,
          ],
          ...[
            'Action: failed',
            'Status: 5.1.1',
            '',
            '--b',
            'Content-Type: text/rfc822-headers',
            '',
            `Message-ID: ${mail.message_id}`,
          ],
          ...['', '--b--', ''],
        ].join('\r\n'),
      )
    const { mailbox_id } = await db.selectFrom('raw_mail').select('mailbox_id').executeTakeFirstOrThrow()
    await arrives(house, mailbox_id, bounce('aiuto@patronato.example'))
    expect(await troubleOfAddress(db, 'aiuto@patronato.example', new Date(clock.now()))).toMatchObject({ reason: 'address' })
    expect((await seen(house, anna, interactionId)).state).toBe('answered')
    await arrives(house, mailbox_id, bounce('giulia@example.org'))
    expect(await seen(house, anna, interactionId)).toMatchObject({ state: 'open', answerFiles: [{ type: 'application/pdf' }] })
  })

  test('for ten seconds nothing leaves, also where nobody lives who wanted to send it; a copy that shall come later keeps nobody waiting', async () => {
    const clock = virtualClock(Date.parse('2026-11-30T09:00:00Z'))
    const { house, another } = await open({ clock })
    const server = await smtp(new Map([['figlio@example.org', 450]]))
    const interactionId = await arrives(house, await mailboxAt(house, 'ccm-pensioni'), letter('Domanda'))
    await takeMailInHand(house, anna, { interactionId })
    await answerMailOf(house, anna, { interactionId, ...about, copies: ['figlio@example.org'] })
    // Another process knows nothing but the row.
    const second = await another()
    clock.advance(9_999)
    expect([await sendDue(house, server.carriers, settlers), await sendDue(second, server.carriers, settlers)]).toEqual([0, 0])
    clock.advance(1)
    expect([await sendDue(second, server.carriers, settlers), await sendDue(house, server.carriers, settlers)]).toEqual([1, 0])
    expect(server.raws).toHaveLength(1)
    expect((await seen(house, anna, interactionId)).answer?.state).toBe('sent')
    const marked = await troubleOfAddress(house.database.kysely, 'figlio@example.org', new Date(clock.now()))
    expect(marked).toMatchObject({ reason: 'delayed', until: new Date(clock.now() + 2 * 86_400_000) })
  })

  test('templates belong to a unit, are filled as far as one knows, and completed when the answer leaves', async () => {
    const { house } = await open({ clock: virtualClock(Date.parse('2026-11-30T09:00:00Z')) })
    const body = 'Gentile {{cittadino}}, la sua pratica {{codice}} su {{tipologia}} è in lavorazione ({{oggi}}).\n{{struttura}}'
    const given = { unitId: 'ccm', typologyId: null, language: 'it' as const, name: 'In lavorazione', body }
    await expect(createTemplate(house, supervisor, { ...given, body: 'Gentile {{nome}}' })).rejects.toMatchObject({
      code: 'cases.template.unknownVariables',
      values: { field: 'body', unknown: '«nome»' },
    })
    await expect(createTemplate(house, coordinator, given)).rejects.toMatchObject({ code: 'cases.template.notYourUnit' })
    const { id } = await createTemplate(house, supervisor, given)
    const ofCentre = await createTemplate(house, coordinator, { ...given, unitId: 'cric-lazio', name: 'Del centro' })
    await createTemplate(house, supervisor, { ...given, name: 'Di vecchiaia', typologyId: 'vecchiaia', body: 'Solo {{codice}}' })
    expect((await templateList(house, supervisor, { limit: 50 })).items.map(({ name }) => name)).toEqual([
      'Di vecchiaia',
      'In lavorazione',
    ])
    const stale = { id, version: 9, change: { name: 'Altro' } }
    await expect(changeTemplate(house, supervisor, stale)).rejects.toMatchObject({
      status: 412,
      values: { current: { version: 1 } },
    })
    await changeTemplate(house, supervisor, { id, version: 1, change: { name: 'Si lavora' } })
    await expect(removeTemplate(house, supervisor, ofCentre)).rejects.toMatchObject({ status: 404 })

    const interactionId = await arrives(house, await mailboxAt(house, 'ccm-pensioni', 'Le Pensioni'), letter('Domanda'))
    await takeMailInHand(house, anna, { interactionId })
    const offered = await templatesForMail(house, anna, { interactionId, typologyId: null })
    expect(offered.items.map(({ name }) => name)).toEqual(['Si lavora'])
    const { items } = await templatesForMail(house, anna, { interactionId, typologyId: 'vecchiaia' })
    expect(items.map(({ name }) => name)).toEqual(['Di vecchiaia', 'Si lavora'])
    const text = items[1]?.text ?? ''
    expect(text).toMatch(
      /^Gentile Giulia Ferri, la sua pratica \{\{codice\}\} su .+ è in lavorazione \(30 novembre 2026\)\.\nPensioni$/,
    )
    await expect(
      answerMailOf(house, anna, { interactionId, answer: 'Gentile {{nome}}', typologyId: 'vecchiaia' }),
    ).rejects.toMatchObject({
      values: { field: 'answer' },
    })
    await answerMailOf(house, anna, { interactionId, answer: text, typologyId: 'vecchiaia' })
    const { answer } = await seen(house, anna, interactionId)
    expect(answer?.text).toMatch(/pratica \d{3} \d{3} \d{4} su/)
    expect(answer?.text).not.toContain('{{')
  })

  test('a mail goes on to the unit that knows, with its case and files, and may come back; never to an office, nor where nobody looks', async () => {
    const { house } = await open({ clock: virtualClock(Date.parse('2026-11-30T09:00:00Z')) })
    const mailboxId = await mailboxAt(house, 'ccm-pensioni', 'Le Pensioni')
    await mailboxAt(house, 'cric-lazio-pensioni', 'Il centro')
    await mailboxAt(house, 'ag-roma-eur')
    const interactionId = await arrives(house, mailboxId, letter('Domanda'))
    const one = { interactionId, subjectId: interactionId }
    const note = 'Serve chi conosce la totalizzazione.'
    await expect(passMail(house, anna, { ...one, unitId: 'cric-lazio-pensioni', note })).rejects.toMatchObject({ status: 403 })
    await takeMailInHand(house, anna, one)
    await mailFiles.add(house, anna, { ...one, name: 'a.pdf', bytes: pdf })
    expect((await mailDestinations(house, anna, { ...one, q: '' })).items.map(({ unitId }) => unitId)).toEqual([
      'cric-lazio-pensioni',
    ])
    const refused = (unitId: string) => passMail(house, anna, { ...one, unitId, note })
    await expect(refused('ag-roma-eur')).rejects.toMatchObject({ code: 'cases.policy.mailNotToOffices' })
    await expect(refused('ccm-pensioni')).rejects.toMatchObject({ code: 'cases.policy.mailAlreadyThere' })
    await expect(refused('dc-pensioni')).rejects.toMatchObject({ code: 'cases.policy.mailNotFor' })
    await expect(refused('cric-lombardia-pensioni')).rejects.toMatchObject({ code: 'cases.mail.noMailbox' })
    await passMail(house, anna, { ...one, unitId: 'cric-lazio-pensioni', note })
    await expect(seen(house, anna, interactionId)).rejects.toMatchObject({ status: 404 })
    const waiting = (actor: PersonActor) => mailList(house, actor, { view: 'waiting', limit: 10 })
    expect((await waiting(paola)).items).toMatchObject([{ id: interactionId, holder: null }])
    expect(await seen(house, paola, interactionId)).toMatchObject({
      passings: [{ fromUnit: 'Pensioni', note, by: 'Anna Bianchi' }],
      answerFiles: [{ name: 'a.pdf' }],
      signature: 'Il centro',
    })
    await takeMailInHand(house, paola, one)
    expect((await mailDestinations(house, paola, { ...one, q: 'pens' })).items.map(({ unitId }) => unitId)).toEqual([
      'ccm-pensioni',
    ])
    await passMail(house, paola, { ...one, unitId: 'ccm-pensioni', note: 'Basta dirgli di aspettare.' })
    expect((await waiting(anna)).items).toMatchObject([{ id: interactionId }])
    await takeMailInHand(house, anna, one)
    await answerMailOf(house, anna, { ...one, ...about })
    expect((await seen(house, anna, interactionId)).passings).toHaveLength(2)
    expect(await house.database.kysely.selectFrom('mail').select('from_name').execute()).toEqual([{ from_name: 'Pensioni' }])
  })

  test('what could not be sent stands on a page with its reason, is sent again to a mended address as it was, or taken back', async () => {
    const clock = virtualClock(Date.parse('2026-11-30T09:00:00Z'))
    const { house } = await open({ clock })
    const db = house.database.kysely
    const refuses = new Map([['giulia@example.org', 550]])
    const server = await smtp(refuses)
    const mailboxId = await mailboxAt(house, 'ccm-pensioni')
    const list = async (actor: PersonActor) => (await unsentList(house, actor, { limit: 10 }, options)).items
    const answered = async (subject: string, actor = anna) => {
      const interactionId = await arrives(house, mailboxId, letter(subject))
      await takeMailInHand(house, actor, { interactionId })
      await mailFiles.add(house, actor, { subjectId: interactionId, name: 'a.pdf', bytes: pdf })
      await answerMailOf(house, actor, { interactionId, ...about })
      clock.advance(10_000)
      await sendDue(house, server.carriers, settlers)
      return interactionId
    }
    const interactionId = await answered('Rifiutata')
    const [failed] = await list(luca)
    expect(failed).toMatchObject({
      ...{ state: 'failed', about: 'mail', subjectId: interactionId, to: { address: 'giulia@example.org' } },
      ...{ why: "L'indirizzo non esiste, o non riceve posta.", detail: expect.stringContaining('550') },
      may: { sendAgain: { allowed: true }, withdraw: { allowed: false } },
    })
    expect(await list(agency)).toEqual([])
    expect(await list(milan)).toEqual([])
    const mailId = failed?.id ?? ''
    await expect(sendUnsentAgain(house, milan, { mailId, address: 'x@example.org' }, ownerOf)).rejects.toMatchObject({
      status: 404,
    })
    await takeMailInHand(house, anna, { interactionId })
    await expect(sendUnsentAgain(house, luca, { mailId, address: 'x@example.org' }, ownerOf)).rejects.toMatchObject({
      code: 'cases.policy.mailHeldBy',
    })
    await sendUnsentAgain(house, anna, { mailId, address: 'giulia.ferri@example.org' }, ownerOf)
    expect(await list(anna)).toEqual([])
    await sendDue(house, server.carriers, settlers)
    const sent = await server.last()
    expect(sent).toMatchObject({
      to: { text: expect.stringContaining('giulia.ferri@example.org') },
      attachments: [{ filename: 'a.pdf' }],
    })
    expect((await seen(house, anna, interactionId)).answer?.state).toBe('sent')
    expect((await db.selectFrom('case').select('status').execute()).map(({ status }) => status)).toEqual(['closed'])

    refuses.set('giulia@example.org', 450)
    const second = await answered('Ritardata')
    const [delayed] = await list(luca)
    expect(delayed).toMatchObject({ state: 'waiting', attempts: 1, subjectId: second, may: { withdraw: { allowed: true } } })
    expect(delayed?.nextAt).not.toBeNull()
    await withdrawUnsent(house, luca, delayed?.id ?? '', ownerOf)
    expect(await list(luca)).toEqual([])
    expect(await seen(house, anna, second)).toMatchObject({
      state: 'open',
      answer: { state: 'withdrawn' },
      answerFiles: [{ name: 'a.pdf' }],
    })
    await expect(withdrawUnsent(house, luca, delayed?.id ?? '', ownerOf)).rejects.toMatchObject({ status: 403 })
  })

  test('an answer to a Linea ticket has templates and files as one to a mail has: taken back, they wait; refused, they wait again', async () => {
    const clock = virtualClock(Date.parse('2026-11-30T09:00:00Z'))
    const { house } = await open({ clock })
    const refuses = new Map([['giulia@example.org', 550]])
    const server = await smtp(refuses)
    const card = NewContact.parse({ kind: 'person', givenName: 'Giulia', familyName: 'Ferri', municipalityCode: '058091' })
    const contact = await createContact(house, anna, card)
    const talk = await openInteraction(house, anna, { channel: 'counter', contactId: contact.id, typologyId: 'vecchiaia' })
    const asked = { id: talk.id, question: 'E i contributi in Germania?', replyTo: { email: 'giulia@example.org' } }
    const { ticketId } = await sendLinea(house, anna, asked)
    const file = { subjectId: ticketId, name: 'Modulo.pdf', bytes: pdf }
    const seenBy = (actor: PersonActor) => ticketView(house, actor, ticketId, 'it')
    const names = async () => (await seenBy(paola)).answerFiles.map(({ name }) => name)

    // Who has not taken it adds nothing, and elsewhere it is not there.
    await expect(ticketFiles.add(house, paola, file)).rejects.toMatchObject({ status: 403 })
    await claimTicket(house, paola, { ticketId })
    await expect(ticketFiles.add(house, anna, file)).rejects.toMatchObject({ status: 403 })
    await expect(ticketFiles.add(house, milan, file)).rejects.toMatchObject({ status: 404 })
    await expect(templatesForTicket(house, milan, { ticketId })).rejects.toMatchObject({ status: 404 })
    await ticketFiles.add(house, paola, file)
    clock.advance(1)
    await ticketFiles.add(house, paola, { ...file, name: 'Altro.pdf' })
    const [, other] = (await seenBy(paola)).answerFiles
    await ticketFiles.remove(house, paola, { subjectId: ticketId, fileId: other?.id ?? '' })
    expect(await names()).toEqual(['Modulo.pdf'])

    const body =
      'Gentile {{cittadino}},\nla pratica {{codice}} ({{tipologia}}) è accolta.\n\nCordiali saluti\n{{operatore}}, {{struttura}}'
    const template = { unitId: 'cric-lazio', typologyId: null, language: 'it' as const, name: 'Accolta', body }
    await createTemplate(house, coordinator, template)
    await createTemplate(house, supervisor, { ...template, unitId: 'ccm', name: 'Del contact center' })
    const { items } = await templatesForTicket(house, paola, { ticketId })
    expect(items.map(({ name }) => name)).toEqual(['Accolta'])
    const text = items[0]?.text ?? ''
    expect(text).toMatch(
      /^Gentile Giulia Ferri,\nla pratica \d{3} \d{3} \d{4} \(.+\) è accolta\.\n\nCordiali saluti\nPaola Neri, CRIC Lazio$/,
    )
    await expect(answerTicket(house, paola, { ticketId, answer: 'Gentile {{nome}},' })).rejects.toMatchObject({
      ...{ code: 'cases.template.unknownVariables', values: { field: 'answer' } },
    })
    await expect(answerTicket(house, paola, { ticketId, answer: text, replyTo: { phone: '06 1234567' } })).rejects.toMatchObject({
      code: 'cases.filesNotCarried',
    })

    await answerTicket(house, paola, { ticketId, answer: text })
    expect(await seenBy(paola)).toMatchObject({ state: 'answered', answerFiles: [], filesGiven: [{ name: 'Modulo.pdf' }] })
    expect(await sendDue(house, server.carriers, settlers)).toBe(0)
    await withdrawAnswer(house, paola, { ticketId })
    expect(await seenBy(paola)).toMatchObject({ state: 'claimed', filesGiven: [], draft: { text } })
    expect(await names()).toEqual(['Modulo.pdf'])

    // Nobody takes an answer back and gives it again within one millisecond.
    clock.advance(1)
    await answerTicket(house, paola, { ticketId, answer: text })
    clock.advance(10_000)
    await sendDue(house, server.carriers, settlers)
    expect(await seenBy(paola)).toMatchObject({ state: 'claimed', answerProblem: expect.any(String) })
    expect(await names()).toEqual(['Modulo.pdf'])
    const [failed] = (await unsentList(house, paola, { limit: 10 }, options)).items
    await sendUnsentAgain(house, paola, { mailId: failed?.id ?? '', address: 'ferri@example.org' }, ownerOf)
    clock.advance(10_000)
    await sendDue(house, server.carriers, settlers)
    const sent = await server.last()
    expect(sent.attachments).toMatchObject([{ filename: 'Modulo.pdf', contentType: 'application/pdf' }])
    // The template is a whole letter: nobody is greeted twice, and what the case is stands below.
    expect(sent.text?.match(/Gentile/g)).toHaveLength(1)
    expect(sent.text?.match(/saluti/g)).toHaveLength(1)
    expect(sent.text).toMatch(/Richiesta \d{3} \d{3} \d{4}/)
    const closed = await seenBy(paola)
    expect(closed).toMatchObject({ state: 'closed', filesGiven: [{ name: 'Modulo.pdf' }] })
    const one = { subjectId: ticketId, fileId: closed.filesGiven[0]?.id ?? '' }
    const reply = { headers: () => {} }
    expect((await ticketFiles.download(house, anna, { ...one, reply }, plain)).equals(pdf)).toBe(true)
    await expect(ticketFiles.download(house, milan, { ...one, reply }, plain)).rejects.toMatchObject({ status: 404 })
    await expect(ticketFiles.remove(house, paola, one)).rejects.toMatchObject({ status: 403 })
  })

  test('the page of what could not be sent costs the same for one mail and for many, and is read along its index', async () => {
    const { house } = await open({ clock: virtualClock(Date.parse('2026-11-30T09:00:00Z')) })
    const db = house.database.kysely
    const mailboxId = await mailboxAt(house, 'cric-lazio-pensioni')
    const card = NewContact.parse({ kind: 'person', givenName: 'Giulia', familyName: 'Ferri', municipalityCode: '058091' })
    const contact = await createContact(house, anna, card)
    const fails = () =>
      db
        .updateTable('mail')
        .set({ state: 'failed', last_problem: '550 5.1.1 no such user', last_reason: 'address', attempts: 1 })
        .execute()
    const unsent = async (n: number) => {
      const interactionId = await arrives(house, mailboxId, letter(`Domanda ${n}`))
      await takeMailInHand(house, paola, { interactionId })
      await answerMailOf(house, paola, { interactionId, ...about })
      const talk = await openInteraction(house, anna, { channel: 'counter', contactId: contact.id, typologyId: 'vecchiaia' })
      const asked = { id: talk.id, question: 'E i contributi in Germania?', replyTo: { email: 'giulia@example.org' } }
      const { ticketId } = await sendLinea(house, anna, asked)
      await claimTicket(house, paola, { ticketId })
      await answerTicket(house, paola, { ticketId, answer: 'Sono arrivati.' })
      await fails()
    }
    const list = async (actor: PersonActor) => {
      let items: { about: string; may: object }[] = []
      const plans = await plansOf(db, async kysely => {
        const watched = { ...house, database: { ...house.database, kysely } }
        items = (await unsentList(watched, actor, { limit: 30 }, options)).items
      })
      return { items, plans }
    }
    await unsent(0)
    const one = await list(paola)
    expect(one.items.map(each => each.about).sort()).toEqual(['mail', 'ticket'])
    for (let n = 1; n < 5; n++) await unsent(n)
    const many = await list(paola)
    expect(many.items).toHaveLength(10)
    expect(many.plans.length).toBe(one.plans.length)
    expect(many.plans.length).toBeLessThanOrEqual(4)

    await sql`
      insert into mail (id, message_id, purpose, subject_id, case_id, unit_ids, to_address, to_name, from_name, reply_token, subject, body, language, refs,
                        automatic, state, next_at, last_problem, queued_at)
      select gen_random_uuid(), n::text, ${mailAnswerPurpose}, gen_random_uuid(), gen_random_uuid(), array['of-' || n % 500], 'x', 'x', 'x', 'x', 'x', 'x',
             'it', '{}', false, 'failed', now(), 'x', now()
      from   generate_series(1, 20000) n`.execute(db)
    await analyse(db)
    const [page] = (await list(paola)).plans
    expect(page?.indexes, page?.text).toEqual(expect.arrayContaining(['mail_unsent']))
    expect(page?.scanned).toEqual([])
  })
})
