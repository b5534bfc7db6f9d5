import { describe, expect, it } from 'vitest'
import { callerOf, wayOf } from './caller-words.ts'

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
    expect(wayOf({ section, path: ['Pensioni'] }).path).toBeNull()
    expect(wayOf({ section, path: ['Pensioni', 'Stato della domanda'] }).path).toBe('Pensioni › Stato della domanda')
  })
})
