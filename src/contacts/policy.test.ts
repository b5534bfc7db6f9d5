import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PersonActor } from '../platform/index.ts'
import { IdentificationLevel, IdentificationMethod, MaskedField } from './model.ts'
import {
  contactScope,
  isAtLeast,
  levelOf,
  mandateState,
  maskedFor,
  mayHear,
  mayHearFor,
  mayWriteContact,
  methods,
} from './policy.ts'

const call = '019a8f3e-7c1e-7b2a-9f6d-3c2b1a0f9e8d'
const otherCall = '019a8f3e-7c1e-7b2a-9f6d-3c2b1a0f9e8e'
const now = Date.UTC(2026, 10, 24, 9)
const by = (method: IdentificationMethod, callId: string | null = call, at = now) => ({ method, callId, at })

describe('how sure we are who calls', () => {
  test('the number shown, name, day of birth and codice fiscale identify nobody, one by one', () => {
    expect(levelOf([by('caller-number')], { callId: call, now })).toBe('number')
    for (const method of ['name', 'birth-date', 'fiscal-code'] as const)
      expect(levelOf([by(method)], { callId: call, now })).toBe('hint')
  })
  test('number, name, birth and codice fiscale together are still hints: they follow from each other', () => {
    const said = (['caller-number', 'name', 'birth-date', 'fiscal-code'] as const).map(method => by(method))
    expect(levelOf(said, { callId: call, now })).toBe('hint')
  })
  test('three of different nature are a declaration', () => {
    expect(levelOf([by('name'), by('fiscal-code'), by('request-code')], { callId: call, now })).toBe('declared')
  })
  test('no number of hints ever verifies', () => {
    const hints = IdentificationMethod.options.filter(method => typeof methods[method] === 'object')
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...hints), { maxLength: 40 }), chosen => {
        const level = levelOf(
          chosen.map(method => by(method)),
          { callId: call, now },
        )
        return !isAtLeast(level, 'verified')
      }),
    )
  })
  test('what a machine has checked is more than what an official has seen', () => {
    expect(levelOf([by('pin'), by('spid')], { callId: call, now })).toBe('digital')
    expect(levelOf([by('pec', null)], { callId: null, now })).toBe('digital')
    expect(mayHear('digital')).toEqual(mayHear('verified'))
  })
  test('what was said in another call does not count in this one', () => {
    expect(levelOf([by('spid', otherCall), by('pin', null)], { callId: call, now })).toBe('none')
  })
  test('a document shown at the counter holds for the visit, not for tomorrow', () => {
    const shown = [by('identity-document', null)]
    expect(levelOf(shown, { callId: null, now: now + 3_600_000 })).toBe('verified')
    expect(levelOf(shown, { callId: null, now: now + 86_400_000 })).toBe('none')
    expect(levelOf(shown, { callId: null, now: now - 1 })).toBe('none')
  })
  test('personal data only to who is verified, the state of a request to who declared, general information to everybody', () => {
    expect(mayHear('none')).toEqual(['general'])
    expect(mayHear('hint')).toEqual(['general'])
    expect(mayHear('declared')).toEqual(['general', 'state-of-request'])
    expect(mayHear('verified')).toContain('personal-data')
  })
})

describe('who speaks for another', () => {
  test('has a mandate from its first to its last day, unless it was ended', () => {
    const mandate = { validFrom: '2026-03-01', validUntil: '2026-03-31', endedAt: null }
    const on = (day: string, given = mandate) => mandateState(given, day)
    expect(['2026-02-28', '2026-03-01', '2026-03-31', '2026-04-01'].map(day => on(day))).toEqual([
      ...['not-yet', 'valid', 'valid', 'expired'],
    ])
    expect(mandateState({ ...mandate, validUntil: null }, '2999-01-01')).toBe('valid')
    expect(mandateState({ ...mandate, endedAt: new Date(now) }, '2026-03-02')).toBe('ended')
  })
  test('is told what a citizen of the same level is told, and without a mandate that holds nothing of the other', () => {
    for (const level of IdentificationLevel.options) {
      expect(mayHearFor(level, 'valid')).toEqual(mayHear(level))
      for (const state of ['not-yet', 'expired', 'ended'] as const) expect(mayHearFor(level, state)).toEqual(['general'])
    }
  })
})

describe('what of a card is masked', () => {
  const nothing = { level: 'none', isOfOwnConversation: false, hasReason: false } as const
  test('everything that is asked to know somebody by, until somebody is known or a reason was said', () => {
    expect(maskedFor(nothing)).toEqual(MaskedField.options)
    expect(maskedFor({ ...nothing, level: 'hint' })).toEqual(MaskedField.options)
    expect(maskedFor({ ...nothing, level: 'declared' })).toEqual([])
    expect(maskedFor({ ...nothing, hasReason: true })).toEqual([])
  })
  test('in the conversation itself, the ways to answer are shown', () => {
    const masked = maskedFor({ ...nothing, isOfOwnConversation: true })
    expect(masked).not.toContain('phones')
    expect(masked).not.toContain('emails')
    expect(masked).toContain('fiscalCode')
  })
})

describe('who sees cards', () => {
  const actor = (role: string, unitPath: string): PersonActor => ({
    kind: 'person',
    personId: 'p',
    name: 'x',
    role,
    unitId: 'u',
    unitPath,
    assignmentId: 'a',
  })
  test.each([
    ['operator', 'inps/ccm/ccm-pensioni/', { all: true }],
    ['headquarters', 'inps/', { all: true }],
    ['cric_member', 'inps/dr-lazio/cric-lazio/cric-lazio-pensioni/', { all: false, under: 'inps/dr-lazio/cric-lazio/' }],
    ['cric_coordinator', 'inps/dr-lazio/cric-lazio/', { all: false, under: 'inps/dr-lazio/cric-lazio/' }],
    ['gai_member', 'inps/dr-lazio/gai-lazio/', { all: false, under: 'inps/dr-lazio/gai-lazio/' }],
    ['agency_officer', 'inps/dr-lazio/dp-roma/ag-roma-eur/', { all: false, under: 'inps/dr-lazio/dp-roma/ag-roma-eur/' }],
    ['regional_director', 'inps/dr-lazio/', { all: false, under: 'inps/dr-lazio/' }],
    ['central_member', 'inps/dc-pensioni/', { all: false, under: 'inps/dc-pensioni/' }],
    ['administrator', 'inps/', undefined],
    ['a role that nobody knows', 'inps/', undefined],
  ])('%s in %s', (role, path, scope) => expect(contactScope(actor(role, path))).toEqual(scope))
  test('citizens see none; directors, directorates and administrators write none', () => {
    expect(contactScope({ kind: 'citizen', channel: 'web' })).toBeUndefined()
    for (const role of ['regional_director', 'central_member', 'administrator', 'headquarters'])
      expect(mayWriteContact(actor(role, 'inps/')).allowed).toBe(false)
    expect(mayWriteContact(actor('operator', 'inps/ccm/')).allowed).toBe(true)
  })
})
