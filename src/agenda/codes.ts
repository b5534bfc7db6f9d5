/**
 * The number of an appointment on its day, such as B012: in the mails to the citizen, at the kiosk, on the display. It is of the same row of numbers as those of
 * who comes without an appointment, so that no two people of an office have the same one on a day.
 */
import { dayAt, type Work } from '../platform/index.ts'
import { codeOnDay, letterFor, setAppointmentCode, takeAppointmentCodeAway, takeNumber } from './code-store.ts'
import type { AppointmentRow } from './tables.ts'

/** So many digits has a number at least: A017. */
const digits = 3

/** Takes the next number of an office and a letter on a day. Returns the code, as it is shown. */
export async function takeDayCode(work: Work, place: { unitId: string; letter: string; day: string }): Promise<string> {
  return `${place.letter}${String(await takeNumber(work.tx, place)).padStart(digits, '0')}`
}

/**
 * Gives an appointment, which is locked, the number of its day, unless it has one: where it is at a counter, and a hall of the office receives its service.
 * Returns the code; null where there is none.
 */
export async function giveDayCode(work: Work, row: AppointmentRow): Promise<string | null> {
  const letter = row.mode === 'counter' ? await letterFor(work.tx, row.unit_id, row.service_id) : undefined
  if (letter === undefined) {
    // It had one where, or how, it was before.
    if (row.day_code !== null) await takeAppointmentCodeAway(work.tx, row.id)
    return null
  }
  const day = dayAt(work.house.config.TIME_ZONE, row.starts_at.getTime())
  const known = await codeOnDay(work.tx, row.id, day)
  if (known?.startsWith(letter)) return known
  const code = await takeDayCode(work, { unitId: row.unit_id, letter, day })
  await setAppointmentCode(work.tx, row.id, code, day)
  return code
}
