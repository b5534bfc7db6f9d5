/** Letters are drawn with their structure, whatever people have written into them. */
import { execFileSync } from 'node:child_process'
import { afterAll, expect, test } from 'vitest'
import { installMissing } from '../../scripts/debian.ts'
import type { House } from '../platform/index.ts'
import { closeLetters, drawLetters } from './draw.ts'
import type { PaperLetter } from './model.ts'

installMissing(['poppler-utils'])

const house = { parts: {} } as House
afterAll(() => closeLetters(house))

const letter: PaperLetter = {
  language: 'it',
  sender: ['Istituto', 'Agenzia di Roma EUR', 'Viale Europa 12, 00144 Roma RM'],
  recipient: ['Giulia Ferri', 'Via dei Serpenti 35', '00184 Roma RM'],
  day: '24 novembre 2026',
  reference: 'Codice della richiesta: 123 456 7890',
  title: 'Il suo appuntamento',
  greeting: 'Gentile Giulia Ferri,',
  opening: 'confermiamo il suo appuntamento per «Consulenza pensioni».',
  table: { header: ['Giorno', 'Ora', 'Dove'], rows: [['lunedì 30 novembre 2026', '09:00', 'Viale Europa 12']] },
  sections: [{ heading: 'Che cosa portare', text: 'Documento di identità' }],
  link: { url: 'https://filo.example/appointment/abc', heading: 'Confermare o annullare', text: 'Inquadri il codice.' },
  closing: ['Cordiali saluti', 'Agenzia di Roma EUR'],
}

const draw = (...letters: PaperLetter[]) => drawLetters(house, { letters, title: 'Lettera' })
const read = (pdf: Buffer, program: string, ...options: string[]) =>
  execFileSync(program, options, { input: pdf, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] })
const textOf = (pdf: Buffer) => read(pdf, 'pdftotext', '-', '-').normalize('NFC')
/** What is read aloud, in order: each element with its first words. */
const outlineOf = (pdf: Buffer) =>
  read(pdf, 'pdfinfo', '-struct-text', '-')
    .split('\n')
    .flatMap(line => line.match(/^ *(H1|H2|P|Table|TH|TD|Link|Figure)\b/)?.[1] ?? line.match(/^ +"(.+)"$/)?.[1] ?? [])

test('a letter has its headings, paragraphs, table and title, and is PDF/UA', async () => {
  const pdf = await draw(letter)
  const facts = read(pdf, 'pdfinfo', '-')
  expect(facts).toMatch(/^Title: +Lettera$/m)
  expect(facts).toMatch(/^Tagged: +yes$/m)
  expect(facts).toMatch(/^Pages: +1$/m)
  expect(read(pdf, 'pdfinfo', '-meta', '-')).toMatch(/<pdfuaid:part>1</)
  expect(read(pdf, 'pdfinfo', '-meta', '-')).toContain('<rdf:li>it</rdf:li>')
  expect(outlineOf(pdf)).toEqual([
    ...['P', ...letter.sender, 'P', ...letter.recipient, 'P', letter.reference, 'P', letter.day],
    ...['H1', letter.title, 'P', letter.greeting, 'P', letter.opening],
    ...[
      'Table',
      'TH',
      'Giorno',
      'TH',
      'Ora',
      'TH',
      'Dove',
      'TD',
      'lunedì 30 novembre 2026',
      'TD',
      '09:00',
      'TD',
      'Viale Europa 12',
    ],
    ...['H2', 'Che cosa portare', 'P', 'Documento di identità'],
    ...['H2', 'Confermare o annullare', 'Link', 'Figure', 'P', 'Inquadri il codice.', 'P', ...letter.closing],
  ])
  // The program's own font, not one of the machine.
  const fonts = read(pdf, 'pdffonts', '-').match(/\+\S+/g)
  expect(fonts?.map(font => font.split('-')[0])).toEqual(['+TitilliumWeb', '+TitilliumWeb'])
})

test.each([
  ['commands', '#eval("1 + 1") #sys.version $x$ *b* _i_ `r` @z <l> // n /* c */ = h \\ "q" ~ -- ...'],
  ['a word of 300 characters', 'w'.repeat(300)],
  ['another direction', 'שלום עולם'],
  ['letters of the five languages', 'čšžćđ äöüß àéèêçœ ČŠŽ'],
])('%s are set as they are written', async (_, given) => {
  const pdf = await draw({ ...letter, opening: given, greeting: given, table: { header: ['A'], rows: [[given]] } })
  const bare = (text: string) => text.replace(/[\s\u200b-\u200f\u202a-\u202e]/g, '')
  expect(bare(textOf(pdf)).split(bare(given)).length - 1).toBe(3)
  expect(read(pdf, 'pdfinfo', '-meta', '-')).toMatch(/<pdfuaid:part>1</)
})

test('a character that no font has keeps nothing else from being said', async () => {
  const pdf = await draw({ ...letter, greeting: 'Gentile \u{1fae8}\u{18b00},' })
  expect(read(pdf, 'pdfinfo', '-')).toMatch(/^Tagged: +yes$/m)
  expect(textOf(pdf)).toContain(letter.opening)
})

test('the recipient stays within the window of the envelope, however long', async () => {
  const lines = (recipient: string[]) =>
    draw({ ...letter, recipient }).then(pdf =>
      read(pdf, 'pdftotext', '-x', '110', '-y', '54', '-W', '82', '-H', '27', '-r', '25.4', '-layout', '-', '-').trim(),
    )
  expect(await lines(letter.recipient)).toMatch(/^Giulia Ferri\s+Via dei Serpenti 35\s+00184 Roma RM$/)
  expect(await lines([`${'Maria '.repeat(20)}${'d'.repeat(120)}`, ...letter.recipient.slice(1)])).toMatch(
    /^Maria[\s\S]+Via dei Serpenti 35\s+00184 Roma RM$/,
  )
})

test('a long text goes on on the next page; each letter begins on a sheet of its own', async () => {
  const long = { ...letter, sections: [{ heading: 'Che cosa portare', text: 'parola '.repeat(1_430) }] }
  const pdf = await draw(long, { ...letter, language: 'de', recipient: ['Karl Huber'] })
  const pages = textOf(pdf).split('\f')
  const begins = pages.findIndex(page => page.includes('Karl Huber'))
  expect(begins).toBeGreaterThan(2)
  expect(begins % 2).toBe(0)
  expect(textOf(pdf).match(/parola/g)).toHaveLength(1_430)
})
