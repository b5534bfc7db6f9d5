/** The days of an activity as they are said. */
import { dayWithMonth } from '../shared/time.ts'

/** "lun 7 gen", or from one to another; null while there is no day. */
export function daysOf(
  { firstDay, lastDay }: { firstDay: string | null; lastDay: string | null },
  language: string,
  span: (days: { from: string; until: string }) => string,
): string | null {
  if (firstDay === null || lastDay === null) return null
  const from = `${dayWithMonth(firstDay, language)} ${firstDay.slice(0, 4)}`
  return firstDay === lastDay
    ? from
    : span({ from: dayWithMonth(firstDay, language), until: `${dayWithMonth(lastDay, language)} ${lastDay.slice(0, 4)}` })
}
