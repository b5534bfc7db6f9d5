/** Every envelope and receipt of PEC, and how they are forwarded. */
import type { SigningCertificate } from '../pec-authority.ts'
import { certified, anomaly as unvouched } from '../pec-messages.ts'
import { hello, type MailMessage, mail, mixed, part, written } from './build.ts'
import { sentId } from './programs.ts'

/** Signed by nobody that anybody trusts: what is read in it does not depend on that. */
const unsigned: SigningCertificate = { sign: () => Buffer.from('MIAG', 'base64') }

export function registered(): MailMessage[] {
  const provider = 'posta-certificata@gestore.example'
  const at = new Date('2026-11-27T09:00:00Z')
  const citizen = 'giulia@pec.example'
  const ours = 'pensioni@pec.ente.example'
  const letter = mail({ From: citizen, To: ours, 'Content-Type': 'text/plain; charset=utf-8' }, written)
  const common = { subject: 'Domanda', at, identifier: 'opec1@gestore.example', messageId: sentId }
  const receipt = (
    type: Parameters<typeof certified>[2]['type'],
    more: Partial<Parameters<typeof certified>[2]> = {},
    name: string = type,
  ): MailMessage => ({
    ...{ kind: 'pec', name: `receipt: ${name}`, pec: 'receipt' },
    raw: certified(unsigned, provider, { ...common, type, sender: ours, recipients: [{ address: citizen }], ...more }),
  })
  const envelope = (content: Buffer, subject = 'Domanda') =>
    certified(unsigned, provider, {
      ...common,
      subject,
      type: 'posta-certificata',
      sender: citizen,
      recipients: [{ address: ours }],
      content,
    })
  const anomalous = unvouched(unsigned, provider, {
    sender: 'giulia@example.org',
    to: ours,
    subject: 'Domanda',
    at,
    content: letter,
  })
  const carried = (raw: Buffer) =>
    mixed([
      hello,
      part(['Content-Type: message/rfc822; name="pec.eml"', 'Content-Disposition: attachment; filename="pec.eml"'], raw),
    ])
  const inside = (raw: Buffer) => ({ raw: carried(raw), inside: raw })
  return [
    receipt('accettazione'),
    receipt(
      'accettazione',
      { recipients: [{ address: citizen }, { address: 'x@example.org', certified: false }] },
      'accettazione, one outside',
    ),
    receipt('non-accettazione', { error: 'altro', detail: 'formato' }),
    receipt('non-accettazione', { error: 'virus' }, 'non-accettazione, virus'),
    receipt('presa-in-carico', { takenFor: [citizen] }),
    receipt('avvenuta-consegna', { form: 'completa', delivery: citizen, content: letter }, 'avvenuta-consegna, whole'),
    receipt('avvenuta-consegna', { form: 'breve', delivery: citizen, content: letter }, 'avvenuta-consegna, brief'),
    receipt('avvenuta-consegna', { form: 'sintetica', delivery: citizen }, 'avvenuta-consegna, short'),
    ...(['no-dest', 'no-dominio', 'virus', 'altro'] as const).map(error =>
      receipt('errore-consegna', { error, delivery: citizen }, `errore-consegna, ${error}`),
    ),
    receipt('preavviso-errore-consegna', { error: 'altro', delivery: citizen }),
    receipt('rilevazione-virus', { error: 'virus' }),
    ...(['iso-8859-1', 'utf-16le', 'utf-16be'] as const).map(encoding =>
      receipt('accettazione', { encoding }, `accettazione, in ${encoding}`),
    ),
    { kind: 'pec', name: 'an envelope', raw: envelope(letter), pec: 'message' },
    { kind: 'pec', name: 'an anomaly', raw: anomalous, pec: 'anomaly' },
    { kind: 'pec', name: 'an envelope in an envelope', raw: envelope(carried(envelope(letter)), 'I: Domanda'), pec: 'message' },
    { kind: 'pec', name: 'forwarded', ...inside(envelope(letter)), text: written, files: ['pec.eml'], pec: 'ordinary' },
    {
      kind: 'pec',
      name: 'forwarded again',
      raw: carried(carried(envelope(letter))),
      text: written,
      files: ['pec.eml'],
      pec: 'ordinary',
    },
    {
      kind: 'pec',
      name: 'a forwarded receipt',
      raw: carried(receipt('accettazione').raw),
      text: written,
      files: ['pec.eml'],
      pec: 'ordinary',
    },
  ]
}
