/**
 * The notice of an incident, over a real Asterisk: published on the API of the running program, heard before the menu by who calls within five seconds, in
 * English by who chooses English, and by nobody any more after its end.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import flow from '../sample/flow.json' with { type: 'json' }
import { samplePassword } from '../sample/index.ts'
import type { RunningAsterisk } from '../scripts/asterisk/instance.ts'
import { openPrompts, readWav, speechHere } from '../src/telephony/prompts/index.ts'
import { startTestAsterisk } from './support/asterisk.ts'
import { copyOfTemplate } from './support/database.ts'
import { programNow, type RunningProgram, signInTo, startProgramProcess } from './support/program.ts'
import { likeness, openEar } from './support/sip-telephone.ts'
import { callerScenario, runSipp } from './support/sipp.ts'

const texts = {
  it: 'Attenzione. Le domande online non sono disponibili. I nostri tecnici sono al lavoro.',
  en: 'Attention. Online applications are not available. Our technicians are working on it.',
}
/** By when a caller who calls after a publication must hear it. */
const heardWithinMs = 5_000
/** RTP of the telephone network: a packet holds twenty milliseconds. */
const packetMs = 20

let asterisk: RunningAsterisk
let program: RunningProgram
let database: pg.Pool
let folder: string
let ask: (method: string, path: string, body?: unknown) => Promise<unknown>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'filo-notice-'))
  asterisk = await startTestAsterisk('notice')
  const databaseUrl = await copyOfTemplate()
  database = new pg.Pool({ connectionString: databaseUrl, max: 2 })
  program = await startProgramProcess({ databaseUrl, asterisk })
  const found = await database.query<{ user_name: string }>(
    `select user_name from person join assignment on person_id = person.id where unit_id = 'gai-lazio' order by user_name limit 1`,
  )
  ask = (await signInTo(program, found.rows[0]?.user_name ?? '', samplePassword)).ask
})
afterAll(async () => {
  await program?.stop()
  await database?.end()
  await asterisk?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** What a text sounds like when the program says it. */
async function soundOf(text: string, language: string): Promise<{ durationMs: number; samples: Int16Array }> {
  const prompts = openPrompts({ folder, sounds: asterisk.sounds, speech: speechHere() })
  const { media, durationMs } = await prompts.media({ text, language })
  const name = media.split('/').at(-1) ?? ''
  return { durationMs, samples: readWav(readFileSync(join(asterisk.sounds.folder, `${name}.wav`))).samples }
}

/** Somebody calls Roma EUR. Returns what they heard. */
async function heardBy(steps: Parameters<typeof callerScenario>[0]) {
  const ear = await openEar()
  await runSipp({
    scenario: callerScenario(steps),
    server: asterisk.settings.sipPort,
    number: '0600000001',
    values: { heard_port: String(ear.port) },
  })
  await ear.close()
  return ear.heard
}

test('a notice is heard before the menu within 5 s of its publication, in English too, and not after its end', async () => {
  const office = (await database.query("select name from unit where id = 'ag-roma-eur'")).rows[0].name
  const inItalian = await soundOf(texts.it, 'it')
  const inEnglish = await soundOf(texts.en, 'en')
  const welcome = await soundOf(flow.nodes.welcome.text.it.replace('{{office}}', office), 'it')
  const { id } = (await ask('POST', '/api/incidents', { title: 'Domande online ferme', regionCode: '12' })) as { id: string }

  // Before it is given, the welcome is the first thing.
  const before = await heardBy([{ pauseMs: welcome.durationMs + 8_000 }])
  expect(likeness(before, welcome.samples, 5_000)).toBeGreaterThan(0.9)
  expect(likeness(before, inItalian.samples, 5_000)).toBeLessThan(0.5)

  const endsAt = new Date(programNow() + 3_600_000).toISOString()
  await ask('PUT', `/api/incidents/${id}/notice`, { texts, channels: ['callers', 'desks'], endsAt })
  // The call begins at once, and the notice must begin within five seconds of the answer: what is earlier is the wait of the line.
  const during = await heardBy([
    { pauseMs: inItalian.durationMs + welcome.durationMs + 8_000 },
    { key: 9 },
    { pauseMs: inEnglish.durationMs + 10_000 },
  ])
  expect(likeness(during, inItalian.samples, heardWithinMs)).toBeGreaterThan(0.9)
  const behind = (ms: number) => during.slice(ms / packetMs)
  expect(likeness(behind(inItalian.durationMs), welcome.samples, 8_000)).toBeGreaterThan(0.9)
  const afterKey = behind(inItalian.durationMs + welcome.durationMs)
  expect(likeness(afterKey, inEnglish.samples, 20_000)).toBeGreaterThan(0.9)

  // It ends by itself: the same call, after its end.
  await database.query('update incident_notice set ends_at = $1', [new Date(programNow())])
  const after = await heardBy([{ pauseMs: welcome.durationMs + 8_000 }])
  expect(likeness(after, welcome.samples, 5_000)).toBeGreaterThan(0.9)
  expect(likeness(after, inItalian.samples, 5_000)).toBeLessThan(0.5)
})
