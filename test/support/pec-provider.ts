/**
 * A small PEC provider: an access point that takes messages over SMTP by the rules (RFC 6109 §3.1.1), makes every kind of envelope and receipt, signs
 * them with an authority of the test, and delivers them into mailboxes: kept here, or brought on to a real server by `deliver`.
 */
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { type Authority, makeAuthority, type SigningCertificate } from './pec-authority.ts'
import { anomaly, type CertificateParts, certified } from './pec-messages.ts'

/** What becomes of a message on its way to a recipient. */
export type Delivery =
  | { becomes: 'delivered'; form?: CertificateParts['form'] }
  /** As between two providers: the other one takes it in charge first. */
  | { becomes: 'delivered-by-another'; form?: CertificateParts['form'] }
  /** Ordinary mail goes out, and nothing comes back. */
  | { becomes: 'outside' }
  | { becomes: 'silent' }
  | { becomes: 'delayed' }
  | { becomes: 'failed'; error: 'no-dest' | 'no-dominio' | 'altro'; detail: string }
  | { becomes: 'virus' }

export interface PecProvider {
  /** For `PEC_SMTP_URL`. */
  readonly url: string
  /** The address that signs. */
  readonly address: string
  readonly authority: Authority
  /** What became of messages to an address from now on; without a word they are delivered. */
  treat(address: string, delivery: Delivery): void
  /** Sends a citizen's message to a mailbox of ours. Returns the envelope as it was delivered. */
  sendFrom(sender: string, to: string, original: Buffer): Promise<Buffer>
  /** Passes on ordinary mail, for which nobody vouches. */
  passOn(sender: string, to: string, original: Buffer): Promise<Buffer>
  /** Makes a receipt that nobody has asked for, and delivers it. */
  receipt(parts: Partial<CertificateParts> & Pick<CertificateParts, 'type' | 'sender' | 'messageId'>): Promise<Buffer>
  /** The messages of ours that it was handed, as they came over the line, the first one first. */
  taken(): readonly Buffer[]
  /** What lies in a mailbox. */
  mailbox(address: string): readonly Buffer[]
  close(): Promise<void>
}

export interface PecProviderOptions {
  domain?: string
  now: () => Date
  /** Brings a mail into a real mailbox. */
  deliver?: (to: string, raw: Buffer) => Promise<void>
}

const maxCountedBytes = 30 * 1024 * 1024

export async function startPecProvider({ domain = 'gestore.example', now, deliver }: PecProviderOptions): Promise<PecProvider> {
  const address = `posta-certificata@${domain}`
  const authority = makeAuthority()
  const signing = authority.issue({ address })
  const mailboxes = new Map<string, Buffer[]>()
  const taken: Buffer[] = []
  const treatments = new Map<string, Delivery>()
  const put = async (to: string, raw: Buffer) => {
    mailboxes.set(to, [...(mailboxes.get(to) ?? []), raw])
    await deliver?.(to, raw)
    return raw
  }
  const context: Context = {
    signing,
    address,
    domain,
    now,
    put,
    treatmentOf: to => treatments.get(to) ?? { becomes: 'delivered' },
  }

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, session, done) {
      const pieces: Buffer[] = []
      stream.on('data', (piece: Buffer) => pieces.push(piece))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        const reversePath = mailFrom ? mailFrom.address.toLowerCase() : ''
        const to = rcptTo.map(each => each.address.toLowerCase())
        const raw = Buffer.concat(pieces)
        taken.push(raw)
        takeIn(context, raw, reversePath, to).then(() => done(), done)
      })
    },
  })
  server.on('error', () => {})
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    address,
    authority,
    treat: (to, delivery) => void treatments.set(to.toLowerCase(), delivery),
    sendFrom: (sender, to, original) => envelop(context, { sender, to, original }),
    async passOn(sender, to, original) {
      const { subject = '' } = await simpleParser(original)
      return put(to, anomaly(signing, address, { sender, to, subject, at: wholeSecond(now()), content: original }))
    },
    receipt: parts =>
      put(
        parts.sender,
        certified(signing, address, {
          recipients: [],
          subject: 'Oggetto',
          at: wholeSecond(now()),
          identifier: identifierOf(context),
          ...parts,
        }),
      ),
    taken: () => taken,
    mailbox: of => mailboxes.get(of.toLowerCase()) ?? [],
    async close() {
      await new Promise<void>(resolve => server.close(() => resolve()))
      authority.remove()
    },
  }
}

interface Context {
  signing: SigningCertificate
  address: string
  domain: string
  now: () => Date
  put: (to: string, raw: Buffer) => Promise<Buffer>
  treatmentOf: (to: string) => Delivery
}

const identifierOf = ({ domain }: Context): string => `opec${randomUUID()}@${domain}`
/** Certificates tell seconds. */
const wholeSecond = (at: Date): Date => new Date(Math.floor(at.getTime() / 1_000) * 1_000)

async function envelop(
  context: Context,
  { sender, to, original }: { sender: string; to: string; original: Buffer },
): Promise<Buffer> {
  const { subject = '', messageId = '' } = await simpleParser(original)
  const envelope = certified(context.signing, context.address, {
    ...{ type: 'posta-certificata', sender, recipients: [{ address: to }], subject, messageId, content: original },
    ...{ at: wholeSecond(context.now()), identifier: identifierOf(context) },
  })
  return context.put(to, envelope)
}

/** The access point: takes a message or not, says so, and brings it on. */
async function takeIn(context: Context, raw: Buffer, reversePath: string, to: readonly string[]): Promise<void> {
  const mail = await simpleParser(raw)
  const from = mail.from?.value[0]?.address?.toLowerCase() ?? ''
  const inHead = [mail.to, mail.cc].flat().flatMap(each => each?.value.map(one => one.address?.toLowerCase() ?? '') ?? [])
  const shared: Omit<CertificateParts, 'type'> = {
    sender: reversePath,
    recipients: to.map(each => ({ address: each, certified: context.treatmentOf(each).becomes !== 'outside' })),
    subject: mail.subject ?? '',
    at: wholeSecond(context.now()),
    identifier: identifierOf(context),
    messageId: mail.messageId ?? '',
  }
  const say = (parts: Pick<CertificateParts, 'type'> & Partial<CertificateParts>, content?: Buffer) =>
    context.put(reversePath, certified(context.signing, context.address, { ...shared, ...parts, content }))
  const wrong =
    from !== reversePath
      ? 'il mittente non coincide con il reverse path'
      : mail.bcc !== undefined || to.some(each => !inHead.includes(each))
        ? 'ci sono destinatari in copia nascosta'
        : raw.length * to.length > maxCountedBytes
          ? 'il messaggio supera la dimensione consentita'
          : undefined
  if (wrong) return void (await say({ type: 'non-accettazione', error: 'altro', detail: wrong }))
  await say({ type: 'accettazione' })
  for (const each of to) await bring(context, each, { shared, raw, say })
}

interface Brought {
  shared: Omit<CertificateParts, 'type'>
  raw: Buffer
  say: (parts: Pick<CertificateParts, 'type'> & Partial<CertificateParts>, content?: Buffer) => Promise<Buffer>
}

async function bring(context: Context, to: string, { shared, raw, say }: Brought): Promise<void> {
  const delivery = context.treatmentOf(to)
  switch (delivery.becomes) {
    case 'delivered-by-another':
      await say({ type: 'presa-in-carico', takenFor: [to] })
      return deliverTo(context, to, delivery.form, { shared, raw, say })
    case 'delivered':
      return deliverTo(context, to, delivery.form, { shared, raw, say })
    case 'failed':
      return void (await say({ type: 'errore-consegna', delivery: to, error: delivery.error, detail: delivery.detail }))
    case 'delayed':
      return void (await say({
        type: 'preavviso-errore-consegna',
        delivery: to,
        error: 'altro',
        detail: 'superamento del tempo massimo',
      }))
    case 'virus':
      return void (await say({
        type: 'rilevazione-virus',
        delivery: to,
        error: 'virus',
        detail: 'rilevato un virus informatico',
      }))
    case 'outside':
    case 'silent':
      return undefined
  }
}

async function deliverTo(
  context: Context,
  to: string,
  form: CertificateParts['form'] = 'completa',
  { shared, raw, say }: Brought,
): Promise<void> {
  const envelope = certified(context.signing, context.address, { ...shared, type: 'posta-certificata', content: raw })
  await context.put(to, envelope)
  await say({ type: 'avvenuta-consegna', delivery: to, form }, form === 'sintetica' ? undefined : raw)
}
