/**
 * The flow of the automatic answerer, as data. A flow is a set of named nodes; each says where it goes on.
 *
 *   say       speaks, goes on
 *   menu      speaks, waits for a key, goes where the key leads; silent or wrong keys are asked again, then `after`
 *   collect   speaks, takes digits up to `#` or `most`
 *   hours     looks whether a unit is open, closed, or closed for a holiday
 *   when      looks at what is known of the call
 *   earlier-time  a citizen who waits for an earlier time hears what is offered, and answers by a key; goes on
 *   queue     the caller waits for a section                            ┐
 *   operator  the caller waits for the switchboard: it leads anywhere   │ the flow ends here
 *   office    rings the office whose number was called                  │
 *   hang-up   speaks, ends the call                                     ┘
 *
 * Circular, annex slide 2: "the menu always lets the caller speak to an operator": key 0 of every menu (`check.ts`).
 */
import { z } from 'zod'

export const flowLanguages = ['it', 'en', 'de', 'fr', 'sl'] as const
export const FlowLanguage = z.enum(flowLanguages)
export type FlowLanguage = z.infer<typeof FlowLanguage>

/** More than anybody listens to; a limit all the same for what is checked and spoken. */
const maxNodes = 500

export const FlowKey = z.string().regex(/^[0-9*#]$/)
const NodeId = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .max(60)

/** What can be kept and spoken: no control characters (PostgreSQL refuses NUL), no halves of characters. */
function words(most: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(most)
    .refine(text => text.isWellFormed() && !/\p{Cc}/u.test(text), 'must not contain control characters')
}

/**
 * A text in each language; Italian stands in for a missing one. `{{office}}` is the name of the office that was called: a sentence with it
 * is left out when the office is not known.
 */
export const FlowText = z.partialRecord(FlowLanguage, words(1_000))
export type FlowText = z.infer<typeof FlowText>

const TimeoutMs = z.number().int().min(1_000).max(15_000)
const Retries = z.number().int().min(0).max(5)
const Priority = z.number().int().min(0).max(99)

const Choice = z.strictObject({
  label: FlowText.describe('what the caller chose, for the operator and the journal'),
  next: NodeId,
  language: FlowLanguage.optional().describe('the call goes on in this language'),
})

export const FlowNode = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('say'), text: FlowText, next: NodeId }),
  z.strictObject({
    type: z.literal('menu'),
    text: FlowText,
    also: z
      .array(z.strictObject({ language: FlowLanguage, text: words(300) }))
      .max(5)
      .default([])
      .describe('said after the text, each in its own language: "For English, press 9"'),
    choices: z.partialRecord(FlowKey, Choice),
    timeoutMs: TimeoutMs.default(6_000).describe('from the end of the text to the key'),
    retries: Retries.default(2).describe('how often the text is said again after silence or a wrong key'),
    wrongKey: FlowText,
    silence: FlowText,
    after: NodeId.describe('where a caller goes who chose nothing'),
    bargeIn: z.boolean().default(true).describe('whether a key cuts the text off; if not, keys count only after it'),
  }),
  z.strictObject({
    type: z.literal('collect'),
    text: FlowText,
    into: z.string().regex(/^[a-z][a-zA-Z0-9]{0,39}$/),
    least: z.number().int().min(1).max(30),
    most: z.number().int().min(1).max(30),
    timeoutMs: TimeoutMs.default(6_000).describe('until the first digit, and from each digit to the next'),
    retries: Retries.default(2),
    again: FlowText.describe('said before the text when the digits were too few'),
    next: NodeId,
    after: NodeId.describe('where a caller goes who gave no digits'),
  }),
  z.strictObject({
    type: z.literal('hours'),
    unit: words(100),
    open: NodeId,
    closed: NodeId,
    holiday: NodeId.optional().describe('closed because of a holiday; without it, `closed`'),
  }),
  z.strictObject({
    type: z.literal('when'),
    is: z
      .strictObject({
        callerKnown: z.boolean().optional().describe('whether the caller shows a number'),
        provinces: z.array(words(100)).max(500).optional(),
        regions: z.array(words(100)).max(500).optional(),
        offices: z.array(words(100)).max(500).optional(),
        fromHour: z.number().int().min(0).max(23).optional().describe('office time, this hour included'),
        toHour: z.number().int().min(1).max(24).optional().describe('office time, this hour not included'),
      })
      .describe('all that is named must hold'),
    so: NodeId,
    otherwise: NodeId,
  }),
  z.strictObject({
    type: z.literal('earlier-time'),
    next: NodeId.describe('where the call goes on once the caller has answered, or there is nothing to answer'),
  }),
  z.strictObject({
    type: z.literal('queue'),
    section: words(100),
    priority: Priority.default(0),
    text: FlowText.optional(),
  }),
  z.strictObject({
    type: z.literal('operator'),
    section: words(100),
    priority: Priority.default(0),
    text: FlowText.optional(),
  }),
  z.strictObject({ type: z.literal('office'), text: FlowText.optional() }),
  z.strictObject({ type: z.literal('hang-up'), text: FlowText.optional() }),
])
export type FlowNode = z.infer<typeof FlowNode>

type WithText<Node> = Node extends unknown ? ('text' extends keyof Node ? Node : never) : never
/** A node that says something, or may. */
export type SpeakingNode = WithText<FlowNode>

const speakingTypes = new Set<FlowNode['type']>(
  FlowNode.options.flatMap(({ shape }) => ('text' in shape ? [shape.type.value] : [])),
)
export const isSpeaking = (node: FlowNode): node is SpeakingNode => speakingTypes.has(node.type)

/** What a node says first; undefined where it says nothing. */
export const textOf = (node: FlowNode): FlowText | undefined => (isSpeaking(node) ? node.text : undefined)

type WithNext<Node> = Node extends { next: string } ? ('after' extends keyof Node ? never : Node) : never
/** A node after which there is one way only. */
export type OnwardNode = WithNext<FlowNode>
export const goesOn = (node: FlowNode): node is OnwardNode => 'next' in node && !('after' in node)

export const Flow = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,60}$/),
  name: words(200),
  languages: z.array(FlowLanguage).min(1).max(20).describe('the languages in which it should be complete'),
  start: NodeId,
  nodes: z.record(NodeId, FlowNode).refine(nodes => Object.keys(nodes).length <= maxNodes, `at most ${maxNodes} nodes`),
})
export type Flow = z.infer<typeof Flow>
/** A flow as it is written, defaults left out. */
export type FlowInput = z.input<typeof Flow>

/** What is known of a call when it arrives. */
export const FlowContext = z.object({
  office: z.object({ id: z.string(), name: z.string() }).nullable(),
  province: z.string().nullable(),
  region: z.string().nullable(),
  /** Whether the caller shows a number. */
  callerKnown: z.boolean(),
  /** Office time, 0 to 23. */
  hour: z.number().int(),
  holiday: z.boolean(),
  /** The units of the flow's `hours` nodes that are open now. */
  open: z.array(z.string()),
})
export type FlowContext = z.infer<typeof FlowContext>

/** The node with this name. */
export const nodeOf = (flow: Flow, id: string): FlowNode | undefined =>
  Object.hasOwn(flow.nodes, id) ? flow.nodes[id] : undefined

/** The units whose opening a flow asks for. */
export const unitsOfHours = (flow: Flow): string[] => [
  ...new Set(Object.values(flow.nodes).flatMap(node => (node.type === 'hours' ? [node.unit] : []))),
]
