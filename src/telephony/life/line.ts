/** Joining a line, and waiting in it for the operator whose page was lost. */
import { callQueued } from '../../distribution/index.ts'
import { say } from './hearing.ts'
import { iso, note, type Step } from './state.ts'

/** Music between two looks at whether somebody is at work for who waits. */
export const remindEveryMs = 60_000
/** How long a caller waits for the operator whose page was lost, before going before everybody else. */
const resumeBoundMs = 30_000

/**
 * The call waits for a section, from now on or still. Who has waited before keeps that: a transfer, or a page that died, starts no new wait.
 * The time of the conversation is no waiting: the beginning of the wait moves by it.
 * @param resume the operator to whom the conversation was lost
 */
export function joinLine(step: Step, section: string, resume: string | null = null): void {
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
  state.due.reminder = step.now + remindEveryMs
  note(step, callQueued, {
    sectionId: section,
    priority: state.priority,
    waitingSince: iso(state.waitingSince),
    ...(resume === null ? {} : { preferred: { agents: [resume], boundMs: resumeBoundMs, resume: true } }),
  })
}

/** The operator to whom the conversation was lost is waited for no longer: whoever is free comes, and the caller is told. */
export function waitForAnybody(step: Step): void {
  const { state } = step
  if (state.broken === null) return
  forgetLostLine(step)
  // Who is being asked something is not interrupted.
  if (state.phase === 'waiting' && state.proposal === null)
    say(step, [{ language: state.language, parts: [{ sentence: 'lineLostNext' }] }], 'music')
}

/** Somebody else is rung, or talks to the caller: nothing more is to be said about the operator who was lost. */
export function forgetLostLine({ state }: Step): void {
  state.broken = null
  delete state.due.resume
}
