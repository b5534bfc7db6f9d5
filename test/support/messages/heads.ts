/** Heads of messages, and the addresses in them. */
import { type MailMessage, mail, type Part } from './build.ts'

export function heads(): MailMessage[] {
  const subject = (name: string, value: Part, read?: string): MailMessage => ({
    ...{ kind: 'head', name: `subject: ${name}`, ...(read === undefined ? {} : { subject: read }) },
    raw: mail({ Subject: value }),
  })
  const sender = (name: string, value: Part, from?: string, fromName?: string): MailMessage => ({
    ...{ kind: 'address', name: `sender: ${name}`, raw: mail({ From: value }) },
    ...(from === undefined ? {} : { from }),
    ...(fromName === undefined ? {} : { fromName }),
  })
  const recipients = (name: string, value: Part, to?: readonly string[]): MailMessage => ({
    ...{ kind: 'address', name: `recipients: ${name}`, raw: mail({ To: value }), ...(to === undefined ? {} : { to }) },
  })
  return [
    subject('in words over two lines', '=?utf-8?Q?Perch=C3=A9_?=\r\n =?utf-8?Q?cos=C3=AC?=', 'Perché così'),
    subject('a letter cut between two words', '=?utf-8?B?w4M=?= =?utf-8?Q?=C3?=\r\n =?utf-8?Q?=A8?='),
    subject('words of two charsets', '=?iso-8859-1?Q?perch=E9?= =?utf-8?B?wqc=?=', 'perché§'),
    subject('raw UTF-8', 'Perché così', 'Perché così'),
    subject('raw Latin', Buffer.from('Perch\xe9', 'latin1'), 'Perché'),
    subject('empty', '', ''),
    subject('folded with a tab', 'La mia\r\n\tdomanda', 'La mia domanda'),
    subject('a broken word', '=?utf-8?B?!!!?= fine'),
    subject('a word without an end', '=?utf-8?Q?perch=C3=A9'),
    subject('a word with a language', '=?utf-8*it?Q?perch=C3=A9?=', 'perché'),
    subject('very long', 'a'.repeat(200_000)),
    subject('a letter of two halves at the edge', `=?utf-8?B?${Buffer.from(`${'a'.repeat(499)}😀`).toString('base64')}?=`),
    subject('markup', '<script>alert(1)</script>', '<script>alert(1)</script>'),
    subject('a turn of the writing', 'fattura \u202efdp.exe'),
    sender('without a name', 'giulia@example.org', 'giulia@example.org', ''),
    sender('name with a comma in quotes', '"Ferri, Giulia" <giulia@example.org>', 'giulia@example.org', 'Ferri, Giulia'),
    sender('name in a comment', 'giulia@example.org (Giulia Ferri)', 'giulia@example.org', 'Giulia Ferri'),
    sender('quotes in quotes', '"Giulia \\"la\\" Ferri" <giulia@example.org>', 'giulia@example.org', 'Giulia "la" Ferri'),
    sender('comma in an encoded name', '=?utf-8?Q?Ferri=2C_Giulia?= <giulia@example.org>', 'giulia@example.org', 'Ferri, Giulia'),
    sender('an address in an encoded name', '=?utf-8?Q?a=40evil.example?= <giulia@example.org>', 'giulia@example.org'),
    sender('another address as the name', '"capo@ente.example" <giulia@example.org>', 'giulia@example.org'),
    sender('in capitals', 'GIULIA@EXAMPLE.ORG', 'giulia@example.org'),
    sender('none', ''),
    sender('two', 'giulia@example.org, marta@example.org', 'giulia@example.org'),
    sender('a group', 'Patronato: giulia@example.org, marta@example.org;'),
    sender('without a domain', 'Giulia <giulia>', '', 'Giulia'),
    sender('half an angle', 'Giulia <giulia@example.org'),
    sender('a quoted local part', '"giulia ferri"@example.org', '"giulia ferri"@example.org'),
    sender(
      'raw Latin in the name',
      Buffer.from('Nicol\xf2 Ferri <nicolo@example.org>', 'latin1'),
      'nicolo@example.org',
      'Nicolò Ferri',
    ),
    sender('a domain of other letters', 'giulia@bücher.example'),
    recipients('many', Array.from({ length: 150 }, (_, n) => `a${n}@example.org`).join(', ')),
    recipients('a group', 'Uffici: a@example.org, b@example.org;, c@example.org', [
      'a@example.org',
      'b@example.org',
      'c@example.org',
    ]),
    recipients('undisclosed', 'undisclosed-recipients:;', []),
    recipients('folded', 'a@example.org,\r\n b@example.org', ['a@example.org', 'b@example.org']),
    recipients('semicolons', 'a@example.org; b@example.org'),
    recipients('an empty place', 'a@example.org,, b@example.org', ['a@example.org', 'b@example.org']),
    recipients('names with brackets', '"<b>Ufficio</b>" <a@example.org>', ['a@example.org']),
    { kind: 'head', name: 'a date that is none', raw: mail({ Date: 'ieri mattina' }) },
    { kind: 'head', name: 'a date far away', raw: mail({ Date: 'Fri, 27 Nov 9999 10:00:00 +0100' }) },
    { kind: 'head', name: 'no Message-ID', raw: mail({ 'Message-ID': null }) },
    { kind: 'head', name: 'a Message-ID without brackets', raw: mail({ 'Message-ID': 'm@example.org' }) },
    {
      kind: 'head',
      name: 'references by the hundred',
      raw: mail({ References: Array.from({ length: 300 }, (_, n) => `<r${n}@example.org>`).join(' ') }),
    },
    { kind: 'head', name: 'In-Reply-To in words', raw: mail({ 'In-Reply-To': 'Your message of Monday <m1@example.org>' }) },
    {
      kind: 'head',
      name: 'names of headers in capitals',
      raw: Buffer.from('FROM: a@example.org\r\nSUBJECT: Ciao\r\n\r\nCiao'),
      from: 'a@example.org',
      subject: 'Ciao',
    },
    { kind: 'head', name: 'a space before the colon', raw: Buffer.from('From : a@example.org\r\nSubject : Ciao\r\n\r\nCiao') },
  ]
}
