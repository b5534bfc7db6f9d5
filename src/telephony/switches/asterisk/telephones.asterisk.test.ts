/**
 * Operators' telephones: made for a session, rung through our own WebSocket, made again when Asterisk has restarted, void when the session ends.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import WebSocket from 'ws'
import { sampleAccounts, samplePassword } from '../../../../sample/index.ts'
import type { RunningAsterisk } from '../../../../scripts/asterisk/instance.ts'
import { connected, endCalls, patienceMs, startTestAsterisk, until } from '../../../../test/support/asterisk.ts'
import { onPostgres } from '../../../../test/support/database.ts'
import { openSipTelephone, type SipTelephone } from '../../../../test/support/sip-telephone.ts'
import { staff } from '../../../../test/support/staff.ts'
import { audience, authenticate, identityRoutes, sessionIdOf } from '../../../identity/index.ts'
import { fallbackNumbers } from '../../../organisation/index.ts'
import { type House, openServer, type PersonActor, type Server } from '../../../platform/index.ts'
import type { SwitchFact } from '../port.ts'
import { type AsteriskTelephony, type Credentials, openAsteriskSwitch } from './index.ts'

onPostgres(open => {
  let asterisk: RunningAsterisk
  let house: House
  let telephony: AsteriskTelephony
  let server: Server
  const facts: SwitchFact[] = []
  const opened: SipTelephone[] = []

  /** Somebody who has signed in, as the browser does. */
  async function signIn(person: PersonActor): Promise<{ personId: string; cookie: string; sessionId: string }> {
    const answer = await fetch(`${server.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: sampleAccounts.find(({ name }) => name === person.name)?.user, password: samplePassword }),
    })
    expect(answer.status).toBeLessThan(300)
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    return { personId: person.personId, cookie, sessionId: (await sessionIdOf(house, { cookie })) ?? '' }
  }

  const url = () => `${server.url.replace('http', 'ws')}/api/telephone/sip`
  async function page({ cookie }: { cookie: string }): Promise<SipTelephone> {
    const telephone = await openSipTelephone({ url: url(), headers: { cookie } })
    opened.push(telephone)
    return telephone
  }
  const register = (telephone: SipTelephone, { user, password }: Credentials) => telephone.register(user, password, { port: 0 })

  beforeAll(async () => {
    asterisk = await startTestAsterisk('telephones')
    ;({ house } = await open({ environment: { PORT: '0' } }))
    telephony = await openAsteriskSwitch(house, {
      url: asterisk.url,
      user: asterisk.user,
      password: asterisk.password,
      sounds: asterisk.sounds,
      from: 'configuration',
    })
    await telephony.switch.start(fact => facts.push(fact))
    await connected(telephony.ari)
    server = await openServer(house, {
      routes: identityRoutes,
      sockets: [telephony.socket],
      authenticate,
      audience,
      ready: async () => ({ ready: true, details: {} }),
    })
  })

  afterEach(async () => {
    for (const telephone of opened.splice(0)) await telephone.close()
    await connected(telephony.ari)
    await endCalls(telephony.ari)
    facts.length = 0
  })

  afterAll(async () => {
    await server?.close()
    await telephony?.switch.close()
    await asterisk?.stop()
  })

  /** Starts a killed Asterisk again in the same place. */
  async function startAgain(): Promise<void> {
    const { httpPort, sipPort } = asterisk.settings
    asterisk = await startTestAsterisk('telephones', { httpPort, sipPort })
  }

  async function callerLeg(): Promise<string> {
    const caller = await openSipTelephone()
    opened.push(caller)
    caller.call('0600000001', { port: asterisk.settings.sipPort })
    await until(() => facts.some(({ type }) => type === 'arrived'), patienceMs, 'the call')
    const arrived = facts.find(fact => fact.type === 'arrived')
    return arrived?.leg ?? ''
  }

  test('an operator’s page signs in through our own address, rings, answers and hangs up', async () => {
    const anna = await signIn(staff.anna)
    const credentials = await telephony.telephones.credentials(anna)
    const telephone = await page(anna)
    await register(telephone, credentials)
    const telephoneOfAnna = (await telephony.telephones.telephoneOf(anna.personId)) ?? ''
    expect(telephoneOfAnna).toBe(credentials.user)
    const leg = await callerLeg()
    const agentLeg = randomUUID()
    await telephony.switch.ringAgent({
      leg: agentLeg,
      callId: 'call',
      callerLeg: leg,
      agentId: anna.personId,
      telephone: telephoneOfAnna,
      from: '+390612345678',
      timeoutMs: patienceMs,
    })
    const call = await telephone.nextCall()
    expect(call.invite?.headers.get('x-fd-call')).toEqual(['call'])
    call.answer()
    await until(() => facts.some(fact => fact.type === 'answered' && fact.leg === agentLeg), patienceMs, 'the answer')
    call.hangUp()
    await until(() => facts.some(fact => fact.type === 'ended' && fact.leg === agentLeg), patienceMs, 'the end')
    await telephony.switch.hangUp(leg, 'normal')
  })

  test('a wrong password is refused, and so is the telephone of another', async () => {
    const anna = await signIn(staff.anna)
    const credentials = await telephony.telephones.credentials(anna)
    const guessed = { ...credentials, password: 'a password that was guessed' }
    await expect(register(await page(anna), guessed)).rejects.toThrow('401')
    const others = await telephony.telephones.credentials(await signIn(staff.luca))
    await expect(register(await page(anna), others)).rejects.toThrow('the line was closed')
  })

  test('the page that asked last has the line; the one before is closed', async () => {
    const anna = await signIn(staff.anna)
    const first = await telephony.telephones.credentials(anna)
    const before = await page(anna)
    await register(before, first)
    const second = await telephony.telephones.credentials(anna)
    expect(second.user).not.toBe(first.user)
    await before.closed
    await register(await page(anna), second)
    expect(await telephony.telephones.telephoneOf(anna.personId)).toBe(second.user)
  })

  test('signing out voids the telephone and closes its socket', async () => {
    const luca = await signIn(staff.luca)
    const credentials = await telephony.telephones.credentials(luca)
    const { user } = credentials
    const telephone = await page(luca)
    await register(telephone, credentials)
    await fetch(`${server.url}/api/session`, { method: 'DELETE', headers: { cookie: luca.cookie } })
    await telephone.closed
    expect(await telephony.telephones.telephoneOf(luca.personId)).not.toBe(user)
    await until(
      async () => (await telephony.ari.server.endpoint('PJSIP', user)) === undefined,
      patienceMs,
      'the telephone to be gone',
    )
  })

  test('who has not signed in, or speaks another language, gets no line', async () => {
    await expect(openSipTelephone({ url: url() })).rejects.toThrow('401')
    const { cookie } = await signIn(staff.anna)
    const socket = new WebSocket(url(), { headers: { cookie } })
    const [code] = await new Promise<[number]>(resolve => socket.once('close', code => resolve([code])))
    expect(code).toBe(1008)
  })

  test('after a restart of Asterisk the same credentials hold, and the page learns that it must sign in anew', async () => {
    const anna = await signIn(staff.anna)
    const credentials = await telephony.telephones.credentials(anna)
    const { user } = credentials
    const telephone = await page(anna)
    await register(telephone, credentials)
    await asterisk.kill()
    try {
      await telephone.closed
    } finally {
      await startAgain()
    }
    await until(() => facts.some(({ type }) => type === 'present'), patienceMs, 'the connection')
    await until(async () => (await telephony.ari.server.endpoint('PJSIP', user)) !== undefined, patienceMs, 'the telephone')
    await register(await page(anna), credentials)
  })

  test('the fallback number of each office is told to Asterisk, again after its restart', async () => {
    const numbers = await fallbackNumbers(house.database.kysely)
    expect(numbers).toContainEqual({ number: '+390600000001', fallback: expect.stringMatching(/^\+39060000/) })
    await asterisk.kill()
    await startAgain()
    const told = async ({ number, fallback }: { number: string; fallback: string }) =>
      (await telephony.ari.server.getGlobal(`FALLBACK_${number.slice(1)}`)) === fallback.slice(1)
    await until(async () => (await Promise.all(numbers.map(told))).every(Boolean), patienceMs, 'the fallback numbers')
  })
})
