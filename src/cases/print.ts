/**
 * A case on paper: one page of HTML without scripts, which the browser prints or keeps as PDF. For those who may take cases away, as far as they may; it says
 * who printed it and when, and the look is in the access log like every other.
 */
import { type House, type Language, notFound, type PersonActor, sentence } from '../platform/index.ts'
import type { CaseFiles } from './files/model.ts'
import { caseFilesView } from './files/views.ts'
import { listScope } from './finding/policy.ts'
import { caseHistory } from './history.ts'
import type { Case, HistoryEntry } from './model.ts'
import { spokenCode } from './request-code.ts'
import { readCase } from './store.ts'
import { caseView } from './views.ts'

/** A page ends after so many entries of the history, and says so. */
const maxEntries = 500

/** The case as a page to be printed. @throws Refused 404 for a case that is not the reader's to take away */
export async function printedCase(house: House, actor: PersonActor, caseId: string, language: Language): Promise<string> {
  const scope = listScope(actor, 'cases.export')
  if (!scope || !(await readCase(house.database.kysely, caseId, scope))) throw notFound('case')
  const matter = await caseView(house, actor, caseId)
  const files = await caseFilesView(house, actor, caseId, language)
  const history = await caseHistory(house, actor, caseId, { limit: maxEntries }, language)
  const format = new Intl.DateTimeFormat(language, { timeZone: house.config.TIME_ZONE, dateStyle: 'medium', timeStyle: 'short' })
  return pageOfCase(
    matter,
    { history, files },
    {
      language,
      time: instant => format.format(new Date(instant)),
      printedBy: actor.name,
      printedAt: new Date(house.clock.now()).toISOString(),
    },
  )
}

interface Printing {
  language: Language
  /** An instant as it is written for the reader. */
  time: (instant: string) => string
  printedBy: string
  printedAt: string
}

/** The page. Pure. */
export function pageOfCase(
  matter: Case,
  { history, files }: { history: { items: readonly HistoryEntry[]; next: string | null }; files: CaseFiles },
  { language, time, printedBy, printedAt }: Printing,
): string {
  const say = (code: string, values: Record<string, string> = {}) => escaped(sentence(language, `cases.print.${code}`, values))
  const channel = (name: string) => sentence(language, `cases.channel.${name}`)
  const standing = matter.joinedInto ? 'joined' : matter.status
  const state = [
    sentence(language, `cases.standing.${standing}`),
    ...(matter.outcome === null ? [] : [sentence(language, `cases.outcome.${matter.outcome}`)]),
    ...(matter.joinedInto === null ? [] : [`${spokenCode(matter.joinedInto.code)}, ${matter.joinedInto.title}`]),
  ]
  const facts: [string, string | null][] = [
    ['code', spokenCode(matter.code)],
    ['contact', matter.contact.name],
    ['standing', state.join(', ')],
    ['typology', matter.typology.join(' › ') || null],
    ['openedAt', time(matter.openedAt)],
    ['closedAt', matter.closedAt && time(matter.closedAt)],
    [
      'unit',
      matter.tickets.map(ticket => [ticket.unit.name, ticket.claimedBy?.name].filter(Boolean).join(', ')).join('; ') || null,
    ],
  ]
  const rows = facts.flatMap(([name, value]) =>
    value === null ? [] : [`<dt>${escaped(sentence(language, `cases.columns.${name}`))}</dt><dd>${escaped(value)}</dd>`],
  )
  const conversations = matter.interactions.map(each =>
    item([time(each.openedAt), channel(each.channel), each.operator?.name], [each.question, each.answer ?? '']),
  )
  const messages = matter.messages.map(each => item([time(each.at), each.byName], [each.text]))
  const notes = matter.notes.map(each => item([time(each.at), each.byName, each.byUnit], [each.text]))
  const size = new Intl.NumberFormat(language, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 })
  const attached = [
    ...files.files.filter(each => each.removed === null).map(each => ({ ...each, who: each.byName })),
    ...files.fromMails.map(each => ({ ...each, who: each.from })),
  ]
    .sort((one, other) => one.at.localeCompare(other.at))
    .map(each => item([time(each.at), each.who, size.format(Math.max(1, each.sizeBytes / 1024))], [each.name]))
  const entries = history.items.map(each => item([time(each.at), each.who, each.unit], [each.sentence]))
  const part = (name: string, items: readonly string[]) =>
    items.length === 0 ? '' : `<h2>${say(name)}</h2><ol>${items.join('')}</ol>`
  return `<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<title>${escaped(`${spokenCode(matter.code)} ${matter.title}`)}</title>
<style>${style}</style>
<h1>${escaped(matter.title)}</h1>
<dl>${rows.join('')}</dl>
${part('conversations', conversations)}
${part('messages', messages)}
${part('notes', notes)}
${part('files', attached)}
${part('history', entries)}
${history.next === null ? '' : `<p>${say('cut', { count: String(maxEntries) })}</p>`}
<footer>${say('printed', { name: printedBy, at: time(printedAt) })}</footer>
</html>
`
}

/** What was said when and by whom, and its texts. */
const item = (facts: readonly (string | null | undefined)[], texts: readonly string[]): string =>
  `<li><small>${facts.filter(Boolean).map(String).map(escaped).join(' · ')}</small>${texts
    .filter(text => text !== '')
    .map(text => `<p>${escaped(text)}</p>`)
    .join('')}</li>`

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const style = `
  body { max-width: 48rem; margin: 2rem auto; padding: 0 1rem; font: 11pt/1.4 'Titillium Web', sans-serif; color: #17324d }
  h1 { font-size: 18pt; margin: 0 0 .5rem } h2 { font-size: 12pt; margin: 1.5rem 0 .25rem; break-after: avoid }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem } dt { color: #455b71 } dd { margin: 0 }
  ol { list-style: none; margin: 0; padding: 0 } li { padding: .4rem 0; border-top: 1px solid #c5c7c9; break-inside: avoid }
  p { margin: .15rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere } small, footer { color: #455b71; font-size: 9pt }
  footer { margin-top: 2rem; border-top: 1px solid #c5c7c9; padding-top: .4rem }
  @page { margin: 18mm }`
