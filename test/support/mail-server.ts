/** A real SMTP server on loopback that takes every mail and keeps it. */
import type { AddressInfo } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { openSmtp } from '../../src/channels/email/smtp.ts'
import type { Carrier } from '../../src/channels/port.ts'
import { readConfig } from '../../src/platform/index.ts'

export interface MailServer {
  /** For `SMTP_URL`. */
  readonly url: string
  readonly mails: readonly { envelope: { from: string; to: string[] }; mail: ParsedMail; raw: string }[]
  close(): Promise<void>
}

export async function startMailServer(): Promise<MailServer> {
  const mails: { envelope: { from: string; to: string[] }; mail: ParsedMail; raw: string }[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        const raw = Buffer.concat(parts)
        const { mailFrom, rcptTo } = session.envelope
        const envelope = { from: mailFrom ? mailFrom.address : '', to: rcptTo.map(each => each.address) }
        simpleParser(raw).then(mail => {
          mails.push({ envelope, mail, raw: raw.toString('utf8') })
          done()
        }, done)
      })
    },
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    mails,
    close: () => new Promise<void>(resolve => server.close(() => resolve())),
  }
}

/** What brings mail to a server: for who sends what is due without starting the worker. */
export function mailBy(url: string): ReadonlyMap<'email', Carrier> & { close(): void } {
  const carrier = openSmtp(url, readConfig({}).MAIL_FROM)
  return Object.assign(new Map([['email' as const, carrier]]), { close: () => carrier.close() })
}
