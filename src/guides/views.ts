/** Guides and assisted sessions as they are shown. */

import { z } from 'zod'
import { interactionFacts } from '../cases/index.ts'
import { typologyAbove, typologyNames } from '../classification/index.ts'
import { type ContactLanguage, contactLanguages } from '../contacts/index.ts'
import { type Actor, decodeCursor, type House, type Language, notFound, pageOf, permissionOf } from '../platform/index.ts'
import type { AssistedSession, Guide, GuideContent, GuideFigures, GuideLine, GuideVersion, PublicGuide } from './model.ts'
import { mayFollowGuide, mayKeepGuides } from './policy.ts'
import {
  failedSteps,
  guidePage,
  guideVersions,
  outcomesOf,
  readGuide,
  readSession,
  readVersion,
  sessionsOf,
  stepsOf,
} from './store.ts'
import type { AssistedSessionRow } from './tables.ts'

/** Figures are of so many sessions, the newest. */
const figuresOf = 1_000

export interface GuideQuery {
  q?: string | undefined
  view: 'current' | 'retired'
  /** Guides for this question stand first. */
  typologyId?: string | undefined
  cursor?: string | undefined
  limit: number
}

/** One page of guides: those that are proposed for a typology first, the others by title. */
export async function guideList(house: House, query: GuideQuery): Promise<{ items: GuideLine[]; next: string | null }> {
  const db = house.database.kysely
  const rows = await guidePage(db, {
    words: (query.q ?? '').split(/\s+/).filter(Boolean),
    retired: query.view === 'retired',
    typologyIds: query.typologyId === undefined ? [] : await typologyAbove(db, query.typologyId),
    after: decodeCursor(z.tuple([z.number().int(), z.string()]), query.cursor),
    limit: query.limit + 1,
  })
  const { items, next } = pageOf(rows, query.limit, row => [row.place, row.title.toLowerCase()])
  return {
    items: items.map(({ id, title, summary, document, retired, version }) => ({
      ...{ id, title, summary, retired, version, steps: document.steps.length, languages: languagesOf(document) },
    })),
    next,
  }
}

/** @throws Refused 404 */
export async function guideView(house: House, actor: Actor, guideId: string, language: Language): Promise<Guide> {
  const db = house.database.kysely
  const row = await readGuide(db, guideId)
  if (!row) throw notFound('guide')
  const names = await typologyNames(db, row.document.typologyIds)
  return {
    ...{ id: row.id, content: row.document, retired: row.retired, version: row.version },
    typologies: row.document.typologyIds.map(id => ({ id, name: names.get(id) ?? id })),
    ...{ changedAt: row.changed_at.toISOString(), changedBy: row.changed_by_name },
    change: permissionOf(mayKeepGuides(actor), language),
  }
}

/** One page of the versions of a guide, the newest first. @throws Refused 404 */
export async function guideHistory(
  house: House,
  { guideId, cursor, limit }: { guideId: string; cursor?: string | undefined; limit: number },
): Promise<{ items: GuideVersion[]; next: string | null }> {
  const db = house.database.kysely
  if (!(await readGuide(db, guideId))) throw notFound('guide')
  const before = decodeCursor(z.tuple([z.number().int()]), cursor)?.[0]
  const rows = await guideVersions(db, { guideId, before, limit: limit + 1 })
  const { items, next } = pageOf(rows, limit, row => [row.version])
  return {
    items: items.map(({ version, document, retired, reason, by_name, at }) => ({
      ...{ version, content: document, retired, reason, by: by_name, at: at.toISOString() },
    })),
    next,
  }
}

/** What came of the newest sessions of a guide. @throws Refused 404 */
export async function guideFigures(house: House, guideId: string): Promise<GuideFigures> {
  const db = house.database.kysely
  const guide = await readGuide(db, guideId)
  if (!guide) throw notFound('guide')
  const [outcomes, failed] = [await outcomesOf(db, guideId, figuresOf), await failedSteps(db, guideId, figuresOf)]
  const first = Math.min(...outcomes.map(({ since }) => since.getTime()))
  const titles = new Map(guide.document.steps.map(({ id, title }) => [id, title]))
  return {
    sessions: outcomes.reduce((sum, each) => sum + each.sessions, 0),
    since: outcomes.length === 0 ? null : new Date(first).toISOString(),
    outcomes: outcomes.map(({ outcome, sessions }) => ({ outcome, sessions })),
    medianMinutes: outcomes.find(({ outcome }) => outcome === 'completed')?.median ?? null,
    failed: failed.map(({ step_id, sessions }) => ({ stepId: step_id, title: titles.get(step_id) ?? step_id, sessions })),
  }
}

/** What a citizen reads of a guide; what has no words in their language stands in Italian. @throws Refused 404, also for a retired one */
export async function publicGuide(house: House, guideId: string, language: ContactLanguage): Promise<PublicGuide> {
  const row = await readGuide(house.database.kysely, guideId)
  if (!row || row.retired) throw notFound('guide')
  const { document } = row
  const other = language === 'it' ? undefined : language
  const { title, summary, needs } = (other && document.words[other]) ?? document
  return {
    ...{ title, summary, needs, languages: languagesOf(document) },
    steps: document.steps.map(step => {
      const words = (other && step.words[other]) ?? step
      return { title: words.title, text: words.citizen, optional: step.optional }
    }),
  }
}

const languagesOf = ({ words }: GuideContent): ContactLanguage[] =>
  contactLanguages.filter(language => language === 'it' || words[language] !== undefined)

// --- assisted sessions ------------------------------------------------------------------------------------------------

/** The sessions of a conversation that the reader sees. @throws Refused 404 */
export async function assistedViews(
  house: House,
  actor: Actor,
  interactionId: string,
  language: Language,
): Promise<AssistedSession[]> {
  const db = house.database.kysely
  const conversation = await interactionFacts(db, actor, interactionId)
  const views: AssistedSession[] = []
  for (const row of await sessionsOf(db, conversation.id)) views.push(await viewOf(house, actor, row, language))
  return views
}

/** @throws Refused 404, also where the conversation is not the reader's to see */
export async function assistedView(house: House, actor: Actor, sessionId: string, language: Language): Promise<AssistedSession> {
  const row = await readSession(house.database.kysely, sessionId)
  if (!row) throw notFound('assistedSession')
  return viewOf(house, actor, row, language)
}

async function viewOf(house: House, actor: Actor, row: AssistedSessionRow, language: Language): Promise<AssistedSession> {
  const db = house.database.kysely
  const conversation = await interactionFacts(db, actor, row.interaction_id)
  const version = await readVersion(db, row.guide_id, row.guide_version)
  if (!version) throw notFound('guide')
  const said = new Map((await stepsOf(db, row.id)).map(step => [step.step_id, step]))
  const other = row.language === 'it' ? undefined : row.language
  const { title, needs, words, steps } = version.document
  return {
    ...{ id: row.id, language: row.language, with: row.person_name, outcome: row.outcome, why: row.why },
    guide: {
      ...{ id: row.guide_id, version: row.guide_version, title, needs },
      otherNeeds: (other && words[other]?.needs) ?? null,
    },
    beganAt: row.began_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    steps: steps.map(({ id, title, help, citizen, otherwise, optional, words }) => ({
      ...{ id, title, help, citizen, otherwise, optional, other: (other && words[other]) ?? null },
      ...{ state: said.get(id)?.state ?? 'open', note: said.get(id)?.note ?? '', at: said.get(id)?.at.toISOString() ?? null },
    })),
    work: permissionOf(mayFollowGuide(actor, conversation), language),
  }
}
