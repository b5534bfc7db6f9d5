/** What broken programs send. */
import { file, hello, joined, type MailMessage, mail, part, parts, written } from './build.ts'

export function broken(): MailMessage[] {
  const twice = (name: string, head: string): MailMessage => ({
    kind: 'broken',
    name: `twice: ${name}`,
    raw: Buffer.from(`${head}\r\n\r\nCiao\r\n`),
  })
  const from = 'From: a@example.org'
  const named: readonly (readonly [name: string, raw: Buffer, more?: Partial<MailMessage>])[] = [
    ['nothing at all', Buffer.alloc(0), { text: '', files: [] }],
    ['an empty line', Buffer.from('\r\n')],
    ['a head without a body', Buffer.from(`${from}\r\nSubject: Ciao`), { from: 'a@example.org', subject: 'Ciao' }],
    ['a body without a head', Buffer.from('\r\nSolo testo\r\n'), { text: 'Solo testo' }],
    ['no empty line between head and body', Buffer.from(`${from}\r\nSubject: Ciao\r\nBuongiorno a tutti\r\n`)],
    ['lines that end by LF', Buffer.from(`${from}\nSubject: Ciao\n\nUna\nDue\n`), { text: 'Una\nDue', subject: 'Ciao' }],
    [
      'lines that end by CR',
      Buffer.from(`${from}\rSubject: Ciao\r\rUna\rDue\r`),
      { text: 'Una\nDue', subject: 'Ciao', from: 'a@example.org' },
    ],
    ['all ends of lines at once', Buffer.from(`${from}\r\nSubject: Ciao\n\r\nUna\rDue\nTre\r\n`)],
    ['NUL in the head', Buffer.from(`${from}\r\nSubject: Ci\0ao\r\n\r\nTesto\r\n`), { subject: 'Ciao' }],
    ['NUL in the body', Buffer.from(`${from}\r\n\r\nTe\0sto\r\n`), { text: 'Testo' }],
    ['nothing but NUL', Buffer.alloc(5_000)],
    ['rubbish', Buffer.from(Array.from({ length: 4_000 }, (_, n) => (n * 7919) % 256))],
    [
      'a line of a mailbox file above',
      Buffer.from(`From giulia Fri Nov 27 10:00:00 2026\r\n${from}\r\nSubject: Ciao\r\n\r\nTesto`),
      { text: 'Testo', from: 'a@example.org' },
    ],
    [
      'a line in the head without a colon',
      Buffer.from(`${from}\r\nrubbish\r\nSubject: Ciao\r\n\r\nTesto`),
      { from: 'a@example.org', subject: 'Ciao' },
    ],
    ['a head that begins folded', Buffer.from(` folded\r\n${from}\r\n\r\nTesto`)],
    ['a header without a name', Buffer.from(`${from}\r\n: x\r\n\r\nTesto`), { text: 'Testo' }],
    ['a very long line', mail({}, 'a'.repeat(400_000))],
    ['40,000 headers', Buffer.from(`${from}\r\n${'X-A: 1\r\n'.repeat(40_000)}\r\nTesto`), { text: 'Testo' }],
    [
      'no end of the parts',
      mail({ 'Content-Type': 'multipart/mixed; boundary=b' }, joined(['--b\r\n', hello, '\r\n--b\r\n', file('a.pdf')])),
      { text: written, files: ['a.pdf'] },
    ],
    ['no boundary in the body', mail({ 'Content-Type': 'multipart/mixed; boundary=b' }, written), { text: written }],
    ['no boundary in the head', mail({ 'Content-Type': 'multipart/mixed' }, parts('b', [hello]))],
    ['an empty boundary', mail({ 'Content-Type': 'multipart/mixed; boundary=""' }, parts('', [hello]))],
    ['another boundary than it says', mail({ 'Content-Type': 'multipart/mixed; boundary=b' }, parts('c', [hello]))],
    ['a boundary in other letters', mail({ 'Content-Type': 'multipart/mixed; boundary=B' }, parts('b', [hello]))],
    [
      'spaces after the boundary',
      mail({ 'Content-Type': 'multipart/mixed; boundary=b' }, joined(['--b  \r\n', hello, '\r\n--b--  \r\n'])),
      { text: written },
    ],
    [
      'the same boundary inside',
      mail(
        { 'Content-Type': 'multipart/mixed; boundary=b' },
        parts('b', [part(['Content-Type: multipart/alternative; boundary=b'], parts('b', [hello]))]),
      ),
    ],
    [
      '10,000 parts',
      mail(
        { 'Content-Type': 'multipart/mixed; boundary=b' },
        parts(
          'b',
          Array.from({ length: 10_000 }, () => 'x'),
        ),
      ),
    ],
    ['a type that is none', mail({ 'Content-Type': 'text' }, written), { text: written }],
    ['an empty type', mail({ 'Content-Type': '' }, written), { text: written }],
    ['a type of semicolons', mail({ 'Content-Type': ';;;;' }, written), { text: written }],
    ['a type with a comment', mail({ 'Content-Type': 'text/plain (ciao); charset=utf-8' }, written), { text: written }],
    ['a type in capitals', mail({ 'CONTENT-TYPE': 'TEXT/PLAIN; CHARSET=UTF-8' }, 'perché'), { text: 'perché' }],
    [
      'a broken quoted-printable',
      mail(
        { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Transfer-Encoding': 'quoted-printable' },
        'perch=C3=A9 =ZZ =E 100%=',
      ),
      {},
    ],
    [
      'base64 text with rubbish',
      mail({ 'Content-Type': 'text/plain; charset=utf-8', 'Content-Transfer-Encoding': 'base64' }, 'Y2lh\r\n!!bw=='),
    ],
    [
      'base64 that is no base64',
      mail({ 'Content-Type': 'text/plain; charset=utf-8', 'Content-Transfer-Encoding': 'base64' }, 'Buongiorno a tutti!'),
    ],
    [
      'an encoding in capitals with a space',
      mail({ 'Content-Type': 'text/plain; charset=utf-8', 'Content-Transfer-Encoding': 'BASE64 ' }, 'Y2lhbw=='),
      { text: 'ciao' },
    ],
    ['HTML that never closes', mail({ 'Content-Type': 'text/html' }, `${'<b'.repeat(20_000)}`)],
    ['HTML of comments', mail({ 'Content-Type': 'text/html' }, `<!--${'-'.repeat(50_000)}<p>ciao`)],
    ['HTML of entities', mail({ 'Content-Type': 'text/html' }, '&#x110000; &#0; &#xd800; &bogus; ciao')],
    [
      'raw Latin everywhere',
      joined([
        Buffer.from(
          `From: Nicol\xf2 <a@example.org>\r\nSubject: Perch\xe9\r\nTo: Citt\xe0 <b@example.org>\r\n\r\nCos\xec\r\n`,
          'latin1',
        ),
      ]),
      { from: 'a@example.org', to: ['b@example.org'], subject: 'Perché', fromName: 'Nicolò', text: 'Così' },
    ],
  ]
  return [
    ...named.map(([name, raw, more]): MailMessage => ({ kind: 'broken', name, raw, ...more })),
    twice('sender', `${from}\r\nFrom: b@example.org\r\nSubject: Ciao`),
    twice('subject', `${from}\r\nSubject: Uno\r\nSubject: Due`),
    twice('type', `${from}\r\nContent-Type: text/plain\r\nContent-Type: multipart/mixed; boundary=b`),
    twice('recipients', `${from}\r\nTo: b@example.org\r\nTo: c@example.org`),
    twice('Message-ID', `${from}\r\nMessage-ID: <1@x>\r\nMessage-ID: <2@x>`),
    twice('encoding', `${from}\r\nContent-Transfer-Encoding: 7bit\r\nContent-Transfer-Encoding: base64`),
  ]
}
