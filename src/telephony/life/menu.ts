/** A call that the automatic answerer leads: the interpreter decides, the call does what it says. */
import { type FlowStepInput, type Spoken, start, step as takeStep, type Walk } from '../../ivr/index.ts'
import { callMenuChosen } from '../events.ts'
import { end, farewell } from './ending.ts'
import { leave, listen, music, say } from './hearing.ts'
import { joinLine } from './line.ts'
import { ringOffice } from './office.ts'
import { note, type Step, type Words } from './state.ts'

export function beginFlow(step: Step): void {
  if (step.flow) follow(step, start(step.flow, step.state.context))
  else outOfOrder(step)
}

export function inFlow(step: Step, input: FlowStepInput): void {
  const { state, flow } = step
  if (flow && state.walk) follow(step, takeStep(flow, state.context, state.walk, input))
  else outOfOrder(step)
}

/** There is no flow in force: nobody is led anywhere, and nobody is left in silence. */
function outOfOrder(step: Step): void {
  farewell(step, [{ language: step.state.language, parts: [{ sentence: 'outOfOrder' }] }], 'flow')
}

function follow(step: Step, { state: walk, effects }: Walk): void {
  const { state } = step
  state.walk = walk
  state.language = walk.language
  let words: Words[] = []
  for (const effect of effects) {
    switch (effect.type) {
      case 'hush':
        leave(step)
        break
      case 'chosen':
        state.path.push({ node: effect.node, key: effect.key, label: effect.label })
        note(step, callMenuChosen, { node: effect.node, key: effect.key, label: effect.label })
        break
      case 'say':
        words = byLanguage(effect.spoken)
        break
      case 'listen':
        listen(step, effect.timeoutMs)
        break
      case 'queue':
        state.priority = effect.priority
        joinLine(step, effect.section)
        // The line does not wait for the sentence to end.
        if (words.length > 0) say(step, words, 'music')
        else music(step)
        return
      case 'office':
        if (words.length > 0) say(step, words, 'office')
        else officeOfCall(step)
        return
      case 'hang-up':
        if (words.length > 0) farewell(step, words, 'flow')
        else end(step, 'flow')
        return
    }
  }
  if (words.length > 0) say(step, words, 'listen')
}

/** Rings the office whose number was called. */
export function officeOfCall(step: Step): void {
  const { office } = step.state
  if (office) ringOffice(step, office.number, office.fallback)
  else farewell(step, [{ language: step.state.language, parts: [{ sentence: 'officeUnreachable' }] }], 'office-unreachable')
}

/** A switch says one language at a time. */
function byLanguage(spoken: readonly Spoken[]): Words[] {
  const words: { language: Spoken['language']; flow: Spoken[] }[] = []
  for (const each of spoken) {
    const last = words.at(-1)
    if (last && last.language === each.language) last.flow.push(each)
    else words.push({ language: each.language, flow: [each] })
  }
  return words
}
