/** What a contact is found by: its keys, made of names, codes, numbers and addresses. */
import './tables.ts'
import { sql } from 'kysely'
import type { Db } from '../platform/index.ts'
import { withoutOmocodia } from './fiscal-code.ts'
import { doubleKeys, foldEmail, type KeyKind, keysVersion, nameKeys } from './names.ts'
import type { ContactRow } from './store.ts'

type Named = Pick<ContactRow, 'given_name' | 'family_name' | 'business_name' | 'fiscal_code' | 'birth_date'>

/** What of a contact is compared when doubles are looked for. */
export const doubleFactsOf = (contact: Named) => ({
  names: [contact.family_name, contact.given_name, contact.business_name],
  fiscalCode: contact.fiscal_code,
  birthDate: contact.birth_date,
})

export interface ContactKey {
  kind: KeyKind
  key: string
}

/** The digits that letters of omocodia stand for, of a code of a person. */
const plainCode = (code: string): string => (code.length === 16 ? withoutOmocodia(code) : code)

/**
 * Everything that the contact can be found by. A fiscal code with letters of omocodia is found by the digits that they stand for, too, and a code that
 * the contact had before is found as the one of now.
 */
export function contactKeysOf(
  contact: Named,
  phones: readonly string[],
  emails: readonly string[],
  formerCodes: readonly string[] = [],
): ContactKey[] {
  const codes = [...(contact.fiscal_code === null ? [] : [contact.fiscal_code]), ...formerCodes]
  const facts = doubleFactsOf(contact)
  return [
    ...nameKeys(facts.names).map(key => ({ kind: 'name' as const, key })),
    ...doubleKeys(facts).map(key => ({ kind: 'double' as const, key })),
    ...[...new Set(codes.flatMap(code => [code, plainCode(code)]))].map(each => ({
      kind: 'fiscal-code' as const,
      key: each.toLowerCase(),
    })),
    ...phones.map(key => ({ kind: 'phone' as const, key })),
    ...emails.map(address => ({ kind: 'email' as const, key: foldEmail(address) })),
  ]
}

export async function replaceContactKeys(db: Db, contactId: string, keys: readonly ContactKey[]): Promise<void> {
  await db.deleteFrom('contact_key').where('contact_id', '=', contactId).execute()
  if (keys.length === 0) return
  await db
    .insertInto('contact_key')
    .values(keys.map(({ kind, key }) => ({ kind, key, contact_id: contactId })))
    .onConflict(conflict => conflict.doNothing())
    .execute()
}

type NamedRow = Named & Pick<ContactRow, 'id'>

/** Contacts whose keys are made by old rules. Who has the card open for writing keeps it; it has new keys when saved. Index: contact_with_old_keys. */
export async function lockOldKeyed(db: Db, limit: number): Promise<NamedRow[]> {
  const { rows } = await sql<NamedRow>`
    select id, given_name, family_name, business_name, fiscal_code, to_char(birth_date, 'YYYY-MM-DD') as birth_date
    from   contact
    where  keys_version < 2
    order  by id
    limit  ${limit}
    for    update skip locked`.execute(db)
  return rows
}

/** The keys of these contacts are made by the rules of now. */
export async function noteKeysRenewed(db: Db, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await db.updateTable('contact').set({ keys_version: keysVersion }).where('id', 'in', ids).execute()
}
