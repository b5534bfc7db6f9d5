/**
 * Use cases of flows.
 *
 *   in force ──begin──▶ draft ──save*──▶ draft ──publish──▶ in force        (the one before is superseded)
 *                         └──discard──▶ discarded
 *   superseded ──restore──▶ a new version with the same content, in force
 *
 * A version that was ever published is never changed again: the calls that it leads go on in it.
 */
import { contactCentreSections, unitsOf } from '../organisation/index.ts'
import {
  type Actor,
  changedMeanwhile,
  type Db,
  type Language,
  must,
  notFound,
  Refused,
  sentence,
  useCase,
  type Work,
} from '../platform/index.ts'
import { checkFlow, type FlowFinding, mayPublish, type Surroundings } from './check.ts'
import { flowDraftDiscarded, flowDrafted, flowPublished } from './events.ts'
import { Flow, unitsOfHours } from './model.ts'
import { mayKeepFlow } from './policy.ts'
import {
  discard,
  type FlowRow,
  insertFlow,
  listFlows,
  lockFlow,
  putInForce,
  updateDraft,
  type WholeFlow,
  wholeFlow,
} from './store.ts'
import type { FlowLine, FlowOverview, FlowVersion } from './views.ts'

/** The flow that leads all calls. */
const main = 'main'

const nameOf = (actor: Actor): string | null => (actor.kind === 'person' ? actor.name : null)

// --- reading --------------------------------------------------------------------------------------------------------

/** The flow as it stands: the version in force, the draft, and what they refer to. */
export async function flowOverview(db: Db, language: Language): Promise<FlowOverview> {
  const [inForce, draft, sections] = await Promise.all([
    wholeFlow(db, main, 'in-force'),
    wholeFlow(db, main, 'draft'),
    contactCentreSections(db),
  ])
  const flows = [inForce, draft].flatMap(each => (each ? [each.flow] : []))
  const ids = [...new Set(flows.flatMap(unitsOfHours))]
  const units = ids.length === 0 ? [] : await unitsOf(db, { ids })
  const around = { sections: sections.map(({ id }) => id), units: units.map(({ id }) => id) }
  return {
    version: inForce?.version ?? 0,
    inForce: inForce ? versionOf(inForce, around, language) : null,
    draft: draft ? versionOf(draft, around, language) : null,
    sections: sections.map(({ id, name }) => ({ id, name })),
    units: units.map(({ id, name }) => ({ id, name })),
  }
}

/** One version. @throws Refused 404 */
export async function flowOf(db: Db, number: number, language: Language): Promise<FlowVersion> {
  const kept = await wholeFlow(db, main, number)
  if (!kept) throw notFound('flow')
  return versionOf(kept, await surroundings(db, kept.flow), language)
}

/** The versions from the newest back; `limit + 1`, so that one sees whether there are more. */
export const flowLines = async (db: Db, limit: number, before?: number): Promise<FlowLine[]> =>
  (await listFlows(db, main, limit + 1, before)).map(lineOf)

// --- changing -------------------------------------------------------------------------------------------------------

/**
 * Begins a draft, as a copy of a version.
 * @throws Refused 404 when there is no such version, 409 when there is a draft already
 */
export const beginDraft = useCase(async (work, { from }: { from?: number | undefined }): Promise<{ number: number }> => {
  must(mayKeepFlow(work.actor))
  await lockFlow(work.tx, main)
  const there = await wholeFlow(work.tx, main, 'draft')
  if (there) throw new Refused('ivr.draftThere', { number: there.version, by: there.changedBy ?? '' })
  const source = await wholeFlow(work.tx, main, from ?? 'in-force')
  if (!source) throw notFound('flow')
  const number = await insertFlow(work.tx, source.flow, { now: work.now, by: nameOf(work.actor), copyOf: source.version })
  await work.journal(flowDrafted, { flowId: main, version: number, edit: 1, copyOf: source.version }, {})
  return { number }
})

/** Saves the draft. What the checker finds does not hinder it. @throws Refused 404 without a draft, 412 when somebody else has saved it */
export const saveFlowDraft = useCase(
  async (work, { version, flow }: { version: number; flow: Flow }): Promise<{ number: number }> => {
    must(mayKeepFlow(work.actor))
    const draft = await lockDraft(work, version)
    if (flow.id !== main) throw new Refused('ivr.anotherFlow', { field: 'flow.id' }, 422)
    await updateDraft(work.tx, flow, draft.version, work.now, nameOf(work.actor))
    await work.journal(flowDrafted, { flowId: main, version: draft.version, edit: draft.edit + 1, copyOf: draft.copyOf }, {})
    return { number: draft.version }
  },
)

/** Puts the draft away. @throws as `saveDraft` */
export const discardDraft = useCase(async (work, { version }: { version: number }): Promise<void> => {
  must(mayKeepFlow(work.actor))
  const draft = await lockDraft(work, version)
  await discard(work.tx, main, draft.version)
  await work.journal(flowDraftDiscarded, { flowId: main, version: draft.version }, {})
})

/**
 * Puts the draft in force for the calls that arrive from now on.
 * @throws Refused as `saveDraft`, and 422 with the findings when a caller could be lost in it
 */
export const publishDraft = useCase(
  async (work, { version, note }: { version: number; note: string }): Promise<{ number: number }> => {
    must(mayKeepFlow(work.actor))
    const draft = await lockDraft(work, version)
    await publish(work, draft.flow, draft.version, { around: await surroundings(work.tx, draft.flow), copyOf: null, note })
    return { number: draft.version }
  },
)

/**
 * Goes back: the content of an earlier version becomes a new version and is put in force. A draft stays as it is.
 * @param inForce the version that was in force when this was decided
 * @throws Refused 404 without such a version, 412 when another is in force, 409 for one that was never published, 422 when it no longer
 *   fits (a section that was closed since)
 */
export const restoreFlow = useCase(
  async (work, { number, inForce, note }: { number: number; inForce: number; note: string }): Promise<{ number: number }> => {
    must(mayKeepFlow(work.actor))
    await lockFlow(work.tx, main)
    const [now, wanted] = [await wholeFlow(work.tx, main, 'in-force'), await wholeFlow(work.tx, main, number)]
    if (!wanted) throw notFound('flow')
    if ((now?.version ?? 0) !== inForce)
      throw changedMeanwhile(
        { version: now?.version ?? 0 },
        now?.publishedAt ? { by: now.publishedBy ?? now.changedBy ?? '', at: now.publishedAt } : undefined,
      )
    if (wanted.publishedAt === null) throw new Refused('ivr.neverInForce', { number })
    if (wanted.version === now?.version) throw new Refused('ivr.inForceAlready', { number })
    const by = nameOf(work.actor)
    const copy = await insertFlow(work.tx, wanted.flow, { now: work.now, by, copyOf: wanted.version, note, status: 'superseded' })
    await publish(work, wanted.flow, copy, { around: await surroundings(work.tx, wanted.flow), copyOf: wanted.version, note })
    return { number: copy }
  },
)

/**
 * Drafts and publishes in the caller's transaction: for what comes with an institute.
 * @throws Refused 422 when it has not the form of a flow, or with the findings when a caller could be lost in it
 */
export async function installFlow(work: Work, input: unknown, around?: Surroundings): Promise<void> {
  const flow = readFlow(input)
  await lockFlow(work.tx, flow.id)
  const version = await insertFlow(work.tx, flow, { now: work.now, by: nameOf(work.actor) })
  await publish(work, flow, version, { ...(around ? { around } : {}), copyOf: null, note: '' })
}

async function lockDraft({ tx }: Work, version: number): Promise<WholeFlow> {
  await lockFlow(tx, main)
  const draft = await wholeFlow(tx, main, 'draft')
  if (!draft) throw new Refused('ivr.noDraft', {}, 404)
  if (draft.edit !== version)
    throw changedMeanwhile({ version: draft.edit, flow: draft.flow }, { by: draft.changedBy ?? '', at: draft.changedAt })
  return draft
}

async function publish(
  { tx, now, actor, journal }: Work,
  flow: Flow,
  version: number,
  { around, copyOf, note }: { around?: Surroundings; copyOf: number | null; note: string },
): Promise<void> {
  const findings = checkFlow(flow, around)
  if (!mayPublish(findings)) {
    const errors = findings.filter(each => each.severity === 'error')
    throw new Refused('ivr.flowNotFit', { findings: errors.map(each => sentenceOf(each, 'it')).join(' ') }, 422)
  }
  await putInForce(tx, flow.id, version, { now, by: nameOf(actor), note })
  await journal(flowPublished, { flowId: flow.id, version, copyOf }, {})
}

/** What a flow may refer to, as it is now. */
async function surroundings(db: Db, flow: Flow): Promise<Surroundings> {
  const ids = unitsOfHours(flow)
  const units = ids.length === 0 ? [] : await unitsOf(db, { ids })
  return { sections: (await contactCentreSections(db)).map(({ id }) => id), units: units.map(({ id }) => id) }
}

const sentenceOf = (finding: FlowFinding, language: Language): string =>
  sentence(language, `ivr.finding.${finding.code}`, finding.values)

const lineOf = ({ version, changedAt, publishedAt, edit: _, ...row }: FlowRow): FlowLine => ({
  ...row,
  number: version,
  changedAt: changedAt.toISOString(),
  publishedAt: publishedAt?.toISOString() ?? null,
})

function versionOf({ flow, ...row }: WholeFlow, around: Surroundings, language: Language): FlowVersion {
  const findings = checkFlow(flow, around).map(each => ({ ...each, sentence: sentenceOf(each, language) }))
  return { ...lineOf(row), version: row.edit, flow, findings }
}

function readFlow(input: unknown): Flow {
  const read = Flow.safeParse(input)
  if (read.success) return read.data
  const issue = read.error.issues[0]
  throw new Refused('ivr.flowWrongForm', { where: issue?.path.join('.') ?? '', what: issue?.message ?? '' }, 422)
}
