/**
 * Messages of every kind, read: each as it was meant, and as a second parser reads it, or the table says why not. Then each is damaged in every way that
 * happens on the way: nothing throws, nothing takes long, and what is read can be kept.
 */
import { simpleParser } from 'mailparser'
import { expect, test } from 'vitest'
import { allMessages, type MailMessage } from '../../../../test/support/messages/index.ts'
import { pecService } from '../../pec/service.ts'
import { writtenBy } from '../policy.ts'
import type { ReadMail } from './model.ts'
import { safeFileName } from './names.ts'
import { parseMail } from './read.ts'

const messages = allMessages()
const titleOf = ({ kind, name }: MailMessage): string => `${kind}: ${name}`

type Field = 'text' | 'subject' | 'from' | 'to' | 'files' | 'bytes' | 'all'

/** Where the second parser reads something else, and why ours is right. Each line is needed: one that explains nothing fails. */
const explained: readonly { of: RegExp; differs: readonly Field[]; because: string }[] = [
  {
    of: /UTF-7|Latin letters all the same|UTF-8 that is Latin|Latin that is UTF-8|unknown-8bit|half a letter/,
    differs: ['text'],
    because: 'it believes a charset that the bytes contradict',
  },
  { of: /raw Latin/, differs: ['subject'], because: 'a head that is no UTF-8 is taken for Latin here' },
  { of: /raw Latin everywhere/, differs: ['text'], because: 'so is a body without a charset' },
  { of: /charset inside alone/, differs: ['text'], because: 'so is HTML without a charset in the head' },
  { of: /sender: a group/, differs: ['from'], because: 'somebody of a group that writes is answered' },
  { of: /sender: without a domain/, differs: ['from'], because: 'who has no domain cannot be answered, and is nobody' },
  { of: /a space before the colon/, differs: ['from', 'subject'], because: 'the space belongs to no name (RFC 5322 §4.5)' },
  {
    of: /empty text beside HTML|a picture in the text|5,000 nested boxes/,
    differs: ['text'],
    because: 'without a plain text the words of the HTML are read',
  },
  { of: /2,000 links/, differs: ['text'], because: 'it writes the address behind each link' },
  { of: /structure: flowed$/, differs: ['text'], because: 'quoted lines stay as they came, so that they can be folded away' },
  {
    of: /a digest|avvenuta-consegna, (whole|brief)|an envelope|an anomaly/,
    differs: ['text', 'files', 'bytes'],
    because: 'a message inside is a file here; it pours its words into the text',
  },
  {
    of: /^bounce: (Postfix|Exchange|Gmail|sendmail|delayed|with letters)/,
    differs: ['text', 'files', 'bytes'],
    because: 'reports are files here, by which they are read; it pours them into the text',
  },
  { of: /a hundred and twenty/, differs: ['files'], because: 'so many are kept, and the original has the rest' },
  {
    of: /^winmail: (with two files|as anything|with the text inside)/,
    differs: ['text', 'files', 'bytes'],
    because: 'it does not open what Outlook has wrapped',
  },
  { of: /lines that end by CR/, differs: ['text', 'subject', 'from'], because: 'it knows no such lines' },
  { of: /NUL in the/, differs: ['subject', 'text'], because: 'NUL is no letter, and cannot be kept' },
  {
    of: /no boundary|an empty boundary|another boundary|a boundary in other letters|structure: no parts/,
    differs: ['text'],
    because: 'where the parts cannot be told apart the whole body is shown',
  },
  { of: /a type that is none/, differs: ['text', 'files'], because: 'what is no type is text (RFC 2045 §5.2)' },
  { of: /base64 that is no base64/, differs: ['text'], because: 'rubbish, read in two ways' },
  { of: /40,000 headers|10,000 parts/, differs: ['all'], because: 'it refuses the mail' },
]

const oneLine = (text: string | undefined): string => (text ?? '').replace(/\s+/g, ' ').trim()

async function fieldsThatDiffer(raw: Buffer, read: ReadMail): Promise<Field[]> {
  const second = await simpleParser(raw).catch(() => undefined)
  if (!second) return ['all']
  const to = [second.to ?? []]
    .flat()
    .flatMap(each => each.value.flatMap(one => (one.group ?? [one]).map(({ address }) => address?.toLowerCase() ?? '')))
  const files = second.attachments.map(({ filename }, n) => safeFileName(filename ?? null, n))
  const same: Readonly<Record<Exclude<Field, 'all'>, boolean>> = {
    text: oneLine([read.text, read.quoted].join('\n')) === oneLine(second.text),
    subject: read.subject === oneLine(second.subject).slice(0, 500).toWellFormed(),
    from: read.from.address === (second.from?.value[0]?.address?.toLowerCase() ?? ''),
    to: read.to.join() === to.filter(Boolean).slice(0, 200).join(),
    files: read.attachments.map(({ name }) => name).join() === files.join(),
    bytes: read.attachments.every(
      ({ bytes, name }, n) =>
        files[n] !== name || linesOf(Buffer.from(bytes)) === linesOf(second.attachments[n]?.content ?? Buffer.alloc(0)),
    ),
  }
  return Object.entries(same).flatMap(([field, isSame]): Field[] => (isSame || !isField(field) ? [] : [field]))
}
/** Lines of a part that is not encoded end by LF in the first parser, with one at the end; the original has them as they came. */
const linesOf = (bytes: Buffer): string => bytes.toString('latin1').replace(/\r\n/g, '\n').replace(/\n+$/, '')
const isField = (name: string): name is Field => ['text', 'subject', 'from', 'to', 'files', 'bytes'].includes(name)

test('there are messages of each kind', () => {
  const kinds = Object.groupBy(messages, ({ kind }) => kind)
  console.log(
    Object.entries(kinds)
      .map(([kind, all]) => `${kind} ${all.length}`)
      .join(' · '),
    `= ${messages.length}`,
  )
  expect(messages.length).toBeGreaterThanOrEqual(150)
  expect(new Set(messages.map(titleOf)).size).toBe(messages.length)
})

test('each is read as it was meant', async () => {
  const found: unknown[] = []
  const pec = pecService([])
  for (const message of messages) {
    const read = await parseMail(message.raw)
    const { text, subject, from, fromName, to, files, by, about } = message
    const got = {
      ...(text === undefined ? {} : { text: read.text }),
      ...(subject === undefined ? {} : { subject: read.subject }),
      ...(from === undefined ? {} : { from: read.from.address }),
      ...(fromName === undefined ? {} : { fromName: read.from.name }),
      ...(to === undefined ? {} : { to: read.to }),
      ...(files === undefined ? {} : { files: read.attachments.map(({ name }) => name) }),
      ...(by === undefined ? {} : { by: writtenBy(read) }),
      ...(about === undefined ? {} : { about: read.report?.about }),
      ...(message.pec === undefined ? {} : { pec: (await pec.read(message.raw)).is }),
    }
    const { kind: _kind, name: _name, raw: _raw, inside, ...wanted } = message
    if (inside && !inside.equals(read.attachments[0]?.bytes ?? Buffer.alloc(0)))
      found.push(`${titleOf(message)}: not byte for byte`)
    if (JSON.stringify(sorted(got)) !== JSON.stringify(sorted(wanted))) found.push({ message: titleOf(message), got, wanted })
  }
  expect(found).toEqual([])
})
const sorted = (object: object) => Object.entries(object).toSorted(([one], [other]) => (one < other ? -1 : 1))

test('a second parser reads the same, or the table says why not', async () => {
  const found: string[] = []
  const needed = new Set<string>()
  for (const message of messages) {
    const rows = explained.filter(({ of }) => of.test(titleOf(message)))
    for (const field of await fieldsThatDiffer(message.raw, await parseMail(message.raw))) {
      const row = rows.find(({ differs }) => differs.includes(field))
      if (row) needed.add(row.because)
      else found.push(`${titleOf(message)}: ${field}`)
    }
  }
  expect(found).toEqual([])
  expect(explained.filter(({ because }) => !needed.has(because))).toEqual([])
})

/** The same bytes in every run: a linear congruence (Numerical Recipes). */
function* chances(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    yield state / 2 ** 32
  }
}

function flipped(raw: Buffer, seed: number): Buffer {
  const bytes = Buffer.from(raw)
  const chance = chances(seed)
  for (let n = 0; n < Math.min(40, raw.length); n++)
    bytes[Math.floor((chance.next().value ?? 0) * raw.length)] = Math.floor((chance.next().value ?? 0) * 256)
  return bytes
}

const inLatin1 = (raw: Buffer, change: (text: string) => string): Buffer => Buffer.from(change(raw.toString('latin1')), 'latin1')

const damages: Readonly<Record<string, (raw: Buffer, n: number) => Buffer>> = {
  'cut in the head': raw => raw.subarray(0, Math.min(70, raw.length)),
  'cut in the middle': raw => raw.subarray(0, raw.length >> 1),
  'cut before the end': raw => raw.subarray(0, Math.max(0, raw.length - 9)),
  'without its boundaries': raw => inLatin1(raw, text => text.replace(/^--.*$/gm, '')),
  'without empty lines': raw => inLatin1(raw, text => text.replace(/(\r?\n){2,}/g, '\r\n')),
  'with NUL': raw => inLatin1(raw, text => text.replace(/[aeiou]/g, '$&\0')),
  'with NUL in its values': raw => inLatin1(raw, text => text.replace(/[:;=/] ?\w\w/g, '$&\0')),
  'with CR alone': raw => inLatin1(raw, text => text.replace(/\r?\n/g, '\r')),
  'with CR in each line': raw => inLatin1(raw, text => text.replace(/ /g, ' \r')),
  'twice over': raw => Buffer.concat([raw, raw]),
  'with another charset': raw => inLatin1(raw, text => text.replace(/charset=[^\r\n;]+/gi, 'charset=x-none')),
  'with other bytes': (raw, n) => flipped(raw, n + 1),
}
const maxDamagedBytes = 20_000

test('damaged, each is still read: nothing throws or takes long, and what is read can be kept', async () => {
  const found: string[] = []
  let read = 0
  for (const [n, message] of messages.entries()) {
    if (message.raw.length > maxDamagedBytes) continue
    for (const [damage, make] of Object.entries(damages)) {
      const begun = performance.now()
      const what = `${titleOf(message)}, ${damage}`
      try {
        const mail = await parseMail(make(message.raw, n))
        const { attachments, ...texts } = mail
        const kept = JSON.stringify([texts, attachments.map(({ name, type, declaredType }) => [name, type, declaredType])])
        if (/\\u0000|\\ud[89a-f]/i.test(kept)) found.push(`${what}: cannot be kept`)
        read++
      } catch (error) {
        found.push(`${what}: ${error instanceof Error ? error.message : 'throws'}`)
      }
      if (performance.now() - begun > 20_000) found.push(`${what}: takes long`)
    }
  }
  expect(found).toEqual([])
  expect(read).toBeGreaterThan(2_000)
})
