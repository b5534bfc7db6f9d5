import { expect, it } from 'vitest'
import { isNameOf, monthsAfter, nextLook, whyItStays } from './policy.ts'

const at = (day: string) => new Date(`${day}T10:00:00Z`)

it('keeps what is open, what nobody has decided about, and what is closed for less than its months', () => {
  const now = at('2026-11-29')
  const closed = (day: string, months: number | null, isQuiet = true) =>
    whyItStays({ isOpen: false, closedAt: at(day), months, isQuiet }, now)
  expect(whyItStays({ isOpen: true, closedAt: null, months: 0, isQuiet: true }, now)).toEqual({ why: 'open', until: null })
  expect(closed('2020-01-01', null)).toEqual({ why: 'undecided', until: null })
  expect(closed('2026-11-28', 1)).toEqual({ why: 'kept', until: at('2026-12-28') })
  expect(closed('2026-10-29', 1)).toBe(null)
  expect(closed('2026-11-29', 0)).toBe(null)
  expect(closed('2020-01-01', 0, false)).toEqual({ why: 'going-on', until: null })
})

it('counts months to the same day, or to the last one', () => {
  expect(monthsAfter(at('2026-01-31'), 1)).toEqual(at('2026-02-28'))
  expect(monthsAfter(at('2027-12-31'), 2)).toEqual(at('2028-02-29'))
  expect(monthsAfter(at('2026-05-10'), 120)).toEqual(at('2036-05-10'))
})

it('looks again when the first of what stays ends, and every day at what has no end yet', () => {
  const now = at('2026-11-29')
  const kept = (day: string) => ({ why: 'kept' as const, until: at(day) })
  expect(nextLook([kept('2027-03-01'), kept('2027-01-15')], now)).toEqual(at('2027-01-15'))
  expect(nextLook([kept('2027-03-01'), { why: 'open', until: null }], now)).toEqual(at('2026-11-30'))
})

it('takes a name however it is typed, and nothing for nothing', () => {
  const ferri = { familyName: "D'Angelò", businessName: null }
  expect(isNameOf(' d angelo', ferri)).toBe(true)
  expect(isNameOf('Ferri', ferri)).toBe(false)
  expect(isNameOf('', { familyName: null, businessName: '' })).toBe(false)
  expect(isNameOf('caf roma', { familyName: null, businessName: 'CAF Roma' })).toBe(true)
})
