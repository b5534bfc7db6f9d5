/**
 * How a process of ours ends. Whatever the reason, in good order: what is under way is finished and the database is closed, so that the next
 * start finds everything as if nobody had been here. Calls go on in Asterisk and in the pages, and wait for the next start.
 *
 *   signal, or whoever started us has gone   exit 0
 *   an error that nobody caught              exit `startAgain`, with the reason in the log: whoever started us starts us again
 *   good order takes too long                exit as above, at once
 *
 * After an error that nobody caught nothing that the program believes can be relied upon: going on would be worse than a moment's pause.
 */
import type { Log } from './log.ts'

/** The program has to be started again: the exit code of an error that nobody caught (sysexits.h: EX_TEMPFAIL). */
export const startAgain = 75
const impatient = 130

/** Times in milliseconds. */
const afterErrorMs = 4_000
const afterSignalMs = 20_000
/** A terminal signals the whole group and run.mjs hands the same signal on: what comes at once is one wish, not impatience. */
const sameWishMs = 1_000

interface Ending {
  /** Told what to close, as soon as there is something. */
  closes(close: () => Promise<void>): void
}

/** Takes care of the end of this process. Call it before anything is started. */
export function endInGoodOrder(log: Pick<Log, 'fatal' | 'error'>): Ending {
  let close: (() => Promise<void>) | undefined
  let endingSince: number | undefined
  let exitCode = 0

  function end(withinMs: number): void {
    endingSince = Date.now()
    if (!close) process.exit(exitCode)
    setTimeout(() => {
      log.error({ withinMs }, 'the program did not come to an end by itself and is cut off')
      process.exit(exitCode || 1)
    }, withinMs).unref()
    close().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        log.error({ err: error }, 'the program could not end in good order')
        process.exit(exitCode || 1)
      },
    )
  }

  function failed(error: unknown): void {
    log.fatal({ err: error instanceof Error ? error : new Error(String(error)) }, 'an error that nobody caught ends the program')
    exitCode = startAgain
    if (endingSince === undefined) end(afterErrorMs)
  }

  function asked(): void {
    if (endingSince === undefined) end(afterSignalMs)
    else if (Date.now() - endingSince >= sameWishMs) process.exit(exitCode || impatient)
  }

  process.on('uncaughtException', failed)
  process.on('unhandledRejection', failed)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, asked)
  // Whoever started us holds the other end of this channel, and has gone when it closes.
  if (process.channel) process.once('disconnect', asked)
  // A terminal or a pipe that has gone is no reason to end: what we say goes nowhere then.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  return {
    closes(how) {
      close = how
    },
  }
}
