/**
 * Incidents that are proposed, because more tickets of one cause come in an hour than is usual. A worker looks when tickets have come: at those of this hour,
 * and for each cause that has enough of them at the same hour of the days before. It reads no other ticket.
 */
import { arrivalsByCause, type CauseCount, countOfCause, openTicketsOfCause } from '../cases/index.ts'
import { procedureNames } from '../classification/index.ts'
import { pathReached } from '../identity/capabilities.ts'
import { holidayTest, unitOf } from '../organisation/index.ts'
import {
  actingPerson,
  addDays,
  type Db,
  type House,
  instantOf,
  inTransaction,
  must,
  nameOfActor,
  notFound,
  type PersonActor,
  Refused,
  system,
  unitsIn,
  useCase,
  type Work,
  wallClock,
  weekdayOf,
} from '../platform/index.ts'
import { type Arrivals, chanceOf, expectedOf, isUnusual, minTickets } from './detection.ts'
import { incidentProposalDecided, incidentProposed } from './events.ts'
import type { IncidentProposal, SetAsideProposal } from './model.ts'
import { mayLinkTickets } from './policy.ts'
import { decideProposal, isProposedSince, lockProposal, openProposals, putProposal } from './proposal-store.ts'
import { openIncidentIn } from './service.ts'
import { currentOfCause, linkedOf } from './store.ts'
import type { ProposalRow } from './tables.ts'
import { unlinkedLines } from './views.ts'

/** Days of the same kind that are compared with, and in how many days at most they are looked for. */
const comparedDays = 30
const withinDays = 70
/** Causes at which one look of the worker looks. */
const maxCauses = 200
/** What was proposed is not proposed anew within these hours, and is shown for so many days. */
const quietHours = 12
const shownDays = 3
const shownAtMost = 20
const maxTickets = 50

/** Looks at the tickets of this hour, and proposes what is out of the usual. Returns how many proposals are new. */
export async function proposeIncidents(house: House): Promise<number> {
  const db = house.database.kysely
  const now = house.clock.now()
  const { from, to } = hourOf(house.config.TIME_ZONE, now)
  const causes = await arrivalsByCause(db, { from, to, least: minTickets, limit: maxCauses })
  let made = 0
  for (const cause of causes) if (await proposeOne(house, cause, from)) made++
  return made
}

/** The hour of the clock in which an instant lies. */
function hourOf(timeZone: string, at: number): { from: Date; to: Date } {
  const { minutes } = wallClock(timeZone, at)
  const from = new Date(Math.floor(at / 60_000) * 60_000 - (minutes % 60) * 60_000)
  return { from, to: new Date(from.getTime() + 3_600_000) }
}

async function proposeOne(house: House, cause: CauseCount, hour: Date): Promise<boolean> {
  const db = house.database.kysely
  const at = { unitId: cause.unit_id, causeKey: cause.cause_key }
  if (await currentOfCause(db, at)) return false
  const since = new Date(hour.getTime() - quietHours * 3_600_000)
  if (await isProposedSince(db, { ...at, since, but: hour })) return false
  const arrivals = await arrivalsOf(db, cause, hour, house.config.TIME_ZONE)
  if (!isUnusual(arrivals)) return false
  return inTransaction(house, system('incidents'), async work => {
    const proposalId = await putProposal(work.tx, {
      ...{ id: work.ids(), unit_id: cause.unit_id, unit_path: cause.unit_path, cause_key: cause.cause_key },
      ...{ procedure_id: cause.procedure_id, hour, tickets: cause.tickets, made_at: work.now },
      ...{ expected: expectedOf(arrivals), chance: chanceOf(arrivals) },
    })
    if (proposalId === undefined) return false
    await work.journal(
      incidentProposed,
      { proposalId, unitId: cause.unit_id, tickets: cause.tickets },
      { units: unitsIn(cause.unit_path) },
    )
    return true
  })
}

/** The tickets of a cause in an hour, and in the same hour of the days before that are of the same kind. */
async function arrivalsOf(db: Db, cause: CauseCount, hour: Date, timeZone: string): Promise<Arrivals> {
  const unit = await unitOf(db, cause.unit_id)
  const isHoliday = holidayTest({ provinceCode: unit?.provinceCode ?? null, municipalityCode: unit?.municipalityCode ?? null })
  const spans = comparedHours(timeZone, hour, isHoliday)
  const before = await countOfCause(db, { unitId: cause.unit_id, causeKey: cause.cause_key }, spans)
  return { tickets: cause.tickets, before, hours: spans.length }
}

/** The same hour of the last days that are working days, or not, as the day of the hour is. Pure. */
export function comparedHours(timeZone: string, hour: Date, isHoliday: (day: string) => boolean): { from: Date; to: Date }[] {
  const { day: today, minutes } = wallClock(timeZone, hour.getTime())
  const isWorking = (day: string) => weekdayOf(day) < 6 && !isHoliday(day)
  const spans: { from: Date; to: Date }[] = []
  for (let back = 1; back <= withinDays && spans.length < comparedDays; back++) {
    const day = addDays(today, -back)
    if (isWorking(day) !== isWorking(today)) continue
    const from = instantOf(timeZone, day, minutes)
    spans.push({ from: new Date(from), to: new Date(from + 3_600_000) })
  }
  return spans
}

/** The proposals of the reader's group about which nobody has decided, with their tickets. */
export async function proposalList(house: House, actor: PersonActor): Promise<{ items: IncidentProposal[] }> {
  const db = house.database.kysely
  const now = house.clock.now()
  const rows = await openProposals(db, {
    under: pathReached(actor, 'incidents.keep'),
    since: new Date(now - shownDays * 86_400_000),
    limit: shownAtMost,
  })
  const procedures = await procedureNames(
    db,
    rows.flatMap(row => row.procedure_id ?? []),
  )
  const items: IncidentProposal[] = []
  for (const row of rows)
    items.push({
      ...{ id: row.id, hour: row.hour.toISOString(), tickets: row.tickets, expected: row.expected, chance: row.chance },
      procedureId: row.procedure_id,
      procedure: row.procedure_id === null ? null : (procedures.get(row.procedure_id) ?? row.procedure_id),
      words: row.cause_key.startsWith('t:') ? row.cause_key.slice(2) : null,
      lines: await unlinkedLines(db, actor, await ticketsOf(db, row), new Date(now)),
    })
  return { items }
}

const ticketsOf = (db: Db, row: ProposalRow): Promise<string[]> =>
  openTicketsOfCause(db, { unitId: row.unit_id, causeKey: row.cause_key, since: row.hour, limit: maxTickets })

/** Makes an incident of a proposal, with its tickets. @throws Refused 403, 404, 409 when somebody has decided already */
export const acceptProposal = useCase(
  async (work, { proposalId, title }: { proposalId: string; title: string }): Promise<{ incidentId: string }> => {
    const row = await lockOpen(work, proposalId)
    const ids = await ticketsOf(work.tx, row)
    const linked = await linkedOf(work.tx, ids)
    const unit = await unitOf(work.tx, row.unit_id)
    const { incidentId } = await openIncidentIn(work, {
      ...{ title, procedureId: row.procedure_id, causeKey: row.cause_key, regionCode: unit?.regionCode ?? null },
      ticketIds: ids.filter(id => !linked.has(id)),
    })
    await decide(work, row, { state: 'accepted', reason: null, incidentId })
    return { incidentId }
  },
)

/** Sets a proposal aside. @throws Refused 403, 404, 409 when somebody has decided already */
export const setProposalAside = useCase(
  async (work, { proposalId, reason }: SetAsideProposal & { proposalId: string }): Promise<null> => {
    await decide(work, await lockOpen(work, proposalId), { state: 'set-aside', reason, incidentId: null })
    return null
  },
)

async function lockOpen(work: Work, proposalId: string): Promise<ProposalRow> {
  must(mayLinkTickets(work.actor))
  const row = await lockProposal(work.tx, proposalId)
  if (!row?.unit_path.startsWith(pathReached(actingPerson(work.actor), 'incidents.keep'))) throw notFound('proposal')
  if (row.state !== 'open') throw new Refused('incidents.decidedAlready', { name: row.decided_by_name ?? '' }, 409)
  return row
}

async function decide(
  work: Work,
  row: ProposalRow,
  { state, reason, incidentId }: Pick<ProposalRow, 'reason'> & { state: 'accepted' | 'set-aside'; incidentId: string | null },
): Promise<void> {
  const decided = { decided_at: work.now, decided_by_name: nameOfActor(work.actor), incident_id: incidentId }
  await decideProposal(work.tx, row.id, { ...decided, state, reason })
  await work.journal(
    incidentProposalDecided,
    { proposalId: row.id, accepted: state === 'accepted' },
    { units: unitsIn(row.unit_path) },
  )
}
