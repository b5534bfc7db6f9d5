/** Activities of prevention as they are shown, and their effect. */
import { z } from 'zod'
import { holidayTest, regionNames } from '../organisation/index.ts'
import {
  type Actor,
  actingPerson,
  boundsOf,
  dayAt,
  decodeCursor,
  type House,
  type Language,
  notFound,
  pageOf,
  permissionOf,
  sentence,
} from '../platform/index.ts'
import { comparedSpans, effectOf, noEffect } from './effect.ts'
import type { Activity, ActivityEffect, ActivityHistoryLine, ActivityKind, ActivityLine } from './model.ts'
import { addresseeNames, shownSettings, withNames } from './names.ts'
import { mayChangeActivity, mayKeepActivity, stepsFrom } from './policy.ts'
import { activityFacts, holdersUnder } from './service.ts'
import { activityPage, activityStepPage, materialsOf, readActivity, ticketsByDay } from './store.ts'
import type { ActivityRow } from './tables.ts'

const PlaceInList = z.tuple([z.union([z.iso.date(), z.literal('infinity')]), z.uuid()])
const Cursor = z.tuple([z.string(), z.uuid()])

interface PageAsked {
  cursor?: string | undefined
  limit: number
}

/** One page of what is ahead, by day, or of what is over, the last one first. */
export async function activityList(
  house: House,
  query: PageAsked & {
    view: 'ahead' | 'over'
    q?: string | undefined
    kind?: ActivityKind | undefined
    regionCode?: string | undefined
    addresseeId?: string | undefined
  },
): Promise<{ items: ActivityLine[]; next: string | null }> {
  const db = house.database.kysely
  const rows = await activityPage(db, {
    ...{ isOver: query.view === 'over', words: (query.q ?? '').split(/\s+/).filter(Boolean) },
    ...{ kind: query.kind, regionCode: query.regionCode, addresseeId: query.addresseeId },
    ...{ after: decodeCursor(PlaceInList, query.cursor), limit: query.limit + 1 },
  })
  const { items, next } = pageOf(rows, query.limit, row => [row.place_in_list, row.id])
  const addressees = await addresseeNames(db, items)
  return { items: items.map(row => lineOf(row, addressees)), next }
}

const lineOf = (row: ActivityRow, addressees: ReadonlyMap<string, string>): ActivityLine => ({
  ...{ id: row.id, number: row.number, kind: row.kind, title: row.title, state: row.state },
  unit: { id: row.unit_id, name: row.unit_name },
  region: row.region_code === null ? null : (regionNames().get(row.region_code) ?? row.region_code),
  addressees: withNames(row.addressee_ids, addressees),
  ...{ firstDay: row.first_day, lastDay: row.last_day, participants: row.participants },
})

/** @throws Refused 404 */
export async function activityView(house: House, actor: Actor, activityId: string, language: Language): Promise<Activity> {
  const db = house.database.kysely
  const row = await readActivity(db, activityId)
  if (!row) throw notFound('activity')
  const materials = await materialsOf(db, activityId)
  const facts = activityFacts(row)
  const isKeeper = mayKeepActivity(actor, facts).allowed
  return {
    ...lineOf(row, await addresseeNames(db, [row])),
    ...(await shownSettings(db, row)),
    ...{ assessment: row.assessment, reason: row.reason },
    materials: materials
      .filter(each => each.removed_at === null)
      .map(({ id, name, type, size_bytes, scan, added_at, added_by_name }) => ({
        ...{ id, name, type, scan, sizeBytes: size_bytes, at: added_at.toISOString(), byName: added_by_name },
      })),
    ...{ changedBy: row.changed_by_name, changedAt: row.changed_at.toISOString(), version: row.version },
    change: permissionOf(mayChangeActivity(actor, facts), language),
    steps: isKeeper ? [...stepsFrom(row.state)] : [],
    undo: isKeeper && row.state_before !== null,
  }
}

/** One page of what was done about an activity, newest first. @throws Refused 404 */
export async function activityHistory(
  house: House,
  activityId: string,
  query: PageAsked,
  language: Language,
): Promise<{ items: ActivityHistoryLine[]; next: string | null }> {
  const db = house.database.kysely
  if (!(await readActivity(db, activityId))) throw notFound('activity')
  const rows = await activityStepPage(db, { activityId, after: decodeCursor(Cursor, query.cursor), limit: query.limit + 1 })
  const { items, next } = pageOf(rows, query.limit, row => [row.at.toISOString(), row.id])
  return {
    items: items.map(row => ({
      ...{ id: row.id, by: row.by_name, at: row.at.toISOString(), text: row.detail },
      what: sentence(language, `prevention.step.${row.kind}`),
    })),
    next,
  }
}

/** Who can hold activities of the reader's group, by name. */
export const activityHolders = async (house: House, actor: Actor): Promise<{ id: string; name: string }[]> =>
  holdersUnder(house.database.kysely, actingPerson(actor).unitPath, new Date(house.clock.now()))

/** Whether fewer tickets came after an activity than before it. @throws Refused 404 */
export async function activityEffect(
  house: House,
  activityId: string,
  { weeks }: { weeks?: number | undefined },
): Promise<ActivityEffect> {
  const db = house.database.kysely
  const timeZone = house.config.TIME_ZONE
  const row = await readActivity(db, activityId)
  if (!row) throw notFound('activity')
  if (row.state !== 'done' || row.first_day === null || row.last_day === null) return noEffect('not-held')
  if (row.typology_ids.length === 0) return noEffect('no-typologies')
  const spans = comparedSpans({ firstDay: row.first_day, lastDay: row.last_day }, dayAt(timeZone, house.clock.now()), weeks)
  if (!spans) return noEffect('too-early')
  const asked = { typologyIds: row.typology_ids, regionCode: row.region_code, timeZone }
  const counts = []
  for (const { from, until } of [spans.before, spans.after])
    counts.push(
      ...(await ticketsByDay(db, {
        ...asked,
        ...{ from: new Date(boundsOf(timeZone, from)[0]), until: new Date(boundsOf(timeZone, until)[0]) },
      })),
    )
  return effectOf(spans, counts, {
    isHoliday: holidayTest({ provinceCode: null, municipalityCode: null }),
    hasElsewhere: row.region_code !== null,
  })
}
