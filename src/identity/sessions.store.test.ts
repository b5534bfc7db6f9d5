/** Signing in, over the real server, on both databases: what the cookie is, when a session is over, what guessing costs. */
import { afterEach, describe, expect, test } from 'vitest'
import { password, userOf } from '../../test/support/accounts.ts'
import { browserAt } from '../../test/support/browser.ts'
import { type OpenHouse, onOneSession, onPostgres } from '../../test/support/database.ts'
import { staff } from '../../test/support/staff.ts'
import { type House, openServer, type Server, virtualClock } from '../platform/index.ts'
import { limits } from './attempts.ts'
import { audience } from './index.ts'
import { hashPassword, passwordWork } from './password.ts'
import { identityRoutes } from './routes.ts'
import { givePassword } from './service.ts'
import { absoluteMs, authenticate, idleMs, tidySessions, touchIntervalMs } from './sessions.ts'

const { anna, administrator } = staff
const minute = 60_000
const second = '00000000-0000-7000-9000-000000000110'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function serve(house: House): Promise<string> {
  const server = await openServer(house, {
    routes: identityRoutes,
    sockets: [],
    authenticate,
    audience,
    ready: async () => ({ ready: true, details: {} }),
  })
  servers.push(server)
  return server.url
}

async function start(open: OpenHouse, environment: Record<string, string> = {}) {
  const clock = virtualClock()
  const opened = await open({ clock, environment: { PORT: '0', ...environment } })
  return { ...opened, clock, url: await serve(opened.house) }
}

const credentials = { user: userOf(anna), password }

async function signedIn(url: string, who = credentials) {
  const browser = browserAt(url)
  const answer = await browser.send('POST', '/api/session', who)
  expect(answer.status).toBe(200)
  return browser
}

const entriesOf = (house: House) =>
  house.database.kysely.selectFrom('event').select(['type', 'person_id', 'payload', 'unit_ids']).orderBy('id').execute()

onOneSession(open => {
  describe('signing in', () => {
    test('gives a cookie out of reach of scripts and other sites, and says who works as what', async () => {
      const { url, house } = await start(open)
      const browser = browserAt(url)
      const { status, headers, body } = await browser.send('POST', '/api/session', { user: ' Anna.BIANCHI ', password })
      expect(status).toBe(200)
      expect(headers.getSetCookie()).toEqual([
        expect.stringMatching(/^session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/),
        expect.stringMatching(/^known-browser=[\w.~-]+; Path=\/api\/session; Max-Age=15552000; HttpOnly; SameSite=Strict$/),
      ])
      expect(body).toEqual({
        person: { id: anna.personId, name: 'Anna Bianchi', user: 'anna.bianchi' },
        acting: {
          assignmentId: anna.assignmentId,
          role: 'operator',
          unitId: 'ccm-pensioni',
          unitName: expect.stringMatching(/pension/i),
          unitPath: 'inps/ccm/ccm-pensioni/',
          may: expect.arrayContaining(['calls.answer', 'desk.work']),
        },
        assignments: [expect.objectContaining({ assignmentId: anna.assignmentId })],
        language: 'it',
        timeZone: 'Europe/Rome',
      })
      expect((await browser.send('GET', '/api/session')).body).toEqual(body)
      const [kept] = await house.database.kysely.selectFrom('session').selectAll().execute()
      const token = browser.cookie?.split('=')[1] ?? ''
      expect(JSON.stringify(kept)).not.toContain(token)
      expect(JSON.stringify(await entriesOf(house))).not.toContain(token)
      expect(await entriesOf(house)).toMatchObject([
        { type: 'session.started', person_id: anna.personId, payload: { sessionId: kept?.id, role: 'operator' } },
      ])
    })

    test('behind TLS the cookie is this host’s alone', async () => {
      const { url } = await start(open, { PUBLIC_URL: 'https://filo.example' })
      const { headers } = await browserAt(url).send('POST', '/api/session', credentials)
      expect(headers.getSetCookie()[0]).toMatch(/^__Host-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/)
    })

    test('with a right password is no try, whatever it is good for: the ones before it are forgotten', async () => {
      const { url, house } = await start(open)
      const { password: once } = await givePassword(house, administrator, anna.personId)
      const signIn = (more: object) => browserAt(url).send('POST', '/api/session', { user: userOf(anna), ...more })
      for (let i = 0; i < limits.userAtAddress.atOnce - 1; i++) expect((await signIn({ password: `no ${i}` })).status).toBe(401)
      // The page asks for a new password only now, and the first that comes to mind is not good enough.
      for (let i = 0; i < 3 * limits.userAtAddress.atOnce; i++) expect((await signIn({ password: once })).status).toBe(403)
      expect((await signIn({ password: once, newPassword: 'corta' })).status).toBe(422)
      expect((await signIn({ password: once, newPassword: 'tre gatti sul tetto' })).status).toBe(200)
    })

    test('never goes on with a session that the browser brought', async () => {
      const { url, house } = await start(open)
      const planted = `session=${'A'.repeat(43)}`
      const browser = browserAt(url, planted)
      await browser.send('POST', '/api/session', credentials)
      expect(browser.cookie).not.toBe(planted)
      const before = browser.cookie
      await browser.send('POST', '/api/session', credentials)
      expect(browser.cookie).not.toBe(before)
      expect((await browserAt(url, before).send('GET', '/api/session')).status).toBe(401)
      expect((await entriesOf(house)).map(entry => [entry.type, (entry.payload as { reason?: string }).reason])).toEqual([
        ['session.started', undefined],
        ['session.ended', 'signed-in-again'],
        ['session.started', undefined],
      ])
    })

    test('says the same to an unknown user, a wrong password and a disabled account, and costs the same work', async () => {
      const { url, house } = await start(open)
      await house.database.kysely
        .updateTable('person')
        .set({ disabled_at: new Date(0) })
        .where('id', '=', staff.luca.personId)
        .execute()
      await house.database.kysely
        .updateTable('person')
        .set({ password_hash: null })
        .where('id', '=', staff.paola.personId)
        .execute()
      const answers = []
      for (const who of [
        { user: 'nobody.here', password },
        { user: userOf(anna), password: 'not this one' },
        { user: userOf(staff.luca), password },
        { user: userOf(staff.paola), password },
      ]) {
        const before = await workDone()
        const { status, body } = await browserAt(url).send('POST', '/api/session', who)
        answers.push({ status, body, work: (await workDone()) - before })
      }
      expect(answers[0]).toMatchObject({ status: 401, body: { code: 'identity.wrongUserOrPassword' }, work: 1 })
      for (const answer of answers) expect(answer).toEqual(answers[0])
      const entries = await entriesOf(house)
      expect(entries.map(entry => [entry.person_id, entry.payload])).toEqual([
        [null, { because: 'unknown-user' }],
        [anna.personId, { because: 'wrong-password' }],
        [staff.luca.personId, { because: 'disabled' }],
        [staff.paola.personId, { because: 'wrong-password' }],
      ])
      expect(JSON.stringify(entries)).not.toMatch(/nobody\.here|not this one/)
    })

    test('makes a hash anew that cost less work than we ask for today', async () => {
      const { url, house } = await start(open)
      const weak = await hashPassword(password, { memory: 1_024, passes: 1, parallelism: 1 })
      const kept = house.database.kysely.selectFrom('person').select('password_hash').where('id', '=', anna.personId)
      await house.database.kysely.updateTable('person').set({ password_hash: weak }).where('id', '=', anna.personId).execute()
      await signedIn(url)
      const { password_hash: strong } = await kept.executeTakeFirstOrThrow()
      expect(strong).toMatch(/m=19456,t=2/)
      await signedIn(url)
      expect((await kept.executeTakeFirstOrThrow()).password_hash).toBe(strong)
    })

    test('is refused to a page of another site', async () => {
      const { url } = await start(open)
      for (const headers of [
        { origin: 'https://evil.example' },
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
      ]) {
        expect((await browserAt(url).send('POST', '/api/session', credentials, headers)).status).toBe(403)
        const browser = await signedIn(url)
        expect((await browser.send('DELETE', '/api/session', undefined, headers)).status).toBe(403)
        expect((await browser.send('GET', '/api/session')).status).toBe(200)
      }
    })

    test('without an assignment that holds today is refused with the reason', async () => {
      const { url, house, clock } = await start(open)
      await house.database.kysely
        .updateTable('assignment')
        .set({ starts_at: new Date(clock.now() + minute) })
        .where('id', '=', anna.assignmentId)
        .execute()
      const before = await browserAt(url).send('POST', '/api/session', credentials)
      expect(before).toMatchObject({ status: 403, body: { code: 'identity.noAssignment' } })
      clock.advance(minute)
      await signedIn(url)
    })
  })

  describe('a session', () => {
    test('is over for good when its person signs out; who is not signed in may sign out as well', async () => {
      const { url, house } = await start(open)
      const browser = await signedIn(url)
      const cookie = browser.cookie
      const out = await browser.send('DELETE', '/api/session')
      expect(out.status).toBe(204)
      expect(out.headers.getSetCookie()).toEqual(['session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0'])
      const replay = browserAt(url, cookie)
      expect((await replay.send('GET', '/api/session')).status).toBe(401)
      expect((await replay.send('DELETE', '/api/session')).status).toBe(204)
      expect((await browserAt(url).send('DELETE', '/api/session')).status).toBe(204)
      expect((await entriesOf(house)).map(entry => entry.type)).toEqual(['session.started', 'session.ended'])
    })

    test('ends an hour after it was last used, and after a working day in any case', async () => {
      const { url, house, clock } = await start(open)
      const idle = await signedIn(url)
      const used = await signedIn(url)
      clock.advance(idleMs - minute)
      expect((await used.send('GET', '/api/session')).status).toBe(200)
      clock.advance(2 * minute)
      expect((await idle.send('GET', '/api/session')).status).toBe(401)
      expect(await tidySessions(house)).toBe(1)
      const step = idleMs - 3 * touchIntervalMs
      for (let at = idleMs + minute; at + step < absoluteMs; at += step) {
        clock.advance(step)
        expect((await used.send('GET', '/api/session')).status).toBe(200)
      }
      clock.advance(step)
      expect((await used.send('GET', '/api/session')).status).toBe(401)
      expect(await tidySessions(house)).toBe(1)
      expect(await tidySessions(house)).toBe(0)
      const ends = (await entriesOf(house)).filter(entry => entry.type === 'session.ended')
      expect(ends.map(entry => [entry.person_id, entry.payload])).toMatchObject([
        [anna.personId, { reason: 'expired' }],
        [anna.personId, { reason: 'expired' }],
      ])
    })

    test('is written down as used once a minute, not with every request, and not by a live stream', async () => {
      const { url, house, clock } = await start(open)
      const browser = await signedIn(url)
      const seen = async () =>
        (await house.database.kysely.selectFrom('session').select('seen_at').executeTakeFirstOrThrow()).seen_at.getTime()
      const started = await seen()
      clock.advance(touchIntervalMs)
      await browser.send('GET', '/api/session')
      expect(await seen()).toBe(started)
      clock.advance(1)
      await authenticate(house, { cookie: browser.cookie, accept: 'text/event-stream' })
      expect(await seen()).toBe(started)
      await browser.send('GET', '/api/session')
      expect(await seen()).toBe(clock.now())
    })

    test('goes on under another of the own assignments, and begins there the next time', async () => {
      const { url, house } = await start(open)
      const browser = await signedIn(url)
      const change = (assignmentId: string) => browser.send('PUT', '/api/session/acting', { assignmentId })
      expect((await change(second)).status).toBe(404)
      expect((await change(staff.luca.assignmentId)).status).toBe(404)
      await house.database.kysely
        .insertInto('assignment')
        .values({
          id: second,
          person_id: anna.personId,
          role: 'supervisor',
          unit_id: 'ccm',
          unit_path: 'inps/ccm/',
          starts_at: new Date(0),
          ends_at: null,
        })
        .execute()
      expect((await browser.send('GET', '/api/people')).status).toBe(403)
      expect((await change(second)).body).toMatchObject({ acting: { role: 'supervisor', unitId: 'ccm' } })
      expect((await browser.send('GET', '/api/people')).status).toBe(200)
      await change(second)
      expect((await entriesOf(house)).filter(entry => entry.type === 'session.switched')).toMatchObject([
        { person_id: anna.personId, payload: { role: 'supervisor', unitId: 'ccm' }, unit_ids: ['inps', 'ccm', 'ccm-pensioni'] },
      ])
      expect((await (await signedIn(url)).send('GET', '/api/session')).body).toMatchObject({ acting: { unitId: 'ccm' } })
    })

    test('ends with the assignment that it runs under, at the instant that was set, on every request after it', async () => {
      const { url, house, clock } = await start(open)
      const browser = await signedIn(url)
      await house.database.kysely
        .updateTable('assignment')
        .set({ ends_at: new Date(clock.now() + minute) })
        .where('id', '=', anna.assignmentId)
        .execute()
      clock.advance(minute - 1)
      expect((await browser.send('GET', '/api/session')).status).toBe(200)
      clock.advance(1)
      expect((await browser.send('GET', '/api/session')).status).toBe(401)
      await tidySessions(house)
      expect((await entriesOf(house)).at(-1)).toMatchObject({ type: 'session.ended', payload: { reason: 'assignment-ended' } })
    })

    test('keeps the language that its person has chosen', async () => {
      const { url } = await start(open)
      const browser = await signedIn(url)
      expect((await browser.send('PUT', '/api/session/language', { language: 'en' })).body).toMatchObject({ language: 'en' })
      expect((await (await signedIn(url)).send('GET', '/api/session')).body).toMatchObject({ language: 'en' })
    })
  })

  describe('the own password', () => {
    test('is changed with the current one; every other session is over and this one has a new cookie', async () => {
      const { url, house } = await start(open)
      const [browser, other] = [await signedIn(url), await signedIn(url)]
      const cookie = browser.cookie
      const next = 'tre gatti sul tetto'
      const change = (current: string, to: string) => browser.send('PUT', '/api/session/password', { current, next: to })
      expect(await change('not this one', next)).toMatchObject({ status: 403, body: { code: 'identity.currentPasswordWrong' } })
      expect(await change(password, 'corta')).toMatchObject({ status: 422, body: { code: 'identity.password.short' } })
      expect(await change(password, 'anna bianchi 2026')).toMatchObject({
        status: 422,
        body: { code: 'identity.password.known' },
      })
      expect(await change(password, password)).toMatchObject({ status: 422, body: { code: 'identity.password.same' } })
      expect((await change(password, next)).status).toBe(200)
      expect(browser.cookie).not.toBe(cookie)
      expect((await browser.send('GET', '/api/session')).status).toBe(200)
      expect((await other.send('GET', '/api/session')).status).toBe(401)
      expect((await browserAt(url, cookie).send('GET', '/api/session')).status).toBe(401)
      expect((await browserAt(url).send('POST', '/api/session', credentials)).status).toBe(401)
      await signedIn(url, { ...credentials, password: next })
      const text = JSON.stringify(await entriesOf(house))
      expect(text).toMatch('person.password-changed')
      expect(text).not.toMatch(/gatti|cavallo|argon2/)
    })
  })

  describe('guessing', () => {
    const guess = (url: string, user = credentials.user, given = 'not this one') =>
      browserAt(url).send('POST', '/api/session', { user, password: given })

    test('is slowed down for the user, says how long to wait, and never locks the account', async () => {
      const { url, clock, house } = await start(open)
      const { atOnce, everyMs } = limits.userAtAddress
      for (let i = 0; i < atOnce; i++) expect((await guess(url)).status).toBe(401)
      const work = await workDone()
      const refused = await guess(url, credentials.user, password)
      expect(refused).toMatchObject({ status: 429, body: { code: 'identity.tooManyAttempts', status: 429 } })
      expect(refused.headers.get('content-type')).toMatch('application/problem+json')
      expect(refused.headers.get('retry-after')).toBe(String(everyMs / 1000))
      expect(await workDone()).toBe(work)
      // In whatever case the name is written, it is the same user; another user is another matter.
      expect((await guess(url, 'ANNA.Bianchi')).status).toBe(429)
      expect((await guess(url, userOf(administrator), password)).status).toBe(200)
      const waited = Number(refused.headers.get('retry-after')) * 1000
      clock.advance(waited)
      expect((await guess(url, credentials.user, password)).status).toBe(200)
      // A right password wipes the slate.
      for (let i = 0; i < atOnce; i++) expect((await guess(url)).status).toBe(401)
      expect((await guess(url)).status).toBe(429)
      clock.advance(100 * everyMs)
      await tidySessions(house)
      expect(await house.database.kysely.selectFrom('sign_in_limit').selectAll().execute()).toEqual([])
    })

    test('from one address at many users is slowed down as well, whether they exist or not', async () => {
      const { url, clock } = await start(open)
      const { atOnce, everyMs } = limits.address
      const answers = await Promise.all(Array.from({ length: atOnce + 3 }, (_, i) => guess(url, `user.${i}`)))
      expect(answers.filter(answer => answer.status === 401)).toHaveLength(atOnce)
      expect(answers.filter(answer => answer.status === 429)).toHaveLength(3)
      clock.advance(everyMs)
      expect((await guess(url, 'user.x')).status).toBe(401)
      expect((await guess(url, 'user.y')).status).toBe(429)
    })

    test('at one user from many addresses is bounded, and each address on its own', async () => {
      const { house, clock, url: first } = await start(open, { TRUST_PROXY: '1' })
      let count = 0
      const { atOnce } = limits.user
      for (let i = 0; count < atOnce; i++)
        for (let k = 0; k < limits.userAtAddress.atOnce && count < atOnce; k++, count++) {
          const from = { 'x-forwarded-for': `198.51.100.${i}` }
          expect((await browserAt(first).send('POST', '/api/session', { ...credentials, password: 'x' }, from)).status).toBe(401)
        }
      const fresh = { 'x-forwarded-for': '203.0.113.9' }
      expect((await browserAt(first).send('POST', '/api/session', credentials, fresh)).status).toBe(429)
      clock.advance(limits.user.everyMs)
      expect((await browserAt(first).send('POST', '/api/session', credentials, fresh)).status).toBe(200)
      expect(JSON.stringify(await house.database.kysely.selectFrom('sign_in_limit').selectAll().execute())).not.toMatch(
        /anna|198/,
      )
    })

    test('from anywhere keeps nobody out of a browser in which they have signed in before', async () => {
      const { url, clock } = await start(open, { TRUST_PROXY: '1' })
      const known = browserAt(url)
      const at = (address: string) => ({ 'x-forwarded-for': address })
      expect((await known.send('POST', '/api/session', credentials, at('203.0.113.1'))).status).toBe(200)
      await known.send('DELETE', '/api/session')
      const guesses = async () => {
        for (let i = 0; i < limits.user.atOnce + 2; i++)
          await browserAt(url).send('POST', '/api/session', { ...credentials, password: 'x' }, at(`198.51.100.${i}`))
      }
      await guesses()
      const stranger = browserAt(url)
      expect((await stranger.send('POST', '/api/session', credentials, at('203.0.113.1'))).status).toBe(429)
      expect((await known.send('POST', '/api/session', credentials, at('203.0.113.1'))).status).toBe(200)
      // Signing in has given the user's attempts back to nobody else.
      expect((await stranger.send('POST', '/api/session', credentials, at('203.0.113.1'))).status).toBe(429)

      // The mark opens nothing: guessing with it is slowed down as well, and it is good for its own user only.
      const guess = (user: string) => known.send('POST', '/api/session', { user, password: 'x' }, at('203.0.113.1'))
      for (let i = 0; i < limits.knownBrowser.atOnce; i++) expect((await guess(credentials.user)).status).toBe(401)
      expect((await guess(credentials.user)).status).toBe(429)
      for (let i = 0; i < limits.userAtAddress.atOnce; i++) expect((await guess('luca.verdi')).status).toBe(401)
      expect((await guess('luca.verdi')).status).toBe(429)
      clock.advance(limits.knownBrowser.everyMs)
      expect((await known.send('POST', '/api/session', credentials, at('203.0.113.1'))).status).toBe(200)
      const { cookie } = known
      const forged = browserAt(url, cookie?.replace(/known-browser=\S{5}/, 'known-browser=AAAAA'))
      await guesses()
      expect((await forged.send('POST', '/api/session', credentials, at('203.0.113.1'))).status).toBe(429)
    })

    test('the current password of an open session is slowed down too', async () => {
      const { url } = await start(open)
      const browser = await signedIn(url)
      const change = () => browser.send('PUT', '/api/session/password', { current: 'not this one', next: 'tre gatti sul tetto' })
      for (let i = 0; i < limits.userAtAddress.atOnce; i++) expect((await change()).status).toBe(403)
      expect((await change()).status).toBe(429)
    })
  })
})

onPostgres(open => {
  const nodes = async () => {
    const { house, another, clock, url } = await start(open)
    const other = await another()
    return { house, clock, urls: [url, await serve({ ...other, clock })] as const }
  }

  test('two nodes share sessions: what one has ended is over on the other with the next request', async () => {
    const { urls } = await nodes()
    const browser = await signedIn(urls[0])
    const elsewhere = browserAt(urls[1], browser.cookie)
    expect((await elsewhere.send('GET', '/api/session')).status).toBe(200)
    await browser.send('DELETE', '/api/session')
    expect((await elsewhere.send('GET', '/api/session')).status).toBe(401)
  })

  test('two nodes share the count of attempts, also when all come at once', async () => {
    const { urls } = await nodes()
    const { atOnce } = limits.userAtAddress
    const answers = await Promise.all(
      Array.from({ length: 4 * atOnce }, (_, i) =>
        browserAt(urls[i % 2] ?? urls[0]).send('POST', '/api/session', { ...credentials, password: 'not this one' }),
      ),
    )
    expect(answers.filter(answer => answer.status === 401)).toHaveLength(atOnce)
    expect(answers.filter(answer => answer.status === 429)).toHaveLength(3 * atOnce)
  })

  test('two nodes tidy at once: each session ends once', async () => {
    const { house, clock, urls } = await nodes()
    for (let i = 0; i < 4; i++) await signedIn(urls[0])
    clock.advance(idleMs + 1)
    const counts = await Promise.all([tidySessions(house), tidySessions(house), tidySessions(house)])
    expect(counts.reduce((a, b) => a + b)).toBe(4)
    expect((await entriesOf(house)).filter(entry => entry.type === 'session.ended')).toHaveLength(4)
  })
})

const workDone = async (): Promise<number> => (await passwordWork.get()).values[0]?.value ?? 0
