/**
 * A caller from the telephone network, without any browser: sipp speaks SIP, sends keys as real RTP (RFC 4733), and what comes back is kept.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import flow from '../sample/flow.json' with { type: 'json' }
import type { RunningAsterisk } from '../scripts/asterisk/instance.ts'
import { sentence } from '../src/platform/index.ts'
import { openPrompts, readWav, speechHere } from '../src/telephony/prompts/index.ts'
import { patienceMs, startTestAsterisk, until } from './support/asterisk.ts'
import { copyOfTemplate } from './support/database.ts'
import { type RunningProgram, startProgramProcess } from './support/program.ts'
import { likeness, loudness, openEar } from './support/sip-telephone.ts'
import { callerScenario, runSipp } from './support/sipp.ts'

let asterisk: RunningAsterisk
let program: RunningProgram
let database: pg.Pool
let folder: string

// Each test has its own Asterisk, program and database: "the newest call" is then the one that it made.
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'filo-call-'))
  asterisk = await startTestAsterisk('call')
  const databaseUrl = await copyOfTemplate()
  database = new pg.Pool({ connectionString: databaseUrl, max: 2 })
  program = await startProgramProcess({ databaseUrl, asterisk })
})
afterEach(async () => {
  await program?.stop()
  await database?.end()
  await asterisk?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** What a text sounds like when the program says it. */
async function soundOf(text: string): Promise<{ durationMs: number; samples: Int16Array }> {
  const prompts = openPrompts({ folder, sounds: asterisk.sounds, speech: speechHere() })
  const { media, durationMs } = await prompts.media({ text, language: 'it' })
  const name = media.split('/').at(-1) ?? ''
  return { durationMs, samples: readWav(readFileSync(join(asterisk.sounds.folder, `${name}.wav`))).samples }
}

test('Roma EUR is called: the whole welcome is heard, key 1 leads to pensions, and that nobody is at work is told', async () => {
  const office = (await database.query("select name from unit where id = 'ag-roma-eur'")).rows[0].name
  const welcome = await soundOf(flow.nodes.welcome.text.it.replace('{{office}}', office))
  const nobody = await soundOf(sentence('it', 'telephony.heard.nobodyNow'))

  const ear = await openEar()
  const calling = runSipp({
    // The welcome takes no key, and may begin late; the menu after it is long.
    scenario: callerScenario([{ pauseMs: welcome.durationMs + 10_000 }, { key: 1 }, { pauseMs: 20_000 }]),
    server: asterisk.settings.sipPort,
    number: '0600000001',
    values: { heard_port: String(ear.port) },
  })
  const call = async () => (await database.query('select * from call order by started_at desc limit 1')).rows[0]
  await until(async () => (await call())?.section_id === 'ccm-pensioni', patienceMs, 'the line of pensions')
  const queued = ear.heard.length
  expect(await call()).toMatchObject({
    switch: 'asterisk',
    from_number: '+390612345678',
    to_number: '+390600000001',
    office_id: 'ag-roma-eur',
    province_code: 'RM',
    region_code: '12',
  })
  const result = await calling
  await ear.close()
  expect(result).toMatchObject({ code: 0, successful: 1, failed: 0 })

  expect(loudness(ear.heard)).toBeGreaterThan(200)
  expect(likeness(ear.heard, welcome.samples, 5_000)).toBeGreaterThan(0.9)
  expect(likeness(ear.heard.slice(queued), nobody.samples, 15_000)).toBeGreaterThan(0.9)

  await until(async () => (await call()).ended_at !== null, patienceMs, 'the end of the call')
  const { rows } = await database.query<{ type: string }>('select type from event where call_id = $1 order by id', [
    (await call()).id,
  ])
  const story = rows.map(({ type }) => type)
  expect(
    story.filter(type => ['call.arrived', 'call.menu-chosen', 'call.queued', 'call.position', 'call.ended'].includes(type)),
  ).toEqual(['call.arrived', 'call.menu-chosen', 'call.queued', 'call.position', 'call.ended'])
})

test('a number that is nobody’s is refused with a sentence, not with silence', async () => {
  const notInService = await soundOf(sentence('it', 'telephony.heard.unknownNumber'))
  const ear = await openEar()
  const result = await runSipp({
    // Long enough for the sentence: who hangs up first after it does not matter.
    scenario: callerScenario([{ pauseMs: notInService.durationMs + 10_000 }]),
    server: asterisk.settings.sipPort,
    number: '0699999999',
    values: { heard_port: String(ear.port) },
  })
  await ear.close()
  expect(result.successful + result.failed).toBe(1)
  expect(likeness(ear.heard, notInService.samples, 5_000)).toBeGreaterThan(0.9)
})
