/**
 * Counters: who comes to an office, with an appointment or without, is received fairly and quickly.
 *
 * A hall is a waiting room with its desks, its services and its rules. A visit is one citizen (with whoever comes along) on one day. What happens to
 * it are entries that are only added, and everything else is computed from them: the state (`effects.ts`), the durations (`durations.ts`).
 *
 *   arrived ─▶ waiting ──called──▶ called ──came──▶ serving ──closed──▶ closed
 *                ▲ ▲                 │                │ │
 *                │ └──set-back───────┤                │ └─parked─▶ parked ──called──▶ called
 *                │                   └─missed─▶ missed│
 *                └──────────returned──────────────┘   └─transferred─▶ waiting
 *
 *   from waiting, parked, missed: left · at the end of the day: unserved
 */
import { z } from 'zod'
import { Conclude } from '../agenda/index.ts'
import { Instant, Text, TextLine, Uuid } from '../platform/index.ts'

const UnitId = z.string().min(1).max(100).meta({ example: 'ag-roma-eur' })
export const OfficeRef = z.object({ id: z.string(), name: z.string() })

const Said = TextLine.pipe(z.string().min(1).max(120))
/** What citizens read; Italian stands in for a language that is missing. */
export const CitizenWords = z.object({
  it: Said,
  ...{ en: Said.optional(), de: Said.optional(), fr: Said.optional(), sl: Said.optional() },
})
export type CitizenWords = z.infer<typeof CitizenWords>

export const VisitClass = z.enum(['appointment', 'fast', 'ordinary'])
export type VisitClass = z.infer<typeof VisitClass>

/** Why somebody goes before the others of the class. */
export const PriorityReason = z.enum(['disability', 'pregnancy', 'infant', 'age', 'other'])
export type PriorityReason = z.infer<typeof PriorityReason>

export const VisitState = z.enum(['waiting', 'called', 'serving', 'parked', 'missed', 'left', 'closed', 'unserved'])
export type VisitState = z.infer<typeof VisitState>

const minutes = (highest: number) => z.number().int().min(0).max(highest)

/**
 * The rules of a hall, all in minutes. Each visit is given an instant by which it is to be called, once, when it arrives; whoever's comes first is
 * called first (`policy.ts`).
 */
export const HallRules = z
  .object({
    appointmentMinutes: minutes(240).describe('with an appointment: called within, after the later of arrival and appointment'),
    priorityMinutes: minutes(240).describe('with priority: called within'),
    fastMinutes: minutes(240).describe('for the fast counter: called within'),
    ordinaryMinutes: minutes(480).describe('everybody else: called within'),
    returnedMinutes: minutes(240).describe('who was missed and is back: called within'),
    dueWindowMinutes: minutes(60).describe('an appointment takes its turn among the others from so long before its time'),
    earlyMinutes: minutes(240).describe('and may be called so long before its time when there is nobody else'),
    lateMinutes: minutes(120).describe('who comes later than this to an appointment waits like everybody else'),
    pauseMinutes: minutes(60).describe('who was called and is not there is not called anew for so long'),
    maxCalls: z.number().int().min(1).max(5).describe('so many calls, then missed'),
  })
  .meta({ id: 'HallRules' })
export type HallRules = z.infer<typeof HallRules>

export const defaultRules: HallRules = {
  appointmentMinutes: 5,
  priorityMinutes: 5,
  fastMinutes: 10,
  ordinaryMinutes: 40,
  returnedMinutes: 10,
  dueWindowMinutes: 5,
  earlyMinutes: 30,
  lateMinutes: 15,
  pauseMinutes: 5,
  maxCalls: 2,
}

const QuestionId = z.string().regex(/^[\w-]{1,40}$/)
/** What the kiosk asks whoever comes: at most six answers, each of which leads to a service or to another question. */
export const KioskQuestion = z
  .object({
    id: QuestionId,
    text: CitizenWords,
    answers: z
      .array(
        z.object({ label: CitizenWords, to: z.union([z.object({ serviceId: Uuid }), z.object({ questionId: QuestionId })]) }),
      )
      .min(1)
      .max(6),
  })
  .meta({ id: 'KioskQuestion' })
export type KioskQuestion = z.infer<typeof KioskQuestion>

// --- what there is in an office -------------------------------------------------------------------------------------

export const CounterService = z
  .object({ id: Uuid, name: z.string(), visitClass: VisitClass, agendaServices: z.array(z.string()) })
  .meta({ id: 'CounterService' })

export const CounterDesk = z
  .object({
    id: Uuid,
    label: z.string().meta({ example: '4' }),
    services: z.array(Uuid).describe('what it serves; empty for everything of the hall'),
    sitting: z.object({ personId: Uuid, name: z.string(), since: Instant }).nullable(),
    visit: z.object({ id: Uuid, code: z.string(), state: VisitState }).nullable().describe('who is called to it, or sits at it'),
  })
  .meta({ id: 'CounterDesk' })
export type CounterDesk = z.infer<typeof CounterDesk>

export const DeviceKind = z.enum(['kiosk', 'display'])
export type DeviceKind = z.infer<typeof DeviceKind>

export const CounterDevice = z
  .object({
    id: Uuid,
    kind: DeviceKind,
    name: z.string(),
    hallIds: z.array(Uuid),
    rows: z.number().int().describe('so many calls stand on a display'),
    goesOn: Uuid.nullable().describe('the display whose calls it shows that no longer fit there'),
    connectedAt: Instant.nullable().describe('when a machine took it up; null while none has'),
    disabled: z.boolean(),
  })
  .meta({ id: 'CounterDevice' })
export type CounterDevice = z.infer<typeof CounterDevice>

export const CounterHall = z
  .object({
    id: Uuid,
    name: z.string(),
    letter: z.string().meta({ example: 'A' }),
    here: z.string().describe('the page of "I am here", for a QR code'),
    services: z.array(CounterService),
    desks: z.array(CounterDesk),
  })
  .meta({ id: 'CounterHall' })
export type CounterHall = z.infer<typeof CounterHall>

export const Counters = z
  .object({ unit: OfficeRef, timeZone: z.string(), halls: z.array(CounterHall), devices: z.array(CounterDevice) })
  .meta({ id: 'Counters' })
export type Counters = z.infer<typeof Counters>

export const NewDevice = z.object({
  unitId: UnitId,
  kind: DeviceKind,
  name: TextLine.pipe(z.string().min(1).max(80)),
  hallIds: z.array(Uuid).min(1).max(10),
  rows: z.number().int().min(1).max(12).default(8),
  goesOn: Uuid.nullable().default(null),
})
export type NewDevice = z.infer<typeof NewDevice>

/** What a machine is given once, and nobody can read again. */
export const PairingCode = z
  .object({ deviceId: Uuid, code: z.string().meta({ example: 'K7QP-3MXD' }), until: Instant })
  .meta({ id: 'PairingCode' })
export type PairingCode = z.infer<typeof PairingCode>

// --- visits ---------------------------------------------------------------------------------------------------------

/** Why this one is next, in numbers that a page says in words. */
export const CallReason = z
  .object({
    rule: z.enum(['appointment', 'late', 'priority', 'fast', 'ordinary', 'returned', 'transferred', 'early', 'chosen']),
    callBy: Instant.describe('by when it was to be called'),
    before: z.string().nullable().describe('code of the one who would have been called otherwise'),
  })
  .meta({ id: 'CallReason' })
export type CallReason = z.infer<typeof CallReason>

export const Visit = z
  .object({
    id: Uuid,
    code: z.string().meta({ example: 'A017' }),
    state: VisitState,
    hallId: Uuid,
    service: z.object({ id: Uuid, name: z.string() }),
    visitClass: VisitClass,
    priority: PriorityReason.nullable(),
    remark: z.string().describe('read before the call'),
    persons: z.number().int(),
    arrivedAt: Instant,
    dueAt: Instant.nullable(),
    callBy: Instant,
    notBefore: Instant.nullable().describe('was called and not there: not called anew before'),
    calls: z.number().int(),
    calledAt: Instant.nullable().describe('the last call'),
    cameAt: Instant.nullable(),
    desk: z.object({ id: Uuid, label: z.string() }).nullable(),
    onlyDesk: z.object({ id: Uuid, label: z.string() }).nullable().describe('it alone calls'),
    officer: z.string().nullable().describe('who has served it, and goes on first'),
    parkedWhy: z.string().nullable(),
    remindAt: Instant.nullable(),
    caseId: Uuid.nullable(),
    interactionId: Uuid.nullable().describe('the conversation at the desk, once it is known who came'),
    contact: z.object({ id: Uuid, name: z.string() }).nullable(),
    appointmentId: Uuid.nullable(),
    waitSeconds: z
      .number()
      .int()
      .nullable()
      .describe('until the first call, or until now; null before the time of an appointment'),
  })
  .meta({ id: 'Visit' })
export type Visit = z.infer<typeof Visit>

export const NewVisit = z.object({
  hallId: Uuid,
  serviceId: Uuid,
  persons: z.number().int().min(1).max(20).default(1),
  priority: PriorityReason.nullable().default(null),
  remark: Text.pipe(z.string().max(300)).default(''),
})
export type NewVisit = z.infer<typeof NewVisit>

/** By what somebody with an appointment is known: the number of the day, or the ten digits of the request, as they stand in the mail. */
export const ArrivalCode = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^(\d{3} ?\d{3} ?\d{4}|[A-Z] ?\d{3,4})$/, 'counters.codeForm')
  .transform(code => code.replaceAll(' ', ''))
  .meta({ example: '1000000000' })

export const AppointmentArrival = z.object({ unitId: UnitId, code: ArrivalCode })
export type AppointmentArrival = z.infer<typeof AppointmentArrival>

export const VisitChange = z.object({
  serviceId: Uuid.optional(),
  persons: z.number().int().min(1).max(20).optional(),
  priority: PriorityReason.nullable().optional(),
  remark: Text.pipe(z.string().max(300)).optional(),
  deskId: Uuid.nullable().optional().describe('only this desk calls it: who waits for an officer; null for whichever serves it'),
})
export type VisitChange = z.infer<typeof VisitChange>

export const NameVisitor = z.object({ contactId: Uuid })
export type NameVisitor = z.infer<typeof NameVisitor>

export const ParkVisit = z.object({
  reason: TextLine.pipe(z.string().min(2).max(200)),
  remindMinutes: z.number().int().min(1).max(480).default(15),
})
export type ParkVisit = z.infer<typeof ParkVisit>

export const TransferVisit = z.object({
  serviceId: Uuid,
  deskId: Uuid.nullable().default(null).describe('only this desk calls it; null for whichever serves it'),
})
export type TransferVisit = z.infer<typeof TransferVisit>

export const NotDelivered = z.enum(['documents-missing', 'not-competent', 'system-down', 'citizen-gave-up', 'other'])
export type NotDelivered = z.infer<typeof NotDelivered>

/** Why somebody came in person. */
export const CameBecause = z.enum(['no-answer', 'not-online', 'unclear-letter', 'paper', 'in-person', 'preferred'])
export type CameBecause = z.infer<typeof CameBecause>

export const CloseVisit = z.object({
  delivered: z
    .array(z.object({ serviceId: Uuid, quantity: z.number().int().min(1).max(50) }))
    .max(20)
    .default([]),
  notDelivered: NotDelivered.nullable().default(null).describe('why nothing was; null with nothing delivered: not recorded'),
  persons: z.number().int().min(1).max(20).optional(),
  callEnough: z.boolean().nullable().default(null).describe('whether a call could have solved it'),
  cameBecause: CameBecause.nullable().default(null),
  done: Text.pipe(z.string().max(2_000)).default('').describe('what was done, for the history of the citizen'),
  conclusion: Conclude.nullable().default(null).describe('of an appointment: it ends with the visit; null leaves it in progress'),
})
export type CloseVisit = z.infer<typeof CloseVisit>

/** An expected wait; null where it is not known, rather than a wrong one. */
export const ExpectedWait = z.object({ minMinutes: z.number().int(), maxMinutes: z.number().int() }).nullable()
export type ExpectedWait = z.infer<typeof ExpectedWait>

export const HallLoad = z.object({
  hallId: Uuid,
  waiting: z.number().int(),
  expected: z.number().int().describe('have arrived, and their appointment is not due yet'),
  serving: z.number().int(),
  parked: z.number().int(),
  missed: z.number().int(),
  desks: z.number().int().describe('at which somebody sits'),
  longestSeconds: z.number().int().nullable(),
  newcomer: ExpectedWait.describe('what somebody who comes now is told'),
})

/** The officer who served a citizen the last time, at a desk of today. */
export const LastOfficer = z.object({
  name: z.string(),
  desk: z.object({ id: Uuid, label: z.string() }),
  busy: z.boolean(),
  expected: ExpectedWait.describe('until that desk can call, for who waits for it'),
})
export type LastOfficer = z.infer<typeof LastOfficer>

/** A desk that asks for a colleague. */
export const HelpCall = z.object({
  id: Uuid,
  desk: z.object({ id: Uuid, label: z.string() }),
  by: z.string(),
  since: Instant,
  takenBy: z.string().nullable(),
  isOwn: z.boolean().describe('the reader has asked, or has taken it'),
})
export type HelpCall = z.infer<typeof HelpCall>

export const CounterQueue = z
  .object({
    unit: OfficeRef,
    at: Instant,
    loads: z.array(HallLoad),
    visits: z.array(Visit),
    lastOfficers: z
      .array(LastOfficer.extend({ visitId: Uuid }))
      .describe('of those who wait, where that officer sits at a desk now'),
    help: z.array(HelpCall),
  })
  .meta({ id: 'CounterQueue' })
export type CounterQueue = z.infer<typeof CounterQueue>

export const OwnDesk = z
  .object({
    unit: OfficeRef,
    hallId: Uuid.nullable(),
    desk: z.object({ id: Uuid, label: z.string() }).nullable().describe('where the reader sits; null for nowhere'),
    visit: Visit.nullable(),
    reason: CallReason.nullable(),
    next: z.object({ visit: Visit, reason: CallReason }).nullable().describe('who would be called now'),
    parked: z.array(Visit).describe('of the reader'),
    elsewhere: LastOfficer.nullable().describe('the officer who had the case last time, when that one sits at another desk'),
    help: z.array(HelpCall).describe('what the reader has asked for or taken; of the others only while nobody is at the desk'),
  })
  .meta({ id: 'OwnDesk' })
export type OwnDesk = z.infer<typeof OwnDesk>

export const CalledVisit = z
  .object({ visit: Visit.nullable().describe('null: there is nobody to call'), reason: CallReason.nullable() })
  .meta({ id: 'CalledVisit' })
export type CalledVisit = z.infer<typeof CalledVisit>
