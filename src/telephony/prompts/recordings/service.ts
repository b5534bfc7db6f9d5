/**
 * Prompts and their recordings: what callers hear for each text of the flow, and the use cases that change it.
 *
 *   spoken ──record──▶ recording 1 ──record──▶ recording 2 ──remove──▶ spoken ──restore 1──▶ recording 1 again …
 *
 * A recording belongs to a prompt *and its text*. Whoever changes the text in a draft hears the new one spoken until it is recorded, before
 * publication or after; whoever goes back to the old text hears the old recording. So a recording never says what the flow does not.
 */
import { join } from 'node:path'
import { type FlowPrompt, isForEachCall, mayKeepFlow, promptsOf, wholeFlow } from '../../../ivr/index.ts'
import {
  changedMeanwhile,
  type Db,
  type House,
  must,
  notFound,
  Refused,
  sentence,
  useCase,
  type Work,
} from '../../../platform/index.ts'
import { ownSentences } from '../heard.ts'
import { NotASound, openVoice, SpeechFailed, speechHere, type Voice } from '../index.ts'
import { promptRecorded, promptRecordingRemoved } from './events.ts'
import type { Prompt, PromptList, Recording, RecordingChange } from './model.ts'
import { type Prepared, prepareRecording } from './prepare.ts'
import { insertRecording, newestOf, newestOfAll, promptHistory, type RecordingRow, type Said, soundOf } from './store.ts'

export type Source = 'in-force' | 'draft'

/** Which prompt is meant: its key and language, with the text that the flow has for it. */
export interface Wanted {
  key: string
  language: string
  of: Source
}

const changesShown = 100

// --- reading --------------------------------------------------------------------------------------------------------

/** All prompts of a flow, and the sentences that the program says by itself. */
export async function promptList(house: House, of: Source): Promise<PromptList> {
  const db = house.database.kysely
  const flow = await wholeFlow(db, 'main', of)
  if (of === 'draft' && !flow) throw new Refused('ivr.noDraft', {}, 404)
  const rows = await newestOfAll(db)
  const items: Prompt[] = []
  for (const each of [...(flow ? promptsOf(flow.flow) : []), ...ownPrompts()]) items.push(await viewOf(house, each, rows))
  return { number: flow?.version ?? null, items }
}

/** One prompt. @throws Refused 404 when the flow has none of this key and language */
export async function promptOf(house: House, wanted: Wanted): Promise<Prompt> {
  const prompt = await find(house.database.kysely, wanted)
  return viewOf(house, prompt, await promptHistory(house.database.kysely, wanted.key, wanted.language, changesShown))
}

/** What was recorded and removed for a prompt, whatever its text was then, the newest first. @throws as `promptOf` */
export async function promptChanges(house: House, wanted: Wanted): Promise<RecordingChange[]> {
  const { text } = await find(house.database.kysely, wanted)
  const rows = await promptHistory(house.database.kysely, wanted.key, wanted.language, changesShown)
  return rows.map(row => ({
    version: row.version,
    text: row.text,
    isOfThisText: row.text === text,
    what: row.sha256 === null ? 'removed' : 'recorded',
    copyOf: row.copyOf,
    durationMs: row.durationMs,
    at: row.at.toISOString(),
    by: row.by,
  }))
}

/** The sound of a recording: the one in force, or an earlier one of the same text. @throws Refused 404 when there is none */
export async function recordedSound(house: House, wanted: Wanted, version?: number): Promise<Buffer> {
  const db = house.database.kysely
  const prompt = await find(db, wanted)
  const wantedVersion = version ?? (await newestOf(db, prompt))?.version
  const sound = wantedVersion === undefined ? undefined : await soundOf(db, prompt, wantedVersion)
  if (!sound) throw new Refused('telephony.recording.none', {}, 404)
  return sound
}

/** The sound of the text as the voice of this program speaks it. @throws Refused 404; 503 when nobody here speaks the language */
export async function spokenSound(house: House, wanted: Wanted): Promise<Buffer> {
  const { text, language } = await find(house.database.kysely, wanted)
  // An office stands for all offices: so one hears the whole sentence.
  const said = text.replaceAll('{{office}}', sentence('it', 'ivr.exampleOffice'))
  try {
    return (await voiceOf(house).speak(said, language)).file
  } catch (error) {
    if (!(error instanceof SpeechFailed)) throw error
    house.log.warn({ key: wanted.key, language, error: error.message }, 'telephony: a prompt could not be spoken')
    throw new Refused('telephony.recording.nobodySpeaks', { language }, 503)
  }
}

// --- changing -------------------------------------------------------------------------------------------------------

/**
 * Puts a recording in the place of a spoken text. A WAV file: 8 or 16 bits or G.711, one or two channels, at most five minutes.
 * @param version of the prompt, as it was read
 * @throws Refused 403, 404, 412 when somebody else was quicker, 422 with the sentence that says what to mend in the file
 */
export async function saveRecording(
  house: House,
  actor: Work['actor'],
  { wanted, version, file }: { wanted: Wanted; version: number; file: Buffer },
): Promise<Prompt> {
  must(mayKeepFlow(actor))
  const prompt = await find(house.database.kysely, wanted)
  if (!mayRecord(prompt)) throw new Refused('telephony.recording.forEachCall', {}, 422)
  const newest = await newestOf(house.database.kysely, prompt)
  if ((newest?.version ?? 0) !== version) throw recordedMeanwhile(newest)
  await keepRecording(house, actor, { prompt, version, prepared: await prepared(file) })
  return promptOf(house, wanted)
}

const keepRecording = useCase(
  (work, { prompt, version, prepared: { sound, durationMs, madeFrom } }: { prompt: Said; version: number; prepared: Prepared }) =>
    add(work, prompt, version, { sound, durationMs, madeFrom, copyOf: null }),
)

/** Goes back to the spoken text. The recording is kept, and can be restored. @throws Refused 403, 404, 409 when the text is spoken already, 412 */
export const removeRecording = useCase(async (work, { wanted, version }: { wanted: Wanted; version: number }): Promise<void> => {
  must(mayKeepFlow(work.actor))
  const prompt = await find(work.tx, wanted)
  const newest = await newestOf(work.tx, prompt)
  if ((newest?.version ?? 0) !== version) throw recordedMeanwhile(newest)
  if (!newest || newest.sha256 === null) throw new Refused('telephony.recording.none', {}, 409)
  await add(work, prompt, version, { sound: null, durationMs: null, madeFrom: null, copyOf: null })
})

/** Puts an earlier recording of the same text in force again. @throws Refused 403, 404 without such a recording, 412 */
export const restoreRecording = useCase(
  async (work, { wanted, version, from }: { wanted: Wanted; version: number; from: number }): Promise<void> => {
    must(mayKeepFlow(work.actor))
    const prompt = await find(work.tx, wanted)
    const newest = await newestOf(work.tx, prompt)
    if ((newest?.version ?? 0) !== version) throw recordedMeanwhile(newest)
    const rows = await promptHistory(work.tx, prompt.key, prompt.language, changesShown)
    const earlier = rows.find(row => row.text === prompt.text && row.version === from)
    const sound = await soundOf(work.tx, prompt, from)
    if (!earlier || !sound) throw new Refused('telephony.recording.none', {}, 404)
    await add(work, prompt, version, { sound, durationMs: earlier.durationMs, madeFrom: earlier.madeFrom, copyOf: from })
  },
)

async function add(
  { tx, actor, now, journal }: Work,
  { key, language, text }: Said,
  before: number,
  what: { sound: Buffer | null; durationMs: number | null; madeFrom: string | null; copyOf: number | null },
): Promise<void> {
  const version = before + 1
  const person = actor.kind === 'person' ? { id: actor.personId, name: actor.name } : null
  if (!(await insertRecording(tx, { key, language, text, version, ...what, at: now, person })))
    throw recordedMeanwhile(await newestOf(tx, { key, language, text }))
  if (what.durationMs === null) await journal(promptRecordingRemoved, { key, language, text, version }, {})
  else await journal(promptRecorded, { key, language, text, version, durationMs: what.durationMs, copyOf: what.copyOf }, {})
}

const recordedMeanwhile = (newest: RecordingRow | undefined): Refused =>
  changedMeanwhile(
    { version: newest?.version ?? 0, durationMs: newest?.durationMs ?? null },
    newest && { by: newest.by ?? '', at: newest.at },
  )

async function prepared(file: Buffer): Promise<Prepared> {
  try {
    return await prepareRecording(file)
  } catch (error) {
    if (!(error instanceof NotASound)) throw error
    throw new Refused(`telephony.recording.${error.reason}`, error.values, 422)
  }
}

// --- prompts --------------------------------------------------------------------------------------------------------

type AnyPrompt = Omit<FlowPrompt, 'node' | 'part' | 'language'> & { language: string; node: string | null; part: Prompt['part'] }

/** What the program says by itself: the place in the queue, that a section is closed. */
const ownPrompts = (): AnyPrompt[] => ownSentences().map(each => ({ ...each, node: null, part: 'program' as const }))

async function find(db: Db, { key, language, of }: Wanted): Promise<AnyPrompt> {
  const flow = await wholeFlow(db, 'main', of)
  if (of === 'draft' && !flow) throw new Refused('ivr.noDraft', {}, 404)
  const all: AnyPrompt[] = [...(flow ? promptsOf(flow.flow) : []), ...ownPrompts()]
  const found = all.find(each => each.key === key && each.language === language)
  if (!found) throw notFound('recording')
  return found
}

const mayRecord = ({ text }: Said): boolean => !isForEachCall(text)

/** @param rows the newest of each text; more do no harm */
async function viewOf(house: House, prompt: AnyPrompt, rows: readonly RecordingRow[]): Promise<Prompt> {
  const own = rows.filter(row => row.key === prompt.key && row.language === prompt.language)
  const ofText = own.filter(row => row.text === prompt.text).sort((a, b) => b.version - a.version)[0]
  const recording = ofText ? recordingOf(ofText) : null
  return {
    ...prompt,
    heard: recording ? 'recording' : 'spoken',
    durationMs: recording?.durationMs ?? (await voiceOf(house).lengthMs(prompt.text, prompt.language)) ?? null,
    mayRecord: mayRecord(prompt),
    version: ofText?.version ?? 0,
    recording,
    recordingOfOtherText: !recording && own.some(row => row.text !== prompt.text && row.sha256 !== null),
  }
}

const recordingOf = ({ version, sha256, durationMs, madeFrom, at, by }: RecordingRow): Recording | null =>
  sha256 === null || durationMs === null ? null : { version, durationMs, madeFrom, at: at.toISOString(), by }

// --- the voice ------------------------------------------------------------------------------------------------------

declare module '../../../platform/index.ts' {
  interface HouseParts {
    voice: Voice
  }
}

/** The folder of sounds that this program has spoken or fetched. */
export const soundFolder = (house: House): string => join(house.config.DATA_DIR, 'sound')

/** The voice of the program: each text is spoken once, and kept. */
export const voiceOf = (house: House): Voice =>
  (house.parts.voice ??= openVoice({ folder: soundFolder(house), speech: speechHere(house.config.SPEECH_URL) }))
