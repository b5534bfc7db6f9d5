/** Who else is looking, over two processes with real streams: told at once, to those alone who may see the thing, and over when a page, a session or a process is. */
import { request as httpRequest } from 'node:http'
import { sql } from 'kysely'
import { afterEach, expect, test, vi } from 'vitest'
import { onOneSession, onPostgres } from '../../../test/support/database.ts'
import { analyse, plansOf } from '../../../test/support/plan.ts'
import { staff } from '../../../test/support/staff.ts'
import { createContact, NewContact } from '../../contacts/index.ts'
import { audience, sessionEnded } from '../../identity/index.ts'
import { type House, inTransaction, openServer, type PersonActor, system, virtualClock } from '../../platform/index.ts'
import { openInteraction, sendLinea } from '../interactions.ts'
import { claimTicket } from '../tickets.ts'
import type { Viewers } from './model.ts'
import { viewerRoutes } from './routes.ts'
import { startViewers } from './start.ts'
import { viewersOf } from './store.ts'

const { anna, paola, marco, milan, agency } = staff
const people = new Map([anna, paola, marco, milan, agency].map(each => [each.personId, each]))
const closing: (() => unknown)[] = []
const patience = { timeout: 60_000, interval: 10 }

/** A process that serves pages. */
async function serve(house: House) {
  const server = await openServer(
    { ...house, config: { ...house.config, PORT: 0 } },
    {
      ...{ routes: viewerRoutes, sockets: [], audience, ready: async () => ({ ready: true, details: {} }) },
      authenticate: async (_house, headers) => people.get(String(headers['x-person'])) ?? null,
    },
  )
  const viewers = await startViewers(house, server.pages)
  closing.push(
    () => server.close(),
    () => viewers.close(),
  )
  return server.url
}

/** A page of somebody in a browser, with its stream. */
async function page(house: House, url: string, actor: PersonActor) {
  const pageId = house.ids()
  const headers = { 'x-person': actor.personId }
  const told: unknown[] = []
  let isOver = false
  let begun = false
  const stream = httpRequest(`${url}/api/live`, { headers: { ...headers, 'x-page': pageId } }, response => {
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => {
      begun ||= chunk.includes('id:')
      for (const [, data = ''] of chunk.matchAll(/^data: (\{"viewers".*\})$/gm)) told.push(JSON.parse(data))
    })
    response.on('close', () => {
      isOver = true
    })
  })
  stream.on('error', () => {})
  stream.end()
  closing.push(() => stream.destroy())
  await vi.waitFor(() => expect(begun).toBe(true), patience)
  const send = (method: string, path: string, body?: object) =>
    fetch(`${url}${path}`, {
      ...{ method, headers: { ...headers, origin: url, ...(body && { 'content-type': 'application/json' }) } },
      ...(body && { body: JSON.stringify(body) }),
    })
  return {
    told,
    isOver: () => isOver,
    /** Says what it shows. Returns who else does, or the status of a refusal. */
    async shows(path: string, writing = false): Promise<Viewers | number> {
      const response = await send('PUT', `${path}/viewers/${pageId}`, { writing })
      return response.ok ? ((await response.json()) as Viewers) : response.status
    },
    leaves: async () => (await send('DELETE', `/api/viewers/${pageId}`)).status,
    breaksOff: () => stream.destroy(),
  }
}

const names = (seen: Viewers | number) => (typeof seen === 'number' ? seen : seen.items.map(({ name }) => name).sort())

onPostgres(open => {
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })

  test('comes, writes and goes are told on every process, to those alone who have the same open and may see it', async () => {
    const clock = virtualClock(Date.parse('2026-11-30T09:00:00Z'))
    const { house, another } = await open({ clock })
    const db = house.database.kysely
    const card = NewContact.parse({ kind: 'person', givenName: 'Giulia', familyName: 'Ferri', municipalityCode: '058091' })
    const contact = await createContact(house, anna, card)
    const talk = await openInteraction(house, anna, { channel: 'counter', contactId: contact.id, typologyId: 'vecchiaia' })
    const asked = { id: talk.id, question: 'E i contributi in Germania?', replyTo: { email: 'giulia@example.org' } }
    const { ticketId, caseId } = await sendLinea(house, anna, asked)
    const [ticket, matter] = [`/api/tickets/${ticketId}`, `/api/cases/${caseId}`]
    const [one, two] = [await serve(house), await serve(await another())]

    const her = await page(house, one, paola)
    /** She is told of one thing that somebody else has done. */
    const hears = async () => {
      await vi.waitFor(() => expect(her.told.length).toBeGreaterThan(0), patience)
      expect(her.told.shift()).toEqual({ viewers: ticketId })
    }
    /** Time goes by, and both processes get to what is due. */
    const passes = async (seconds: number) => {
      for (let n = 0; n < seconds; n++) {
        clock.advance(1_000)
        await her.shows(ticket)
      }
    }
    expect(await her.shows(ticket)).toEqual({ items: [], more: 0 })
    const his = await page(house, two, marco)
    expect(names(await his.shows(ticket))).toEqual(['Paola Neri'])
    await hears()
    const since = new Date(clock.now()).toISOString()
    expect(await her.shows(ticket)).toEqual({
      items: [{ id: marco.personId, name: 'Marco Sala', since, writingSince: null }],
      more: 0,
    })

    // Who begins to write is told; who says the same again is not.
    clock.advance(1_000)
    const writingSince = new Date(clock.now()).toISOString()
    await his.shows(ticket, true)
    await hears()
    clock.advance(1_000)
    await his.shows(ticket, true)
    expect(await her.shows(ticket)).toMatchObject({ items: [{ since, writingSince }] })

    // Elsewhere the ticket is not there, and nothing is told; who may only read never writes; another thing is another thing.
    const foreign = await page(house, one, milan)
    expect([await foreign.shows(ticket), await foreign.shows(matter)]).toEqual([404, 404])
    const operator = await page(house, two, anna)
    expect(names(await operator.shows(ticket, true))).toEqual(['Marco Sala', 'Paola Neri'])
    await hears()
    expect(await her.shows(ticket)).toMatchObject({ items: [{ writingSince }, { name: 'Anna Bianchi', writingSince: null }] })
    await claimTicket(house, paola, { ticketId })
    expect(await his.shows(ticket, true)).toMatchObject({ items: [{ name: 'Paola Neri' }, { name: 'Anna Bianchi' }] })
    await hears()
    expect(await her.shows(ticket, true)).toMatchObject({ items: [{ name: 'Marco Sala', writingSince: null }, {}] })

    // Two pages of one person are one person, who is told nothing of herself; whoever goes on to the case has left the ticket.
    const second = await page(house, one, paola)
    await second.shows(ticket)
    expect(names(await his.shows(ticket))).toEqual(['Anna Bianchi', 'Paola Neri'])
    expect(names(await operator.shows(matter))).toEqual([])
    await hears()
    expect(names(await her.shows(ticket))).toEqual(['Marco Sala'])

    // A page that is left is gone at once, and nobody can take away another's.
    expect(await his.leaves()).toBe(204)
    await hears()
    expect(names(await her.shows(ticket))).toEqual([])

    // A stream that breaks off is gone after a while; pages that are connected stay, however long nothing happens to them.
    await his.shows(ticket)
    await hears()
    expect(names(await operator.shows(ticket))).toEqual(['Marco Sala', 'Paola Neri'])
    await hears()
    his.breaksOff()
    const rest = () =>
      sql<{ until: Date }>`select expires_at as until from page_viewer where person_id = ${marco.personId}`.execute(db)
    await vi.waitFor(async () => expect((await rest()).rows).toEqual([{ until: new Date(clock.now() + 15_000) }]), patience)
    expect(names(await her.shows(ticket))).toEqual(['Anna Bianchi', 'Marco Sala'])
    await passes(100)
    await hears()
    expect(names(await her.shows(ticket))).toEqual(['Anna Bianchi'])

    // A session that ends takes its pages with it.
    const session = { sessionId: house.ids(), reason: 'signed-out' as const }
    await inTransaction(house, system('test'), work => work.journal(sessionEnded, session, { person: anna.personId }))
    await vi.waitFor(() => expect(operator.isOver()).toBe(true), patience)
    await hears()
    expect(names(await her.shows(ticket))).toEqual([])

    // Of a process that died nobody renews anything: the next that looks takes its pages away.
    const lost = await page(house, two, marco)
    await lost.shows(ticket)
    await hears()
    await sql`update page_viewer set page_id = gen_random_uuid() where person_id = ${marco.personId}`.execute(db)
    expect(names(await her.shows(ticket))).toEqual(['Marco Sala'])
    await passes(70)
    await hears()
    expect(names(await her.shows(ticket))).toEqual([])
    // Whoever causes something is not told of it, and nobody twice.
    expect(her.told).toEqual([])
    expect(foreign.told).toEqual([])
  })
})

onOneSession(open => {
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })

  test('what one person may keep is bounded, a crowd is counted, and nothing is searched from end to end', async () => {
    const { house } = await open()
    const db = house.database.kysely
    const card = NewContact.parse({ kind: 'person', familyName: 'Ferri', municipalityCode: '058091' })
    const contact = await createContact(house, anna, card)
    const talk = await openInteraction(house, anna, { channel: 'counter', contactId: contact.id, typologyId: 'vecchiaia' })
    const { caseId } = await sendLinea(house, anna, {
      id: talk.id,
      question: 'E i contributi?',
      replyTo: { phone: '06 1234567' },
    })
    const url = await serve(house)
    const first = await page(house, url, marco)
    await first.shows(`/api/cases/${caseId}`)
    for (let n = 0; n < 18; n++) await (await page(house, url, paola)).shows(`/api/cases/${caseId}`)
    await vi.waitFor(() => expect(first.told).toContainEqual({ viewers: caseId }), patience)
    await first.leaves()
    const { rows } = await sql<{ pages: number }>`select count(*)::int as pages from page_viewer`.execute(db)
    expect(rows[0]?.pages).toBe(16)
    await sql`
      insert into page_viewer (person_id, page_id, name, kind, subject_id, since, expires_at)
      select gen_random_uuid(), gen_random_uuid(), 'Tizio ' || n, 'case', case when n <= 300 then ${caseId}::uuid else gen_random_uuid() end,
             now(), now() + interval '1 hour'
      from   generate_series(1, 5000) n`.execute(db)
    const mine = await page(house, url, anna)
    const seen = await mine.shows(`/api/cases/${caseId}`)
    expect(seen).toMatchObject({ items: { length: 20 }, more: 281 })
    await analyse(db)
    const wanted = { subjectId: house.ids(), readerId: anna.personId, now: new Date(), limit: 20 }
    const plans = await plansOf(db, each => viewersOf(each, wanted))
    expect(plans.flatMap(plan => plan.indexes)).toEqual(['page_viewer_of_subject'])
  })
})
