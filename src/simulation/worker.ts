/** The worker thread of `runs.ts`: runs the task that it was given, says how far it is, and ends. */
import { parentPort, workerData } from 'node:worker_threads'
import { runTask, type Task } from './comparison.ts'
import type { FromWorker } from './runs.ts'

const say = (message: FromWorker): void => parentPort?.postMessage(message)

// Only `runs.ts` starts this thread, with a task.
say({ outcome: runTask(workerData as Task, progress => say({ progress })) })
