import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Authority, makeAuthority, type SigningCertificate } from '../../../test/support/pec-authority.ts'
import { anomaly, type CertificateParts, certificateXml, certified, encoded } from '../../../test/support/pec-messages.ts'
import type { RegisteredReading } from '../registered/port.ts'
import { readTrustStore } from './authorities.ts'
import { certificateTypes, readCertificate, UnreadableCertificate } from './certificate.ts'
import { readParts, senderIn, UnreadableParts } from './parts.ts'
import { maxCountedBytes, mayLeave, pecService } from './service.ts'

const provider = 'posta-certificata@gestore.example'
const at = new Date('2026-11-29T08:15:30.000Z')
const original = Buffer.from(
  'From: giulia@pec.example\r\nTo: ente@pec.example\r\nSubject: Pensione\r\nMessage-ID: <uno$2@pec.example>\r\n\r\nBuongiorno.\r\n',
)
const parts: CertificateParts = {
  type: 'accettazione',
  sender: 'Giulia@pec.example',
  recipients: [{ address: 'ente@pec.example' }, { address: 'altro@posta.example', certified: false }],
  subject: 'La pensione è «ferma» & basta',
  at,
  identifier: 'opec210312.20261129091530.1@gestore.example',
  messageId: '<uno$2@pec.example>',
}

let authority: Authority
let signing: SigningCertificate
beforeAll(() => {
  authority = makeAuthority()
  signing = authority.issue({ address: provider })
})
afterAll(() => authority.remove())

const read = (raw: Buffer, trust = authority.pem) => pecService(readTrustStore(trust)).read(raw)
const signatureOf = (reading: RegisteredReading) => ('signature' in reading ? reading.signature : undefined)
const verdict = async (raw: Buffer, trust?: string) => {
  const signature = signatureOf(await read(raw, trust))
  return signature && [signature.verdict, signature.reason]
}
const receipt = (over: Partial<Parameters<typeof certified>[2]> = {}) => certified(signing, provider, { ...parts, ...over })

describe('what a PEC is', () => {
  test('every kind of receipt is read with its instant and the message it is about', async () => {
    const of = async (over: Partial<Parameters<typeof certified>[2]>) => {
      const reading = await read(receipt(over))
      expect(reading, JSON.stringify(reading)).toMatchObject({
        is: 'receipt',
        receipt: {
          at,
          about: parts.messageId,
          identifier: parts.identifier,
          sender: 'giulia@pec.example',
          subject: parts.subject,
          recipients: [
            { address: 'ente@pec.example', certified: true },
            { address: 'altro@posta.example', certified: false },
          ],
        },
        signature: { verdict: 'valid', signer: { address: provider, authority: 'Autorità di prova' } },
      })
      return reading.is === 'receipt' ? reading.receipt : undefined
    }
    const failed = { error: 'no-dest', detail: '5.1.1 - indirizzo non valido', delivery: 'ente@pec.example' } as const
    expect(await of({ type: 'accettazione' })).toMatchObject({ kind: 'accepted' })
    expect(await of({ type: 'non-accettazione', error: 'altro', detail: 'ccn' })).toMatchObject({
      kind: 'not-accepted',
      cause: 'other',
    })
    expect(await of({ type: 'presa-in-carico', takenFor: ['ente@pec.example'] })).toMatchObject({
      kind: 'taken-in-charge',
      to: ['ente@pec.example'],
    })
    for (const [form, ours] of [
      ['completa', 'full'],
      ['breve', 'brief'],
      ['sintetica', 'short'],
    ] as const)
      expect(
        await of({
          type: 'avvenuta-consegna',
          form,
          delivery: 'ente@pec.example',
          content: form === 'sintetica' ? undefined : original,
        }),
      ).toMatchObject({ kind: 'delivered', to: 'ente@pec.example', form: ours, content: form === 'sintetica' ? null : original })
    expect(await of({ type: 'errore-consegna', ...failed })).toMatchObject({
      kind: 'not-delivered',
      to: 'ente@pec.example',
      cause: 'no-recipient',
      detail: '5.1.1 - indirizzo non valido',
    })
    expect(await of({ type: 'preavviso-errore-consegna', ...failed, error: 'altro' })).toMatchObject({ kind: 'delivery-delayed' })
    expect(await of({ type: 'rilevazione-virus', ...failed, error: 'virus' })).toMatchObject({ kind: 'virus', cause: 'virus' })
  })

  test('an envelope gives back the mail in it byte for byte, and a PEC that is passed on in it stays an attachment', async () => {
    const raw = receipt({ type: 'posta-certificata', content: original })
    const reading = await read(raw)
    expect(reading).toMatchObject({ is: 'message', message: { at, content: original }, signature: { verdict: 'valid' } })
    expect(reading.sha256).toBe(createHash('sha256').update(raw).digest('hex'))
    const forwarded = await read(
      certified(signing, provider, { ...parts, type: 'posta-certificata', subject: 'I: altra', content: raw }),
    )
    expect(forwarded).toMatchObject({ is: 'message', message: { subject: 'I: altra', content: raw } })
  })

  test('what the provider does not vouch for is an anomaly, and what says nothing is ordinary', async () => {
    const strange = anomaly(signing, provider, {
      sender: 'x@posta.example',
      to: 'ente@pec.example',
      subject: 'Ciao',
      at,
      content: original,
    })
    expect(await read(strange)).toMatchObject({
      is: 'anomaly',
      message: { at, content: original },
      signature: { verdict: 'valid' },
    })
    expect(await read(original)).toMatchObject({ is: 'ordinary' })
    for (const bytes of ['', '\r\n', 'x', '\0\0']) expect(await read(Buffer.from(bytes))).toMatchObject({ is: 'ordinary' })
  })

  test('a header that says something else than the certificate, or says it twice, is believed by nobody', async () => {
    const accepted = receipt()
    const as = (from: string, to: string) => Buffer.from(accepted.toString('latin1').replace(from, to), 'latin1')
    expect(await read(as('X-Ricevuta: accettazione', 'X-Ricevuta: avvenuta-consegna'))).toMatchObject({
      is: 'unreadable',
      why: 'contradiction',
    })
    expect(await read(as('X-Ricevuta: ', 'X-Trasporto: posta-certificata\r\nX-Ricevuta: '))).toMatchObject({ is: 'unreadable' })
    expect(await read(as('daticert.xml"\r\nContent-Tr', 'altro.xml"\r\nContent-Tr').subarray(0, 900))).toMatchObject({
      is: 'unreadable',
      why: 'parts',
    })
    expect(await read(Buffer.from('X-Ricevuta: accettazione\r\n\r\nsaluti'))).toMatchObject({ is: 'unreadable', why: 'parts' })
  })
})

describe('the certificate', () => {
  test('is read in every encoding in which providers write it', () => {
    for (const encoding of ['utf-8', 'iso-8859-1', 'utf-16le', 'utf-16be'] as const)
      for (const type of certificateTypes)
        expect(
          readCertificate(encoded(certificateXml({ ...parts, type }, encoding), encoding)),
          `${encoding} ${type}`,
        ).toMatchObject({
          type,
          at,
          messageId: parts.messageId,
          subject: parts.subject,
        })
    // Saved again by somebody: it declares UTF-16 and is UTF-8.
    expect(readCertificate(Buffer.from(certificateXml(parts, 'utf-16le')))).toMatchObject({ subject: parts.subject })
  })

  test('that is hostile, broken or says things twice is refused at once', () => {
    const good = certificateXml(parts)
    const hostile: readonly (string | Buffer)[] = [
      good.replace('<postacert', '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><postacert').replace('«ferma»', '&x;'),
      good
        .replace('<postacert', '<!DOCTYPE p [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><postacert')
        .replace('«ferma»', '&b;'),
      good.replace('«ferma»', '&x;'),
      good.replace('<intestazione>', '<a>'.repeat(100_000)),
      good.replace('<intestazione>', '<intestazione>'.repeat(9)),
      good.replace('«ferma»', 'x'.repeat(5_000)),
      `${good}${' '.repeat(2_000_000)}`,
      good.replace('<intestazione>', `<intestazione>${'<destinatari>a@b.it</destinatari>'.repeat(6_000)}`),
      good.replace('UTF-8', 'UTF-7'),
      Buffer.from(good, 'latin1'),
      good.replace('29/11/2026', '31/02/2026'),
      good.replace('+0100', 'Roma'),
      good.replace('09:15:30', '25:15:30'),
      good.replace('tipo="accettazione"', 'tipo="consegnata"'),
      good.replace('</dati>', '</dati><dati/>'),
      good.replace('<giorno>', '<giorno>01/01/2001</giorno><giorno>'),
      good.replace('</msgid>', '</msgid><msgid>&lt;altro@pec.example&gt;</msgid>'),
      good.replace('Giulia@pec.example', 'non un indirizzo'),
      good.replace('</postacert>', ''),
      '<html/>',
      '',
    ]
    for (const [number, each] of hostile.entries()) {
      const startedAt = performance.now()
      expect(() => readCertificate(Buffer.from(each)), `${number}`).toThrow(UnreadableCertificate)
      expect(performance.now() - startedAt, `${number}`).toBeLessThan(10_000)
    }
    expect(
      readCertificate(Buffer.from(good.replace('<postacert', '<!DOCTYPE postacert SYSTEM "http://x.example/p.dtd"><postacert'))),
    ).toMatchObject({ at })
  })
})

describe('the signature', () => {
  test('is valid as openssl says, also under an authority below, and with the line ends of another system', async () => {
    const raw = receipt({ content: original })
    expect(authority.verify(raw, at)).toBe(true)
    expect(await verdict(raw)).toEqual(['valid', null])
    const below = authority.below('Autorità minore')
    const lower = certified(below.issue({ address: provider }), provider, parts)
    expect(authority.verify(lower, at)).toBe(true)
    expect(await verdict(lower)).toEqual(['valid', null])
    const saved = Buffer.from(raw.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
    expect(authority.verify(saved, at)).toBe(true)
    expect(await verdict(saved)).toEqual(['valid', null])
  })

  test('is broken by one letter anywhere in what was signed, as openssl says', async () => {
    const raw = receipt({ content: original })
    const signedAt = raw.indexOf('multipart/mixed') - 'Content-Type: '.length
    const endAt = raw.indexOf('Content-Type: application/pkcs7-signature')
    const letters = [...Array(60).keys()].map(step => signedAt + Math.floor((step * (endAt - signedAt - 60)) / 60))
    let seen = 0
    for (const place of letters) {
      const altered = Buffer.from(raw)
      const byte = altered[place] ?? 0
      if (byte < 97 || byte > 121) continue
      altered[place] = byte + 1
      const reading = await read(altered)
      expect(authority.verify(altered, at), `at ${place}`).toBe(false)
      expect(signatureOf(reading)?.verdict ?? reading.is, `at ${place}`).toMatch(/broken|unreadable/)
      seen++
    }
    expect(seen).toBeGreaterThan(10)
    const extra = Buffer.from(raw.toString('latin1').replace('Buongiorno.', 'Buongiorno. '), 'latin1')
    expect(await verdict(extra)).toEqual(['broken', 'altered'])
    const torn = Buffer.from(raw.toString('latin1').replace(/(smime\.p7s"\r\n\r\n.{40}).*/, '$1'), 'latin1')
    expect(await verdict(torn)).toEqual(['broken', 'unreadable'])
  })

  test('of somebody else than the sender of the envelope is broken', async () => {
    const other = authority.issue({ address: 'posta-certificata@altro.example' })
    expect(await verdict(certified(other, provider, parts))).toEqual(['broken', 'other-signer'])
    const twoSenders = receipt().toString('latin1').replace('From: ', `From: x@y.example\r\nFrom: `)
    expect(await verdict(Buffer.from(twoSenders, 'latin1'))).toEqual(['broken', 'other-signer'])
  })

  test('of nobody in the list, of a certificate that was out of date, or for something else is not verified', async () => {
    const stranger = makeAuthority('Autorità di altri')
    const raw = receipt()
    expect(await verdict(raw, stranger.pem)).toEqual(['not-verified', 'unknown-authority'])
    expect(await verdict(raw, '')).toEqual(['not-verified', 'no-trust-store'])
    const namesake = makeAuthority()
    const forged = certified(namesake.issue({ address: provider }), provider, parts)
    expect(await verdict(forged)).toEqual(['not-verified', 'unknown-authority'])
    const old = authority.issue({ address: provider, from: new Date('2024-01-01'), until: new Date('2025-01-01') })
    expect(await verdict(certified(old, provider, parts))).toEqual(['not-verified', 'out-of-date'])
    // A receipt of then stays good when its certificate has expired.
    const then = certified(old, provider, { ...parts, at: new Date('2024-06-01T10:00:00Z') })
    expect(await verdict(then)).toEqual(['valid', null])
    const server = authority.issue({ address: provider, usage: 'serverAuth' })
    expect(await verdict(certified(server, provider, parts))).toEqual(['not-verified', 'not-for-mail'])
    const [head = '', tail = ''] = raw.toString('latin1').split('multipart/signed')
    expect(await verdict(Buffer.from(`${head}multipart/mixed${tail}`, 'latin1'))).toEqual(['not-verified', 'unsigned'])
    stranger.remove()
    namesake.remove()
  })

  test('says nothing about a certificate that lies beside the signed part', async () => {
    const text = receipt({ type: 'avvenuta-consegna', form: 'breve', delivery: 'ente@pec.example' }).toString('latin1')
    const boundary = /micalg="sha-256"; boundary="([^"]+)"/.exec(text)?.[1] ?? ''
    const forged = certificateXml({ ...parts, type: 'avvenuta-consegna', form: 'breve', delivery: 'altro@posta.example' })
    const beside = `--${boundary}\r\nContent-Type: application/xml; name="daticert.xml"\r\n\r\n${forged}\r\n`
    const first = Buffer.from(text.replace(`--${boundary}\r\n`, `${beside}--${boundary}\r\n`), 'latin1')
    const reading = await read(first)
    expect(signatureOf(reading)?.verdict ?? reading.is).toMatch(/not-verified|unreadable/)
  })
})

describe('parts and addresses', () => {
  test('are bounded', () => {
    const nested = Array.from(
      { length: 20 },
      (_, depth) => `Content-Type: multipart/mixed; boundary=b${depth}\r\n\r\n--b${depth}\r\n`,
    ).join('')
    expect(() => readParts(Buffer.from(nested))).toThrow(UnreadableParts)
    expect(() =>
      readParts(Buffer.from(`Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(100)}`)),
    ).toThrow(UnreadableParts)
    expect(() => readParts(Buffer.from(`X: ${'a\r\n '.repeat(200_000)}`))).toThrow(UnreadableParts)
    const close = readParts(
      Buffer.from('Content-Type: multipart/mixed; boundary=b\r\n\r\n--bb\r\n\r\nx\r\n--b\r\n\r\none\r\n--b--\r\n--b\r\n\r\ntwo'),
    )
    expect(close.parts.map(each => each.body.toString())).toEqual(['one'])
  })

  test('an address is the one that a From names', () => {
    expect(senderIn('"Per conto di: a@b.it <x@y.it>" <Posta@Gestore.it>')).toBe('posta@gestore.it')
    expect(senderIn('posta@gestore.it (x@y.it)')).toBe('posta@gestore.it')
    expect(senderIn('A <a@b.it>, B <c@d.it>')).toBeUndefined()
    expect(senderIn('niente')).toBeUndefined()
  })
})

test('the rules of the access point are looked at before a message leaves', () => {
  const message = {
    from: 'ente@pec.example',
    reversePath: 'Ente@pec.example',
    to: ['a@pec.example'],
    blindCopies: [],
    sizeBytes: maxCountedBytes,
  }
  expect(mayLeave(message)).toBeNull()
  expect(mayLeave({ ...message, to: ['a@pec.example', 'b@pec.example'] })).toBe('too-big')
  expect(mayLeave({ ...message, sizeBytes: maxCountedBytes + 1 })).toBe('too-big')
  expect(mayLeave({ ...message, to: ['a@pec.example', 'b@pec.example'], sizeBytes: maxCountedBytes / 2 })).toBeNull()
  expect(mayLeave({ ...message, reversePath: 'risposte@ente.example' })).toBe('other-sender')
  expect(mayLeave({ ...message, blindCopies: ['b@pec.example'] })).toBe('blind-copy')
  expect(mayLeave({ ...message, to: [] })).toBe('no-recipient')
})
