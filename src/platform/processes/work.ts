/**
 * The other end of `supervise.ts`: the life of a process that works for a program.
 *
 * It begins when it is told its settings and ends when it is told to, when the program is gone, or with an error that nobody caught: then at once,
 * with the reason in the log, because whatever it holds (connections, locks) is given up quickest so.
 */
import { registry } from '../http/metrics.ts'
import { type Log, openLog } from '../log.ts'
import { beatIntervalMs, type FromChild, type ToChild } from './words.ts'

export interface Worker {
  /** What it is doing, in a few words: `leading`. */
  state(): string
  /** Calls `changed` whenever the state may have changed. */
  watch(changed: () => void): void
  /** Ends what is under way. */
  close(): Promise<void>
}

const endsWithinMs = 2_000

/**
 * Works for the program that has started this process.
 * @param start begins the work with the settings that the program has given
 */
export function work<S extends { logLevel: string }>(name: string, start: (settings: S, log: Log) => Promise<Worker>): void {
  let log: Log | undefined
  let worker: Worker | undefined
  let ending = false

  const say = (message: FromChild) => {
    if (process.connected) process.send?.(message)
  }
  const beat = () => {
    if (worker) say({ type: 'beat', state: worker.state() })
  }
  const fail = (error: unknown) => {
    if (log) log.fatal({ err: error, process: name }, 'an error that nobody caught: this process ends')
    else console.error(error)
    process.exit(1)
  }
  const end = () => {
    if (ending) return
    ending = true
    setTimeout(() => process.exit(1), endsWithinMs)
    Promise.resolve(worker?.close()).then(() => process.exit(0), fail)
  }
  const hear = async (message: ToChild) => {
    if (message.type === 'stop') end()
    else if (message.type === 'metrics') say({ type: 'metrics', question: message.question, text: await registry.metrics() })
    else {
      // The program that says this is of the same release: the settings are what its side of `start` has made.
      const settings = message.settings as S
      log = openLog(settings.logLevel)
      worker = await start(settings, log)
      worker.watch(beat)
      beat()
      setInterval(beat, beatIntervalMs)
    }
  }

  process.on('uncaughtException', fail)
  process.on('unhandledRejection', fail)
  process.on('message', message => void hear(message as ToChild))
  process.on('disconnect', end)
  process.on('SIGTERM', end)
  // A terminal interrupts the whole group: when this process ends is for the program to say.
  process.on('SIGINT', () => {})
  registry.setDefaultLabels({ process: name })
  if (!process.connected) end()
}
