/** Files, under every kind of name, and wrapped by Outlook. */
import { file, hello, type MailMessage, mail, mixed, type Part, part, written } from './build.ts'

export function attachments(): MailMessage[] {
  const named = (name: string, headers: readonly string[], file?: string, content: Part = '%PDF-1.4 x'): MailMessage => ({
    ...{ kind: 'attachment', name, raw: mixed([hello, part(headers, content)]), text: written },
    ...(file === undefined ? {} : { files: [file] }),
  })
  const type = 'Content-Type: application/pdf'
  const attachment = 'Content-Disposition: attachment'
  return [
    named('a plain name', [type, `${attachment}; filename="modulo.pdf"`], 'modulo.pdf'),
    named('a name without quotes', [type, `${attachment}; filename=modulo.pdf`], 'modulo.pdf'),
    named('a name with spaces and no quotes', [type, `${attachment}; filename=modulo di domanda.pdf`]),
    named('a name in its type alone', [`${type}; name="modulo.pdf"`, attachment], 'modulo.pdf'),
    named('a name as words', [type, `${attachment}; filename="=?utf-8?Q?perch=C3=A9.pdf?="`], 'perché.pdf'),
    named(
      'a name in pieces',
      [type, `${attachment}; filename*0="modulo "; filename*1="di domanda"; filename*2=".pdf"`],
      'modulo di domanda.pdf',
    ),
    named('a name in another charset', [type, `${attachment}; filename*=iso-8859-1'it'perch%E9.pdf`], 'perché.pdf'),
    named(
      'a name in pieces and percents',
      [type, `${attachment}; filename*0*=utf-8''perch%C3; filename*1*=%A9.pdf`],
      'perché.pdf',
    ),
    named('a name in raw UTF-8', [type, `${attachment}; filename="perché.pdf"`], 'perché.pdf'),
    named('a name with folders', [type, `${attachment}; filename="C:\\\\Utenti\\\\x\\\\modulo.pdf"`], 'modulo.pdf'),
    named('a name that climbs', [type, `${attachment}; filename="../../etc/passwd"`], 'passwd'),
    named('a name with a turn of the writing', [type, `${attachment}; filename="fattura\u202efdp.exe"`], 'fatturafdp.exe'),
    named('a name of dots', [type, `${attachment}; filename="..."`], 'allegato-1'),
    named('no name', [type, attachment], 'allegato-1'),
    named('an endless name', [type, `${attachment}; filename="${'a'.repeat(3_000)}.pdf"`]),
    named('no content', [type, `${attachment}; filename="vuoto.pdf"`], 'vuoto.pdf', ''),
    named(
      'a picture that is a program',
      ['Content-Type: image/png', `${attachment}; filename="foto.png"`],
      'foto.png',
      'MZ\u0090\u0000\u0003',
    ),
    named('shown in the text', [type, 'Content-Disposition: inline; filename="modulo.pdf"'], 'modulo.pdf'),
    named('without a disposition', [`${type}; name="modulo.pdf"`], 'modulo.pdf'),
    named(
      'a text that is a file',
      ['Content-Type: text/plain; charset=utf-8', `${attachment}; filename="nota.txt"`],
      'nota.txt',
      'una nota',
    ),
    named(
      'HTML that is a file',
      ['Content-Type: text/html; charset=utf-8', `${attachment}; filename="nota.html"`],
      'nota.html',
      '<p>una nota</p>',
    ),
    named(
      'base64 with rubbish in it',
      [type, `${attachment}; filename="a.pdf"`, 'Content-Transfer-Encoding: base64'],
      'a.pdf',
      'JVBE*!Ri0x\r\n\r\n LjQ=',
    ),
    named(
      'base64 that is cut',
      [type, `${attachment}; filename="a.pdf"`, 'Content-Transfer-Encoding: base64'],
      'a.pdf',
      'JVBERi0xLj',
    ),
    named(
      'an encoding that nobody knows',
      [type, `${attachment}; filename="a.pdf"`, 'Content-Transfer-Encoding: x-zip'],
      'a.pdf',
    ),
    named(
      'uuencode',
      ['Content-Type: application/octet-stream', `${attachment}; filename="a.txt"`, 'Content-Transfer-Encoding: x-uuencode'],
      'a.txt',
      'begin 644 a.txt\r\n$8VEA;P``\r\n`\r\nend',
    ),
    {
      kind: 'attachment',
      name: 'uuencode in the text',
      raw: mail({}, 'Ecco:\r\n\r\nbegin 644 a.txt\r\n$8VEA;P``\r\n`\r\nend\r\n'),
    },
    { kind: 'attachment', name: 'two of one name', raw: mixed([hello, file('a.pdf'), file('a.pdf')]), files: ['a.pdf', 'a.pdf'] },
    {
      kind: 'attachment',
      name: 'a hundred and twenty',
      raw: mixed([hello, ...Array.from({ length: 120 }, (_, n) => file(`${n}.pdf`))]),
    },
    {
      kind: 'attachment',
      name: 'nothing but a file',
      raw: mail(
        { 'Content-Type': 'application/pdf; name="solo.pdf"', 'Content-Disposition': 'attachment; filename="solo.pdf"' },
        '%PDF-1.4 x',
      ),
      text: '',
      files: ['solo.pdf'],
    },
    {
      kind: 'attachment',
      name: 'a picture of a scanner',
      raw: mail({ 'Content-Type': 'image/jpeg; name="scan.jpg"', 'Content-Transfer-Encoding': 'base64' }, '/9j/4AAQSkZJRg=='),
      files: ['scan.jpg'],
    },
  ]
}

/** What Outlook wraps into one file (MS-OXTNEF): a text and files. */
export function winmail(text: string | null, files: readonly (readonly [name: string, content: Buffer])[]): Buffer {
  const u16 = (value: number) => Buffer.from(Uint16Array.of(value).buffer)
  const u32 = (value: number) => Buffer.from(Uint32Array.of(value).buffer)
  const attribute = (level: number, id: number, data: Buffer) => {
    const sum = data.reduce((total, byte) => (total + byte) & 0xffff, 0)
    return Buffer.concat([Buffer.of(level), u32(id), u32(data.length), data, u16(sum)])
  }
  return Buffer.concat([
    u32(0x223e9f78),
    u16(1),
    attribute(1, 0x00089006, u32(0x00010000)),
    ...(text === null ? [] : [attribute(1, 0x0002800c, Buffer.from(`${text}\0`, 'latin1'))]),
    ...files.flatMap(([name, content]) => [
      attribute(2, 0x00069002, Buffer.alloc(14)),
      attribute(2, 0x00018010, Buffer.from(`${name}\0`, 'latin1')),
      attribute(2, 0x0006800f, content),
    ]),
  ])
}

export function outlook(): MailMessage[] {
  const carried = (bytes: Buffer, type = 'application/ms-tnef') =>
    part(
      [
        `Content-Type: ${type}; name="winmail.dat"`,
        'Content-Disposition: attachment; filename="winmail.dat"',
        'Content-Transfer-Encoding: base64',
      ],
      bytes.toString('base64'),
    )
  const pdf = Buffer.from('%PDF-1.4 x')
  const whole = winmail(null, [
    ['modulo.pdf', pdf],
    ['foto.jpg', Buffer.from([0xff, 0xd8, 0xff])],
  ])
  return [
    {
      kind: 'winmail',
      name: 'with two files',
      raw: mixed([hello, carried(whole)]),
      text: written,
      files: ['modulo.pdf', 'foto.jpg'],
    },
    {
      kind: 'winmail',
      name: 'as anything',
      raw: mixed([hello, carried(whole, 'application/octet-stream')]),
      text: written,
      files: ['modulo.pdf', 'foto.jpg'],
    },
    {
      kind: 'winmail',
      name: 'with the text inside',
      raw: mixed([carried(winmail('Dentro è scritto', [['modulo.pdf', pdf]]))]),
      text: 'Dentro è scritto',
      files: ['modulo.pdf'],
    },
    {
      kind: 'winmail',
      name: 'with nothing in it',
      raw: mixed([hello, carried(winmail(null, []))]),
      text: written,
      files: ['winmail.dat'],
    },
    {
      kind: 'winmail',
      name: 'cut in the middle',
      raw: mixed([hello, carried(whole.subarray(0, whole.length - 20))]),
      text: written,
    },
    {
      kind: 'winmail',
      name: 'that is none',
      raw: mixed([hello, carried(Buffer.from('no'))]),
      text: written,
      files: ['winmail.dat'],
    },
    {
      kind: 'winmail',
      name: 'with a length that lies',
      raw: mixed([
        hello,
        carried(Buffer.concat([whole.subarray(0, 11), Buffer.from([0xff, 0xff, 0xff, 0x7f]), whole.subarray(15)])),
      ]),
      text: written,
      files: ['winmail.dat'],
    },
  ]
}
