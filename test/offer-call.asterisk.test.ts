/**
 * A citizen without e-mail is called about a freed time: a real Asterisk rings the test's telephone, keys answer, and what is heard is compared with what the
 * program says. The program is a real process on a real PostgreSQL, and is killed on the way.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import words from '../languages/it/telephony-offer.json' with { type: 'json' }
import call from '../languages/it/telephony-offer-call.json' with { type: 'json' }
import type { RunningAsterisk } from '../scripts/asterisk/instance.ts'
import { confirmHold, takeHold } from '../src/agenda/index.ts'
import { offerFreedTimes } from '../src/agenda/waiting/offering.ts'
import { joinWaiting } from '../src/agenda/waiting/service.ts'
import { type House, inTransaction, openPostgres, readConfig, systemClock } from '../src/platform/index.ts'
import { askOfferCalls } from '../src/telephony/calls/time-offers/service.ts'
import { openPrompts, readWav, speechHere } from '../src/telephony/prompts/index.ts'
import { nextTimes, openMatter } from './support/agenda.ts'
import { patienceMs, pressUntil, startTestAsterisk, until } from './support/asterisk.ts'
import { copyOfTemplate } from './support/database.ts'
import { openHouse } from './support/house.ts'
import { programNow, type RunningProgram, startProgramProcess } from './support/program.ts'
import { type Conversation, type Heard, likeness, openSipTelephone, type SipTelephone } from './support/sip-telephone.ts'
import { staff } from './support/staff.ts'

const unitId = 'ag-roma-eur'
const serviceId = 'consulenza-pensioni'
const pauseMs = 15 * 60_000
/** Within which everything that is compared was said. */
const wholeMs = 90_000

let asterisk: RunningAsterisk
let program: RunningProgram
let house: House
let carrier: SipTelephone
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'filo-offer-'))
  carrier = await openSipTelephone()
  asterisk = await startTestAsterisk('offer-call', { trunkPort: carrier.port })
  const databaseUrl = await copyOfTemplate()
  program = await startProgramProcess({ databaseUrl, asterisk })
  const clock = { now: programNow, after: systemClock.after }
  house = await openHouse(
    await openPostgres(databaseUrl, 4),
    readConfig({ DATABASE_URL: databaseUrl, LOG_LEVEL: 'silent' }),
    clock,
  )
  await sql`update agenda_service set telephone_offers = true`.execute(house.database.kysely)
})
afterEach(async () => {
  // Who has been called once is not called again in the next test.
  await sql`update agenda_waiting set call_at = null`.execute(house.database.kysely)
})
afterAll(async () => {
  await program?.stop()
  await house?.tail.close()
  await house?.database.close()
  await carrier?.close()
  await asterisk?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** What a sentence sounds like when the program says it. */
async function soundOf(text: string): Promise<Int16Array> {
  const prompts = openPrompts({ folder, sounds: asterisk.sounds, speech: speechHere() })
  const { media } = await prompts.media({ text, language: 'it' })
  return readWav(readFileSync(join(asterisk.sounds.folder, `${media.split('/').at(-1)}.wav`))).samples
}
const isHeard = async (heard: readonly Heard[], text: string) => likeness(heard, await soundOf(text), wholeMs) > 0.9

/** A citizen with a number and no address is booked late, waits, and is offered the first free time. */
async function offered(number: string): Promise<{ id: string; figures: string; booked: Date; offer: Date }> {
  const db = house.database.kysely
  const times = await nextTimes(house, staff.anna, { unitId, serviceId })
  const { id: holdId } = await takeHold(house, staff.anna, { unitId, serviceId, start: times.at(-1) ?? '' })
  const matter = await openMatter(house, { email: null })
  await sql`insert into contact_phone (contact_id, number, position, kind) values (${matter.contactId}, ${number}, 0, 'mobile')`.execute(
    db,
  )
  const { id } = await inTransaction(house, staff.anna, work => confirmHold(work, { holdId, reason: 'Pensione', ...matter }))
  await joinWaiting(house, staff.anna, { appointmentId: id })
  // What was free before is news, too.
  await sql`update agenda_waiting set passed_over = '{}', look_at = ${new Date(programNow())} where appointment_id = ${id}`.execute(
    db,
  )
  await offerFreedTimes(house)
  // The program's own job may be offering it at this moment.
  await until(async () => (await waitingOf(id))?.offer_starts_at != null, patienceMs, 'an offer')
  const offer = (await waitingOf(id))?.offer_starts_at
  if (!offer) throw new Error('nothing was offered')
  return { id, figures: matter.code.slice(-4), booked: await startOf(id), offer }
}

const waitingOf = (id: string) =>
  house.database.kysely.selectFrom('agenda_waiting').selectAll().where('appointment_id', '=', id).executeTakeFirst()
const startOf = async (id: string) =>
  (await house.database.kysely.selectFrom('appointment').select('starts_at').where('id', '=', id).executeTakeFirstOrThrow())
    .starts_at
const outcomesOf = async (id: string) =>
  (
    await house.database.kysely
      .selectFrom('time_offer_call')
      .select('outcome')
      .where('appointment_id', '=', id)
      .orderBy('asked_at', 'desc')
      .execute()
  ).map(({ outcome }) => outcome)

/** The program's telephone rings the citizen. */
async function rung(number: string): Promise<Conversation> {
  await askOfferCalls(house)
  const conversation = await carrier.nextCall(patienceMs)
  expect(/sip:(\+\d+)@/.exec(conversation.invite?.start ?? '')?.[1]).toBe(number)
  return conversation
}

interface Talk {
  asks: string | null
  keyed: string
  failures: number
  is: string
}
/** Where the talk of the call stands that goes on with a number. */
async function talkOf(number: string): Promise<Talk | undefined> {
  const { rows } = await sql<Talk>`
    select state -> 'timeOffer' ->> 'asks' as asks, state -> 'timeOffer' ->> 'keyed' as keyed,
           (state -> 'timeOffer' ->> 'failures')::int as failures, state -> 'hearing' ->> 'is' as is
    from   call where from_number = ${number} and ended_at is null`.execute(house.database.kysely)
  return rows[0]
}

/** Waits until the call listens for what it has asked last. */
const asks = (number: string, what: 'figures' | 'answer', failures = 0) =>
  until(
    async () => {
      const talk = await talkOf(number)
      return talk?.asks === what && talk.failures === failures && talk.is === 'listening'
    },
    patienceMs,
    `the question for ${what}`,
  )

/** Keys the figures one by one, each when the one before has come through; the last one is answered. */
async function key(conversation: Conversation, number: string, figures: string): Promise<void> {
  const failures = (await talkOf(number))?.failures
  for (const [n, figure] of [...figures].entries())
    await pressUntil(conversation, figure, async () => {
      const talk = await talkOf(number)
      return talk?.asks !== 'figures' || talk.failures !== failures || talk.keyed === figures.slice(0, n + 1)
    })
}

test('figures, then key 1: the appointment is moved, and whoever picked up was told nothing before', async () => {
  const number = '+393331240001'
  const { id, figures, booked, offer } = await offered(number)
  const { name } = await house.database.kysely
    .selectFrom('unit')
    .select('name')
    .where('id', '=', unitId)
    .executeTakeFirstOrThrow()
  const citizen = await rung(number)
  citizen.answer()
  await asks(number, 'figures')
  const before = [...citizen.heard]
  await key(citizen, number, figures)
  await asks(number, 'answer')
  expect(await startOf(id)).toEqual(booked)
  await pressUntil(citizen, '1', async () => (await talkOf(number))?.asks !== 'answer')
  await until(async () => (await startOf(id)).getTime() === offer.getTime(), patienceMs, 'the new time')
  await citizen.ended
  await until(async () => (await outcomesOf(id))[0] === 'accepted', patienceMs, 'the end of the call')
  expect(await waitingOf(id)).toBeUndefined()
  for (const sentence of [call.whoCalls.replace('{{office}}', name), words.offerFigures])
    expect(await isHeard(before, sentence)).toBe(true)
  expect(await isHeard(before, words.offerFor)).toBe(false)
  const after = citizen.heard.slice(before.length)
  for (const sentence of [words.offerFor, words.offerAccepted]) expect(await isHeard(after, sentence)).toBe(true)
})

test('three wrong codes end the call and tell nothing', async () => {
  const number = '+393331240002'
  const { id, figures, booked } = await offered(number)
  const stranger = await rung(number)
  stranger.answer()
  for (const failures of [0, 1, 2]) {
    await asks(number, 'figures', failures)
    await key(stranger, number, figures === '9999' ? '9998' : '9999')
  }
  await stranger.ended
  await until(async () => (await outcomesOf(id))[0] === 'no-code', patienceMs, 'the end of the call')
  expect(await startOf(id)).toEqual(booked)
  expect(await isHeard(stranger.heard, words.offerNotKnown)).toBe(true)
  expect(await isHeard(stranger.heard, words.offerFor)).toBe(false)
})

test('killed while it rings: called again after the pause; and who hangs up in the middle has changed nothing', async () => {
  const number = '+393331240003'
  const { id, figures, booked } = await offered(number)
  const first = await rung(number)
  await program.kill()
  first.refuse(480)
  program = await program.again()
  await until(async () => (await outcomesOf(id))[0] === 'failed', patienceMs, 'the end of the attempt')
  const { call_at, offer_id } = (await waitingOf(id)) ?? {}
  expect((call_at?.getTime() ?? 0) - programNow()).toBeGreaterThan(pauseMs - 60_000)
  expect(await askOfferCalls(house)).toBe(0)
  await sql`update agenda_waiting set call_at = ${new Date(programNow())} where appointment_id = ${id}`.execute(
    house.database.kysely,
  )
  const second = await rung(number)
  second.answer()
  await asks(number, 'figures')
  await key(second, number, figures)
  await asks(number, 'answer')
  second.hangUp()
  await until(async () => (await outcomesOf(id))[0] === 'hung-up', patienceMs, 'the end of the call')
  expect(await startOf(id)).toEqual(booked)
  expect(await waitingOf(id)).toMatchObject({ offer_id, leaves: false })
})
