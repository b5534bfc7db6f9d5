/** Lists of cases: found by their words and facts, in the reader's territory, page by page. */

import { z } from 'zod'
import { typologyLabels } from '../../classification/index.ts'
import { contactsOf } from '../../contacts/index.ts'
import { boundsOf, decodeCursor, type House, notFound, type PersonActor, pageOf, Refused } from '../../platform/index.ts'
import { dueShown } from '../deadlines/policy.ts'
import { levelsOfCases } from '../levels.ts'
import { unitFacts } from '../places.ts'
import { readRequestCode } from '../request-code.ts'
import { scopeOf } from '../service.ts'
import type { Scope } from '../store.ts'
import { caseLineOf } from '../views.ts'
import { excerptOf } from './excerpt.ts'
import type { CaseFilter, CaseStanding, FoundCase } from './model.ts'
import { listScope } from './policy.ts'
import {
  type CaseKey,
  casesToFollow,
  type FoundRow,
  findCaseKeys,
  followUpsOf,
  leavesUnder,
  readFound,
  type Search,
  stemsOf,
  textsOfCases,
} from './store.ts'
import { conditionOf } from './wanted.ts'

const Cursor = z.tuple([z.iso.datetime(), z.uuid()])
const dayMs = 86_400_000

/** What a filter means for somebody: ready to be asked, from any place on. */
export interface ListQuestion {
  search: Omit<Search, 'after' | 'limit'>
  stems: readonly string[]
}

/**
 * Makes the question of a filter.
 * @throws Refused 404 for those who have no lists of cases; 422 for a unit that does not exist, and for words that say nothing
 */
export async function prepare(
  house: House,
  actor: PersonActor,
  filter: CaseFilter,
  scope: Scope | undefined,
): Promise<ListQuestion> {
  if (!scope) throw notFound('case')
  const db = house.database.kysely
  const stems = await stemsAsked(house, filter.q)
  const unit = filter.unitId === undefined ? undefined : await unitFacts(db, filter.unitId)
  if (filter.unitId !== undefined && !unit) throw new Refused('cases.unitUnknown', { field: 'unitId' }, 422)
  const condition = conditionOf({
    stems,
    under: scope.all ? undefined : scope.under,
    unitPath: unit?.path,
    standing: filter.standing,
    typologyIds: filter.typologyId === undefined ? undefined : await leavesUnder(db, filter.typologyId),
    channel: filter.channel,
  })
  return {
    search: {
      condition,
      ...periodOf(house, filter),
      newestFirst: filter.order !== 'oldest',
      among: filter.followUps === true ? await casesToFollow(db, actor.personId) : undefined,
    },
    stems,
  }
}

/** A request code is one word; everything else is looked for by its stems. @throws Refused 422 for words that say nothing */
export async function stemsAsked({ database }: House, q: string | undefined): Promise<readonly string[]> {
  if (q === undefined || q === '') return []
  const code = readRequestCode(q)
  const stems = code === undefined ? await stemsOf(database.kysely, q) : [code]
  if (stems.length === 0) throw new Refused('cases.wordsSayNothing', { field: 'q' }, 422)
  return stems
}

function periodOf({ config, clock }: House, filter: CaseFilter): Pick<Search, 'from' | 'until'> {
  const bounds = (day: string) => boundsOf(config.TIME_ZONE, day)
  const ends = [
    ...(filter.until === undefined ? [] : [bounds(filter.until)[1]]),
    ...(filter.olderThanDays === undefined ? [] : [clock.now() - filter.olderThanDays * dayMs]),
  ]
  return {
    from: filter.from === undefined ? undefined : new Date(bounds(filter.from)[0]),
    until: ends.length === 0 ? undefined : new Date(Math.min(...ends)),
  }
}

/** One page of a list of cases. */
export async function listCases(
  house: House,
  actor: PersonActor,
  { cursor, limit, ...filter }: CaseFilter & { cursor?: string | undefined; limit: number },
): Promise<{ items: FoundCase[]; next: string | null }> {
  const { search, stems } = await prepare(house, actor, filter, listScope(actor))
  const decoded = decodeCursor(Cursor, cursor)
  const after: CaseKey | undefined = decoded && { openedAt: decoded[0], id: decoded[1] }
  const keys = await findCaseKeys(house.database.kysely, { ...search, after, limit: limit + 1 })
  const page = pageOf(keys, limit, each => [each.openedAt, each.id])
  const ids = page.items.map(each => each.id)
  return { items: await foundCases(house, actor, ids, stems), next: page.next }
}

/**
 * What a list shows of some cases, in their order.
 * @param stems what was looked for; null when no excerpts are wanted
 */
export async function foundCases(
  house: House,
  actor: PersonActor,
  ids: readonly string[],
  stems: readonly string[] | null,
): Promise<FoundCase[]> {
  const db = house.database.kysely
  const rows = await readFound(db, ids)
  const contacts = await contactsOf(
    db,
    rows.map(row => row.contact_id),
  )
  const labels = await typologyLabels(
    db,
    rows.flatMap(row => row.typology_id ?? []),
  )
  const levels = await levelsOfCases(db, ids)
  const followUps = await followUpsOf(db, actor.personId, ids)
  const texts = await textsOfCases(db, stems === null ? [] : ids, scopeOf(actor))
  return rows.map(row => ({
    ...caseLineOf(row),
    contact: {
      ...{ id: row.contact_id, name: contacts.get(row.contact_id)?.name ?? '' },
      level: levels.get(row.id) ?? 'none',
    },
    typology: row.typology_id === null ? null : (labels.get(row.typology_id) ?? null),
    channel: row.channel,
    standing: standingOf(row),
    unit: row.unit_name,
    holder: row.claimed_by_name ?? (row.ticket_state === null ? row.operator_name : null),
    dueAt: row.status === 'open' ? row.due_at && dueShown(row.due_at) : null,
    followUp: followUps.get(row.id) ?? null,
    excerpt: stems === null ? null : excerptOf(texts.get(row.id) ?? [], stems),
  }))
}

const standingOf = ({ status, joined_into: into, ticket_state: state }: FoundRow): CaseStanding =>
  into !== null ? 'joined' : status === 'closed' ? 'closed' : state === null || state === 'closed' ? 'open' : state
