/** The other end of `threads.ts`: answers one question after the other. */
import { parentPort, workerData } from 'node:worker_threads'
import { Refused } from '../errors.ts'
import type { FromThread } from './threads.ts'

/**
 * Returns what is asked of this thread.
 * @param open prepares the answers with the settings that `openThreads` was given
 */
export function answerQuestions<S, Q>(open: (settings: S) => Promise<(question: Q) => Promise<unknown>>): void {
  const say = (message: FromThread) => parentPort?.postMessage(message)
  // Both ends are of one release: settings and questions are what the other end has made.
  const opened = open(workerData as S)
  // Said with the first answer: nobody has asked yet.
  opened.catch(() => {})
  parentPort?.on('message', (question: Q) => {
    opened
      .then(answer => answer(question))
      .then(
        answer => say({ answer }),
        (error: unknown) => {
          if (error instanceof Refused) say({ refused: { code: error.code, values: error.values, status: error.status } })
          else say({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) })
        },
      )
  })
}
