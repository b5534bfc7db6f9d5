/**
 * The agenda of an office as whoever manages the office sets it up: one document with one version, from the services to the closures. It is
 * looked at before it is saved: which times are free then, and which booked people it touches.
 */
import { z } from 'zod'
import { Instant, Text, Uuid } from '../../platform/index.ts'
import { AgencyId, AppointmentDay, AppointmentMode, ServiceId, Share, SlotDay } from '../model.ts'

const minutesOfDay = z.number().int().min(0).max(1_440).describe('minutes after midnight of office time')
const hours = { opens: minutesOfDay, closes: minutesOfDay }
const inOrder = ({ opens, closes }: { opens: number | null; closes: number | null }) =>
  (opens === null) === (closes === null) && (opens === null || closes === null || opens < closes)
const shortText = Text.pipe(z.string().max(200))
const longText = Text.pipe(z.string().max(2_000))

const Words = z.object({ name: shortText, description: longText, bring: longText })
/** The languages beside Italian in which a service has words. */
export const WordsLanguage = z.enum(['en', 'de', 'fr', 'sl'])
export type WordsLanguage = z.infer<typeof WordsLanguage>

export const SetUpService = z
  .object({
    id: ServiceId,
    own: z.boolean().describe("the office's own; the words of the institute's services are not the office's to change"),
    name: Text.pipe(z.string().min(3).max(200)),
    description: longText,
    bring: longText.describe('what the citizen brings along'),
    words: z.partialRecord(WordsLanguage, Words).describe('the same in other languages'),
    durationMinutes: z.number().int().min(5).max(480),
    preparationMinutes: z.number().int().min(0).max(120).describe('what the officer needs before the citizen comes'),
    bufferMinutes: z.number().int().min(0).max(120).describe('what the officer needs afterwards'),
    noticeMinutes: z.number().int().min(0).max(43_200),
    horizonDays: z.number().int().min(1).max(366),
    modes: z.array(AppointmentMode).min(1).max(3),
    shares: z.array(Share).max(3),
    reminders: z
      .array(z.number().int().min(10).max(20_160))
      .max(5)
      .describe('minutes before, at which the citizen is reminded')
      .meta({ example: [2_880, 120] }),
    textReminders: z
      .boolean()
      .default(false)
      .describe('whether they go as text messages to citizens who wish to be written to so'),
    offerMinutes: z
      .number()
      .int()
      .min(30)
      .max(2_880)
      .default(180)
      .describe('for how long a freed time is offered to one who waits for an earlier one'),
    offersAtMost: z.number().int().min(1).max(20).default(3).describe('how often somebody who waits is offered one'),
    telephoneOffers: z
      .boolean()
      .default(false)
      .describe('whether citizens who wait and have no e-mail, or wish to be called, are called about it'),
  })
  .meta({ id: 'SetUpService' })
export type SetUpService = z.infer<typeof SetUpService>

export const SetUpCalendar = z
  .object({
    id: Uuid,
    officerId: Uuid.nullable().describe('an officer receives one citizen at a time, or a group; null is desks without a name'),
    label: Text.pipe(z.string().min(1).max(100)),
    room: shortText,
    capacity: z.number().int().min(1).max(64).describe('so many citizens can be booked for one time'),
    group: z.boolean().default(false).describe('whether they are received together, and not one by one at as many desks'),
    services: z.array(ServiceId).max(100),
    openings: z
      .array(z.object({ weekday: z.number().int().min(1).max(7), ...hours }).refine(inOrder, 'agenda.setUp.hoursBackwards'))
      .max(50),
    extras: z
      .array(z.object({ day: AppointmentDay, ...hours }).refine(inOrder, 'agenda.setUp.hoursBackwards'))
      .max(200)
      .describe('hours of single days, beyond the week'),
  })
  .meta({ id: 'SetUpCalendar' })
export type SetUpCalendar = z.infer<typeof SetUpCalendar>

export const SetUpClosure = z
  .object({
    id: Uuid,
    calendarId: Uuid.nullable().describe('who is away; null closes the office'),
    firstDay: AppointmentDay,
    lastDay: AppointmentDay,
    opens: minutesOfDay.nullable().describe('from when; null is the whole day'),
    closes: minutesOfDay.nullable(),
    reason: Text.pipe(z.string().min(2).max(200)),
  })
  .refine(inOrder, 'agenda.setUp.hoursBackwards')
  .refine(({ firstDay, lastDay }) => firstDay <= lastDay, 'agenda.setUp.daysBackwards')
  .meta({ id: 'SetUpClosure' })
export type SetUpClosure = z.infer<typeof SetUpClosure>

/** Closures that are over are not in it. */
export const SetUp = z
  .object({
    services: z.array(SetUpService).max(100),
    calendars: z.array(SetUpCalendar).max(200),
    closures: z.array(SetUpClosure).max(500),
  })
  .meta({ id: 'AgendaSetUp' })
export type SetUp = z.infer<typeof SetUp>

export const SetUpView = z
  .object({
    unit: z.object({ id: z.string(), name: z.string() }),
    version: z.number().int().describe('0 as long as the office has changed nothing'),
    setUp: SetUp,
    catalogue: z.array(SetUpService).describe("the institute's services that the office does not offer"),
    officers: z.array(z.object({ id: Uuid, name: z.string() })).describe('who can receive there'),
  })
  .meta({ id: 'AgendaSetUpView' })
export type SetUpView = z.infer<typeof SetUpView>

const Time = z.object({
  start: Instant,
  end: Instant,
  calendarId: Uuid,
  with: z.string().describe('who receives, or which desk'),
})

/** A booked citizen whose time is no longer there, and where the appointment can go. */
export const Displaced = z
  .object({
    appointmentId: Uuid,
    contact: z.string(),
    service: z.string(),
    with: z.string(),
    start: Instant,
    proposal: Time.nullable().describe('the nearest time that is free; null when there is none'),
  })
  .meta({ id: 'DisplacedAppointment' })
export type Displaced = z.infer<typeof Displaced>

export const SetUpEffect = z
  .object({
    days: z.array(SlotDay.extend({ slots: z.array(z.object({ start: Instant, free: z.number().int() })) })),
    displaced: z.array(Displaced),
  })
  .meta({ id: 'AgendaSetUpEffect' })
export type SetUpEffect = z.infer<typeof SetUpEffect>

export const SetUpTrial = z.object({
  setUp: SetUp,
  serviceId: ServiceId.optional().describe('whose free times are shown; the first service when left out'),
  from: AppointmentDay.optional().describe('from which day they are shown; today when left out'),
})
export type SetUpTrial = z.infer<typeof SetUpTrial>

/** What becomes of a booked citizen whose time is no longer there. */
export const Rebooking = z.object({
  appointmentId: Uuid,
  to: z
    .object({ calendarId: Uuid, start: Instant })
    .nullable()
    .describe('where the appointment goes; null cancels it, and the citizen is told that it was the office'),
})
export type Rebooking = z.infer<typeof Rebooking>

/** How many appointments whose time is gone are dealt with in one act. */
export const maxRebooked = 100

/** Appointments whose time is gone though the set-up is as it was: a unit above has closed a day, mostly. */
export const DisplacedList = z
  .object({ items: z.array(Displaced), more: z.boolean().describe('there are more, shown when these are dealt with') })
  .meta({ id: 'DisplacedAppointments' })
export type DisplacedList = z.infer<typeof DisplacedList>

export const Rebookings = z.object({ rebookings: z.array(Rebooking).min(1).max(maxRebooked) })
export type Rebookings = z.infer<typeof Rebookings>

export const RebookingsDone = z.object({ moved: z.number().int(), cancelled: z.number().int() })
export type RebookingsDone = z.infer<typeof RebookingsDone>

export const BookedOnDaysQuery = z.object({
  firstDay: AppointmentDay.optional().describe('the days of the closures in force when left out'),
  lastDay: AppointmentDay.optional().describe('the first day when left out'),
})
export type BookedOnDaysQuery = z.infer<typeof BookedOnDaysQuery>

export const BookedOnDays = z
  .object({
    count: z.number().int().describe('appointments that are to come on these days'),
    offices: z.number().int().describe('at so many offices'),
    items: z
      .array(z.object({ unitId: AgencyId, name: z.string(), count: z.number().int() }))
      .describe('the fifty offices with most of them, those with most first'),
  })
  .meta({ id: 'BookedOnDays' })
export type BookedOnDays = z.infer<typeof BookedOnDays>

export const NewSetUp = z.object({
  setUp: SetUp,
  reason: Text.pipe(z.string().min(3).max(500)),
  rebookings: z.array(Rebooking).max(500).default([]),
})
export type NewSetUp = z.infer<typeof NewSetUp>

export const SetUpVersion = z
  .object({
    version: z.number().int(),
    setUp: SetUp,
    reason: z.string().describe('empty for what was there before the office changed anything'),
    by: z.string(),
    at: Instant,
  })
  .meta({ id: 'AgendaSetUpVersion' })
export type SetUpVersion = z.infer<typeof SetUpVersion>
