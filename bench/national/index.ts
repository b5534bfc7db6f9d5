/**
 * A register of national size, made from a seed: by default 2,000,000 cases with their interactions and tickets, 3,000,000 contacts, more than
 * 10,000,000 journal entries and 300,000 appointments, over the sample institute's units, through the program's own tables.
 *
 *   names, towns, days ──▶ contacts ──▶ the plan of the cases ──▶ cases, interactions, tickets, appointments, entries
 *   (lookups.ts)           (contacts.ts) (cases.ts)                (cases.ts, journal.ts)
 *
 * Rows are made by the server (`insert … select`), indexes and keys are built afterwards and are those of the migrations. Two connections work side
 * by side: the journal on one, everything else on the other.
 */
import pg from 'pg'
import { caseTables, makeAppointments, makeCaseIndex, makeCases, planCases } from './cases.ts'
import { putBack, putLinksBack, takeAway } from './catalogue.ts'
import { contactTables, makeContacts, makeKeys, makeUnits } from './contacts.ts'
import { journalTables, makeEntries, readByAll } from './journal.ts'
import { makeLookups } from './lookups.ts'
import { makeWorkload } from './workload.ts'

export interface National {
  /** 1 is the whole country. */
  size: number
  seed: number
  /** The instant at which the story stands: a working day, in office hours. */
  now: Date
  /** Told what is being done, with the seconds since the beginning. */
  said?: (line: string) => void
}

const contactsOfCountry = 3_000_000
const casesOfCountry = 2_000_000
const years = 2

/** Fills a database that holds the sample institute and nothing else. Returns how many rows there are of each kind. */
export async function makeNational(url: string, { size, seed, now, said = () => {} }: National): Promise<Record<string, number>> {
  const begun = performance.now()
  const tell = (what: string) => said(`${((performance.now() - begun) / 1000).toFixed(1).padStart(7)} s  ${what}`)
  const [one, two] = [await connect(url), await connect(url)]
  try {
    const contacts = Math.round(contactsOfCountry * size)
    const cases = Math.round(casesOfCountry * size)
    const time = await makeLookups(one, seed, now, years)
    const tables = [...contactTables, ...caseTables, ...journalTables, 'ticket_count']
    const taken = await takeAway(one, tables)
    tell('begins')
    await makeContacts(one, contacts, time)
    tell('contacts')
    await planCases(one, { contacts, cases }, time, now)
    tell('plan')
    const journal = async () => {
      await makeEntries(two)
      tell('entries')
      await putBack(two, taken, journalTables)
      tell('indexes of the journal')
    }
    const rest = async () => {
      await makeCases(one)
      tell('cases')
      await makeAppointments(one)
      tell('appointments')
      await makeUnits(one)
      await makeKeys(one)
      tell('keys of contacts')
      await makeCaseIndex(one)
      tell('index of cases')
      await putBack(
        one,
        taken,
        tables.filter(table => !journalTables.some(each => each === table)),
      )
      tell('indexes')
    }
    await Promise.all([journal(), rest()])
    await putLinksBack(one, taken)
    tell('foreign keys')
    const counted = await one.query<{ table: string; rows: string }>(
      `select table_name as table, (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %I', table_name), false, true, '')))[1]::text as rows
       from   unnest($1::text[]) as table_name`,
      [[...contactTables, 'case', 'interaction', 'ticket', 'appointment', 'event']],
    )
    await makeWorkload(one)
    tell('workload')
    await one.query('drop schema national cascade')
    await one.query('vacuum (analyze)')
    await readByAll(url)
    tell('vacuumed')
    return Object.fromEntries(counted.rows.map(row => [row.table, Number(row.rows)]))
  } finally {
    await Promise.all([one.end(), two.end()])
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(
    `set work_mem = '256MB'; set maintenance_work_mem = '1GB'; set synchronous_commit = off; set jit = off; set timezone = 'UTC'`,
  )
  return client
}
