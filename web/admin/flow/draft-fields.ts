/**
 * A draft as fields of a form: each step is one, and so are its name, its languages and its beginning. A step that is taken away is a field that
 * holds null. So two who write in different steps do not meet, and whoever takes a step away can have it back whole. Pure.
 */
import type { Flow, FlowNode } from '../../../src/ivr/model.ts'
import { same } from '../../shared/form/state.ts'

const prefix = 'step '

export interface FlowFields {
  name: string
  languages: Flow['languages']
  start: string
  [step: `step ${string}`]: FlowNode | null
}

type Field = keyof FlowFields & string

export const fieldOfStep = (id: string) => `${prefix}${id}` as const
const isStep = (field: string): field is `step ${string}` => field.startsWith(prefix)
/** The step that a field holds; undefined for name, languages and beginning. */
export const stepOf = (field: string): string | undefined => (isStep(field) ? field.slice(prefix.length) : undefined)

export const fieldsOfFlow = ({ name, languages, start, nodes }: Flow): FlowFields => ({
  name,
  languages,
  start,
  ...Object.fromEntries(Object.entries(nodes).map(([id, node]) => [fieldOfStep(id), node])),
})

export function flowOfFields(id: string, fields: FlowFields): Flow {
  const { name, languages, start } = fields
  const nodes: Record<string, FlowNode> = {}
  for (const field of Object.keys(fields)) {
    const node = isStep(field) ? fields[field] : null
    if (node) nodes[field.slice(prefix.length)] = node
  }
  return { id, name, languages, start, nodes }
}

/** What differs between two states of a draft, as it stands in the second. */
export function changeBetween(before: FlowFields, after: FlowFields): Partial<FlowFields> {
  const change: Record<string, unknown> = {}
  for (const field of new Set([...Object.keys(before), ...Object.keys(after)]) as Set<Field>)
    if (!same(before[field], after[field])) change[field] = after[field] ?? null
  return change as Partial<FlowFields>
}

/** One edit, so that it can be undone: what stood in its fields before. */
export interface Edit {
  before: Partial<FlowFields>
  /** The one text that it was typed in; null when it changed anything else (a key, a setting, a step). */
  text: string | null
  at: number
}

/** So many edits can be undone. */
const maxEdits = 100
/** Keys in one text that follow each other so fast are one edit. */
const oneEditMs = 1_500

/** Where two values differ, each place as its way from the top. */
function differences(before: unknown, after: unknown, way = ''): { way: string; isText: boolean }[] {
  if (same(before, after)) return []
  if (!isTree(before) || !isTree(after)) return [{ way, isText: typeof before === 'string' && typeof after === 'string' }]
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys].flatMap(key => differences(before[key], after[key], `${way}/${key}`))
}
const isTree = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** The one text in which an edit differs; null when it differs anywhere else. */
function textTyped(before: FlowFields, change: Partial<FlowFields>): string | null {
  const [first, second] = differences(before, { ...before, ...change })
  return first?.isText && second === undefined ? first.way : null
}

/** The edits with one more; typing on in the same text is the same edit. */
export function withEdit(edits: readonly Edit[], before: FlowFields, change: Partial<FlowFields>, at: number): readonly Edit[] {
  const text = textTyped(before, change)
  const last = edits.at(-1)
  if (last && text !== null && text === last.text && at - last.at < oneEditMs) return [...edits.slice(0, -1), { ...last, at }]
  const stood: Record<string, unknown> = {}
  for (const field of Object.keys(change) as Field[]) stood[field] = before[field] ?? null
  return [...edits.slice(1 - maxEdits), { before: stood as Partial<FlowFields>, text, at }]
}

/** The steps that an edit has taken away. */
export const removedBy = (edit: Edit | undefined, now: FlowFields): FlowNode[] =>
  edit === undefined
    ? []
    : (Object.keys(edit.before) as Field[]).flatMap(field => {
        const node = isStep(field) ? edit.before[field] : null
        return node && !now[field] ? [node] : []
      })
