/** A person who is erased is nowhere: not under a joined card, not by a number or an address alone, not in archived months, and not when the program was killed. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import { sql } from 'kysely'
import pg from 'pg'
import { expect, test, vi } from 'vitest'
import { onEmbedded, onOneSession, onPostgres } from '../../test/support/database.ts'
import { staff } from '../../test/support/staff.ts'
import { pastCall, placesOf, tracesIn } from '../../test/support/traces.ts'
import { saveList } from '../cases/finding/keeping.ts'
import { answerInteraction, openInteraction } from '../cases/interactions.ts'
import { saveTicketList } from '../cases/ticket-lists/service.ts'
import { NewMailbox } from '../channels/mailboxes/model.ts'
import { createMailbox } from '../channels/mailboxes/service.ts'
import { joinContacts, partContacts } from '../contacts/doubles.ts'
import { createContact, NewContact } from '../contacts/index.ts'
import { changeContact } from '../contacts/service.ts'
import {
  archiveMonths,
  bringBlob,
  eraseMarked,
  type House,
  inTransaction,
  journalEnd,
  keepBlob,
  keepMonths,
  languages,
  sealJournal,
  sentence,
  system,
  verifyJournal,
  verifyMonth,
  virtualClock,
} from '../platform/index.ts'
import { exportOf } from './export.ts'
import { queriesOf } from './export-store.ts'
import { eraseWhatIsDue } from './follow.ts'
import { keptBecause, notRead, placesOfPeople, speechlessTypes } from './places.ts'
import { retentionPage, setRetention } from './retention.ts'
import { askErasure, erasureView } from './service.ts'

const { anna, headquarters, administrator } = staff
const traces = ['zanzotter', 'ildegard', '3391234567', '3397654321']
const address = 'ildegarda@zanzottera.example'

const card = (change: object) =>
  NewContact.parse({ kind: 'person', givenName: 'Ildegarda', familyName: 'Zanzottera', municipalityCode: '058091', ...change })

async function keepNothing(house: House): Promise<void> {
  const { items } = await retentionPage(house, headquarters, { typologyId: 'vecchiaia', limit: 1 })
  await setRetention(house, headquarters, { typologyId: 'vecchiaia', months: 0, version: items[0]?.version ?? 0 })
}

async function spokenWith(house: House, contactId: string): Promise<string> {
  const talk = await openInteraction(house, anna, { channel: 'counter', contactId, typologyId: 'vecchiaia' })
  await answerInteraction(house, anna, { id: talk.id, answer: 'Signora Zanzottera, arriva il 30.' })
  const { case_id } = await house.database.kysely
    .selectFrom('interaction')
    .select('case_id')
    .where('id', '=', talk.id)
    .executeTakeFirstOrThrow()
  return case_id ?? ''
}

/** A call from a number that nobody noted for anybody. */
const calledFrom = (house: House, number: string): Promise<string> =>
  inTransaction(house, system('test'), work => pastCall(work, number))

/** A mail that was read and is no conversation. Returns its identifier. */
async function mailed(house: House, mailboxId: string, state: 'examine' | 'aside'): Promise<string> {
  const id = house.ids()
  await inTransaction(house, system('test'), async work => {
    const { tx, now } = work
    const blobId = await keepBlob(work, await bringBlob(house, Buffer.from('Sono Ildegarda Zanzottera')))
    await tx
      .insertInto('raw_mail')
      .values({
        ...{ id, mailbox_id: mailboxId, sha256: Buffer.from(id), size_bytes: 1, is_whole: true, blob_id: blobId },
        ...{ received_at: now, fetched_at: now, state, reason: 'loop', detail: 'Zanzottera', settled_at: now },
        ...{ settled_by: null, taken_until: null },
      })
      .execute()
    await tx
      .insertInto('incoming_mail')
      .values({
        ...{ raw_mail_id: id, mailbox_id: mailboxId, interaction_id: null, from_address: address, from_name: 'Ildegarda' },
        ...{ to_addresses: [], cc_addresses: [], reply_to: null, subject: 'Zanzottera', message_id: null, refs: [] },
        ...{ sent_at: null, received_at: now, text: 'Zanzottera', quoted: '', html: null, matched_by: null, proposed_code: null },
      })
      .execute()
  })
  return id
}

const foundOf = (house: House): Promise<string[]> => tracesIn(house, traces)

onEmbedded(open => {
  test('about each column of each table it is said what becomes of it', async () => {
    const { house } = await open()
    const { rows } = await sql<{ table: string; column: string; type: string }>`
      select table_name as "table", column_name as "column", udt_name as type
      from   information_schema.columns join information_schema.tables using (table_schema, table_name)
      where  table_type = 'BASE TABLE' and table_schema = 'public'
      order  by 1, ordinal_position`.execute(house.database.kysely)
    const speechless: readonly string[] = speechlessTypes
    const known = new Map(Object.entries(placesOfPeople))
    const complaints: string[] = []
    for (const table of new Set(rows.map(row => row.table))) {
      // Parts of the journal are like the whole.
      if (/^event_\d/.test(table)) continue
      const columns = rows.filter(row => row.table === table)
      const fate = known.get(table)
      if (fate === undefined) complaints.push(`${table}: nothing is said of it`)
      else if (fate === 'nobody') {
        const of = columns.filter(({ column }) =>
          ['contact_id', 'case_id', 'interaction_id', 'raw_mail_id', 'mail_id'].includes(column),
        )
        complaints.push(...of.map(({ column }) => `${table}.${column}: a table of nobody's is about somebody`))
      } else if (typeof fate === 'object') {
        const said = [fate.erased, ...Object.values(fate.kept ?? {})].flatMap(names => names?.split(' ').filter(Boolean) ?? [])
        if (new Set(said).size < said.length) complaints.push(`${table}: something is said twice of a column`)
        for (const name of said)
          if (!columns.some(({ column }) => column === name)) complaints.push(`${table}.${name}: is not there`)
        for (const { column, type } of columns)
          if (!speechless.includes(type) && !said.includes(column)) complaints.push(`${table}.${column}: nothing is said of it`)
      }
    }
    for (const table of known.keys()) if (!rows.some(row => row.table === table)) complaints.push(`${table}: is not there`)
    const told = readFileSync(join(import.meta.dirname, '../../docs/privacy.md'), 'utf8')
    for (const reason of Object.values(keptBecause))
      if (!told.includes(reason)) complaints.push(`docs/privacy.md does not say: ${reason}`)
    expect(complaints).toEqual([])
  })

  test('each place with words about a person is told in the archive of their data, or it is said why not', async () => {
    const { house } = await open()
    const all = sql`any ('{}'::uuid[])`
    const queries = Object.values(queriesOf({ person: all, cases: all, talks: all, calls: all, mails: all }))
    const read = new Set(queries.flatMap(query => query.compile(house.database.kysely).sql.match(/\w+/g) ?? []))
    const complaints = Object.entries(placesOfPeople).flatMap(([table, fate]) => {
      const hasWords = fate === 'erased' || (typeof fate === 'object' && fate.erased !== undefined)
      if (!hasWords) return table in notRead ? [`${table}: nothing of it is anybody's`] : []
      if (read.has(table)) return table in notRead ? [`${table}: is read, although it is said why not`] : []
      return table in notRead ? [] : [`${table}: is not told, and nobody says why`]
    })
    expect(complaints).toEqual([])
  })

  test('each list of that archive and each of its columns has a name in both languages', async () => {
    const { house } = await open()
    const all = sql`any ('{}'::uuid[])`
    const queries = Object.entries(queriesOf({ person: all, cases: all, talks: all, calls: all, mails: all }))
    const nameless: string[] = []
    for (const [list, query] of queries) {
      // One row of nothing, which has every column.
      const { rows } = await sql<Record<string, null>>`
        select told.* from (select 1) one left join (${query}) told on true`.execute(house.database.kysely)
      const codes = [`lists.${list}`, ...Object.keys(rows[0] ?? {}).map(column => `fields.${column}`)]
      for (const code of codes.map(each => `privacy.export.${each}`))
        nameless.push(...languages.filter(language => sentence(language, code) === code).map(language => `${language} ${code}`))
    }
    expect(nameless).toEqual([])
  })
})

onOneSession(open => {
  test('is nowhere: joined cards, numbers, addresses, kept searches, and months that were archived', async () => {
    const clock = virtualClock(Date.UTC(2026, 10, 2, 9))
    const { house } = await open({ clock })
    const { database } = house
    const db = database.kysely
    await keepMonths(database, clock.now())
    await keepNothing(house)
    const { id } = await createContact(house, anna, card({ phones: ['339 1234567'] }))
    const { id: otherId } = await createContact(
      house,
      anna,
      card({ familyName: 'Zanzotterà', phones: ['339 7654321'], emails: [address] }),
    )
    await changeContact(house, anna, { id, version: 1, change: { notes: 'Zanzottera dorme' } })
    await joinContacts(house, anna, { id, input: { otherId, reason: 'Zanzottera è una' } })
    await spokenWith(house, id)
    const caseId = await spokenWith(house, otherId)
    await calledFrom(house, '+393391234567')
    // Two people have this number: it may have been the other who called.
    const shared = await createContact(
      house,
      anna,
      NewContact.parse({ kind: 'person', familyName: 'Neri', phones: ['02 5550001'] }),
    )
    await changeContact(house, anna, { id: otherId, version: 1, change: { phones: ['339 7654321', '02 5550001'] } })
    const others = await calledFrom(house, '+39025550001')
    const { id: mailboxId } = await createMailbox(
      house,
      administrator,
      NewMailbox.parse({
        ...{
          address: 'pensioni@ente.example',
          unitId: 'ccm-pensioni',
          host: '127.0.0.1',
          userName: 'x',
          secret: 'x',
          enabled: false,
        },
      }),
    )
    await mailed(house, mailboxId, 'aside')
    const toExamine = await mailed(house, mailboxId, 'examine')
    await saveList(house, headquarters, { name: 'Aperte', filter: { standing: 'open' } })
    await saveTicketList(house, staff.paola, {
      name: 'La signora',
      forSection: false,
      wanted: { view: 'all', words: 'ildegarda zanzottera' },
    })
    await saveList(house, headquarters, { name: 'La signora', filter: { q: 'ildegarda zanzottera' } })
    await saveList(house, headquarters, { name: 'Zanzottera, Ildegarda', filter: { standing: 'open' } })
    // A mail of ours came back; of its addresses it is noted in small letters that there is no use in writing to them.
    await sql`
      insert into mail (id, message_id, purpose, case_id, to_address, to_name, from_name, reply_token, subject, body, language, state, next_at, queued_at, cc_addresses)
      values (${house.ids()}, 'x', 'test', ${caseId}, 'Ildegarda@Zanzottera.example', '', '', '', '', '', 'it', 'failed', now(), now(), '{Zia@Zanzottera.example}')`.execute(
      db,
    )
    await sql`
      insert into address_trouble (address, reason, status, detail, since, until)
      select said, 'address', null, '', now(), now() from unnest(array[${address}, 'zia@zanzottera.example']) said`.execute(db)
    const { rows } = await sql<{
      id: number
    }>`select id from event where type = 'contact.changed' and contact_id = ${id}`.execute(db)
    await sql`
      insert into unreadable_entry (reader, entry_id, type, version, why, reason, at, set_aside_at)
      values ('test', ${rows[0]?.id}::bigint, 'contact.changed', 1, 'failed', 'cannot take "Zanzottera"', now(), now())`.execute(
      db,
    )

    await sealJournal(database, clock.now())
    clock.advance(92 * 86_400_000)
    await keepMonths(database, clock.now())
    await setRetention(house, headquarters, { typologyId: 'anticipata', months: 7, version: 1 })
    await sealJournal(database, clock.now())
    const places = [{ reader: 'reader', position: await journalEnd(database) }]
    expect(await archiveMonths(database, clock.now(), 1, places)).toEqual({ months: ['2026-11'] })
    await sealJournal(database, clock.now())
    expect((await foundOf(house)).filter(place => place.includes('journal_archive'))).not.toEqual([])

    // What waits for a person is no reason to take it from them; a card that is parted again is somebody else's.
    expect(await erasureView(house, headquarters, otherId)).toMatchObject({
      cards: 2,
      erases: { cases: 2, card: false },
      stays: [{ why: 'mail' }],
    })
    const files = unzipSync(await exportOf(house, headquarters, id, 'it'))
    expect(JSON.parse(strFromU8(files['dati.json'] ?? new Uint8Array()))).toMatchObject({
      ...{ card: { familyName: 'Zanzottera' }, joined: [{ familyName: 'Zanzotterà' }], cases: [{}, {}], conversations: [{}, {}] },
      ...{ calls: [{ from: '+393391234567' }], mailsIn: [{ from: address }, { from: address }] },
    })
    await askErasure(house, headquarters, { contactId: id, name: 'zanzottera' })
    expect(await erasureView(house, headquarters, otherId)).toMatchObject({
      asked: { erasedAt: null },
      erases: { cases: 0 },
      stays: [{ why: 'mail' }],
    })
    const { id: linkId } = await db
      .selectFrom('contact_link')
      .select('id')
      .where('parted_at', 'is', null)
      .executeTakeFirstOrThrow()
    await partContacts(house, anna, { id, linkId })
    expect(await erasureView(house, headquarters, otherId)).toMatchObject({ cards: 1, asked: null })
    await joinContacts(house, anna, { id: otherId, input: { otherId: id, reason: '' } })
    await db.updateTable('raw_mail').set({ state: 'aside' }).where('id', '=', toExamine).execute()
    clock.advance(2 * 86_400_000)
    await eraseWhatIsDue(house)
    expect(await erasureView(house, headquarters, otherId)).toMatchObject({ asked: { erasedAt: expect.any(String) }, stays: [] })
    while ((await eraseMarked(house)) > 0);
    await sealJournal(database, clock.now())

    expect(await foundOf(house)).toEqual([])
    expect(await db.selectFrom('saved_case_list').select('name').execute()).toEqual([{ name: 'Aperte' }])
    expect(await db.selectFrom('address_trouble').select('address').execute()).toEqual([])
    expect(await db.selectFrom('call').select('from_number').where('id', '=', others).execute()).toEqual([
      { from_number: '+39025550001' },
    ])
    expect(await erasureView(house, headquarters, shared.id)).toMatchObject({ asked: null, cards: 1 })
    expect(await verifyJournal(database)).toMatchObject({ sound: true, erased: expect.any(Number) })
    expect(await verifyMonth(database, '2026-11')).toMatchObject({ sound: true, erased: expect.any(Number) })
    // Nothing else of an archived month can be changed, also by who says that they erase.
    for (const change of [sql`type = 'x'`, sql`case_id = null`])
      await expect(
        db.transaction().execute(async tx => {
          await sql`select set_config('filo.erases', 'yes', true)`.execute(tx)
          await sql`update journal_archive.event_2026_11 set ${change}`.execute(tx)
        }),
      ).rejects.toThrow('is archived')
    await database.script(`alter table journal_archive.event_2026_11 disable trigger event_is_archived;
      update journal_archive.event_2026_11 set payload = '{"x": 1}' where id = (select max(id) from journal_archive.event_2026_11)`)
    expect(await verifyMonth(database, '2026-11')).toMatchObject({
      sound: false,
      sentence: expect.stringContaining('was changed'),
    })
  })

  test('a closed case of which a mail has not left waits for it, and does not stay for ever', async () => {
    const clock = virtualClock(Date.UTC(2026, 10, 2, 9))
    const { house } = await open({ clock })
    const db = house.database.kysely
    await keepNothing(house)
    const { id } = await createContact(house, anna, card({}))
    const caseId = await spokenWith(house, id)
    await sql`
      insert into mail (id, message_id, purpose, case_id, to_address, to_name, from_name, reply_token, subject, body, language, state, next_at, queued_at)
      values (${house.ids()}, 'x', 'test', ${caseId}, ${address}, '', '', '', '', 'Zanzottera', 'it', 'queued', now(), now())`.execute(
      db,
    )
    clock.advance(86_400_000)
    expect(await eraseWhatIsDue(house)).toEqual({ requests: 0, cases: 0 })
    expect((await erasureView(house, headquarters, id)).stays.map(({ why }) => why)).toEqual(['going-on', 'message'])
    await db.updateTable('mail').set({ state: 'failed' }).where('case_id', '=', caseId).execute()
    expect(await eraseWhatIsDue(house)).toEqual({ requests: 0, cases: 1 })
    expect(await db.selectFrom('mail').select(['to_address', 'body']).where('case_id', '=', caseId).execute()).toEqual([
      { to_address: '', body: '' },
    ])
  })
})

/** A process that erases what is due, and ends by itself when nothing is. */
function erasing(url: string) {
  const program = join(import.meta.dirname, '../../test/support/erasing-process.ts')
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, DATABASE_URL: url, LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return { kill: () => child.kill('SIGKILL'), ended: once(child, 'exit') }
}

/** Lets a process erase until it waits for rows that somebody else has, kills it there, and gives the rows back. */
async function killedAt(house: House, url: string, rows: string): Promise<void> {
  const other = new pg.Client(url)
  await other.connect()
  try {
    await other.query('begin')
    await other.query(`${rows} for update`)
    const process = erasing(url)
    await vi.waitUntil(
      async () =>
        (
          await sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
            house.database.kysely,
          )
        ).rows.length > 0,
      { timeout: 120_000, interval: 20 },
    )
    process.kill()
    await process.ended
    await other.query('commit')
  } finally {
    await other.end()
  }
}

onPostgres(open => {
  test('is nowhere, wherever the program that erases is killed: another goes on from there', async () => {
    const { house, url = '' } = await open()
    const db = house.database.kysely
    const { id } = await createContact(house, anna, card({ phones: ['339 1234567'] }))
    const { length: matters } = await Promise.all(Array.from({ length: 60 }, () => spokenWith(house, id)))
    await calledFrom(house, '+393391234567')
    await changeContact(house, anna, { id, version: 1, change: { notes: 'Zanzottera dorme' } })
    await sealJournal(house.database, house.clock.now())
    await changeContact(house, anna, { id, version: 2, change: { notes: 'Zanzottera veglia' } })
    await sealJournal(house.database, house.clock.now())
    await keepNothing(house)
    // Of a request no more has committed than that it was made.
    await db
      .insertInto('erasure')
      .values({
        ...{ contact_id: id, asked_at: new Date(), asked_by: headquarters.personId, asked_by_name: headquarters.name },
        ...{ next_look_at: new Date(), erased_at: null },
      })
      .execute()
    const left = async () => (await erasureView(house, headquarters, id)).erases

    await killedAt(
      house,
      url,
      `select from "case" where id = (select id from "case" where contact_id = '${id}' order by opened_at desc, id desc limit 1)`,
    )
    const { cases } = await left()
    expect(cases).toBeGreaterThan(0)
    expect(cases).toBeLessThan(matters)
    await killedAt(house, url, `select from contact_phone where contact_id = '${id}'`)
    expect(await left()).toEqual({ cases, card: true })
    expect(await placesOf(house, 'zanzotter')).toContain('public.contact.family_name')
    await killedAt(house, url, 'select from seal where seq = 2')
    expect(await left()).toEqual({ cases: 0, card: false })
    expect((await erasureView(house, headquarters, id)).entriesWaiting).toBeGreaterThan(0)
    expect(await erasing(url).ended).toEqual([0, null])

    expect(await erasureView(house, headquarters, id)).toMatchObject({
      asked: { erasedAt: expect.any(String) },
      entriesWaiting: 0,
    })
    expect(await foundOf(house)).toEqual([])
    await sealJournal(house.database, house.clock.now())
    expect(await verifyJournal(house.database)).toMatchObject({ sound: true, erased: 2 })
    const { rows } = await sql`
      select case_id from event where type = 'case.erased' group by case_id having count(*) > 1`.execute(db)
    expect(rows).toEqual([])
  })
})
