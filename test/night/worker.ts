/** A thread that runs nights, canaries and sweeps as it is asked to. */
import { parentPort } from 'node:worker_threads'
import { type CanaryName, type Caught, catchCanary } from './canaries.ts'
import type { Night } from './night.ts'
import { nightOfSeed } from './of-seed.ts'
import { type Blow, type Sweep, sweep } from './sweep.ts'

export type Task = { night: number } | { canary: CanaryName } | { sweep: Blow['do']; stride: number }
export type Answer = { night: Night } | { caught: Caught } | { sweep: Sweep } | { error: string }

parentPort?.on('message', (task: Task) => {
  answer(task).then(
    said => parentPort?.postMessage(said),
    (error: unknown) => parentPort?.postMessage({ error: error instanceof Error ? String(error.stack) : String(error) }),
  )
})

async function answer(task: Task): Promise<Answer> {
  if ('night' in task) return { night: await nightOfSeed(task.night) }
  if ('canary' in task) return { caught: await catchCanary(task.canary) }
  return { sweep: await sweep(task.stride, [task.sweep]) }
}
