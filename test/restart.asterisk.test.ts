/**
 * The program is killed in the middle of its work and started again; and it is away when somebody calls. Real calls on a real Asterisk,
 * the program a real process on a real PostgreSQL.
 */
import pg from 'pg'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { samplePassword } from '../sample/index.ts'
import type { RunningAsterisk } from '../scripts/asterisk/instance.ts'
import { patienceMs, startTestAsterisk, until } from './support/asterisk.ts'
import { copyOfTemplate } from './support/database.ts'
import { type Operator, openOperator, type RunningProgram, startProgramProcess } from './support/program.ts'
import { type Conversation, longestSilenceMs, openSipTelephone, type SipTelephone, soundMs } from './support/sip-telephone.ts'

const romaEur = '0600000001'
// Twenty-five calls that come one after the other, and are served so: on a machine that is busy elsewhere that takes its time.
vi.setConfig({ testTimeout: 300_000 })

let asterisk: RunningAsterisk
let program: RunningProgram | undefined
let database: pg.Pool
let carrier: SipTelephone
const operators: Operator[] = []
const telephones: SipTelephone[] = []

// Each try of each test begins with a new Asterisk, a new program and an empty line.
beforeEach(async () => {
  carrier = await openSipTelephone()
  asterisk = await startTestAsterisk('restart', { trunkPort: carrier.port })
  const databaseUrl = await copyOfTemplate()
  database = new pg.Pool({ connectionString: databaseUrl, max: 4 })
  program = await startProgramProcess({ databaseUrl, asterisk })
})
afterEach(async () => {
  for (const operator of operators.splice(0)) await operator.close()
  for (const telephone of telephones.splice(0)) await telephone.close()
  await program?.stop()
  await database?.end()
  await carrier?.close()
  await asterisk?.stop()
})

interface Caller {
  number: string
  call: Conversation
}

/** Calls Roma EUR and hears the welcome. */
async function callIn(n: number): Promise<Caller> {
  const telephone = await openSipTelephone()
  telephones.push(telephone)
  const number = `+3906123450${String(n).padStart(2, '0')}`
  const call = telephone.call(romaEur, { port: asterisk.settings.sipPort }, { from: number })
  await call.answered
  return { number, call }
}

/** So many callers in the line of pensions, who joined it one after the other, so that there is no doubt about their order. */
async function callersInLine(from: number, count: number): Promise<Caller[]> {
  const callers = await Promise.all(Array.from({ length: count }, (_, n) => callIn(from + n)))
  for (const { call, number } of callers) await pressInMenu(call, number)
  return callers
}

/** Presses 1 again and again until the call is in a line: the welcome before the menu takes no key. */
async function pressInMenu(call: Conversation, number: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    if (await isQueued(number)) return
    await call.press('1')
    await until(() => isQueued(number), 1_000, 'the line').catch(() => {})
  }
  throw new Error(`${number} did not get into the line`)
}

const rows = async <T>(sql: string, values: unknown[] = []): Promise<T[]> => (await database.query(sql, values)).rows as T[]

const isQueued = async (number: string) =>
  (await rows('select 1 from queued_call join call on call.id = call_id where from_number = $1', [number])).length > 0

/** The numbers of those who wait, first come first. */
const line = async () =>
  (
    await rows<{ from_number: string }>(
      'select from_number from queued_call join call on call.id = call_id order by priority desc, waiting_since',
    )
  ).map(row => row.from_number)

async function openOperators(count: number): Promise<Operator[]> {
  const people = await rows<{ id: string; user_name: string }>(
    `select person.id, user_name from person join assignment on person_id = person.id
     where unit_id = 'ccm-pensioni' and role = 'operator' order by user_name limit $1`,
    [count],
  )
  expect(people).toHaveLength(count)
  if (!program) throw new Error('the program does not run')
  for (const { id, user_name } of people) operators.push(await openOperator(program, id, user_name, samplePassword))
  return operators
}

/** Answers the next call that rings at an operator; answers who it is and the conversation. */
async function serve(operator: Operator): Promise<{ number: string; conversation: Conversation }> {
  const conversation = await operator.telephone.nextCall()
  conversation.answer()
  const number = /sip:(\+?\d+)@/.exec(conversation.invite?.headers.get('from')?.[0] ?? '')?.[1] ?? ''
  return { number, conversation }
}

const stateOf = async ({ personId }: Operator) =>
  (await rows<{ state: string }>('select state from agent_status where person_id = $1', [personId]))[0]?.state

const inConversation = async () => (await rows("select 1 from call where phase = 'talking' and ended_at is null")).length

test('killed while 20 wait and 5 talk: nobody is cut off, nobody loses the place, and the line is served in the same order', async () => {
  await openOperators(5)
  const talking = await callersInLine(0, 5)
  const conversations: Conversation[] = []
  for (const operator of operators) await operator.available()
  await Promise.all(
    operators.map(async (operator, index) => {
      conversations[index] = (await serve(operator)).conversation
    }),
  )
  await until(async () => (await inConversation()) === 5, patienceMs, 'five conversations')
  const waiting = await callersInLine(10, 20)
  const before = waiting.map(({ number }) => number)
  expect(await line()).toEqual(before)

  const killed = performance.now()
  await program?.kill()
  program = await program?.again()
  await Promise.all(operators.map(operator => operator.reconnect()))
  const back = performance.now()

  expect(await line()).toEqual(before)
  expect(await inConversation()).toBe(5)
  for (const { call } of [...talking, ...waiting]) expect(call.state).toBe('talking')
  for (const conversation of conversations) expect(conversation.state).toBe('talking')
  // Whoever waited heard music all the time, but for the moment in which a sentence was cut short.
  await until(() => performance.now() - back > 2_000, patienceMs, 'two seconds more')
  for (const { call, number } of waiting)
    expect(longestSilenceMs(call.heard, killed, performance.now(), 5), number).toBeLessThan(back - killed + 3_000)
  await until(() => waiting.every(({ call }) => soundMs(call.heard, back) > 500), patienceMs, 'music for all who wait')

  // One operator after the other becomes free; the line is served from its head.
  const served: string[] = []
  for (const [index, conversation] of conversations.entries()) {
    const operator = operators[index % operators.length]
    if (!operator) continue
    conversation.hangUp()
    await until(async () => (await stateOf(operator)) === 'wrap-up', patienceMs, 'the wrap-up')
    await operator.ask('POST', '/api/desk/wrap-up/end')
    const next = await serve(operator)
    served.push(next.number)
    if (conversations.length < waiting.length) conversations.push(next.conversation)
  }
  expect(served).toEqual(before)
  for (const { call } of waiting) call.hangUp()
})

test('who calls while the program is away hears so, and is put through to the office', async () => {
  await program?.kill()
  const telephone = await openSipTelephone()
  telephones.push(telephone)
  const call = telephone.call(romaEur, { port: asterisk.settings.sipPort })
  await call.answered
  const answered = performance.now()
  const office = await carrier.nextCall()
  expect(office.invite?.start).toMatch(/^INVITE sip:\+390600005001@/)
  // The two notices, and no gap between them.
  expect(soundMs(call.heard, answered)).toBeGreaterThan(3_000)
  expect(longestSilenceMs(call.heard, answered, performance.now(), 5)).toBeLessThan(2_500)
  office.answer()
  office.hum(500)
  await until(() => soundMs(call.heard, performance.now() - 500) > 300, patienceMs, 'the office to be heard')
  office.hangUp()
  await call.ended
})
