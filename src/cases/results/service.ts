/** Notes how cases go, marks second contacts, asks why, and tells the figures. */

import { z } from 'zod'
import { typologyLabels } from '../../classification/index.ts'
import { contactsOf } from '../../contacts/index.ts'
import { municipalities, unitsOf } from '../../organisation/index.ts'
import {
  type Actor,
  actingPerson,
  type Db,
  dayAt,
  decodeCursor,
  type House,
  must,
  notFound,
  pageOf,
  Refused,
  unitsIn,
  useCase,
  type Work,
} from '../../platform/index.ts'
import { caseRepeatExplained, caseRepeated } from '../events.ts'
import type { RepeatCause } from '../model.ts'
import { unitNames } from '../places.ts'
import { mayInteract, mayWatchResults, mayWriteInteraction } from '../policy.ts'
import { scopeOf } from '../service.ts'
import { readInteraction } from '../store.ts'
import type { InteractionRow } from '../tables.ts'
import type { ResultCase, ResultCasesQuery, ResultFigures, ResultsBy } from './model.ts'
import { continuityIn, insertResult, markRepeat, resultCases, resultFigures, saveCause, sumResults } from './store.ts'

type Conversation = Pick<
  InteractionRow,
  'id' | 'channel' | 'case_id' | 'opened_at' | 'operator_path' | 'section_id' | 'region_code'
>

/** A conversation is about to end: it is marked when its citizen comes back to a matter that was closed some days ago. Returns that case. */
export async function noteRepeat(
  work: Work,
  row: Conversation,
  contactId: string,
  typologyId: string | null,
): Promise<string | undefined> {
  const contact = { interactionId: row.id, contactId, typologyId, caseId: row.case_id, openedAt: row.opened_at }
  const caseId = await markRepeat(work.tx, contact, row.channel, work.house.config.SECOND_CONTACT_DAYS)
  if (caseId === undefined) return undefined
  await work.journal(
    caseRepeated,
    { interactionId: row.id, channel: row.channel },
    { channel: row.channel, case: caseId, contact: contactId, units: unitsIn(row.operator_path) },
  )
  return caseId
}

/** The first conversation of a case has ended. */
export async function noteFirstContact(
  work: Work,
  row: Conversation,
  of: { caseId: string; contactId: string; typologyId: string },
): Promise<void> {
  const region = row.region_code ?? (await contactsOf(work.tx, [of.contactId])).get(of.contactId)?.regionCode ?? ''
  await insertResult(work.tx, {
    ...of,
    day: dayAt(work.house.config.TIME_ZONE, work.now.getTime()),
    sectionId: row.section_id ?? lastUnitOf(row.operator_path),
    unitPath: row.operator_path,
    regionCode: region,
    channel: row.channel,
  })
}

const lastUnitOf = (path: string): string => path.split('/').at(-2) ?? ''

/** Why the citizen came again, said once. @throws Refused 404 for a conversation out of sight, 403 for another operator's, 409 when it was said or there is nothing to say */
export const explainRepeat = useCase(
  async (work, { interactionId, cause }: { interactionId: string; cause: RepeatCause }): Promise<{ interactionId: string }> => {
    must(mayInteract(work.actor))
    const row = await readInteraction(work.tx, interactionId, scopeOf(work.actor))
    if (!row) throw notFound('interaction')
    // Also who has ended the conversation still knows why.
    must(mayWriteInteraction(work.actor, { operatorId: row.operator_id, operatorName: row.operator_name, open: true }))
    await saySecondContact(work, row, cause)
    return { interactionId }
  },
)

/** Keeps why a citizen came again. @throws Refused 409 when it was said, or there is nothing to say */
export async function saySecondContact(
  work: Work,
  row: Pick<InteractionRow, 'id' | 'channel' | 'operator_path'>,
  cause: RepeatCause,
): Promise<void> {
  const said = await saveCause(work.tx, row.id, cause)
  if (said === undefined) throw new Refused('cases.repeatExplained', {}, 409)
  await work.journal(
    caseRepeatExplained,
    { interactionId: row.id, cause },
    { channel: row.channel, case: said.caseId, contact: said.contactId, units: unitsIn(row.operator_path) },
  )
}

/** The figures of a month, of the units at or under the reader's. @throws Refused 403 for who does not answer for them */
export async function resultsOf(
  house: House,
  actor: Actor,
  { month, by }: { month: string; by: ResultsBy },
): Promise<ResultFigures> {
  must(mayWatchResults(actor))
  const db = house.database.kysely
  const { unitPath } = actingPerson(actor)
  const { total, rows } = await resultFigures(db, { month, by, under: unitPath })
  const names = await namesOf(
    db,
    by,
    rows.map(row => row.key),
  )
  const sums = await continuityIn(db, month)
  const sections = await unitsOf(db, { ids: [...new Set(sums.map(sum => sum.section_id))] })
  const own = new Map(sections.filter(section => section.path.startsWith(unitPath)).map(({ id, name }) => [id, name]))
  return {
    days: house.config.SECOND_CONTACT_DAYS,
    total,
    rows: rows.map(row => ({ ...row, name: names.get(row.key) ?? null })),
    continuity: sums.flatMap(({ section_id: id, medium, asked, honoured, given_up: givenUp }) => {
      const name = own.get(id)
      return name === undefined ? [] : [{ section: { id, name }, medium, asked, honoured, givenUp }]
    }),
  }
}

async function namesOf(db: Db, by: ResultsBy, keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (by === 'section') return unitNames(db, [...keys])
  if (by === 'typology') return typologyLabels(db, [...keys])
  if (by === 'region') return new Map(municipalities().map(each => [each.regionCode, each.regionName]))
  return new Map()
}

const Cursor = z.tuple([z.iso.date(), z.uuid()])

/** One page of the cases behind a figure, the newest first. @throws Refused 403 for who does not answer for them */
export async function casesBehind(
  house: House,
  actor: Actor,
  { cursor, limit, ...query }: ResultCasesQuery & { cursor?: string | undefined; limit: number },
): Promise<{ items: ResultCase[]; next: string | null }> {
  must(mayWatchResults(actor))
  const at = decodeCursor(Cursor, cursor)
  const rows = await resultCases(house.database.kysely, query, {
    under: actingPerson(actor).unitPath,
    after: at && { day: at[0], caseId: at[1] },
    limit: limit + 1,
  })
  const page = pageOf(rows, limit, row => [row.day, row.id])
  return {
    next: page.next,
    items: page.items.map(row => ({
      ...{ id: row.id, code: row.code, title: row.title, status: row.status, outcome: row.outcome },
      openedAt: row.opened_at.toISOString(),
      closedAt: row.closed_at?.toISOString() ?? null,
      repeat:
        row.repeated_at === null || row.repeat_channel === null
          ? null
          : { at: row.repeated_at.toISOString(), channel: row.repeat_channel, cause: row.cause },
    })),
  }
}

const batchSize = 5_000
/** One run of the job takes so long at most; the next goes on. */
const runMs = 20_000

/** Notes the summing among the jobs. */
export function scheduleSumming(house: House): void {
  house.jobs.schedule('cases.results', '* * * * *', async () => {
    const until = house.clock.now() + runMs
    while ((await sumResults(house.database.kysely, batchSize)) === batchSize && house.clock.now() < until);
  })
}
