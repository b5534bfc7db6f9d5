/**
 * Prompts: what callers hear, as files that Asterisk can play.
 *
 * A text is spoken once. Its sound is kept under a name made from voice, language and text, so a changed text is a new file and an old
 * one is never wrong. Files appear whole or not at all (written beside, then renamed), because a call may play one at any moment.
 *
 *   recordings/<language>/<key>.wav   uploaded, replaces the spoken text of the prompt with this key
 *   prompts/<hash>.wav                spoken, or made from a recording
 *   <Asterisk's folder>/<hash>.wav    the same again, where Asterisk finds it
 */
import { createHash, randomUUID } from 'node:crypto'
import { copyFile, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { resample } from './resample.ts'
import { type Speech, SpeechFailed, telephoneRate } from './speech.ts'
import { durationMs, readWav, writeWav } from './wav.ts'

const longestTextCharacters = 2_000
const longestRecordingMs = 5 * 60_000
/** Speaking costs a processor each; a flow of a hundred prompts must not take them all. */
const spokenAtOnce = 2

export interface Prompt {
  readonly text: string
  /** Two letters, ISO 639-1. */
  readonly language: string
  /** The prompt's key in its flow; a recording of this key is played instead of the text. */
  readonly key?: string
}

export interface Spoken {
  /** For `play`: `sound:` and the file as Asterisk names it. */
  readonly media: string
  readonly durationMs: number
}

export interface Prompts {
  /**
   * The sound of a prompt, made if it is not there yet. The first time takes some tens of milliseconds.
   * @throws SpeechFailed
   */
  media(prompt: Prompt): Promise<Spoken>
  /** Makes the sounds of many prompts beforehand, e.g. when a flow is published. Answers what could not be spoken. */
  prepare(prompts: readonly Prompt[]): Promise<{ prompt: Prompt; error: SpeechFailed }[]>
  /**
   * Replaces the prompts with this key by a recording: a WAV file with 16-bit samples, at most 5 minutes.
   * @throws NotASound, RangeError when it is too long or the key is none
   */
  record(key: string, language: string, wav: Buffer): Promise<{ durationMs: number }>
  /** Goes back to the spoken text. */
  forgetRecording(key: string, language: string): Promise<void>
}

export interface PromptsOptions {
  /** Folder of ours, below the data folder. */
  readonly folder: string
  /** The folder that is shared with Asterisk, and its name there: a path, or a URL for an Asterisk with `res_http_media_cache`. */
  readonly sounds: { readonly folder: string; readonly path: string }
  readonly speech: Speech
}

export function openPrompts({ folder, sounds, speech }: PromptsOptions): Prompts {
  const ready = new Map<string, Promise<Spoken>>()
  const atOnce = limit(spokenAtOnce)

  const recordingFile = (key: string, language: string) => {
    // Becomes part of a path.
    if (!/^[a-z0-9][a-z0-9._-]{0,99}$/i.test(key)) throw new RangeError(`"${key}" is no key of a prompt`)
    if (!/^[a-z]{2}$/.test(language)) throw new RangeError(`"${language}" is no language`)
    return join(folder, 'recordings', language, `${key}.wav`)
  }

  /** Puts a sound where Asterisk finds it; `make` runs only when nobody has made it before. */
  async function keep(hash: string, make: () => Promise<Buffer>): Promise<Spoken> {
    const ours = join(folder, 'prompts', `${hash}.wav`)
    let file = await readIfThere(ours)
    if (!file) {
      file = await make()
      await writeWhole(ours, file)
    }
    await share(ours, join(sounds.folder, `${hash}.wav`))
    return { media: mediaOf(sounds.path, hash), durationMs: durationMs(readWav(file)) }
  }

  function once(hash: string, make: () => Promise<Buffer>): Promise<Spoken> {
    const known = ready.get(hash)
    if (known) return known
    const making = keep(hash, make)
    ready.set(hash, making)
    // What failed is tried again next time.
    making.catch(() => ready.delete(hash))
    return making
  }

  async function media({ text, language, key }: Prompt): Promise<Spoken> {
    const recording = key === undefined ? undefined : await readIfThere(recordingFile(key, language))
    if (recording) return once(hashOf('recording', recording.toString('base64')), async () => recording)
    if (text.trim() === '' || text.length > longestTextCharacters)
      throw new SpeechFailed(`A prompt has between 1 and ${longestTextCharacters} characters; this one has ${text.length}.`)
    return once(hashOf(speech.voice, language, text), () => atOnce(async () => writeWav(await speech.synthesize(text, language))))
  }

  return {
    media,
    async prepare(prompts) {
      const failed: { prompt: Prompt; error: SpeechFailed }[] = []
      // One after the other: a caller who must be told something now finds a voice free.
      for (const prompt of prompts) {
        try {
          await media(prompt)
        } catch (error) {
          if (!(error instanceof SpeechFailed)) throw error
          failed.push({ prompt, error })
        }
      }
      return failed
    },
    async record(key, language, wav) {
      const sound = resample(readWav(wav), telephoneRate)
      if (durationMs(sound) > longestRecordingMs)
        throw new RangeError(`A recording lasts at most ${longestRecordingMs / 60_000} minutes`)
      await writeWhole(recordingFile(key, language), writeWav(sound))
      return { durationMs: durationMs(sound) }
    },
    async forgetRecording(key, language) {
      await rm(recordingFile(key, language), { force: true })
    },
  }
}

/** How Asterisk is told to play a file of the shared folder: by path without extension, by URL with it. Pure. */
export const mediaOf = (path: string, name: string): string =>
  /^https?:/.test(path) ? `sound:${path.replace(/\/+$/, '')}/${name}.wav` : `sound:${path}/${name}`

const hashOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40)

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

async function writeWhole(file: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const beside = `${file}.${randomUUID()}`
  try {
    await writeFile(beside, bytes)
    await rename(beside, file)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}

/** A second name for the same file where both folders lie on one disk, a copy elsewhere. */
async function share(ours: string, theirs: string): Promise<void> {
  try {
    await link(ours, theirs)
    return
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EEXIST') return
    // Another disk, a file system without links, a folder of another owner.
    if (code !== 'EXDEV' && code !== 'EPERM' && code !== 'ENOTSUP') throw error
  }
  const beside = `${theirs}.${randomUUID()}`
  try {
    await copyFile(ours, beside)
    await rename(beside, theirs)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}

/** Lets at most `count` works run at once; the others wait in order. */
function limit(count: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = count
  const waiting: (() => void)[] = []
  return async work => {
    if (free > 0) free--
    else await new Promise<void>(resolve => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
}
