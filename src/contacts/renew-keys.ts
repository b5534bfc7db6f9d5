/**
 * Making the keys of contacts anew when their rules have changed: in the background, a few hundred at a time, each batch a transaction. Until
 * a contact's turn comes it is found by its old keys. When none is left, a look costs one step into an empty index.
 */
import type { House } from '../platform/index.ts'
import { contactKeysOf, lockOldKeyed, noteKeysRenewed, replaceContactKeys } from './keys-store.ts'
import { emailsOf, formerCodesOf, phonesOf } from './store.ts'

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
    const contacts = await lockOldKeyed(tx, limit)
    for (const contact of contacts) {
      const [phones, emails] = [await phonesOf(tx, contact.id), await emailsOf(tx, contact.id)]
      const keys = contactKeysOf(
        contact,
        phones.map(phone => phone.number),
        emails.map(email => email.address),
        (await formerCodesOf(tx, contact.id)).map(code => code.fiscal_code),
      )
      await replaceContactKeys(tx, contact.id, keys)
    }
    const ids = contacts.map(contact => contact.id)
    await noteKeysRenewed(tx, ids)
    return contacts.length
  })
}
