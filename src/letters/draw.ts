/** Letters become PDF in a thread, which starts when the first one is asked for. */
import { type House, openThreads, type Threads } from '../platform/index.ts'
import type { PaperLetter } from './model.ts'

declare module '../platform/index.ts' {
  interface HouseParts {
    letterThreads: Threads
  }
}

export interface Drawing {
  letters: readonly PaperLetter[]
  /** Of the document. */
  title: string
}

const ofThreads = { atOnce: 1, waiting: 16, memoryMb: 128, withinMs: 30_000, idleMs: 5 * 60_000 }

const threadsOf = (house: House): Threads =>
  (house.parts.letterThreads ??= openThreads({
    ...ofThreads,
    program: new URL('./thread.ts', import.meta.url),
    settings: null,
  }))

/** Ends the thread of a program that stops. */
export async function closeLetters(house: House): Promise<void> {
  await house.parts.letterThreads?.close()
}

/**
 * Returns letters, at most `maxLettersAtOnce`, as one PDF with its structure (PDF/UA-1, as far as there are fonts for all characters), each on sheets of its own.
 * @throws Refused 503 while too many ask, or when it takes too long
 */
export async function drawLetters(house: House, drawing: Drawing): Promise<Buffer> {
  // The thread is this program's own: it answers bytes.
  return Buffer.from((await threadsOf(house).ask(drawing)) as Uint8Array)
}
