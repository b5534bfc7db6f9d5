/**
 * Prompts: what callers hear, as files that Asterisk can play.
 *
 * A text is spoken once. Its sound is kept under a name made from voice, language and text, so a changed text is a new file and an old
 * one is never wrong. Files appear whole or not at all (written beside, then renamed), because a call may play one at any moment.
 *
 * A recording that somebody has uploaded replaces the spoken text. It comes from the database (`recordings/`), under a name made from
 * its sound: what was fetched once lies here, on each node, as what was spoken does.
 *
 *   prompts/<hash>.wav                spoken, or fetched
 *   <Asterisk's folder>/<hash>.wav    the same again, where Asterisk finds it
 */
import { createHash, randomUUID } from 'node:crypto'
import { copyFile, link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Speech, SpeechFailed } from './speech.ts'
import { comfortNoise, melody } from './tail.ts'
import { durationMs, durationOfBytes, readWav, type Sound, writeWav } from './wav.ts'

const maxTextLength = 2_000
/** Speaking costs a processor each; a flow of a hundred prompts must not take them all. */
const spokenAtOnce = 2

/** As long as a caller thinks about a menu, and somewhat longer. */
const thinkingSeconds = 7
/** Melodies between two sentences, of a quarter of a minute each, and how often both are repeated: longer than a program is away. */
const melodiesBetween = 2
const rounds = 20

export interface PromptText {
  readonly text: string
  /** Two letters, ISO 639-1. */
  readonly language: string
  /** The prompt's key in its flow; a recording of this key, language and text is played instead of the text. */
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
  media(prompt: PromptText): Promise<Spoken>
  /**
   * What sounds behind a prompt until something else does: noise as long as a caller thinks, then a melody with a sentence from time to time. For
   * `play`, after the prompt's own. Never throws: without it nothing sounds there.
   */
  tail(language: string): Promise<readonly string[]>
  /** Makes the sounds of many prompts beforehand, e.g. when a flow is published. Returns what could not be spoken. */
  prepare(prompts: readonly PromptText[]): Promise<{ prompt: PromptText; error: SpeechFailed }[]>
}

/** Where the recordings are. */
export interface Recordings {
  /** The name of the recording in force of a prompt, made from its sound; undefined when the text is to be spoken. */
  of(prompt: PromptText): string | undefined
  /** Its file: WAV, 8000 Hz, 16 bit, one channel. */
  read(name: string): Promise<Buffer>
}

/** Texts as sounds, each spoken once. */
export interface Voice {
  /** The file of a text, and its name. @throws SpeechFailed */
  speak(text: string, language: string): Promise<{ name: string; file: Buffer }>
  /** How long a text sounds, in milliseconds, when it has been spoken before. */
  lengthMs(text: string, language: string): Promise<number | undefined>
}

export interface PromptsOptions {
  /** Folder of ours, below the data folder. */
  readonly folder: string
  /** The folder that is shared with Asterisk, and its name there: a path, or a URL for an Asterisk with `res_http_media_cache`. */
  readonly sounds: { readonly folder: string; readonly path: string }
  readonly speech: Speech
  /** Left out: everything is spoken. */
  readonly recordings?: Recordings
  /** What is said from time to time to callers who hear nothing but us; left out: nothing. */
  readonly pleaseWait?: (language: string) => PromptText
  /** Hears that a recording could not be had; its text is spoken instead, since a caller must hear something. */
  readonly complain?: (prompt: PromptText, error: unknown) => void
}

const fileOf = (folder: string, name: string): string => join(folder, 'prompts', `${name}.wav`)

/** A file of ours; `make` runs only when nobody has made it before. */
async function kept(file: string, make: () => Promise<Buffer>): Promise<Buffer> {
  const there = await readIfThere(file)
  if (there) return there
  const made = await make()
  await writeWhole(file, made)
  return made
}

/** @param folder of ours, below the data folder; several programs may have the same one */
export function openVoice({ folder, speech }: Pick<PromptsOptions, 'folder' | 'speech'>): Voice {
  const atOnce = limit(spokenAtOnce)
  const nameOf = (text: string, language: string) => hashOf(speech.voice, language, text)
  return {
    async speak(text, language) {
      if (text.trim() === '' || text.length > maxTextLength)
        throw new SpeechFailed(`A prompt has between 1 and ${maxTextLength} characters; this one has ${text.length}.`)
      const name = nameOf(text, language)
      const file = await kept(fileOf(folder, name), () => atOnce(async () => writeWav(await speech.synthesize(text, language))))
      return { name, file }
    },
    async lengthMs(text, language) {
      const size = await stat(fileOf(folder, nameOf(text, language))).then(
        found => found.size,
        () => undefined,
      )
      return size === undefined ? undefined : durationOfBytes(size)
    },
  }
}

export function openPrompts({ folder, sounds, speech, recordings, pleaseWait, complain }: PromptsOptions): Prompts {
  const ready = new Map<string, Promise<Spoken>>()
  const voice = openVoice({ folder, speech })

  /** Puts a sound where Asterisk finds it. */
  async function hang({ name, file }: { name: string; file: Buffer }): Promise<Spoken> {
    await share(fileOf(folder, name), join(sounds.folder, `${name}.wav`))
    return { media: mediaOf(sounds.path, name), durationMs: durationMs(readWav(file)) }
  }

  function once(what: string, make: () => Promise<Spoken>): Promise<Spoken> {
    const known = ready.get(what)
    if (known) return known
    const making = make()
    ready.set(what, making)
    // What failed is tried again next time.
    making.catch(() => ready.delete(what))
    return making
  }

  async function media(prompt: PromptText): Promise<Spoken> {
    const { text, language } = prompt
    const recording = recordings?.of(prompt)
    if (recordings && recording !== undefined) {
      try {
        return await once(`recording ${recording}`, async () =>
          hang({ name: recording, file: await kept(fileOf(folder, recording), () => recordings.read(recording)) }),
        )
      } catch (error) {
        complain?.(prompt, error)
      }
    }
    return once(`${language} ${text}`, async () => hang(await voice.speak(text, language)))
  }

  /** A sound that is made and not spoken, under a name made from it. */
  const made = (what: string, make: () => Sound): Promise<Spoken> =>
    once(what, async () => {
      const file = writeWav(make())
      const name = hashOf(what, file.toString('base64'))
      return hang({ name, file: await kept(fileOf(folder, name), async () => file) })
    })

  async function tail(language: string): Promise<readonly string[]> {
    try {
      const [noise, music] = await Promise.all([made('noise', () => comfortNoise(thinkingSeconds)), made('melody', melody)])
      const words = pleaseWait && (await media(pleaseWait(language)))
      const round = [...(words ? [words.media] : []), ...Array.from({ length: melodiesBetween }, () => music.media)]
      return [noise.media, music.media, ...Array.from({ length: rounds }, () => round).flat()]
    } catch (error) {
      complain?.({ text: 'tail', language }, error)
      return []
    }
  }

  return {
    media,
    tail,
    async prepare(prompts) {
      const failed: { prompt: PromptText; error: SpeechFailed }[] = []
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
