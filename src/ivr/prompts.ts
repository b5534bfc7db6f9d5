/** The prompts of a flow: every text that a caller may hear, under the key by which a recording replaces it. Pure. */
import { type Flow, type FlowLanguage, type FlowText, textOf } from './model.ts'

export type PromptPart = 'text' | 'wrong-key' | 'silence' | 'again' | 'also'

export interface FlowPrompt {
  /** As the interpreter names it: the node, and the part where a node has several. */
  key: string
  language: FlowLanguage
  text: string
  node: string
  part: PromptPart
}

/** All prompts of a flow in the order of its nodes; one for each language that a text has. */
export function promptsOf(flow: Flow): FlowPrompt[] {
  return Object.entries(flow.nodes).flatMap(([id, node]) => {
    switch (node.type) {
      case 'menu':
        return [
          ...spoken(id, 'text', node.text),
          ...node.also.map(({ language, text }, n) => ({
            key: `${id}.also-${n + 1}`,
            language,
            text,
            node: id,
            part: 'also' as const,
          })),
          ...spoken(id, 'wrong-key', node.wrongKey),
          ...spoken(id, 'silence', node.silence),
        ]
      case 'collect':
        return [...spoken(id, 'text', node.text), ...spoken(id, 'again', node.again)]
      default:
        return spoken(id, 'text', textOf(node))
    }
  })
}

/** A text with the name of an office in it is another for each call: it is spoken, and cannot be recorded. */
export const isForEachCall = (text: string): boolean => text.includes('{{')

function spoken(node: string, part: PromptPart, text: FlowText | undefined): FlowPrompt[] {
  const key = part === 'text' ? node : `${node}.${part}`
  return Object.entries(text ?? {}).map(([language, words]) => ({
    key,
    language: language as FlowLanguage,
    text: words,
    node,
    part,
  }))
}
