/**
 * Prevention as the API has it: what an IT group does so that fewer questions come, for whom, when, and what came of it.
 *
 *   a request for work on an infrastructure:  asked ──▶ assessed ──▶ planned ──▶ done
 *                                               └──────────┴─▶ refused
 *   everything else:                                            planned ──▶ done
 *
 * What is not over can be cancelled, with the reason; the last step can be undone until something else is done.
 */
import { z } from 'zod'
import { TypologyId } from '../classification/index.ts'
import { Instant, Permission, Text, TextLine, Uuid } from '../platform/index.ts'
import { activityKinds, addresseeKinds } from './choices.ts'

/** Diffusion of procedures, promotion, training on the job for external users, work on an infrastructure. */
export const ActivityKind = z.enum(activityKinds)
export type ActivityKind = z.infer<typeof ActivityKind>

export const ActivityState = z.enum(['asked', 'assessed', 'planned', 'done', 'refused', 'cancelled'])
export type ActivityState = z.infer<typeof ActivityState>

export const AddresseeKind = z.enum(addresseeKinds)
export type AddresseeKind = z.infer<typeof AddresseeKind>

const RegionCode = z.string().min(1).max(10)
const Day = z.iso.date()

// --- the register of those whom activities are for --------------------------------------------------------------------

const addresseeFields = {
  name: TextLine.pipe(z.string().min(3).max(160)).describe('of the body, never of a person'),
  kind: AddresseeKind,
  regionCode: RegionCode.nullable().describe('where it is; null for one of the whole country'),
}

export const NewAddressee = z.object({ ...addresseeFields, regionCode: addresseeFields.regionCode.default(null) })
export type NewAddressee = z.infer<typeof NewAddressee>

export const AddresseeChange = z
  .object({ ...addresseeFields, retired: z.boolean().describe('not chosen any more; what was held for it still names it') })
  .partial()
export type AddresseeChange = z.infer<typeof AddresseeChange>

export const Addressee = z
  .object({
    id: Uuid,
    name: z.string(),
    kind: AddresseeKind,
    regionCode: z.string().nullable(),
    region: z.string().nullable(),
    retired: z.boolean(),
    version: z.number().int(),
  })
  .meta({ id: 'Addressee' })
export type Addressee = z.infer<typeof Addressee>

// --- activities -------------------------------------------------------------------------------------------------------

export const maxActivityTypologies = 20
export const maxActivityAddressees = 50
const maxPeople = 30

const fields = {
  title: TextLine.pipe(z.string().min(5).max(160)).describe('what is done, without data of citizens'),
  aim: Text.pipe(z.string().min(3).max(2_000)).describe('which questions should become fewer, and how'),
  regionCode: RegionCode.nullable().describe('the territory; null for the whole country'),
  typologyIds: z.array(TypologyId).max(maxActivityTypologies).describe('the questions that should become fewer'),
  addresseeIds: z.array(Uuid).max(maxActivityAddressees).describe('whom it is for'),
  personIds: z.array(Uuid).max(maxPeople).describe('colleagues of the group who hold it'),
  place: TextLine.pipe(z.string().max(200)).describe('where, and at what hours'),
  firstDay: Day.nullable(),
  lastDay: Day.nullable(),
}

export const NewActivity = z.object({
  ...fields,
  kind: ActivityKind,
  regionCode: fields.regionCode.default(null),
  typologyIds: fields.typologyIds.default([]),
  addresseeIds: fields.addresseeIds.default([]),
  personIds: fields.personIds.default([]),
  place: fields.place.default(''),
  firstDay: fields.firstDay.default(null),
  lastDay: fields.lastDay.default(null),
})
export type NewActivity = z.infer<typeof NewActivity>

const outcomeFields = {
  participants: z.number().int().min(0).max(100_000).nullable().describe('how many took part'),
  outcome: Text.pipe(z.string().max(4_000)).describe('what came of it'),
}

/** What is changed; what is left out stays. */
export const ActivityChange = z.object({ ...fields, ...outcomeFields }).partial()
export type ActivityChange = z.infer<typeof ActivityChange>

/** A step of an activity. The text is the assessment, the outcome, or the reason of a refusal or a cancellation. */
export const ActivityStep = z.object({
  to: ActivityState,
  text: Text.pipe(z.string().max(4_000)).default(''),
  participants: outcomeFields.participants.default(null),
})
export type ActivityStep = z.infer<typeof ActivityStep>

const Named = z.object({ id: z.string(), name: z.string() })

export const ActivityLine = z
  .object({
    id: Uuid,
    number: z.number().int().describe('how people call it'),
    kind: ActivityKind,
    title: z.string(),
    state: ActivityState,
    unit: Named.describe('the IT group that holds it'),
    region: z.string().nullable().describe('null for the whole country'),
    addressees: z.array(Named).describe('whom it is for'),
    firstDay: z.string().nullable(),
    lastDay: z.string().nullable(),
    participants: z.number().int().nullable(),
  })
  .meta({ id: 'ActivityLine' })
export type ActivityLine = z.infer<typeof ActivityLine>

export const Material = z
  .object({
    id: Uuid,
    name: z.string(),
    type: z.string().describe('as the content shows'),
    sizeBytes: z.number().int(),
    scan: z.enum(['unchecked', 'clean']),
    at: Instant,
    byName: z.string(),
  })
  .meta({ id: 'Material' })
export type Material = z.infer<typeof Material>

export const Activity = ActivityLine.extend({
  aim: z.string(),
  regionCode: z.string().nullable(),
  typologies: z.array(Named),
  people: z.array(Named),
  place: z.string(),
  assessment: z.string(),
  outcome: z.string(),
  reason: z.string().describe('why it was refused or cancelled'),
  materials: z.array(Material),
  changedBy: z.string(),
  changedAt: Instant,
  change: Permission,
  steps: z.array(ActivityState).describe('the steps that the reader may take now'),
  undo: z.boolean().describe('whether the reader may undo the last step'),
  version: z.number().int(),
}).meta({ id: 'Activity' })
export type Activity = z.infer<typeof Activity>

export const ActivityHistoryLine = z
  .object({ id: Uuid, what: z.string().describe('in one sentence'), text: z.string(), by: z.string(), at: Instant })
  .meta({ id: 'ActivityHistoryLine' })
export type ActivityHistoryLine = z.infer<typeof ActivityHistoryLine>

// --- the effect -------------------------------------------------------------------------------------------------------

const Span = z.object({ from: Day, until: Day.describe('the last day'), tickets: z.number().int() })

export const ActivityEffect = z
  .object({
    verdict: z
      .enum(['fewer', 'more', 'not-proved', 'too-early', 'no-typologies', 'not-held'])
      .describe('`not-proved` where the figures carry neither fewer nor more'),
    weeks: z.number().int().describe('compared on each side; 0 where nothing is'),
    before: Span.nullable(),
    after: Span.nullable(),
    daysLeftOut: z.number().int().describe('days of each side that were left out because of a holiday on one of them'),
    ratio: z.number().nullable().describe('tickets after for each one before; null where there were none before'),
    low: z.number().nullable().describe('the interval of the ratio'),
    high: z.number().nullable().describe('null where it is not bounded'),
    confidence: z.number().describe('of the interval, from 0 to 1'),
    dispersion: z.number().describe('how much more than chance the weeks differ from each other; 1: as chance has it'),
    elsewhere: z.number().nullable().describe('the same ratio in the other regions; null for the whole country'),
  })
  .meta({ id: 'ActivityEffect' })
export type ActivityEffect = z.infer<typeof ActivityEffect>
