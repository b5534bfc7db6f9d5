import { describe, expect, it } from 'vitest'
import { bodyOf, fiscalCodeHint, newFields } from './contact-fields.ts'

const today = '2026-11-24'

describe('a new contact', () => {
  it('begins with what was searched for, and with the number that calls', () => {
    expect(newFields('giulia ferri', '06 5959 4321')).toMatchObject({
      givenName: 'Giulia',
      familyName: 'Ferri',
      phones: '06 5959 4321',
    })
    expect(newFields('giulia@example.org', null)).toMatchObject({ emails: 'giulia@example.org', familyName: '' })
    expect(newFields('frrgli62p44h501c', null).fiscalCode).toBe('FRRGLI62P44H501C')
  })

  it('is sent without what is empty', () => {
    const fields = { ...newFields('Giulia Ferri', '06 5959 4321, 333 1234567'), notes: ' sente poco ' }
    expect(bodyOf(fields)).toMatchObject({
      familyName: 'Ferri',
      fiscalCode: null,
      municipalityCode: null,
      phones: ['06 5959 4321', '333 1234567'],
      emails: [],
      notes: 'sente poco',
    })
    expect(bodyOf({ ...fields, kind: 'business', businessName: 'Rovere s.r.l.' })).toMatchObject({
      businessName: 'Rovere s.r.l.',
      familyName: null,
    })
  })
})

describe('the fiscal code while it is typed', () => {
  it('is not wrong before it is finished', () => {
    expect(fiscalCodeHint('', today)).toBeUndefined()
    expect(fiscalCodeHint('FRRGLI', today)).toBeUndefined()
  })
  it('says what is wrong with it, and where', () => {
    expect(fiscalCodeHint('RSSMRA85T10A562T', today)).toMatchObject({ ok: false, problem: 'check' })
    expect(fiscalCodeHint('RSSMRAO5T10A562S', today)).toMatchObject({
      ok: false,
      problem: 'digitExpected',
      values: { position: 7 },
    })
  })
  it('tells the day of birth when it is right', () => {
    expect(fiscalCodeHint('RSSMRA85T10A562S', today)).toEqual({ ok: true, what: 'person', values: { birthDate: '10/12/1985' } })
  })
})
