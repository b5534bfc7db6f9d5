/**
 * Speech: a text becomes sound. A port, and three adapters behind it.
 *
 * SVOX Pico is small, quick and clear in its languages; espeak-ng speaks nearly every language, like a machine; a speech service over
 * HTTP speaks as well as whoever runs it. All answer with what Asterisk plays: 8000 Hz, 16 bit, one channel.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { resample } from './resample.ts'
import { readWav, type Sound } from './wav.ts'

/** Samples a second of the telephone network. */
export const telephoneRate = 8_000

const programWithinMs = 15_000
const serviceWithinMs = 15_000
const largestAnswerBytes = 20 * 1_048_576

export interface Speech {
  /** Name and version of the voice: sound of another voice is another sound. */
  readonly voice: string
  /** Whether it speaks a language (two letters, ISO 639-1). */
  speaks(language: string): boolean
  /**
   * Speaks a text: 8000 Hz, 16 bit, one channel.
   * @throws SpeechFailed
   */
  synthesize(text: string, language: string): Promise<Sound>
}

/** The text could not be spoken; the message says by whom and why. */
export class SpeechFailed extends Error {
  override readonly name = 'SpeechFailed'
}

/** Languages of SVOX Pico and the names of its voices. */
const picoVoices: Readonly<Record<string, string>> = { it: 'it-IT', en: 'en-GB', de: 'de-DE', fr: 'fr-FR', es: 'es-ES' }

/** SVOX Pico (`pico2wave` of Debian's `libttspico-utils`). */
export const pico: Speech = {
  voice: 'svox-pico-1',
  speaks: language => language in picoVoices,
  synthesize: (text, language) =>
    // Pico takes marks in angle brackets for commands; a prompt has none.
    intoFile('pico2wave', file => ['-l', picoVoices[language] ?? '', '-w', file, '--', text.replaceAll(/[<>]/g, ' ')]),
}

/** espeak-ng, for languages that nobody else speaks. */
export const espeak: Speech = {
  voice: 'espeak-ng-1',
  speaks: language => /^[a-z]{2}$/.test(language),
  synthesize: (text, language) => intoFile('espeak-ng', file => ['-v', language, '-s', '150', '-w', file, '--', text]),
}

/**
 * A speech service: `POST url {"text", "language"}` answers a WAV file of 16-bit samples at any rate. Any engine can be put
 * behind this in a few lines.
 */
export const speechService = (url: string): Speech => ({
  voice: `service ${url}`,
  speaks: () => true,
  async synthesize(text, language) {
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'audio/wav' },
        body: JSON.stringify({ text, language }),
        signal: AbortSignal.timeout(serviceWithinMs),
      })
      if (!answer.ok) throw new SpeechFailed(`The speech service answered ${answer.status}.`)
      const file = Buffer.from(await answer.arrayBuffer())
      if (file.length > largestAnswerBytes) throw new SpeechFailed('The speech service answered with too large a file.')
      return resample(readWav(file), telephoneRate)
    } catch (error) {
      if (error instanceof SpeechFailed) throw error
      throw new SpeechFailed(`The speech service could not be used: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      })
    }
  },
})

/** The speech of this machine: the service if one is configured, else the programs that are installed, the clearest first. */
export function speechHere(serviceUrl?: string): Speech {
  if (serviceUrl) return speechService(serviceUrl)
  return firstThatSpeaks([...(isInstalled('pico2wave') ? [pico] : []), ...(isInstalled('espeak-ng') ? [espeak] : [])])
}

/** Each language by the first voice that speaks it. */
export function firstThatSpeaks(voices: readonly Speech[]): Speech {
  const of = (language: string) => voices.find(voice => voice.speaks(language))
  return {
    voice: voices.map(({ voice }) => voice).join('+'),
    speaks: language => of(language) !== undefined,
    async synthesize(text, language) {
      const voice = of(language)
      if (!voice)
        throw new SpeechFailed(
          `Nobody here speaks "${language}": install libttspico-utils (Debian non-free) or espeak-ng, or set SPEECH_URL to a speech service.`,
        )
      return voice.synthesize(text, language)
    },
  }
}

export const isInstalled = (program: string): boolean =>
  (process.env.PATH ?? '').split(':').some(folder => folder !== '' && existsSync(join(folder, program)))

/** Runs a program that writes a WAV file. No shell is involved: a text is an argument and nothing else. */
async function intoFile(program: string, argumentsFor: (file: string) => string[]): Promise<Sound> {
  const folder = await mkdtemp(join(tmpdir(), 'filo-speech-'))
  const file = join(folder, 'speech.wav')
  try {
    await new Promise<void>((resolve, reject) => {
      execFile(program, argumentsFor(file), { timeout: programWithinMs }, (error, _, stderr) => {
        if (error) reject(new SpeechFailed(`${program} failed: ${stderr.trim() || error.message}`, { cause: error }))
        else resolve()
      })
    })
    return resample(readWav(await readFile(file)), telephoneRate)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
