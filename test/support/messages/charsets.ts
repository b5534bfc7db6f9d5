/** Texts in many charsets, and in charsets that lie. */
import { joined, type MailMessage, mail, type Part, quotedPrintable } from './build.ts'

/** Bytes of a text in a charset of one or two bytes a character, found by what the platform decodes. */
function bytesIn(label: string, text: string): Buffer {
  const decoder = new TextDecoder(label)
  const wanted = new Set(text)
  const found = new Map<string, readonly number[]>()
  for (let high = 0; high < 256 && found.size < wanted.size; high++) {
    const one = decoder.decode(Uint8Array.of(high))
    if (wanted.has(one) && !found.has(one)) found.set(one, [high])
    if (high < 0x81 || [...wanted].every(each => found.has(each))) continue
    for (let low = 0x40; low < 0xff; low++) {
      const two = decoder.decode(Uint8Array.of(high, low))
      if (wanted.has(two) && !found.has(two)) found.set(two, [high, low])
    }
  }
  return Buffer.from([...text].flatMap(each => found.get(each) ?? [63]))
}

const inCharsets: readonly (readonly [label: string, text: string])[] = [
  ['iso-8859-1', 'Perché così? È già là'],
  ['iso-8859-2', 'Zażółć gęślą jaźń'],
  ['iso-8859-5', 'Добрый день'],
  ['iso-8859-7', 'Καλημέρα σας'],
  ['iso-8859-8', 'שלום לכם'],
  ['iso-8859-9', 'İyi günler ığş'],
  ['iso-8859-15', 'Pensione di 900 €, perché?'],
  ['windows-1250', 'Děkuji, příliš žluťoučký'],
  ['windows-1251', 'Здравствуйте, пенсия'],
  ['windows-1252', '“Quanto” – 10 €…'],
  ['windows-1253', 'Ευχαριστώ'],
  ['windows-1254', 'Teşekkürler'],
  ['windows-1256', 'مرحبا بكم'],
  ['windows-1257', 'Labą dieną'],
  ['koi8-r', 'Где моя пенсия'],
  ['koi8-u', 'Дякую'],
  ['macintosh', 'Perché è così'],
  ['shift_jis', 'こんにちは年金'],
  ['euc-jp', '年金について'],
  ['gbk', '您好养老金'],
  ['gb18030', '意大利养老金'],
  ['big5', '您好退休金'],
  ['euc-kr', '안녕하세요'],
]

export function charsets(): MailMessage[] {
  const all: MailMessage[] = inCharsets.flatMap(([label, text]) => {
    const bytes = bytesIn(label, text)
    const type = `text/plain; charset=${label}`
    const word = `=?${label}?B?${bytes.toString('base64')}?=`
    return [
      {
        ...{ kind: 'charset', name: `${label}, in quoted-printable`, text },
        raw: mail({ 'Content-Type': type, 'Content-Transfer-Encoding': 'quoted-printable' }, quotedPrintable(bytes)),
      },
      {
        ...{ kind: 'charset', name: `${label}, raw, with subject and name in words`, text, subject: text, fromName: text },
        raw: mail(
          { 'Content-Type': type, 'Content-Transfer-Encoding': '8bit', Subject: word, From: `${word} <giulia@example.org>` },
          bytes,
        ),
      },
    ]
  })
  const odd: readonly (readonly [name: string, type: string, body: Part, text?: string, encoding?: string])[] = [
    ['UTF-8 under another spelling', 'text/plain; charset=UTF8', 'perché', 'perché'],
    ['UTF-8 in apostrophes', "text/plain; charset='utf-8'", 'perché', 'perché'],
    ['UTF-8 with a mark before it', 'text/plain; charset=utf-8', '\ufeffperché', 'perché'],
    ['UTF-16 in base64', 'text/plain; charset=utf-16le', Buffer.from('perché', 'utf16le').toString('base64'), 'perché', 'base64'],
    [
      'UTF-16 with the other order',
      'text/plain; charset=utf-16be',
      Buffer.from('perché', 'utf16le').swap16().toString('base64'),
      'perché',
      'base64',
    ],
    ['UTF-7', 'text/plain; charset=utf-7', 'perch+AOk- 1+-1', 'perché 1+1'],
    ['ISO-2022-JP', 'text/plain; charset=iso-2022-jp', '\u001b$B$3$s\u001b(B', 'こん'],
    ['a charset that nobody knows', 'text/plain; charset=x-nobody', 'ciao', 'ciao'],
    ['no charset, and Latin letters all the same', 'text/plain', Buffer.from('perch\xe9', 'latin1'), 'perché'],
    ['no charset, and UTF-8 all the same', 'text/plain', 'perché', 'perché'],
    ['UTF-8 that is Latin', 'text/plain; charset=utf-8', Buffer.from('perch\xe9 no', 'latin1'), 'perché no'],
    ['Latin that is UTF-8', 'text/plain; charset=iso-8859-1', 'perché', 'perché'],
    [
      'Latin that is UTF-8 in one line',
      'text/plain; charset=iso-8859-1',
      joined(['perché – €\r\n', Buffer.from('cos\xec', 'latin1')]),
      'perché – €\ncosì',
    ],
    ['unknown-8bit', 'text/plain; charset=unknown-8bit', Buffer.from('perch\xe9', 'latin1')],
    ['ASCII that is not', 'text/plain; charset=us-ascii', 'perché', 'perché'],
    ['an empty charset', 'text/plain; charset=""', 'ciao', 'ciao'],
    ['half a letter at the end', 'text/plain; charset=utf-8', Buffer.from([0x63, 0x69, 0x61, 0x6f, 0xc3])],
    ['half a pair', 'text/plain; charset=utf-8', Buffer.from('ciao \ud83d', 'utf8')],
  ]
  for (const [name, type, body, text, encoding] of odd)
    all.push({
      ...{ kind: 'charset', name, ...(text === undefined ? {} : { text }) },
      raw: mail({ 'Content-Type': type, ...(encoding === undefined ? {} : { 'Content-Transfer-Encoding': encoding }) }, body),
    })
  return all
}
