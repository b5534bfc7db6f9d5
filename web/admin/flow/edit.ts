/** Changes of a flow, each returning a new one. Pure. */
import type { Flow, FlowLanguage, FlowNode, FlowText, SpeakingNode } from '../../../src/ivr/model.ts'

export const withNode = (flow: Flow, id: string, node: FlowNode): Flow => ({ ...flow, nodes: { ...flow.nodes, [id]: node } })

export const withoutNode = (flow: Flow, id: string): Flow => ({
  ...flow,
  nodes: Object.fromEntries(Object.entries(flow.nodes).filter(([each]) => each !== id)),
})

/** A text in one language; an empty one is none. Lines become one: a voice knows no lines. */
export function withText(text: FlowText | undefined, language: FlowLanguage, words: string): FlowText {
  const { [language]: _, ...others } = text ?? {}
  const line = words.replace(/\s*\n\s*/g, ' ')
  return line.trim() === '' ? others : { ...others, [language]: line }
}

/** The text that a node says; one that need not say anything has none rather than an empty one. */
export function withOwnText(node: SpeakingNode, text: FlowText): FlowNode {
  if (node.type === 'say' || node.type === 'menu' || node.type === 'collect') return { ...node, text }
  const { text: _, ...silent } = node
  return Object.keys(text).length === 0 ? silent : { ...silent, text }
}

export type NewNode = 'say' | 'menu' | 'earlier-time' | 'queue' | 'hang-up'
export const newNodes: readonly NewNode[] = ['queue', 'menu', 'say', 'earlier-time', 'hang-up']

/** Adds a node with the least that it needs. It goes on where a caller is in good hands: at an operator, if there is one. */
export function withNewNode(flow: Flow, type: NewNode, section: string): { flow: Flow; id: string } {
  const ids = Object.keys(flow.nodes)
  const safe = ids.find(id => flow.nodes[id]?.type === 'operator') ?? flow.start
  let number = 1
  while (ids.includes(`${type}-${number}`)) number++
  const id = `${type}-${number}`
  const text: FlowText = {}
  const node: Record<NewNode, FlowNode> = {
    say: { type: 'say', text, next: safe },
    'earlier-time': { type: 'earlier-time', next: safe },
    queue: { type: 'queue', section, priority: 0 },
    'hang-up': { type: 'hang-up', text },
    menu: {
      type: 'menu',
      text,
      also: [],
      choices: { '0': { label: { it: 'Operatore' }, next: safe } },
      timeoutMs: 6_000,
      retries: 2,
      wrongKey: text,
      silence: text,
      after: safe,
      bargeIn: true,
    },
  }
  return { flow: withNode(flow, id, node[type]), id }
}
