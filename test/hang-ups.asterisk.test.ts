/**
 * Somebody hangs up, at every moment around an answer: before it rings, while it rings, as it is answered, as the two are joined, afterwards. Real
 * calls on a real Asterisk, through the whole program. What is proved is that nothing stays behind, and long before the sweep that would find it.
 *
 *   caller    INVITE ──▶ answered ──▶ music ──▶ joined ──▶ …        hangs up after a time that the seed draws
 *   operator             rings ──▶ answers, or declines ──▶ …       each after a time that the seed draws
 *
 * `HANG_UPS_SEED` repeats a run.
 */
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { samplePassword } from '../sample/index.ts'
import type { RunningAsterisk } from '../scripts/asterisk/instance.ts'
import type { FlowInput } from '../src/ivr/index.ts'
import { type Random, randomOf } from '../src/simulation/index.ts'
import type { AriClient } from '../src/telephony/switches/ari/index.ts'
import { connected, openTestAri, startTestAsterisk, until } from './support/asterisk.ts'
import { copyOfTemplate } from './support/database.ts'
import { type Operator, openOperator, type RunningProgram, startProgramProcess } from './support/program.ts'
import { type Conversation, openSipTelephone, type SipTelephone } from './support/sip-telephone.ts'

const seed = Number(process.env.HANG_UPS_SEED ?? 20_261_128)
const section = 'ccm-pensioni'
const callersAtOnce = 6
const callsOfEach = 8
/** A caller hangs up within so long after the INVITE, and within twice as long as it takes until somebody has answered, where that is longer. */
const callersMs = 900
/** An operator acts within so long after the ring, and again after the answer. */
const operatorsMs = 250
/** The sweep ends what it has found twice, which is not before this has passed. */
const longBeforeSweepMs = 15_000

let asterisk: RunningAsterisk
let program: RunningProgram
let database: pg.Pool
/** A second pair of eyes: what Asterisk holds, under an application of its own. */
let eyes: AriClient
const operators: Operator[] = []
const callers: SipTelephone[] = []

beforeAll(async () => {
  asterisk = await startTestAsterisk('hang-ups')
  const databaseUrl = await copyOfTemplate()
  database = new pg.Pool({ connectionString: databaseUrl, max: 2 })
  const straight: FlowInput = {
    ...{ id: 'main', name: 'Straight into the queue', languages: ['it'], start: 'queue' },
    nodes: { queue: { type: 'queue', section } },
  }
  await database.query("update flow set content = $1 where id = 'main' and status = 'published'", [JSON.stringify(straight)])
  await database.query('delete from section_routing where section_id = $1', [section])
  await database.query('insert into section_routing values ($1, $2)', [section, JSON.stringify({ wrapUpMs: 0, restMs: 0 })])
  program = await startProgramProcess({ databaseUrl, asterisk })
  eyes = openTestAri(asterisk, { application: 'eyes' })
  await connected(eyes)
  const { rows } = await database.query<{ id: string; user_name: string }>(
    `select person.id, user_name from person join assignment on person_id = person.id
     where unit_id = $1 and role = 'operator' order by user_name limit 4`,
    [section],
  )
  for (const { id, user_name } of rows) operators.push(await openOperator(program, id, user_name, samplePassword))
  for (let n = 0; n < callersAtOnce; n++) callers.push(await openSipTelephone())
})
afterAll(async () => {
  for (const each of [...operators, ...callers]) await each.close()
  await eyes?.close()
  await program?.stop()
  await database?.end()
  await asterisk?.stop()
})

/** Takes what rings until the test is over: answers, or declines and comes back, and hangs up, when the seed says so. */
async function work(operator: Operator, random: Random, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const ring = await operator.telephone.nextCall(500).catch(() => undefined)
    if (ring) await serve(ring, random)
    // After a call that was declined, or whose caller had gone, the operator may be in a pause.
    if (!isOver()) await operator.available()
  }
}

async function serve(ring: Conversation, random: Random): Promise<void> {
  await pause(random() * operatorsMs)
  if (ring.state === 'ended') return
  if (random() < 0.15) {
    ring.refuse(603)
    return
  }
  ring.answer()
  // One in two leaves it to the caller.
  if (random() < 0.5) {
    await pause(random() * operatorsMs)
    ring.hangUp()
  }
  await ring.ended.catch(() => {})
}

/** How long it takes on this machine, now, from the INVITE until the two are joined. */
async function msUntilJoined(): Promise<number> {
  const [operator] = operators
  const [telephone] = callers
  if (!operator || !telephone) throw new Error('somebody calls, and somebody answers')
  await operator.available()
  const dialled = performance.now()
  const call = telephone.call('0600000001', { port: asterisk.settings.sipPort })
  const ring = await operator.telephone.nextCall()
  ring.answer()
  const joined = async () => (await database.query("select 1 from call where phase = 'talking'")).rowCount === 1
  await until(joined, 60_000, 'the first conversation')
  const took = performance.now() - dialled
  call.hangUp()
  await Promise.all([call.ended, ring.ended])
  return took
}

/** Calls again and again, and hangs up within so many milliseconds. */
async function callAgainAndAgain(telephone: SipTelephone, random: Random, withinMs: number): Promise<void> {
  for (let n = 0; n < callsOfEach; n++) {
    const call = telephone.call('0600000001', { port: asterisk.settings.sipPort })
    const over = call.ended.catch(() => {})
    call.answered.catch(() => {})
    await Promise.race([over, pause(random() * withinMs)])
    call.hangUp()
    await over
  }
}

test('whoever hangs up around an answer, and whenever: no leg, no bridge and no call stays behind', async () => {
  let isOver = false
  const withinMs = Math.max(callersMs, 2 * (await msUntilJoined()))
  for (const operator of operators) await operator.available()
  const working = operators.map((operator, n) => work(operator, randomOf(seed, n), () => isOver))
  await Promise.all(callers.map((telephone, n) => callAgainAndAgain(telephone, randomOf(seed, 100 + n), withinMs)))
  const left = async () => ({
    legs: (await eyes.channels.list()).map(({ name }) => name),
    bridges: (await eyes.bridges.list()).map(({ id }) => id),
    calls: (await database.query('select id, phase from call where ended_at is null')).rows,
  })
  const nothing = { legs: [], bridges: [], calls: [] }
  await until(
    async () => Object.values(await left()).every(each => each.length === 0),
    longBeforeSweepMs,
    `everything to be over, seed ${seed}`,
  ).catch(() => {})
  expect(await left(), `seed ${seed}`).toEqual(nothing)
  isOver = true
  await Promise.all(working)

  const { rows: ends } = await database.query<{ reason: string; times: number }>(
    `select payload ->> 'reason' as reason, count(*)::int as times from event where type = 'call.ended' group by 1`,
  )
  const arrived = await database.query("select 1 from event where type = 'call.arrived'")
  expect(ends.reduce((sum, { times }) => sum + times, 0)).toBe(arrived.rowCount)
  // Both have hung up, and both before and after the two were joined. Where a telephone was too busy to acknowledge in time, its line was lost.
  const reasons = ends.map(({ reason }) => reason).filter(reason => reason !== 'line-lost')
  expect(reasons.sort()).toEqual(['caller', 'operator'])
  const joined = await database.query("select 1 from event where type = 'call.connected'")
  expect(joined.rowCount).toBeGreaterThan(0)
  expect(joined.rowCount).toBeLessThan(arrived.rowCount ?? 0)
})
