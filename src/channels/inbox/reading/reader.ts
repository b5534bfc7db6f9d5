/**
 * Reads mails in threads of their own, with a bound of time and memory: a mail that takes too long, or too much, ends its thread, and the next
 * one is read by another.
 */
import { openThreads } from '../../../platform/index.ts'
import type { ReadMail } from './model.ts'

const withinMs = 20_000
const memoryMb = 512
/** Nothing is read for so long: the threads end. */
const idleMs = 60_000
/** Mails that are read side by side. */
export const readersAtOnce = 2

export interface MailReader {
  /** @throws Error when the mail cannot be read within the bounds */
  read(raw: Uint8Array): Promise<ReadMail>
  close(): Promise<void>
}

export function openMailReader(): MailReader {
  const threads = openThreads({
    program: new URL('./thread.ts', import.meta.url),
    settings: null,
    atOnce: readersAtOnce,
    waiting: 100,
    memoryMb,
    withinMs,
    idleMs,
  })
  return {
    // What the thread answers is what `parseMail` in it returns.
    read: async raw => (await threads.ask(raw)) as ReadMail,
    close: () => threads.close(),
  }
}
