/**
 * Work that is done later: reminders, mail, deadlines, sealing. pg-boss keeps it in the same database, so a job exists exactly
 * if the transaction that asked for it has committed.
 */
import { CompiledQuery } from 'kysely'
import { PgBoss } from 'pg-boss'
import type { Database, Tx } from './database/database.ts'
import type { Log } from './log.ts'

export type JobData = Record<string, unknown>

export interface SendOptions {
  /** Not before this instant. */
  startAfter?: Date
  /** While a job with this key waits or runs, another is not added. */
  singletonKey?: string
}

export interface Jobs {
  /**
   * Says who does the jobs of a queue. A failed job is tried again with growing pauses, five times in about half an hour; the handler
   * must bear being called twice. Call it before `start`.
   */
  define(queue: string, handler: (data: JobData) => Promise<void>): void
  /** Calls `handler` by the clock, once for the whole installation each time: a cron line, in office time. */
  schedule(queue: string, cron: string, handler: () => Promise<void>): void
  /** Adds a job in the transaction. */
  send(tx: Tx, queue: string, data: JobData, options?: SendOptions): Promise<void>
  /** Makes the queues. `work` says whether this process also does the jobs (the role `worker`). */
  start(work: boolean): Promise<void>
  close(): Promise<void>
}

const retries = { retryLimit: 5, retryDelay: 15, retryBackoff: true }
const pollSeconds = 2

export function openJobs(database: Database, timeZone: string, log: Log): Jobs {
  const handlers = new Map<string, (data: JobData) => Promise<void>>()
  const crons = new Map<string, string>()
  const boss = new PgBoss({
    ...(database.kind === 'embedded' ? { backend: 'pglite' as const } : {}),
    db: {
      // Without values the text can hold many statements (pg-boss makes its tables so). Both ways go through the driver's own
      // lock, so on the embedded database a job never runs inside, or rolls back, a transaction of ours.
      async executeSql(text, values) {
        return values?.length ? database.query(text, values) : { rows: await database.script(text) }
      },
    },
  })
  boss.on('error', error => log.warn({ error: error.message }, 'jobs: the database did not answer; trying again'))
  return {
    define(queue, handler) {
      handlers.set(queue, handler)
    },
    schedule(queue, cron, handler) {
      handlers.set(queue, handler)
      crons.set(queue, cron)
    },
    async send(tx, queue, data, options = {}) {
      await boss.send(queue, data, {
        ...options,
        db: {
          async executeSql(text, values) {
            const { rows } = await tx.executeQuery<Record<string, unknown>>(CompiledQuery.raw(text, [...(values ?? [])]))
            return { rows }
          },
        },
      })
    },
    async start(work) {
      await boss.start()
      for (const queue of handlers.keys()) await boss.createQueue(queue, retries)
      if (!work) return
      for (const [queue, cron] of crons) await boss.schedule(queue, cron, {}, { tz: timeZone })
      for (const [queue, handler] of handlers) {
        await boss.work<JobData>(queue, { pollingIntervalSeconds: pollSeconds }, async jobs => {
          for (const job of jobs) {
            await handler(job.data ?? {}).catch((error: unknown) => {
              log.warn({ queue, job: job.id, err: error }, 'a job failed; it will be tried again')
              throw error
            })
          }
        })
      }
    },
    close: () => boss.stop({ graceful: true, timeout: 5_000 }),
  }
}
