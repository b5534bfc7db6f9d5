/** Use cases of guides: kept in versions, and followed with a citizen step by step. */

import { type InteractionFacts, interactionFacts } from '../cases/index.ts'
import { typologyNames } from '../classification/index.ts'
import {
  actingPerson,
  changedMeanwhile,
  must,
  nameOfActor,
  notFound,
  Refused,
  unitsIn,
  useCase,
  type Work,
} from '../platform/index.ts'
import { assistedBegan, assistedEnded, assistedStepped, guideKept } from './events.ts'
import type { AssistedEnd, GuideChange, GuideContent, NewGuide, NewSession, StepDone } from './model.ts'
import { mayEnd, mayFollowGuide, mayKeepGuides } from './policy.ts'
import {
  endSession,
  forgetStep,
  insertAssisted,
  isTitleTaken,
  type KeptGuide,
  keepGuide,
  lockGuide,
  lockSession,
  putStep,
  readGuide,
  readVersion,
  sessionGoingOn,
  stepsOf,
} from './store.ts'
import type { AssistedSessionRow } from './tables.ts'

export interface OneGuide {
  guideId: string
}
export interface OneSession {
  sessionId: string
}

/** @throws Refused 403, 409 when a guide has this title, 422 */
export const addGuide = useCase(async (work, { content, reason }: NewGuide): Promise<OneGuide> => {
  must(mayKeepGuides(work.actor))
  const guideId = work.ids()
  await keep(work, { id: guideId, version: 1, content, retired: false, reason })
  return { guideId }
})

/** Keeps a new version of a guide. Sessions go on with the one with which they began. @throws Refused 403, 404, 409, 412, 422 */
export const changeGuide = useCase(
  async (work, { guideId, version, change }: OneGuide & { version: number; change: GuideChange }): Promise<OneGuide> => {
    must(mayKeepGuides(work.actor))
    const before = await lockGuide(work.tx, guideId)
    if (!before) throw notFound('guide')
    if (before.version !== version)
      throw changedMeanwhile(
        { version: before.version, content: before.document, retired: before.retired },
        { by: before.changed_by_name, at: before.changed_at },
      )
    await keep(work, { id: guideId, version: version + 1, ...change })
    return { guideId }
  },
)

async function keep(work: Work, guide: Omit<KeptGuide, 'byName' | 'at'>): Promise<void> {
  const { id, version, content, retired, reason } = guide
  await check(work, id, content)
  await keepGuide(work.tx, { ...guide, byName: nameOfActor(work.actor), at: work.now })
  const { unitPath } = actingPerson(work.actor)
  await work.journal(guideKept, { guideId: id, title: content.title, version, retired, reason }, { units: unitsIn(unitPath) })
}

async function check({ tx }: Work, id: string, { title, typologyIds }: GuideContent): Promise<void> {
  if (await isTitleTaken(tx, { id, title })) throw new Refused('guides.titleTaken', { field: 'content.title', title }, 409)
  const known = await typologyNames(tx, typologyIds)
  if (typologyIds.some(typologyId => !known.has(typologyId)))
    throw new Refused('guides.typologyUnknown', { field: 'content.typologyIds' }, 422)
}

// --- with a citizen ---------------------------------------------------------------------------------------------------

/**
 * Begins to follow a guide in a conversation, which is an assisted one from then on. Who has begun already goes on with the same session.
 * @throws Refused 403 for who does not have the conversation in hand, 404, 409 for one that is over or a guide that is retired
 */
export const beginSession = useCase(
  async (work, { interactionId, guideId, language }: { interactionId: string } & NewSession): Promise<OneSession> => {
    const conversation = await ownConversation(work, interactionId)
    const guide = await readGuide(work.tx, guideId)
    if (!guide) throw notFound('guide')
    const before = await sessionGoingOn(work.tx, interactionId, guideId)
    if (before) return { sessionId: before.id }
    if (!conversation.isOpen) throw new Refused('guides.conversationOver', {}, 409)
    if (guide.retired) throw new Refused('guides.retired', { title: guide.title }, 409)
    const actor = actingPerson(work.actor)
    const sessionId = work.ids()
    const isNew = await insertAssisted(work.tx, {
      ...{ id: sessionId, guide_id: guideId, guide_version: guide.version, guide_title: guide.title },
      ...{ interaction_id: interactionId, person_id: actor.personId, person_name: actor.name, unit_path: actor.unitPath },
      ...{ language, began_at: work.now, ended_at: null, outcome: null },
    })
    if (!isNew) return { sessionId: (await sessionGoingOn(work.tx, interactionId, guideId))?.id ?? sessionId }
    await work.journal(assistedBegan, { sessionId, guideId, guide: guide.title, language }, conversation.subjects)
    return { sessionId }
  },
)

/** Says what became of a step; `open` takes back what was said. @throws Refused 403, 404, 409 when the session has ended */
export const sayStep = useCase(
  async (work, { sessionId, stepId, state, note }: OneSession & { stepId: string } & StepDone): Promise<OneSession> => {
    const { row, content, conversation } = await lockOwn(work, sessionId)
    if (!content.steps.some(({ id }) => id === stepId)) throw notFound('guideStep')
    if (state === 'open') await forgetStep(work.tx, sessionId, stepId)
    else await putStep(work.tx, { session_id: sessionId, step_id: stepId, state, note, at: work.now })
    await work.journal(assistedStepped, { ...aboutSession(row), stepId, state }, conversation.subjects)
    return { sessionId }
  },
)

/** @throws Refused 403 where something is left or the reason is missing, 404, 409 when it has ended */
export const finishSession = useCase(async (work, { sessionId, outcome, why }: OneSession & AssistedEnd): Promise<OneSession> => {
  const { row, content, conversation } = await lockOwn(work, sessionId)
  const said = new Map((await stepsOf(work.tx, sessionId)).map(step => [step.step_id, step.state]))
  const steps = content.steps.map(({ id, title, optional }) => ({ title, optional, state: said.get(id) ?? ('open' as const) }))
  must(mayEnd({ outcome, why }, steps))
  await endSession(work.tx, sessionId, { outcome, why, at: work.now })
  const done = steps.filter(({ state }) => state === 'done').length
  await work.journal(assistedEnded, { ...aboutSession(row), outcome, done, steps: steps.length }, conversation.subjects)
  return { sessionId }
})

const aboutSession = (row: AssistedSessionRow) => ({ sessionId: row.id, guideId: row.guide_id, guide: row.guide_title })

async function ownConversation(work: Work, interactionId: string): Promise<InteractionFacts> {
  const conversation = await interactionFacts(work.tx, work.actor, interactionId)
  must(mayFollowGuide(work.actor, conversation))
  return conversation
}

async function lockOwn(
  work: Work,
  sessionId: string,
): Promise<{ row: AssistedSessionRow; content: GuideContent; conversation: InteractionFacts }> {
  const row = await lockSession(work.tx, sessionId)
  if (!row) throw notFound('assistedSession')
  const conversation = await ownConversation(work, row.interaction_id)
  if (row.ended_at !== null) throw new Refused('guides.sessionOver', {}, 409)
  const version = await readVersion(work.tx, row.guide_id, row.guide_version)
  if (!version) throw notFound('guide')
  return { row, content: version.document, conversation }
}
