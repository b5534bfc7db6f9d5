/** Outgoing mail against a real SMTP server on the loopback. */
import { spawn } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { afterEach, describe, expect, test } from 'vitest'
import { eachDatabase, onPostgres } from '../../test/support/database.ts'
import { mailBy } from '../../test/support/mail-server.ts'
import { type House, houseSecret, inTransaction, system, virtualClock } from '../platform/index.ts'
import { type NewMail, queueMail, readReplyToken, type Settler, startChannels } from './index.ts'
import { sendDue, sendMail } from './outbox.ts'

const caseId = '019a8f3e-7c1e-7b2a-9f6d-3c2b1a0f9e8d'
const contactId = '019a8f3e-7c1e-7b2a-9f6d-3c2b1a0f9e8e'
const ticketId = '019a8f3e-7c1e-7b2a-9f6d-3c2b1a0f9e8f'

const answer: NewMail = {
  purpose: 'cases.answer',
  subjectId: ticketId,
  caseId,
  contactId,
  to: { name: 'Giulia Ferri', address: 'giulia.ferri@example.org' },
  fromName: 'CRIC Lazio',
  subject: 'La sua richiesta 482 719 3056: perché è «in lavorazione»',
  body: 'Gentile Giulia Ferri,\n\nsì: <b>la domanda</b> è accolta & pagata.\n.\nCordiali saluti',
  language: 'it',
  automatic: false,
  units: ['cric-lazio'],
}

/** What the server does with a recipient, and hears of a message before it says that it has it. */
interface Behaviour {
  recipient?: (address: string) => Error | undefined
  received?: (raw: string) => void | Promise<void>
}

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function smtpServer(behaviour: Behaviour = {}) {
  const raws: string[] = []
  const arrived: ((raw: string) => void)[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: ({ address }, _session, callback) => callback(behaviour.recipient?.(address)),
    onData(stream, _session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', async () => {
        const raw = Buffer.concat(chunks).toString('utf8')
        raws.push(raw)
        await behaviour.received?.(raw)
        callback()
        for (const tell of arrived.splice(0)) tell(raw)
      })
    },
  })
  server.on('error', () => {})
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  const close = () => new Promise<void>(resolve => server.close(() => resolve()))
  closing.push(close)
  return {
    url: `smtp://127.0.0.1:${port}`,
    raws,
    mails: (): Promise<ParsedMail[]> => Promise.all(raws.map(raw => simpleParser(raw))),
    next: () => new Promise<string>(resolve => arrived.push(resolve)),
    close,
  }
}

function sender(url: string) {
  const carriers = mailBy(url)
  closing.push(async () => carriers.close())
  return carriers
}

const queue = (house: House, mail: Partial<NewMail> = {}) =>
  inTransaction(house, system('test'), work => queueMail(work, { ...answer, ...mail }))

async function entries(house: House) {
  const rows = await house.database.kysely
    .selectFrom('event')
    .select(['type', 'case_id', 'channel', 'payload'])
    .where('type', 'like', 'mail.%')
    .orderBy('id')
    .execute()
  return rows.map(row => ({ type: row.type, case: row.case_id, channel: row.channel, payload: row.payload }))
}

const types = async (house: House) => (await entries(house)).map(entry => entry.type)
const mailState = (house: House, id: string) =>
  house.database.kysely.selectFrom('mail').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

describe('outgoing mail', () => {
  eachDatabase(open => {
    test('carries an entry for the calendar with its method, as it was written', async () => {
      const { house } = await open()
      const server = await smtpServer()
      const text = 'BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nSUMMARY:Così\r\nEND:VCALENDAR\r\n'
      await queue(house, { calendar: { method: 'CANCEL', text } })
      await sendDue(house, sender(server.url), {})
      const [mail] = await server.mails()
      expect(server.raws[0]).toMatch(/^Content-Type: text\/calendar; charset=utf-8; method=CANCEL/im)
      expect(mail?.attachments.map(part => part.content.toString('utf8'))).toContain(text)
      expect(mail?.text).toContain('la domanda')
    })

    test('arrives with our headers, a signed way to answer, and its text in two forms', async () => {
      const { house } = await open()
      const server = await smtpServer()
      const settled: unknown[] = []
      const settle: Settler = async (_work, outcome) => {
        settled.push(outcome)
      }
      const id = await queue(house)
      await sendDue(house, sender(server.url), { 'cases.answer': settle })
      const [mail] = await server.mails()
      const [raw = ''] = server.raws
      expect(mail?.messageId).toBe(`<${id}@filodiretto.example>`)
      expect(mail?.from?.value).toEqual([{ name: 'CRIC Lazio', address: 'risposte@filodiretto.example' }])
      expect(mail?.to).toMatchObject({ value: [{ name: 'Giulia Ferri', address: 'giulia.ferri@example.org' }] })
      expect(mail?.subject).toBe(answer.subject)
      expect(mail?.text?.replace(/\r\n/g, '\n').trim()).toBe(answer.body)
      expect(mail?.html).toContain('sì: &lt;b&gt;la domanda&lt;/b&gt; è accolta &amp; pagata.<br>.<br>Cordiali saluti')
      expect(mail?.headers.get('content-language')).toBe('it')
      expect(mail?.headers.has('auto-submitted')).toBe(false)
      expect(raw).not.toContain('In-Reply-To')
      const token = /^risposte\+([a-z2-7]+)@filodiretto\.example$/.exec(mail?.replyTo?.value[0]?.address ?? '')?.[1] ?? ''
      expect(readReplyToken(await houseSecret(house.config, house.database.kysely), token)).toBe(caseId)
      expect(settled).toEqual([{ mailId: id, subjectId: ticketId, outcome: 'sent', problem: null }])
      expect(await entries(house)).toMatchObject([
        { type: 'mail.queued', case: caseId, channel: 'email', payload: { mailId: id, purpose: 'cases.answer' } },
        { type: 'mail.sent', case: caseId, channel: 'email', payload: { mailId: id, attempts: 1 } },
      ])
      expect(await sendDue(house, sender(server.url), {})).toBe(0)
    })

    test('the second mail of a case continues the thread; one to another address does not', async () => {
      const { house } = await open()
      const server = await smtpServer()
      const carriers = sender(server.url)
      const first = await queue(house)
      const second = await queue(house)
      const third = await queue(house)
      await queue(house, { to: { name: 'Altro', address: 'altro@example.org' } })
      await sendDue(house, carriers, {})
      const mails = await server.mails()
      const name = (id: string) => `<${id}@filodiretto.example>`
      const byId = new Map(mails.map(mail => [mail.messageId, mail]))
      expect(byId.get(name(second))).toMatchObject({ inReplyTo: name(first), references: name(first) })
      expect(byId.get(name(third))).toMatchObject({ inReplyTo: name(second), references: [name(first), name(second)] })
      const other = mails.find(mail => mail.text?.startsWith('Gentile') && JSON.stringify(mail.to).includes('altro@'))
      expect(other?.inReplyTo).toBeUndefined()
    })

    test('a program’s mail says that it is one', async () => {
      const { house } = await open()
      const server = await smtpServer()
      await queue(house, { automatic: true })
      await sendDue(house, sender(server.url), {})
      const [mail] = await server.mails()
      expect(mail?.headers.get('auto-submitted')).toBe('auto-generated')
    })

    test('nothing that a person typed becomes a header, a recipient or mark-up', async () => {
      const { house } = await open()
      const recipients: string[] = []
      const server = await smtpServer({
        recipient: address => {
          recipients.push(address)
          return undefined
        },
      })
      const evil = '\r\nBcc: everybody@example.org\r\nX-Evil: yes\r\n\r\n<script>alert(1)</script>'
      await queue(house, {
        to: { name: `Giulia "G" <x@example.net>, Ferri${evil}`, address: 'giulia.ferri@example.org' },
        fromName: `CRIC${evil}`,
        subject: `Sua richiesta${evil}`,
        body: `Testo${evil}\r\n.\r\nMAIL FROM:<x@example.net>\r\n`,
      })
      await sendDue(house, sender(server.url), {})
      const [mail] = await server.mails()
      expect(recipients).toEqual(['giulia.ferri@example.org'])
      expect(server.raws).toHaveLength(1)
      expect(mail?.bcc).toBeUndefined()
      expect(mail?.headers.has('x-evil')).toBe(false)
      expect(mail?.to).toMatchObject({ value: [{ address: 'giulia.ferri@example.org' }] })
      expect(mail?.from?.value).toHaveLength(1)
      expect(mail?.html).not.toContain('<script')
      expect(mail?.text).toContain('MAIL FROM:<x@example.net>')
    })

    test('an address that the server refuses fails at once, and whoever asked hears why', async () => {
      const { house } = await open()
      const server = await smtpServer({
        recipient: () => Object.assign(new Error('no such mailbox here'), { responseCode: 550 }),
      })
      const settled: unknown[] = []
      const id = await queue(house)
      await sendDue(house, sender(server.url), {
        'cases.answer': async (_work, outcome) => {
          settled.push(outcome)
        },
      })
      expect(await types(house)).toEqual(['mail.queued', 'mail.failed'])
      expect(settled).toMatchObject([{ mailId: id, outcome: 'failed' }])
      expect((await mailState(house, id)).last_problem).toContain('no such mailbox here')
    })

    test('a server that is busy gets it again later, the same mail', async () => {
      const clock = virtualClock()
      const { house } = await open({ clock })
      let busy = true
      const server = await smtpServer({
        recipient: () => (busy ? Object.assign(new Error('come again'), { responseCode: 451 }) : undefined),
      })
      const carriers = sender(server.url)
      const id = await queue(house)
      await sendDue(house, carriers, {})
      expect(await types(house)).toEqual(['mail.queued', 'mail.delayed'])
      expect(await sendDue(house, carriers, {})).toBe(0)
      busy = false
      clock.advance(60_000)
      expect(await sendDue(house, carriers, {})).toBe(1)
      expect(await types(house)).toEqual(['mail.queued', 'mail.delayed', 'mail.sent'])
      expect((await server.mails()).map(mail => mail.messageId)).toEqual([`<${id}@filodiretto.example>`])
    })

    test('a server that is down: tried for two days with growing pauses, then given up', async () => {
      const clock = virtualClock()
      const { house } = await open({ clock })
      const server = await smtpServer()
      await server.close()
      const carriers = sender(server.url)
      const outcomes: string[] = []
      const id = await queue(house)
      for (let hour = 0; hour < 72 && outcomes.length === 0; hour++) {
        await sendDue(house, carriers, {
          'cases.answer': async (_work, { outcome }) => {
            outcomes.push(outcome)
          },
        })
        clock.advance(3_600_000)
      }
      expect(outcomes).toEqual(['failed'])
      expect(await mailState(house, id)).toMatchObject({ state: 'failed', attempts: 9 })
      expect((await types(house)).filter(type => type === 'mail.failed')).toHaveLength(1)
    })

    test('what is not committed is not sent', async () => {
      const { house } = await open()
      const server = await smtpServer()
      await inTransaction(house, system('test'), async work => {
        await queueMail(work, answer)
        throw new Error('changed my mind')
      }).catch(() => {})
      expect(await sendDue(house, sender(server.url), {})).toBe(0)
      expect(server.raws).toEqual([])
      expect(await types(house)).toEqual([])
    })

    test('the worker sends by itself when a mail is queued', async () => {
      const server = await smtpServer()
      const { house } = await open({ environment: { SMTP_URL: server.url } })
      const sent = Promise.withResolvers<void>()
      const channels = await startChannels(house, { 'cases.answer': async () => sent.resolve() })
      closing.push(channels.close)
      await queue(house)
      await sent.promise
      expect(server.raws).toHaveLength(1)
    })

    test('what the settler cannot write is not written at all, and comes again', async () => {
      const clock = virtualClock()
      const { house } = await open({ clock })
      const server = await smtpServer()
      const carriers = sender(server.url)
      const id = await queue(house)
      const broken: Settler = async () => {
        throw new Error('the ticket is locked')
      }
      await expect(sendMail(house, carriers, { 'cases.answer': broken }, id)).rejects.toThrow('the ticket is locked')
      expect((await mailState(house, id)).state).toBe('sending')
      clock.advance(120_000)
      await sendDue(house, carriers, {})
      expect((await mailState(house, id)).state).toBe('sent')
    })
  })

  onPostgres(open => {
    test('two workers at once send it once', async () => {
      const { house, another } = await open()
      const server = await smtpServer()
      const second = await another()
      const id = await queue(house)
      const carriers = sender(server.url)
      await Promise.all([house, second].flatMap(each => [1, 2, 3].map(() => sendMail(each, carriers, {}, id))))
      expect(server.raws).toHaveLength(1)
      expect(await types(house)).toEqual(['mail.queued', 'mail.sent'])
    })

    test('a worker killed after the server took it and before it wrote that down: sent again with the same Message-ID', async () => {
      const clock = virtualClock(Date.now())
      const { house, url } = await open({ clock })
      let child: ReturnType<typeof spawn> | undefined
      const server = await smtpServer({
        received: () => {
          child?.kill('SIGKILL')
        },
      })
      const id = await queue(house)
      child = spawn(process.execPath, [join(import.meta.dirname, '../../test/support/mail-worker.ts'), id], {
        env: { ...process.env, DATABASE_URL: url, SMTP_URL: server.url, LOG_LEVEL: 'silent' },
        stdio: 'inherit',
      })
      const killedBy = await new Promise(resolve => child?.once('exit', (_code, signal) => resolve(signal)))
      expect(killedBy).toBe('SIGKILL')
      expect(await types(house)).toEqual(['mail.queued'])
      clock.advance(130_000)
      await sendDue(house, sender(server.url), {})
      const mails = await server.mails()
      expect(mails.map(mail => mail.messageId)).toEqual([`<${id}@filodiretto.example>`, `<${id}@filodiretto.example>`])
      expect(await types(house)).toEqual(['mail.queued', 'mail.sent'])
    })
  })
})
