import { expect, test } from 'vitest'
import { actionsFor } from './actions.ts'

test('an action is found by the beginnings of its words, accents aside, and stands there once', () => {
  const actions = ['Diventa disponibile', 'Pausa: pasto', 'Attività del giorno', 'Pausa: pasto'].map(label => ({ label }))
  const found = (text: string) => actionsFor(actions, text).map(each => each.label)
  expect(found('disp')).toEqual(['Diventa disponibile'])
  expect(found('pasto pau')).toEqual(['Pausa: pasto'])
  expect(found('attivita')).toEqual(['Attività del giorno'])
  expect(found('')).toEqual(['Diventa disponibile', 'Pausa: pasto', 'Attività del giorno'])
  expect(found('nibile')).toEqual([])
  expect(actionsFor([{ label: 'Esci dal servizio' }, { label: 'Esci' }], 'esci').map(each => each.label)).toEqual([
    'Esci',
    'Esci dal servizio',
  ])
})
