/** The agenda over HTTP: repetition, versions, pages, and refusals in the reader's language. */
import { afterEach, expect, test } from 'vitest'
import { openMatter, service, smallAgenda } from '../../test/support/agenda.ts'
import { nobody } from '../../test/support/audience.ts'
import { eachDatabase, type OpenHouse } from '../../test/support/database.ts'
import { staff } from '../../test/support/staff.ts'
import { addDays, dayAt, type House, inTransaction, openServer, type Server, virtualClock, weekdayOf } from '../platform/index.ts'
import { confirmHold } from './appointments.ts'
import { Slots } from './model.ts'
import { agendaRoutes } from './routes.ts'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

const people = new Map(Object.values(staff).map(person => [person.personId, person]))

async function serve(open: OpenHouse) {
  const clock = virtualClock(Date.UTC(2026, 10, 24, 9))
  const { house } = await open({ environment: { PORT: '0' }, clock })
  await smallAgenda(house)
  const server = await openServer(house, {
    routes: agendaRoutes,
    sockets: [],
    authenticate: async (_house, headers) => people.get(String(headers['x-person'])) ?? null,
    audience: nobody,
    ready: async () => ({ ready: true, details: {} }),
  })
  servers.push(server)
  const send = async (
    who: keyof typeof staff,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => {
    const answer = await fetch(`${server.url}${path}`, {
      method,
      headers: {
        'x-person': staff[who].personId,
        'accept-language': 'en',
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await answer.text()
    const json: Record<string, unknown> = text === '' ? {} : JSON.parse(text)
    return { status: answer.status, type: answer.headers.get('content-type'), etag: answer.headers.get('etag'), json }
  }
  return { house, clock, send }
}

/** The first day from next Monday on that offers times. */
async function firstTimes(send: Awaited<ReturnType<typeof serve>>['send'], house: House) {
  const today = dayAt('Europe/Rome', house.clock.now())
  const from = addDays(today, 8 - weekdayOf(today))
  const { json } = await send('anna', 'GET', `/api/agenda/slots?unitId=ag-roma-eur&serviceId=${service.id}&from=${from}&days=14`)
  const free = Slots.parse(json).days.find(day => day.state === 'free')
  return { date: free?.date ?? '', starts: (free?.slots ?? []).map(slot => slot.start) }
}

eachDatabase(open => {
  test('a hold may be sent twice; the second person reads what is free next; letting go is nothing to say', async () => {
    const { house, send } = await serve(open)
    const { starts } = await firstTimes(send, house)
    const body = { unitId: 'ag-roma-eur', serviceId: service.id, start: starts[0] }
    const key = { 'idempotency-key': 'hold-0001' }
    const first = await send('anna', 'POST', '/api/agenda/holds', body, key)
    expect(first).toMatchObject({ status: 201, json: { unit: { id: 'ag-roma-eur' }, start: starts[0] } })
    expect((await send('anna', 'POST', '/api/agenda/holds', body, key)).json.id).toBe(first.json.id)
    const second = await send('luca', 'POST', '/api/agenda/holds', body)
    expect(second).toMatchObject({
      status: 409,
      type: expect.stringContaining('problem+json'),
      json: { code: 'agenda.taken.next' },
    })
    expect(second.json.detail).toMatch(/has just been taken: the first free time is \d/)
    const italian = await send('luca', 'POST', '/api/agenda/holds', body, { 'accept-language': 'it' })
    expect(italian.json.detail).toMatch(/è appena stato preso: il primo libero è/)
    expect((await send('luca', 'DELETE', `/api/agenda/holds/${first.json.id}`)).status).toBe(404)
    expect((await send('anna', 'DELETE', `/api/agenda/holds/${first.json.id}`)).status).toBe(204)
    expect((await send('luca', 'POST', '/api/agenda/holds', body)).status).toBe(201)
  })

  test('an officer prepares with the version that was read, and concludes; the contact centre does not find the day', async () => {
    const { house, clock, send } = await serve(open)
    const { date, starts } = await firstTimes(send, house)
    const ids: string[] = []
    for (const start of starts.slice(0, 3)) {
      const hold = await send('anna', 'POST', '/api/agenda/holds', { unitId: 'ag-roma-eur', serviceId: service.id, start })
      const matter = await openMatter(house)
      const input = { holdId: String(hold.json.id), reason: 'Vuole capire i contributi.', ...matter }
      ids.push((await inTransaction(house, staff.anna, work => confirmHold(work, input))).id)
    }
    const day = await send('agency', 'GET', `/api/agenda/day?date=${date}&limit=2`)
    expect(day.json).toMatchObject({ items: [{ id: ids[0] }, { id: ids[1] }], counts: { booked: 3 }, next: expect.any(String) })
    const rest = await send('agency', 'GET', `/api/agenda/day?date=${date}&limit=2&cursor=${day.json.next}`)
    expect(rest.json).toMatchObject({ items: [{ id: ids[2] }], next: null })
    expect((await send('anna', 'GET', `/api/agenda/day?unitId=ag-roma-eur&date=${date}`)).status).toBe(404)

    const one = `/api/appointments/${ids[0]}`
    const read = await send('agency', 'GET', one)
    expect(read.etag).toBe('"1"')
    const notes = { text: 'Chiedere il libretto di lavoro.' }
    expect((await send('agency', 'PUT', `${one}/preparation`, notes)).status).toBe(428)
    const kept = await send('agency', 'PUT', `${one}/preparation`, notes, { 'if-match': '"1"' })
    expect(kept).toMatchObject({ status: 200, etag: '"2"', json: { preparation: notes.text, prepared: true } })
    expect((await send('agency', 'PUT', `${one}/preparation`, notes, { 'if-match': '"1"' })).status).toBe(412)
    expect((await send('otherAgency', 'POST', `${one}/check-in`)).status).toBe(404)
    expect(await send('anna', 'POST', `${one}/check-in`)).toMatchObject({
      status: 403,
      json: { code: 'agenda.policy.officeOnly' },
    })
    expect(await send('agency', 'POST', `${one}/check-in`)).toMatchObject({
      status: 409,
      json: { code: 'agenda.policy.notYetDay' },
    })
    clock.advance(Date.parse(starts[0] ?? '') - clock.now())
    expect((await send('agency', 'POST', `${one}/check-in`)).json.state).toBe('checked-in')
    expect((await send('agency', 'POST', `${one}/start`)).json.state).toBe('in-progress')
    expect((await send('agency', 'POST', `${one}/conclude`, { outcome: 'resolved' })).status).toBe(422)
    const concluded = await send('agency', 'POST', `${one}/conclude`, { outcome: 'resolved', text: 'Fascicolo ricostruito.' })
    expect(concluded.json).toMatchObject({ state: 'concluded', outcome: 'resolved' })
    const again = await send('agency', 'POST', `${one}/cancel`, { reason: 'Non serve più.' })
    expect(again).toMatchObject({ status: 409, json: { detail: 'The appointment is concluded.' } })
  })

  test('nonsense is refused with what to mend', async () => {
    const { send } = await serve(open)
    expect((await send('anna', 'GET', '/api/agenda/slots?unitId=ag-roma-eur&serviceId=x&days=400')).status).toBe(422)
    expect((await send('anna', 'GET', '/api/agenda/slots?unitId=ag-roma-eur&serviceId=x&from=2026-02-30')).status).toBe(422)
    expect((await send('anna', 'GET', `/api/agenda/search?near=nowhere&serviceId=${service.id}`)).status).toBe(422)
    expect((await send('anna', 'GET', '/api/agenda/search?near=058091&serviceId=none')).status).toBe(404)
    expect(
      (
        await send('anna', 'POST', '/api/agenda/holds', {
          unitId: 'ag-roma-eur',
          serviceId: service.id,
          start: '0001-01-01T00:00:00Z',
        })
      ).status,
    ).toBe(422)
    expect(
      (
        await send('anna', 'POST', '/api/agenda/holds', {
          unitId: 'ag-roma-eur',
          serviceId: service.id,
          start: '9999-12-31T23:59:00Z',
        })
      ).status,
    ).toBe(422)
    expect((await send('agency', 'GET', '/api/agenda/day?date=9999-12-31')).status).toBeLessThan(500)
    expect((await send('agency', 'GET', '/api/agenda/day?date=0001-01-01')).status).toBeLessThan(500)
    expect((await send('agency', 'GET', '/api/agenda/day?cursor=x')).status).toBe(400)
    expect((await send('administrator', 'GET', '/api/agenda/services?unitId=ag-roma-eur')).status).toBe(404)
  })
})
