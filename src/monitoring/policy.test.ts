import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { staff } from '../../test/support/staff.ts'
import { type EndedWaits, mayWatch, serviceLevel, watches } from './policy.ts'

test('figures are for supervisors and headquarters; others are told so', () => {
  for (const [name, actor] of Object.entries(staff)) {
    const verdict = mayWatch(actor)
    expect(verdict.allowed, name).toBe(['supervisor', 'headquarters'].includes(actor.role))
    if (!verdict.allowed) expect(verdict.code).toBe('monitoring.onlySupervisors')
  }
  expect(mayWatch({ kind: 'citizen', channel: 'web' }).allowed).toBe(false)
})

test('a supervisor of the contact centre watches every section, one of a section that section', () => {
  const ofSection = { ...staff.supervisor, unitId: 'ccm-pensioni', unitPath: 'inps/ccm/ccm-pensioni/' }
  const sections = ['inps/ccm/ccm-pensioni/', 'inps/ccm/ccm-aziende/', 'inps/ccm/ccm-pensioni-estere/']
  expect(sections.filter(path => watches(staff.supervisor, path))).toEqual(sections)
  expect(sections.filter(path => watches(staff.headquarters, path))).toEqual(sections)
  expect(sections.filter(path => watches(ofSection, path))).toEqual(['inps/ccm/ccm-pensioni/'])
})

describe('the service level', () => {
  const level = (...waits: [EndedWaits['how'], number][]) =>
    serviceLevel(waits.map(([how, seconds]) => ({ how, within: seconds <= 20, calls: 1 })))

  test('is what was answered in time, of all that was to be answered', () => {
    expect(level(['answered', 3], ['answered', 20], ['answered', 20.001], ['abandoned', 45])).toEqual({
      answeredWithin20: 2,
      offered: 4,
      share: 0.5,
    })
  })

  test('leaves out who gave up before the promise could be broken, but not whom the centre sent away', () => {
    expect(level(['answered', 5], ['abandoned', 4], ['abandoned', 20])).toMatchObject({ offered: 1, share: 1 })
    expect(level(['answered', 5], ['not-answered', 4])).toMatchObject({ offered: 2, share: 0.5 })
  })

  test('is nothing, not zero or all, where nobody called', () => {
    expect(level()).toEqual({ answeredWithin20: 0, offered: 0, share: null })
    expect(level(['abandoned', 1])).toEqual({ answeredWithin20: 0, offered: 0, share: null })
  })

  test('is a share, and never rises by a call that was not answered', () => {
    const wait = fc.record({
      how: fc.constantFrom('answered' as const, 'abandoned' as const, 'not-answered' as const),
      within: fc.boolean(),
      calls: fc.integer({ min: 1, max: 9 }),
    })
    fc.assert(
      fc.property(fc.array(wait), fc.boolean(), (waits, within) => {
        const before = serviceLevel(waits)
        const after = serviceLevel([...waits, { how: 'abandoned', within, calls: 1 }])
        expect(before.answeredWithin20).toBeLessThanOrEqual(before.offered)
        if (before.share !== null) expect(after.share).toBeLessThanOrEqual(before.share)
      }),
    )
  })
})
