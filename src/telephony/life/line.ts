/** Joining a line. */
import { callQueued } from '../../distribution/index.ts'
import { iso, note, type Step } from './state.ts'

/** Music between two looks at whether somebody is at work for who waits. */
export const remindEveryMs = 60_000
/** How long a caller waits for the operator whose page died, before going before everybody else. */
const resumeBoundMs = 30_000

/**
 * The call waits for a section, from now on or still. Who has waited before keeps that: a transfer, or a page that died, starts no new wait.
 * @param resume the operator to whom the conversation was lost
 */
export function joinLine(step: Step, section: string, resume: string | null = null): void {
  const { state } = step
  state.phase = 'waiting'
  state.section = section
  state.waitingSince ??= step.now
  state.position = null
  state.agent = null
  state.held = false
  state.broken = resume
  state.proposal = null
  state.due.reminder = step.now + remindEveryMs
  note(step, callQueued, {
    sectionId: section,
    priority: state.priority,
    waitingSince: iso(state.waitingSince),
    ...(resume === null ? {} : { preferred: { agents: [resume], boundMs: resumeBoundMs, resume: true } }),
  })
}
