/**
 * Simulations that a director has asked for. Each runs in a worker thread, so that the calls of others are not slowed down; it can be
 * watched and cancelled. Results are kept in memory for some minutes: they are answers to a question, not facts.
 */
import { Worker } from 'node:worker_threads'
import type { Clock, Ids, Log } from '../platform/index.ts'
import type { Outcome, Task } from './comparison.ts'

export interface Run {
  readonly id: string
  readonly owner: string
  state: 'running' | 'done' | 'failed' | 'cancelled'
  /** 0 to 1. */
  progress: number
  /** Null until it is done. */
  outcome: Outcome | null
}

export interface Runs {
  /**
   * Starts to run a task.
   * Answers undefined when the owner has one running, or too many run at once.
   */
  start(owner: string, task: Task): Run | undefined
  /** The owner's run; undefined when there is none of this name, or it was forgotten. */
  of(owner: string, id: string): Run | undefined
  /** Stops a run. Answers whether there was one to stop. */
  cancel(owner: string, id: string): Promise<boolean>
  close(): Promise<void>
}

const runningAtOnce = 2
const keptForMs = 10 * 60_000

/** What the worker says. */
export type FromWorker = { progress: number } | { outcome: Outcome }

export function openRuns({ clock, ids, log }: { clock: Clock; ids: Ids; log: Log }): Runs {
  const runs = new Map<string, { run: Run; worker: Worker }>()
  const running = () => [...runs.values()].filter(({ run }) => run.state === 'running')

  return {
    start(owner, task) {
      const now = running()
      if (now.length >= runningAtOnce || now.some(({ run }) => run.owner === owner)) return undefined
      const run: Run = { id: ids(), owner, state: 'running', progress: 0, outcome: null }
      const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: task })
      worker.on('message', (message: FromWorker) => {
        if ('outcome' in message) run.outcome = message.outcome
        else run.progress = message.progress
      })
      worker.on('error', error => {
        log.error({ err: error, run: run.id }, 'a simulation failed')
        if (run.state === 'running') run.state = 'failed'
      })
      worker.on('exit', () => {
        if (run.state === 'running') run.state = run.outcome ? 'done' : 'failed'
        if (run.state === 'done') run.progress = 1
        clock.after(keptForMs, () => runs.delete(run.id))
      })
      runs.set(run.id, { run, worker })
      return run
    },
    of(owner, id) {
      const run = runs.get(id)?.run
      return run?.owner === owner ? run : undefined
    },
    async cancel(owner, id) {
      const found = runs.get(id)
      if (found?.run.owner !== owner || found.run.state !== 'running') return false
      found.run.state = 'cancelled'
      await found.worker.terminate()
      return true
    },
    async close() {
      for (const { run, worker } of runs.values()) {
        if (run.state === 'running') run.state = 'cancelled'
        await worker.terminate()
      }
    },
  }
}
