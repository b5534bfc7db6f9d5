import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { toALaw } from '../../../test/support/sip-telephone.ts'
import { flowLanguages } from '../../ivr/index.ts'
import { languages, sentence } from '../../platform/index.ts'
import { heardLanguage, ownSentences, promptOfSentence } from './heard.ts'
import { mediaOf, openPrompts, type Prompts } from './prompts.ts'
import { resample } from './resample.ts'
import { type Speech, SpeechFailed, speechService } from './speech.ts'
import { durationMs, NotASound, readWav, type Sound, writeWav } from './wav.ts'

/** A tone of so many milliseconds. */
function tone(frequency: number, ms: number, rate = 8_000, height = 10_000): Sound {
  const samples = Int16Array.from({ length: (rate * ms) / 1_000 }, (_, n) =>
    Math.round(height * Math.sin((2 * Math.PI * frequency * n) / rate)),
  )
  return { rate, samples }
}

/** Root mean square without the edges, where a filter has nothing to look at. */
function level({ samples }: Sound): number {
  const middle = samples.subarray(400, samples.length - 400)
  return Math.sqrt(middle.reduce((sum, sample) => sum + sample * sample, 0) / middle.length)
}

const root2 = Math.sqrt(2)

describe('change of rate', () => {
  test('16 kHz to 8 kHz keeps length and voice', () => {
    const half = resample(tone(1_000, 500, 16_000), 8_000)
    expect(half.rate).toBe(8_000)
    expect(half.samples.length).toBe(4_000)
    expect(level(half)).toBeCloseTo(10_000 / root2, -2)
    const wanted = tone(1_000, 500)
    const worst = half.samples.reduce((most, sample, n) => {
      if (n < 400 || n > 3_600) return most
      return Math.max(most, Math.abs(sample - (wanted.samples[n] ?? 0)))
    }, 0)
    expect(worst).toBeLessThan(100)
  })

  test('what the telephone cannot carry is gone, and does not come back as a whistle', () => {
    // 5 kHz at 8000 samples a second would be heard as 3 kHz.
    expect(level(resample(tone(5_000, 500, 16_000), 8_000))).toBeLessThan(10)
    expect(level(resample(tone(3_400, 500, 16_000), 8_000))).toBeCloseTo(10_000 / root2, -2)
  })

  test.each([44_100, 48_000, 22_050, 11_025])('%i samples a second become 8000, as long as before', rate => {
    const other = resample(tone(800, 500, rate), 8_000)
    expect(Math.abs(durationMs(other) - 500)).toBeLessThanOrEqual(1)
    expect(level(other)).toBeCloseTo(10_000 / root2, -2)
  })

  test('the loudest sound is clipped, not turned over', () => {
    const loud = resample({ rate: 16_000, samples: new Int16Array(4_000).fill(32_767) }, 8_000)
    expect(Math.min(...loud.samples.subarray(200, -200))).toBeGreaterThan(32_000)
  })
})

describe('WAV files', () => {
  test('what is written is read again', () => {
    const sound = tone(440, 100)
    expect(readWav(writeWav(sound))).toEqual(sound)
  })

  test('two channels become one', () => {
    const file = writeWav({ rate: 8_000, samples: Int16Array.from([100, 300, -100, -300]) })
    file.writeUInt16LE(2, 22)
    expect([...readWav(file).samples]).toEqual([200, -200])
  })

  test('a program that writes to a pipe says a length that is not true', () => {
    const file = writeWav(tone(440, 100))
    file.writeUInt32LE(0x7fff_ffff, 40)
    expect(durationMs(readWav(file))).toBe(100)
  })

  /** The same tone in another form, written byte by byte. */
  const inForm = (kind: number, bits: number, bytes: readonly number[], { rate = 8_000, channels = 1 } = {}) => {
    const file = Buffer.concat([writeWav(tone(440, 100)).subarray(0, 44), Buffer.from(bytes)])
    file.writeUInt16LE(kind, 20)
    file.writeUInt16LE(channels, 22)
    file.writeUInt32LE(rate, 24)
    file.writeUInt16LE(bits, 34)
    file.writeUInt32LE(bytes.length, 40)
    return file
  }

  test('eight bits, A-law and µ-law mean what ITU-T G.711 says', () => {
    expect([...readWav(inForm(1, 8, [128, 255, 0, 192])).samples]).toEqual([0, 32_512, -32_768, 16_384])
    // Largest, smallest and zero of each law: tables 1a and 2a, in units of 16 bits.
    expect([...readWav(inForm(6, 8, [0xaa, 0x2a, 0xd5, 0x55])).samples]).toEqual([32_256, -32_256, 8, -8])
    expect([...readWav(inForm(7, 8, [0x80, 0x00, 0xff, 0x7f])).samples]).toEqual([32_124, -32_124, 0, 0])
    const hum = tone(440, 200)
    const back = readWav(inForm(6, 8, [...hum.samples].map(toALaw)))
    const worst = back.samples.reduce((most, sample, n) => Math.max(most, Math.abs(sample - (hum.samples[n] ?? 0))), 0)
    expect(worst).toBeLessThan(520)
  })

  test('the extended header says the kind further back', () => {
    const plain = writeWav(tone(440, 100))
    const head = Buffer.alloc(68 - 8 - 8 + 8)
    plain.copy(head, 0, 0, 36)
    head.writeUInt32LE(40, 16)
    head.writeUInt16LE(0xfffe, 20)
    head.writeUInt16LE(1, 20 + 24)
    expect(readWav(Buffer.concat([head, plain.subarray(36)]))).toEqual(readWav(plain))
  })

  test.each([
    ['empty', Buffer.alloc(0)],
    ['notWav', Buffer.from('<html>not found</html>'.repeat(10))],
    ['mp3', Buffer.from('ID3\u0004 and so on')],
    ['mp3', Buffer.from([0xff, 0xfb, 0x90, 0x64, ...new Array<number>(100).fill(0)])],
    ['otherFormat', Buffer.from(`OggS${'x'.repeat(100)}`)],
    ['otherFormat', Buffer.from(`....ftypM4A ${'x'.repeat(100)}`)],
    ['noSound', writeWav(tone(440, 100)).subarray(0, 36)],
    ['noSound', writeWav(tone(440, 0))],
    ['truncated', writeWav(tone(440, 100)).subarray(0, 1_000)],
    ['bits', inForm(1, 24, [0, 0, 0, 0, 0, 0])],
    ['bits', inForm(6, 16, [0, 0])],
    ['compressed', inForm(85, 16, [0, 0])],
    ['channels', inForm(1, 16, new Array<number>(12).fill(0), { channels: 6 })],
    ['rate', inForm(1, 16, [0, 0], { rate: 44_101 })],
  ] as const)('%s is refused with a sentence', (reason, file) => {
    const error = (() => {
      try {
        return readWav(file)
      } catch (thrown) {
        return thrown
      }
    })()
    expect(error).toBeInstanceOf(NotASound)
    expect(error).toMatchObject({ reason })
    for (const language of languages) {
      const words = sentence(language, `telephony.recording.${reason}`, error instanceof NotASound ? error.values : {})
      expect(words).not.toMatch(/^telephony|\{\{/)
    }
  })
})

describe('prompts', () => {
  let folder: string
  let spoken: string[]
  let prompts: Prompts
  let speech: Speech

  const soundsFolder = () => join(folder, 'asterisk')
  const open = () => openPrompts({ folder: join(folder, 'ours'), sounds: { folder: soundsFolder(), path: '/sounds' }, speech })
  const fileOf = (media: string) => join(soundsFolder(), `${media.slice('sound:/sounds/'.length)}.wav`)

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'filo-prompts-'))
    mkdirSync(soundsFolder())
    spoken = []
    // Speaks one millisecond for each letter: quick, and each text has its own sound.
    speech = {
      voice: 'letters-1',
      speaks: () => true,
      async synthesize(text, language) {
        spoken.push(`${language} ${text}`)
        if (text.includes('broken')) throw new SpeechFailed('The voice is hoarse.')
        return tone(300, text.length)
      },
    }
    prompts = open()
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  test('a text is spoken once, however often and by however many it is asked', async () => {
    const prompt = { text: 'Benvenuti.', language: 'it' }
    const both = await Promise.all([prompts.media(prompt), prompts.media(prompt)])
    expect(both[0]).toEqual(both[1])
    expect(await open().media(prompt)).toEqual(both[0])
    expect(spoken).toEqual(['it Benvenuti.'])
    expect(both[0].durationMs).toBe(10)
    expect(durationMs(readWav(readFileSync(fileOf(both[0].media))))).toBe(10)
  })

  test('another text, language or voice is another file', async () => {
    const files = new Set<string>()
    for (const [text, language] of [
      ['Uno', 'it'],
      ['Due', 'it'],
      ['Uno', 'en'],
    ] as const)
      files.add((await prompts.media({ text, language })).media)
    speech = { ...speech, voice: 'letters-2' }
    files.add((await open().media({ text: 'Uno', language: 'it' })).media)
    expect(files.size).toBe(4)
  })

  describe('a recording', () => {
    const prompt = { text: 'Benvenuti.', language: 'it', key: 'welcome' }
    const wav = writeWav(tone(500, 250))
    let inForce: string | undefined
    let fetched: number
    let complaints: string[]
    let there: boolean
    const openWith = () =>
      openPrompts({
        folder: join(folder, 'ours'),
        sounds: { folder: soundsFolder(), path: '/sounds' },
        speech,
        recordings: {
          of: each => (each.key === prompt.key && each.text === prompt.text ? inForce : undefined),
          async read() {
            fetched++
            if (!there) throw new Error('the database is away')
            return wav
          },
        },
        complain: (each, error) => complaints.push(`${each.key}: ${error}`),
      })
    beforeEach(() => {
      inForce = 'a'.repeat(64)
      fetched = 0
      complaints = []
      there = true
    })

    test('is played instead of its text, fetched once on each node, until it is taken away', async () => {
      const ours = openWith()
      const recorded = await ours.media(prompt)
      expect(recorded.durationMs).toBe(250)
      expect(readFileSync(fileOf(recorded.media)).equals(wav)).toBe(true)
      expect(await ours.media(prompt)).toEqual(recorded)
      // After a restart the file is there; another text of the same prompt is spoken.
      expect(await openWith().media(prompt)).toEqual(recorded)
      expect(fetched).toBe(1)
      expect(spoken).toEqual([])
      expect((await ours.media({ ...prompt, text: 'Ben arrivati.' })).durationMs).toBe(13)
      inForce = undefined
      expect((await ours.media(prompt)).durationMs).toBe(10)
    })

    test('that cannot be had leaves no caller in silence, and is had the next time', async () => {
      there = false
      const ours = openWith()
      expect((await ours.media(prompt)).durationMs).toBe(10)
      expect(complaints).toEqual(['welcome: Error: the database is away'])
      there = true
      expect((await ours.media(prompt)).durationMs).toBe(250)
    })
  })

  test('a voice that fails is asked again the next time, and leaves no file', async () => {
    const prompt = { text: 'broken', language: 'it' }
    await expect(prompts.media(prompt)).rejects.toThrow(SpeechFailed)
    expect(readdirSync(soundsFolder())).toEqual([])
    speech = { ...speech, synthesize: async () => tone(300, 6) }
    expect((await open().media(prompt)).durationMs).toBe(6)
    await expect(prompts.media({ text: '  ', language: 'it' })).rejects.toThrow(SpeechFailed)
    await expect(prompts.media({ text: 'a'.repeat(2_001), language: 'it' })).rejects.toThrow(SpeechFailed)
  })

  test('a crash in the middle leaves no half file behind a name, and the next start makes it whole', async () => {
    const prompt = { text: 'Benvenuti.', language: 'it' }
    const { media } = await prompts.media(prompt)
    const name = media.slice('sound:/sounds/'.length)
    rmSync(fileOf(media))
    rmSync(join(folder, 'ours/prompts', `${name}.wav`))
    // What a program that died while writing leaves.
    writeFileSync(join(folder, 'ours/prompts', `${name}.wav.half`), writeWav(tone(300, 10)).subarray(0, 50))
    writeFileSync(join(soundsFolder(), `${name}.wav.half`), 'half')
    expect(await open().media(prompt)).toEqual({ media, durationMs: 10 })
    expect(durationMs(readWav(readFileSync(fileOf(media))))).toBe(10)
  })

  test('a crash between our file and Asterisk’s is mended without speaking again', async () => {
    const prompt = { text: 'Benvenuti.', language: 'it' }
    const { media } = await prompts.media(prompt)
    rmSync(fileOf(media))
    await open().media(prompt)
    expect(readWav(readFileSync(fileOf(media))).rate).toBe(8_000)
    expect(spoken).toHaveLength(1)
  })

  test('a flow is made ready beforehand, what cannot be spoken is named, and a caller need not wait for it', async () => {
    const gate: (() => void)[] = []
    const speak = speech.synthesize
    speech = {
      ...speech,
      async synthesize(text, language) {
        if (text !== 'now') await new Promise<void>(resolve => gate.push(resolve))
        return speak(text, language)
      },
    }
    const ours = open()
    const texts = ['uno', 'due', 'broken', 'tre', 'quattro']
    const preparing = ours.prepare(texts.map(text => ({ text, language: 'it' })))
    expect((await ours.media({ text: 'now', language: 'it' })).durationMs).toBe(3)
    expect(gate).toHaveLength(1)
    for (let done = false; !done; ) {
      gate.shift()?.()
      done = await Promise.race([preparing.then(() => true), new Promise<false>(resolve => setImmediate(() => resolve(false)))])
    }
    expect((await preparing).map(({ prompt }) => prompt.text)).toEqual(['broken'])
    expect(readdirSync(soundsFolder())).toHaveLength(5)
  })

  test('many who need a voice at once take turns, two at a time', async () => {
    let atOnce = 0
    let most = 0
    const speak = speech.synthesize
    speech = {
      ...speech,
      async synthesize(text, language) {
        most = Math.max(most, ++atOnce)
        await new Promise(resolve => setImmediate(resolve))
        atOnce--
        return speak(text, language)
      },
    }
    const ours = open()
    await Promise.all(Array.from({ length: 9 }, (_, n) => ours.media({ text: `text ${n}`, language: 'it' })))
    expect(most).toBe(2)
  })

  test('files are named as Asterisk wants them: a path without extension, an address with it', () => {
    expect(mediaOf('/var/lib/sounds', 'abc')).toBe('sound:/var/lib/sounds/abc')
    expect(mediaOf('https://sounds.example/p/', 'abc')).toBe('sound:https://sounds.example/p/abc.wav')
  })
})

describe('a speech service', () => {
  async function serving(answer: { status?: number; body: Buffer | string }) {
    const asked: string[] = []
    const server = createServer((request, response) => {
      request.on('data', chunk => asked.push(String(chunk)))
      request.on('end', () => response.writeHead(answer.status ?? 200).end(answer.body))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const speech = speechService(`http://127.0.0.1:${(server.address() as AddressInfo).port}/speak`)
    return { speech, asked, close: () => new Promise(resolve => server.close(resolve)) }
  }

  test('is given text and language, and its sound is brought to the telephone’s rate', async () => {
    const { speech, asked, close } = await serving({ body: writeWav(tone(440, 300, 22_050)) })
    const sound = await speech.synthesize('Buongiorno', 'it')
    await close()
    expect(asked.map(text => JSON.parse(text))).toEqual([{ text: 'Buongiorno', language: 'it' }])
    expect(sound.rate).toBe(8_000)
    expect(Math.abs(durationMs(sound) - 300)).toBeLessThanOrEqual(1)
  })

  test.each([
    ['an error', { status: 503, body: 'busy' }],
    ['something else', { body: '<html></html>' }],
  ])('that answers with %s fails with a sentence', async (_, answer) => {
    const { speech, close } = await serving(answer)
    await expect(speech.synthesize('Buongiorno', 'it')).rejects.toThrow(SpeechFailed)
    await close()
  })

  test('that is not there fails with a sentence', async () => {
    await expect(speechService('http://127.0.0.1:1/speak').synthesize('Buongiorno', 'it')).rejects.toThrow(/could not be used/)
  })
})

describe('the sentences of the program', () => {
  test('of an earlier time are in every language of a flow, each in its own words; the others in Italian or English', () => {
    const keys = flowLanguages.map(language => promptOfSentence('offerKeys', language).text)
    expect(new Set(keys).size).toBe(flowLanguages.length)
    expect(heardLanguage('sl', ['offerNew', 'offerHour'])).toBe('sl')
    expect(heardLanguage('sl', ['offerNew', 'next'])).toBe('it')
    expect([heardLanguage('en', ['next']), heardLanguage('xx', ['offerNew'])]).toEqual(['en', 'it'])
  })

  test('each can be spoken beforehand, and has one key in a language', () => {
    const all = ownSentences()
    expect(new Set(all.map(({ key, language }) => `${language} ${key}`)).size).toBe(all.length)
    for (const { key, text } of all) expect(text, key).not.toMatch(/^telephony\.|^$|\{\{/)
  })
})
