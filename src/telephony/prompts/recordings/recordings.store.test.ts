/** Recordings on both databases and over HTTP: uploaded, heard, removed, restored; what is no sound; who may; and two nodes at once. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { password, userOf } from '../../../../test/support/accounts.ts'
import { type OpenHouse, onOneSession, onPostgres } from '../../../../test/support/database.ts'
import { staff } from '../../../../test/support/staff.ts'
import { audience, authenticate, identityRoutes as identity } from '../../../identity/index.ts'
import { FlowVersion, flowRoutes as ivr } from '../../../ivr/index.ts'
import { type House, openApi, openServer, type PersonActor, Problem } from '../../../platform/index.ts'
import { promptRoutes } from '../../index.ts'
import { durationMs, readWav, type Sound, writeWav } from '../index.ts'
import { followRecordings } from './follow.ts'
import { largestRecordingBytes } from './limits.ts'
import { Prompt, PromptHistory, PromptList } from './model.ts'
import { removeRecording, saveRecording } from './service.ts'

const { headquarters, administrator, supervisor } = staff
const wanted = { key: 'menu', language: 'it', of: 'in-force' } as const
const address = '/api/prompts/menu/it'

const tone = (frequency: number, ms: number, rate = 8_000): Sound => ({
  rate,
  samples: Int16Array.from({ length: (rate * ms) / 1_000 }, (_, n) =>
    Math.round(9_000 * Math.sin((2 * Math.PI * frequency * n) / rate)),
  ),
})

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A program that answers, with a data folder of its own. */
async function serve(open: OpenHouse) {
  const folder = mkdtempSync(join(tmpdir(), 'filo-recordings-'))
  closing.push(() => rmSync(folder, { recursive: true, force: true }))
  const { house } = await open({ environment: { PORT: '0', DATA_DIR: folder } })
  const server = await openServer(house, {
    routes: [...ivr, ...promptRoutes, ...identity],
    sockets: [],
    authenticate,
    audience,
    ready: async () => ({ ready: true, details: {} }),
  })
  closing.push(() => server.close())
  const signIn = async (person: PersonActor) => {
    const answer = await fetch(`${server.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: userOf(person), password }),
    })
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    return (
      method: string,
      path: string,
      { body, type, match }: { body?: Buffer | object; type?: string; match?: number } = {},
    ) =>
      fetch(`${server.url}${path}`, {
        method,
        headers: {
          cookie,
          ...(body === undefined ? {} : { 'content-type': type ?? (Buffer.isBuffer(body) ? 'audio/wav' : 'application/json') }),
          ...(match === undefined ? {} : { 'if-match': `"${match}"` }),
        },
        ...(body === undefined ? {} : { body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body) }),
      })
  }
  return { house, signIn }
}

const soundOf = async (answer: Response) => {
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'audio/wav'])
  return readWav(Buffer.from(await answer.arrayBuffer()))
}
const problemOf = async (answer: Response) => Problem.parse(await answer.json())
const menuIn = async (answer: Response) =>
  PromptList.parse(await answer.json()).items.find(({ key, language }) => key === 'menu' && language === 'it')
const journal = async (house: House) =>
  (
    await house.database.kysely
      .selectFrom('event')
      .select(['type', 'payload'])
      .where('type', 'like', 'prompt.%')
      .orderBy('id')
      .execute()
  ).map(({ type, payload }) => `${type} ${payload.key} ${payload.version}`)

test('the description of the API says what is sent and what is answered', () => {
  const sound = { 'audio/wav': { schema: { contentMediaType: 'audio/wav' } } }
  expect(openApi(promptRoutes, { PUBLIC_URL: undefined, API_CONTACT_NAME: 'Istituto', version: '1.0.0' }).paths).toMatchObject({
    '/prompts/{key}/{language}/recording': {
      put: { requestBody: { description: expect.stringContaining('At most 32 MB'), content: sound } },
      get: { responses: { 200: { content: sound } } },
    },
  })
})

onOneSession(open => {
  test('a recording is uploaded, listened to, replaced, removed and restored; each step is in the journal', async () => {
    const { house, signIn } = await serve(open)
    const ask = await signIn(headquarters)
    const list = PromptList.parse(await (await ask('GET', '/api/prompts')).json())
    expect(list.items.find(({ key, language }) => key === 'menu' && language === 'en')?.text).toContain(
      'For an operator, press 0',
    )
    expect(list.items.find(({ key }) => key === 'menu.also-1')).toMatchObject({ language: 'en', part: 'also', node: 'menu' })
    expect(list.items.find(({ key }) => key === 'heard.next')).toMatchObject({
      part: 'program',
      node: null,
      heard: 'spoken',
      version: 0,
    })
    expect(list.items.find(({ key }) => key === 'welcome')?.mayRecord).toBe(false)

    // Spoken, and then its length is known.
    const spoken = durationMs(await soundOf(await ask('GET', `${address}/spoken`)))
    expect(spoken).toBeGreaterThan(5_000)
    expect(await menuIn(await ask('GET', '/api/prompts'))).toMatchObject({ heard: 'spoken', durationMs: spoken, recording: null })
    expect((await ask('GET', `${address}/recording`)).status).toBe(404)

    const stereo = writeWav(tone(500, 2_000, 44_100))
    stereo.writeUInt16LE(2, 22)
    const put = await ask('PUT', `${address}/recording`, { body: stereo, match: 0 })
    expect([put.status, put.headers.get('etag')]).toEqual([200, '"1"'])
    expect(Prompt.parse(await put.json())).toMatchObject({
      heard: 'recording',
      durationMs: 1_000,
      version: 1,
      recording: { by: 'Nora Villa', madeFrom: '44100 Hz, 16 bit, 2 ch' },
    })
    const heard = await soundOf(await ask('GET', `${address}/recording`))
    expect([heard.rate, durationMs(heard)]).toEqual([8_000, 1_000])

    // Somebody who has not seen it replaces nothing.
    const colleague = await signIn(administrator)
    const second = writeWav(tone(700, 300))
    expect((await colleague('PUT', `${address}/recording`, { body: second, match: 0 })).status).toBe(412)
    expect((await colleague('PUT', `${address}/recording`, { body: second })).status).toBe(428)
    expect((await colleague('PUT', `${address}/recording`, { body: second, match: 1 })).status).toBe(200)
    expect((await ask('DELETE', `${address}/recording`, { match: 1 })).status).toBe(412)
    const gone = Prompt.parse(await (await ask('DELETE', `${address}/recording`, { match: 2 })).json())
    expect(gone).toMatchObject({ heard: 'spoken', durationMs: spoken, version: 3, recording: null })
    expect((await ask('DELETE', `${address}/recording`, { match: 3 })).status).toBe(409)
    // What was there before can be heard and brought back.
    expect((await soundOf(await ask('GET', `${address}/recording?version=2`))).samples).toEqual(tone(700, 300).samples)
    const back = await ask('POST', `${address}/recording/restore`, { body: { from: 2 }, match: 3 })
    expect(Prompt.parse(await back.json())).toMatchObject({ heard: 'recording', durationMs: 300, version: 4 })
    expect((await ask('POST', `${address}/recording/restore`, { body: { from: 3 }, match: 4 })).status).toBe(404)

    const history = PromptHistory.parse(await (await ask('GET', `${address}/changes`)).json())
    expect(history.items.map(({ version, what, copyOf, by }) => [version, what, copyOf, by])).toEqual([
      [4, 'recorded', 2, 'Nora Villa'],
      [3, 'removed', null, 'Nora Villa'],
      [2, 'recorded', null, 'Aldo Serra'],
      [1, 'recorded', null, 'Nora Villa'],
    ])
    expect(await journal(house)).toEqual([
      'prompt.recorded menu 1',
      'prompt.recorded menu 2',
      'prompt.recording-removed menu 3',
      'prompt.recorded menu 4',
    ])
  })

  test('a recording belongs to its text: another text is spoken until it is recorded, in the draft already', async () => {
    const { signIn } = await serve(open)
    const ask = await signIn(headquarters)
    await ask('PUT', `${address}/recording`, { body: writeWav(tone(500, 1_000)), match: 0 })
    const begun = FlowVersion.parse(await (await ask('POST', '/api/flow/draft', { body: {} })).json())
    const { menu } = begun.flow.nodes
    if (menu?.type !== 'menu') throw new Error('the sample has no menu')
    const same = await menuIn(await ask('GET', '/api/prompts?of=draft'))
    expect(same).toMatchObject({ heard: 'recording', version: 1 })
    menu.text.it = 'Per le pensioni, prema 1. Per un operatore, prema 0.'
    const edited = await ask('PUT', '/api/flow/draft', { body: { flow: begun.flow }, match: 1 })
    const saved = FlowVersion.parse(await edited.json())
    expect(await menuIn(await ask('GET', '/api/prompts?of=draft'))).toMatchObject({
      heard: 'spoken',
      version: 0,
      recordingOfOtherText: true,
    })
    expect(await menuIn(await ask('GET', '/api/prompts'))).toMatchObject({ heard: 'recording', version: 1 })

    await ask('PUT', `${address}/recording?of=draft`, { body: writeWav(tone(600, 400)), match: 0 })
    await ask('POST', '/api/flow/draft/publish', { body: {}, match: saved.version })
    expect(await menuIn(await ask('GET', '/api/prompts'))).toMatchObject({ heard: 'recording', durationMs: 400 })
    expect((await ask('GET', '/api/prompts?of=draft')).status).toBe(404)
    await ask('POST', '/api/flow/versions/1/restore', { body: { note: 'Di nuovo' }, match: 2 })
    expect(await menuIn(await ask('GET', '/api/prompts'))).toMatchObject({ heard: 'recording', durationMs: 1_000 })
  })

  test('what is no sound for callers is refused with a sentence that says what to mend, and nothing is written', async () => {
    const { house, signIn } = await serve(open)
    const ask = await signIn(administrator)
    const wav = writeWav(tone(500, 500))
    const in24 = Buffer.from(wav)
    in24.writeUInt16LE(24, 34)
    const cases: [string, number, RegExp, { body: Buffer; type?: string }][] = [
      ['empty', 422, /vuoto/, { body: Buffer.alloc(0) }],
      ['mp3', 422, /MP3.*WAV/, { body: Buffer.from(`ID3${'x'.repeat(500)}`), type: 'audio/mpeg' }],
      ['mp3', 422, /MP3.*WAV/, { body: Buffer.from(`ID3${'x'.repeat(500)}`) }],
      ['otherFormat', 422, /Ogg/, { body: Buffer.from(`OggS${'x'.repeat(500)}`), type: 'audio/ogg' }],
      ['notWav', 422, /WAV/, { body: Buffer.from('{"a":1}'), type: 'application/json' }],
      ['truncated', 422, /troncato/, { body: wav.subarray(0, 3_000) }],
      ['bits', 422, /24 bit/, { body: in24 }],
      ['silent', 422, /silenzio/, { body: writeWav({ rate: 8_000, samples: new Int16Array(8_000) }) }],
      ['tooLong', 422, /5 minuti/, { body: writeWav({ rate: 8_000, samples: new Int16Array(8_000 * 301).fill(900) }) }],
      ['mediaType', 415, /audio\/wav/, { body: wav, type: 'application/octet-stream' }],
    ]
    for (const [reason, status, words, upload] of cases) {
      const answer = await ask('PUT', `${address}/recording`, { ...upload, match: 0 })
      expect(answer.headers.get('content-type'), reason).toContain('application/problem+json')
      const problem = await problemOf(answer)
      expect(problem, reason).toMatchObject({ status, code: `telephony.recording.${reason}` })
      expect(problem.detail, reason).toMatch(words)
    }
    const large = await ask('PUT', `${address}/recording`, { body: Buffer.alloc(largestRecordingBytes + 1), match: 0 })
    expect(await problemOf(large)).toMatchObject({ status: 413, detail: expect.stringContaining('32 MB') })
    expect(await problemOf(await ask('PUT', '/api/prompts/welcome/it/recording', { body: wav, match: 0 }))).toMatchObject({
      status: 422,
      code: 'telephony.recording.forEachCall',
    })
    for (const path of ['/api/prompts/nowhere/it/recording', '/api/prompts/menu/sl/recording'])
      expect((await ask('PUT', path, { body: wav, match: 0 })).status).toBe(404)
    for (const path of ['/api/prompts/..%2f..%2fetc/it/recording', '/api/prompts/menu/italian/recording'])
      expect((await ask('PUT', path, { body: wav, match: 0 })).status).toBe(422)
    expect(await house.database.kysely.selectFrom('recording').select('key').execute()).toEqual([])
    expect(await journal(house)).toEqual([])
  })

  test('others are refused before a byte is read', async () => {
    const { house, signIn } = await serve(open)
    const ask = await signIn(supervisor)
    const refused = await ask('PUT', `${address}/recording`, { body: Buffer.alloc(largestRecordingBytes + 1), match: 0 })
    expect(await problemOf(refused)).toMatchObject({ status: 403, code: 'platform.notYourRole' })
    for (const path of ['/api/prompts', `${address}/spoken`, `${address}/recording`, '/api/flow', '/api/flow/versions'])
      expect((await ask('GET', path)).status, path).toBe(403)
    const file = writeWav(tone(500, 200))
    await expect(saveRecording(house, supervisor, { wanted, version: 0, file })).rejects.toMatchObject({ status: 403 })
    await expect(removeRecording(house, supervisor, { wanted, version: 0 })).rejects.toMatchObject({ status: 403 })
  })

  test('a node that runs hears of it: the next caller hears the recording, and the text again when it is removed', async () => {
    const { house } = await open()
    const changes: (() => void)[] = []
    const changed = () => changes.shift()?.()
    const next = () => new Promise<void>(resolve => changes.push(resolve))
    const node = await followRecordings(house, changed)
    closing.push(() => node.close())
    const text = 'Non abbiamo ricevuto la sua scelta.'
    const prompt = { key: 'menu.silence', language: 'it', text }
    expect(node.of(prompt)).toBeUndefined()
    let heard = next()
    await saveRecording(house, headquarters, {
      wanted: { key: 'menu.silence', language: 'it', of: 'in-force' },
      version: 0,
      file: writeWav(tone(500, 200)),
    })
    await heard
    const name = node.of(prompt)
    expect(readWav(await node.read(name ?? '')).samples).toEqual(tone(500, 200).samples)
    expect(node.of({ ...prompt, text: 'Un altro testo.' })).toBeUndefined()
    expect(node.of({ language: 'it', text })).toBeUndefined()
    expect(node.all()).toEqual([prompt])
    heard = next()
    await removeRecording(house, headquarters, { wanted: { key: 'menu.silence', language: 'it', of: 'in-force' }, version: 1 })
    await heard
    expect(node.of(prompt)).toBeUndefined()
  })
})

onPostgres(open => {
  test('the other node has it too, and of two who upload at the same moment one is told', async () => {
    const { house, another } = await open()
    const other = await another()
    const changed = Promise.withResolvers<void>()
    const node = await followRecordings(other, changed.resolve)
    closing.push(() => node.close())
    const upload = (on: House, frequency: number) =>
      saveRecording(on, headquarters, { wanted, version: 0, file: writeWav(tone(frequency, 200)) })
    const both = await Promise.allSettled([upload(house, 500), upload(other, 700)])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(both.find(each => each.status === 'rejected')).toMatchObject({ reason: { status: 412 } })
    await changed.promise
    const [prompt] = node.all()
    expect(prompt?.key).toBe('menu')
    const won = both[0]?.status === 'fulfilled' ? 500 : 700
    expect(readWav(await node.read((prompt && node.of(prompt)) ?? '')).samples).toEqual(tone(won, 200).samples)
    // One that starts now knows it from the beginning.
    const late = await followRecordings(house, () => {})
    closing.push(() => late.close())
    expect(late.all()).toEqual(node.all())
  })
})
