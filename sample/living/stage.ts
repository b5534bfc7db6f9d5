/** Where the story of the living sample happens: units and people by what they do, the hours of offices, the times that can be booked. */
import type { NewAgenda } from '../../src/agenda/index.ts'
import { type DeadlineTargetRow, nearestTargets, outOfReach, timesOf } from '../../src/cases/index.ts'
import type { NewTypology } from '../../src/classification/index.ts'
import type { PersonRecord } from '../../src/identity/index.ts'
import {
  closedDays,
  holidays,
  type Municipality,
  municipalities,
  type NewUnit,
  type WorkCalendar,
} from '../../src/organisation/index.ts'
import { addDays, boundsOf, dayAt, instantOf, weekdayOf } from '../../src/platform/index.ts'
import { centreWeek, instituteWeek } from '../organisation.ts'
import { targets } from '../targets.ts'
import type { Chance } from './chance.ts'
import type { Staff } from './story.ts'

export type Service = NewAgenda['services'][number]
export type Calendar = NewAgenda['calendars'][number]

/** A time at an office, as it can be booked. */
export interface Slot {
  agency: NewUnit
  service: Service
  calendar: Calendar
  lane: number
  start: number
  end: number
}

const minute = 60_000
const officeOpens = 8 * 60 + 30
const officeCloses = 16 * 60 + 45

export interface StageFacts {
  units: readonly NewUnit[]
  people: readonly PersonRecord[]
  agenda: NewAgenda
  typologies: readonly NewTypology[]
  timeZone: string
}

export class Stage {
  readonly units: ReadonlyMap<string, NewUnit>
  readonly timeZone: string
  readonly homes: ReadonlyMap<string, Municipality>
  private readonly parents: ReadonlyMap<string, string | null>
  private readonly staffOfUnit: ReadonlyMap<string, readonly Staff[]>
  private readonly staffById: ReadonlyMap<string, Staff>
  private readonly agencies: readonly NewUnit[]
  private readonly leaves: ReadonlyMap<string, readonly NewTypology[]>
  private readonly calendarsOf: ReadonlyMap<string, readonly Calendar[]>
  private readonly services: ReadonlyMap<string, Service>
  private readonly offered: ReadonlyMap<string, readonly string[]>
  private readonly taken = new Set<string>()
  private readonly holidaysOf = new Map<string, ReadonlySet<string>>()

  constructor({ units, people, agenda, typologies, timeZone }: StageFacts) {
    this.units = new Map(units.map(unit => [unit.id, unit]))
    this.timeZone = timeZone
    const staff = people.flatMap(person => staffOf(person))
    this.staffById = new Map(staff.map(each => [each.id, each]))
    this.staffOfUnit = Map.groupBy(staff, each => each.actor.unitId)
    this.agencies = units.filter(unit => unit.kind === 'agency')
    this.leaves = Map.groupBy(
      typologies.filter(typology => typology.leaf),
      typology => typology.ccmSectionId ?? '',
    )
    this.parents = new Map(typologies.map(typology => [typology.id, typology.parentId]))
    this.calendarsOf = Map.groupBy(agenda.calendars, calendar => calendar.unitId)
    this.services = new Map(agenda.services.map(service => [service.id, service]))
    this.offered = new Map(agenda.offered.map(({ unitId, services }) => [unitId, services]))
    const wanted = new Set(units.map(unit => unit.municipalityCode))
    this.homes = new Map(municipalities().flatMap(each => (wanted.has(each.code) ? [[each.code, each] as const] : [])))
  }

  unit(id: string): NewUnit {
    const found = this.units.get(id)
    if (!found) throw new Error(`${id} is no unit of the sample`)
    return found
  }

  staff(id: string): Staff {
    const found = this.staffById.get(id)
    if (!found) throw new Error(`${id} is nobody of the sample`)
    return found
  }

  membersOf(unitId: string): readonly Staff[] {
    return this.staffOfUnit.get(unitId) ?? []
  }

  typologiesOf(section: string): readonly NewTypology[] {
    return this.leaves.get(section) ?? []
  }

  /** The section of a region's centre, or its IT group. */
  responsible(regionCode: string, typology: NewTypology): NewUnit {
    for (const unit of this.units.values())
      if (
        unit.regionCode === regionCode &&
        (typology.itMatter ? unit.kind === 'gai' : unit.kind === 'cric-section' && unit.cricSection === typology.cricSection)
      )
        return unit
    throw new Error(`${regionCode} has nobody for ${typology.id}`)
  }

  /** The centre that a section belongs to; the IT group itself. */
  centreOf(unit: NewUnit): NewUnit {
    return unit.kind === 'cric-section' && unit.parentId !== null ? this.unit(unit.parentId) : unit
  }

  // --- time ---------------------------------------------------------------------------------------------------------

  isHoliday(day: string, provinceCode: string | null = null): boolean {
    const key = `${day.slice(0, 4)} ${provinceCode ?? ''}`
    let days = this.holidaysOf.get(key)
    if (!days) {
      days = new Set(holidays(Number(day.slice(0, 4)), provinceCode ?? undefined))
      this.holidaysOf.set(key, days)
    }
    return days.has(day)
  }

  private isWorkingDay(day: string): boolean {
    return weekdayOf(day) < 6 && !this.isHoliday(day)
  }

  /** When a centre or a central directorate works: directorates have the hours of the institute. */
  calendarOf(unit: NewUnit): WorkCalendar {
    const spans = unit.kind === 'central-directorate' ? instituteWeek : centreWeek
    return { timeZone: this.timeZone, spans, closedOn: closedDays(unit, []) }
  }

  /** Within which time a question about a typology is answered first, and solved. */
  targetsOf(typologyId: string, priority: DeadlineTargetRow['priority']): DeadlineTargetRow[] {
    const above: string[] = []
    for (let id: string | null | undefined = typologyId; id; id = this.parents.get(id)) above.push(id)
    const nearest = nearestTargets(
      targets.filter(target => target.priority === priority),
      above,
    )
    return Object.values(nearest)
  }

  /** Until when a question of an instant is to be solved. */
  due(unit: NewUnit, typologyId: string, from: number): Date {
    const solution = this.targetsOf(typologyId, 'normal').find(target => target.kind === 'solution')
    const run = { calendar: this.calendarOf(unit), from, pauses: [] }
    return (solution && timesOf(run, solution).due_at) ?? outOfReach
  }

  /** The instant after so much time in which offices work. */
  afterWork(from: number, ms: number): number {
    let left = ms
    for (let day = dayAt(this.timeZone, from); ; day = addDays(day, 1)) {
      if (!this.isWorkingDay(day)) continue
      const opens = instantOf(this.timeZone, day, officeOpens)
      const closes = instantOf(this.timeZone, day, officeCloses)
      const begin = Math.max(opens, from)
      if (begin >= closes) continue
      if (begin + left < closes) return begin + left
      left -= closes - begin
    }
  }

  /** The instant before which so much time of offices lies, up to another one. */
  beforeWork(until: number, ms: number): number {
    let left = ms
    for (let day = dayAt(this.timeZone, until); ; day = addDays(day, -1)) {
      if (!this.isWorkingDay(day)) continue
      const opens = instantOf(this.timeZone, day, officeOpens)
      const end = Math.min(instantOf(this.timeZone, day, officeCloses), until)
      if (end <= opens) continue
      if (end - left > opens) return end - left
      left -= end - opens
    }
  }

  /** The first working day after an instant's own. */
  nextWorkingDay(at: number): string {
    let day = addDays(dayAt(this.timeZone, at), 1)
    while (!this.isWorkingDay(day)) day = addDays(day, 1)
    return day
  }

  // --- appointments -------------------------------------------------------------------------------------------------

  /** The agencies of a province that offer a service. */
  agenciesWith(serviceId: string, provinceCode: string): NewUnit[] {
    return this.agencies.filter(
      unit => unit.provinceCode === provinceCode && (this.offered.get(unit.id) ?? []).includes(serviceId),
    )
  }

  /** Takes a free time on a day not before one; undefined when there is none within two weeks. */
  book(chance: Chance, agency: NewUnit, serviceId: string, firstDay: string): Slot | undefined {
    const service = this.services.get(serviceId)
    if (!service) return undefined
    for (let n = 0, day = firstDay; n < 14; n++, day = addDays(day, 1)) {
      const free = this.freeOn(day, agency, service)
      if (free.length === 0) continue
      const slot = chance.one(free)
      this.mark(slot)
      return slot
    }
    return undefined
  }

  private freeOn(day: string, agency: NewUnit, service: Service): Slot[] {
    if (this.isHoliday(day, agency.provinceCode)) return []
    const [midnight] = boundsOf(this.timeZone, day)
    const long = service.durationMinutes
    return (this.calendarsOf.get(agency.id) ?? [])
      .filter(calendar => calendar.services.includes(service.id))
      .flatMap(calendar =>
        calendar.openings
          .filter(({ weekday }) => weekday === weekdayOf(day))
          .flatMap(({ opens, closes }) => Array.from({ length: Math.floor((closes - opens) / long) }, (_, n) => opens + n * long))
          .flatMap(from =>
            Array.from({ length: calendar.officer ? 1 : calendar.capacity }, (_, lane) => {
              const start = midnight + from * minute
              return { agency, service, calendar, lane, start, end: start + long * minute }
            }),
          ),
      )
      .filter(slot => !this.overlaps(slot))
  }

  /** A lane is free when none of its five minutes is taken. */
  private overlaps(slot: Slot): boolean {
    return fives(slot).some(at => this.taken.has(`${slot.calendar.id} ${slot.lane} ${at}`))
  }

  /** Marks every five minutes of a time as taken. */
  private mark(slot: Slot): void {
    for (const at of fives(slot)) this.taken.add(`${slot.calendar.id} ${slot.lane} ${at}`)
  }
}

const fives = ({ start, end }: Slot): number[] =>
  Array.from({ length: Math.ceil((end - start) / (5 * minute)) }, (_, n) => start + n * 5 * minute)

function staffOf(person: PersonRecord): Staff[] {
  const [held] = person.assignments
  if (!held) return []
  const { id, name } = person
  const { role, unitId, unitPath } = held
  return [{ id, name, actor: { kind: 'person', personId: id, name, role, unitId, unitPath, assignmentId: held.id } }]
}
