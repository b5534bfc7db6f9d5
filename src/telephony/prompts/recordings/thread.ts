/** The thread of `prepare.ts`: reads the file that it was given, brings it to the telephone's rate, and ends. */
import { parentPort, workerData } from 'node:worker_threads'
import { durationMs, NotASound, openWav, readWav, resample, type Sound, telephoneRate, writeWav } from '../index.ts'
import { maxRecordingMs } from './limits.ts'
import type { PreparationReply } from './prepare.ts'

/** Root mean square below which nobody hears anything: a microphone that was off. Quiet speech lies above 300. */
const silence = 20

// Only `prepare.ts` starts this thread, with the bytes of a file.
parentPort?.postMessage(answer(Buffer.from(workerData as Uint8Array)))

function answer(file: Buffer): PreparationReply {
  try {
    const { format, bytes } = openWav(file)
    const frames = bytes.length / ((format.bits / 8) * format.channels)
    if (frames / format.rate > maxRecordingMs / 1_000) {
      const minutes = maxRecordingMs / 60_000
      throw new NotASound('tooLong', `A recording lasts at most ${minutes} minutes.`, { minutes })
    }
    const sound = resample(readWav(file), telephoneRate)
    if (loudness(sound) < silence) throw new NotASound('silent', 'There is only silence in the recording.')
    const madeFrom = `${format.rate} Hz, ${format.kind === 'pcm' ? `${format.bits} bit` : format.kind}, ${format.channels} ch`
    return { sound: writeWav(sound), durationMs: durationMs(sound), madeFrom }
  } catch (error) {
    if (!(error instanceof NotASound)) throw error
    return { fault: error.reason, message: error.message, values: error.values }
  }
}

function loudness({ samples }: Sound): number {
  let squares = 0
  for (const sample of samples) squares += sample * sample
  return samples.length === 0 ? 0 : Math.sqrt(squares / samples.length)
}
