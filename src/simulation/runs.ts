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
   * Returns undefined when the owner has one running, or too many run at once.
   */
  start(owner: string, task: Task): Run | undefined
  /** The owner's run; undefined when there is none of this name, or it was forgotten. */
  of(owner: string, id: string): Run | undefined
  /** Stops a run. Returns whether there was one to stop. */
  cancel(owner: string, id: string): Promise<boolean>
  close(): Promise<void>
}

const maxRunning = 2
const keptForMs = 10 * 60_000
/** A run that nobody has looked at for so long is nobody's any more: the page looks twice a second. */
const abandonedAfterMs = 5 * 60_000
/** What a thread may use: more is a fault, and must not be the program's. */
const maxMemoryMb = 768

interface Running {
  readonly run: Run
  readonly worker: Worker
  /** When its owner last asked for it. */
  lookedAt: number
  stopWatching(): void
}

/** What the worker says. */
export type FromWorker = { progress: number } | { outcome: Outcome }

export function openRuns({ clock, ids, log }: { clock: Clock; ids: Ids; log: Log }, memoryMb = maxMemoryMb): Runs {
  const resourceLimits = { maxOldGenerationSizeMb: memoryMb }
  const runs = new Map<string, Running>()
  const atWork = () => [...runs.values()].filter(({ run }) => run.state === 'running')

  /** Cancels it when its owner looks no more. */
  function watchOver(running: Running): void {
    const leftMs = running.lookedAt + abandonedAfterMs - clock.now()
    running.stopWatching = clock.after(Math.max(1, leftMs), () => {
      if (running.run.state !== 'running') return
      if (clock.now() < running.lookedAt + abandonedAfterMs) watchOver(running)
      else {
        log.info({ run: running.run.id }, 'a simulation that nobody looks at any more is cancelled')
        running.run.state = 'cancelled'
        void running.worker.terminate()
      }
    })
  }

  return {
    start(owner, task) {
      const now = atWork()
      if (now.length >= maxRunning || now.some(({ run }) => run.owner === owner)) return undefined
      const run: Run = { id: ids(), owner, state: 'running', progress: 0, outcome: null }
      const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: task, resourceLimits })
      const running: Running = { run, worker, lookedAt: clock.now(), stopWatching: () => {} }
      runs.set(run.id, running)
      watchOver(running)
      worker.on('message', (message: FromWorker) => {
        if ('outcome' in message) run.outcome = message.outcome
        else run.progress = message.progress
      })
      worker.on('error', error => {
        log.error({ err: error, run: run.id }, 'a simulation failed')
        if (run.state === 'running') run.state = 'failed'
      })
      worker.on('exit', () => {
        running.stopWatching()
        if (run.state === 'running') run.state = run.outcome ? 'done' : 'failed'
        if (run.state === 'done') run.progress = 1
        clock.after(keptForMs, () => runs.delete(run.id))
      })
      return run
    },
    of(owner, id) {
      const found = runs.get(id)
      if (found?.run.owner !== owner) return undefined
      found.lookedAt = clock.now()
      return found.run
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
