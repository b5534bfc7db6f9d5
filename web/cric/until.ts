/** How one says until when something is to be done. Pure. */
import { clock, daysBetween, longDay } from '../shared/time.ts'

/** The sentence, by its key under `clock.`, and what stands in it: "entro domani alle 12:00", "scaduto ieri alle 17:00". */
export interface UntilPhrase {
  key: `until.${'today' | 'tomorrow' | 'day'}` | `late.${'yesterday' | 'today' | 'day'}`
  values: { time: string; day: string }
}

export function untilPhrase(due: number, now: number, language: string): UntilPhrase {
  const days = daysBetween(now, due)
  const values = { time: clock(due, language), day: longDay(due, language, now) }
  if (due < now) return { key: days === 0 ? 'late.today' : days === -1 ? 'late.yesterday' : 'late.day', values }
  return { key: days === 0 ? 'until.today' : days === 1 ? 'until.tomorrow' : 'until.day', values }
}
