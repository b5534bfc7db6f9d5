/**
 * A call that rings the office itself, over the trunk.
 *
 *   ringing ──answered──▶ conversation ──either hangs up──▶ ended
 *      │ no answer, busy
 *      ├──▶ the fallback number, if there is one, rings in the same way
 *      └──▶ a sentence, ended
 */
import { callOfficeAnswered, callOfficeRung } from '../../events.ts'
import { end, farewell } from './ending.ts'
import { join, ringing } from './hearing.ts'
import { newName, note, type Step } from './state.ts'

const ringMs = 30_000
/** The switch ends the ringing by itself; this is for one that does not. */
const marginMs = 5_000

export function ringOffice(step: Step, number: string, fallback: string | null): void {
  const { state } = step
  const leg = newName(state)
  state.phase = 'office'
  state.office = { number, fallback, leg, answered: false }
  state.due.office = step.now + ringMs + marginMs
  if (state.hearing.is !== 'ringing') ringing(step)
  note(step, callOfficeRung, { number })
  step.effects.push({ do: 'dial', leg, number, timeoutMs: ringMs })
}

export function officeAnswered(step: Step): void {
  const { office } = step.state
  if (!office?.leg || office.answered) return
  office.answered = true
  delete step.state.due.office
  note(step, callOfficeAnswered, { number: office.number })
  join(step, office.leg)
}

/** The office's leg is gone, or could not be rung. */
export function officeGone(step: Step): void {
  const { office } = step.state
  if (!office) return
  office.leg = null
  delete step.state.due.office
  if (office.answered) end(step, 'office')
  else if (office.fallback !== null) ringOffice(step, office.fallback, null)
  else farewell(step, [{ language: step.state.language, parts: [{ sentence: 'officeUnreachable' }] }], 'office-unreachable')
}

/** It has rung for longer than it should have. */
export function officeSilent(step: Step): void {
  const { office } = step.state
  if (office?.leg) step.effects.push({ do: 'hang-up', leg: office.leg, reason: 'no-answer' })
  officeGone(step)
}
