/** The worker thread of `runs.ts`: runs the scenarios that it was given, says how far it is, and ends. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Scenario } from './model.ts'
import type { FromWorker } from './runs.ts'
import { simulate } from './simulate.ts'

const say = (message: FromWorker): void => parentPort?.postMessage(message)

// Only `runs.ts` starts this thread, with scenarios.
for (const scenario of workerData as readonly Scenario[])
  say({ result: simulate(scenario, { onProgress: progress => say({ progress }) }) })
