/**
 * The day on which page tests run. On a holiday nobody works: the contact centre and the offices are closed, whatever their hours. A program of such a
 * day, the times that a test writes into its database and its pages go by a clock that is some days ahead of the machine's, on a working week again,
 * and on a day before no holiday: midnight may come in between. On all other days it is the machine's.
 */
import { holidays } from '../../src/organisation/index.ts'
import { addDays, type Clock, dayAt, systemClock } from '../../src/platform/index.ts'

const isHoliday = (day: string): boolean => holidays(Number(day.slice(0, 4)), 'RM', '058091').includes(day)
const today = dayAt('Europe/Rome', Date.now())
let days = 0
while (isHoliday(addDays(today, days)) || isHoliday(addDays(today, days + 1))) days++

/** How far the clock is ahead, in milliseconds; 0 but on holidays. */
export const aheadMs = days * 86_400_000

/** Returns what time it is, in milliseconds since the epoch. */
export const now = (): number => systemClock.now() + aheadMs

/** For a program of today; undefined where its own is right. */
export const clock: Clock | undefined = days === 0 ? undefined : { now, after: systemClock.after }
