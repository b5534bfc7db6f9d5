/**
 * The institute: its units in one tree, the numbers under which its offices are called, when it is open, and where its places are.
 *
 *   institute ─┬─ central directorates
 *              ├─ contact centre (CCM) ── its sections
 *              └─ regional directorates ─┬─ regional centre (CRIC) ── its three sections
 *                                        ├─ IT assistance group (GAI)
 *                                        └─ provincial directorates ── agencies
 */
import { z } from 'zod'
import { Instant, Text, Uuid } from '../platform/index.ts'

export const UnitId = z
  .string()
  .max(100)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .meta({ example: 'ag-roma-eur' })

export const UnitKind = z.enum([
  'institute',
  'central-directorate',
  'regional-directorate',
  'provincial-directorate',
  'agency',
  'cric',
  'cric-section',
  'gai',
  'ccm',
  'ccm-section',
])
export type UnitKind = z.infer<typeof UnitKind>

/** Internal: inside the provincial directorate. Complex: a large one elsewhere. Territorial: a small one, with counters only. */
export const AgencyKind = z.enum(['internal', 'complex', 'territorial'])
export type AgencyKind = z.infer<typeof AgencyKind>

export const CricSection = z.enum(['pensions', 'income-support', 'contributors'])
export type CricSection = z.infer<typeof CricSection>

/** How a section is called in a spoken menu, in each language of the menu. */
export const SpokenName = z.object({ it: z.string(), en: z.string() })
export type SpokenName = z.infer<typeof SpokenName>

const RegionCode = z
  .string()
  .regex(/^\d{2}$/)
  .describe('ISTAT code of the region')
  .meta({ example: '12' })
const ProvinceCode = z
  .string()
  .regex(/^[A-Z]{2}$/)
  .describe('sign of the province')
  .meta({ example: 'RM' })
const MunicipalityCode = z
  .string()
  .regex(/^\d{6}$/)
  .describe('ISTAT code of the municipality')
  .meta({ example: '058091' })
export const codes = { RegionCode, ProvinceCode, MunicipalityCode }

export const Unit = z
  .object({
    id: UnitId,
    parentId: UnitId.nullable(),
    kind: UnitKind,
    agencyKind: AgencyKind.nullable(),
    name: z.string().meta({ example: 'Agenzia complessa di Roma EUR' }),
    path: z
      .string()
      .describe('identifiers from the root, each followed by a slash')
      .meta({ example: 'inps/dr-lazio/dp-roma/ag-roma-eur/' }),
    regionCode: RegionCode.nullable(),
    provinceCode: ProvinceCode.nullable(),
    municipalityCode: MunicipalityCode.nullable(),
    municipality: z.string().nullable().describe('its name').meta({ example: 'Roma' }),
    address: z.string().nullable().meta({ example: 'Viale Europa 12, 00144 Roma RM' }),
    latitude: z.number().nullable(),
    longitude: z.number().nullable(),
    cricSection: CricSection.nullable(),
    spokenName: SpokenName.nullable(),
    timeZone: z.string().describe('office time').meta({ example: 'Europe/Rome' }),
    version: z.number().int(),
  })
  .meta({ id: 'Unit' })
export type Unit = z.infer<typeof Unit>

/** A section of the contact centre: where calls wait. */
export interface ContactCentreSection {
  id: string
  name: string
  spokenName: SpokenName
  path: string
  timeZone: string
}

// --- opening hours --------------------------------------------------------------------------------------------------

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

/** A span of a week in office time. */
export const OpeningSpan = z.object({
  weekday: z.number().int().min(1).max(7).describe('1 is Monday, 7 Sunday'),
  opens: time.meta({ example: '08:30' }),
  closes: time.or(z.literal('24:00')).meta({ example: '12:30' }),
})
export type OpeningSpan = z.infer<typeof OpeningSpan>

export const OpeningHours = z.object({ spans: z.array(OpeningSpan).max(50) }).meta({ id: 'OpeningHours' })
export type OpeningHours = z.infer<typeof OpeningHours>

const Day = z.iso.date().meta({ example: '2026-12-24' })

/** Days on which a unit, and those below it, do not work, beside the holidays of the place. */
export const NewUnitClosure = z.object({
  firstDay: Day,
  lastDay: Day,
  reason: Text.pipe(z.string().min(3).max(200)).meta({ example: 'Chiusura estiva' }),
})
export type NewUnitClosure = z.infer<typeof NewUnitClosure>

export const UnitClosure = NewUnitClosure.extend({
  id: Uuid,
  unitId: UnitId.describe('the unit for which it was decided: the one that is asked about, or one above it'),
  decidedBy: z.string(),
  decidedAt: Instant,
}).meta({ id: 'UnitClosure' })
export type UnitClosure = z.infer<typeof UnitClosure>

/** Whether a unit is open at an instant, and when that changes next. */
export interface Openness {
  open: boolean
  /** Null when it never changes again (no hours at all, or always open). */
  nextChange: Date | null
  /** Whether the day is a holiday of its place: it is why it is closed, where its week would have it open. */
  holiday: boolean
}

/** A unit as its own page shows it. */
export const UnitView = Unit.extend({
  above: z.array(z.object({ id: UnitId, name: z.string() })).describe('the units above it, from the root'),
  hours: z.array(OpeningSpan),
  hoursOf: UnitId.nullable().describe('the unit whose hours these are: its own, or of one above'),
  open: z.boolean(),
  nextChange: Instant.nullable(),
  holiday: z.boolean().describe('whether today is a holiday there'),
  numbers: z.array(z.string()),
}).meta({ id: 'UnitView' })
export type UnitView = z.infer<typeof UnitView>

export const NearestAgency = z
  .object({ unit: Unit, distanceKm: z.number().describe('as the crow flies').meta({ example: 7.4 }) })
  .meta({ id: 'NearestAgency' })
export type NearestAgency = z.infer<typeof NearestAgency>

// --- the number plan ------------------------------------------------------------------------------------------------

/** Direct: the number rings the office. Channelled: its calls enter the contact centre, which knows from where they came. */
export const NumberMode = z.enum(['direct', 'channelled'])
export type NumberMode = z.infer<typeof NumberMode>

export const PhoneNumber = z
  .string()
  .regex(/^\+[1-9]\d{6,14}$/)
  .describe('E.164')
  .meta({ example: '+390600000001' })

export const NumberChange = z.object({
  id: Uuid,
  mode: NumberMode,
  from: Instant,
  reason: z.string(),
  decidedBy: z.string().meta({ example: 'Nora Villa' }),
  decidedAt: Instant,
  cancelled: z.object({ at: Instant, by: z.string(), reason: z.string() }).nullable(),
})
export type NumberChange = z.infer<typeof NumberChange>

export const OfficeNumber = z
  .object({
    number: PhoneNumber,
    unit: z.object({ id: UnitId, name: z.string() }),
    provinceCode: ProvinceCode.nullable(),
    regionCode: RegionCode.nullable(),
    mode: NumberMode.describe('now'),
    since: Instant.nullable().describe('from when on; null when it was never changed'),
    next: z.object({ changeId: Uuid, mode: NumberMode, from: Instant }).nullable().describe('the change that is planned'),
    officeNumber: PhoneNumber.describe('the line on which the office itself is rung'),
    fallback: PhoneNumber.nullable(),
    version: z.number().int(),
  })
  .meta({ id: 'OfficeNumber' })
export type OfficeNumber = z.infer<typeof OfficeNumber>

export const OfficeNumberView = OfficeNumber.extend({ changes: z.array(NumberChange).describe('newest decision first') }).meta({
  id: 'OfficeNumberView',
})
export type OfficeNumberView = z.infer<typeof OfficeNumberView>

const Reason = Text.pipe(z.string().min(3).max(500))
  .describe('why, in a sentence')
  .meta({ example: 'Third wave of the roll-out' })

/** Sets when one number changes its mode. */
export const ScheduleNumber = z.object({ mode: NumberMode, from: Instant, reason: Reason })
export type ScheduleNumber = z.infer<typeof ScheduleNumber>

/** Puts a number back at once to what it was before. */
export const ReverseNumber = z.object({ reason: Reason })
export type ReverseNumber = z.infer<typeof ReverseNumber>

/** Sets when all numbers of a territory change their mode. */
export const PlanNumbers = z.object({
  unitId: UnitId.describe('a directorate or agency: its numbers and those of the units below it'),
  mode: NumberMode.default('channelled'),
  from: Instant,
  reason: Reason,
})
export type PlanNumbers = z.infer<typeof PlanNumbers>

export const PlanResult = z
  .object({
    scheduled: z.array(PhoneNumber),
    skipped: z.array(z.object({ number: PhoneNumber, reason: z.enum(['already', 'planned']) })),
  })
  .meta({ id: 'PlanResult' })
export type PlanResult = z.infer<typeof PlanResult>

export const PreviewNumbers = PlanNumbers.omit({ reason: true })
export type PreviewNumbers = z.infer<typeof PreviewNumbers>

/** What one press would change. */
export const PlanPreview = z
  .object({
    numbers: z.number().int().describe('numbers that would change'),
    offices: z.number().int().describe('to how many offices they belong'),
    already: z.number().int().describe('numbers that are so already'),
    planned: z.number().int().describe('numbers for which another change lies ahead: they stay as they are'),
  })
  .meta({ id: 'PlanPreview' })
export type PlanPreview = z.infer<typeof PlanPreview>

/** How many numbers of a province enter the contact centre, will, or ring their offices without a plan. */
export const NumbersOfProvince = z
  .object({
    code: z.string().describe('sign of the province').meta({ example: 'RM' }),
    regionName: z.string(),
    channelled: z.number().int(),
    planned: z.number().int(),
    direct: z.number().int().describe('those that are planned included'),
  })
  .meta({ id: 'NumbersOfProvince' })
export type NumbersOfProvince = z.infer<typeof NumbersOfProvince>

/** The office that a dialled number belongs to, and what is done with its calls. */
export interface OfficeOfNumber {
  number: string
  unitId: string
  unitName: string
  unitPath: string
  provinceCode: string | null
  regionCode: string | null
  municipalityCode: string | null
  timeZone: string
  mode: NumberMode
  /** The line on which the office itself is rung over the trunk. */
  officeNumber: string
  /** Dialled for the caller when the program is away. */
  fallback: string | null
}

// --- places and days ------------------------------------------------------------------------------------------------

export const Municipality = z
  .object({
    code: MunicipalityCode,
    name: z.string().meta({ example: 'Roma' }),
    otherName: z.string().nullable().describe('in the other language of the place').meta({ example: 'Bozen' }),
    provinceCode: ProvinceCode,
    provinceName: z.string(),
    regionCode: RegionCode,
    regionName: z.string(),
    postalCodes: z.array(z.string()),
    cadastralCode: z.string().describe('as in fiscal codes').meta({ example: 'H501' }),
    isCapital: z.boolean(),
    latitude: z.number(),
    longitude: z.number(),
  })
  .meta({ id: 'Municipality' })
export type Municipality = z.infer<typeof Municipality>

/** A holiday on which offices are closed. */
export const Holiday = z
  .object({
    day: z.iso.date().meta({ example: '2026-10-04' }),
    name: z.string().meta({ example: 'San Francesco' }),
    scope: z.enum(['national', 'regional', 'local']),
  })
  .meta({ id: 'Holiday' })
export type Holiday = z.infer<typeof Holiday>
