/**
 * A part of the program in a process of its own, so that nothing that the rest of the program computes can hold it up, and nothing that
 * goes wrong in either ends the other.
 *
 *   starting ──first beat──▶ running ──ends, or says nothing for `silentMs`──▶ away ──back-off──▶ starting
 *
 * The process is started again for as long as the program runs. It hears that the program is gone by the end of the channel between them,
 * and ends (`work.ts`): also after `kill -9` nothing is left behind.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { Counter } from 'prom-client'
import { backOffMs } from '../back-off.ts'
import { systemClock } from '../clock.ts'
import { registry } from '../http/metrics.ts'
import type { Log } from '../log.ts'
import { beatIntervalMs, type FromChild, type ToChild } from './words.ts'

/** Pauses before it is started again: short at first, because most faults do not come back. */
const pauses = { minRetryMs: 50, maxRetryMs: 5_000 }
/** Whoever has run for so long is started again at once. */
const steadyMs = 30_000
/** So many beats may be missed: its loop stands still, and will not go on. */
const maxMissedBeats = 10
const stopsWithinMs = 3_000
const metricsWithinMs = 500

const restarts = new Counter({
  name: 'filodiretto_process_restarts_total',
  help: 'How often a process of the program was started again because it had ended',
  labelNames: ['process'] as const,
  registers: [registry],
})

export interface Supervised {
  /** What the process says of itself, or why it is away. */
  state(): string
  /** Its figures in the text form of Prometheus; empty when it does not answer. */
  metrics(): Promise<string>
  /** Lets it end what is under way, then ends it. */
  close(): Promise<void>
}

export interface Supervision {
  /** For the log, `/readyz` and `/metrics`: `router`. */
  readonly name: string
  /** The module that calls `work` (`work.ts`). */
  readonly program: URL
  /** What it is told at its start: plain JSON. */
  readonly settings: unknown
  readonly log: Log
}

/** Small steps of the collector: the process keeps little, and should stop for it rarely and shortly. */
const flags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=2']

export function supervise({ name, program, settings, log }: Supervision): Supervised {
  const answers = new Map<number, (text: string) => void>()
  const ended = Promise.withResolvers<void>()
  let child: ChildProcess | undefined
  let state = 'starting'
  let isAtWork = false
  let closing = false
  let restarted = 0
  let missed = 0
  let questions = 0
  let cancelStart = () => {}

  const tell = (message: ToChild) => {
    if (child?.connected) child.send(message, () => {})
  }

  function start(): void {
    const begun = performance.now()
    missed = 0
    const mine = fork(program, { execArgv: flags, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    child = mine
    let over = false
    const end = (reason: string) => {
      if (over) return
      over = true
      away(reason, performance.now() - begun)
    }
    mine.on('message', message => hear(message as FromChild))
    // Could not be started, or not be told something: an end without an exit.
    mine.on('error', error => {
      mine.kill('SIGKILL')
      end(error.message)
    })
    mine.on('exit', (code, signal) => end(signal === null ? `ended with ${code}` : `ended by ${signal}`))
    tell({ type: 'start', settings })
  }

  function hear(message: FromChild): void {
    missed = 0
    if (message.type === 'beat') {
      if (!isAtWork) log.info({ process: name, pid: child?.pid }, 'a process of the program is at work')
      isAtWork = true
      state = message.state
    } else answers.get(message.question)?.(message.text)
  }

  function away(reason: string, ranMs: number): void {
    child = undefined
    for (const answer of answers.values()) answer('')
    if (closing) {
      ended.resolve()
      return
    }
    state = `away: ${reason}`
    isAtWork = false
    if (ranMs >= steadyMs) restarted = 0
    const pauseMs = backOffMs(pauses, restarted++)
    log.error({ process: name, reason, againInMs: pauseMs }, 'a process of the program has ended; it is started again')
    restarts.inc({ process: name })
    cancelStart = systemClock.after(pauseMs, start)
  }

  // Counted, not timed: if this process stood still itself, the beats of that time are still to be read.
  const watch = setInterval(() => {
    if (child === undefined || ++missed < maxMissedBeats) return
    log.error(
      { process: name, seconds: (maxMissedBeats * beatIntervalMs) / 1000 },
      'a process of the program says nothing and is ended',
    )
    child.kill('SIGKILL')
  }, beatIntervalMs)
  watch.unref()
  start()

  return {
    state: () => state,
    metrics() {
      if (!child?.connected) return Promise.resolve('')
      const question = ++questions
      return new Promise(resolve => {
        const answer = (text: string) => {
          cancel()
          answers.delete(question)
          resolve(text)
        }
        const cancel = systemClock.after(metricsWithinMs, () => answer(''))
        answers.set(question, answer)
        tell({ type: 'metrics', question })
      })
    },
    async close() {
      closing = true
      clearInterval(watch)
      cancelStart()
      if (child === undefined) return
      tell({ type: 'stop' })
      const last = child
      const cancel = systemClock.after(stopsWithinMs, () => last.kill('SIGKILL'))
      await ended.promise
      cancel()
    },
  }
}
