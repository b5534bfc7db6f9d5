/**
 * Called back: a caller from the telephone network asks for it with real keys, hangs up, and is called in turn by a real Asterisk; the program
 * is a real process on a real PostgreSQL, and is killed on the way.
 */
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { samplePassword } from '../sample/index.ts'
import type { RunningAsterisk } from '../scripts/asterisk/instance.ts'
import { patienceMs, pressUntil, startTestAsterisk, until } from './support/asterisk.ts'
import { copyOfTemplate } from './support/database.ts'
import { type Operator, openOperator, type RunningProgram, startProgramProcess } from './support/program.ts'
import { type Conversation, openSipTelephone, type SipTelephone, soundMs } from './support/sip-telephone.ts'

const romaEur = '0600000001'

let asterisk: RunningAsterisk
let program: RunningProgram
let database: pg.Pool
/** The carrier at the other end of the trunk: whoever is called back is reached through it. */
let carrier: SipTelephone
let anna: Operator
const telephones: SipTelephone[] = []

beforeAll(async () => {
  carrier = await openSipTelephone()
  asterisk = await startTestAsterisk('callback', { trunkPort: carrier.port })
  const databaseUrl = await copyOfTemplate()
  database = new pg.Pool({ connectionString: databaseUrl, max: 4 })
  // The shortest pause that the settings allow, so that a second attempt can be waited for.
  await database.query(
    `insert into callback_setting values ('ccm-pensioni', '{"retryMs": 30000, "maxAttempts": 2, "ringMs": 10000}')`,
  )
  // The operator rings for as long as it takes until a program that was killed is back.
  await database.query(`insert into section_routing values ('ccm-pensioni', '{"offerTimeoutMs": 120000}')`)
  program = await startProgramProcess({ databaseUrl, asterisk })
  const [person] = await rows<{ id: string; user_name: string }>(
    `select person.id, user_name from person join assignment on person_id = person.id
     where unit_id = 'ccm-pensioni' and role = 'operator' order by user_name limit 1`,
  )
  if (!person) throw new Error('nobody works in pensions')
  anna = await openOperator(program, person.id, person.user_name, samplePassword)
})
afterEach(async () => {
  for (const telephone of telephones.splice(0)) await telephone.close()
  await anna.ask('POST', '/api/desk/pause', { reason: 'other' })
  for (const { id } of await askAri('GET', '/channels')) await askAri('DELETE', `/channels/${id}`)
  await until(async () => (await askAri('GET', '/channels')).length === 0, patienceMs, 'the end of all calls')
})
afterAll(async () => {
  await anna?.close()
  await program?.stop()
  await database?.end()
  await carrier?.close()
  await asterisk?.stop()
})

const rows = async <T>(sql: string, values: unknown[] = []): Promise<T[]> => (await database.query(sql, values)).rows as T[]

interface Row {
  call_id: string
  state: string
  attempts: number
  last_outcome: string | null
}
const callbackOf = async (number: string): Promise<Row | undefined> =>
  (await rows<Row>('select * from callback where number = $1 order by requested_at desc limit 1', [number]))[0]
const isInState = (number: string, state: string) => async () => (await callbackOf(number))?.state === state
const phaseOf = async (number: string) =>
  (await rows<{ phase: string }>('select phase from call where from_number = $1 order by started_at desc limit 1', [number]))[0]
    ?.phase
const stateOfAnna = async () =>
  (await rows<{ state: string }>('select state from agent_status where person_id = $1', [anna.personId]))[0]?.state

/** Calls Roma EUR, chooses pensions, asks by keys to be called back, and hears the goodbye to its end. */
async function asksToBeCalledBack(number: string): Promise<string> {
  const telephone = await openSipTelephone()
  telephones.push(telephone)
  const call = telephone.call(romaEur, { port: asterisk.settings.sipPort }, { from: number })
  await call.answered
  await pressUntil(call, '1', async () => (await phaseOf(number)) === 'waiting')
  const proposal = async () =>
    (
      await rows("select 1 from call where from_number = $1 and state #>> '{proposal,asks}' = 'whether' and ended_at is null", [
        number,
      ])
    ).length > 0
  await pressUntil(call, '5', proposal)
  await pressUntil(call, '1', isInState(number, 'waiting'))
  const noted = performance.now()
  // The program says goodbye and hangs up.
  await call.ended
  expect(soundMs(call.heard, noted)).toBeGreaterThan(2_000)
  return (await callbackOf(number))?.call_id ?? ''
}

/** Asks Asterisk beside the program, whose events a second client would take away. */
async function askAri(method: 'GET' | 'DELETE', path: string): Promise<{ id: string; channels?: string[] }[]> {
  const authorization = `Basic ${Buffer.from(`${asterisk.user}:${asterisk.password}`).toString('base64')}`
  const answer = await fetch(`${asterisk.url}/ari${path}`, { method, headers: { authorization } })
  return answer.status === 200 ? ((await answer.json()) as { id: string; channels?: string[] }[]) : []
}

/** How many legs are in the bridge of a call. */
const inBridge = async (callId: string) =>
  (await askAri('GET', '/bridges')).find(({ id }) => id.endsWith(callId))?.channels?.length ?? 0

const numberOf = (conversation: Conversation, header: 'from' | 'to') =>
  /sip:(\+?\d+)@/.exec(conversation.invite?.headers.get(header)?.[0] ?? '')?.[1] ?? ''

test('the caller hangs up, the operator takes it in turn, the number rings from the office, and they hear each other', async () => {
  const number = '+393331234501'
  const callId = await asksToBeCalledBack(number)
  await anna.available()
  const atAnna = await anna.telephone.nextCall()
  expect(numberOf(atAnna, 'from')).toBe(number)
  // Nobody is called before the operator is there.
  expect(await callbackOf(number)).toMatchObject({ state: 'waiting', attempts: 0 })
  atAnna.answer()
  const atCitizen = await carrier.nextCall()
  expect(atCitizen.invite?.start).toMatch(/^INVITE sip:\+393331234501@/)
  expect(numberOf(atCitizen, 'from')).toBe('+390600000001')
  atCitizen.answer()
  await until(async () => (await phaseOf(number)) === 'talking', patienceMs, 'the conversation')
  // That two legs in a bridge hear each other is tried with real sound in switch.asterisk.test.ts.
  await until(async () => (await inBridge(callId)) === 2, patienceMs, 'both in one bridge')
  expect(await anna.ask('GET', '/api/calls/mine')).toMatchObject({ call: { callId, state: 'talking', from: number } })
  atCitizen.hangUp()
  await atAnna.ended
  await until(isInState(number, 'reached'), patienceMs, 'the end')
  await until(async () => (await phaseOf(number)) === 'ended', patienceMs, 'the end of the call')
  const ended = await rows<{ type: string }>(`select type from event where call_id = $1 and type like 'call.%' order by id`, [
    callId,
  ])
  expect(ended.map(({ type }) => type).filter(type => type !== 'call.position')).toEqual([
    ...['call.arrived', 'call.menu-chosen', 'call.queued', 'call.callback-queued', 'call.callback-dialled', 'call.connected'],
    'call.ended',
  ])
  await until(async () => (await stateOfAnna()) === 'wrap-up', patienceMs, 'the wrap-up')
  await anna.ask('POST', '/api/desk/wrap-up/end')
})

test('nobody answers, then it is busy: tried again after the pause, and given up in the open', async () => {
  const number = '+393331234502'
  await asksToBeCalledBack(number)
  await anna.available()
  const first = await anna.telephone.nextCall()
  first.answer()
  const unanswered = await carrier.nextCall()
  await first.ended
  await unanswered.ended
  await until(async () => (await callbackOf(number))?.last_outcome === 'no-answer', patienceMs, 'the attempt to be noted')
  expect(await callbackOf(number)).toMatchObject({ state: 'waiting', attempts: 1 })
  await until(async () => (await stateOfAnna()) === 'available', patienceMs, 'the operator to be free')
  const second = await anna.telephone.nextCall()
  second.answer()
  const busy = await carrier.nextCall()
  busy.refuse(486)
  await second.ended
  await until(isInState(number, 'given-up'), patienceMs, 'the end of the attempts')
  expect(await callbackOf(number)).toMatchObject({ attempts: 2, last_outcome: 'busy', closed_at: null })
})

test('killed while the operator is rung, and again while the number rings: one call to the citizen, and it is joined', async () => {
  const number = '+393331234503'
  // It rings for as long as it takes until the program is back.
  await database.query(`update callback_setting set settings = settings || '{"ringMs": 60000}'`)
  await asksToBeCalledBack(number)
  await anna.available()
  const before = await anna.telephone.nextCall()
  await program.kill()
  program = await program.again()
  await anna.reconnect()
  // It still rings in Asterisk, or is rung anew, perhaps only now: either way it is the same offer, and is answered.
  const anew = anna.telephone.nextCall().then(
    call => call.answer(),
    () => {},
  )
  if (before.state === 'ringing') before.answer()
  else await anew
  const atCitizen = await carrier.nextCall()
  await program.kill()
  program = await program.again()
  await anna.reconnect()
  atCitizen.answer()
  await until(async () => (await phaseOf(number)) === 'talking', patienceMs, 'the conversation')
  expect(await callbackOf(number)).toMatchObject({ attempts: 1 })
  // Nobody else has been called meanwhile.
  await expect(carrier.nextCall(2_000)).rejects.toThrow()
  atCitizen.hangUp()
  await until(isInState(number, 'reached'), patienceMs, 'the end')
})
