import { describe, expect, it } from 'vitest'
import { birthDateOf, bodyOf, changeOf, fiscalCodeHint, nameParts, newFields, saidBy, saidOnCard } from './contact-fields.ts'

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

  it('knows which part of a name is the family name, or says that it is not sure', () => {
    const parts = (text: string) => {
      const { givenName, familyName, sure } = nameParts(text)
      return `${givenName}|${familyName}${sure ? '' : '?'}`
    }
    expect(parts('Ferri Giulia')).toBe('Giulia|Ferri')
    expect(parts('giulia ferri')).toBe('Giulia|Ferri')
    expect(parts('De Luca Maria Grazia')).toBe('Maria Grazia|De Luca')
    expect(parts('Maria Grazia De Luca')).toBe('Maria Grazia|De Luca')
    expect(parts('Rossi Mario Antonio')).toBe('Mario Antonio|Rossi')
    expect(parts('D’Angelò Nicolò')).toBe('Nicolò|D’Angelò')
    expect(parts('Simone Pasquale')).toBe('Simone|Pasquale?')
    expect(parts('Wei Zhang')).toBe('Wei|Zhang?')
    expect(parts('Ferri')).toBe('|Ferri')
  })

  it('has the birth date of its fiscal code, unless that may be of two centuries', () => {
    expect(birthDateOf('RSSMRA85T10A562S', today)).toBe('1985-12-10')
    expect(birthDateOf('RSSMRA85T10A562', today)).toBeNull()
  })

  it('was told by the caller: what was typed and fits is proposed', () => {
    const card = { name: 'Giulia Ferri', fiscalCode: 'FRRGLI62P44H501C' }
    expect(saidBy('ferri giulia', card)).toEqual(['name'])
    expect(saidBy('frrgli62p44h501c', card)).toEqual(['fiscal-code'])
    expect(saidBy('ferri', card)).toEqual([])
    expect(saidOnCard({ kind: 'person', birthDate: '1962-09-04', fiscalCode: null })).toEqual(['name', 'birth-date'])
  })

  it('is sent without what is empty', () => {
    const fields = { ...newFields('Giulia Ferri', '06 5959 4321, 333 1234567'), notes: ' sente poco ' }
    expect(bodyOf(fields)).toMatchObject({
      familyName: 'Ferri',
      fiscalCode: null,
      municipalityCode: null,
      phones: [
        { number: '06 5959 4321', kind: null },
        { number: '333 1234567', kind: null },
      ],
      emails: [],
      notes: 'sente poco',
    })
    // Of what is changed, the other half of a list goes along: PEC beside e-mail, the kinds beside the numbers.
    const both = { ...fields, emails: 'g@example.org', pecs: 'g@pec.example.org' }
    expect(changeOf(both, { pecs: 'g@pec.example.org' })).toEqual({
      emails: [
        { address: 'g@example.org', kind: 'email' },
        { address: 'g@pec.example.org', kind: 'pec' },
      ],
    })
    expect(changeOf(both, { phoneKinds: { '333 1234567': 'work' } })).toMatchObject({
      phones: [{ kind: null }, { kind: 'work' }],
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
