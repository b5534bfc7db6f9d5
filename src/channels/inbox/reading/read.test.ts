/** Mails of many programs, read; a second parser says the same of their text, subject and sender. */
import { simpleParser } from 'mailparser'
import { describe, expect, test } from 'vitest'
import { mayAnswerItself, writtenBy } from '../policy.ts'
import { splitQuoted } from './quotes.ts'
import { parseMail } from './read.ts'

const mail = (headers: readonly string[], body = 'Buongiorno', type = 'text/plain; charset=utf-8') =>
  Buffer.from(
    [
      ...['From: Giulia Ferri <giulia@example.org>', 'To: pensioni@ente.example', ...headers],
      ...(headers.some(each => /^content-type/i.test(each)) ? [] : [`Content-Type: ${type}`]),
      ...['MIME-Version: 1.0', '', body, ''],
    ].join('\r\n'),
  )

const encoded = (text: string, encoding: BufferEncoding) => Buffer.from(text, encoding).toString('base64')
const bodies: readonly (readonly [string, Buffer, string])[] = [
  ['UTF-8', mail([], 'perché, così, €'), 'perché, così, €'],
  ['ISO-8859-1', mail(['Content-Transfer-Encoding: quoted-printable'], 'perch=E9', 'text/plain; charset=iso-8859-1'), 'perché'],
  ['Windows-1252', mail(['Content-Transfer-Encoding: quoted-printable'], '10 =80', 'text/plain; charset=windows-1252'), '10 €'],
  ['UTF-16', mail(['Content-Transfer-Encoding: base64'], encoded('perché', 'utf16le'), 'text/plain; charset=utf-16le'), 'perché'],
  ['ISO-2022-JP', mail([], '\u001b$B$3$s\u001b(B', 'text/plain; charset=iso-2022-jp'), 'こん'],
  ['a charset that nobody knows', mail([], 'ciao', 'text/plain; charset=x-nobody'), 'ciao'],
  ['base64', mail(['Content-Transfer-Encoding: base64'], encoded('perché', 'utf8')), 'perché'],
  ['flowed', mail([], 'una riga \r\nsola', 'text/plain; charset=utf-8; format=flowed'), 'una riga sola'],
  [
    'alternatives',
    mail(
      ['Content-Type: multipart/alternative; boundary=a'],
      '--a\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nil testo\r\n--a\r\nContent-Type: text/html\r\n\r\n<p>HTML</p>\r\n--a--',
    ),
    'il testo',
  ],
]

describe('the text', () => {
  test.each(bodies)('of %s is read as it was written', async (_, raw, expected) => {
    const read = await parseMail(raw)
    expect(read.text).toBe(expected)
    const second = await simpleParser(raw)
    expect({ text: read.text, subject: read.subject, from: read.from.address }).toEqual({
      ...{ text: (second.text ?? '').trim(), subject: second.subject ?? '', from: second.from?.value[0]?.address },
    })
  })

  test('of HTML alone is its words; nothing in it runs, loads or hides', async () => {
    const html = [
      '<p>Buongiorno<br>a voi</p><script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:alert(1)">qui</a>',
      '<style>@import "https://evil.example"</style><form action="/x"><input></form><iframe src="https://evil.example"></iframe>',
      '<svg onload=alert(1)></svg><div style="position:fixed;background:url(https://evil.example)">x</div>',
    ].join('')
    const read = await parseMail(mail([], html, 'text/html; charset=utf-8'))
    expect(read.text).toMatch(/^Buongiorno\na voi/)
    expect(read.html).not.toMatch(/script|onerror|javascript:|@import|<form|<input|iframe|svg|position|evil/i)
  })

  test('of 20,000 nested boxes is read in seconds, and of boxes in boxes of mails not at all', async () => {
    const begun = performance.now()
    await parseMail(mail([], `${'<div>'.repeat(20_000)}x${'</div>'.repeat(20_000)}`, 'text/html'))
    expect(performance.now() - begun).toBeLessThan(60_000)
    const nested = Array.from({ length: 60 }, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}`).join(
      '\r\n',
    )
    await expect(parseMail(Buffer.from(`From: a@example.org\r\n${nested}\r\n\r\nx`))).rejects.toThrow()
  })
})

test('an attachment is what its content shows, under a name that hides nothing', async () => {
  const parts = [
    ['application/pdf; name="../../fattura\u202efdp.exe"', '%PDF-1.4\n%âãÏÓ\n'],
    ['image/png; name="foto.png"', 'MZ\u0090\u0000 this is no picture'],
  ]
    .map(([type, content]) => `--b\r\nContent-Type: ${type}\r\nContent-Disposition: attachment\r\n\r\n${content}\r\n`)
    .join('')
  const read = await parseMail(mail(['Content-Type: multipart/mixed; boundary=b'], `${parts}--b--`))
  expect(read.attachments.map(({ name, declaredType, type }) => ({ name, declaredType, type }))).toEqual([
    { name: 'fatturafdp.exe', declaredType: 'application/pdf', type: 'application/pdf' },
    { name: 'foto.png', declaredType: 'image/png', type: 'application/x-msdownload' },
  ])
})

describe('who wrote it', () => {
  const cases: readonly (readonly [string, readonly string[], ReturnType<typeof writtenBy>])[] = [
    ['a person', [], 'person'],
    ['a person, who says so', ['Auto-Submitted: no'], 'person'],
    ['an auto-reply', ['Auto-Submitted: auto-replied'], 'auto-reply'],
    ['a program', ['Auto-Submitted: auto-generated; owner=x'], 'auto-reply'],
    ['nobody', ['Return-Path: <>'], 'auto-reply'],
    ['a list', ['List-Id: <news.example.org>'], 'list'],
    ['a mass mailing', ['Precedence: bulk'], 'list'],
    ['an answer in Italian', ['Subject: Risposta automatica: ferie'], 'auto-reply'],
    ['an answer in English', ['Subject: Out of office: holidays'], 'auto-reply'],
    ['an answer in German', ['Subject: Automatische Antwort: Urlaub'], 'auto-reply'],
    ['an answer in French', ['Subject: =?utf-8?Q?R=C3=A9ponse_automatique?='], 'auto-reply'],
    ['an answer in Slovene', ['Subject: Samodejni odgovor: dopust'], 'auto-reply'],
    ['a server', ['Return-Path: <>', 'From: MAILER-DAEMON@mx.example'], 'bounce'],
  ]
  test.each(cases)('%s', async (_, headers, by) => {
    const read = await parseMail(
      mail(headers).toString().includes('MAILER') ? Buffer.from(`${headers.join('\r\n')}\r\n\r\nx`) : mail(headers),
    )
    expect(writtenBy(read)).toBe(by)
    expect(mayAnswerItself(read)).toBe(by === 'person')
  })

  test('a person who asks for no answer of programs gets none', async () => {
    expect(mayAnswerItself(await parseMail(mail(['X-Auto-Response-Suppress: All'])))).toBe(false)
    expect(mayAnswerItself(await parseMail(mail(['X-Ricevuta: accettazione'])))).toBe(false)
  })
})

describe('what was quoted', () => {
  const own = 'Grazie, ma non è la mia domanda.'
  const earlier = 'La sua domanda è accolta.'
  test.each([
    [
      'Gmail, Italian',
      `${own}\n\nIl giorno lun 2 nov 2026 alle ore 10:12 CRIC Lazio <r@ente.example>\nha scritto:\n\n> ${earlier}`,
    ],
    ['Gmail, English', `${own}\n\nOn Mon, Nov 2, 2026 at 10:12 AM CRIC Lazio <r@ente.example> wrote:\n\n> ${earlier}`],
    ['Gmail, French', `${own}\n\nLe lun. 2 nov. 2026 à 10:12, CRIC <r@ente.example> a écrit :\n\n> ${earlier}`],
    ['Gmail, German', `${own}\n\nAm Mo., 2. Nov. 2026 um 10:12 Uhr schrieb CRIC <r@ente.example>:\n\n> ${earlier}`],
    ['Thunderbird', `${own}\n\nIl 02/11/2026 10:12, CRIC Lazio ha scritto:\n> ${earlier}`],
    ['Apple Mail', `${own}\n\n> Il giorno 2 nov 2026, alle ore 10:12, CRIC <r@ente.example> ha scritto:\n> \n> ${earlier}`],
    [
      'Outlook, Italian',
      `${own}\n\nDa: CRIC Lazio <r@ente.example>\nInviato: lunedì 2 novembre 2026 10:12\nA: Giulia\nOggetto: x\n\n${earlier}`,
    ],
    [
      'Outlook, English',
      `${own}\n\nFrom: CRIC Lazio <r@ente.example>\nSent: Monday, November 2, 2026 10:12 AM\nTo: Giulia\n\n${earlier}`,
    ],
    ['Libero, Virgilio', `${own}\n\n-----Messaggio originale-----\n${earlier}`],
    ['arrows alone', `${own}\n\n> ${earlier}\n> Cordiali saluti`],
  ])('by %s is folded away', (_, text) => {
    expect(splitQuoted(text).text).toBe(own)
    expect(splitQuoted(text).quoted).toContain(earlier)
  })

  test('stays where nothing was written above it, and between what was written', () => {
    expect(splitQuoted(`> ${earlier}\n\n${own}`)).toEqual({ text: `> ${earlier}\n\n${own}`, quoted: '' })
    expect(splitQuoted(`-----Messaggio originale-----\n${earlier}`).text).toContain(earlier)
  })
})
