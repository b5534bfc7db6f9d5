/**
 * What the doctor knows of an installation, and what it says of it. Facts are gathered in `gather.ts`, judged in `checks.ts`; a fact that could
 * not be had is null, and says so nowhere else.
 */
import { z } from 'zod'
import type { Config } from '../platform/index.ts'

/** `wrong` ends the command with exit code 1; `warning` is said; `unknown` could not be looked at. */
export type Status = 'ok' | 'warning' | 'wrong' | 'unknown'

export interface Finding {
  /** Name of the check, e.g. `database.version`. */
  check: string
  status: Status
  /** What is so, as a sentence. */
  says: string
  /** What to do about it; empty when nothing is to be done. */
  mend: string
}

const count = z.number().int()
const seconds = z.number()

/** What is asked of the database. Every part is asked apart: one that cannot be answered is null. */
export const DatabaseFacts = z.object({
  kind: z.enum(['postgres', 'embedded']),
  server: z
    .object({
      version: count,
      encoding: z.string(),
      ctype: z.string(),
      isSuperuser: z.boolean(),
      settings: z.record(z.string(), z.string()),
      connectionsInUse: count,
      clockAheadMs: z.number(),
    })
    .nullable(),
  missingExtensions: z.array(z.string()).nullable(),
  neighbours: z
    .object({
      /** Transactions anywhere in the cluster that are older than some seconds. */
      transactions: z.array(z.object({ pid: count, database: z.string(), name: z.string(), seconds })),
      slots: z.array(z.object({ name: z.string(), active: z.boolean(), retainedBytes: z.number() })),
      prepared: z.array(z.object({ name: z.string(), database: z.string(), seconds })),
    })
    .nullable(),
  migrations: z.object({ applied: count, pending: z.array(z.string()), problem: z.string().nullable() }).nullable(),
  administrators: count.nullable(),
  isSampleLoaded: z.boolean().nullable(),
  sealAgeSeconds: seconds.nullable(),
  unsealedSince: seconds.nullable(),
  /** Entries of the journal without which readers went on in the last week, by reader, type and reason. */
  setAside: z.array(z.object({ reader: z.string(), type: z.string(), why: z.string(), entries: count })).nullable(),
  mail: z.object({ waiting: count, oldestSeconds: seconds }).nullable(),
  /** A bucket in which large things lie; null where all lie in the database. */
  blobsIn: z.string().nullable(),
  backupAgeSeconds: seconds.nullable(),
  backupBy: z.string().nullable(),
  isSecretInDatabase: z.boolean().nullable(),
})
export type DatabaseFacts = z.infer<typeof DatabaseFacts>

export interface InstallationFacts {
  config: Config
  machine: {
    isRoot: boolean
    nodeMajor: number
    /** Free and whole size of the disk of DATA_DIR. */
    disk: { freeBytes: number; totalBytes: number } | null
    recordings: { bytes: number; isComplete: boolean } | null
    openFiles: number | null
  }
  /** A sentence when the database could not be asked at all. */
  database: DatabaseFacts | { error: string }
  /** The running program, by its own /readyz; null when it does not answer. */
  program: { status: number; details: Readonly<Record<string, unknown>> } | null
  /** PUBLIC_URL as a browser meets it; null without one. */
  publicUrl:
    | { status: number; isSecureKnown: boolean; certificateDaysLeft: number | null; certificateProblem: string | null }
    | { error: string }
    | null
  asterisk:
    | {
        version: string
        missingModules: string[]
        mayWrite: boolean
        soundsWritable: boolean | null
        writeTimeoutMs: number | null
      }
    | { error: string }
    | null
  /** The authorities that vouch for PEC providers; null without PEC_TRUST. */
  pecTrust: { authorities: number } | { error: string } | null
  /** The bucket of large things; null without BLOBS_URL. */
  bucket: { ok: true } | { error: string } | null
  /** The mail server; null without SMTP_URL. */
  mailServer: { ok: true } | { error: string } | null
}
