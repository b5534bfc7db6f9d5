/**
 * Tickets of absent members go back to the pool by the rule of their section, once for each absence, with what was being written. Whoever gives one
 * back to the absent member on purpose finds it there.
 */
import { type AbsenceRow, absencesOn } from '../../distribution/index.ts'
import { unitOf, workCalendarOf } from '../../organisation/index.ts'
import {
  boundsOf,
  changedMeanwhile,
  type Db,
  dayAt,
  type House,
  type Language,
  lastEntry,
  must,
  notFound,
  onItsOwn,
  type PersonActor,
  permissionOf,
  system,
  unitsIn,
  useCase,
} from '../../platform/index.ts'
import { leaveDraft } from '../drafts.ts'
import { absenceRuleSet, ticketLeftByAbsent } from '../events.ts'
import { leavesUnder } from '../finding/store.ts'
import { ticketSubjects } from '../locked-ticket.ts'
import { type UnitFacts, unitFacts } from '../places.ts'
import { enterQueue } from '../section-queue.ts'
import { lockTicket, updateTicket } from '../store.ts'
import type { AbsenceRule, SetAbsenceRule } from './model.ts'
import { goesBackAt, maySetAbsenceRule } from './policy.ts'
import { type HeldByAbsent, heldByAbsent, lockRule, noteReturn, readRule, saveRule } from './store.ts'

// --- the rule of a section ------------------------------------------------------------------------------------------

async function needSection(db: Db, sectionId: string): Promise<UnitFacts> {
  const section = await unitFacts(db, sectionId)
  if (section?.kind !== 'cric-section') throw notFound('unit')
  return section
}

/** The rule of a section. @throws Refused 404 for a unit that is no section of the second level, or of another region */
export async function absenceRuleView(
  house: House,
  actor: PersonActor,
  sectionId: string,
  language: Language,
): Promise<AbsenceRule> {
  const db = house.database.kysely
  const section = await needSection(db, sectionId)
  const change = permissionOf(maySetAbsenceRule(actor, section), language)
  if (!change.allowed && !section.path.startsWith(actor.unitPath)) throw notFound('unit')
  return { ...(await readRule(db, sectionId)), section: { id: section.id, name: section.name }, change }
}

/** Sets the rule of a section. @throws Refused 404, 403 for who may not say so, 412 when somebody has changed it since `version` */
export const setAbsenceRule = useCase(
  async (work, { sectionId, version, ...rule }: SetAbsenceRule & { sectionId: string; version: number }): Promise<null> => {
    const section = await needSection(work.tx, sectionId)
    must(maySetAbsenceRule(work.actor, section))
    await lockRule(work.tx, sectionId)
    const before = await readRule(work.tx, sectionId)
    if (before.version !== version)
      throw changedMeanwhile(before, await lastEntry(work.tx, [absenceRuleSet], { payload: ['sectionId', sectionId] }, work.now))
    const { whenAbsent, hours, exceptTypologies } = rule
    await saveRule(work.tx, sectionId, { whenAbsent, hours, exceptTypologies }, version + 1)
    await work.journal(absenceRuleSet, { sectionId, whenAbsent, hours, exceptTypologies }, { units: unitsIn(section.path) })
    return null
  },
)

// --- what goes back -------------------------------------------------------------------------------------------------

const absencesAtOnce = 100
const ticketsAtOnce = 100
const first = '00000000-0000-0000-0000-000000000000'

/** One ticket goes back. Nothing happens when it has gone before, or is not the absent member's any more. */
const leaveOne = useCase(async (work, { absence, ticketId }: { absence: AbsenceRow; ticketId: string }): Promise<null> => {
  const ticket = await lockTicket(work.tx, ticketId, { all: true })
  if (ticket?.claimed_by !== absence.person_id || (ticket.state !== 'claimed' && ticket.state !== 'returned')) return null
  if (!(await noteReturn(work.tx, absence.id, ticketId))) return null
  await leaveDraft(work, ticket)
  await updateTicket(work.tx, ticketId, { state: 'pool', claimed_by: null, claimed_by_name: null })
  await work.journal(
    ticketLeftByAbsent,
    { ticketId, absenceId: absence.id, from: absence.person_id, fromName: absence.name },
    ticketSubjects(ticket, absence.person_id),
  )
  await enterQueue(work, ticket)
  return null
})

/** The rule of a section, as a batch asks it: when its tickets go back, and of which typologies they stay. */
interface RuleOfBatch {
  goesBackAt: Date | null
  stay: ReadonlySet<string>
}

/** Lets the tickets go back that it is time for. Returns how many were looked at. */
export async function returnTicketsOfAbsent(house: House): Promise<number> {
  const db = house.database.kysely
  const timeZone = house.config.TIME_ZONE
  const today = dayAt(timeZone, house.clock.now())
  let looked = 0
  for (let after = first; ; ) {
    const absences = await absencesOn(db, today, after, absencesAtOnce)
    for (const absence of absences) looked += await returnOfOne(house, absence)
    after = absences.at(-1)?.id ?? after
    if (absences.length < absencesAtOnce) return looked
  }
}

async function returnOfOne(house: House, absence: AbsenceRow): Promise<number> {
  const db = house.database.kysely
  const since = new Date(boundsOf(house.config.TIME_ZONE, absence.from_day)[0])
  const rules = new Map<string, RuleOfBatch>()
  const ruleOf = async (sectionId: string) => {
    const known = rules.get(sectionId) ?? (await ruleSince(db, sectionId, since))
    rules.set(sectionId, known)
    return known
  }
  let looked = 0
  for (let after = first; ; ) {
    const held = await heldByAbsent(db, { absenceId: absence.id, personId: absence.person_id, after, limit: ticketsAtOnce })
    for (const ticket of held)
      if (isTime(await ruleOf(ticket.unit_id), ticket, house.clock.now()))
        await onItsOwn(house, 'cases.absent', { ticket: ticket.id }, () =>
          leaveOne(house, system('absences'), { absence, ticketId: ticket.id }),
        )
    looked += held.length
    after = held.at(-1)?.id ?? after
    if (held.length < ticketsAtOnce) return looked
  }
}

async function ruleSince(db: Db, sectionId: string, since: Date): Promise<RuleOfBatch> {
  const section = await unitOf(db, sectionId)
  const rule = await readRule(db, sectionId)
  if (!section) return { goesBackAt: null, stay: new Set() }
  const calendar = await workCalendarOf(db, section)
  const leaves = await Promise.all(rule.exceptTypologies.map(id => leavesUnder(db, id)))
  return { goesBackAt: goesBackAt(rule, since, calendar), stay: new Set(leaves.flat()) }
}

const isTime = ({ goesBackAt: at, stay }: RuleOfBatch, { typology_id: typology }: HeldByAbsent, now: number): boolean =>
  at !== null && at.getTime() <= now && (typology === null || !stay.has(typology))
