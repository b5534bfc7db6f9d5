/**
 * All that is known of one person, as one archive: `dati.json` for programs, `dati.html` for people. What is known is told as it stands, also what colleagues
 * have noted, and who has looked; cards that are joined are one person. Mails are told by their words; their files are named, and given apart.
 */
import { strToU8, zipSync } from 'fflate'
import { contactView, groupOf } from '../contacts/index.ts'
import { type Actor, type House, inTransaction, type Language, must, sentence, unitsIn } from '../platform/index.ts'
import { dataExported } from './events.ts'
import { knownOf, type ListName, listNames, type Row } from './export-store.ts'
import { mayAnswerForData } from './policy.ts'

/** Rows of one list. Whoever has more is told so in the file. */
const mostRows = 5_000

/** @throws Refused 404 for a contact out of sight, 403 for who does not answer for data */
export async function exportOf(house: House, actor: Actor, contactId: string, language: Language): Promise<Buffer> {
  must(mayAnswerForData(actor))
  const { masked: _masked, ...card } = await contactView(house, actor, contactId)
  const cards = await groupOf(house.database.kysely, contactId)
  const joined: Row[] = []
  for (const other of cards.filter(each => each !== contactId)) {
    const { masked: _other, ...view } = await contactView(house, actor, other)
    joined.push(view)
  }
  const known = await knownOf(house.database.kysely, cards, mostRows + 1)
  const more = listNames.filter(name => known[name].length > mostRows)
  for (const name of more) known[name].length = mostRows
  const at = new Date(house.clock.now())
  await inTransaction(house, actor, work =>
    work.journal(dataExported, {}, { contact: contactId, units: actor.kind === 'person' ? unitsIn(actor.unitPath) : [] }),
  )
  const json = JSON.stringify({ at: at.toISOString(), card, joined, ...known, ...(more.length > 0 && { more }) }, null, 2)
  const html = pageOf({ name: card.name, at, cards: [card, ...joined], known, more }, language)
  return Buffer.from(zipSync({ 'dati.json': strToU8(json), 'dati.html': strToU8(html) }, { mtime: at }))
}

interface Told {
  name: string
  at: Date
  cards: readonly Row[]
  known: Readonly<Record<ListName, readonly Row[]>>
  more: readonly ListName[]
}

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')

/** A page that needs nothing but itself. */
function pageOf({ name, at, cards, known, more }: Told, language: Language): string {
  const say = (code: string) => escaped(sentence(language, `privacy.export.${code}`))
  const label = (field: string) => {
    const code = `privacy.export.fields.${field}`
    const told = sentence(language, code)
    return escaped(told === code ? field : told)
  }
  const table = (rows: readonly Row[]) => {
    const columns = Object.keys(rows[0] ?? {})
    const head = columns.map(column => `<th scope="col">${label(column)}</th>`).join('')
    const body = rows
      .map(row => `<tr>${columns.map(column => `<td>${escaped(shown(row[column]))}</td>`).join('')}</tr>`)
      .join('\n')
    return `<table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table>`
  }
  const facts = cards.map(card => {
    const rows = Object.entries(card).flatMap(([field, value]) =>
      shown(value) === '' ? [] : [`<tr><th scope="row">${label(field)}</th><td>${escaped(shown(value))}</td></tr>`],
    )
    return `<h2>${say('card')}</h2><table><tbody>${rows.join('\n')}</tbody></table>`
  })
  const lists = listNames.map(list => {
    const rows = known[list]
    const cut = more.includes(list) ? `<p>${say('more')}</p>` : ''
    return `<h2>${say(`lists.${list}`)}</h2>\n${rows.length === 0 ? `<p>${say('nothing')}</p>` : table(rows)}${cut}`
  })
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><title>${say('title')}: ${escaped(name)}</title>
<style>body{font:15px/1.5 sans-serif;max-width:1100px;margin:2em auto;padding:0 1em}table{border-collapse:collapse;width:100%}
th,td{border:1px solid #999;padding:4px 8px;text-align:left;vertical-align:top;white-space:pre-wrap;overflow-wrap:anywhere}</style></head>
<body><h1>${say('title')}: ${escaped(name)}</h1><p>${say('at')} ${at.toISOString()}</p>
${facts.join('\n')}
${lists.join('\n')}
</body></html>
`
}

/** A value as it is read; what is not there is empty. */
function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return ''
  if (Array.isArray(value)) return value.map(shown).filter(Boolean).join('; ')
  if (typeof value === 'object') return Object.values(value).map(shown).filter(Boolean).join(' · ')
  return String(value)
}
