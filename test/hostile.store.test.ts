/**
 * Bad input on every route of the program: the answer is a problem that says what to mend, never a fault of ours, and nothing is changed.
 *
 * Each route gets a hundred requests of a new seed with each run (fewer on the embedded database, which has one session), as nobody and as
 * people of several roles. A request is legal when the route's own schemas take it; only such a one may succeed. Triggers on all tables tell what was written: after
 * requests that were refused, nothing may have been, except that a sign-in failed.
 *
 *   SEED=123                      sends the same again
 *   ROUTE=/api/people             to the routes only whose path begins so, whatever the method
 *   ROUTE='POST /api/people'      and only with this method; a filter that means no route is an error
 *   REQUESTS=1000                 so many to each route, on either database
 *
 * for instance `ROUTE='POST /api/people' SEED=123 npx vitest run --project programs test/hostile.store.test.ts`. What a route is sent depends on the
 * seed and on the route's own name, not on what other routes there are. A seed that finds a fault is added to `support/hostile-seeds.txt`, and
 * is sent to that route for ever.
 */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { audience, authenticate } from '../src/identity/index.ts'
import { type House, houseSecret, openServer, type PersonActor, Problem, type Route, type Server } from '../src/platform/index.ts'
import { routes } from '../src/routes.ts'
import { eachDatabase } from './support/database.ts'
import { type HostileRequest, hostileRequests } from './support/hostile.ts'
import { isMeant, keepSeedOf, keptSeedsOf, saltOf } from './support/hostile-seeds.ts'
import { staff } from './support/staff.ts'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
const only = process.env.ROUTE
const meant = routes.filter(route => isMeant(route, only))
if (meant.length === 0)
  throw new Error(`ROUTE='${only}' means no route. It is a path, or a method and a path: '/api/people', 'POST /api/people'.`)
const asked = process.env.REQUESTS === undefined ? undefined : Number(process.env.REQUESTS)
const requestsOnPostgres = asked ?? 100
const requestsOnEmbedded = asked ?? 30
const atOnce = 20

const senders: readonly (PersonActor | null)[] = [
  null,
  staff.anna,
  staff.switchboard,
  staff.supervisor,
  staff.paola,
  staff.coordinator,
  staff.itLazio,
  staff.directorate,
  staff.agency,
  staff.director,
  staff.headquarters,
  staff.administrator,
]

/** Notes every row that is written and stays written. Sessions are touched by being used, attempts to sign in are counted, looks are kept. */
async function watchWrites(house: House): Promise<void> {
  const { database } = house
  const { rows } = await database.query(
    // A trigger of a table in parts is on all its parts.
    "select relname as table_name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition",
    [],
  )
  await database.script('create table written (number bigint generated always as identity, what text not null)')
  await database.script(`
    create function note_write() returns trigger language plpgsql as $$
    begin
      if tg_table_name like 'event%' then
        if new.type <> 'sign-in.failed' then insert into written (what) values (new.type); end if;
      else
        insert into written (what) values (tg_op || ' ' || tg_table_name);
      end if;
      return null;
    end $$`)
  for (const { table_name: table } of rows)
    if (!['session', 'sign_in_limit', 'migration', 'access'].includes(String(table)))
      await database.script(
        `create trigger note_write after insert or update or delete on "${String(table)}" for each row execute function note_write()`,
      )
}

async function takeWritten(house: House): Promise<string[]> {
  const { rows } = await house.database.query(
    'with taken as (delete from written returning what) select distinct what from taken',
    [],
  )
  return rows.map(row => String(row.what))
}

const tokenOf = (person: PersonActor): string => createHash('sha256').update(person.personId).digest('base64url')

/** Everybody is signed in, whatever the requests before have ended. */
async function signEverybodyIn(house: House): Promise<void> {
  const now = new Date(house.clock.now())
  const sessions = senders
    .filter(person => person !== null)
    .map(person => ({
      id: person.personId,
      token_hash: createHash('sha256').update(tokenOf(person)).digest('hex'),
      person_id: person.personId,
      assignment_id: person.assignmentId,
      started_at: now,
      seen_at: now,
    }))
  await house.database.kysely
    .insertInto('session')
    .values(sessions)
    .onConflict(conflict => conflict.doNothing())
    .execute()
}

interface Fault {
  because: string
  route: string
  as: string
  request: string
  answer: string
}

const shown = (value: string | undefined): string =>
  value === undefined ? 'none' : value.length > 300 ? `${value.slice(0, 300)}…` : value

/** Whether the route's own schema takes the body; an empty one is none. Without a schema there is nothing that could be wrong with it. */
function isLegal(route: Route, { body }: HostileRequest): boolean {
  if (!route.body) return true
  try {
    // A mark of the byte order before a text may be passed over (RFC 8259 §8.1), and is.
    const text = body?.replace(/^\uFEFF/, '')
    return route.body.safeParse(text ? (JSON.parse(text) ?? {}) : {}).success
  } catch {
    return false
  }
}

/** Reading these is itself told in the journal, or keeps what it has found out for who asks next. */
const isNoted = ['exportContact', 'searchTimes', 'findFirstFreeSlots']

const leaks = /node_modules|\bat [\w.<>]+ \(|syntax error at|violates .* constraint|relation "|invalid input syntax/

eachDatabase(open => {
  // One house for all routes: to copy the database for each would take longer than the requests.
  let started: Started
  beforeAll(async () => {
    console.log(`hostile requests: seed ${seed}`)
    started = await start((await open({ environment: { PORT: '0' } })).house)
  })
  afterAll(() => started.server.close())

  test.each(meant)('$method $url stands requests that nobody should send', async route => {
    const { house, server, ids } = started
    const count = house.database.kind === 'postgres' ? requestsOnPostgres : requestsOnEmbedded
    const index = routes.indexOf(route)
    const faults: Fault[] = []
    for (const each of new Set([...keptSeedsOf(route), seed])) {
      const requests = hostileRequests(route, ids, count, (each + saltOf(route)) % 2 ** 31)
      await send(requests)
      if (faults.length > 0) {
        keepSeedOf(route, each, faults[0]?.because ?? '')
        break
      }
    }
    expect(faults, `SEED=${seed} ROUTE='${route.method} ${route.url}'`).toEqual([])

    async function send(requests: readonly HostileRequest[]): Promise<void> {
      for (let start = 0; start < requests.length && faults.length < 5; start += atOnce) {
        await signEverybodyIn(house)
        await takeWritten(house)
        const batch = await Promise.all(
          requests.slice(start, start + atOnce).map(async (request, i) => {
            const sender = senders[(start + i + index) % senders.length] ?? null
            const response = await server.app.inject({
              method: route.method,
              url: request.url,
              headers: { ...request.headers, ...(sender ? { cookie: `session=${tokenOf(sender)}` } : {}) },
              ...(request.body === undefined ? {} : { payload: request.body }),
            })
            const because = faultOf(route, request, {
              status: response.statusCode,
              type: String(response.headers['content-type']),
              text: response.body,
            })
            if (because !== undefined)
              faults.push({
                because,
                route: `${route.method} ${route.url}`,
                as: sender?.name ?? 'nobody',
                request: `${shown(request.url)} ${JSON.stringify(request.headers)} ${shown(request.body)}`,
                answer: `${response.statusCode} ${shown(response.body)}`,
              })
            return { request, done: response.statusCode < 300 }
          }),
        )
        const written = await takeWritten(house)
        const mayWrite = (route.method !== 'GET' || isNoted.includes(route.operation)) && batch.some(each => each.done)
        if (written.length > 0 && !mayWrite)
          faults.push({
            because: `refused requests wrote ${written.join(', ')}`,
            route: `${route.method} ${route.url}`,
            as: 'several',
            request: batch.map(each => `${shown(each.request.url)} ${shown(each.request.body)}`).join('\n'),
            answer: '',
          })
      }
    }
  })
})

function faultOf(
  route: Route,
  request: HostileRequest,
  answer: { status: number; type: string; text: string },
): string | undefined {
  const { status, type, text } = answer
  if (status >= 500) return 'a fault of ours'
  if (status < 200 || (status >= 300 && status < 400)) return 'neither done nor refused'
  if (status < 300) return route.method === 'GET' || isLegal(route, request) ? undefined : 'done although the body is not legal'
  if (!type.startsWith('application/problem+json')) return 'refused, but not with a problem'
  const problem = Problem.safeParse(JSON.parse(text))
  if (!problem.success) return `no proper problem: ${z.prettifyError(problem.error)}`
  const { data } = problem
  if (data.status !== status) return 'the problem names another status'
  if (data.detail === '' || data.detail === data.code) return `no sentence for ${data.code}`
  if (leaks.test(text)) return 'the problem tells what is inside'
  return undefined
}

interface Started {
  house: House
  server: Server
  ids: string[]
}

async function start(house: House): Promise<Started> {
  const parts = { routes, sockets: [], authenticate, audience, ready: async () => ({ ready: true, details: {} }) }
  const server = await openServer(house, parts)
  // The program makes its key once, at the first request that needs it.
  await houseSecret(house.config, house.database.kysely)
  await watchWrites(house)
  return { house, server, ids: await knownIds(house) }
}

/** Some things that are there. Nobody of those who send is among them: an administrator might legally disable one. */
async function knownIds(house: House): Promise<string[]> {
  const { kysely } = house.database
  const contact = house.ids()
  await kysely
    .insertInto('contact')
    .values({
      ...{
        id: contact,
        kind: 'person',
        family_name: 'Ferri',
        given_name: 'Giulia',
        business_name: null,
        fiscal_code: null,
        birth_date: null,
      },
      ...{
        municipality_code: '058091',
        province_code: 'RM',
        region_code: '12',
        language: 'it',
        notes: '',
        created_at: new Date(0),
        updated_at: new Date(0),
      },
    })
    .execute()
  const typology = await kysely.selectFrom('typology').select('id').limit(3).execute()
  return [
    contact,
    staff.milan.personId,
    staff.otherAgency.personId,
    'ccm-pensioni',
    'ag-roma-eur',
    '058091',
    '+390600000001',
    ...typology.map(row => row.id),
  ]
}
