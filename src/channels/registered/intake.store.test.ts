/** A citizen's PEC on real parts: a provider that takes and makes PEC, Dovecot with our mailbox, the intake, the outbox, the database. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterEach, expect, test } from 'vitest'
import { onPostgres } from '../../../test/support/database.ts'
import { dovecotPassword, startDovecot } from '../../../test/support/dovecot.ts'
import { startPecProvider } from '../../../test/support/pec-provider.ts'
import { staff } from '../../../test/support/staff.ts'
import { mailAnswerPurpose, receiveMail, settleMailAnswer } from '../../cases/index.ts'
import { answerMailOf, takeMailInHand } from '../../cases/mails/mails.ts'
import { mailView } from '../../cases/mails/views.ts'
import { caseProof, caseView } from '../../cases/views.ts'
import { type Clock, type Entry, isOneOf, systemClock } from '../../platform/index.ts'
import { mailReceived, mailToExamine } from '../events.ts'
import { startInbox } from '../inbox/start.ts'
import { NewMailbox } from '../mailboxes/model.ts'
import { createMailbox } from '../mailboxes/service.ts'
import { openCarriers, sendDue } from '../outbox.ts'
import { receiptJoined } from './events.ts'

const ours = 'pensioni@pec.ente.example'
const citizen = 'giulia.ferri@pec.example'
const hourMs = 3_600_000
const pace = { lookMs: 50, pollMs: 500, termMs: 2_000, backOff: { minRetryMs: 20, maxRetryMs: 100 } }
const settlers = { [mailAnswerPurpose]: settleMailAnswer }

const closing: (() => void | Promise<void>)[] = []

const letter = (subject: string, more: readonly string[] = []) =>
  Buffer.from(
    [
      `From: Giulia Ferri <${citizen}>`,
      `To: ${ours}`,
      'Reply-To: altrove@posta.example',
      `Subject: ${subject}`,
      `Message-ID: <${createHash('sha256').update(subject).digest('hex').slice(0, 12)}@pec.example>`,
      ...more,
      'Content-Type: text/plain; charset=utf-8',
      '',
      'Buongiorno, la mia pensione è ferma da maggio.',
      '',
    ].join('\r\n'),
  )

onPostgres(open => {
  // Before the house itself is closed.
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })

  test('a citizen’s PEC is an interaction from the instant of its delivery; the answer leaves by PEC, its receipts are joined to it and are nobody’s contact, and the proof holds', async () => {
    let aheadMs = 0
    const clock: Clock = { ...systemClock, now: () => systemClock.now() + aheadMs }
    let providerBehindMs = 0
    const dovecot = await startDovecot()
    closing.push(() => dovecot.close())
    const provider = await startPecProvider({
      now: () => new Date(systemClock.now() - providerBehindMs),
      deliver: async (to, raw) => (to === ours ? dovecot.deliver('pec', raw) : undefined),
    })
    closing.push(() => provider.close())
    const folder = mkdtempSync(join(tmpdir(), 'filo-pec-'))
    closing.push(() => rmSync(folder, { recursive: true }))
    const list = join(folder, 'authorities.pem')
    writeFileSync(list, provider.authority.pem)
    const { house } = await open({
      clock,
      environment: { PEC_SMTP_URL: provider.url, PEC_FROM: ours, PEC_TRUST: list, SMTP_URL: 'smtp://127.0.0.1:1' },
    })
    const db = house.database.kysely
    const entries: Entry[] = []
    const waiting: (() => void)[] = []
    closing.push(
      await house.tail.follow(news => {
        entries.push(...news)
        for (const tell of waiting) tell()
      }),
    )
    const until = (types: Parameters<typeof isOneOf>[1], n: number) =>
      new Promise<void>(resolve => {
        const tell = () => entries.filter(entry => isOneOf(entry, types)).length >= n && resolve()
        waiting.push(tell)
        tell()
      })
    await createMailbox(
      house,
      staff.administrator,
      NewMailbox.parse({
        ...{ address: ours, unitId: 'ccm-pensioni', kind: 'pec', host: '127.0.0.1', port: dovecot.port, security: 'none' },
        ...{ userName: 'pec', secret: dovecotPassword },
      }),
    )
    const inbox = startInbox(house, { receive: receiveMail, settlers }, pace)
    closing.push(() => inbox.close())

    // The sender's provider took it an hour ago; it was put into our mailbox now.
    providerBehindMs = hourMs
    const beforeMs = Math.floor(systemClock.now() / 1_000) * 1_000
    await provider.sendFrom(citizen, ours, letter('La mia pensione'))
    providerBehindMs = 0
    await until([mailReceived], 1)
    const interaction = await db.selectFrom('interaction').selectAll().where('channel', '=', 'pec').executeTakeFirstOrThrow()
    expect(interaction.question).toBe('La mia pensione\n\nBuongiorno, la mia pensione è ferma da maggio.')
    expect(interaction.opened_at.getTime()).toBeGreaterThanOrEqual(beforeMs)
    const view = await mailView(house, staff.anna, interaction.id, 'it')
    expect(view.registered).toMatchObject({
      kind: 'message',
      verdict: 'valid',
      signer: provider.address,
      issuer: 'GESTORE DI PROVA S.p.A.',
    })
    expect(Date.parse(view.registered?.receivedAt ?? '') - Date.parse(view.registered?.sentAt ?? '')).toBeGreaterThan(
      hourMs - 2_000,
    )
    expect(view.from.address).toBe(citizen)

    // Taken and answered: after the seconds in which it can be taken back it leaves by PEC, to the address that the provider vouched for.
    await takeMailInHand(house, staff.anna, { interactionId: interaction.id })
    await answerMailOf(house, staff.anna, {
      interactionId: interaction.id,
      answer: 'Gentile Giulia Ferri, la pensione riparte a dicembre.',
      typologyId: 'vecchiaia',
    })
    aheadMs = 11_000
    const carriers = await openCarriers(house)
    closing.push(() => {
      for (const carrier of carriers.values()) carrier.close()
    })
    await sendDue(house, carriers, settlers)
    expect(provider.mailbox(citizen)).toHaveLength(1)
    await until([receiptJoined], 2)

    const { case_id: caseId } = await db
      .selectFrom('interaction')
      .select('case_id')
      .where('id', '=', interaction.id)
      .executeTakeFirstOrThrow()
    const matter = await caseView(house, staff.anna, caseId ?? '')
    const [message] = matter.messages
    expect([matter.status, message?.channel, message?.registered?.state]).toEqual(['closed', 'pec', 'delivered'])
    expect(message?.registered?.steps.map(({ kind, verdict }) => [kind, verdict])).toEqual([
      ['sent', null],
      ['accepted', 'valid'],
      ['delivered', 'valid'],
    ])

    // The proof: what left, and both receipts as they came, with hashes that agree and signatures that openssl finds good.
    const pieces: Buffer[] = []
    const proof = await caseProof(house, staff.anna, { caseId: caseId ?? '', messageId: message?.id ?? '' }, 'it')
    proof.on('data', (piece: Buffer) => pieces.push(piece))
    await once(proof, 'end')
    const files = unzipSync(Buffer.concat(pieces))
    expect(Object.keys(files)).toEqual([
      '00-messaggio.eml',
      '01-accettazione.eml',
      `02-consegna-${citizen}.eml`,
      'LEGGIMI.txt',
      'SHA256SUMS',
    ])
    const sums = Buffer.from(files.SHA256SUMS ?? [])
      .toString()
      .trim()
      .split('\n')
    for (const line of sums) {
      const [hash, name = ''] = line.split('  ')
      expect(
        createHash('sha256')
          .update(files[name] ?? '')
          .digest('hex'),
        name,
      ).toBe(hash)
    }
    for (const name of ['01-accettazione.eml', `02-consegna-${citizen}.eml`])
      expect(provider.authority.verify(Buffer.from(files[name] ?? []), new Date()), name).toBe(true)
    expect(provider.mailbox(citizen)[0]?.includes(Buffer.from(files['00-messaggio.eml'] ?? []))).toBe(true)

    // The citizen answers by PEC: it belongs to the same case.
    const { message_id: answerId } = await db
      .selectFrom('mail')
      .select('message_id')
      .where('channel', '=', 'pec')
      .executeTakeFirstOrThrow()
    await provider.sendFrom(citizen, ours, letter('Re: La mia pensione', [`In-Reply-To: ${answerId}`]))
    await until([mailReceived], 2)
    const [, again] = await db.selectFrom('interaction').select(['case_id', 'channel']).orderBy('opened_at').execute()
    expect(again).toEqual({ case_id: caseId, channel: 'pec' })

    // A receipt about nothing of ours, and a mail that only says that it is one: somebody looks, and no citizen has written.
    await provider.receipt({
      type: 'avvenuta-consegna',
      sender: ours,
      messageId: '<altro@pec.example>',
      form: 'breve',
      delivery: citizen,
    })
    await dovecot.deliver('pec', `X-Ricevuta: avvenuta-consegna\r\nFrom: x@y.example\r\nSubject: CONSEGNA\r\n\r\nconsegnato\r\n`)
    await until([mailToExamine], 2)
    // Ordinary mail that the provider passes on is ordinary mail.
    await provider.passOn(
      'qualcuno@posta.example',
      ours,
      Buffer.from('From: qualcuno@posta.example\r\nSubject: Ciao\r\n\r\nCiao\r\n'),
    )
    await until([mailReceived], 3)
    const raws = await db.selectFrom('raw_mail').select(['state', 'reason']).orderBy('state').orderBy('reason').execute()
    expect(raws.map(({ state, reason }) => [state, reason])).toEqual([
      ['examine', 'receipt'],
      ['examine', 'unreadable'],
      ['interaction', null],
      ['interaction', null],
      ['interaction', null],
      ['noted', 'receipt'],
      ['noted', 'receipt'],
    ])
    expect((await db.selectFrom('interaction').select('channel').orderBy('channel').execute()).map(each => each.channel)).toEqual(
      ['email', 'pec', 'pec'],
    )
  })
})
