/**
 * The agenda of the offices: services, opening calendars, free times, holds, appointments.
 *
 * A calendar is one place that receives citizens: an officer, or a desk without a name that may receive several at once. Free times are
 * computed from opening spans, closures and what is taken; nothing free is ever stored. A hold keeps a time for one person while the form
 * is filled; an appointment is a hold that was confirmed.
 *
 *   hold ──confirm──▶ booked ──check-in──▶ checked-in ──start──▶ in-progress ──conclude──▶ concluded
 *    │                  │ ▲ └───────────────────start / conclude────────────────────┘
 *    └─ lets go         │ └─ move (from booked, checked-in, in-progress, no-show, left)
 *                       └──▶ cancelled · no-show · left
 */
import { z } from 'zod'
import { MandateKind } from '../contacts/index.ts'
import { CricSection } from '../organisation/index.ts'
import { Instant, Permission, Text, Uuid } from '../platform/index.ts'
import { Waiting } from './waiting/model.ts'

export const AgencyId = z.string().min(1).max(100).meta({ example: 'ag-roma-eur' })
export const ServiceId = z.string().min(1).max(100).meta({ example: 'consulenza-pensioni' })
/** Days far away are typing errors, and beyond the year 9999 they are not even written in the same form. */
const thisCentury = (text: string): boolean => text >= '2000' && text < '2100'
const reason = 'agenda.notThisCentury'
/** A day of office time. */
export const AppointmentDay = z.iso.date().refine(thisCentury, reason).meta({ example: '2026-11-27' })
const Start = Instant.refine(thisCentury, reason)
const UnitRef = z.object({ id: z.string(), name: z.string() })
const PersonRef = z.object({ id: Uuid, name: z.string() })
const longText = Text.pipe(z.string().max(10_000))

/** How citizen and officer meet. */
export const AppointmentMode = z.enum(['counter', 'telephone', 'video'])
export type AppointmentMode = z.infer<typeof AppointmentMode>

/** From where a time is booked. `public` is whoever books for themselves. */
export const BookingGroup = z.enum(['cric', 'contact-centre', 'counter', 'public'])
export type BookingGroup = z.infer<typeof BookingGroup>

/** A share of the places of each day that is kept for one group, until it is given free to all. */
export const Share = z
  .object({
    group: BookingGroup.exclude(['public']),
    percent: z.number().int().min(1).max(100),
    freeHours: z.number().int().min(0).max(720).describe('so many hours before it begins, a place is given free to all'),
  })
  .meta({ id: 'AgendaShare' })
export type Share = z.infer<typeof Share>

/** The appointment that an act is about. */
export interface OneAppointment {
  appointmentId: string
}

// --- services and free times ----------------------------------------------------------------------------------------

export const Service = z
  .object({
    id: ServiceId,
    name: z.string().meta({ example: 'Consulenza pensioni' }),
    description: z.string(),
    bring: z.string().describe('what the citizen brings along'),
    durationMinutes: z.number().int().meta({ example: 30 }),
    modes: z.array(AppointmentMode).describe('how it can be had; the first is meant where nothing is said'),
    noticeMinutes: z.number().int().describe('a time that begins sooner than this is not offered'),
    horizonDays: z.number().int().describe('days from today within which times are offered'),
    sections: z.array(CricSection).describe('the service for questions that these sections of a regional centre deal with'),
  })
  .meta({ id: 'AgendaService' })
export type Service = z.infer<typeof Service>

/** A time that can be booked. Shown in office time, whatever the time zone of the browser. */
export const Slot = z
  .object({
    start: Instant,
    end: Instant,
    free: z.number().int().describe('how many citizens can still be received at this time'),
    officers: z.array(PersonRef).describe('officers who are free then; empty where desks have no names'),
    heldByYou: z.boolean().describe('the reader has a hold on it'),
  })
  .meta({ id: 'Slot' })
export type Slot = z.infer<typeof Slot>

export const SlotDay = z
  .object({
    date: AppointmentDay,
    state: z.enum(['free', 'full', 'closed']),
    reason: z.string().nullable().describe('why it is closed, where there is a reason beyond the weekly hours'),
    slots: z.array(Slot),
  })
  .meta({ id: 'SlotDay' })
export type SlotDay = z.infer<typeof SlotDay>

export const Slots = z
  .object({ unit: UnitRef, service: Service, timeZone: z.string().meta({ example: 'Europe/Rome' }), days: z.array(SlotDay) })
  .meta({ id: 'Slots' })
export type Slots = z.infer<typeof Slots>

export const SlotsQuery = z.object({
  unitId: AgencyId,
  serviceId: ServiceId,
  from: AppointmentDay.optional().describe('today when left out'),
  days: z.coerce.number().int().min(1).max(62).default(7),
})
export type SlotsQuery = z.infer<typeof SlotsQuery>

// --- holds ----------------------------------------------------------------------------------------------------------

export const NewHold = z.object({
  unitId: AgencyId,
  serviceId: ServiceId,
  start: Start,
  officer: Uuid.optional().describe('a certain officer; otherwise whoever of the free ones has least to do that day'),
  calendarId: Uuid.optional().describe(
    'a certain calendar of an office that the reader has in hand: notice, horizon and shares do not bind its own hand',
  ),
  mode: AppointmentMode.optional().describe("the service's first one when left out"),
})
export type NewHold = z.infer<typeof NewHold>

export const Hold = z
  .object({
    id: Uuid,
    unit: UnitRef,
    service: z.object({ id: z.string(), name: z.string() }),
    start: Instant,
    end: Instant,
    officer: PersonRef.nullable(),
    mode: AppointmentMode,
    until: Instant.describe('until then nobody else can take the time'),
    secondsLeft: z.number().int(),
  })
  .meta({ id: 'Hold' })
export type Hold = z.infer<typeof Hold>

// --- appointments ---------------------------------------------------------------------------------------------------

export const AppointmentState = z.enum(['booked', 'checked-in', 'in-progress', 'concluded', 'no-show', 'left', 'cancelled'])
export type AppointmentState = z.infer<typeof AppointmentState>

/** Who would not, or could not, have an appointment take place. */
export const CancelledBy = z.enum(['citizen', 'office'])
export type CancelledBy = z.infer<typeof CancelledBy>

/**
 * What became of an appointment, as it is counted. `left`: the citizen came, and went before being received. `cancelled-late`: by the citizen, so late
 * that hardly anybody can take the time. `office-fault`: the office could not receive.
 */
export const AppointmentEnding = z.enum(['served', 'no-show', 'left', 'cancelled-in-time', 'cancelled-late', 'office-fault'])
export type AppointmentEnding = z.infer<typeof AppointmentEnding>

/** How an appointment ended. A citizen who has to come again is moved to another time: the matter then stays open. */
export const AppointmentOutcome = z.enum(['resolved', 'request-filed', 'referred'])
export type AppointmentOutcome = z.infer<typeof AppointmentOutcome>

/** What can be done with an appointment. */
export const AppointmentAction = z.enum([
  ...['prepare', 'check-in', 'call-in', 'start', 'conclude', 'no-show', 'leave', 'cancel', 'move', 'take-back'],
] as const)
export type AppointmentAction = z.infer<typeof AppointmentAction>

export const AppointmentLine = z
  .object({
    id: Uuid,
    start: Instant,
    end: Instant,
    state: AppointmentState,
    unit: UnitRef,
    service: z.object({ id: z.string(), name: z.string() }),
    officer: PersonRef.nullable(),
    mode: AppointmentMode,
    contact: z.object({ id: Uuid, name: z.string() }),
    reason: z.string().describe('what the citizen needs'),
    caseId: Uuid,
    code: z.string().describe('request code of the case'),
    title: z.string().describe('title of the case'),
    dayCode: z.string().nullable().describe('its number on its day, such as B012; null where there is none'),
    prepared: z.boolean(),
    confirmedAt: Instant.nullable().describe('when the citizen said, by the link of a mail, that it stands'),
    checkedInAt: Instant.nullable(),
    calledAt: Instant.nullable().describe('when the citizen who waited was called in'),
    startedAt: Instant.nullable(),
    endedAt: Instant.nullable(),
    ending: AppointmentEnding.nullable().describe('what became of it; null as long as it is not over'),
    mailTrouble: z
      .enum(['waiting', 'failed'])
      .nullable()
      .describe('that the last message to the citizen is delayed, or was not delivered; null when nothing is wrong with it'),
    version: z.number().int(),
  })
  .meta({ id: 'AppointmentLine' })
export type AppointmentLine = z.infer<typeof AppointmentLine>

/** What can be noted of all who are received together: who is here begins, who was received is done, who is still expected did not come. */
export const GroupAct = z.enum(['start', 'conclude', 'no-show'])
export type GroupAct = z.infer<typeof GroupAct>

export const AppointmentGroup = z
  .object({
    places: z.number().int().describe('for how many there is room'),
    members: z
      .array(z.object({ appointmentId: Uuid, name: z.string(), state: AppointmentState }))
      .describe("who is booked together, the reader's appointment included; those who cancelled are left out"),
    acts: z.record(GroupAct, Permission),
  })
  .meta({ id: 'AppointmentGroup' })
export type AppointmentGroup = z.infer<typeof AppointmentGroup>

export const Appointment = AppointmentLine.extend({
  bring: z.string().describe('what the citizen was asked to bring'),
  phone: z.string().nullable().describe('the number to call'),
  interactionId: Uuid.nullable(),
  history: z
    .string()
    .describe('where the history of the case is')
    .meta({ example: '/api/cases/019a8f3e-7c1e-7b2a-9f6d-3c2b1a0f9e8d/history' }),
  preparation: z.string().nullable().describe('notes of the office; null for who only books'),
  preparedBy: z.string().nullable(),
  preparedAt: Instant.nullable(),
  outcome: AppointmentOutcome.nullable(),
  outcomeText: z.string().nullable(),
  bookedBy: z.object({ name: z.string(), unit: z.string(), at: Instant }),
  askedBy: z
    .object({ name: z.string(), right: MandateKind })
    .nullable()
    .describe("who asked for it in the citizen's place, and by what right"),
  cancelReason: z.string().nullable(),
  mail: z
    .object({
      state: z.enum(['waiting', 'leaving', 'failed']),
      channel: z.enum(['email', 'sms']).describe('a text message is given an address of e-mail, and written there'),
      address: z.string(),
      why: z.string().nullable(),
      nextAt: Instant.nullable().describe('when it is tried next'),
      attempts: z.number().int(),
      change: Permission.describe('whether the reader may give it another address, or take it back'),
    })
    .nullable()
    .describe('the last message to the citizen, as long as it has not left; null when it has, or there was none'),
  waiting: Waiting.nullable().describe('how the citizen waits for an earlier time; null for who does not'),
  group: AppointmentGroup.nullable().describe('with whom the citizen is received; null where it is one by one'),
  actions: z.record(AppointmentAction, Permission),
}).meta({ id: 'Appointment' })
export type Appointment = z.infer<typeof Appointment>

export const DayQuery = z.object({
  unitId: AgencyId.optional().describe("the reader's own office when left out"),
  date: AppointmentDay.optional().describe('today when left out'),
  officer: Uuid.optional().describe('only the appointments of this officer'),
})

/** One page of the appointments of an office on a day. */
/** An appointment in the list of a day. */
export const DayLine = AppointmentLine.extend({
  isGroup: z.boolean().describe('whether the citizen is received together with others'),
  followedBy: PersonRef.nullable().describe('who goes on with the case; null when nobody has had it in hand yet'),
}).meta({ id: 'DayLine' })
export type DayLine = z.infer<typeof DayLine>

export const AgendaDay = z
  .object({
    unit: UnitRef,
    date: AppointmentDay,
    timeZone: z.string(),
    closed: z.string().nullable().describe('why the office is closed on that day'),
    counts: z.record(AppointmentState, z.number().int()),
    items: z.array(DayLine),
    next: z.string().nullable().describe('cursor of the next page; null at the end'),
  })
  .meta({ id: 'AgendaDay' })
export type AgendaDay = z.infer<typeof AgendaDay>

// --- series ---------------------------------------------------------------------------------------------------------

export const SeriesWanted = z.object({
  unitId: AgencyId,
  serviceId: ServiceId,
  calendarId: Uuid.optional().describe('always the same calendar'),
  start: Start.describe('when the first of them is'),
  count: z.number().int().min(2).max(12),
  everyDays: z.number().int().min(7).max(92),
})
export type SeriesWanted = z.infer<typeof SeriesWanted>

export const SeriesTime = z.object({ start: Start, calendarId: Uuid })
export type SeriesTime = z.infer<typeof SeriesTime>

export const SeriesProposal = z
  .object({
    items: z.array(
      z.object({
        wanted: Instant,
        time: SeriesTime.nullable().describe('as near to it as is free, at most three days away; null when there is none'),
      }),
    ),
  })
  .meta({ id: 'AgendaSeriesProposal' })
export type SeriesProposal = z.infer<typeof SeriesProposal>

// --- the week -------------------------------------------------------------------------------------------------------

export const WeekQuery = z.object({
  unitId: AgencyId.optional().describe("the reader's own office when left out"),
  day: AppointmentDay.optional().describe('a day of the week that is read; today when left out'),
  calendarId: Uuid.optional().describe('only this calendar'),
})
export type WeekQuery = z.infer<typeof WeekQuery>

/** Who receives citizens: an officer, or desks without a name. */
export const WeekCalendar = z
  .object({
    id: Uuid,
    name: z.string(),
    room: z.string(),
    officer: PersonRef.nullable(),
    active: z.boolean().describe('false for whoever receives no more, and is still in the week'),
  })
  .meta({ id: 'AgendaWeekCalendar' })
export type WeekCalendar = z.infer<typeof WeekCalendar>

export const WeekLine = AppointmentLine.extend({ calendarId: Uuid }).meta({ id: 'AgendaWeekLine' })
export type WeekLine = z.infer<typeof WeekLine>

/** A time at which a calendar is free, for some services of the office. */
export const WeekFree = z
  .object({
    calendarId: Uuid,
    date: AppointmentDay,
    start: Instant,
    places: z.number().int().describe('how many citizens can still be received then'),
    services: z.array(ServiceId),
  })
  .meta({ id: 'AgendaWeekFree' })
export type WeekFree = z.infer<typeof WeekFree>

/** The week of an office, from Monday to Sunday. */
export const AgendaWeek = z
  .object({
    unit: UnitRef,
    timeZone: z.string(),
    days: z.array(z.object({ date: AppointmentDay, closed: z.string().nullable().describe('why nobody is received') })),
    services: z.array(
      z.object({ id: ServiceId, name: z.string(), durationMinutes: z.number().int(), modes: z.array(AppointmentMode) }),
    ),
    calendars: z.array(WeekCalendar),
    items: z.array(WeekLine),
    free: z.array(WeekFree).describe('from now on; for the hand of the office, whatever notice, horizon and shares say'),
    others: z
      .array(z.object({ id: Uuid, name: z.string() }))
      .describe('calendars for which the answer had no room: ask for each by itself'),
    changes: z.boolean().describe('whether the reader may move and book here'),
  })
  .meta({ id: 'AgendaWeek' })
export type AgendaWeek = z.infer<typeof AgendaWeek>

export const OutcomesQuery = z.object({
  unitId: AgencyId.optional().describe("the reader's own office when left out"),
  day: AppointmentDay.optional().describe('the last day; today when left out'),
  weeks: z.coerce.number().int().min(1).max(13).default(4).describe('so many weeks until then'),
})
export type OutcomesQuery = z.infer<typeof OutcomesQuery>

/** How the appointments of an office went, by service. */
export const AgendaOutcomes = z
  .object({
    from: AppointmentDay,
    to: AppointmentDay,
    items: z.array(
      z.object({
        service: z.object({ id: ServiceId, name: z.string() }),
        endings: z.record(AppointmentEnding, z.number().int()),
        open: z.number().int().describe('past or to come, of which nobody has noted an end'),
      }),
    ),
  })
  .meta({ id: 'AgendaOutcomes' })
export type AgendaOutcomes = z.infer<typeof AgendaOutcomes>

export const ReaddressMail = z.object({ email: z.email().max(254) })
export type ReaddressMail = z.infer<typeof ReaddressMail>

export const Preparation = z.object({ text: longText })
export type Preparation = z.infer<typeof Preparation>

export const Conclude = z.object({
  outcome: AppointmentOutcome,
  text: Text.pipe(z.string().min(1).max(10_000)).describe('what was done'),
})
export type Conclude = z.infer<typeof Conclude>

/** The citizen has to come again: the next appointment is booked with the conclusion of this one, and the case stays open. */
export const NextAppointment = z.object({
  holdId: Uuid.describe("a hold of one's own on the time of the next appointment"),
  reason: Text.pipe(z.string().min(3).max(500)).describe('what the citizen comes for then'),
})
export type NextAppointment = z.infer<typeof NextAppointment>

export const ConcludeAppointment = Conclude.extend({ followUp: NextAppointment.optional() })
export type ConcludeAppointment = z.infer<typeof ConcludeAppointment>

export const Cancel = z.object({
  reason: Text.pipe(z.string().min(3).max(500)).describe('why; the citizen does not read it'),
  by: CancelledBy.default('citizen').describe('who would not, or could not, have it take place'),
})
export type Cancel = z.infer<typeof Cancel>

export const Move = z.object({
  holdId: Uuid.describe("a hold of one's own on the new time"),
  despiteOther: z.boolean().optional().describe('although the citizen has another appointment at that time'),
  from: z
    .object({ calendarId: Uuid, start: Instant })
    .optional()
    .describe('where it was seen: when somebody else has moved it meanwhile, it stays there'),
})
export type Move = z.infer<typeof Move>
