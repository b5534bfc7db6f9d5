/** Looking after accounts, over the real server, on both databases: who may, what it does, what the journal tells. */

import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { password, userOf } from '../../test/support/accounts.ts'
import { type Browser, browserAt } from '../../test/support/browser.ts'
import { type OpenHouse, onOneSession, onPostgres } from '../../test/support/database.ts'
import { analyse, plansOf } from '../../test/support/plan.ts'
import { refusal } from '../../test/support/refusal.ts'
import { staff } from '../../test/support/staff.ts'
import { conversationEnded } from '../distribution/index.ts'
import {
  type Actor,
  type House,
  inTransaction,
  openServer,
  type PersonActor,
  page,
  type Server,
  system,
  virtualClock,
} from '../platform/index.ts'
import { assign, confirmAssignment, unassign } from './assignments.ts'
import type { Role } from './capabilities.ts'
import { createFirstAdministrator } from './first-administrator.ts'
import { audience } from './index.ts'
import { AccountNotice, type NewAssignment, OneTimePassword, Person, PersonSummary } from './model.ts'
import { sortKey } from './names.ts'
import { identityRoutes } from './routes.ts'
import { createPerson, disablePerson, givePassword, membersOf } from './service.ts'
import { authenticate } from './sessions.ts'
import { startIdentity } from './start.ts'
import { findPeople, insertPeople, listPeople, membersUnder } from './store.ts'

const PeoplePage = page(PersonSummary)
const { anna, luca, administrator, secondAdministrator, supervisor } = staff
const minute = 60_000
const AccountNotices = z.object({ items: z.array(AccountNotice) })

const servers: Server[] = []
const stopping: { close(): void }[] = []
afterEach(async () => {
  for (const each of stopping.splice(0)) each.close()
  for (const server of servers.splice(0)) await server.close()
})

async function start(open: OpenHouse) {
  const clock = virtualClock()
  const opened = await open({ clock, environment: { PORT: '0' } })
  const parts = { routes: identityRoutes, sockets: [], authenticate, audience, ready: async () => ({ ready: true, details: {} }) }
  const server = await openServer(opened.house, parts)
  servers.push(server)
  const as = async (person: PersonActor): Promise<Browser> => {
    const browser = browserAt(server.url)
    expect((await browser.send('POST', '/api/session', { user: userOf(person), password })).status).toBe(200)
    return browser
  }
  return { ...opened, clock, url: server.url, as }
}

const entriesOf = async (house: House, personId: string) =>
  (
    await house.database.kysely
      .selectFrom('event')
      .select(['type', 'payload'])
      .where('person_id', '=', personId)
      .orderBy('id')
      .execute()
  ).map(entry => entry.type)

/** One administrator gives it, the other confirms it. */
async function given(house: House, personId: string, assignment: NewAssignment): Promise<Person> {
  const { requests } = await assign(house, administrator, { personId, assignment })
  return confirmAssignment(house, secondAdministrator, requests.at(-1)?.assignmentId ?? '')
}

onOneSession(open => {
  test('an account is made, gets a role and a password good once, and its person chooses another', async () => {
    const { house, url, as } = await start(open)
    const aldo = await as(administrator)
    const made = await aldo.send(
      'POST',
      '/api/people',
      { user: 'Nina.Sole', name: "Nina D'Àngelo" },
      { 'idempotency-key': 'nina-0001' },
    )
    expect(made).toMatchObject({ status: 201, body: { user: 'nina.sole', password: 'none', assignments: [], version: 1 } })
    const again = await aldo.send(
      'POST',
      '/api/people',
      { user: 'Nina.Sole', name: "Nina D'Àngelo" },
      { 'idempotency-key': 'nina-0001' },
    )
    expect(again.body).toEqual(made.body)
    expect(await aldo.send('POST', '/api/people', { user: 'nina.SOLE', name: 'Nina Altra' })).toMatchObject({
      status: 409,
      body: { code: 'identity.userTaken' },
    })
    const { id } = Person.parse(made.body)
    const asked = await aldo.send('POST', `/api/people/${id}/assignments`, { role: 'operator', unitId: 'ccm-pensioni' })
    const request = { role: 'operator', unitName: expect.stringMatching(/pension/i), until: null, askedBy: 'Aldo Serra' }
    expect(asked).toMatchObject({ status: 201, body: { assignments: [], requests: [request] } })
    const bice = await as(secondAdministrator)
    const [waiting] = Person.parse(asked.body).requests
    expect(await bice.send('POST', `/api/assignment-requests/${waiting?.assignmentId}/confirm`)).toMatchObject({
      status: 200,
      body: { requests: [], assignments: [{ role: 'operator', unitName: expect.stringMatching(/pension/i), until: null }] },
    })
    const once = OneTimePassword.parse((await aldo.send('POST', `/api/people/${id}/one-time-password`)).body)

    const nina = browserAt(url)
    const signIn = (more: object = {}) =>
      nina.send('POST', '/api/session', { user: 'nina.sole', password: once.password, ...more })
    expect(await signIn()).toMatchObject({ status: 403, body: { code: 'identity.newPasswordNeeded' } })
    expect(nina.cookie).toBeUndefined()
    expect(await signIn({ newPassword: once.password })).toMatchObject({ status: 422, body: { code: 'identity.password.same' } })
    expect(await signIn({ newPassword: 'corta' })).toMatchObject({ status: 422, body: { code: 'identity.password.short' } })
    expect((await signIn({ newPassword: 'tre gatti sul tetto' })).status).toBe(200)
    expect((await nina.send('GET', '/api/session')).body).toMatchObject({ person: { id }, acting: { unitId: 'ccm-pensioni' } })
    expect((await browserAt(url).send('POST', '/api/session', { user: 'nina.sole', password: once.password })).status).toBe(401)
    expect(await entriesOf(house, id)).toEqual([
      'person.created',
      'assignment.asked',
      'assignment.made',
      'person.password-reset',
      'person.password-changed',
      'session.started',
      'sign-in.failed',
    ])
    const journal = await house.database.kysely.selectFrom('event').selectAll().execute()
    const keys = await house.database.kysely.selectFrom('idempotency').selectAll().execute()
    expect(JSON.stringify([journal, keys])).not.toContain(once.password)
  })

  test('a given password is good for two days, and ends what was open before', async () => {
    const { url, as, clock } = await start(open)
    const [aldo, hers] = [await as(administrator), await as(anna)]
    const once = OneTimePassword.parse((await aldo.send('POST', `/api/people/${anna.personId}/one-time-password`)).body)
    expect((await hers.send('GET', '/api/session')).status).toBe(401)
    expect((await browserAt(url).send('POST', '/api/session', { user: userOf(anna), password })).status).toBe(401)
    clock.advance(new Date(once.until).getTime() - clock.now())
    expect(
      await browserAt(url).send('POST', '/api/session', {
        user: userOf(anna),
        password: once.password,
        newPassword: 'tre gatti sul tetto',
      }),
    ).toMatchObject({
      status: 403,
      body: { code: 'identity.oneTimePasswordExpired' },
    })
  })

  test('a disabled account is out at once and cannot come back until it is enabled', async () => {
    const { house, url, as } = await start(open)
    const [aldo, hers] = [await as(administrator), await as(anna)]
    const path = `/api/people/${anna.personId}`
    expect((await aldo.send('POST', `${path}/disable`)).body).toMatchObject({ disabledAt: expect.any(String), version: 2 })
    expect((await hers.send('GET', '/api/session')).status).toBe(401)
    expect((await browserAt(url).send('POST', '/api/session', { user: userOf(anna), password })).status).toBe(401)
    // The browser that was signed in is told why, and no other.
    expect((await hers.send('GET', '/api/session/ended')).body).toEqual({ sentence: expect.stringMatching(/disattivato/) })
    expect((await browserAt(url).send('GET', '/api/session/ended')).body).toEqual({ sentence: null })
    expect((await aldo.send('POST', `${path}/disable`)).body).toMatchObject({ version: 2 })
    expect((await aldo.send('POST', `${path}/enable`)).body).toMatchObject({ disabledAt: null, version: 3 })
    await as(anna)
    expect(await entriesOf(house, anna.personId)).toEqual([
      'session.started',
      'person.disabled',
      'session.ended',
      'sign-in.failed',
      'person.enabled',
      'session.started',
    ])
  })

  test('an account is changed with the version that was read', async () => {
    const { as } = await start(open)
    const aldo = await as(administrator)
    const change = (body: object, version: number) =>
      aldo.send('PATCH', `/api/people/${anna.personId}`, body, { 'if-match': `"${version}"` })
    expect(await change({ name: 'Anna Verdi', user: 'anna.verdi' }, 1)).toMatchObject({
      status: 200,
      body: { name: 'Anna Verdi', user: 'anna.verdi', version: 2 },
    })
    expect((await change({ name: 'Anna Rossi' }, 1)).status).toBe(412)
    expect(await change({ user: userOf(luca) }, 2)).toMatchObject({ status: 409, body: { code: 'identity.userTaken' } })
    expect((await aldo.send('GET', '/api/people?q=verdi')).body).toMatchObject({ items: [{ id: anna.personId }] })
    expect((await aldo.send('GET', '/api/people?q=bianchi')).body).toMatchObject({ items: [] })
  })

  describe('an assignment', () => {
    test('is refused where the role has nothing to do, twice at one time, and with an end before its beginning', async () => {
      const { as } = await start(open)
      const aldo = await as(administrator)
      const give = (body: object) => aldo.send('POST', `/api/people/${anna.personId}/assignments`, body)
      expect(await give({ role: 'operator', unitId: 'ag-roma-eur' })).toMatchObject({
        status: 422,
        body: { code: 'identity.roleNotThere' },
      })
      expect(await give({ role: 'operator', unitId: 'nowhere' })).toMatchObject({
        status: 422,
        body: { code: 'identity.unitUnknown' },
      })
      expect(await give({ role: 'operator', unitId: 'ccm-pensioni' })).toMatchObject({
        status: 409,
        body: { code: 'identity.alreadyAssigned' },
      })
      expect(
        await give({ role: 'supervisor', unitId: 'ccm', from: '2026-02-01T00:00:00Z', until: '2026-01-31T00:00:00Z' }),
      ).toMatchObject({
        status: 422,
        body: { code: 'identity.endBeforeBeginning' },
      })
      expect((await give({ role: 'chief', unitId: 'ccm' })).status).toBe(422)
    })

    test('holds from its day to its end; what runs under it is over at that instant, or at once when it is taken away', async () => {
      const { house, as, clock } = await start(open)
      const aldo = await as(administrator)
      const path = `/api/people/${anna.personId}/assignments`
      const [from, until] = [new Date(clock.now() + minute), new Date(clock.now() + 3 * minute)].map(at => at.toISOString())
      const held = await given(house, anna.personId, { role: 'supervisor', unitId: 'ccm', from, until })
      const assignmentId = held.assignments.find(held => held.role === 'supervisor')?.assignmentId ?? ''
      const hers = await as(anna)
      expect((await hers.send('PUT', '/api/session/acting', { assignmentId })).status).toBe(404)
      clock.advance(minute)
      expect((await hers.send('PUT', '/api/session/acting', { assignmentId })).status).toBe(200)
      expect((await aldo.send('PATCH', `${path}/${assignmentId}`, { until: new Date(clock.now()).toISOString() })).status).toBe(
        422,
      )
      expect((await aldo.send('PATCH', `${path}/${assignmentId}`, { until: null })).status).toBe(200)
      clock.advance(5 * minute)
      expect((await hers.send('GET', '/api/session')).status).toBe(200)
      expect((await aldo.send('DELETE', `${path}/${assignmentId}`)).status).toBe(200)
      expect((await hers.send('GET', '/api/session')).status).toBe(401)
      expect((await aldo.send('PATCH', `${path}/${assignmentId}`, { until: null })).status).toBe(409)
      expect((await aldo.send('DELETE', `${path}/${assignmentId}`)).status).toBe(200)
      expect((await aldo.send('DELETE', `${path}/${luca.assignmentId}`)).status).toBe(404)
      expect((await (await as(anna)).send('GET', '/api/session')).body).toMatchObject({ acting: { role: 'operator' } })
      const types = await entriesOf(house, anna.personId)
      expect(types.filter(type => type.startsWith('assignment.'))).toEqual([
        'assignment.asked',
        'assignment.made',
        'assignment.changed',
        'assignment.ended',
      ])
      expect(types.filter(type => type === 'session.ended')).toHaveLength(1)
    })
  })

  test('the last administrator can be neither disabled, nor taken out of the role, nor given an end', async () => {
    const { house, as } = await start(open)
    const aldo = await as(administrator)
    const roleOfBice = { personId: secondAdministrator.personId, assignmentId: secondAdministrator.assignmentId }
    await unassign(house, administrator, roleOfBice)
    const path = `/api/people/${administrator.personId}`
    const held = `${path}/assignments/${administrator.assignmentId}`
    const until = '2027-01-01T00:00:00Z'
    for (const refused of [
      await aldo.send('POST', `${path}/disable`),
      await aldo.send('DELETE', held),
      await aldo.send('PATCH', held, { until }),
    ])
      expect(refused).toMatchObject({ status: 409, body: { code: 'identity.lastAdministrator' } })
    // One who has no password yet, or one that expires, or whose role ends some day, is no reason to let the last one go.
    const role = { role: 'administrator', unitId: 'inps' } as const
    const other = await createPerson(house, administrator, { user: 'nora.nuova', name: 'Nora Nuova' })
    const program = system('test')
    await assign(house, program, { personId: other.id, assignment: role })
    await assign(house, program, { personId: anna.personId, assignment: { ...role, until } })
    await assign(house, program, { personId: staff.paola.personId, assignment: role })
    await givePassword(house, administrator, staff.paola.personId)
    // Nor is one who has only been asked for.
    await assign(house, administrator, { personId: luca.personId, assignment: role })
    expect((await aldo.send('DELETE', held)).status).toBe(409)
    await assign(house, program, { personId: luca.personId, assignment: role })
    expect((await aldo.send('DELETE', held)).status).toBe(200)
    expect((await aldo.send('GET', '/api/people')).status).toBe(401)
  })

  test('an administrator alone gains nothing: no role to oneself, none without a second one, and its person is told', async () => {
    const { house, as } = await start(open)
    const [aldo, bice, hers] = [await as(administrator), await as(secondAdministrator), await as(anna)]
    const role = { role: 'supervisor', unitId: 'ccm' }
    for (const wanted of [role, { role: 'administrator', unitId: 'inps' }])
      expect(await aldo.send('POST', `/api/people/${administrator.personId}/assignments`, wanted)).toMatchObject({
        status: 403,
        body: { code: 'identity.notToYourself' },
      })
    const asked = Person.parse((await aldo.send('POST', `/api/people/${anna.personId}/assignments`, role)).body)
    const [request] = asked.requests
    expect(request?.confirm).toEqual({ allowed: false, sentence: expect.stringMatching(/un'altra persona/) })
    const confirm = `/api/assignment-requests/${request?.assignmentId}/confirm`
    expect(await aldo.send('POST', confirm)).toMatchObject({ status: 403, body: { code: 'identity.confirmedByAnother' } })
    expect((await hers.send('POST', confirm)).status).toBe(403)
    expect((await hers.send('GET', '/api/session')).body).toMatchObject({ assignments: [{ role: 'operator' }] })
    expect(await aldo.send('POST', `/api/people/${anna.personId}/assignments`, role)).toMatchObject({
      status: 409,
      body: { code: 'identity.alreadyAsked' },
    })
    const list = (await bice.send('GET', '/api/assignment-requests')).body
    expect(list).toMatchObject({ items: [{ person: { name: 'Anna Bianchi' }, confirm: { allowed: true } }] })
    expect((await bice.send('POST', confirm)).status).toBe(200)
    expect((await bice.send('POST', confirm)).status).toBe(404)
    expect((await hers.send('GET', '/api/session')).body).toMatchObject({
      assignments: [{ role: 'operator' }, { role: 'supervisor' }],
    })
    expect((await hers.send('GET', '/api/session/notices')).body).toMatchObject({
      items: [{ kind: 'role-given', seen: false, sentence: expect.stringMatching(/Aldo Serra.*Bice Fonti/) }],
    })
    expect((await hers.send('POST', '/api/session/notices/seen')).status).toBe(204)
    expect((await hers.send('GET', '/api/session/notices')).body).toMatchObject({ items: [{ seen: true }] })
    // Whom it concerns does not confirm it either, and a longer time is as good as a role.
    const forBice = await assign(house, administrator, {
      personId: secondAdministrator.personId,
      assignment: { role: 'headquarters', unitId: 'inps' },
    })
    const own = `/api/assignment-requests/${forBice.requests[0]?.assignmentId}/confirm`
    expect(await bice.send('POST', own)).toMatchObject({ status: 403, body: { code: 'identity.notToYourself' } })
    const mine = `/api/people/${administrator.personId}/assignments/${administrator.assignmentId}`
    expect((await aldo.send('PATCH', mine, { until: '2027-01-01T00:00:00Z' })).status).toBe(200)
    expect(await aldo.send('PATCH', mine, { until: null })).toMatchObject({ status: 403 })
  })

  test('nobody gives a password to themselves; whose account was entered with a given one finds it said', async () => {
    const { url, as } = await start(open)
    const aldo = await as(administrator)
    expect(await aldo.send('POST', `/api/people/${administrator.personId}/one-time-password`)).toMatchObject({
      status: 403,
      body: { code: 'identity.ownPassword' },
    })
    expect((await aldo.send('GET', '/api/session')).status).toBe(200)
    const once = async () =>
      OneTimePassword.parse((await aldo.send('POST', `/api/people/${anna.personId}/one-time-password`)).body).password
    const enter = async (given: string, newPassword: string) => {
      const browser = browserAt(url)
      const credentials = { user: userOf(anna), password: given, newPassword }
      expect((await browser.send('POST', '/api/session', credentials)).status).toBe(200)
      return browser
    }
    await enter(await once(), 'un passo nel suo nome')
    const hers = await enter(await once(), 'tre gatti sul tetto')
    const { items } = AccountNotices.parse((await hers.send('GET', '/api/session/notices')).body)
    const given = ['password-given', 'password-given-used']
    expect(items.map(item => item.kind).sort()).toEqual([...given, ...given].sort())
    expect(items.find(item => item.kind === 'password-given')?.sentence).toMatch(/^Aldo Serra/)
  })

  test('who talks to a citizen is not cut off by an administrator who does not know it', async () => {
    const { house, as } = await start(open)
    const [aldo, hers] = [await as(administrator), await as(anna)]
    let talking = true
    const identity = await startIdentity(house, async (_db, personId) => talking && personId === anna.personId)
    stopping.push(identity)
    const path = `/api/people/${anna.personId}`
    const role = `${path}/assignments/${anna.assignmentId}`
    for (const asked of [await aldo.send('POST', `${path}/disable`), await aldo.send('DELETE', role)])
      expect(asked).toMatchObject({ status: 409, body: { code: 'identity.inConversation', values: { person: 'Anna Bianchi' } } })
    expect((await hers.send('GET', '/api/session')).status).toBe(200)
    expect((await aldo.send('DELETE', `${role}?afterCall=true`)).body).toMatchObject({ endsAfterCall: [anna.assignmentId] })
    expect((await aldo.send('POST', `${path}/disable`, { afterCall: true })).body).toMatchObject({
      disabledAt: null,
      endsAfterCall: expect.arrayContaining(['account', anna.assignmentId]),
    })
    expect((await hers.send('GET', '/api/session')).status).toBe(200)
    talking = false
    await inTransaction(house, system('telephony'), work =>
      work.journal(conversationEnded, { agent: anna.personId }, { call: house.ids(), person: anna.personId }),
    )
    await expect
      .poll(async () => (await aldo.send('GET', path)).body, { timeout: 60_000 })
      .toMatchObject({
        disabledAt: expect.any(String),
        endsAfterCall: [],
      })
    expect((await hers.send('GET', '/api/session')).status).toBe(401)
    talking = true
    expect((await aldo.send('POST', `${path}/enable`)).status).toBe(200)
    expect((await aldo.send('POST', `${path}/disable`, { urgent: true })).body).toMatchObject({ disabledAt: expect.any(String) })
  })

  test('only administrators look after accounts; a supervisor sees the operators of the unit and nobody else', async () => {
    const { house, as } = await start(open)
    for (const person of [anna, staff.paola, staff.headquarters, staff.director, staff.agency]) {
      const browser = await as(person)
      expect((await browser.send('GET', '/api/people')).status).toBe(403)
      expect((await browser.send('GET', `/api/people/${person.personId}`)).status).toBe(403)
    }
    const ugo = await as(supervisor)
    const operators = PeoplePage.parse((await ugo.send('GET', '/api/people?limit=100')).body)
    expect(operators.next).toBeNull()
    expect(operators.items.map(item => item.name)).toEqual(expect.arrayContaining(['Anna Bianchi', 'Luca Donati', 'Sara Testa']))
    for (const { assignments } of operators.items)
      for (const held of assignments)
        expect([held.role, held.unitPath]).toEqual([
          expect.stringMatching(/operator|switchboard/),
          expect.stringMatching(/^inps\/ccm\//),
        ])
    expect((await ugo.send('GET', '/api/people?role=cric_member')).body).toMatchObject({ items: [] })
    expect((await ugo.send('GET', `/api/people/${anna.personId}`)).status).toBe(200)
    for (const hidden of [staff.paola, administrator, supervisor])
      expect((await ugo.send('GET', `/api/people/${hidden.personId}`)).status).toBe(404)
    const writes: [string, string, object | undefined][] = [
      ['POST', '/api/people', { user: 'x.y', name: 'X Y' }],
      ['PATCH', `/api/people/${anna.personId}`, { name: 'X Y' }],
      ['POST', `/api/people/${anna.personId}/disable`, undefined],
      ['POST', `/api/people/${anna.personId}/enable`, undefined],
      ['POST', `/api/people/${anna.personId}/one-time-password`, undefined],
      ['POST', `/api/people/${anna.personId}/assignments`, { role: 'operator', unitId: 'ccm' }],
      ['PATCH', `/api/people/${anna.personId}/assignments/${anna.assignmentId}`, { until: null }],
      ['DELETE', `/api/people/${anna.personId}/assignments/${anna.assignmentId}`, undefined],
    ]
    for (const [method, path, body] of writes)
      expect((await ugo.send(method, path, body, { 'if-match': '"1"' })).status, `${method} ${path}`).toBe(403)
    // The use cases say the same without the server in front of them.
    const citizen: Actor = { kind: 'citizen', channel: 'web' }
    for (const actor of [supervisor, citizen]) {
      expect((await refusal(disablePerson(house, actor, anna.personId))).code).toBe('identity.onlyAdministrators')
      expect((await refusal(createPerson(house, actor, { user: 'x.y', name: 'X Y' }))).code).toBe('identity.onlyAdministrators')
    }
  })

  test('people are found by user name or any word, by unit and role, page after page', async () => {
    const { house, as } = await start(open)
    const aldo = await as(administrator)
    const found = async (query: string) => (await aldo.send('GET', `/api/people?${query}`)).body
    for (const q of ['anna.bian', 'BIANCHI anna', 'bianchi a', 'anna.bianchi']) {
      const { items } = PeoplePage.parse(await found(`q=${q}`))
      expect(
        items.map(item => item.id),
        q,
      ).toContain(anna.personId)
      for (const item of items) expect(item.name, q).toMatch(/anna/i)
    }
    expect(await found('q=%25')).toMatchObject({ items: [] })
    expect(await found('unitId=cric-lazio&role=cric_coordinator')).toMatchObject({
      items: [{ name: 'Carlo Greco', assignments: [{ unitId: 'cric-lazio' }] }],
    })
    const names: string[] = []
    let next: string | null = ''
    while (next !== null) {
      const page: z.infer<typeof PeoplePage> = PeoplePage.parse(
        await found(`unitId=ccm&limit=7${next === '' ? '' : `&cursor=${next}`}`),
      )
      names.push(...page.items.map(item => item.name))
      next = page.next
    }
    const db = (
      await house.database.kysely.selectFrom('assignment').select('person_id').where('unit_path', 'like', 'inps/ccm/%').execute()
    ).length
    expect(names).toHaveLength(db)
    expect(names).toEqual([...names].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1)))
    expect((await aldo.send('GET', '/api/people?cursor=bm8')).status).toBe(400)
  })

  test('members of a unit and of those under it are answered by role', async () => {
    const { house } = await start(open)
    const db = house.database.kysely
    const lazio = await membersOf(db, { under: 'inps/dr-lazio/cric-lazio/', roles: ['cric_member', 'cric_coordinator'] })
    expect(lazio.map(member => member.name)).toEqual(
      expect.arrayContaining(['Carlo Greco', 'Paola Neri', 'Elena Riva', 'Marco Sala']),
    )
    expect(lazio.find(member => member.id === staff.coordinator.personId)).toEqual({
      id: staff.coordinator.personId,
      name: 'Carlo Greco',
      unitPath: 'inps/dr-lazio/cric-lazio/',
      unitName: expect.stringMatching(/lazio/i),
    })
    await disablePerson(house, system('test'), staff.marco.personId)
    await unassign(house, system('test'), {
      personId: staff.contributions.personId,
      assignmentId: staff.contributions.assignmentId,
    })
    const left = await membersOf(db, {
      under: 'inps/dr-lazio/cric-lazio/',
      roles: ['cric_member'],
      at: new Date(house.clock.now()),
    })
    const names = left.map(member => member.name)
    expect(names).toContain('Paola Neri')
    for (const gone of ['Marco Sala', 'Elena Riva', 'Carlo Greco']) expect(names).not.toContain(gone)
  })

  test('an empty installation gets its institute and its first administrator, once', async () => {
    const { house } = await open()
    await house.database.script('truncate unit, person cascade')
    const first = { user: 'Aldo.Serra', name: 'Aldo Serra', password: 'tre gatti sul tetto', institute: 'Ente della Sanità' }
    expect(
      (await refusal(createFirstAdministrator(house, system('first-administrator'), { ...first, password: 'aldo serra 2026' })))
        .code,
    ).toBe('identity.password.known')
    expect(
      (await refusal(createFirstAdministrator(house, system('first-administrator'), { ...first, institute: undefined }))).code,
    ).toBe('identity.instituteMissing')
    expect((await refusal(createFirstAdministrator(house, anna, first))).status).toBe(403)
    const { id } = await createFirstAdministrator(house, system('first-administrator'), first)
    // What one administrator gives, another confirms: the second is made in the same way, a third is not.
    const second = { ...first, user: 'bice.fonti', name: 'Bice Fonti' }
    const { id: secondId } = await createFirstAdministrator(house, system('first-administrator'), second)
    expect((await refusal(createFirstAdministrator(house, system('first-administrator'), { ...first, user: 'x.y' }))).code).toBe(
      'identity.administratorExists',
    )
    const held = await house.database.kysely.selectFrom('assignment').selectAll().execute()
    expect(held).toMatchObject([
      { person_id: id, role: 'administrator', unit_id: 'ente-della-sanita', unit_path: 'ente-della-sanita/' },
      { person_id: secondId, role: 'administrator', unit_id: 'ente-della-sanita' },
    ])
    const types = (await house.database.kysely.selectFrom('event').select('type').orderBy('id').execute()).map(
      entry => entry.type,
    )
    const made = ['person.created', 'assignment.made']
    expect(types).toEqual(['unit.founded', ...made, ...made])
  })
})

onPostgres(open => {
  test('two administrators who disable each other at once: one stays', async () => {
    const { house, another } = await start(open)
    const other = await another()
    const results = await Promise.allSettled([
      disablePerson(house, administrator, secondAdministrator.personId),
      disablePerson(other, secondAdministrator, administrator.personId),
    ])
    expect(results.filter(result => result.status === 'fulfilled')).toHaveLength(1)
  })

  test('two who want one user name at once: one gets it', async () => {
    const { house, another } = await start(open)
    const other = await another()
    const results = await Promise.allSettled(
      [house, other, house, other].map(each => createPerson(each, administrator, { user: 'nina.sole', name: 'Nina Sole' })),
    )
    expect(results.filter(result => result.status === 'fulfilled')).toHaveLength(1)
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'identity.userTaken' })
  })

  test('lists are read along their indexes', async () => {
    const { house } = await open()
    const db = house.database.kysely
    const now = new Date(house.clock.now())
    const role: Role = 'operator'
    const people = Array.from({ length: 4_000 }, (_, i) => ({
      id: house.ids(),
      user: `user.${i}`,
      name: `Nome${i % 97} Cognome${i}`,
      language: 'it' as const,
      passwordHash: null,
      assignments: [
        { id: house.ids(), role, unitId: `u-${i % 40}`, unitPath: `inps/ccm/u-${i % 40}/`, from: new Date(0), until: null },
      ],
    }))
    await insertPeople(db, people, now)
    await analyse(db)
    const none = { unitPath: undefined, role: undefined }
    const after = { key: 'cognome2 nome2', id: people[2]?.id ?? '' }
    const [list] = await plansOf(db, db => listPeople(db, { all: true }, none, after, 31, now))
    expect(list).toMatchObject({ indexes: ['person_in_order'], scanned: [] })
    const scope = { all: false, under: 'inps/ccm/', roles: [role] } as const
    const [found] = await plansOf(db, db => findPeople(db, 'nome1', scope, none, undefined, 31, now))
    expect(found?.indexes).toContain('person_key_pkey')
    expect(found?.scanned).toEqual([])
    const [members] = await plansOf(db, db => membersUnder(db, 'inps/ccm/u-7/', [role], now))
    expect(members?.text).toMatch('assignment_by_territory')
  })
})
