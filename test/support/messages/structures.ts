/** How messages are put together: forms of a text, parts in parts, messages in messages. */
import { file, hello, html, joined, type MailMessage, mail, mixed, part, parts, plain, usual, written } from './build.ts'

export function structures(): MailMessage[] {
  const alternative = parts('a', [part([plain], written), part([html], '<p>Buongiorno, <b>ecco</b> i documenti.</p>')])
  const nested = (depth: number): Buffer =>
    depth === 0 ? hello : part([`Content-Type: multipart/mixed; boundary=n${depth}`], parts(`n${depth}`, [nested(depth - 1)]))
  const forwarded = (depth: number): Buffer =>
    depth === 0
      ? mail({}, written)
      : mail(
          { Subject: `I: ${depth}`, 'Content-Type': `multipart/mixed; boundary=f${depth}` },
          parts(`f${depth}`, [hello, part(['Content-Type: message/rfc822'], forwarded(depth - 1))]),
        )
  const icon = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  const ofStructure = (name: string, raw: Buffer, more: Partial<MailMessage> = {}): MailMessage => ({
    kind: 'structure',
    name,
    raw,
    ...more,
  })
  return [
    ofStructure('plain text', mail({ 'Content-Type': 'text/plain; charset=utf-8' }, written), { text: written, files: [] }),
    ofStructure(
      'HTML alone',
      mail(
        { 'Content-Type': 'text/html; charset=utf-8' },
        '<p>Buongiorno,<br>ecco &egrave; &quot;qui&quot; &#8364; &amp; l&agrave;</p>',
      ),
      { text: 'Buongiorno,\necco è "qui" € & là' },
    ),
    ofStructure(
      'HTML with a style and a script',
      mail({ 'Content-Type': 'text/html; charset=utf-8' }, '<style>p{}</style><script>x()</script><p>Ciao</p>'),
      { text: 'Ciao' },
    ),
    ofStructure(
      'HTML with its charset inside alone',
      mail({ 'Content-Type': 'text/html' }, Buffer.from('<meta charset="iso-8859-1"><p>perch\xe9</p>', 'latin1')),
    ),
    ofStructure('two forms of one text', mail({ 'Content-Type': 'multipart/alternative; boundary=a' }, alternative), {
      text: written,
    }),
    ofStructure(
      'two forms, the other way round',
      mail(
        { 'Content-Type': 'multipart/alternative; boundary=a' },
        parts('a', [part([html], `<p>${written}</p>`), part([plain], written)]),
      ),
      { text: written },
    ),
    ofStructure(
      'an empty text beside HTML',
      mail(
        { 'Content-Type': 'multipart/alternative; boundary=a' },
        parts('a', [part([plain], ' '), part([html], `<p>${written}</p>`)]),
      ),
      { text: written },
    ),
    ofStructure('text in two parts', mixed([hello, part([plain], 'Seconda parte.')])),
    ofStructure(
      'flowed',
      mail({ 'Content-Type': 'text/plain; charset=utf-8; format=flowed' }, 'una riga \r\nsola\r\n> citata \r\n> insieme'),
      {},
    ),
    ofStructure(
      'flowed, with spaces deleted',
      mail({ 'Content-Type': 'text/plain; charset=utf-8; format=flowed; delsp=yes' }, 'una ri \r\nga'),
      { text: 'una riga' },
    ),
    ofStructure(
      'a preface and an afterword',
      mail({ 'Content-Type': 'multipart/mixed; boundary=b' }, joined(['This is MIME.\r\n', parts('b', [hello]), 'The end.'])),
      { text: written },
    ),
    ofStructure(
      'a boundary with strange characters',
      mail({ 'Content-Type': 'multipart/mixed; boundary="=_(x)?:b"' }, parts('=_(x)?:b', [hello, file('a.pdf')])),
      { text: written, files: ['a.pdf'] },
    ),
    ofStructure(
      'one boundary that begins another',
      mail(
        { 'Content-Type': 'multipart/mixed; boundary=b' },
        parts('b', [part(['Content-Type: multipart/alternative; boundary=bb'], parts('bb', [hello])), file('a.pdf')]),
      ),
      { text: written, files: ['a.pdf'] },
    ),
    ofStructure('no parts', mail({ 'Content-Type': 'multipart/mixed; boundary=b' }, '--b--')),
    ofStructure('an empty part', mixed([hello, ''])),
    ofStructure(
      'signed with S/MIME',
      mail(
        { 'Content-Type': 'multipart/signed; protocol="application/pkcs7-signature"; boundary=s' },
        parts('s', [
          hello,
          part(
            [
              'Content-Type: application/pkcs7-signature; name=smime.p7s',
              'Content-Disposition: attachment; filename=smime.p7s',
              'Content-Transfer-Encoding: base64',
            ],
            'MIAG',
          ),
        ]),
      ),
      { text: written, files: ['smime.p7s'] },
    ),
    ofStructure(
      'signed with PGP',
      mail(
        { 'Content-Type': 'multipart/signed; protocol="application/pgp-signature"; boundary=s' },
        parts('s', [
          hello,
          part(['Content-Type: application/pgp-signature; name=signature.asc'], '-----BEGIN PGP SIGNATURE-----'),
        ]),
      ),
      { text: written },
    ),
    ofStructure(
      'encrypted with PGP',
      mail(
        { 'Content-Type': 'multipart/encrypted; protocol="application/pgp-encrypted"; boundary=e' },
        parts('e', [
          part(['Content-Type: application/pgp-encrypted'], 'Version: 1'),
          part(['Content-Type: application/octet-stream; name=encrypted.asc'], '-----BEGIN PGP MESSAGE-----'),
        ]),
      ),
    ),
    ofStructure(
      'a picture in the text',
      mail(
        { 'Content-Type': 'multipart/related; boundary=r' },
        parts('r', [
          part([html], '<p>Ciao <img src="cid:logo@x"></p>'),
          part(
            [
              'Content-Type: image/png; name=logo.png',
              'Content-ID: <logo@x>',
              'Content-Disposition: inline; filename=logo.png',
              'Content-Transfer-Encoding: base64',
            ],
            icon.toString('base64'),
          ),
        ]),
      ),
      { text: 'Ciao', files: ['logo.png'] },
    ),
    ofStructure(
      'an invitation',
      mail(
        { 'Content-Type': 'multipart/alternative; boundary=a' },
        parts('a', [
          hello,
          part(
            ['Content-Type: text/calendar; charset=utf-8; method=REQUEST'],
            'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR',
          ),
        ]),
      ),
      { text: written },
    ),
    ofStructure(
      'a card',
      mixed([
        hello,
        part(
          ['Content-Type: text/vcard; name=giulia.vcf', 'Content-Disposition: attachment; filename=giulia.vcf'],
          'BEGIN:VCARD\r\nEND:VCARD',
        ),
      ]),
      { text: written, files: ['giulia.vcf'] },
    ),
    ofStructure('rich text of old', mail({ 'Content-Type': 'text/enriched' }, 'Buongiorno <bold>a voi</bold>')),
    ofStructure(
      'a digest',
      mail(
        { 'Content-Type': 'multipart/digest; boundary=d' },
        parts('d', [part([], mail({}, 'Uno')), part([], mail({}, 'Due'))]),
      ),
    ),
    ofStructure(
      'a piece of a larger mail',
      mail({ 'Content-Type': 'message/partial; id="x"; number=1; total=3' }, 'Subject: intero\r\n\r\npezzo'),
    ),
    ofStructure(
      'a body that lies elsewhere',
      mail(
        { 'Content-Type': 'message/external-body; access-type=URL; URL="https://evil.example/x"' },
        'Content-Type: text/plain\r\n\r\n',
      ),
    ),
    ofStructure(
      '2,000 links',
      mail(
        { 'Content-Type': 'text/html; charset=utf-8' },
        Array.from({ length: 2_000 }, (_, n) => `<a href="https://example.org/${n}">${n}</a>`).join(' '),
      ),
    ),
    ofStructure(
      '5,000 nested boxes',
      mail({ 'Content-Type': 'text/html; charset=utf-8' }, `${'<div>'.repeat(5_000)}x${'</div>'.repeat(5_000)}`),
    ),
    ofStructure(
      'a table by a word processor',
      mail(
        { 'Content-Type': 'text/html; charset=utf-8' },
        '<html xmlns:o="urn:x"><o:p>&nbsp;</o:p><table><tr><td>Uno</td><td>Due</td></tr></table></html>',
      ),
    ),
    ...[1, 2, 5, 20].map(
      (depth): MailMessage => ({
        kind: 'nesting',
        name: `boxes in boxes, ${depth}`,
        raw: joined([...Object.entries(usual).map(([name, value]) => `${name}: ${value}\r\n`), nested(depth)]),
        text: written,
      }),
    ),
    ...[1, 2, 3, 10].map(
      (depth): MailMessage => ({
        kind: 'nesting',
        name: `forwarded as a file, ${depth} deep`,
        raw: forwarded(depth),
        text: written,
      }),
    ),
    {
      kind: 'nesting',
      name: 'forwarded as a file with a name',
      raw: mixed([
        hello,
        part(
          ['Content-Type: message/rfc822; name="lettera.eml"', 'Content-Disposition: attachment; filename="lettera.eml"'],
          mail({}, 'Dentro'),
        ),
      ]),
      text: written,
      files: ['lettera.eml'],
    },
    {
      kind: 'nesting',
      name: 'forwarded in base64',
      raw: mixed([
        hello,
        part(
          ['Content-Type: message/rfc822; name="lettera.eml"', 'Content-Transfer-Encoding: base64'],
          mail({}, 'Dentro').toString('base64'),
        ),
      ]),
      text: written,
    },
    {
      kind: 'nesting',
      name: 'nothing but a forwarded file',
      raw: mixed([part(['Content-Type: message/rfc822'], mail({}, 'Dentro'))]),
    },
  ]
}
