/**
 * What callers meet who do not do what the flow expects: no keys, keys as tones, a line with noise, a line that dies;
 * and calls around the end of the program or of Asterisk. One program and one Asterisk for all, and many callers at the same time.
 */
import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { samplePassword } from '../sample/index.ts'
import type { RunningAsterisk } from '../scripts/asterisk/instance.ts'
import { patienceMs, startTestAsterisk, until, within } from './support/asterisk.ts'
import { copyOfTemplate } from './support/database.ts'
import { type Operator, openOperator, type RunningProgram, startProgramProcess } from './support/program.ts'
import {
  type Conversation,
  longestSilenceMs,
  openSipTelephone,
  type SipTelephone,
  soundMs,
  toneShare,
} from './support/sip-telephone.ts'

const romaEur = '0600000001'
vi.setConfig({ testTimeout: 240_000 })

let asterisk: RunningAsterisk
let program: RunningProgram
let database: pg.Pool
let carrier: SipTelephone
let switchboard: Operator
/** A caller whose line dies without a word, and one who is muted; both wait from the beginning. */
let vanished: Caller
let muted: Caller

interface Caller {
  number: string
  call: Conversation
}

const telephones: SipTelephone[] = []
let callers = 0

async function callIn({ dialled = romaEur, events = true } = {}): Promise<Caller> {
  const telephone = await openSipTelephone()
  telephones.push(telephone)
  const number = `+39061234${String(++callers).padStart(4, '0')}`
  return { number, call: telephone.call(dialled, { port: asterisk.settings.sipPort }, { from: number, events }) }
}

const rows = async <T>(sql: string, values: unknown[] = []): Promise<T[]> => (await database.query(sql, values)).rows as T[]
const callOf = async ({ number }: Caller) =>
  (
    await rows<{ id: string; phase: string; section_id: string | null; ended_at: Date | null }>(
      'select * from call where from_number = $1',
      [number],
    )
  )[0]
const storyOf = async (caller: Caller) =>
  rows<{ type: string; at: Date; payload: { reason?: string } }>(
    'select type, at, payload from event where call_id = $1 order by id',
    [(await callOf(caller))?.id],
  )
const endOf = async (caller: Caller) => (await storyOf(caller)).find(({ type }) => type === 'call.ended')?.payload.reason

/** Presses a key until the call is in the line of its section: the welcome before the menu takes no key. */
async function join({ number, call }: Caller, key = '1', section = 'ccm-pensioni', press = () => call.press(key)): Promise<void> {
  await within(call.answered, patienceMs, `the answer to ${number}`)
  const isThere = async () => (await callOf({ number, call }))?.section_id === section
  for (let presses = 0; presses < 40; presses++) {
    if (await isThere()) return
    await press()
    await until(isThere, 1_000, 'the line').catch(() => {})
  }
  throw new Error(`${number} did not get into the line`)
}

async function operatorsOf(section: string, count: number): Promise<Operator[]> {
  const people = await rows<{ id: string; user_name: string }>(
    `select person.id, user_name from person join assignment on person_id = person.id
     where unit_id = $1 and role in ('operator', 'switchboard') order by user_name limit $2`,
    [section, count],
  )
  const operators: Operator[] = []
  for (const { id, user_name } of people) operators.push(await openOperator(program, id, user_name, samplePassword))
  return operators
}

beforeAll(async () => {
  carrier = await openSipTelephone()
  asterisk = await startTestAsterisk('telephone', { trunkPort: carrier.port })
  const databaseUrl = await copyOfTemplate()
  database = new pg.Pool({ connectionString: databaseUrl, max: 4 })
  program = await startProgramProcess({ databaseUrl, asterisk })
  ;[vanished, muted] = [await callIn(), await callIn()]
  // In a section that the operators of the other tests do not stand in for.
  await Promise.all([join(vanished, '5', 'ccm-online'), join(muted, '5', 'ccm-online')])
  vanished.call.vanish()
  muted.call.mute()
})
afterAll(async () => {
  await switchboard?.close()
  for (const telephone of telephones) await telephone.close()
  await program?.stop()
  await database?.end()
  await carrier?.close()
  await asterisk?.stop()
})

test('who has keys as tones, agreed or not, or keys that rattle, is with somebody in time, and never without sound', async () => {
  const [operator] = await operatorsOf('ccm-centralino', 1)
  if (!operator) throw new Error('nobody serves the switchboard')
  switchboard = operator
  await switchboard.available()
  const [unheard, tones, rattling] = await Promise.all([callIn(), callIn({ events: false }), callIn()])
  const served = switchboard.telephone.nextCall().then(call => {
    call.answer()
    return call
  })
  await Promise.all([
    join(tones, '1', 'ccm-pensioni', () => tones.call.pressTones('1')),
    (async () => {
      await rattling.call.answered
      await until(() => soundMs(rattling.call.heard) > 11_000, patienceMs, 'the menu')
      await rattling.call.rattle('7#8*6#77##88**66##77##88**66##77##88**66')
      expect(await callOf(rattling)).toMatchObject({ phase: 'menu' })
      await join(rattling)
    })(),
    (async () => {
      await unheard.call.answered
      const answered = performance.now()
      await until(() => soundMs(unheard.call.heard) > 11_000, patienceMs, 'the menu')
      // Events were offered, so Asterisk does not listen for tones: for us nothing was pressed, as by a telephone without keys.
      await unheard.call.pressTones('1')
      const conversation = await served
      await until(() => conversation.state === 'talking', patienceMs, 'the operator')
      const helped = performance.now()
      expect(longestSilenceMs(unheard.call.heard, answered, helped, 30)).toBeLessThan(2_500)
      await until(async () => (await callOf(unheard))?.phase === 'talking', patienceMs, 'the conversation')
      // As the program reckons it: what a busy machine adds until somebody rings and answers is nobody's promise.
      const story = await storyOf(unheard)
      const atOf = (wanted: string) => story.find(({ type }) => type === wanted)?.at.getTime() ?? Number.NaN
      expect(atOf('call.queued') - atOf('call.arrived')).toBeLessThan(45_000)
      conversation.hangUp()
      await unheard.call.ended
    })(),
  ])
  for (const { call } of [tones, rattling]) call.hangUp()
})

test('calls around the death of the program are answered or announced, and none is silent', async () => {
  const moments = [-200, -120, -60, -20, 0, 20, 60, 120, 250, 500, 800, 1_100, 1_400, 1_700, 2_000]
  const killAt = performance.now() + 400
  const coming = moments.map(async ms => {
    await until(() => performance.now() >= killAt + ms, patienceMs, 'its moment')
    const called = performance.now()
    const caller = await callIn()
    let answered: number | undefined
    caller.call.answered.then(
      () => {
        answered = performance.now()
      },
      () => {},
    )
    return { ms, caller, called, answeredAt: () => answered }
  })
  await until(() => performance.now() >= killAt, patienceMs, 'the moment')
  await program.kill()
  program = await program.again()
  const awayMs = performance.now() - killAt
  const all = await Promise.all(coming)
  for (const { ms, caller, answeredAt } of all)
    await until(() => answeredAt() !== undefined || caller.call.state === 'ended', patienceMs, `an answer at ${ms} ms`)
  const back = performance.now()
  await until(() => performance.now() - back > 6_500, patienceMs, 'some seconds of sound')
  for (const { ms, caller, called, answeredAt } of all) {
    const answered = answeredAt()
    if (answered === undefined) continue
    expect(caller.call.progress(), `${ms} ms`).toBe(180)
    // Who had come to the program when it died waits until it is back.
    expect(answered - called, `${ms} ms`).toBeLessThan(awayMs + 15_000)
    // A telephone that rings at the office pauses for four seconds; nothing else pauses for so long.
    expect(longestSilenceMs(caller.call.heard, answered, performance.now(), 30), `${ms} ms`).toBeLessThan(6_000)
  }
  for (const { caller } of all) caller.call.hangUp()
})

test('who is being told something when the program dies hears the line live on, and who calls then hears the office ring', async () => {
  const caller = await callIn()
  await join(caller)
  const killed = performance.now()
  await within(program.kill(), patienceMs, 'the end of the program')
  const other = await callIn()
  await within(other.call.answered, patienceMs, 'the answer to who calls then')
  await until(() => toneShare(other.call.heard, 425, performance.now() - 400) > 0.8, patienceMs, 'the ringing tone')
  let office = await carrier.nextCall()
  // Callers of before may have rung there, and have hung up.
  while (office.state !== 'ringing') office = await carrier.nextCall()
  expect(office.invite?.start).toMatch(/^INVITE sip:\+390600005001@/)
  office.answer()
  office.hum(620)
  await until(() => toneShare(other.call.heard, 620, performance.now() - 300) > 0.8, patienceMs, 'the office')
  office.hangUp()
  await within(other.call.ended, patienceMs, 'the end of the call to the office')
  await until(() => performance.now() - killed > 15_000, patienceMs, 'the end of what was being said')
  expect(longestSilenceMs(caller.call.heard, killed, performance.now(), 30)).toBeLessThan(2_500)
  program = await program.again()
  const back = performance.now()
  await until(() => performance.now() - back > 4_000, patienceMs, 'music again')
  expect(longestSilenceMs(caller.call.heard, killed, performance.now(), 30)).toBeLessThan(2_500)
  caller.call.hangUp()
})

test('who waits owes no sound, and a line that was lost is told as one', async () => {
  await until(async () => (await callOf(vanished))?.ended_at != null, 150_000, 'the lost line to be noticed')
  expect(await endOf(vanished)).toBe('line-lost')
  expect(muted.call.state).toBe('talking')
  expect(await callOf(muted)).toMatchObject({ phase: 'waiting', ended_at: null })
})

test('whom a stop of Asterisk cuts off has not hung up', async () => {
  await asterisk.stop()
  await until(async () => (await callOf(muted))?.ended_at != null, patienceMs, 'the end of the call')
  const story = await storyOf(muted)
  expect(
    story.filter(({ type }) => ['call.left-queue', 'call.ended'].includes(type)).map(({ payload }) => payload.reason),
  ).toEqual(['lost', 'lost'])
})
