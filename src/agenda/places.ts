/** What the agenda needs to know of the organisation: offices, where they are, on which days they are closed. */
import { holidays, nearestAgencies, unitOf, unitsOf } from '../organisation/index.ts'
import type { Db } from '../platform/index.ts'

export interface Office {
  id: string
  name: string
  path: string
  address: string
  regionCode: string | null
  provinceCode: string | null
  municipalityCode: string | null
}

export async function officeOf(db: Db, id: string): Promise<Office | undefined> {
  const unit = await unitOf(db, id)
  return unit && { ...unit, address: unit.address ?? '' }
}

/** Agencies by distance from a unit or a municipality (ISTAT code), nearest first. Empty when the place is not known, or none lies within `km`. */
export async function officesNear(
  db: Db,
  place: string,
  limit: number,
  km?: number,
): Promise<{ office: Office; distanceKm: number }[]> {
  const found = await nearestAgencies(db, /^\d{6}$/.test(place) ? { municipalityCode: place } : { unitId: place }, limit, km)
  return found.map(({ unit, distanceKm }) => ({ office: { ...unit, address: unit.address ?? '' }, distanceKm }))
}

/** Agencies of a province, or of the whole country. Index: unit_by_kind_and_region. */
export async function officesIn(db: Db, provinceCode?: string): Promise<Office[]> {
  const units = await unitsOf(db, { kind: 'agency', provinceCode })
  return units.map(unit => ({ ...unit, address: unit.address ?? '' }))
}

/** Holidays by year and place: there are as many places as towns with offices, and free times ask for the same two years. */
const known = new Map<string, ReadonlySet<string>>()
const knownAtMost = 4_096

/** Whether offices of a place are closed on a day. */
export const holidayOf =
  ({ provinceCode, municipalityCode }: Pick<Office, 'provinceCode' | 'municipalityCode'>) =>
  (day: string): boolean => {
    const year = day.slice(0, 4)
    const key = `${year} ${provinceCode ?? ''} ${municipalityCode ?? ''}`
    let days = known.get(key)
    if (!days) {
      if (known.size >= knownAtMost) known.clear()
      days = new Set(holidays(Number(year), provinceCode ?? undefined, municipalityCode ?? undefined))
      known.set(key, days)
    }
    return days.has(day)
  }
