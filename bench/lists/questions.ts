/**
 * What is asked of the program: every list on its first and fiftieth page, counts, tickets, cases, histories, searches and figures, by every role
 * that may ask, and by those who may see least.
 */
import { setTimeout as passes } from 'node:timers/promises'
import pg from 'pg'
import { samplePassword } from '../../sample/index.ts'

const maxWaits = 5

/** What a question costs at most, in milliseconds, for one reader at the 99th percentile. */
export const targets = {
  /** The least that any answer costs: it tells how quiet the machine is. */
  floor: 25,
  list: 25,
  counts: 50,
  board: 50,
  /** A year of a region. */
  workload: 300,
  one: 30,
  search: 50,
  /** Cases by their words. */
  words: 80,
  everything: 60,
  live: 25,
  day: 50,
  free: 25,
  forecast: 300,
} as const
export type Group = keyof typeof targets

export interface Question {
  group: Group
  /** The line of the table that it belongs to. */
  name: string
  reader: Reader
  path: string
}

export interface Reader {
  role: string
  user: string
  cookie: string
}

/** The facts of the register that the questions are about. */
interface Facts {
  readers: { role: string; user: string; unitId: string }[]
  ticketOf: Map<string, string>
  longCase: string
  heavyContact: string
  aCase: { code: string; contact: string; phone: string; fiscalCode: string; email: string }
}

/** How many entries the longest case has at least. */
const longCaseEntries = 200

/**
 * Signs everybody in and writes down the questions.
 * @param laterPage which page is asked for beside the first, or the last one where there are fewer
 */
export async function questionsFor(
  base: string,
  databaseUrl: string,
  laterPage = 50,
): Promise<{ questions: Question[]; readers: Reader[] }> {
  const facts = await factsOf(databaseUrl)
  const readers: (Reader & { unitId: string })[] = []
  for (const { role, user, unitId } of facts.readers) readers.push({ role, user, unitId, cookie: await signIn(base, user) })
  const questions: Question[] = []
  const ask = (group: Group, name: string, reader: Reader, path: string) => questions.push({ group, name, reader, path })
  const pages = async (name: string, reader: Reader, path: string) => {
    ask('list', `${name}, first page`, reader, path)
    const later = await pageAt(base, reader, path, laterPage)
    if (later) ask('list', `${name}, later page`, reader, later)
  }
  const askAs = async (reader: Reader & { unitId: string }) => {
    const { role, unitId } = reader
    ask('floor', 'who is signed in', reader, '/api/session')
    if (role === 'administrator') {
      await pages('people', reader, '/api/people?limit=30')
      ask('list', 'people, search', reader, '/api/people?q=ros&limit=30')
      await pages('numbers', reader, '/api/numbers?limit=10')
      await pages('units', reader, '/api/units?limit=10')
      return
    }
    const mistyped = ['rosi giuseppe', 'giusepe rossi', 'rosssi', 'maria anna rosi']
    const { code, phone, fiscalCode, email } = facts.aCase
    for (const q of ['rossi', 'an', 'rossi giuseppe', 'de', ...mistyped, phone, fiscalCode, email, code])
      ask('search', `contacts, ${searchName(q, facts)}`, reader, `/api/contacts?q=${encodeURIComponent(q)}&limit=30`)
    ask('search', 'contacts, exact number', reader, `/api/contacts?phone=${encodeURIComponent(facts.aCase.phone)}`)
    const later = await pageAt(base, reader, '/api/contacts?q=an&limit=30', laterPage)
    if (later) ask('search', 'contacts, “an”, later page', reader, later)
    for (const q of ['rossi', 'an', facts.aCase.code, facts.aCase.fiscalCode])
      ask('everything', 'Ctrl+K', reader, `/api/search?q=${encodeURIComponent(q)}`)
    await pages('cases', reader, '/api/cases?limit=30')
    await pages('cases, open', reader, '/api/cases?standing=open&limit=30')
    ask('list', 'cases, oldest first', reader, '/api/cases?order=oldest&standing=closed&channel=pec&limit=30')
    for (const q of ['pensione', 'estratto conto Germania', 'bicicletta', 'patronato documento', facts.aCase.code])
      ask(
        'words',
        `cases, words ${q === facts.aCase.code ? 'a code' : `“${q}”`}`,
        reader,
        `/api/cases?q=${encodeURIComponent(q)}&limit=30`,
      )
    ask(
      'words',
      'cases, words and filters',
      reader,
      '/api/cases?q=documento&channel=email&standing=closed&until=2026-03-31&limit=30',
    )
    const laterWords = await pageAt(base, reader, '/api/cases?q=patronato&limit=30', laterPage)
    if (laterWords) ask('words', 'cases, words, later page', reader, laterWords)
    ask('list', 'own interactions', reader, '/api/interactions')
    ask('counts', 'counts of tickets', reader, '/api/tickets/counts')
    ask('one', 'case of 200 entries', reader, `/api/cases/${facts.longCase}`)
    ask('one', 'history of a case', reader, `/api/cases/${facts.longCase}/history?limit=100`)
    ask('one', 'history of a contact', reader, `/api/contacts/${facts.heavyContact}/history?limit=100`)
    ask('one', 'cases of a contact', reader, `/api/contacts/${facts.heavyContact}/cases`)
    if (['cric_member', 'cric_coordinator', 'gai_member', 'central_member'].includes(role)) {
      for (const view of ['pool', 'mine', 'forwarded', 'all', 'closed'])
        await pages(`tickets, ${view}`, reader, `/api/tickets?view=${view}&limit=30`)
      for (const filter of ['due=week', 'state=pool&typologyId=pensioni', 'channel=telephone', 'words=pensione', 'order=age'])
        await pages(`tickets, ${filter}`, reader, `/api/tickets?view=all&limit=30&${filter}`)
      ask('counts', 'named lists of tickets', reader, '/api/ticket-lists')
      if (role === 'cric_coordinator') {
        ask('board', 'board', reader, '/api/board')
        ask('board', 'proposals of the board', reader, '/api/board/proposals')
      }
      const ticket = facts.ticketOf.get(unitId)
      if (ticket !== undefined) {
        ask('one', 'ticket', reader, `/api/tickets/${ticket}`)
        ask('list', 'colleagues', reader, `/api/tickets/${ticket}/colleagues`)
      }
    }
    for (const section of ['cric-lazio-pensioni', 'cric-molise-contributori', 'gai-sicilia'])
      for (const view of ['pool', 'closed'])
        ask('list', 'tickets of a named section', reader, `/api/tickets?view=${view}&sectionId=${section}`)
    if (role === 'agency_officer' || role === 'agency_manager') {
      ask('list', 'day of an agency', reader, '/api/agenda/day')
      ask('free', 'free times around', reader, `/api/agenda/search?serviceId=consulenza-pensioni&near=${unitId}`)
    }
    if (role === 'operator' || role === 'supervisor') {
      for (const near of ['058091', '015146', '094023'])
        ask('free', 'free times around', reader, `/api/agenda/search?serviceId=consulenza-pensioni&near=${near}`)
      ask('list', 'calls of today', reader, '/api/calls/today')
      ask('list', 'callbacks', reader, '/api/callbacks?sectionId=ccm-pensioni')
      ask('list', 'matters', reader, '/api/typologies?q=pens')
    }
    if (role === 'regional_director') {
      ask('workload', 'workload of a year', reader, '/api/staffing/workload?weeks=52')
      ask('list', 'members of the sections', reader, '/api/staffing/members')
    }
    if (role === 'supervisor' || role === 'headquarters') {
      ask('live', 'live page', reader, '/api/monitoring/live')
      ask('day', 'its day', reader, '/api/monitoring/day')
      ask('forecast', 'forecast', reader, '/api/planner/forecast?day=2026-12-02')
    }
  }
  await Promise.all(readers.map(askAs))
  return { questions, readers }
}

const searchName = (q: string, { aCase }: Facts): string =>
  q === aCase.code
    ? 'request code'
    : q === aCase.phone
      ? 'half a number'
      : q === aCase.fiscalCode
        ? 'fiscal code'
        : q === aCase.email
          ? 'e-mail'
          : `“${q}”`

/** The address of a later page, the last one when there are fewer; undefined when there is only one. */
async function pageAt(base: string, reader: Reader, path: string, nth: number): Promise<string | undefined> {
  let found: string | undefined
  for (let page = 1; page < nth; page++) {
    const answer = await fetch(base + (found ?? path), { headers: { cookie: reader.cookie } })
    if (!answer.ok) return undefined
    const { next } = (await answer.json()) as { next: string | null }
    if (next === null) return found
    found = `${path}&cursor=${next}`
  }
  return found
}

/** Signs somebody in. One address may sign in only so often a minute: who is told to wait, waits. */
export async function signIn(base: string, user: string): Promise<string> {
  const ask = () =>
    fetch(`${base}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user, password: samplePassword }),
    })
  let answer = await ask()
  for (let waits = 0; answer.status === 429 && waits < maxWaits; waits++) {
    await passes(1_000 * Number(answer.headers.get('retry-after') ?? 1))
    answer = await ask()
  }
  if (!answer.ok) throw new Error(`${user} could not sign in: ${answer.status} ${await answer.text()}`)
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}

/** One reader of each role, and of the second level and the agencies the ones with the most and the fewest contacts. */
async function factsOf(databaseUrl: string): Promise<Facts> {
  const client = new pg.Client(databaseUrl)
  await client.connect()
  try {
    const { rows: held } = await client.query<{ role: string; user: string; unitId: string; contacts: number }>(
      `with seen as (select unit_path, count(*)::int as contacts from contact_unit group by unit_path)
       select assignment.role, person.user_name as user, assignment.unit_id as "unitId", coalesce(seen.contacts, 0) as contacts
       from   assignment join person on person.id = assignment.person_id left join seen on seen.unit_path = assignment.unit_path
       order  by role, contacts, person.user_name`,
    )
    const readers = [...Map.groupBy(held, each => each.role).values()].flatMap(each => {
      const [least, most] = [each.at(0), each.at(-1)]
      if (!least || !most) return []
      return least.contacts === most.contacts ? [most] : [least, most]
    })
    const { rows: tickets } = await client.query<{ unit: string; id: string }>(
      `select distinct on (unit) unit, id from (
         select unit_id as unit, id from ticket where state = 'claimed' union all
         select centre_id, id from ticket where state = 'claimed' union all
         select directorate_id, id from ticket where state = 'forwarded') each
       order by unit, id`,
    )
    const { rows: one } = await client.query<Facts['aCase']>(
      `select "case".code, contact.id as contact, substr(contact_phone.number, 4, 6) as phone, contact.fiscal_code as "fiscalCode",
              contact_email.address as email
       from   ticket join "case" on "case".id = ticket.case_id join contact on contact.id = "case".contact_id
              join contact_phone on contact_phone.contact_id = contact.id and position = 0
              join contact_email on contact_email.contact_id = contact.id
       where  ticket.unit_id = 'cric-lazio-pensioni' and contact.fiscal_code is not null and contact_phone.number like '+393%'
       order  by "case".opened_at desc limit 1`,
    )
    const [aCase] = one
    if (!aCase) throw new Error('The register has no case of the regional centre of Lazio.')
    const { rows: busy } = await client.query<{ id: string }>(
      'select contact_id as id from "case" group by contact_id order by count(*) desc, contact_id limit 1',
    )
    const longCase = await lengthenCase(client, aCase.code)
    return {
      readers,
      ticketOf: new Map(tickets.map(row => [row.unit, row.id])),
      longCase,
      heavyContact: busy[0]?.id ?? '',
      aCase,
    }
  } finally {
    await client.end()
  }
}

/** Gives a case so many notes that its history has `longCaseEntries` entries. Answers its identifier. */
async function lengthenCase(client: pg.Client, code: string): Promise<string> {
  const { rows } = await client.query<{ id: string }>('select id from "case" where code = $1', [code])
  const id = rows[0]?.id ?? ''
  const { rows: had } = await client.query<{ entries: number }>('select count(*)::int as entries from event where case_id = $1', [
    id,
  ])
  await client.query(
    `with noted as (
       insert into case_note (id, case_id, text, by_person, by_name, by_unit, at)
       select gen_random_uuid(), $1, 'Annotazione ' || n, claimed_by, claimed_by_name, unit_name, ticket.opened_at + n * interval '1 second'
       from   ticket cross join generate_series(1, $2::int) n where case_id = $1 and claimed_by is not null
       returning id, at
     )
     insert into event (at, type, actor, case_id, contact_id, unit_ids, payload)
     select noted.at, 'case.noted', '{"kind": "system", "name": "generator"}', $1, "case".contact_id, '{}', jsonb_build_object('noteId', noted.id)
     from   noted, "case" where "case".id = $1`,
    [id, Math.max(0, longCaseEntries - (had[0]?.entries ?? 0))],
  )
  return id
}
