/**
 * A recording that somebody uploads is what callers hear: over HTTP into the database, from there to Asterisk, and over SIP to a telephone.
 * Another node of the same database has it too; when it is removed the text is spoken again.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import flow from '../sample/flow.json' with { type: 'json' }
import type { RunningAsterisk } from '../scripts/asterisk/instance.ts'
import { openPrompts, readWav, speechHere, writeWav } from '../src/telephony/prompts/index.ts'
import { password, userOf } from './support/accounts.ts'
import { startTestAsterisk, until } from './support/asterisk.ts'
import { copyOfTemplate } from './support/database.ts'
import { type RunningProgram, startProgramProcess } from './support/program.ts'
import { likeness, openSipTelephone, type SipTelephone } from './support/sip-telephone.ts'
import { staff } from './support/staff.ts'

const recording = '/api/prompts/menu/it/recording'

let asterisk: RunningAsterisk
let databaseUrl: string
let program: RunningProgram
let database: pg.Pool
let caller: SipTelephone
let folder: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'filo-recording-'))
  asterisk = await startTestAsterisk('recording')
  databaseUrl = await copyOfTemplate()
  database = new pg.Pool({ connectionString: databaseUrl, max: 2 })
  program = await startProgramProcess({ databaseUrl, asterisk })
  caller = await openSipTelephone()
})
afterEach(async () => {
  await caller?.close()
  await program?.stop()
  await database?.end()
  await asterisk?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** A tone that rises and swells: no voice sounds like it, and it is like itself at one place only. */
function rising(rate: number, seconds: number): Int16Array {
  return Int16Array.from({ length: rate * seconds }, (_, n) => {
    const at = n / rate
    return Math.round((5_000 + 3_000 * Math.sin(9 * at)) * Math.sin(2 * Math.PI * (350 * at + 170 * at * at)))
  })
}

/** The same on both channels, as a studio would send it. */
function studioRecording(seconds: number): Buffer {
  const samples = rising(44_100, seconds)
  const file = writeWav({
    rate: 44_100,
    samples: Int16Array.from({ length: samples.length * 2 }, (_, n) => samples[n >> 1] ?? 0),
  })
  file.writeUInt16LE(2, 22)
  return file
}

async function signedIn(url: string) {
  const answer = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: userOf(staff.headquarters), password }),
  })
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return async (method: string, path: string, version: number, body?: Buffer) => {
    const done = await fetch(`${url}${path}`, {
      method,
      headers: { cookie, 'if-match': `"${version}"`, ...(body ? { 'content-type': 'audio/wav' } : {}) },
      ...(body ? { body: new Uint8Array(body) } : {}),
    })
    expect(done.status, await done.text()).toBe(200)
  }
}

test('a caller hears the recording of the menu, on every node, and the text again when it is removed', async () => {
  const prompts = openPrompts({ folder, sounds: asterisk.sounds, speech: speechHere() })
  const spoken = async (text: string) => {
    const { media, durationMs } = await prompts.media({ text, language: 'it' })
    return { durationMs, samples: readWav(readFileSync(join(asterisk.sounds.folder, `${media.split('/').at(-1)}.wav`))).samples }
  }
  const office = (await database.query("select name from unit where id = 'ag-roma-eur'")).rows[0].name
  const welcome = await spoken(flow.nodes.welcome.text.it.replace('{{office}}', office))
  // How it begins tells enough: whole it takes half a minute.
  const menu = (await spoken(flow.nodes.menu.text.it)).samples.slice(0, 6 * 8_000)
  const wanted = rising(8_000, 4)

  /** Calls, and listens to the welcome and as much of what comes after it as there is of a sound. */
  const listen = async (samples: Int16Array) => {
    const call = caller.call('0600000001', { port: asterisk.settings.sipPort }, { from: '+390612345678' })
    await call.answered
    const wantedMs = welcome.durationMs + samples.length / 8 + 3_000
    await until(() => call.heard.length * 20 > wantedMs, wantedMs + 60_000, 'the welcome and the menu')
    call.hangUp()
    await call.ended
    const withinMs = welcome.durationMs + 2_500
    return {
      recording: likeness(call.heard, wanted, withinMs),
      text: likeness(call.heard, samples, withinMs),
      welcome: likeness(call.heard, welcome.samples, 2_500),
    }
  }
  const soundReaches = (sha256: string, node: string) =>
    until(() => existsSync(join(asterisk.sounds.folder, `${sha256}.wav`)), 120_000, `the sound from ${node}`)

  // --- as the voice of the program says it ---
  const before = await listen(menu)
  expect(before.text).toBeGreaterThan(0.9)
  expect(before.recording).toBeLessThan(0.3)

  // --- recorded ---
  await (await signedIn(program.url))('PUT', recording, 0, studioRecording(4))
  const { sha256 } = (await database.query('select sha256 from recording')).rows[0]
  await soundReaches(sha256, 'the first node')
  const recorded = await listen(wanted)
  expect(recorded.welcome).toBeGreaterThan(0.9)
  expect(recorded.recording).toBeGreaterThan(0.9)

  // --- on another node, with nothing but the database, and after the first has gone ---
  await program.stop()
  rmSync(join(asterisk.sounds.folder, `${sha256}.wav`))
  program = await startProgramProcess({ databaseUrl, asterisk })
  await soundReaches(sha256, 'the second node')
  expect((await listen(wanted)).recording).toBeGreaterThan(0.9)

  // --- removed: as soon as the node has heard of it, the next caller hears the text ---
  await (await signedIn(program.url))('DELETE', recording, 1)
  let after = await listen(menu)
  if (after.recording > 0.9) after = await listen(menu)
  expect(after.text).toBeGreaterThan(0.9)
  expect(after.recording).toBeLessThan(0.3)
}, 900_000)
