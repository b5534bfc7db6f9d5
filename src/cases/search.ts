/** One field that finds persons, cases and offices, each under its own rights. */
import { contactScope, searchContacts } from '../contacts/index.ts'
import { searchUnits } from '../organisation/index.ts'
import { type Actor, type House, type Language, sentence } from '../platform/index.ts'
import type { SearchResult } from './model.ts'
import { readRequestCode, spokenCode } from './request-code.ts'
import { caseByCode } from './store.ts'

const mostOfAKind = 8

/** What a text finds. A request code finds its case; everything else is looked for among contacts and offices. */
export async function search(house: House, actor: Actor, q: string, language: Language): Promise<SearchResult[]> {
  // Administrators have no business with citizens; they find offices.
  const scope = contactScope(actor)
  const db = house.database.kysely
  const code = readRequestCode(q)
  const found = code === undefined || !scope ? undefined : await caseByCode(db, code, scope)
  const [contacts, units] = await Promise.all([
    searchContacts(house, actor, { q, limit: mostOfAKind }),
    searchUnits(db, q, mostOfAKind),
  ])
  return [
    ...(found
      ? [
          {
            kind: 'case' as const,
            id: found.id,
            title: found.title,
            subtitle: `${spokenCode(found.code)} · ${sentence(language, `cases.status.${found.status}`)}`,
            url: `/cric/cases/${found.id}`,
          },
        ]
      : []),
    ...contacts.items.map(contact => ({
      kind: 'contact' as const,
      id: contact.id,
      title: contact.name,
      subtitle: [contact.fiscalCode, contact.municipality].filter(Boolean).join(' · '),
      url: `/contacts/${contact.id}`,
    })),
    ...units.map(unit => ({
      kind: 'unit' as const,
      id: unit.id,
      title: unit.name,
      subtitle: unit.address ?? '',
      url: `/admin/units/${unit.id}`,
    })),
  ]
}
