/**
 * Personal data in the journal. Entries are only ever added, and seals prove it; but a citizen may ask to be forgotten, and the words of an entry may
 * hold a number or a name. So those words alone can be taken out, in the open:
 *
 *   who erases ──▶ entry_to_erase ──▶ the seal is computed: it must still fit ──▶ the words are emptied ──▶ computed again ──▶ seal_erased,
 *                                                                                and an entry `journal.erased` says what it came to, before and after
 *
 * The entry itself stays: when, by whom, about what, of which type. Which fields may hold personal data, the type says (`withoutPerson` in `event.ts`). The
 * chain of seals goes on over what they came to before. `verify:journal` believes the new hash only if an entry of the journal, sealed itself, says it.
 * Archived months are emptied in the same way, as far as their tables are there; such a month is verified by its seals from then on (`verifyMonth`).
 */
import { type RawBuilder, sql } from 'kysely'
import { system } from '../actor.ts'
import type { Db } from '../database/database.ts'
import { Bug } from '../errors.ts'
import type { House } from '../house.ts'
import { inTransaction } from '../use-case.ts'
import { erasedPayloads } from './event.ts'
import { sealJournal } from './seal.ts'
import { beforeSeals, type Seal, sealsWhere } from './seals.ts'
import { hashBetween, journalErased, openArchive, tablesOfEntries } from './verify.ts'

/** Entries looked at in one turn. */
const batchSize = 200
/** An entry that committed late is under one of so many seals after the first that could have it. */
const sealsLookedThrough = 100

/**
 * Marks the entries of some subjects for erasing, in the transaction that erases what they tell of; those in archived months, too.
 * Indexes, of each part: event_of_contact, event_of_case, event_of_call.
 */
export async function markEntries(
  db: Db,
  about: { contacts?: readonly string[]; cases?: readonly string[]; calls?: readonly string[] },
): Promise<void> {
  const { contacts = [], cases = [], calls = [] } = about
  if (contacts.length + cases.length + calls.length === 0) return
  const types = [...erasedPayloads().keys()]
  const tables = await tablesOfEntries({ kysely: db })
  const mark = async (condition: RawBuilder<unknown>) => {
    const found = tables.map(
      table => sql`select id from ${sql.table(table)} where ${condition} and type = any (${types}::text[])`,
    )
    await sql`insert into entry_to_erase (event_id) ${sql.join(found, sql` union all `)} on conflict do nothing`.execute(db)
  }
  if (contacts.length > 0) await mark(sql`contact_id = any (${[...contacts]}::uuid[])`)
  if (cases.length > 0) await mark(sql`case_id = any (${[...cases]}::uuid[])`)
  if (calls.length > 0) await mark(sql`call_id = any (${[...calls]}::uuid[])`)
}

/** So many are counted at most. */
const countedEntries = 10_000

/** How many entries wait to be erased. */
export async function countMarked(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (select from entry_to_erase limit ${countedEntries}) waiting`.execute(db)
  return rows[0]?.count ?? 0
}

/**
 * Takes the personal data out of some of the marked entries. Returns how many were erased. What is not sealed yet, because a transaction is still
 * running, waits for the next turn.
 * @throws Bug when a seal does not fit before anything was erased under it: then somebody has to look at the journal first
 */
export async function eraseMarked(house: House): Promise<number> {
  const { database, clock } = house
  const { rows } = await sql<{ event_id: number }>`
    select event_id from entry_to_erase order by event_id limit ${batchSize}`.execute(database.kysely)
  if (rows.length === 0) return 0
  while ((await sealJournal(database, clock.now())) > 0);
  const waiting = new Set(rows.map(row => row.event_id))
  let erased = 0
  for (const { event_id: id } of rows) {
    if (!waiting.has(id)) continue
    const done = await eraseUnderSealOf(house, id, waiting)
    for (const each of done) waiting.delete(each)
    erased += done.length
  }
  return erased
}

/** Erases the entries of `waiting` that are under the same seal as one of them. Returns which; none while that one is not sealed. */
async function eraseUnderSealOf(house: House, id: number, waiting: ReadonlySet<number>): Promise<readonly number[]> {
  const seals = await sealsWhere(
    house.database,
    sql`where seq >= (select min(seq) from seal where through_id >= ${id}::bigint) - 1 order by seq limit ${sealsLookedThrough}`,
  )
  const before = (seq: number) => seals.find(each => each.seq === seq - 1) ?? (seq === 1 ? beforeSeals : undefined)
  for (const seal of seals) {
    const previous = before(seal.seq)
    if (previous === undefined) continue
    const erased = await inTransaction(house, system('erasure'), async ({ tx, journal }) => {
      const archive = await openArchive({ kysely: tx })
      const now = () => hashBetween({ kysely: tx }, archive.journal, previous.through, seal.through, previous.hash)
      const came = await hashOfSeal(tx, seal)
      const sealed = await now()
      const ids = sealed.ids.filter(each => waiting.has(each))
      if (!ids.includes(id)) return []
      if (sealed.hash !== came) throw new Bug(`Seal ${seal.seq} does not fit: nothing is erased under it.`)
      await emptyEntries(tx, ids)
      const { hash } = await now()
      await keepHash(tx, seal.seq, hash, ids)
      if (hash !== came) await journal(journalErased, { seal: seal.seq, entries: ids.length, before: came, after: hash }, {})
      return ids
    })
    if (erased.length > 0) return erased
  }
  return []
}

/** What a seal comes to, locked: two who erase under one seal do it one after the other. */
async function hashOfSeal(db: Db, { seq, hash }: Pick<Seal, 'seq' | 'hash'>): Promise<string> {
  await sql`select seq from seal where seq = ${seq}::bigint for update`.execute(db)
  const { rows } = await sql<{ hash: string }>`select hash from seal_erased where seq = ${seq}::bigint`.execute(db)
  return rows[0]?.hash ?? hash
}

/** Why somebody went on without one of the entries may repeat what stood in it. Indexes, of each part: event_pkey; unreadable_entry_pkey. */
async function emptyEntries(db: Db, ids: readonly number[]): Promise<void> {
  const instead = JSON.stringify(Object.fromEntries(erasedPayloads()))
  const these = sql`any (${[...ids]}::bigint[])`
  await sql`select set_config('filo.erases', 'yes', true)`.execute(db)
  for (const table of await tablesOfEntries({ kysely: db }))
    await sql`
      update ${sql.table(table)} entry
      set    payload = payload || coalesce(
               (select jsonb_object_agg(key, value) from jsonb_each(${instead}::jsonb -> entry.type) where jsonb_exists(entry.payload, key)), '{}')
      where  id = ${these}`.execute(db)
  await sql`select set_config('filo.erases', '', true)`.execute(db)
  await sql`update unreadable_entry set reason = '' where entry_id = ${these}`.execute(db)
}

async function keepHash(db: Db, seq: number, hash: string, ids: readonly number[]): Promise<void> {
  await sql`
    insert into seal_erased (seq, hash) values (${seq}::bigint, ${hash})
    on conflict (seq) do update set hash = excluded.hash`.execute(db)
  await sql`delete from entry_to_erase where event_id = any (${[...ids]}::bigint[])`.execute(db)
}
