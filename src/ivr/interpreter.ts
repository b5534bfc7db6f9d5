/**
 * Walks through a flow. A pure function: state and input in, new state and effects out; the state is plain JSON and is kept with the call.
 *
 *             start
 *               │                         key that leads somewhere, digits complete,
 *               ▼                         or tries used up
 *   ┌──▶ prompting ──said──▶ listening ──────────────────────────▶ done   (queue · office · hang-up)
 *   │        │ key (barge-in)    │ silence, wrong key
 *   │        ▼                   ▼
 *   └──── next node that speaks to the caller ◀──back── handed-over   (earlier-time: somebody else speaks with the caller meanwhile)
 *
 * What nodes say on the way is gathered and said in one go, so that a key cuts off all of it.
 */
import { type Flow, type FlowContext, type FlowLanguage, type FlowNode, type FlowText, nodeOf } from './model.ts'

/** A text in one language; `key` names it for a recording, when it is the same for every caller. */
export interface SpokenText {
  language: FlowLanguage
  text: string
  key?: string
}

export interface Chosen {
  node: string
  key: string
  label: string
}

export interface FlowState {
  node: string
  doing: 'prompting' | 'listening' | 'handed-over' | 'done'
  language: FlowLanguage
  /** Failed attempts at this node. */
  tries: number
  /** Digits taken at this node so far. */
  digits: string
  /** What was collected. */
  values: Record<string, string>
  path: Chosen[]
}

export type FlowStepInput =
  /** `last`: if it leads nowhere, there is no time to ask again. */
  | { type: 'key'; key: string; last?: boolean }
  /** Everything was said, or could not be. */
  | { type: 'said' }
  /** The wait that the last `listen` asked for is over. */
  | { type: 'timeout'; last?: boolean }
  /** The caller has been asked for long enough: on to where a caller goes who chose nothing, whatever is being said. */
  | { type: 'give-up' }
  /** What the flow was handed over for is over. */
  | { type: 'back' }

export type FlowEffect =
  | { type: 'say'; spoken: SpokenText[] }
  /** Cut off what is being said. */
  | { type: 'hush' }
  /** Wait so long for a key. Replaces an earlier wait. */
  | { type: 'listen'; timeoutMs: number }
  | ({ type: 'chosen' } & Chosen)
  /** The caller is asked about an earlier time; `back` goes on. */
  | { type: 'earlier-time' }
  | { type: 'queue'; section: string; priority: number }
  | { type: 'office' }
  | { type: 'hang-up' }

export interface Walk {
  state: FlowState
  effects: FlowEffect[]
}

/** Begins at the flow's start. */
export function start(flow: Flow, context: FlowContext): Walk {
  const state: FlowState = {
    node: flow.start,
    doing: 'prompting',
    language: flow.languages[0] ?? 'it',
    tries: 0,
    digits: '',
    values: {},
    path: [],
  }
  return walk(flow, context, state, flow.start, [], [])
}

/** One step. What does not fit changes nothing. */
export function step(flow: Flow, context: FlowContext, before: FlowState, input: FlowStepInput): Walk {
  const state = structuredClone(before)
  const node = nodeOf(flow, state.node)
  if (state.doing === 'handed-over' && node?.type === 'earlier-time' && input.type === 'back')
    return walk(flow, context, state, node.next, [], [])
  if (state.doing === 'done' || (node?.type !== 'menu' && node?.type !== 'collect')) return { state, effects: [] }
  switch (input.type) {
    case 'back':
      return { state, effects: [] }
    case 'said':
      return state.doing === 'prompting' ? listen(state, node, []) : { state, effects: [] }
    case 'timeout':
      return state.doing === 'listening' ? missed(flow, context, state, node, 'silence', input.last) : { state, effects: [] }
    case 'give-up':
      return walk(flow, context, state, node.after, [], state.doing === 'prompting' ? [{ type: 'hush' }] : [])
    case 'key':
      return node.type === 'menu' ? choose(flow, context, state, node, input) : digit(flow, context, state, node, input)
  }
}

type Menu = Extract<FlowNode, { type: 'menu' }>
type Collect = Extract<FlowNode, { type: 'collect' }>

type Key = Extract<FlowStepInput, { type: 'key' }>

function choose(flow: Flow, context: FlowContext, state: FlowState, node: Menu, { key, last }: Key): Walk {
  if (state.doing === 'prompting' && !node.bargeIn) return { state, effects: [] }
  const effects: FlowEffect[] = state.doing === 'prompting' ? [{ type: 'hush' }] : []
  const choice = node.choices[key]
  if (!choice) return missed(flow, context, state, node, 'wrong', last, effects)
  const chosen = { node: state.node, key, label: textIn(choice.label, 'it') }
  state.path.push(chosen)
  effects.push({ type: 'chosen', ...chosen })
  state.language = choice.language ?? state.language
  return walk(flow, context, state, choice.next, [], effects)
}

function digit(flow: Flow, context: FlowContext, state: FlowState, node: Collect, { key, last }: Key): Walk {
  const effects: FlowEffect[] = state.doing === 'prompting' ? [{ type: 'hush' }] : []
  state.doing = 'listening'
  if (key !== '#' && key !== '*') state.digits += key
  if (key !== '#' && state.digits.length < node.most) return listen(state, node, effects)
  return digitsDone(flow, context, state, node, last, effects)
}

function digitsDone(
  flow: Flow,
  context: FlowContext,
  state: FlowState,
  node: Collect,
  last: boolean | undefined,
  effects: FlowEffect[],
): Walk {
  if (state.digits.length < node.least) return missed(flow, context, state, node, 'wrong', last, effects)
  state.values[node.into] = state.digits
  return walk(flow, context, state, node.next, [], effects)
}

function listen(state: FlowState, node: Menu | Collect, effects: FlowEffect[]): Walk {
  state.doing = 'listening'
  return { state, effects: [...effects, { type: 'listen', timeoutMs: node.timeoutMs }] }
}

/** Nothing, or nothing sensible, was keyed: asks again, or goes on without. */
function missed(
  flow: Flow,
  context: FlowContext,
  state: FlowState,
  node: Menu | Collect,
  how: 'silence' | 'wrong',
  last = false,
  effects: FlowEffect[] = [],
): Walk {
  if (node.type === 'collect' && how === 'silence' && state.digits.length >= node.least)
    return digitsDone(flow, context, state, node, last, effects)
  state.tries++
  state.digits = ''
  if (last || state.tries > node.retries) return walk(flow, context, state, node.after, [], effects)
  const [part, text] =
    node.type === 'collect'
      ? (['again', node.again] as const)
      : how === 'silence'
        ? (['silence', node.silence] as const)
        : (['wrong-key', node.wrongKey] as const)
  return prompt(state, node, speak(context, state, `${state.node}.${part}`, text), context, effects)
}

/** Says what has been gathered and the node's own text, then waits for keys. */
function prompt(
  state: FlowState,
  node: Menu | Collect,
  gathered: SpokenText[],
  context: FlowContext,
  effects: FlowEffect[],
): Walk {
  state.doing = 'prompting'
  const spoken = [...gathered, ...speak(context, state, state.node, node.text)]
  if (node.type === 'menu') spoken.push(...node.also.map((each, n) => ({ ...each, key: `${state.node}.also-${n + 1}` })))
  return { state, effects: [...effects, { type: 'say', spoken }] }
}

/** Goes from node to node until one waits for the caller or ends the flow. */
function walk(
  flow: Flow,
  context: FlowContext,
  state: FlowState,
  to: string,
  gathered: SpokenText[],
  effects: FlowEffect[],
): Walk {
  const spoken = [...gathered]
  let id = to
  // More steps than nodes is a loop, which the checker refuses.
  for (let left = Object.keys(flow.nodes).length; left >= 0; left--) {
    const node = nodeOf(flow, id)
    state.node = id
    state.tries = 0
    state.digits = ''
    switch (node?.type) {
      case 'say':
        spoken.push(...speak(context, state, id, node.text))
        id = node.next
        break
      case 'hours':
        id = context.open.includes(node.unit) ? node.open : context.holiday ? (node.holiday ?? node.closed) : node.closed
        break
      case 'when':
        id = holds(node.is, context) ? node.so : node.otherwise
        break
      case 'menu':
      case 'collect':
        return prompt(state, node, spoken, context, effects)
      case 'earlier-time':
        state.doing = 'handed-over'
        return { state, effects: [...effects, ...sayIfAny(spoken), { type: 'earlier-time' }] }
      case 'queue':
      case 'operator':
        return finish(context, state, node, spoken, effects, { type: 'queue', section: node.section, priority: node.priority })
      case 'office':
        return finish(context, state, node, spoken, effects, { type: 'office' })
      case 'hang-up':
        return finish(context, state, node, spoken, effects, { type: 'hang-up' })
      default:
        // A kind that has no case above does not compile.
        node satisfies undefined
        return finish(context, state, {}, spoken, effects, { type: 'hang-up' })
    }
  }
  return finish(context, state, {}, spoken, effects, { type: 'hang-up' })
}

function finish(
  context: FlowContext,
  state: FlowState,
  node: { text?: FlowText | undefined },
  gathered: SpokenText[],
  effects: FlowEffect[],
  end: FlowEffect,
): Walk {
  state.doing = 'done'
  const spoken = [...gathered, ...(node.text ? speak(context, state, state.node, node.text) : [])]
  return { state, effects: [...effects, ...sayIfAny(spoken), end] }
}

const sayIfAny = (spoken: SpokenText[]): FlowEffect[] => (spoken.length > 0 ? [{ type: 'say', spoken }] : [])

function holds(is: Extract<FlowNode, { type: 'when' }>['is'], context: FlowContext): boolean {
  const within = (list: string[] | undefined, value: string | null) =>
    list === undefined || (value !== null && list.includes(value))
  return (
    (is.callerKnown === undefined || is.callerKnown === context.callerKnown) &&
    within(is.provinces, context.province) &&
    within(is.regions, context.region) &&
    within(is.offices, context.office?.id ?? null) &&
    (is.fromHour === undefined || context.hour >= is.fromHour) &&
    (is.toHour === undefined || context.hour < is.toHour)
  )
}

function speak(context: FlowContext, state: FlowState, key: string, text: FlowText): SpokenText[] {
  const language = text[state.language] === undefined ? 'it' : state.language
  const words = textIn(text, language)
  if (!words.includes('{{')) return words === '' ? [] : [{ language, text: words, key }]
  const filled = words
    .split(/(?<=[.!?…])\s+/)
    .filter(sentence => context.office !== null || !sentence.includes('{{office}}'))
    .join(' ')
    .replaceAll('{{office}}', context.office?.name ?? '')
  return filled === '' ? [] : [{ language, text: filled }]
}

/** The text in a language; in Italian when it is missing. */
export const textIn = (text: FlowText, language: FlowLanguage): string => text[language] ?? text.it ?? ''
