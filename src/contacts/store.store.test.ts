/** Finding contacts among many: what is found, in which order, and along which index. */
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { eachDatabase, onPostgres } from '../../test/support/database.ts'
import { analyse, plansOf } from '../../test/support/plan.ts'
import { endOfPrefix, type House } from '../platform/index.ts'
import { findByKey, findByPhone, possibleDuplicates } from './finding-store.ts'
import { contactKeysOf, replaceContactKeys } from './keys-store.ts'
import type { KeyKind, KeyRange } from './names.ts'
import { renewKeys } from './renew-keys.ts'
import { addUnit, type ContactRow, insertContact, phonesOf, readContact, replaceEmails, replacePhones } from './store.ts'

const beginning = (kind: KeyKind, from: string): KeyRange => ({ kind, from, to: endOfPrefix(from) })
const everything = { all: true } as const
const lazio = { all: false, under: 'inps/dr-lazio/cric-lazio/' } as const

const nothingMore = {
  intermediary_kind: null,
  address: null,
  postal_code: null,
  preferred_channel: null,
  needs: [],
  do_not_call: null,
} satisfies Partial<ContactRow>
const phoneRow = (number: string) => ({ number, kind: null })
const emailRow = (address: string) => ({ address, kind: null })

async function write(house: House, given: Partial<ContactRow> & { phones?: string[]; emails?: string[]; unit?: string }) {
  const { phones = [], emails = [], unit, ...columns } = given
  const row: ContactRow = {
    id: house.ids(),
    kind: 'person',
    given_name: null,
    family_name: 'Rossi',
    business_name: null,
    fiscal_code: null,
    birth_date: null,
    municipality_code: null,
    province_code: null,
    region_code: null,
    language: 'it',
    notes: '',
    ...nothingMore,
    version: 1,
    ...columns,
  }
  const db = house.database.kysely
  const { version: _version, ...inserted } = row
  await insertContact(db, inserted, new Date(house.clock.now()))
  await replacePhones(db, row.id, phones.map(phoneRow))
  await replaceEmails(db, row.id, emails.map(emailRow))
  await replaceContactKeys(db, row.id, contactKeysOf(row, phones, emails))
  if (unit) await addUnit(db, row.id, unit)
  return row
}

describe('contacts', () => {
  eachDatabase(open => {
    test('are found by any word of the name, accents and apostrophes aside, and once', async () => {
      const { house } = await open()
      const db = house.database.kysely
      const nicolo = await write(house, { given_name: 'Nicolò', family_name: "D'Àngelo" })
      const twice = await write(house, { given_name: 'Marco', family_name: 'Marconi' })
      const found = async (prefix: string) =>
        (await findByKey(db, beginning('name', prefix), everything, undefined, 10)).map(row => row.id)
      expect(await found('nicolo d')).toEqual([nicolo.id])
      expect(await found('dangelo')).toEqual([nicolo.id])
      expect(await found('marc')).toEqual([twice.id])
      expect(await found('angelo')).toEqual([nicolo.id])
      expect(await found('d angelo')).toEqual([nicolo.id])
      expect(await found('ngelo')).toEqual([])
      expect(await found('%')).toEqual([])
    })

    test('whose keys were made by older rules are found by the new ones after their turn, once each', async () => {
      const { house } = await open()
      const db = house.database.kysely
      const eva = await write(house, { given_name: 'Eva', family_name: 'Müller', phones: ['+390659594321'] })
      await replaceContactKeys(db, eva.id, [{ kind: 'name', key: 'muller eva' }])
      await db.updateTable('contact').set({ keys_version: 1 }).execute()
      const found = async () => (await findByKey(db, beginning('name', 'mueller'), everything, undefined, 10)).map(row => row.id)
      expect(await found()).toEqual([])
      expect(await renewKeys(house)).toBe(1)
      expect(await found()).toEqual([eva.id])
      expect(await findByKey(db, beginning('phone', '+39065959'), everything, undefined, 10)).toHaveLength(1)
      expect(await renewKeys(house)).toBe(0)
    })

    test('come page by page, in one order, each once, while others are added', async () => {
      const { house } = await open()
      const db = house.database.kysely
      for (let i = 0; i < 25; i++)
        await write(house, { given_name: `Anna ${String.fromCharCode(97 + i)}`, family_name: 'Bianchi' })
      const seen: string[] = []
      let after: { key: string; id: string } | undefined
      for (;;) {
        const rows = await findByKey(db, beginning('name', 'bianchi'), everything, after, 10)
        seen.push(...rows.map(row => row.id))
        const last = rows.at(-1)
        if (!last) break
        after = { key: last.key, id: last.id }
        await write(house, { given_name: 'Aaa', family_name: 'Bianchi' })
      }
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen).toHaveLength(25)
    })

    test('of other regions are not there: not in lists, not by number, not by identifier', async () => {
      const { house } = await open()
      const db = house.database.kysely
      const phones = ['+390659594321']
      const ours = await write(house, { family_name: 'Verdi', phones, unit: 'inps/dr-lazio/cric-lazio/cric-lazio-pensioni/' })
      const theirs = await write(house, { family_name: 'Verdi', phones, unit: 'inps/dr-lombardia/cric-lombardia/' })
      const near = await write(house, { family_name: 'Verdi', phones, unit: 'inps/dr-lazio/cric-lazio-2/' })
      expect((await findByKey(db, beginning('name', 'verdi'), lazio, undefined, 10)).map(row => row.id)).toEqual([ours.id])
      expect((await findByPhone(db, '+390659594321', lazio, undefined, 10)).map(row => row.id)).toEqual([ours.id])
      expect(await readContact(db, theirs.id, lazio)).toBeUndefined()
      expect(await readContact(db, near.id, lazio)).toBeUndefined()
      expect((await findByKey(db, beginning('name', 'verdi'), everything, undefined, 10)).map(row => row.id)).toHaveLength(3)
    })

    test('that may be the same are shown; two with different fiscal codes are two', async () => {
      const { house } = await open()
      const db = house.database.kysely
      const keys = (row: ContactRow, phones: string[] = []) => contactKeysOf(row, phones, [])
      const first = await write(house, { given_name: 'Giulia', birth_date: '1962-09-04', phones: ['+393471234567'] })
      const again = await write(house, { given_name: 'Giulia', birth_date: '1962-09-04' })
      expect(await possibleDuplicates(db, again, keys(again), everything)).toMatchObject([
        { id: first.id, reason: 'same-name-and-birth' },
      ])
      const namesake = await write(house, { given_name: 'Giulia', birth_date: '1999-01-01' })
      expect(await possibleDuplicates(db, namesake, keys(namesake), everything)).toEqual([])
      const son = await write(house, { given_name: 'Ivo', fiscal_code: 'RSSVIO90A01H501X', phones: ['+393471234567'] })
      expect(await possibleDuplicates(db, son, keys(son, ['+393471234567']), everything)).toMatchObject([
        { id: first.id, reason: 'same-phone' },
      ])
      const mother = await write(house, { fiscal_code: 'RSSNNA60A41H501Y', phones: ['+393471234567'] })
      const found = await possibleDuplicates(db, mother, keys(mother, ['+393471234567']), everything)
      expect(found.map(each => each.id)).not.toContain(son.id)
    })

    test('written in another way are proposed as the same', async () => {
      const { house } = await open()
      const db = house.database.kysely
      const pairs = [
        ["D'Angelò", 'D´Angelo'],
        ['Lo Presti', 'Lopresti'],
        ['Müller', 'Mueller'],
        ['Đorđević', 'Djordjevic'],
      ] as const
      for (const [one, other] of pairs) {
        const first = await write(house, { given_name: 'Ada', family_name: one })
        const again = await write(house, { given_name: 'Ada', family_name: other })
        expect((await possibleDuplicates(db, again, contactKeysOf(again, [], []), everything)).map(row => row.id)).toEqual([
          first.id,
        ])
      }
    })

    test('keep the verification of a number that stays, and lose that of one that goes', async () => {
      const { house } = await open()
      const db = house.database.kysely
      const { id } = await write(house, { phones: ['+390611111111', '+390622222222'] })
      const verified = new Date(house.clock.now())
      await db.updateTable('contact_phone').set({ verified_at: verified }).where('contact_id', '=', id).execute()
      await replacePhones(db, id, ['+390633333333', '+390622222222'].map(phoneRow))
      await replacePhones(db, id, ['+390611111111', '+390622222222'].map(phoneRow))
      expect(await phonesOf(db, id)).toEqual([
        { number: '+390611111111', kind: null, verified_at: null },
        { number: '+390622222222', kind: null, verified_at: verified },
      ])
    })
  })

  onPostgres(open => {
    test('with 40,000 of them, each list is read along its index', async () => {
      const { house } = await open()
      const db = house.database.kysely
      await fill(house, 40_000)
      await analyse(db)
      const [byName] = await plansOf(db, one =>
        findByKey(one, beginning('name', 'nome 12'), everything, { key: 'nome 120 cognome', id: house.ids() }, 31),
      )
      expect(byName?.indexes).toContain('contact_key_pkey')
      expect(byName?.scanned).toEqual([])
      // The rows come in the order of the index; only the few numbers of each contact are sorted.
      expect(byName?.text.split('SubPlan')[0]).not.toContain('Sort')
      const [byPhone] = await plansOf(db, one => findByPhone(one, '+390600012345', everything, undefined, 31))
      expect(byPhone?.indexes).toContain('contact_key_pkey')
      expect(byPhone?.scanned).toEqual([])
      const [byCode] = await plansOf(db, one => findByKey(one, beginning('fiscal-code', 'rss'), lazio, undefined, 31))
      expect(byCode?.indexes).toContain('contact_unit_key_pkey')
      expect(byCode?.scanned).toEqual([])
      const [inTerritory] = await plansOf(db, one => findByKey(one, beginning('name', 'cognome'), lazio, undefined, 31))
      expect(inTerritory?.indexes).toContain('contact_unit_key_pkey')
      expect(inTerritory?.indexes).not.toContain('contact_key_pkey')
      expect(inTerritory?.scanned).toEqual([])
    })
  })
})

/** Many contacts at once, with one phone and two keys each. */
async function fill(house: House, count: number): Promise<void> {
  const db = house.database.kysely
  const now = new Date(house.clock.now())
  await sql`insert into contact (id, kind, given_name, family_name, language, created_at, updated_at)
            select gen_random_uuid(), 'person', 'Nome ' || n, 'Cognome', 'it', ${now}, ${now} from generate_series(1, ${count}) n`.execute(
    db,
  )
  await sql`insert into contact_phone (contact_id, number, position)
            select id, '+3906' || lpad((row_number() over ())::text, 8, '0'), 0 from contact`.execute(db)
  await sql`insert into contact_email (contact_id, address, position) select id, 'n@example.org', 0 from contact`.execute(db)
  await sql`insert into contact_key (kind, key, contact_id)
            select 'name', lower(given_name || ' ' || family_name), id from contact
            union all select 'name', lower(family_name || ' ' || given_name), id from contact
            union all select 'phone', number, contact_id from contact_phone`.execute(db)
  await sql`insert into contact_unit (contact_id, unit_path)
            select id, 'inps/dr-lazio/cric-lazio/cric-lazio-pensioni/' from contact limit 4000`.execute(db)
}
