/** The stories of distribution, on both databases: what telephony and agents write, what the leader answers. */
import { afterEach, expect, test } from 'vitest'
import { eachDatabase } from '../../../test/support/database.ts'
import {
  about,
  agentNumber,
  answer,
  hangUp,
  leave,
  listener,
  onDuty,
  openCentre,
  pageOf,
  pagesReport,
  passing,
  pensions,
  queue,
  staffed,
  write,
} from '../../../test/support/routing.ts'
import { sessionEnded } from '../../identity/events.ts'
import { type House, inTransaction, type PersonActor, payloadOf, readerAges, system, virtualClock } from '../../platform/index.ts'
import { deskView } from '../agents/desk.ts'
import { agentState, callPosition, offerDeclined, offerMade } from '../events.ts'
import { explainCall, explainCallTo } from '../explain/explain.ts'
import { domain } from '../model.ts'
import { becomeAvailable, endWrapUp, heartbeat, pauseAgent, setAgentSkills, signOutAgent } from '../service.ts'
import { agentStatus, liveSections, presenceOf, queuedCall, queuedCalls } from '../store.ts'
import { startDistribution } from './start.ts'
import { readerPlaces as routerPlaces } from './store.ts'

// Nobody of the sample institute: these serve nothing until they are told.
const [anna, luca, carla] = [agentNumber(910), agentNumber(911), agentNumber(912)]

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** On duty, with pages that report until the test is over: the machine may be slow, and to an agent whose page is silent nothing is offered. */
async function atWork(house: House, ...agents: readonly PersonActor[]): Promise<void> {
  await onDuty(house, ...agents)
  const stop = pagesReport(house, ...agents)
  closing.push(async () => stop())
}

function distribute(house: House): () => Promise<void> {
  const distribution = startDistribution(house, openCentre)
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= distribution.close()
    return closed
  }
  closing.push(close)
  return close
}

const stateIs = (agent: string, state: string) => (entry: Parameters<ReturnType<typeof about>>[0]) =>
  entry.subjects.person === agent && payloadOf(agentState, entry)?.state === state

eachDatabase(open => {
  test('a call is queued, offered to who has been idle longest, answered, joined, ended, and the agent finishes', async () => {
    const { house } = await open()
    const journal = await listener(house)
    distribute(house)
    await staffed(house, [anna, luca], { wrapUpMs: 60_000 })
    await atWork(house, anna, luca)
    const call = await queue(house, house.ids())
    const [made] = await journal.until(about(call, 'offer.made'))
    expect(made?.subjects).toMatchObject({ person: anna.personId, units: ['inps', 'ccm', pensions] })
    expect(made?.payload).toMatchObject({ sectionId: pensions, reason: { rule: 'longest-idle', trigger: 'work', free: 2 } })
    expect(await agentStatus(house.database.kysely, anna.personId)).toMatchObject({ state: 'offered', callId: call })
    expect(await queuedCall(house.database.kysely, call)).toMatchObject({ state: 'offered', sectionId: pensions })
    if (made) await answer(house, made)
    await journal.until(about(call, 'offer.accepted'))
    expect(await queuedCalls(house.database.kysely)).toEqual([])
    expect(await agentStatus(house.database.kysely, anna.personId)).toMatchObject({
      state: 'in-conversation',
      callId: call,
      offer: made?.payload.offer,
    })
    await hangUp(house, call, anna)
    await journal.until(stateIs(anna.personId, 'wrap-up'))
    await endWrapUp(house, anna, {})
    await journal.until(stateIs(anna.personId, 'available'), 2)
    const desk = await deskView(house, anna, pageOf(anna), 'en')
    expect(desk).toMatchObject({ state: 'available', callId: null, reachable: true, pageActive: true, sentence: null })
  })

  test('how far the leader has read is told even when nothing that it reads makes a step', async () => {
    const clock = virtualClock()
    const { house } = await open({ clock })
    const { kysely } = house.database
    const close = distribute(house)
    await staffed(house, [anna])
    const journal = await listener(house)
    await onDuty(house, anna)
    await passing(clock, house, [anna], journal.until(stateIs(anna.personId, 'available')))
    const written = await house.database.query(
      `insert into event (at, type, actor, payload) values ($1, 'test.unheard', '{}', '{}') returning id`,
      [new Date(clock.now() - 60_000)],
    )
    const hasRead = async () => ((await routerPlaces(kysely))[0]?.position.id ?? 0) >= Number(written.rows[0]?.id)
    for (let second = 0; second < 600 && !(await hasRead()); second++)
      await passing(clock, house, [anna], house.database.query('select 1', []))
    expect(await readerAges(house.database, house.tail, clock.now(), [routerPlaces])).toContainEqual({
      ...{ reader: `router-${domain}`, process: expect.stringMatching(/./), ageSeconds: 0 },
    })
    await close()
    distribute(house)
    const call = await queue(house, house.ids())
    await passing(clock, house, [anna], journal.until(about(call, 'offer.made')))
  })

  test('who waits hears the position, keeps the order of coming, and may leave', async () => {
    const { house } = await open()
    const journal = await listener(house)
    distribute(house)
    await staffed(house, [anna], { wrapUpMs: 0 })
    await atWork(house, anna)
    const calls = Array.from({ length: 5 }, () => house.ids())
    for (const call of calls) await queue(house, call)
    const [first = '', second = '', third = '', fourth = '', fifth = ''] = calls
    const [told] = await journal.until(about(fifth, 'call.position'))
    expect(told && payloadOf(callPosition, told)).toMatchObject({ position: 4, ahead: 3 })
    expect((await queuedCalls(house.database.kysely)).map(row => row.callId)).toEqual(calls)
    expect(await liveSections(house.database.kysely, [pensions])).toMatchObject([{ waiting: 5, agents: { offered: 1 } }])
    await leave(house, third)
    const order: (string | undefined)[] = []
    for (const call of [first, second, fourth, fifth]) {
      const [made] = await journal.until(about(call, 'offer.made'))
      order.push(made?.subjects.call)
      if (made) await answer(house, made)
      await journal.until(about(call, 'offer.accepted'))
      await hangUp(house, call, anna)
    }
    expect(order).toEqual([first, second, fourth, fifth])
    expect(journal.entries.filter(about(third, 'offer.made'))).toEqual([])
  })

  test('an offer that nobody answers goes to the next, and the silent agent is set to pause and told why', async () => {
    const clock = virtualClock()
    const { house } = await open({ clock })
    const journal = await listener(house)
    distribute(house)
    await staffed(house, [anna, luca])
    await onDuty(house, anna, luca)
    const call = await queue(house, house.ids())
    const made = await passing(clock, house, [anna, luca], journal.until(about(call, 'offer.made'), 2))
    expect(made.map(entry => entry.subjects.person)).toEqual([anna.personId, luca.personId])
    const desk = await deskView(house, anna, undefined, 'it')
    expect(desk).toMatchObject({ state: 'paused', reason: 'no-answer' })
    expect(desk.sentence).toContain('ha tenuto il suo posto')
    const why = await explainCall(house, anna, call, 'en')
    expect(why.sentences.join(' ')).toMatch(
      /Offered to you\..*free for the longest time.*No answer in time.*Offered to a colleague/,
    )
  })

  test('a declined call goes on at once; why not I is answered', async () => {
    const { house } = await open()
    const journal = await listener(house)
    distribute(house)
    await staffed(house, [anna, luca])
    await atWork(house, anna)
    const call = await queue(house, house.ids())
    const [made] = await journal.until(about(call, 'offer.made'))
    const { offer = '' } = (made && payloadOf(offerMade, made)) ?? {}
    await write(house, offerDeclined, { offer, agent: anna.personId }, { call, person: anna.personId })
    await journal.until(about(call, 'offer.withdrawn'))
    const why = await explainCall(house, anna, call, 'en')
    expect(why.sentences.slice(-2)).toEqual(['It is waiting; 0 are ahead of it.', 'Not you: you have just let a call go by.'])
    expect((await explainCall(house, luca, call, 'it')).sentences.at(-1)).toBe('Non a te: non sei in servizio.')
    await expect(explainCall(house, { ...agentNumber(99), unitId: 'elsewhere' }, call, 'en')).rejects.toThrow('platform.notFound')
  })

  test('why not I is answered of the past as well, when everything is over', async () => {
    const { house } = await open()
    const journal = await listener(house)
    distribute(house)
    await staffed(house, [anna, luca, carla], { wrapUpMs: 0 })
    await inTransaction(house, system('sample'), work => setAgentSkills(work, carla.personId, []))
    const why = async (agent: PersonActor, call: string) => (await explainCall(house, agent, call, 'en')).sentences
    await atWork(house, anna, luca)
    const first = await queue(house, house.ids())
    const [made] = await journal.until(about(first, 'offer.made'))
    const second = await queue(house, house.ids())
    const [other] = await journal.until(about(second, 'offer.made'))
    for (const offer of [made, other]) if (offer) await answer(house, offer)
    await journal.until(about(second, 'offer.accepted'))
    for (const [call, agent] of [
      [first, anna],
      [second, luca],
    ] as const)
      await hangUp(house, call, agent)
    await journal.until(stateIs(luca.personId, 'available'), 2)
    expect(await why(luca, first)).toContainEqual(
      expect.stringMatching(/^You were free too \(since [\d:]+, level 3\): by this rule the colleague came first\.$/),
    )
    expect(await why(anna, second)).toContainEqual(expect.stringMatching(/^Not you, then: another call was ringing at your desk/))
    expect(await why(anna, second)).not.toContainEqual(expect.stringMatching(/^You were free/))
    expect(await explainCallTo(house, carla.personId, first, 'it')).toContain('Non a te, allora: non eri mai stato in servizio.')
    const third = house.ids()
    await pauseAgent(house, anna, { reason: 'meal' })
    await journal.until(stateIs(anna.personId, 'paused'))
    await queue(house, third)
    const [last] = await journal.until(about(third, 'offer.made'))
    const { offer = '' } = (last && payloadOf(offerMade, last)) ?? {}
    await becomeAvailable(house, anna, { pageId: pageOf(anna) })
    await journal.until(stateIs(anna.personId, 'available'), 3)
    await write(house, offerDeclined, { offer, agent: luca.personId }, { call: third, person: luca.personId })
    await journal.until(about(third, 'offer.made'), 2)
    expect(await why(anna, third)).toContainEqual(expect.stringMatching(/^Not you, then: you were paused/))
    expect(await why(luca, third)).toContain('Not you, then: it had just rung at your desk.')
    expect(await explainCallTo(house, anna.personId, house.ids(), 'en')).toEqual([])
  })

  test('pause, sign-out and the end of a session take the agent out; a second click changes nothing', async () => {
    const { house } = await open()
    const journal = await listener(house)
    distribute(house)
    await staffed(house, [anna])
    await atWork(house, anna)
    await becomeAvailable(house, anna, { pageId: pageOf(anna) })
    await pauseAgent(house, anna, { reason: 'meal' })
    await pauseAgent(house, anna, { reason: 'meal' })
    await journal.until(stateIs(anna.personId, 'paused'))
    expect(await deskView(house, anna, undefined, 'en')).toMatchObject({ reason: 'meal', sentence: null })
    await signOutAgent(house, anna, {})
    await journal.until(stateIs(anna.personId, 'signed-out'))
    await becomeAvailable(house, anna, { pageId: pageOf(anna) })
    await journal.until(stateIs(anna.personId, 'available'), 2)
    await write(house, sessionEnded, { sessionId: house.ids(), reason: 'signed-out' }, { person: anna.personId })
    await journal.until(stateIs(anna.personId, 'signed-out'), 2)
    expect(journal.of('agent.state').map(entry => entry.payload.state)).toEqual([
      ...['available', 'paused', 'signed-out', 'available', 'signed-out'],
    ])
  })

  test('the newest page rings; an older one takes over when it has fallen silent; who serves nothing cannot be available', async () => {
    const clock = virtualClock()
    const { house } = await open({ clock })
    const [old, fresh] = [house.ids(), house.ids()]
    const beat = (pageId: string, telephoneReady = true) => heartbeat(house, anna, { pageId, telephoneReady })
    expect(await beat(old)).toEqual({ active: true })
    expect(await beat(fresh)).toEqual({ active: true })
    expect(await beat(old)).toEqual({ active: false })
    clock.advance(12_001)
    expect(await beat(old)).toEqual({ active: true })
    expect(await beat(fresh, false)).toEqual({ active: false })
    await expect(becomeAvailable(house, anna, { pageId: fresh })).rejects.toThrow('distribution.servesNothing')
    await staffed(house, [anna])
    await becomeAvailable(house, anna, { pageId: fresh })
    expect(await presenceOf(house.database.kysely, anna.personId)).toMatchObject({ pageId: fresh, reachable: false })
    expect(await beat(old)).toEqual({ active: false })
    expect(await beat(fresh)).toEqual({ active: true })
    expect(await presenceOf(house.database.kysely, anna.personId)).toMatchObject({ telephoneReady: true, reachable: true })
  })

  test('no call rings at a page that has fallen silent; when it is back, it does', async () => {
    const clock = virtualClock()
    const { house } = await open({ clock })
    const journal = await listener(house)
    distribute(house)
    await staffed(house, [anna])
    await onDuty(house, anna)
    await journal.until(stateIs(anna.personId, 'available'))
    await passing(
      clock,
      house,
      [],
      journal.until(entry => entry.type === 'agent.unreachable'),
    )
    const call = await queue(house, house.ids())
    await journal.until(about(call, 'call.position'))
    expect(journal.of('offer.made')).toEqual([])
    expect(await deskView(house, anna, pageOf(anna), 'en')).toMatchObject({ reachable: false, state: 'available' })
    await heartbeat(house, anna, { pageId: pageOf(anna), telephoneReady: true })
    await journal.until(about(call, 'offer.made'))
  })

  test('after a restart everybody has the place and the state that they had', async () => {
    const { house } = await open()
    const journal = await listener(house)
    const stop = distribute(house)
    await staffed(house, [anna], { wrapUpMs: 0 })
    await atWork(house, anna)
    // All within one millisecond, and named against the order of their coming.
    const calls = Array.from({ length: 4 }, () => house.ids())
      .sort()
      .reverse()
    const waitingSince = new Date(house.clock.now())
    for (const call of calls) await queue(house, call, { waitingSince })
    const [first = '', second = ''] = calls
    const [made] = await journal.until(about(first, 'offer.made'))
    await journal.until(about(calls[3] ?? '', 'call.position'))
    await stop()
    // Written while nobody leads.
    if (made) await answer(house, made)
    const late = await queue(house, house.ids(), { waitingSince: new Date(house.clock.now() - 3_600_000) })
    distribute(house)
    await journal.until(about(first, 'offer.accepted'))
    await journal.until(about(late, 'call.position'))
    expect((await queuedCalls(house.database.kysely)).map(row => row.callId)).toEqual([late, ...calls.slice(1)])
    await hangUp(house, first, anna)
    const [next] = await journal.until(entry => entry.type === 'offer.made' && entry.subjects.call !== first)
    expect(next?.subjects.call).toBe(late)
    expect(journal.entries.filter(about(second, 'offer.made'))).toEqual([])
  })
})
