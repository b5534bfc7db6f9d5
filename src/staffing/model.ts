/**
 * Staffing of the sections of a region: who works in them and where each comes from, what they have to do, and how many people a target needs.
 */
import { z } from 'zod'
import { Instant, Permission, Text, TextLine, Uuid } from '../platform/index.ts'

/** Where a member comes from, in the circular's order of preference (§4): the first two before the others. */
export const provenances = ['product-team', 'expert', 'province', 'agency'] as const
export const Provenance = z.enum(provenances)
export type Provenance = z.infer<typeof Provenance>

/** Those to whom a director turns first. */
export const ReserveProvenance = Provenance.extract(['product-team', 'expert'])
export type ReserveProvenance = z.infer<typeof ReserveProvenance>

const Day = z.iso.date().refine(day => day >= '2000-01-01' && day < '2100-01-01', 'platform.field.yearsFarAway')
const Share = z.number().int().min(1).max(100).describe('percent of the working time')

/** What can be said of a membership. */
export const MemberFacts = z.object({
  provenance: Provenance,
  origin: TextLine.pipe(z.string().max(120)).describe('the team, the province or the agency, by name'),
  since: Day.describe('the first day'),
  until: Day.nullable().describe('the last day; null while no end is known'),
  share: Share,
  reason: Text.pipe(z.string().max(500)).describe(
    'why somebody was taken from a province or an agency; asked for while others could be had',
  ),
})
export type MemberFacts = z.infer<typeof MemberFacts>

export const NewMember = z
  .object({
    sectionId: z.string().max(100),
    personId: Uuid.nullable().describe('who has a role in the section already; null for somebody who is to have one'),
    reserveId: Uuid.nullable().describe('who is taken from the reserve; null for somebody else'),
    name: TextLine.pipe(z.string().max(120)).describe('asked for where neither of the two is given'),
    ...MemberFacts.shape,
  })
  .meta({ id: 'NewSectionMember' })
export type NewMember = z.infer<typeof NewMember>

export const MemberChange = MemberFacts.partial().extend({
  personId: Uuid.nullable().optional().describe('who of those with a role in the section it is; once said, it stays'),
})
export type MemberChange = z.infer<typeof MemberChange>

export const SectionMember = z
  .object({
    id: Uuid.nullable().describe('null for who has a role in the section, and of whom nobody has said where from'),
    personId: Uuid.nullable().describe('null until the person has an account with a role in the section'),
    name: z.string(),
    facts: MemberFacts.nullable(),
    isNow: z.boolean().describe('counts today'),
    hasRole: z.boolean().describe('has a role in the section today'),
    absentUntil: Day.nullable(),
    version: z.number().int(),
  })
  .meta({ id: 'SectionMember' })
export type SectionMember = z.infer<typeof SectionMember>

export const StaffReserve = z
  .object({
    id: Uuid,
    name: z.string(),
    provenance: ReserveProvenance,
    subject: z.string(),
    addedBy: z.string(),
    addedAt: Instant,
  })
  .meta({ id: 'StaffReserve' })
export type StaffReserve = z.infer<typeof StaffReserve>

export const NewReserve = z.object({
  name: TextLine.pipe(z.string().min(3).max(120)),
  provenance: ReserveProvenance,
  subject: TextLine.pipe(z.string().max(120)).describe('what the person knows best'),
})
export type NewReserve = z.infer<typeof NewReserve>

export const RegionMembers = z
  .object({
    sections: z.array(z.object({ id: z.string(), name: z.string(), members: z.array(SectionMember) })),
    reserve: z.array(StaffReserve).describe('of product teams and experts, who are in no section'),
    change: Permission.describe('whether the reader may change them'),
  })
  .meta({ id: 'RegionMembers' })
export type RegionMembers = z.infer<typeof RegionMembers>

export const MemberVersion = z
  .object({ version: z.number().int(), facts: MemberFacts, by: z.string(), at: Instant })
  .meta({ id: 'SectionMemberVersion' })
export type MemberVersion = z.infer<typeof MemberVersion>

// --- the workload ---------------------------------------------------------------------------------------------------

const count = z.number().int()

export const WorkloadWeek = z
  .object({
    week: Day.describe('its Monday'),
    arrived: count.describe('sent to the section, or opened again by a citizen who came back'),
    closed: count.describe('answered, sent back or ended with an appointment'),
    inTime: count.describe('of those, not late when they ended'),
    backlog: count.describe('at the end of the week: in the pool or in hand'),
    ageHours: z.number().nullable().describe('how old these are on average'),
    workedHours: z.number().describe('working time in which its members had something in hand'),
  })
  .meta({ id: 'WorkloadWeek' })
export type WorkloadWeek = z.infer<typeof WorkloadWeek>

export const WorkloadSection = z
  .object({
    id: z.string(),
    name: z.string(),
    members: count.describe('who work in it today'),
    fullTime: z.number().describe('the same as full-time people: the sum of their shares'),
    weeks: z.array(WorkloadWeek).describe('the oldest first; the last one goes on'),
  })
  .meta({ id: 'WorkloadSection' })
export type WorkloadSection = z.infer<typeof WorkloadSection>

export const RegionWorkload = z
  .object({
    readThrough: Instant.nullable().describe('up to when the journal has been counted; null where nothing has'),
    target: z
      .object({ amount: count, measure: z.enum(['minutes', 'days']) })
      .nullable()
      .describe('within how much working time a ticket is solved, where its typology has no target of its own'),
    sections: z.array(WorkloadSection),
  })
  .meta({ id: 'RegionWorkload' })
export type RegionWorkload = z.infer<typeof RegionWorkload>

export const WorkloadQuery = z.object({ weeks: z.coerce.number().int().min(4).max(104).default(52) })
export type WorkloadQuery = z.infer<typeof WorkloadQuery>

// --- how many people ------------------------------------------------------------------------------------------------

export const PlanQuery = z.object({
  sectionId: z.string().max(100),
  people: z.coerce.number().int().min(-20).max(50).default(0).describe('so many full-time people more; fewer, below zero'),
  inTime: z.coerce.number().min(0.5).max(0.99).default(0.9).describe('share of the tickets that is to be solved in time'),
  weeks: z.coerce.number().int().min(2).max(13).default(8).describe('weeks from tomorrow on'),
})
export type PlanQuery = z.infer<typeof PlanQuery>

const Interval = z.object({
  mean: z.number(),
  half: z.number().nullable().describe('half the width of its 95 % interval; null with one run'),
})

export const PlanMeasures = z
  .object({
    inTime: Interval.describe('share of the tickets that are due in these weeks and are solved in time'),
    backlog: Interval.describe('what is open at the end'),
    ageHours: Interval.describe('how old that is on average'),
    occupancy: Interval.describe('share of the time of those present in which they have something in hand'),
  })
  .meta({ id: 'StaffingMeasures' })

export type PlanMeasures = z.infer<typeof PlanMeasures>

export const StaffingPlan = z
  .object({
    seeds: count,
    before: PlanMeasures,
    after: PlanMeasures.nullable().describe('null without a change'),
    difference: PlanMeasures.nullable().describe('after less before, run by run with the same tickets'),
    needed: z
      .object({
        people: count
          .nullable()
          .describe('full-time people more, or fewer, with which the target is reached; null where none of those tried reach it'),
        inTime: z.number().describe('the share with so many'),
      })
      .describe('found by trying'),
    assumptions: z.object({
      arrivalsAWeek: z.number().describe('mean of the weeks that were measured'),
      weeks: count.describe('so many weeks were measured'),
      backlog: count.describe('open now'),
      handlingMinutes: z.number(),
      handlingFrom: z.enum(['section', 'region', 'usual']).describe('where it was measured; usual: nowhere'),
      fullTime: z.number().describe('the people of today as full-time people'),
      closedDays: count.describe('days of the weeks ahead on which the section works on no account: holidays and closures'),
      absentDays: count.describe('days of absence of its members that are known'),
    }),
  })
  .meta({ id: 'StaffingPlan' })
export type StaffingPlan = z.infer<typeof StaffingPlan>
