/**
 * What happens to a work while it waits: the looks at it, the announcements.
 *
 * A waiting work has one timer, set to the earliest instant at which something about it may have to be done: the bound of a
 * promise, the next helper, a limit, the next look at the position. So nothing ever walks through a whole line, and a rule that
 * begins to hold for all (closing time, nobody left) reaches each caller at the caller's next look, `lookMs` later at most.
 */
import type { InstantMs } from './model.ts'
import { expectedWaitMs } from './pace.ts'
import { type State, setTimer, type WorkItem } from './state.ts'

/** Sets the timer of a waiting work to its next look. Never at this instant, so that time always advances. */
export function watch(state: State, work: WorkItem): void {
  const at = nextLook(state, work)
  if (at === null) work.timer.leave()
  else setTimer(state, work, Math.max(state.now + 1, at))
}

function nextLook(state: State, work: WorkItem): InstantMs | null {
  const { announce, limits, overflow, helpers } = work.lane.section.settings
  let at = Number.POSITIVE_INFINITY
  if (work.kind === 'call') {
    at = state.now + announce.lookMs
    // Nothing to find but a better position, and that may not be told yet.
    if (overflow.closed === null && overflow.nobody === null && overflow['too-long'] === null)
      at = Math.max(at, work.announcedAt + announce.minIntervalMs)
  }
  if (work.promised !== null) at = Math.min(at, work.promised.until)
  const helper = helpers[work.helped]
  if (helper !== undefined) at = Math.min(at, work.enteredAt + helper.afterMs)
  if (work.kind === 'call' && limits.maxWaitMs !== null && work.enteredAt + limits.maxWaitMs > state.now)
    at = Math.min(at, work.enteredAt + limits.maxWaitMs)
  if (work.callback !== null) at = Math.min(at, work.callback.notAfter)
  return at === Number.POSITIVE_INFINITY ? null : at
}

/** Tells a waiting caller the position, if it improved and the last time is long enough ago. It never goes up. */
export function announcePosition(state: State, work: WorkItem): void {
  if (work.kind !== 'call') return
  const { lane } = work
  const { settings } = lane.section
  const first = work.announcedPosition === 0
  if (!first && state.now < work.announcedAt + settings.announce.minIntervalMs) return
  const ahead = lane.line.ahead(work)
  if (!first && ahead + 1 >= work.announcedPosition) return
  work.announcedPosition = ahead + 1
  work.announcedAt = state.now
  state.commands.push({
    type: 'announce',
    work: work.id,
    section: lane.section.id,
    position: ahead + 1,
    ahead,
    expectedWaitMs: expectedWaitMs(lane.pace, ahead, lane.signedIn, settings.handlingMs),
  })
}
