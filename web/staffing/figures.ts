/** The figures of sections over some weeks, and how they are written. The sums are pure. */
import { useTranslation } from 'react-i18next'
import type { WorkloadSection, WorkloadWeek } from '../../src/staffing/model.ts'

/** Some weeks of a section as one. Weekly figures are means of whole weeks: the one that goes on is left out where there is another. */
export interface SectionFigures {
  arrivedAWeek: number
  closedAWeek: number
  workedAWeek: number
  /** Share of what was solved that was solved in time; null where nothing was. */
  inTime: number | null
  /** Of now. */
  backlog: number
  ageHours: number | null
}

export function figuresOf({ weeks }: WorkloadSection, last: number): SectionFigures {
  const shown = weeks.slice(-last)
  const whole = shown.length > 1 ? shown.slice(0, -1) : shown
  const sum = (of: keyof Pick<WorkloadWeek, 'arrived' | 'closed' | 'inTime' | 'workedHours'>) =>
    whole.reduce((total, week) => total + week[of], 0)
  const now = weeks.at(-1)
  return {
    arrivedAWeek: sum('arrived') / whole.length,
    closedAWeek: sum('closed') / whole.length,
    workedAWeek: sum('workedHours') / whole.length,
    inTime: sum('closed') === 0 ? null : sum('inTime') / sum('closed'),
    backlog: now?.backlog ?? 0,
    ageHours: now?.ageHours ?? null,
  }
}

export function useFigures() {
  const { t, i18n } = useTranslation('web-staffing')
  const format = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(i18n.language, options)
  const whole = format({ maximumFractionDigits: 0 })
  const tenths = format({ maximumFractionDigits: 1 })
  const share = format({ style: 'percent', maximumFractionDigits: 0 })
  const percent = (value: number | null) => (value === null ? '–' : share.format(value))
  return {
    whole: (value: number) => whole.format(value),
    tenths: (value: number) => tenths.format(value),
    percent,
    /** Beyond two days people count in days. */
    age: (hours: number | null) =>
      hours === null
        ? '–'
        : hours < 48
          ? t('hours', { count: Math.round(hours) })
          : t('days', { count: Math.round(hours / 24), days: whole.format(hours / 24) }),
    signed: (value: number, say: (value: number) => string) => `${value >= 0 ? '+' : '−'}${say(Math.abs(value))}`,
  }
}
