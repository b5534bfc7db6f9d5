/**
 * Checks a flow before it is published. What it promises, the interpreter keeps (see the tests):
 *
 *   every key leads somewhere · key 0 of every menu leads to an operator · a caller who does nothing comes to an end ·
 *   every text can be said in Italian · every section exists · nothing lies about unused
 */
import { type Flow, type FlowNode, type FlowText, goesOn, isSpeaking, nodeOf, unitsOfHours } from './model.ts'

export type FindingCode =
  | 'startMissing'
  | 'targetMissing'
  | 'menuWithoutChoices'
  | 'noOperator'
  | 'loop'
  | 'italianMissing'
  | 'languageMissing'
  | 'languageUnknown'
  | 'placeholderUnknown'
  | 'sectionUnknown'
  | 'unitUnknown'
  | 'lengthsCrossed'
  | 'askedUnasked'
  | 'unreachable'

export interface FlowFinding {
  /** The sentence is `ivr.finding.<code>` in the language files. */
  code: FindingCode
  /** An error forbids publication; a warning is only shown. */
  severity: 'error' | 'warning'
  node: string | null
  values: Record<string, string>
}

/** What the flow refers to outside itself; a list left out is not checked. */
export interface Surroundings {
  sections?: readonly string[]
  units?: readonly string[]
}

const warnings: ReadonlySet<FindingCode> = new Set(['languageMissing', 'askedUnasked', 'unreachable'])

/** All findings, errors first. An empty answer, or warnings only, may be published. */
export function checkFlow(flow: Flow, around: Surroundings = {}): FlowFinding[] {
  const findings: FlowFinding[] = []
  const find = (code: FindingCode, node: string | null, values: Record<string, string> = {}) =>
    findings.push({
      code,
      node,
      values: { ...(node === null ? {} : { node }), ...values },
      severity: warnings.has(code) ? 'warning' : 'error',
    })

  if (!nodeOf(flow, flow.start)) find('startMissing', null, { start: flow.start })
  for (const [id, node] of Object.entries(flow.nodes)) {
    for (const to of targetsOf(node)) if (!nodeOf(flow, to)) find('targetMissing', id, { to })
    for (const text of textsOf(node)) checkText(flow, text, (code, values) => find(code, id, values))
    if (node.type === 'menu') {
      if (Object.keys(node.choices).length === 0) find('menuWithoutChoices', id)
      if (!leadsToOperator(flow, node)) find('noOperator', id)
      for (const choice of Object.values(node.choices))
        if (choice?.language && !flow.languages.includes(choice.language))
          find('languageUnknown', id, { language: choice.language })
    }
    if (node.type === 'collect' && node.least > node.most) find('lengthsCrossed', id)
    if ((node.type === 'queue' || node.type === 'operator') && around.sections && !around.sections.includes(node.section))
      find('sectionUnknown', id, { section: node.section })
  }
  for (const unit of unitsOfHours(flow)) if (around.units && !around.units.includes(unit)) find('unitUnknown', null, { unit })
  for (const id of loops(flow)) find('loop', id)
  for (const id of withoutAKey(flow)) if (nodeOf(flow, id)?.type === 'earlier-time') find('askedUnasked', id)
  const reached = reachable(flow)
  for (const id of Object.keys(flow.nodes)) if (!reached.has(id)) find('unreachable', id)
  return findings.sort((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'))
}

/** Whether a flow with these findings may be published. */
export const mayPublish = (findings: readonly FlowFinding[]): boolean => findings.every(finding => finding.severity === 'warning')

/** Where a caller gets from a node by doing nothing. */
function silentTargets(node: FlowNode): string[] {
  switch (node.type) {
    case 'hours':
      return [node.open, node.closed, ...(node.holiday === undefined ? [] : [node.holiday])]
    case 'when':
      return [node.so, node.otherwise]
    case 'menu':
    case 'collect':
      return [node.after]
    default:
      return goesOn(node) ? [node.next] : []
  }
}

function targetsOf(node: FlowNode): string[] {
  const silent = silentTargets(node)
  if (node.type === 'menu') return [...silent, ...Object.values(node.choices).flatMap(choice => (choice ? [choice.next] : []))]
  return node.type === 'collect' ? [...silent, node.next] : silent
}

function textsOf(node: FlowNode): FlowText[] {
  switch (node.type) {
    case 'menu':
      return [
        node.text,
        node.wrongKey,
        node.silence,
        ...Object.values(node.choices).flatMap(choice => (choice ? [choice.label] : [])),
      ]
    case 'collect':
      return [node.text, node.again]
    default:
      return isSpeaking(node) && node.text ? [node.text] : []
  }
}

function checkText(flow: Flow, text: FlowText, find: (code: FindingCode, values?: Record<string, string>) => void): void {
  if (text.it === undefined) find('italianMissing')
  const missing = flow.languages.filter(language => language !== 'it' && text[language] === undefined)
  for (const language of missing) find('languageMissing', { language })
  for (const words of Object.values(text))
    for (const [, name = ''] of words.matchAll(/\{\{(.*?)\}\}/g)) if (name !== 'office') find('placeholderUnknown', { name })
}

/** Key 0 leads to an operator, over nothing that asks anything of the caller. */
function leadsToOperator(flow: Flow, menu: Extract<FlowNode, { type: 'menu' }>): boolean {
  let id = menu.choices['0']?.next
  for (let steps = 0; id !== undefined && steps <= Object.keys(flow.nodes).length; steps++) {
    const node: FlowNode | undefined = nodeOf(flow, id)
    if (node?.type === 'operator') return true
    id = node?.type === 'say' ? node.next : undefined
  }
  return false
}

/** Nodes to which a caller comes back who does nothing. One for each circle. */
function loops(flow: Flow): string[] {
  const found: string[] = []
  const state = new Map<string, 'open' | 'closed'>()
  const visit = (id: string): void => {
    if (state.get(id) === 'open') found.push(id)
    if (state.has(id)) return
    const node = nodeOf(flow, id)
    if (!node) return
    state.set(id, 'open')
    for (const to of silentTargets(node)) visit(to)
    state.set(id, 'closed')
  }
  for (const id of Object.keys(flow.nodes)) visit(id)
  return found
}

const reachable = (flow: Flow): Set<string> => reachedBy(flow, targetsOf)

/** Nodes to which a caller comes who presses nothing. */
const withoutAKey = (flow: Flow): Set<string> => reachedBy(flow, silentTargets)

function reachedBy(flow: Flow, ways: (node: FlowNode) => string[]): Set<string> {
  const reached = new Set<string>()
  const next = [flow.start]
  for (let id = next.pop(); id !== undefined; id = next.pop()) {
    const node = nodeOf(flow, id)
    if (!node || reached.has(id)) continue
    reached.add(id)
    next.push(...ways(node))
  }
  return reached
}
