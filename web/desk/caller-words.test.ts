import { describe, expect, it } from 'vitest'
import { callerOf, endOfRing, wayOf } from './caller-words.ts'

const words = {
  hidden: 'Numero nascosto',
  phone: (number: string) => number.replace('+39', ''),
  numberOf: (name: string) => `numero di ${name}`,
  numberOfSeveral: (count: number) => `numero di ${count} persone`,
}
const giulia = { name: 'Giulia Ferri' }

describe('how a caller is named', () => {
  it('by the number; who has it is a hint and no identity', () => {
    expect(callerOf({ from: '+390659594321', contacts: [giulia] }, null, words)).toEqual({
      title: '0659594321',
      hint: 'numero di Giulia Ferri',
    })
    expect(callerOf({ from: '+390659594321', contacts: [giulia, { name: 'Marco Ferri' }] }, null, words).hint).toBe(
      'numero di 2 persone',
    )
  })
  it('by name once the operator has said who it is', () => {
    expect(callerOf({ from: '+390659594321', contacts: [giulia] }, giulia, words)).toEqual({
      title: 'Giulia Ferri',
      hint: '0659594321',
    })
  })
  it('as hidden when there is no number', () => {
    expect(callerOf({ from: null, contacts: [] }, null, words)).toEqual({ title: 'Numero nascosto', hint: null })
  })
})

describe('the way through the menu', () => {
  it('is told where it says more than the section', () => {
    const section = { name: 'Pensioni' }
    const before = null
    expect(wayOf({ section, path: ['Pensioni'], before }).path).toBeNull()
    expect(wayOf({ section, path: ['Pensioni', 'Stato della domanda'], before }).path).toBe('Pensioni › Stato della domanda')
  })
  it('gives way to the colleague who hands the call on', () => {
    const before = { by: 'Anna Bianchi', how: 'transferred', section: { name: 'Pensioni' } } as const
    expect(wayOf({ section: { name: 'Contributi' }, path: ['Pensioni', 'Altro'], before })).toEqual({
      section: 'Contributi',
      path: null,
      from: { how: 'transferred', by: 'Anna Bianchi', section: 'Pensioni' },
    })
  })
})

describe('a ring that ends by itself', () => {
  const turn = { outcome: 'withdrawn', isCallback: false, callEnded: null }
  it('is explained when the caller has gone or the callback is not needed any more', () => {
    expect(endOfRing({ ...turn, callEnded: 'caller' })).toBe('hung-up')
    expect(endOfRing({ ...turn, isCallback: true, callEnded: 'withdrawn' })).toBe('withdrawn')
  })
  it('needs no word when the operator refused or missed it, or the call went on elsewhere', () => {
    for (const outcome of ['declined', 'no-answer', 'talking']) expect(endOfRing({ ...turn, outcome })).toBeNull()
    expect(endOfRing(turn)).toBeNull()
    expect(endOfRing(undefined)).toBeNull()
  })
})
