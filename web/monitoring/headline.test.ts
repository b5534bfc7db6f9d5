import { describe, expect, test } from 'vitest'
import type { AgentCounts, SectionFigures } from '../../src/monitoring/model.ts'
import { headlinesOf, peakOf, waitTone } from './headline.ts'

const section = (name: string, waiting: number, available: number, answered = 0, offered = 0): SectionFigures => ({
  id: name,
  name,
  isOpen: true,
  waiting,
  longestSince: null,
  callbacks: 0,
  agents: { available, offered: 0, talking: 0, wrapUp: 0, paused: 0 },
  inConversation: 0,
  serviceLevel30: { answeredWithin20: answered, offered, share: offered === 0 ? null : answered / offered },
  abandoned30: 0,
})

const people = (available: number): AgentCounts => ({ available, offered: 0, talking: 0, wrapUp: 0, paused: 0 })
/** The title when each section has people of its own. */
const headlineOf = (sections: readonly SectionFigures[]) =>
  headlinesOf(sections, people(sections.reduce((sum, each) => sum + each.agents.available, 0)))

describe('the title of the live page says where it hurts', () => {
  test('a section where callers wait and nobody is free comes first, the fullest of them', () => {
    const sections = [section('Aziende', 2, 0), section('Pensioni', 7, 0), section('Sostegno', 9, 3)]
    expect(headlineOf(sections)).toEqual([
      { kind: 'nobody-free', section: 'Pensioni', waiting: 7 },
      { kind: 'unstaffed', count: 2, open: 3 },
    ])
  })

  test('an empty room does not answer, even if nobody calls', () => {
    expect(headlineOf([section('Pensioni', 0, 0)])).toEqual([{ kind: 'nobody-present' }])
  })

  test('open sections without anybody are told, also when nobody calls; closed ones and who pauses do not count', () => {
    const names = ['Pensioni', 'Aziende', 'Sostegno', 'Contributi', 'Estero', 'Invalidità']
    const six = names.map((name, place) => section(name, 0, place < 3 ? 1 : 0))
    expect(headlineOf(six)).toEqual([{ kind: 'unstaffed', count: 3, open: 6 }])
    const closed = six.map(each => (each.agents.available === 0 ? { ...each, isOpen: false } : each))
    expect(headlineOf(closed)).toEqual([{ kind: 'calm' }])
    const paused = { ...section('Estero', 0, 0), agents: { ...people(0), paused: 2 } }
    expect(headlineOf([section('Pensioni', 0, 1), paused])).toEqual([{ kind: 'unstaffed', count: 1, open: 2 }])
  })

  test('one operator who serves three sections is one', () => {
    const three = ['Pensioni', 'Aziende', 'Sostegno'].map(name => section(name, 0, 1))
    expect(headlinesOf(three, people(1))).toEqual([{ kind: 'thin', count: 1, open: 3 }])
    expect(headlinesOf(three, people(3))).toEqual([{ kind: 'calm' }])
  })

  test('one waiting call while somebody is free is no news', () => {
    expect(headlineOf([section('Pensioni', 1, 2)])).toEqual([{ kind: 'calm' }])
  })

  test('a service level below target is told, unless it comes from a handful of calls', () => {
    expect(headlineOf([section('Pensioni', 0, 1, 6, 10)])).toEqual([{ kind: 'below-target', section: 'Pensioni', percent: 60 }])
    expect(headlineOf([section('Pensioni', 0, 1, 0, 2)])).toEqual([{ kind: 'calm' }])
  })
})

test('a wait is amber after the threshold and red after two minutes', () => {
  expect([5_000, 21_000, 121_000].map(waitTone)).toEqual(['calm', 'wait', 'late'])
})

describe('the day', () => {
  const slots = Array.from({ length: 48 }, (_, half) => ({
    start: new Date(Date.UTC(2026, 10, 24, 0, half * 30)).toISOString(),
    arrivals: half === 13 ? 4 : half === 20 ? 9 : 0,
  }))

  test('has its peak, or none', () => {
    expect(peakOf(slots)?.arrivals).toBe(9)
    expect(peakOf([])).toBeUndefined()
  })
})
