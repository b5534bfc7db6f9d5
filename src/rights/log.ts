/**
 * The access log: who looked at what about citizens, when, as what, by which route. Append-only.
 *
 * Looking must not become slow by being written down, so looks are collected and written together, five times a second. What a `kill -9` can
 * lose is what was collected since: at most `flushEveryMs` and the time of one write. A stop in good order loses nothing. If the database takes
 * no looks, they are kept and tried again; when too many wait, looking waits too, and is refused if they still cannot be written: nobody sees
 * what is not written down for longer than that.
 *
 * Pages ask again for what they show whenever something happens to it. The same person who looks at the same thing by the same route again
 * within a minute looks once.
 */
import type { House, PersonActor } from '../platform/index.ts'
import type { Looked } from './looks.ts'
import { type AccessRow, forgetAccess, insertAccess } from './store.ts'
import type { LookKind } from './table.ts'

export const flushEveryMs = 200
export const onceWithinMs = 60_000
/** So many may wait to be written before looking waits for them. */
const mostWaiting = 5_000
const atOnce = 1_000
/** What was looked at in the last minute is remembered up to so many; then it is forgotten early, and a look may be written twice. */
const mostRemembered = 50_000

export interface Look extends Looked {
  kind: LookKind
  /** As the description of the API names it: `GET /api/contacts/:contactId`. */
  route: string
}

interface Log {
  waiting: AccessRow[]
  lately: Map<string, number>
  /** The write that is under way or planned. */
  flush: Promise<void> | undefined
  cancelTimer: () => void
}

declare module '../platform/index.ts' {
  interface HouseParts {
    accessLog: Log
  }
}

const logOf = ({ parts }: House): Log =>
  (parts.accessLog ??= { waiting: [], lately: new Map(), flush: undefined, cancelTimer: () => {} })

/** Writes down a look, soon. @throws when too many wait and cannot be written */
export async function recordLook(house: House, actor: PersonActor, look: Look): Promise<void> {
  const log = logOf(house)
  const now = house.clock.now()
  if (isRepetition(log, [actor.assignmentId, look.route, look.subjectId ?? '', look.found ?? ''].join(' '), now)) return
  log.waiting.push({
    id: house.ids(),
    at: new Date(now),
    person_id: actor.personId,
    person_name: actor.name,
    role: actor.role,
    unit_id: actor.unitId,
    unit_path: actor.unitPath,
    kind: look.kind,
    subject_id: look.subjectId,
    contact_id: look.contactId,
    route: look.route,
    found: look.found,
  })
  if (log.waiting.length > mostWaiting) return flushAccessLog(house)
  log.flush ??= new Promise(resolve => {
    log.cancelTimer = house.clock.after(flushEveryMs, () => {
      log.flush = undefined
      flushAccessLog(house)
        .catch((error: unknown) =>
          house.log.error({ err: error, waiting: log.waiting.length }, 'rights: looks could not be written'),
        )
        .finally(resolve)
    })
  })
}

/** A search is another one when it finds another number of people; what it was, is not kept: it may be a name. */
function isRepetition({ lately }: Log, name: string, now: number): boolean {
  const before = lately.get(name)
  if (before !== undefined && now - before < onceWithinMs && now >= before) return true
  if (lately.size >= mostRemembered) lately.clear()
  lately.delete(name)
  lately.set(name, now)
  // The oldest come first.
  for (const [each, at] of lately) {
    if (now - at < onceWithinMs) break
    lately.delete(each)
  }
  return false
}

const writing = new WeakMap<Log, Promise<void>>()

/** Writes all that waits. Two who ask at once wait for the same write. */
export function flushAccessLog(house: House): Promise<void> {
  const log = logOf(house)
  const before = writing.get(log) ?? Promise.resolve()
  const next = before.catch(() => {}).then(() => writeAll(house, log))
  writing.set(log, next)
  return next
}

async function writeAll(house: House, log: Log): Promise<void> {
  while (log.waiting.length > 0) {
    const some = log.waiting.slice(0, atOnce)
    await insertAccess(house.database.kysely, some)
    log.waiting.splice(0, some.length)
  }
}

/** Keeps the log, and forgets what is older than the configuration says. */
export function startRights(house: House): { close(): Promise<void> } {
  house.jobs.schedule('rights.forget', '23 3 * * *', async () => {
    const before = new Date(house.clock.now() - house.config.ACCESS_LOG_DAYS * 86_400_000)
    await forgetAccess(house.database.kysely, before)
  })
  return {
    async close() {
      logOf(house).cancelTimer()
      await flushAccessLog(house)
    },
  }
}
