/** Who is booked at a time that a set-up no longer has, and where each can go. Pure. */
import { addDays, dayAt } from '../../platform/index.ts'
import { type Calendar, type FreeSlot, openSpans, type SlotRequest, slotsOfDay } from '../slots.ts'

/** A calendar with the services that it offers. */
export interface PlannedCalendar extends Calendar {
  services: readonly string[]
}

/** A set-up, as free times are computed from it. */
export interface Plan {
  calendars: readonly PlannedCalendar[]
  /** How a service is asked for; undefined when the office does not offer it. */
  asked(serviceId: string): SlotRequest | undefined
}

/** An appointment with what it takes. Instants are milliseconds. */
export interface Booked {
  id: string
  serviceId: string
  calendarId: string
  lane: number
  start: number
  occupied: { start: number; end: number }
}

/** Where an appointment can go. */
export interface Place {
  calendarId: string
  lane: number
  start: number
  end: number
  occupied: { start: number; end: number }
}

/**
 * Whether the time of an appointment is still there: its calendar receives for its service, has its lane, and is open for as long as it takes.
 * That another length, notice or horizon was set since it was booked takes nobody's time away.
 */
export function stillStands(booked: Omit<Booked, 'id' | 'start'>, plan: Plan): boolean {
  const calendar = plan.calendars.find(each => each.id === booked.calendarId)
  const asked = plan.asked(booked.serviceId)
  if (!calendar || !asked || !calendar.services.includes(booked.serviceId) || booked.lane >= calendar.capacity) return false
  const day = dayAt(asked.timeZone, booked.occupied.start)
  return (
    !asked.isHoliday(day) &&
    openSpans(day, calendar, asked.timeZone).some(([start, end]) => start <= booked.occupied.start && booked.occupied.end <= end)
  )
}

/** So many days after the day of an appointment, at most, another time is looked for. */
const maxDaysLater = 90

/**
 * Where each appointment can go: the same time with somebody else, else the nearest time of the same day, else of the first day after it
 * that has one, else of the last day before it. Who was booked for the earlier time chooses first; no place is proposed twice. `plan` has
 * only what stays taken.
 * @returns by appointment; those for which there is no time are left out
 */
export function proposedPlaces(displaced: readonly Booked[], plan: Plan): Map<string, Place> {
  const taken = new Map(plan.calendars.map(calendar => [calendar.id, [...calendar.taken]]))
  const found = new Map<string, Place>()
  for (const booked of displaced.toSorted((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1))) {
    const asked = plan.asked(booked.serviceId)
    if (!asked) continue
    const calendars = plan.calendars
      .filter(each => each.services.includes(booked.serviceId))
      .map(each => ({ ...each, taken: taken.get(each.id) ?? [] }))
    const slot = nearestSlot(booked, calendars, asked)
    const place = slot?.places.find(each => each.calendar.id === booked.calendarId) ?? slot?.places[0]
    if (!slot || !place) continue
    const { start, end, occupied } = slot
    found.set(booked.id, { calendarId: place.calendar.id, lane: place.lane, start, end, occupied })
    taken.get(place.calendar.id)?.push({ lane: place.lane, ...occupied })
  }
  return found
}

function nearestSlot(booked: Booked, calendars: readonly Calendar[], asked: SlotRequest): FreeSlot | undefined {
  const today = dayAt(asked.timeZone, asked.now)
  const own = dayAt(asked.timeZone, booked.start)
  // Who has waited so long is not sent back behind a horizon that was made shorter.
  const reaching = { ...asked, horizonDays: 366, group: 'office' as const }
  const on = (day: string) => {
    const [first, ...others] = slotsOfDay(day, calendars, reaching).slots
    const far = (slot: FreeSlot) => Math.abs(slot.start - booked.start)
    return first && others.reduce((best, slot) => (far(slot) < far(best) ? slot : best), first)
  }
  for (let days = 0, day = own; days <= maxDaysLater; days++, day = addDays(day, 1)) {
    const slot = on(day)
    if (slot) return slot
  }
  for (let day = addDays(own, -1); day >= today; day = addDays(day, -1)) {
    const slot = on(day)
    if (slot) return slot
  }
  return undefined
}
