/**
 * What somebody uploads becomes what callers hear: 8000 Hz, 16 bit, one channel. In a thread of its own: five minutes of studio sound take
 * a second of reckoning, in which no call of this process may wait.
 */
import { Worker } from 'node:worker_threads'
import { openTurnstile } from '../../../platform/index.ts'
import { NotASound, type SoundFault } from '../index.ts'

export interface Prepared {
  /** WAV, as it is played. */
  sound: Buffer
  durationMs: number
  /** What the file was, e.g. `48000 Hz, 16 bit, 2 ch`. */
  madeFrom: string
}

/** What the thread answers. */
export type PreparationReply =
  | { sound: Uint8Array; durationMs: number; madeFrom: string }
  | { fault: SoundFault; message: string; values: Readonly<Record<string, string | number>> }

const memoryMb = 256
const inTurn = openTurnstile({ atOnce: 1, waiting: 4 })

/** @throws NotASound when it is none, is too long, or holds silence alone; Refused 503 while too many are being prepared */
export const prepareRecording = (file: Buffer): Promise<Prepared> => inTurn(() => prepare(file))

function prepare(file: Buffer): Promise<Prepared> {
  return new Promise((resolve, reject) => {
    // The thread gets a copy of its own: the buffer of a small request is a part of one that others share.
    const worker = new Worker(new URL('./thread.ts', import.meta.url), {
      workerData: Uint8Array.from(file),
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    })
    worker.once('message', (answer: PreparationReply) => {
      if ('fault' in answer) reject(new NotASound(answer.fault, answer.message, answer.values))
      else resolve({ ...answer, sound: Buffer.from(answer.sound) })
    })
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the thread ended without an answer')))
  })
}
