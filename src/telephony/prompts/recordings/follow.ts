/**
 * The recordings in force, as a node that plays them knows them: read at the start, and again when the journal says that one was recorded
 * or removed. Which one belongs to a prompt is answered from memory, since a caller waits for it; its sound is fetched when it is needed.
 */
import { Bug, type House } from '../../../platform/index.ts'
import type { PromptText, Recordings } from '../index.ts'
import { promptRecorded, promptRecordingRemoved } from './events.ts'
import { newestOfAll, type RecordingRow, soundByName } from './store.ts'

export interface FollowedRecordings extends Recordings {
  /** All that are in force. */
  all(): PromptText[]
  close(): void
}

/** A database that is away is asked again after this time; until then the recordings of before are played. */
const retryMs = 3_000

/** @param changed called when other recordings are in force than before */
export async function followRecordings(house: House, changed: () => void): Promise<FollowedRecordings> {
  const db = house.database.kysely
  let known = new Map<string, RecordingRow & { sha256: string }>()
  let reading = Promise.resolve()
  let cancelRetry = () => {}
  let closed = false

  const read = async () => {
    const rows = await newestOfAll(db)
    known = new Map(rows.flatMap(row => (row.sha256 === null ? [] : [[nameOf(row), { ...row, sha256: row.sha256 }] as const])))
  }
  const readAgain = () => {
    reading = reading.then(async () => {
      if (closed) return
      try {
        await read()
        changed()
      } catch (error) {
        house.log.error({ err: error }, 'telephony: recordings could not be read; trying again')
        cancelRetry()
        cancelRetry = house.clock.after(retryMs, readAgain)
      }
    })
  }
  // We listen before we look, so that nothing in between is missed.
  const stopFollowing = await house.tail.follow(entries => {
    if (entries.some(({ type }) => type === promptRecorded.type || type === promptRecordingRemoved.type)) readAgain()
  })
  await read()

  return {
    of: ({ key, language, text }) => (key === undefined ? undefined : known.get(nameOf({ key, language, text }))?.sha256),
    async read(name) {
      const sound = await soundByName(db, name)
      if (!sound) throw new Bug(`The recording ${name} is not there.`)
      return sound
    },
    all: () => [...known.values()].map(({ key, language, text }) => ({ key, language, text })),
    close() {
      closed = true
      cancelRetry()
      stopFollowing()
    },
  }
}

const nameOf = ({ key, language, text }: { key: string; language: string; text: string }): string => `${language} ${key} ${text}`
