/** A call that nobody makes: the interpreter of the program, walked by hand. What is said counts as said at once. Pure. */
import { type Chosen, type FlowEffect, type SpokenText, start, step, type Walk } from '../../../src/ivr/interpreter.ts'
import type { Flow, FlowContext } from '../../../src/ivr/model.ts'

export type RehearsalStep =
  | { kind: 'said'; spoken: SpokenText }
  | { kind: 'pressed'; key: string; chosen: Chosen | null }
  | { kind: 'silent' }
  | { kind: 'time' }
  | { kind: 'queued'; section: string }
  | { kind: 'office' }
  | { kind: 'ended' }

export interface Rehearsal {
  walk: Walk
  lines: RehearsalStep[]
}

const linesOf = (effects: readonly FlowEffect[]): RehearsalStep[] =>
  effects.flatMap((effect): RehearsalStep[] => {
    switch (effect.type) {
      case 'say':
        return effect.spoken.map(spoken => ({ kind: 'said', spoken }))
      case 'earlier-time':
        return [{ kind: 'time' }]
      case 'queue':
        return [{ kind: 'queued', section: effect.section }]
      case 'office':
        return [{ kind: 'office' }]
      case 'hang-up':
        return [{ kind: 'ended' }]
      default:
        return []
    }
  })

/** The caller calls. */
export function begin(flow: Flow, context: FlowContext): Rehearsal {
  const walk = start(flow, context)
  return { walk, lines: linesOf(walk.effects) }
}

/** The caller presses a key, or does nothing until the time is over. Either goes on behind a talk that is only the program's. */
export function act(flow: Flow, context: FlowContext, { walk, lines }: Rehearsal, input: { key: string } | 'silence'): Rehearsal {
  if (walk.state.doing === 'done') return { walk, lines }
  if (walk.state.doing === 'handed-over') {
    const back = step(flow, context, walk.state, { type: 'back' })
    return { walk: back, lines: [...lines, ...linesOf(back.effects)] }
  }
  const listening = walk.state.doing === 'prompting' ? step(flow, context, walk.state, { type: 'said' }).state : walk.state
  const next = step(flow, context, listening, input === 'silence' ? { type: 'timeout' } : { type: 'key', key: input.key })
  const chosen = next.effects.find(effect => effect.type === 'chosen') ?? null
  const done: RehearsalStep = input === 'silence' ? { kind: 'silent' } : { kind: 'pressed', key: input.key, chosen }
  return { walk: next, lines: [...lines, done, ...linesOf(next.effects)] }
}
