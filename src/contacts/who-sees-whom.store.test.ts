/**
 * Who sees whom, twice: as the rows say it by themselves (a contact is seen by the units that had to do with it, and those above them), and as the
 * searches find it along their indexes. The two must never differ, whatever was written in which order.
 */
import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { onOneSession, onPostgres } from '../../test/support/database.ts'
import { type Db, endOfPrefix, inTransaction, system } from '../platform/index.ts'
import { findByKey, findByPhone, possibleDuplicates } from './finding-store.ts'
import { type ContactKey, contactKeysOf, replaceContactKeys } from './keys-store.ts'
import { addUnit, type ContactRow, insertContact, replaceEmails, replacePhones } from './store.ts'

type Scope = { all: true } | { all: false; under: string }

/** Paths that begin alike, so that a comparison that is one character off is found out. */
const units = [
  'inps/',
  'inps/dc-pensioni/',
  'inps/ccm/ccm-pensioni/',
  'inps/dr-lazio/',
  'inps/dr-lazio/cric-lazio/',
  'inps/dr-lazio/cric-lazio/cric-lazio-pensioni/',
  'inps/dr-lazio/cric-lazio/cric-lazio-sostegno/',
  'inps/dr-lazio/dp-roma/ag-roma-eur/',
  'inps/dr-lazio-2/cric-lazio-2/',
  'inps/dr-lombardia/dp-milano/ag-milano-nord/',
]
const scopes: Scope[] = [
  { all: true },
  ...[...units, 'inps/dr-lazio/dp-roma/', 'inps/dr-molise/'].map(under => ({ all: false, under }) as const),
]
const names = ['Anna', 'Angelini', 'Anna Angela', "D'Angelo", 'De Luca', 'Luca', 'Rossi', 'Ròssi', 'An']
const phones = ['+390611111111', '+390611111112', '+393331111111']
const emails = ['anna@example.org', 'a@example.org']
const days = ['1950-03-04', '1962-09-04']
const prefixes = [
  ...['an', 'anna', 'anna ang', 'rossi', 'de', 'luca de', 'zz'].map(prefix => ({ kind: 'name', prefix }) as const),
  ...['+3906', '+390611111111'].map(prefix => ({ kind: 'phone', prefix }) as const),
  ...['a', 'anna@'].map(prefix => ({ kind: 'email', prefix }) as const),
  { kind: 'fiscal-code', prefix: 'rss' } as const,
]

const card = fc.record({
  given: fc.option(fc.constantFrom(...names), { nil: null }),
  family: fc.constantFrom(...names),
  code: fc.boolean(),
  birth: fc.option(fc.constantFrom(...days), { nil: null }),
  phones: fc.uniqueArray(fc.constantFrom(...phones)),
  emails: fc.uniqueArray(fc.constantFrom(...emails)),
})
type Card = typeof card extends fc.Arbitrary<infer T> ? T : never
const step = fc.oneof(
  fc.record({ do: fc.constant('write' as const), card, unit: fc.constantFrom(...units) }),
  fc.record({ do: fc.constant('change' as const), nth: fc.nat(20), card }),
  fc.record({ do: fc.constant('involve' as const), nth: fc.nat(20), unit: fc.constantFrom(...units) }),
  fc.record({ do: fc.constant('forget' as const), nth: fc.nat(20), unit: fc.constantFrom(...units) }),
)

interface Written {
  row: ContactRow
  keys: ContactKey[]
}

const rowOf = (id: string, { given, family, code, birth }: Card): ContactRow => ({
  id,
  kind: 'person',
  given_name: given,
  family_name: family,
  business_name: null,
  fiscal_code: code ? `RSS${id.slice(-13).toUpperCase()}` : null,
  birth_date: birth,
  municipality_code: null,
  province_code: null,
  region_code: null,
  language: 'it',
  notes: '',
  intermediary_kind: null,
  address: null,
  postal_code: null,
  preferred_channel: null,
  needs: [],
  do_not_call: null,
  version: 1,
})

async function keep(db: Db, row: ContactRow, given: Card): Promise<Written> {
  await replacePhones(
    db,
    row.id,
    given.phones.map(number => ({ number, kind: null })),
  )
  await replaceEmails(
    db,
    row.id,
    given.emails.map(address => ({ address, kind: null })),
  )
  const keys = contactKeysOf(row, given.phones, given.emails)
  await replaceContactKeys(db, row.id, keys)
  return { row, keys }
}

// --- as the rows say it ---------------------------------------------------------------------------------------------

const seen = (scope: Scope, id: string) =>
  scope.all
    ? sql`true`
    : sql`exists (select 1 from contact_unit seen where seen.contact_id = ${sql.ref(id)} and starts_with(seen.unit_path, ${scope.under}))`

async function foundByRows(db: Db, kind: string, prefix: string, scope: Scope): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select found.contact_id as id, min(found.key) as key
    from   contact_key found
    where  found.kind = ${kind} and starts_with(found.key, ${prefix}) and ${seen(scope, 'found.contact_id')}
    group  by found.contact_id
    order  by key, found.contact_id`.execute(db)
  return rows.map(row => row.id)
}

async function doublesByRows(db: Db, { row, keys }: Written, scope: Scope): Promise<string[]> {
  const [name] = keys.filter(key => key.kind === 'name')
  const wanted = [...(name ? [name] : []), ...keys.filter(key => key.kind === 'phone' || key.kind === 'email')]
  const found = new Set<string>()
  for (const { kind, key } of wanted) {
    const { rows } = await sql<{ id: string }>`
      select contact.id
      from   contact_key other join contact on contact.id = other.contact_id
      where  other.kind = ${kind} and other.key = ${key} and contact.id <> ${row.id}
      and    (fiscal_code is null or ${row.fiscal_code}::text is null)
      ${kind === 'name' ? sql`and (birth_date is null or ${row.birth_date}::date is null or birth_date = ${row.birth_date}::date)` : sql``}
      and    ${seen(scope, 'contact.id')}`.execute(db)
    for (const { id } of rows) found.add(id)
  }
  return [...found].sort()
}

// --- as the searches find it ----------------------------------------------------------------------------------------

/** Page by page, as short as pages can be. */
async function foundBySearch(db: Db, kind: ContactKey['kind'], prefix: string, scope: Scope): Promise<string[]> {
  const ids: string[] = []
  let after: { key: string; id: string } | undefined
  for (;;) {
    const rows = await findByKey(db, { kind, from: prefix, to: endOfPrefix(prefix) }, scope, after, 2)
    ids.push(...rows.map(row => row.id))
    const last = rows.at(-1)
    if (!last) return ids
    after = { key: last.key, id: last.id }
  }
}

onOneSession(open => {
  test('searches and rows never differ in who sees whom', { timeout: 600_000 }, async () => {
    const { house } = await open()
    const db = house.database.kysely
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async steps => {
        const written: Written[] = []
        for (const table of ['contact_unit', 'contact_key', 'contact_phone', 'contact_email', 'contact'] as const)
          await db.deleteFrom(table).execute()
        for (const each of steps) {
          if (each.do === 'write') {
            const row = rowOf(house.ids(), each.card)
            const { version: _version, ...columns } = row
            await insertContact(db, columns, new Date(house.clock.now()))
            await addUnit(db, row.id, each.unit)
            written.push(await keep(db, row, each.card))
            continue
          }
          const at = each.nth % Math.max(1, written.length)
          const one = written[at]
          if (!one) continue
          if (each.do === 'change')
            written[at] = await keep(db, rowOf(one.row.id, { ...each.card, code: one.row.fiscal_code !== null }), each.card)
          if (each.do === 'change') await changeRow(db, written[at]?.row ?? one.row)
          if (each.do === 'involve') await addUnit(db, one.row.id, each.unit)
          if (each.do === 'forget')
            await db.deleteFrom('contact_unit').where('contact_id', '=', one.row.id).where('unit_path', '=', each.unit).execute()
        }
        for (const scope of scopes) {
          for (const { kind, prefix } of prefixes)
            expect(await foundBySearch(db, kind, prefix, scope)).toEqual(await foundByRows(db, kind, prefix, scope))
          for (const number of phones)
            expect((await findByPhone(db, number, scope, undefined, 50)).map(row => row.id)).toEqual(
              (await foundByRows(db, 'phone', number, scope)).sort(),
            )
          for (const one of written) {
            const expected = await doublesByRows(db, one, scope)
            const proposed = (await possibleDuplicates(db, one.row, one.keys, scope)).map(each => each.id)
            expect(proposed).toHaveLength(Math.min(5, expected.length))
            expect(expected).toEqual(expect.arrayContaining(proposed))
          }
        }
      }),
      { numRuns: 8, seed: 8 },
    )
  })
})

const changeRow = (db: Db, { id, given_name, family_name, birth_date }: ContactRow): Promise<unknown> =>
  db.updateTable('contact').set({ given_name, family_name, birth_date }).where('id', '=', id).execute()

onPostgres(open => {
  test('a unit that is added while the name is being changed finds the contact by the new name', async () => {
    const { house, another } = await open()
    const second = await another()
    const db = house.database.kysely
    const unit = 'inps/dr-lazio/cric-lazio/cric-lazio-pensioni/'
    const card = { given: 'Anna', family: 'Rossi', code: false, birth: null, phones: [], emails: [] }
    const before = rowOf(house.ids(), card)
    const { version: _version, ...columns } = before
    await insertContact(db, columns, new Date(house.clock.now()))
    await keep(db, before, card)
    const changed = Promise.withResolvers<void>()
    const commit = Promise.withResolvers<void>()
    const renaming = inTransaction(house, system('test'), async work => {
      await keep(work.tx, rowOf(before.id, { ...card, family: 'Verdi' }), { ...card, family: 'Verdi' })
      changed.resolve()
      await commit.promise
    })
    await changed.promise
    const adding = inTransaction(second, system('test'), work => addUnit(work.tx, before.id, unit))
    commit.resolve()
    await Promise.all([renaming, adding])
    const found = async (prefix: string) =>
      (await findByKey(db, { kind: 'name', from: prefix, to: endOfPrefix(prefix) }, { all: false, under: unit }, undefined, 5))
        .length
    expect(await found('verdi')).toBe(1)
    expect(await found('rossi')).toBe(0)
    const { rows } = await sql<{ wrong: number }>`
      select count(*)::int as wrong
      from   (select unit_path, kind, key, contact_id from contact_unit join contact_key using (contact_id)) meant
             full join contact_unit_key kept using (unit_path, kind, key, contact_id)
      where  meant.contact_id is null or kept.contact_id is null`.execute(db)
    expect(rows).toEqual([{ wrong: 0 }])
  })
})
