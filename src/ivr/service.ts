/** Use cases of flows. */
import { notFound, Refused, sentence, useCase, type Work } from '../platform/index.ts'
import { checkFlow, type Finding, mayPublish, type Surroundings } from './check.ts'
import { flowPublished } from './events.ts'
import { Flow, type FlowInput } from './model.ts'
import { flowVersion, insertDraft, putInForce } from './store.ts'

/**
 * Keeps a flow as a new draft and says what is to be mended in it.
 * @throws Refused 422 when it has not the form of a flow
 */
export const draftFlow = useCase(
  async ({ tx, now }, input: FlowInput): Promise<{ id: string; version: number; findings: Finding[] }> => {
    const flow = readFlow(input)
    return { id: flow.id, version: await insertDraft(tx, flow, now), findings: checkFlow(flow) }
  },
)

/**
 * Puts a version in force for the calls that arrive from now on.
 * @param around what the flow refers to must be among these
 * @throws Refused 404 when there is no such version, 422 with the findings when a caller could be lost in it
 */
export const publishFlow = useCase(
  async (
    work,
    { id, version, around }: { id: string; version: number; around?: Surroundings },
  ): Promise<{ findings: Finding[] }> => {
    const kept = await flowVersion(work.tx, id, version)
    if (!kept) throw notFound('flow')
    return { findings: await publish(work, kept.flow, version, around) }
  },
)

/** Drafts and publishes in the caller's transaction: for what comes with an institute. @throws as the two above */
export async function installFlow(work: Work, input: unknown, around?: Surroundings): Promise<void> {
  const flow = readFlow(input)
  await publish(work, flow, await insertDraft(work.tx, flow, work.now), around)
}

async function publish({ tx, now, journal }: Work, flow: Flow, version: number, around?: Surroundings): Promise<Finding[]> {
  const findings = checkFlow(flow, around)
  if (!mayPublish(findings)) {
    const sentences = findings.map(each => sentence('it', `ivr.finding.${each.code}`, each.values))
    throw new Refused('ivr.flowNotFit', { findings: sentences.join(' ') }, 422)
  }
  await putInForce(tx, flow.id, version, now)
  await journal(flowPublished, { flowId: flow.id, version }, {})
  return findings
}

function readFlow(input: unknown): Flow {
  const read = Flow.safeParse(input)
  if (read.success) return read.data
  const issue = read.error.issues[0]
  throw new Refused('ivr.flowWrongForm', { where: issue?.path.join('.') ?? '', what: issue?.message ?? '' }, 422)
}
