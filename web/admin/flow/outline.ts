/** The flow as a tree to read: what a caller meets, in order, and by which key. Pure. */
import { type Flow, type FlowNode, goesOn, nodeOf } from '../../../src/ivr/model.ts'

/** How a caller comes to a node: at the start, then, by a key, when open …, who chose nothing. */
export type By = 'start' | 'next' | 'key' | 'open' | 'closed' | 'holiday' | 'so' | 'otherwise' | 'after' | 'nowhere'

export interface OutlineRow {
  /** Of the row: a node that several ways lead to has several. */
  id: string
  node: string
  depth: number
  by: By
  key: string | null
  /** The node that the way comes from. */
  from: string | null
  /** The way leads to a node that is shown elsewhere. */
  again: boolean
}

export interface Branch {
  by: By
  key: string | null
  to: string
}

/** Where a node leads, in the order in which one reads it. */
export function waysOf(node: FlowNode): Branch[] {
  const way = (by: By, to: string, key: string | null = null): Branch => ({ by, key, to })
  switch (node.type) {
    case 'collect':
      return [way('next', node.next), way('after', node.after)]
    case 'hours':
      return [
        way('open', node.open),
        way('closed', node.closed),
        ...(node.holiday === undefined ? [] : [way('holiday', node.holiday)]),
      ]
    case 'when':
      return [way('so', node.so), way('otherwise', node.otherwise)]
    case 'menu':
      return [...keysOf(node.choices).map(key => way('key', node.choices[key]?.next ?? '', key)), way('after', node.after)]
    default:
      return goesOn(node) ? [way('next', node.next)] : []
  }
}

export const telephoneKeys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '*', '#'] as const
export type TelephoneKey = (typeof telephoneKeys)[number]

/** The keys of a menu as they lie on a telephone. */
export const keysOf = (choices: Extract<FlowNode, { type: 'menu' }>['choices']): TelephoneKey[] =>
  telephoneKeys.filter(key => choices[key] !== undefined)

/** The rows of the tree. Nodes that nothing leads to come last. */
export function outline(flow: Flow): OutlineRow[] {
  const rows: OutlineRow[] = []
  const shown = new Set<string>()
  const visit = (node: string, depth: number, by: By, key: string | null, from: string | null): void => {
    const found = nodeOf(flow, node)
    const again = shown.has(node) || !found
    rows.push({ id: String(rows.length), node, depth, by, key, from, again })
    if (again || !found) return
    shown.add(node)
    // One thing after the other stays in line; where ways part, they go in.
    const ways = waysOf(found)
    for (const way of ways) visit(way.to, ways.length === 1 ? depth : depth + 1, way.by, way.key, node)
  }
  visit(flow.start, 0, 'start', null, null)
  for (const node of Object.keys(flow.nodes)) if (!shown.has(node)) visit(node, 0, 'nowhere', null, null)
  return rows
}

/** What a caller chose on the way, in a language; empty where nothing was chosen. */
export function choiceOf(flow: Flow, { from, key }: Pick<OutlineRow, 'from' | 'key'>): string {
  const node = from === null ? undefined : nodeOf(flow, from)
  const found = telephoneKeys.find(each => each === key)
  const choice = node?.type === 'menu' && found ? node.choices[found] : undefined
  return choice?.label.it ?? Object.values(choice?.label ?? {})[0] ?? ''
}

/** The beginning of a text, at the end of a word. */
export function beginning(text: string, most = 48): string {
  if (text.length <= most) return text
  return `${text.slice(0, text.lastIndexOf(' ', most) > 0 ? text.lastIndexOf(' ', most) : most)}…`
}
