/**
 * Long computations in threads of their own, so that the loop that serves pages and calls stays free.
 *
 *   asked ──a thread is free──▶ computed ──▶ answered
 *     │ too many wait: 503          │ whoever asked is gone, it takes too long, or too much memory: the thread is ended
 *
 * Threads are started when they are needed and end when nothing has been asked for some minutes: they cost nothing at rest.
 */
import { Worker } from 'node:worker_threads'
import { systemClock } from '../clock.ts'
import { Refused, type RefusedStatus } from '../errors.ts'
import { openTurnstile } from '../turnstile.ts'

/** What a thread answers (`answers`, below). */
export type FromThread =
  | { answer: unknown }
  | { refused: { code: string; values: Readonly<Record<string, unknown>>; status: RefusedStatus } }
  | { failed: string }

export interface ThreadBounds {
  /** The module that each thread runs; it calls `answerQuestions` (`thread.ts`). */
  readonly program: URL
  /** What a thread is told at its start: plain data. */
  readonly settings: unknown
  readonly atOnce: number
  readonly waiting: number
  readonly memoryMb: number
  readonly withinMs: number
  readonly idleMs: number
}

export interface Threads {
  /**
   * Asks a thread.
   * @param signal whoever asked is gone: the computation is ended
   * @throws Refused 503 when too many wait, it took too long, or nobody waits any more; what the computation refuses; Error when the thread died
   */
  ask(question: unknown, signal?: AbortSignal): Promise<unknown>
  close(): Promise<void>
}

export function openThreads({ program, settings, atOnce, waiting, memoryMb, withinMs, idleMs }: ThreadBounds): Threads {
  const inTurn = openTurnstile({ atOnce, waiting })
  const threads = new Set<Worker>()
  const idle: { worker: Worker; cancelEnd: () => void }[] = []

  function take(): Worker {
    const free = idle.pop()
    if (free) {
      free.cancelEnd()
      return free.worker
    }
    const worker = new Worker(program, { workerData: settings, resourceLimits: { maxOldGenerationSizeMb: memoryMb } })
    threads.add(worker)
    worker.on('exit', () => {
      threads.delete(worker)
      const at = idle.findIndex(each => each.worker === worker)
      if (at >= 0) idle.splice(at, 1)[0]?.cancelEnd()
    })
    // The asker hears of the end by `exit`; an error without a listener would end the program.
    worker.on('error', () => {})
    worker.unref()
    return worker
  }

  function giveBack(worker: Worker): void {
    if (threads.has(worker)) idle.push({ worker, cancelEnd: systemClock.after(idleMs, () => void worker.terminate()) })
  }

  async function compute(question: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    const worker = take()
    const { promise, resolve, reject } = Promise.withResolvers<FromThread>()
    const died = () => reject(new Error('a thread ended before it had answered'))
    const end = () => {
      reject(new Refused('platform.busy', {}, 503))
      void worker.terminate()
    }
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', died)
    signal?.addEventListener('abort', end, { once: true })
    const cancel = systemClock.after(withinMs, end)
    try {
      worker.postMessage(question)
      const said = await promise
      giveBack(worker)
      return answerOf(said)
    } finally {
      cancel()
      signal?.removeEventListener('abort', end)
      worker.off('message', resolve)
      worker.off('error', reject)
      worker.off('exit', died)
    }
  }

  return {
    ask: (question, signal) => inTurn(() => compute(question, signal), signal),
    async close() {
      await Promise.all([...threads].map(worker => worker.terminate()))
    },
  }
}

function answerOf(said: FromThread): unknown {
  if ('answer' in said) return said.answer
  if ('failed' in said) throw new Error(said.failed)
  throw new Refused(said.refused.code, said.refused.values, said.refused.status)
}
