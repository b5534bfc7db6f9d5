/** What the agenda needs to know of the organisation: offices, where they are, on which days they are closed. */
import { holidays, nearestAgencies, unitOf } from '../organisation/index.ts'
import type { Db } from '../platform/index.ts'

export interface Office {
  id: string
  name: string
  path: string
  address: string
  provinceCode: string | null
  municipalityCode: string | null
}

export async function officeOf(db: Db, id: string): Promise<Office | undefined> {
  const unit = await unitOf(db, id)
  return unit && { ...unit, address: unit.address ?? '' }
}

/** Agencies by distance from a unit or a municipality (ISTAT code), nearest first. Empty when the place is not known. */
export async function officesNear(db: Db, place: string, limit: number): Promise<{ office: Office; distanceKm: number }[]> {
  const found = await nearestAgencies(db, /^\d{6}$/.test(place) ? { municipalityCode: place } : { unitId: place }, limit)
  return found.map(({ unit, distanceKm }) => ({ office: { ...unit, address: unit.address ?? '' }, distanceKm }))
}

/** Whether offices of a place are closed on a day; each year is looked up once. */
export function holidayOf(office: Pick<Office, 'provinceCode' | 'municipalityCode'>): (day: string) => boolean {
  const known = new Map<number, ReadonlySet<string>>()
  return day => {
    const year = Number(day.slice(0, 4))
    let days = known.get(year)
    if (!days) {
      days = new Set(holidays(year, office.provinceCode ?? undefined, office.municipalityCode ?? undefined))
      known.set(year, days)
    }
    return days.has(day)
  }
}
