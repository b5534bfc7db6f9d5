/** Joining a section's queue, and waiting in it for the operator whose page was lost. */
import { callQueued } from '../../../distribution/index.ts'
import { say } from './hearing.ts'
import { iso, note, type Step } from './state.ts'

/** How long the music plays before the caller is told again whether anybody is at work. */
export const remindIntervalMs = 60_000
/** How long a caller waits for the operator whose page was lost, before anybody may take the call, ahead of all others. */
const resumeBoundMs = 30_000

/**
 * The call joins the queue of a section, or stays in it. What the caller has waited before counts: a transfer, or a page that died, starts no
 * new wait. The time of a conversation does not count: the beginning of the wait moves by it.
 * @param resume the operator whose conversation with the caller was lost
 */
export function joinQueue(step: Step, section: string, resume: string | null = null): void {
  const { state } = step
  state.phase = 'waiting'
  state.section = section
  state.waitingSince ??= step.now
  if (state.agent) state.waitingSince += step.now - state.agent.since
  state.position = null
  state.agent = null
  state.held = false
  state.broken = resume
  if (resume === null) delete state.due.resume
  else state.due.resume = step.now + resumeBoundMs
  state.proposal = null
  delete state.due.help
  state.due.reminder = step.now + remindIntervalMs
  note(step, callQueued, {
    sectionId: section,
    priority: state.priority,
    waitingSince: iso(state.waitingSince),
    ...(resume === null ? {} : { preferred: { agents: [resume], boundMs: resumeBoundMs, resume: true } }),
  })
}

/** The caller no longer waits for the operator whose page was lost: whoever is free takes the call, and the caller is told. */
export function waitForAnybody(step: Step): void {
  const { state } = step
  if (state.broken === null) return
  forgetLostLine(step)
  // A caller who is being asked something is not interrupted.
  if (state.phase === 'waiting' && state.proposal === null)
    say(step, [{ language: state.language, parts: [{ sentence: 'lineLostNext' }] }], 'music')
}

/** Somebody else is rung, or talks to the caller: nothing more is to be said about the operator who was lost. */
export function forgetLostLine({ state }: Step): void {
  state.broken = null
  delete state.due.resume
}
