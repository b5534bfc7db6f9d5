/** Mail of citizens against a real IMAP server: fetched once, read apart, kept whatever happens. */
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { onPostgres } from '../../../test/support/database.ts'
import { type Dovecot, dovecotPassword, startDovecot } from '../../../test/support/dovecot.ts'
import { staff } from '../../../test/support/staff.ts'
import { mailAnswerPurpose, receiveMail, settleMailAnswer } from '../../cases/index.ts'
import { answerMailOf, takeMailInHand, withdrawMailAnswer } from '../../cases/mails/mails.ts'
import { mailView } from '../../cases/mails/views.ts'
import { type Entry, type House, inTransaction, isOneOf, system } from '../../platform/index.ts'
import { mailboxListening, mailNoted, mailReceived, mailToExamine } from '../events.ts'
import { connectMailbox, openFolder } from '../mailboxes/imap.ts'
import { NewMailbox } from '../mailboxes/model.ts'
import { changeMailbox, createMailbox, mailboxView, tryMailbox } from '../mailboxes/service.ts'
import { readMailbox } from '../mailboxes/store.ts'
import { fetchMails, maxMailBytes } from './intake.ts'
import { reconciliation } from './reconciling.ts'
import { startInbox } from './start.ts'

const closing: (() => Promise<void>)[] = []

const pace = { lookMs: 50, pollMs: 500, termMs: 2_000, backOff: { minRetryMs: 20, maxRetryMs: 100 } }
const parts = { receive: receiveMail, settlers: { [mailAnswerPurpose]: settleMailAnswer } }

async function imapServer(): Promise<Dovecot> {
  const server = await startDovecot()
  closing.push(() => server.close())
  return server
}

function inboxOf(house: House) {
  const inbox = startInbox(house, parts, pace)
  closing.push(() => inbox.close())
  return inbox
}

const mailbox = (port: number, more: Record<string, unknown> = {}) =>
  NewMailbox.parse({
    ...{ address: 'pensioni@ente.example', unitId: 'ccm-pensioni', host: '127.0.0.1', port, security: 'none' },
    ...{ userName: 'pensioni', secret: dovecotPassword, ...more },
  })

/** Collects entries of the journal, and waits until there are so many of some types. */
async function listenTo(house: House) {
  const entries: Entry[] = []
  const waiting: { isThere: () => boolean; resolve: () => void }[] = []
  const stop = await house.tail.follow(news => {
    entries.push(...news)
    for (const each of waiting) if (each.isThere()) each.resolve()
  })
  closing.push(async () => stop())
  return {
    entries,
    until: (types: Parameters<typeof isOneOf>[1], n: number) =>
      new Promise<void>(resolve => {
        const isThere = () => entries.filter(entry => isOneOf(entry, types)).length >= n
        if (isThere()) resolve()
        else waiting.push({ isThere, resolve })
      }),
  }
}

const letter = (n: number, from = `citizen${n}@example.org`) =>
  [
    `From: Giulia Ferri <${from}>`,
    'To: pensioni@ente.example',
    `Subject: =?utf-8?Q?Perch=C3=A9_la_mia_domanda_${n}?=`,
    `Message-ID: <letter-${n}@example.org>`,
    'Date: Fri, 27 Nov 2026 10:00:00 +0100',
    'Content-Type: text/plain; charset=iso-8859-1',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    `Buongiorno, perch=E9 la domanda ${n} =E8 ancora in lavorazione?`,
    '',
  ].join('\r\n')

const mails = 500
/** So many processes are killed; who comes after them is left to finish. */
const maxKills = Number(process.env.INBOX_KILLS ?? 12)
/** One process in four is killed as it begins, so early. */
const earlyMs = 300
/** No other that is killed has worked longer: many kills of the same mails ask for short lives. */
const maxLifeMs = Math.ceil(10_000 / maxKills)

/** Lets a process fetch and read mail, and kills it so long after it has started, or has done something, or never. Returns whether it was killed. */
function lives(url: string, after: 'started' | 'working' | 'never', ms = 0): Promise<boolean> {
  const program = join(import.meta.dirname, '../../../test/support/inbox-process.ts')
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, DATABASE_URL: url, LOG_LEVEL: 'silent', EXPECTED: String(mails) },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const { promise, resolve } = Promise.withResolvers<boolean>()
  let timer: NodeJS.Timeout | undefined
  child.stdout.on('data', (said: Buffer) => {
    if (said.includes(after)) timer ??= setTimeout(() => child.kill('SIGKILL'), ms)
  })
  child.once('exit', (_code, signal) => {
    clearTimeout(timer)
    resolve(signal === 'SIGKILL')
  })
  return promise
}

/** What a mail server says of a mail that it could not deliver (RFC 3464). */
const bounceOf = (messageId: string, to: string) =>
  [
    'Return-Path: <>',
    'From: Mail Delivery System <MAILER-DAEMON@mx.example>',
    'To: risposte@ente.example',
    'Subject: Undelivered Mail Returned to Sender',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
    'MIME-Version: 1.0',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'I am sorry.',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example',
    '',
    `Final-Recipient: rfc822; ${to}`,
    'Action: failed',
    'Status: 5.1.1',
    'Diagnostic-Code: smtp; 550 5.1.1 no such user',
    '',
    '--b',
    'Content-Type: text/rfc822-headers',
    '',
    `Message-ID: ${messageId}`,
    '',
    '--b--',
    '',
  ].join('\r\n')

onPostgres(open => {
  // Before the house itself is closed.
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })

  describe('a mailbox', () => {
    test('is tried before it is kept, and says what is wrong in a sentence', async () => {
      const server = await imapServer()
      const { house } = await open()
      const right = {
        host: '127.0.0.1',
        port: server.port,
        security: 'none',
        userName: 'x',
        folder: 'INBOX',
        secret: dovecotPassword,
      } as const
      expect(await tryMailbox(house, right, 'it')).toMatchObject({ ok: true, sentence: expect.stringContaining('0') })
      const sentences = await Promise.all([
        tryMailbox(house, { ...right, secret: 'wrong' }, 'it'),
        tryMailbox(house, { ...right, folder: 'Altra' }, 'it'),
        tryMailbox(house, { ...right, port: 1 }, 'it'),
        tryMailbox(house, { ...right, security: 'tls' }, 'it'),
        tryMailbox(house, { ...right, host: 'nowhere.invalid' }, 'it'),
      ])
      expect(sentences.map(({ ok }) => ok)).toEqual([false, false, false, false, false])
      expect(new Set(sentences.map(({ sentence }) => sentence)).size).toBe(5)
      for (const { sentence } of sentences) expect(sentence).not.toMatch(/channels\.|\{\{|wrong/)
    })

    test('keeps its secret encrypted, and sends it to no other server than it is for', async () => {
      const { house } = await open()
      const { id } = await createMailbox(house, staff.administrator, mailbox(143))
      const { secret } = await house.database.kysely.selectFrom('mailbox').select('secret').executeTakeFirstOrThrow()
      expect(Buffer.from(secret).toString('latin1')).not.toContain(dovecotPassword)
      expect(JSON.stringify(await mailboxView(house, id, 'it'))).not.toContain(dovecotPassword)
      const elsewhere = {
        host: 'evil.example',
        port: 143,
        security: 'none',
        userName: 'pensioni',
        folder: 'INBOX',
        mailboxId: id,
      } as const
      await expect(tryMailbox(house, elsewhere, 'it')).rejects.toMatchObject({ code: 'channels.secretNeeded' })
      const change = { id, version: 1, change: { host: 'evil.example' } }
      await expect(changeMailbox(house, staff.administrator, change)).rejects.toMatchObject({ code: 'channels.secretNeeded' })
      await expect(createMailbox(house, staff.supervisor, mailbox(143))).rejects.toMatchObject({ status: 403 })
      await expect(createMailbox(house, staff.administrator, mailbox(143))).rejects.toMatchObject({
        code: 'channels.mailboxExists',
      })
    })
  })

  describe('a mail', () => {
    test('becomes an interaction that is offered, once, also after the server has numbered everything anew', async () => {
      const server = await imapServer()
      const { house } = await open()
      const heard = await listenTo(house)
      await createMailbox(house, staff.administrator, mailbox(server.port))
      inboxOf(house)
      await heard.until([mailboxListening], 1)
      await server.deliver('pensioni', letter(1))
      await server.deliver('pensioni', letter(2))
      await server.deliver('pensioni', 'this is\r\nno mail \xff\xfe at all')
      await heard.until([mailReceived, mailToExamine], 3)
      const db = house.database.kysely
      const rows = await db
        .selectFrom('incoming_mail')
        .select(['subject', 'text', 'from_name', 'from_address'])
        .orderBy('subject')
        .execute()
      expect(rows.filter(row => row.subject !== '')).toEqual([
        {
          ...{ subject: 'Perché la mia domanda 1', text: 'Buongiorno, perché la domanda 1 è ancora in lavorazione?' },
          ...{ from_name: 'Giulia Ferri', from_address: 'citizen1@example.org' },
        },
        {
          ...{ subject: 'Perché la mia domanda 2', text: 'Buongiorno, perché la domanda 2 è ancora in lavorazione?' },
          ...{ from_name: 'Giulia Ferri', from_address: 'citizen2@example.org' },
        },
      ])
      await server.renumber('pensioni')
      await server.deliver('pensioni', letter(3))
      await heard.until([mailReceived], 3)
      const { n } = await db
        .selectFrom('raw_mail')
        .select(eb => eb.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow()
      expect(Number(n)).toBe(4)
      const interactions = await db.selectFrom('interaction').select(['channel', 'operator_id', 'state']).execute()
      expect(interactions).toEqual(Array.from({ length: 3 }, () => ({ channel: 'email', operator_id: null, state: 'open' })))
      const queued = heard.entries.filter(entry => entry.type === 'work.queued')
      expect(queued.map(entry => entry.payload.kind)).toEqual(['mail', 'mail', 'mail'])
    })

    test('is answered to its sender in its thread; what comes back by the signed address goes on with the case, and a bounce opens it again', async () => {
      const server = await imapServer()
      const { house } = await open()
      const db = house.database.kysely
      const heard = await listenTo(house)
      await createMailbox(house, staff.administrator, mailbox(server.port))
      inboxOf(house)
      await heard.until([mailboxListening], 1)
      await server.deliver('pensioni', letter(1))
      await heard.until([mailReceived], 1)
      const { id: interactionId } = await db.selectFrom('interaction').select('id').executeTakeFirstOrThrow()
      await takeMailInHand(house, staff.anna, { interactionId })
      await expect(
        answerMailOf(house, staff.luca, { interactionId, answer: 'Buongiorno', typologyId: 'vecchiaia' }),
      ).rejects.toMatchObject({ code: 'cases.policy.mailHeldBy' })
      await answerMailOf(house, staff.anna, { interactionId, answer: 'Buongiorno', typologyId: 'vecchiaia' })
      await withdrawMailAnswer(house, staff.anna, { interactionId })
      await answerMailOf(house, staff.anna, { interactionId, answer: 'Buongiorno, è accolta.', typologyId: 'vecchiaia' })
      const sent = await db.selectFrom('mail').selectAll().where('state', '=', 'queued').executeTakeFirstOrThrow()
      expect(sent).toMatchObject({
        ...{ to_address: 'citizen1@example.org', in_reply_to: '<letter-1@example.org>', refs: ['<letter-1@example.org>'] },
        ...{ subject: 'Re: Perché la mia domanda 1' },
      })
      expect(sent.next_at.getTime() - sent.queued_at.getTime()).toBe(10_000)
      await db.updateTable('mail').set({ state: 'sent' }).where('id', '=', sent.id).execute()
      await inTransaction(house, system('test'), work =>
        settleMailAnswer(work, { mailId: sent.id, subjectId: interactionId, outcome: 'sent', problem: null }),
      )
      const caseStatus = async () =>
        (
          await db
            .selectFrom('case')
            .select('status')
            .where('id', '=', sent.case_id ?? '')
            .executeTakeFirstOrThrow()
        ).status
      expect(await caseStatus()).toBe('closed')

      const toToken = letter(2, 'other@example.org').replace('pensioni@ente.example', `risposte+${sent.reply_token}@ente.example`)
      await server.deliver('pensioni', toToken)
      await heard.until([mailReceived], 2)
      const second = await db
        .selectFrom('incoming_mail')
        .selectAll()
        .where('from_address', '=', 'other@example.org')
        .executeTakeFirstOrThrow()
      expect(second.matched_by).toBe('token')
      const stranger = letter(3, 'thief@example.org').replace('Date:', `In-Reply-To: ${sent.message_id}\r\nDate:`)
      await server.deliver('pensioni', stranger)
      await heard.until([mailReceived], 3)
      const third = await db
        .selectFrom('incoming_mail')
        .selectAll()
        .where('from_address', '=', 'thief@example.org')
        .executeTakeFirstOrThrow()
      expect(third.matched_by).toBe(null)

      await server.deliver('pensioni', bounceOf(sent.message_id, 'citizen1@example.org'))
      await heard.until([mailNoted], 1)
      expect(await caseStatus()).toBe('open')
      const { state, operator_id } = await db
        .selectFrom('interaction')
        .selectAll()
        .where('id', '=', interactionId)
        .executeTakeFirstOrThrow()
      expect({ state, operator_id }).toEqual({ state: 'open', operator_id: null })
      expect(await db.selectFrom('address_trouble').select(['address', 'reason']).execute()).toEqual([
        { address: 'citizen1@example.org', reason: 'address' },
      ])

      // Another sender writes the number in the subject: it is proposed, and whoever answers says that the mail continues that case.
      const caseId = sent.case_id ?? ''
      const { code } = await db.selectFrom('case').select('code').where('id', '=', caseId).executeTakeFirstOrThrow()
      const aboutIt = letter(4, 'patronato@example.org').replace(/^Subject: .*$/m, `Subject: Pratica ${code}`)
      await server.deliver('pensioni', aboutIt)
      await heard.until([mailReceived], 4)
      const fourth = await db
        .selectFrom('incoming_mail')
        .select('interaction_id')
        .where('from_address', '=', 'patronato@example.org')
        .executeTakeFirstOrThrow()
      const about = { interactionId: fourth.interaction_id ?? '' }
      await takeMailInHand(house, staff.anna, about)
      expect((await mailView(house, staff.anna, about.interactionId, 'it')).proposed).toMatchObject([
        { caseId, code, reason: 'number' },
      ])
      const answer = { ...about, answer: 'Buongiorno, è già accolta.' }
      await expect(answerMailOf(house, staff.anna, { ...answer, caseId: house.ids() })).rejects.toMatchObject({ status: 404 })
      await answerMailOf(house, staff.anna, { ...answer, caseId })
      expect(await mailView(house, staff.anna, about.interactionId, 'it')).toMatchObject({ caseId, code, proposed: [] })
    })

    test('that no number tells of is found by the daily comparison; one that is too large is looked at by a person, and all sums add up', async () => {
      const server = await imapServer()
      const { house } = await open()
      const db = house.database.kysely
      const heard = await listenTo(house)
      const { id } = await createMailbox(house, staff.administrator, mailbox(server.port))
      const tooLarge = Buffer.concat([Buffer.from(letter(2)), Buffer.alloc(maxMailBytes, 'a\r\n')])
      server.fill('pensioni', [letter(1), tooLarge, letter(3)])
      const row = await readMailbox(db, id)
      if (!row) throw new Error('The mailbox is not there.')
      // As after a restore: the newest mail is here, those before it are not.
      const connection = await connectMailbox({
        ...{ host: row.host, port: row.port, security: row.security, userName: row.user_name, secret: dovecotPassword },
      })
      const { uidValidity } = await openFolder(connection, row.folder)
      await fetchMails(house, row, connection, { uidValidity: Number(uidValidity), uids: [3] }, async () => {})
      await connection.close()
      inboxOf(house)
      await heard.until([mailReceived, mailToExamine], 3)
      await server.deliver('pensioni', letter(4))
      await heard.until([mailReceived], 3)
      // What was fetched may be read before it is noted how many are left.
      const sums = () => reconciliation(house, { days: 7, limit: 50 })
      await vi.waitUntil(async () => (await sums()).servers.notHere === 0, { timeout: 60_000 })
      const { total, servers, isEven, items } = await sums()
      expect(total).toMatchObject({ fetched: 4, waiting: 0, interactions: 3, noted: 0, toExamine: 1, aside: 0, missing: 0 })
      expect(servers).toEqual({ mailboxes: 1, notHere: 0, compared: 3, missed: 2, late: 0 })
      expect(isEven).toBe(true)
      // A row for each day: around midnight there are two.
      expect(new Set(items.map(({ mailbox }) => mailbox))).toEqual(new Set(['pensioni@ente.example']))
      expect(items.reduce((sum, { fetched }) => sum + fetched, 0)).toBe(4)
      const large = await db.selectFrom('raw_mail').selectAll().where('state', '=', 'examine').executeTakeFirstOrThrow()
      expect(large).toMatchObject({ reason: 'too-large', is_whole: false })
      await db
        .updateTable('incoming_mail')
        .set({ interaction_id: null })
        .where('from_address', '=', 'citizen1@example.org')
        .execute()
      expect(await reconciliation(house, { days: 7, limit: 50 })).toMatchObject({ isEven: false, total: { missing: 1 } })
    })

    test(
      'is there once, however often the process that fetches and reads it is killed',
      async () => {
        const server = await imapServer()
        const { house, url } = await open()
        const db = house.database.kysely
        await createMailbox(house, staff.administrator, mailbox(server.port))
        server.fill(
          'pensioni',
          Array.from({ length: mails }, (_, n) => letter(n)),
        )
        let kills = 0
        let isDone = false
        while (!isDone && kills < maxKills) {
          const isEarly = randomInt(4) === 0
          const isKilled = await lives(url ?? '', isEarly ? 'started' : 'working', randomInt(isEarly ? earlyMs : maxLifeMs))
          if (isKilled) kills++
          else isDone = true
        }
        if (!isDone) await lives(url ?? '', 'never')
        const raws = await db.selectFrom('raw_mail').select(['id', 'state', 'reason', 'detail', 'sha256']).execute()
        const joined = await db.selectFrom('incoming_mail').select(['raw_mail_id', 'interaction_id', 'subject']).execute()
        const interactions = await db.selectFrom('interaction').select('id').execute()
        const examined = raws.filter(raw => raw.state === 'examine')
        console.log(
          `${mails} mails, ${kills} kills: ${raws.length} kept, ${interactions.length} interactions, ${examined.length} to be examined.`,
        )
        expect(new Set(raws.map(raw => Buffer.from(raw.sha256).toString('hex'))).size).toBe(mails)
        expect(raws.length).toBe(mails)
        expect(new Set(joined.map(mail => mail.subject)).size).toBe(joined.length)
        expect(interactions.map(({ id }) => id).toSorted()).toEqual(joined.map(mail => mail.interaction_id).toSorted())
        // A mail in whose hands several processes have died is given to a person: here they were killed, and nobody can tell.
        expect(new Set(examined.map(({ reason, detail }) => `${reason} ${detail}`))).toEqual(
          new Set(examined.length > 0 ? ['unreadable given up after 5 attempts'] : []),
        )
        expect(interactions.length + examined.length).toBe(mails)
      },
      240_000 + maxKills * 10_000,
    )
  })
})
