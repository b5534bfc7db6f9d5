/**
 * Limits and overflow: what happens to a caller when the queue is full, the wait is too long, nobody is signed in, or the section
 * is closed. Only callers on the line meet them: a callback has been promised its place, and written work can wait.
 *
 * A rule that cannot be carried out (the other section is closed, full, or has already passed the caller on) changes nothing: the
 * caller waits on where the place is best kept. Nobody is ever lost to a rule.
 */
import { leaveQueues, lineUp } from './matching.ts'
import type { InstantMs, Limit, OverflowAction } from './model.ts'
import type { Section, State, WorkItem } from './state.ts'

/** A work enters its section: it lines up, unless a limit leads it elsewhere. */
export function enter(state: State, work: WorkItem): void {
  for (;;) {
    work.enteredAt = state.now
    work.helped = helpersDue(work, state.now)
    const limit = meetsAtEntry(work) ? limitAtEntry(work.lane.section) : null
    if (limit === null) break
    const outcome = act(state, work, limit)
    if (outcome === 'gone') return
    if (outcome === 'stays') break
  }
  lineUp(state, work)
}

/** A waiting caller is looked at: answers true if a rule took the work out of its line. */
export function enforce(state: State, work: WorkItem): boolean {
  if (work.kind !== 'call' || work.broken) return false
  const limit = limitWhileWaiting(state, work)
  if (limit === null) return false
  const action = work.lane.section.settings.overflow[limit]
  if (action === null || (action.do === 'callback' && work.proposed)) return false
  if (action.do === 'move' && usable(state, work, action.section) === null) return false
  if (action.do !== 'callback') leaveQueues(work)
  const outcome = act(state, work, limit)
  if (outcome === 'moved') enter(state, work)
  return outcome !== 'stays'
}

function meetsAtEntry(work: WorkItem): boolean {
  return work.kind === 'call' && !work.broken
}

function limitAtEntry(section: Section): Limit | null {
  const { limits } = section.settings
  const lane = section.lanes.call
  if (!section.open) return 'closed'
  if (lane.signedIn === 0) return 'nobody'
  if (limits.maxWaiting !== null && lane.line.size >= limits.maxWaiting && lane.free.size === 0) return 'full'
  return null
}

function limitWhileWaiting(state: State, work: WorkItem): Limit | null {
  const section = work.lane.section
  if (!section.open) return 'closed'
  if (section.lanes.call.signedIn === 0) return 'nobody'
  const { maxWaitMs } = section.settings.limits
  if (maxWaitMs !== null && state.now >= work.enteredAt + maxWaitMs) return 'too-long'
  return null
}

/** Does what the section's rule says. `moved`: the work has a new section and must enter it. */
function act(state: State, work: WorkItem, limit: Limit): 'stays' | 'moved' | 'gone' {
  const action = work.lane.section.settings.overflow[limit]
  if (action === null) return 'stays'
  switch (action.do) {
    case 'move':
      return move(state, work, action, limit)
    case 'callback':
      if (!work.proposed)
        state.commands.push({ type: 'propose-callback', work: work.id, section: work.lane.section.id, reason: limit })
      work.proposed = true
      return 'stays'
    case 'dismiss':
      state.commands.push({ type: 'dismiss', work: work.id, reason: limit, message: action.message })
      state.works.delete(work.id)
      return 'gone'
    case 'divert':
      state.commands.push({ type: 'divert', work: work.id, to: action.to, reason: limit })
      state.works.delete(work.id)
      return 'gone'
  }
}

function move(state: State, work: WorkItem, action: OverflowAction & { do: 'move' }, limit: Limit): 'stays' | 'moved' {
  const to = usable(state, work, action.section)
  if (to === null) return 'stays'
  const from = work.lane.section
  state.commands.push({ type: 'moved', work: work.id, from: from.id, to: to.id, reason: limit })
  work.visited = [...work.visited, from.id]
  work.lane = to.lanes[work.lane.medium]
  work.announcedPosition = 0
  return 'moved'
}

/** The section, if a work may be moved there: it has room, or a rule of its own that says what then. */
function usable(state: State, work: WorkItem, id: string): Section | null {
  const passed = [...work.visited, work.lane.section.id]
  return takes(state, id, passed) ? (state.sections.get(id) ?? null) : null
}

function takes(state: State, id: string, passed: readonly string[]): boolean {
  const section = state.sections.get(id)
  if (section === undefined || !section.configured || passed.includes(id)) return false
  const limit = limitAtEntry(section)
  if (limit === null) return true
  const action = section.settings.overflow[limit]
  if (action === null) return false
  return action.do !== 'move' || takes(state, action.section, [...passed, id])
}

/** How many of the section's helpers, which are sorted by time, may take the work by now. */
export function helpersDue(work: WorkItem, now: InstantMs): number {
  const { helpers } = work.lane.section.settings
  let due = 0
  while (due < helpers.length && work.enteredAt + (helpers[due]?.afterMs ?? 0) <= now) due++
  return due
}
