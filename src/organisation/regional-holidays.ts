/**
 * Holidays of a region or province beside the national ones: a new one is a row here, with its names. Saints of towns are in
 * `patron-saints.ts`. Rules are written as there: a day of every year, the k-th weekday of a month, days after Easter.
 */
import type { Language } from '../platform/index.ts'

export interface RegionalHoliday {
  /** Signs of the provinces that keep it: one, or all of a region. */
  readonly provinces: readonly string[]
  readonly rule: string
  readonly names: Readonly<Record<Language, string>>
  /** The first year in which it is kept; missing: always. */
  readonly from?: number
}

export const regionalHolidays: readonly RegionalHoliday[] = [
  { provinces: ['BZ'], rule: 'easter+50', names: { it: 'Lunedì di Pentecoste', en: 'Whit Monday' } },
]
