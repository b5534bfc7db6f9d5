/**
 * An officer calls the citizen of an appointment by telephone: a real Asterisk rings the officer's telephone and then the citizen's; and a citizen who
 * waits for an earlier time calls, hears what is offered and takes it by a key. The program is a real process on a real PostgreSQL, and is killed on the way.
 */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import words from '../languages/it/telephony-offer.json' with { type: 'json' }
import { samplePassword } from '../sample/index.ts'
import type { RunningAsterisk } from '../scripts/asterisk/instance.ts'
import type { FlowInput } from '../src/ivr/index.ts'
import { openPrompts, readWav, speechHere } from '../src/telephony/prompts/index.ts'
import { patienceMs, pressUntil, startTestAsterisk, until } from './support/asterisk.ts'
import { type Browser, browserAt } from './support/browser.ts'
import { copyOfTemplate } from './support/database.ts'
import { programNow, type RunningProgram, startProgramProcess } from './support/program.ts'
import { type Conversation, type Heard, likeness, openSipTelephone, type SipTelephone } from './support/sip-telephone.ts'
import { staff } from './support/staff.ts'

const unitId = 'ag-roma-eur'
/** On the officer's desk. */
const desk = '+390659590001'

let asterisk: RunningAsterisk
let program: RunningProgram
let database: pg.Pool
/** The carrier at the other end of the trunk: both are reached through it. */
let carrier: SipTelephone
let officer: Browser

beforeAll(async () => {
  carrier = await openSipTelephone()
  asterisk = await startTestAsterisk('appointment-call', { trunkPort: carrier.port })
  const databaseUrl = await copyOfTemplate()
  database = new pg.Pool({ connectionString: databaseUrl, max: 4 })
  program = await startProgramProcess({ databaseUrl, asterisk })
  officer = await signIn()
})
afterEach(async () => {
  for (const { id } of await askAri('GET', '/channels')) await askAri('DELETE', `/channels/${id}`)
  await until(async () => (await askAri('GET', '/channels')).length === 0, patienceMs, 'the end of all calls')
})
afterAll(async () => {
  await program?.stop()
  await database?.end()
  await carrier?.close()
  await asterisk?.stop()
})

const rows = async <T>(sql: string, values: unknown[] = []): Promise<T[]> => (await database.query(sql, values)).rows as T[]

async function signIn(): Promise<Browser> {
  const [person] = await rows<{ user_name: string }>('select user_name from person where id = $1', [staff.agency.personId])
  const browser = browserAt(program.url)
  const answer = await browser.send('POST', '/api/session', { user: person?.user_name, password: samplePassword })
  expect(answer.status).toBeLessThan(300)
  return browser
}

async function askAri(method: 'GET' | 'DELETE', path: string): Promise<{ id: string; channels?: string[] }[]> {
  const authorization = `Basic ${Buffer.from(`${asterisk.user}:${asterisk.password}`).toString('base64')}`
  const answer = await fetch(`${asterisk.url}/ari${path}`, { method, headers: { authorization } })
  return answer.status === 200 ? ((await answer.json()) as { id: string; channels?: string[] }[]) : []
}

/** A citizen with a number, and an appointment by telephone that begins now. */
async function appointment(number: string): Promise<string> {
  const [contact, matter, id] = [randomUUID(), randomUUID(), randomUUID()]
  await rows(
    `insert into contact (id, kind, given_name, family_name, language, created_at, updated_at)
     values ($1, 'person', 'Nora', 'Conti', 'it', now(), now())`,
    [contact],
  )
  await rows(`insert into contact_phone (contact_id, number, position, kind) values ($1, $2, 0, 'mobile')`, [contact, number])
  await rows(
    `insert into "case" (id, code, contact_id, title, status, opened_at) values ($1, $2, $3, 'Pensione', 'open', now())`,
    [matter, String(Math.floor(1e9 + Math.random() * 8e9)), contact],
  )
  await rows(
    `insert into appointment (id, unit_id, unit_name, unit_path, service_id, service_name, bring, calendar_id, starts_at, ends_at, state, mode,
                              contact_id, case_id, code, title, reason, booked_by_name, booked_by_unit, booked_by_path, booked_at)
     select $1, unit.id, unit.name, unit.path, service.id, service.name, '', calendar.id, $5::timestamptz, $5::timestamptz + interval '30 minutes', 'booked',
            'telephone', $2, $3, '1', 'Pensione', 'Vuole capire la pensione.', '', '', '', now()
     from   unit join agenda_calendar calendar on calendar.unit_id = unit.id cross join agenda_service service
     where  unit.id = $4 limit 1`,
    [id, contact, matter, unitId, new Date(programNow() - 60_000)],
  )
  return id
}

interface Calls {
  items: { stage: string; outcome: string | null; attempt: number }[]
  left: number
  call: { allowed: boolean }
}
const callsOf = async (id: string) => (await officer.send('GET', `/api/appointments/${id}/calls`)).body as Calls
const press = async (id: string) => {
  const answer = await officer.send('POST', `/api/appointments/${id}/calls`, { from: desk })
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 202 })
}
const stateOf = async (id: string) =>
  (await rows<{ state: string }>('select state from appointment where id = $1', [id]))[0]?.state
const dialled = (conversation: Conversation) => /sip:(\+\d+)@/.exec(conversation.invite?.start ?? '')?.[1]

/** The officer picks up, and the citizen's telephone rings. */
async function putThrough(id: string, number: string): Promise<{ atOfficer: Conversation; atCitizen: Conversation }> {
  await press(id)
  const atOfficer = await carrier.nextCall(patienceMs)
  expect(dialled(atOfficer)).toBe(desk)
  atOfficer.answer()
  const atCitizen = await carrier.nextCall(patienceMs)
  expect(dialled(atCitizen)).toBe(number)
  return { atOfficer, atCitizen }
}

test('the officer presses, picks up, the citizen answers, they are in one bridge, and the talk stands in the history', async () => {
  const number = '+393331230001'
  const id = await appointment(number)
  expect((await officer.send('POST', `/api/appointments/${id}/calls`, { from: '+1 900 555 0100' })).status).toBe(422)
  const { atOfficer, atCitizen } = await putThrough(id, number)
  // While it rings nobody calls a second time.
  expect((await officer.send('POST', `/api/appointments/${id}/calls`, { from: desk })).status).toBe(409)
  atCitizen.answer()
  await until(async () => (await callsOf(id)).items[0]?.stage === 'talking', patienceMs, 'the conversation')
  expect(await stateOf(id)).toBe('in-progress')
  await until(
    async () => (await askAri('GET', '/bridges')).some(({ channels }) => channels?.length === 2),
    patienceMs,
    'both in one bridge',
  )
  atCitizen.hangUp()
  await atOfficer.ended
  await until(async () => (await callsOf(id)).items[0]?.outcome === 'talked', patienceMs, 'the end')
  expect(
    await rows(
      `select channel, state, from_number, question, operator_name from interaction
       where case_id = (select case_id from appointment where id = $1)`,
      [id],
    ),
  ).toEqual([
    {
      ...{ channel: 'telephone', state: 'answered', from_number: number, question: 'Vuole capire la pensione.' },
      operator_name: staff.agency.name,
    },
  ])
  expect(await rows(`select phase from call where from_number = $1`, [number])).toEqual([{ phase: 'ended' }])
})

test('who does not answer is tried three times, and then counts as not there', async () => {
  const number = '+393331230002'
  const id = await appointment(number)
  for (const attempt of [1, 2, 3]) {
    const { atOfficer, atCitizen } = await putThrough(id, number)
    atCitizen.refuse(attempt === 2 ? 480 : 486)
    await atOfficer.ended
    await until(async () => (await callsOf(id)).items[0]?.outcome !== null, patienceMs, 'the end of the attempt')
    expect(await callsOf(id)).toMatchObject({ left: 3 - attempt, items: expect.objectContaining({ length: attempt }) })
    expect(await stateOf(id)).toBe(attempt < 3 ? 'booked' : 'no-show')
  }
  expect((await callsOf(id)).call.allowed).toBe(false)
})

test('an officer who does not pick up has the citizen called by nobody, and it is no attempt', async () => {
  const id = await appointment('+393331230003')
  await press(id)
  const atOfficer = await carrier.nextCall(patienceMs)
  atOfficer.refuse(486)
  await until(async () => (await callsOf(id)).items[0]?.outcome === 'officer-away', patienceMs, 'the end')
  expect((await callsOf(id)).left).toBe(3)
  await expect(carrier.nextCall(2_000)).rejects.toThrow()
})

test('killed while the citizen is rung: the call goes on, and the two are joined', async () => {
  const number = '+393331230004'
  const id = await appointment(number)
  const { atOfficer, atCitizen } = await putThrough(id, number)
  await program.kill()
  program = await program.again()
  officer = await signIn()
  atCitizen.answer()
  await until(async () => (await callsOf(id)).items[0]?.stage === 'talking', patienceMs, 'the conversation')
  atOfficer.hangUp()
  await atCitizen.ended
  await until(async () => (await callsOf(id)).items[0]?.outcome === 'talked', patienceMs, 'the end')
})

/** A citizen who is booked for one time, and to whom an earlier one is offered. Both at night, when nobody of the sample is booked. */
async function waiting(number: string): Promise<{ id: string; code: string; offered: Date; booked: Date }> {
  const night = (days: number) => new Date(new Date(programNow() + days * 24 * 3_600_000).setUTCHours(1, 30, 0, 0))
  const [offered, booked] = [night(3), night(5)]
  const id = await appointment(number)
  const code = '4827193056'
  const hold = randomUUID()
  const [place] = await rows<{ calendar: string; service: string }>(
    `select calendar.id as calendar, offered.service_id as service
     from   agenda_calendar calendar join agenda_service_of_unit offered on offered.unit_id = calendar.unit_id and offered.service_id = any(calendar.services)
     where  calendar.unit_id = $1 order by calendar.id limit 1`,
    [unitId],
  )
  await rows(
    `update appointment set mode = 'counter', code = $2, starts_at = $3::timestamptz, ends_at = $3::timestamptz + interval '30 minutes', calendar_id = $4, service_id = $5
     where id = $1`,
    [id, code, booked, place?.calendar, place?.service],
  )
  await rows(`insert into contact_key (kind, key, contact_id) select 'phone', $2, contact_id from appointment where id = $1`, [
    id,
    number,
  ])
  await rows(
    `insert into agenda_hold (id, owner, unit_id, service_id, calendar_id, starts_at, ends_at, until)
     values ($1, $2, $3, $4, $5, $6::timestamptz, $6::timestamptz + interval '30 minutes', $7)`,
    [hold, `waiting:${id}`, unitId, place?.service, place?.calendar, offered, new Date(programNow() + 3_600_000)],
  )
  await rows(
    `insert into agenda_taken (id, calendar_id, calendar_no, lane, starts_at, ends_at, held_until)
     select hold.id, calendar.id, calendar.no, 0, starts_at, ends_at, until
     from   agenda_hold hold join agenda_calendar calendar on calendar.id = calendar_id where hold.id = $1`,
    [hold],
  )
  await rows(
    `insert into agenda_waiting (appointment_id, unit_id, service_id, since, offers, look_at, offer_id, offer_starts_at, offer_until)
     values ($1, $2, $3, $4, 1, $5, $6, $7, $5)`,
    [id, unitId, place?.service, new Date(programNow()), new Date(programNow() + 3_600_000), hold, offered],
  )
  return { id, code, offered, booked }
}

/** What a sentence sounds like when the program says it. */
async function soundOf(text: string): Promise<Int16Array> {
  const folder = mkdtempSync(join(tmpdir(), 'filo-earlier-'))
  try {
    const { media } = await openPrompts({ folder, sounds: asterisk.sounds, speech: speechHere() }).media({ text, language: 'it' })
    return readWav(readFileSync(join(asterisk.sounds.folder, `${media.split('/').at(-1)}.wav`))).samples
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('a citizen who waits for an earlier time keys the code, hears the offer, and takes it by key 1, also after the program was killed', async () => {
  const flow: FlowInput = {
    ...{ id: 'main', name: 'Earlier', languages: ['it'], start: 'earlier' },
    nodes: { earlier: { type: 'earlier-time', next: 'bye' }, bye: { type: 'hang-up', text: { it: 'Arrivederci.' } } },
  }
  await rows(`update flow set content = $1 where status = 'published'`, [JSON.stringify(flow)])
  const number = '+393331230005'
  const { id, code, offered, booked } = await waiting(number)
  const startOf = async () =>
    (await rows<{ starts_at: Date }>('select starts_at from appointment where id = $1', [id]))[0]?.starts_at
  const now = async () =>
    (
      await rows<{ asks: string | null; keyed: string | null; is: string | null }>(
        `select state #>> '{timeOffer,asks}' as asks, state #>> '{timeOffer,keyed}' as keyed,
                state #>> '{hearing,is}' as is
         from   call where from_number = $1 and ended_at is null`,
        [number],
      )
    )[0]
  const hearing = (asks: string, is: string) =>
    until(
      async () => {
        const state = await now()
        return state?.asks === asks && state.is === is
      },
      patienceMs,
      `${asks}: ${is}`,
    )
  const call = carrier.call('0600000001', { port: asterisk.settings.sipPort }, { from: number })
  await call.answered
  await hearing('figures', 'listening')
  const keyed = call.heard.length
  for (const keyed of [1, 2, 3, 4].map(count => code.slice(-4).slice(0, count)))
    await pressUntil(call, keyed.slice(-1), async () => {
      const state = await now()
      return state?.asks === 'answer' || state?.keyed === keyed
    })
  await hearing('answer', 'listening')
  const told = call.heard.length
  expect(await startOf()).toEqual(booked)
  await program.kill()
  program = await program.again()
  await hearing('answer', 'saying')
  await hearing('answer', 'listening')
  const pressed = call.heard.length
  await pressUntil(call, '1', async () => (await now())?.asks !== 'answer')
  await call.ended
  expect(await startOf()).toEqual(offered)
  expect(await rows('select from agenda_waiting where appointment_id = $1', [id])).toEqual([])
  expect(await rows('select from agenda_taken where appointment_id = $1', [id])).toHaveLength(1)
  expect(
    await rows(
      `select payload ->> 'how' as how, actor from event where type = 'appointment.offer-ended' and payload ->> 'appointmentId' = $1`,
      [id],
    ),
  ).toEqual([{ how: 'accepted', actor: { kind: 'citizen', channel: 'telephone' } }])

  // Compared when it is over: a caller who takes long is asked again.
  const likenessOf = async (text: string, from: readonly Heard[]) => likeness(from, await soundOf(text), 20_000)
  // The switch says that it has spoken before the last of it has come through the network: packets of 20 ms.
  const second = 50
  expect(await likenessOf(words.offerFigures, call.heard.slice(0, keyed + second))).toBeGreaterThan(0.85)
  // Whoever has picked up hears nothing else before the figures.
  expect(await likenessOf(words.offerFor, call.heard.slice(0, keyed))).toBeLessThan(0.7)
  const offer = call.heard.slice(keyed, told + second)
  for (const text of [words.offerFor, words.offerNew, words.offerOld])
    expect(await likenessOf(text, offer), text).toBeGreaterThan(0.85)
  // The keys are the last that is told.
  const keysMs = (await soundOf(words.offerKeys)).length / 8
  expect(await likenessOf(words.offerKeys, offer.slice(-keysMs / 20 - 5 * second))).toBeGreaterThan(0.85)
  expect(await likenessOf(words.offerAccepted, call.heard.slice(pressed))).toBeGreaterThan(0.85)
})
