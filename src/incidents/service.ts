/** Use cases of incidents: opened, changed, closed; tickets linked; a notice given and withdrawn. */
import { ticketUnits } from '../cases/index.ts'
import { procedureNames } from '../classification/index.ts'
import { can, pathReached } from '../identity/capabilities.ts'
import { unitOf } from '../organisation/index.ts'
import {
  type Actor,
  actingPerson,
  changedMeanwhile,
  must,
  nameOfActor,
  notFound,
  Refused,
  unitsIn,
  useCase,
  type Work,
  withChange,
} from '../platform/index.ts'
import {
  incidentChanged,
  incidentNoticePublished,
  incidentNoticeWithdrawn,
  incidentOpened,
  incidentTicketsLinked,
  incidentTicketsUnlinked,
} from './events.ts'
import type { IncidentChange, IncidentTickets, NewIncident, PublishNotice } from './model.ts'
import { insertIncidentNotice, withdrawNotices } from './notice-store.ts'
import { endsNotice, mayBecome, mayKeepIncident, mayLinkTickets, mayPublishUntil } from './policy.ts'
import { insertIncident, insertStep, linkTickets, lockIncident, unlinkTickets, updateIncident } from './store.ts'
import type { IncidentRow } from './tables.ts'

export interface OneIncident {
  incidentId: string
}

/** Opens an incident of the actor's group, with tickets if there are any. @throws Refused 403, 422 */
export const openIncident = useCase((work, input: NewIncident): Promise<OneIncident> => {
  must(mayLinkTickets(work.actor))
  return openIncidentIn(work, { ...input, causeKey: keyOfProcedure(input.procedureId) })
})

const keyOfProcedure = (procedureId: string | null): string | null => (procedureId === null ? null : `p:${procedureId}`)

/** The same in a transaction, with that by which its tickets are counted together. */
export async function openIncidentIn(
  work: Work,
  input: Pick<NewIncident, 'title' | 'procedureId' | 'regionCode' | 'ticketIds'> &
    Partial<NewIncident> & { causeKey: string | null },
): Promise<OneIncident> {
  const { sectionId = null, workaround = '', expectedEnd = null } = input
  const actor = actingPerson(work.actor)
  const unit = await unitOf(work.tx, actor.unitId)
  if (!unit) throw new Refused('cases.unitUnknown', {}, 422)
  await needPlaces(work, input)
  const id = work.ids()
  const number = await insertIncident(work.tx, {
    ...{ id, title: input.title, state: workaround === '' ? 'open' : 'workaround-known' },
    ...{ procedure_id: input.procedureId, cause_key: input.causeKey },
    ...{ unit_id: unit.id, unit_name: unit.name, unit_path: unit.path },
    ...{ region_code: input.regionCode, section_id: sectionId, workaround },
    ...{ expected_end: expectedEnd === null ? null : new Date(expectedEnd), closed_at: null },
    ...{ opened_at: work.now, opened_by_name: actor.name, changed_at: work.now, changed_by_name: actor.name },
  })
  await noteStep(work, id, 'opened')
  await work.journal(incidentOpened, { incidentId: id, number }, {})
  if (input.ticketIds.length > 0) await link(work, id, input.ticketIds)
  return { incidentId: id }
}

/** Changes an incident. What solves or closes it ends its notice. @throws Refused 403, 404, 412 when somebody was quicker, 422 */
export const changeIncident = useCase(
  async (
    work,
    { incidentId, version, change }: OneIncident & { version: number; change: IncidentChange },
  ): Promise<OneIncident> => {
    const before = await lockKept(work, incidentId)
    if (before.version !== version)
      throw changedMeanwhile(
        { ...settingsOf(before), version: before.version },
        { by: before.changed_by_name, at: before.changed_at },
      )
    await needPlaces(work, change)
    const after = withChange(settingsOf(before), change)
    must(mayBecome(before.state, after.state, after))
    const fields = Object.keys(change)
    await updateIncident(work.tx, incidentId, {
      ...{ title: after.title, state: after.state, workaround: after.workaround },
      ...(change.procedureId === undefined
        ? {}
        : { procedure_id: change.procedureId, cause_key: keyOfProcedure(change.procedureId) }),
      ...{ region_code: after.regionCode, section_id: after.sectionId },
      ...{ expected_end: after.expectedEnd === null ? null : new Date(after.expectedEnd) },
      ...{ changed_at: work.now, changed_by_name: nameOfActor(work.actor) },
      ...{ closed_at: after.state === 'closed' ? work.now : null },
    })
    await noteStep(work, incidentId, after.state === before.state ? 'changed' : `became.${after.state}`)
    if (endsNotice(after.state)) await withdraw(work, incidentId)
    await work.journal(incidentChanged, { incidentId, fields, state: after.state }, {})
    return { incidentId }
  },
)

/** What can be changed of an incident, as it is. */
export const settingsOf = (row: IncidentRow) => ({
  title: row.title,
  state: row.state,
  procedureId: row.procedure_id,
  regionCode: row.region_code,
  sectionId: row.section_id,
  workaround: row.workaround,
  expectedEnd: row.expected_end?.toISOString() ?? null,
})

/** @throws Refused 422 for a procedure or section that is not there */
async function needPlaces(
  work: Work,
  { procedureId, sectionId }: Pick<IncidentChange, 'procedureId' | 'sectionId'>,
): Promise<void> {
  if (procedureId && !(await procedureNames(work.tx, [procedureId])).has(procedureId))
    throw new Refused('cases.procedureUnknown', { field: 'procedureId' }, 422)
  if (sectionId && (await unitOf(work.tx, sectionId))?.kind !== 'ccm-section')
    throw new Refused('cases.unitUnknown', { field: 'sectionId' }, 422)
}

/** Links tickets of the actor's group. One that another incident has stays there. @throws Refused 403, 404 for a ticket of elsewhere */
export const linkToIncident = useCase(
  async (work, { incidentId, ticketIds }: OneIncident & IncidentTickets): Promise<OneIncident> => {
    must(mayLinkTickets(work.actor))
    if (!(await lockIncident(work.tx, incidentId))) throw notFound('incident')
    await link(work, incidentId, ticketIds)
    return { incidentId }
  },
)

/** Parts tickets from their incident; one whose answer is under way, or was given, stays. @throws Refused 403, 404 */
export const unlinkFromIncident = useCase(
  async (work, { incidentId, ticketIds }: OneIncident & IncidentTickets): Promise<OneIncident> => {
    must(mayLinkTickets(work.actor))
    await needOwnTickets(work, ticketIds)
    const parted = await unlinkTickets(work.tx, incidentId, ticketIds)
    if (parted.length === 0) return { incidentId }
    await noteStep(work, incidentId, 'unlinked', { count: parted.length })
    await work.journal(incidentTicketsUnlinked, { incidentId, ticketIds: parted }, ofGroup(work.actor))
    return { incidentId }
  },
)

async function link(work: Work, incidentId: string, ticketIds: readonly string[]): Promise<void> {
  await needOwnTickets(work, ticketIds)
  const byName = nameOfActor(work.actor)
  const linked = await linkTickets(work.tx, { incidentId, ticketIds, at: work.now, byName })
  if (linked.length === 0) return
  await noteStep(work, incidentId, 'linked', { count: linked.length })
  await work.journal(incidentTicketsLinked, { incidentId, ticketIds: linked }, ofGroup(work.actor))
}

/** @throws Refused 404 unless all are IT tickets of the actor's group */
export async function needOwnTickets(work: Pick<Work, 'tx' | 'actor'>, ticketIds: readonly string[]): Promise<void> {
  const under = pathReached(actingPerson(work.actor), 'incidents.keep')
  const own = (await ticketUnits(work.tx, ticketIds)).filter(each => each.kind === 'it' && each.unit_path.startsWith(under))
  if (own.length < new Set(ticketIds).size) throw notFound('ticket')
}

/** Gives a notice in the place of the one before. It is heard and shown at once, and ends by itself. @throws Refused 403, 404 */
export const publishNotice = useCase(
  async (work, { incidentId, texts, channels, endsAt }: OneIncident & PublishNotice): Promise<OneIncident> => {
    const incident = await lockKept(work, incidentId)
    must(mayPublishUntil(incident.state, Date.parse(endsAt), work.now.getTime()))
    await withdrawNotices(work.tx, incidentId, work.now)
    const id = work.ids()
    await insertIncidentNotice(work.tx, {
      ...{ id, incident_id: incidentId, texts, channels: [...new Set(channels)] },
      ...{ region_code: incident.region_code, section_id: incident.section_id },
      ...{ starts_at: work.now, ends_at: new Date(endsAt), by_name: nameOfActor(work.actor) },
    })
    await noteStep(work, incidentId, 'noticePublished')
    await work.journal(incidentNoticePublished, { incidentId, noticeId: id, endsAt: new Date(endsAt).toISOString() }, {})
    return { incidentId }
  },
)

/** Ends the notice of an incident before its time. @throws Refused 403, 404 */
export const withdrawNotice = useCase(async (work, { incidentId }: OneIncident): Promise<OneIncident> => {
  await lockKept(work, incidentId)
  await withdraw(work, incidentId)
  return { incidentId }
})

async function withdraw(work: Work, incidentId: string): Promise<void> {
  for (const noticeId of await withdrawNotices(work.tx, incidentId, work.now)) {
    await noteStep(work, incidentId, 'noticeWithdrawn')
    await work.journal(incidentNoticeWithdrawn, { incidentId, noticeId }, {})
  }
}

/** Closes an incident that is not closed, with its notice. */
export async function closeIncident(work: Work, incident: IncidentRow): Promise<void> {
  await updateIncident(work.tx, incident.id, {
    ...{ state: 'closed', closed_at: work.now, changed_at: work.now, changed_by_name: nameOfActor(work.actor) },
  })
  await noteStep(work, incident.id, 'became.closed')
  await withdraw(work, incident.id)
  await work.journal(incidentChanged, { incidentId: incident.id, fields: ['state'], state: 'closed' }, {})
}

/** @throws Refused 404 for who may see none, 403 for who does not keep it */
export async function lockKept(work: Work, incidentId: string): Promise<IncidentRow> {
  const row = can(work.actor, 'incidents.keep') ? await lockIncident(work.tx, incidentId) : undefined
  if (!row) throw notFound('incident')
  must(mayKeepIncident(work.actor, { state: row.state, unitPath: row.unit_path, unitName: row.unit_name }))
  return row
}

/** Who hears what becomes of tickets: the group of whoever does it. */
export const ofGroup = (actor: Actor): { units: string[] } => ({ units: unitsIn(actingPerson(actor).unitPath) })

/** Writes down what was done: `incidents.step.<kind>`. */
export const noteStep = (
  work: Work,
  incidentId: string,
  kind: string,
  detail: Readonly<Record<string, string | number>> = {},
): Promise<unknown> =>
  insertStep(work.tx, {
    ...{ id: work.ids(), incident_id: incidentId, kind, detail },
    ...{ by_name: nameOfActor(work.actor), at: work.now },
  })
