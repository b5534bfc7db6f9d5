/**
 * Making the keys of contacts anew when their rules have changed: in the background, a few hundred at a time, each batch a transaction. Until
 * a contact's turn comes it is found by its old keys. When none is left, a look costs one step into an empty index.
 */
import { sql } from 'kysely'
import type { Db, House } from '../platform/index.ts'
import { keysVersion } from './names.ts'
import { type ContactRow, contactKeysOf, emailsOf, phonesOf, replaceContactKeys } from './store.ts'

const batchSize = 200
/** One run of the job takes so long at most; the next goes on. */
const runMs = 20_000

/** Notes the renewing among the jobs. */
export function startContacts(house: House): void {
  house.jobs.schedule('contacts.renew-keys', '* * * * *', async () => {
    const until = house.clock.now() + runMs
    while ((await renewKeys(house)) === batchSize && house.clock.now() < until);
  })
}

/** Makes the keys of up to `limit` contacts anew. Returns of how many; fewer than `limit` when no more are left, or others have them in hand. */
export function renewKeys(house: House, limit = batchSize): Promise<number> {
  return house.database.kysely.transaction().execute(async tx => {
    const contacts = await oldKeyed(tx, limit)
    for (const contact of contacts) {
      const [phones, emails] = [await phonesOf(tx, contact.id), await emailsOf(tx, contact.id)]
      const keys = contactKeysOf(
        contact,
        phones.map(phone => phone.number),
        emails.map(email => email.address),
      )
      await replaceContactKeys(tx, contact.id, keys)
    }
    const ids = contacts.map(contact => contact.id)
    if (ids.length > 0) await tx.updateTable('contact').set({ keys_version: keysVersion }).where('id', 'in', ids).execute()
    return contacts.length
  })
}

type Named = Pick<ContactRow, 'id' | 'given_name' | 'family_name' | 'business_name' | 'fiscal_code' | 'birth_date'>

/** A card that somebody is writing is left alone: it has new keys when it is saved. Index: contact_with_old_keys. */
async function oldKeyed(db: Db, limit: number): Promise<Named[]> {
  const { rows } = await sql<Named>`
    select id, given_name, family_name, business_name, fiscal_code, to_char(birth_date, 'YYYY-MM-DD') as birth_date
    from   contact
    where  keys_version < 2
    order  by id
    limit  ${limit}
    for    update skip locked`.execute(db)
  return rows
}
