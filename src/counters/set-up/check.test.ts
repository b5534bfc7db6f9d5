/** What a set-up of counters must not be, and what it may leave out. */
import { describe, expect, test } from 'vitest'
import { defaultRules, type KioskQuestion } from '../model.ts'
import { counterProblemOf, notAtKiosk } from './check.ts'
import { CounterSetUp, type SetUpHall } from './model.ts'

const [pensions, papers] = ['019a8f3e-7c1e-7b2a-9f6d-000000000001', '019a8f3e-7c1e-7b2a-9f6d-000000000002'] as const
const hallId = '019a8f3e-7c1e-7b2a-9f6d-000000000003'

const question = (id: string, ...ends: ({ serviceId: string } | { questionId: string })[]): KioskQuestion => ({
  ...{ id, text: { it: `Domanda ${id}` } },
  answers: ends.map(to => ({ label: { it: 'Risposta' }, to })),
})
const hall = (change: Partial<SetUpHall> = {}): SetUpHall => ({
  ...{ id: hallId, name: 'Sala', letter: 'A', dailyContingent: null, rules: defaultRules },
  services: [
    { id: pensions, words: { it: 'Pensioni' }, visitClass: 'ordinary', agendaServices: ['consulenza'] },
    { id: papers, words: { it: 'Documenti' }, visitClass: 'fast', agendaServices: [] },
  ],
  desks: [{ id: '019a8f3e-7c1e-7b2a-9f6d-000000000004', label: '1', services: [] }],
  questions: [question('a', { serviceId: papers }, { questionId: 'b' }), question('b', { serviceId: pensions })],
  ...change,
})
const problem = (change: Partial<SetUpHall>) => counterProblemOf({ halls: [hall(change)] })

describe('a set-up makes sense', () => {
  test('when every way through the questions ends at a service of the hall', () => {
    expect(counterProblemOf({ halls: [hall()] })).toBeUndefined()
    expect(problem({ questions: [] })).toBeUndefined()
    // Two answers may lead to the same question.
    const shared = [question('a', { questionId: 'b' }, { questionId: 'c' }), question('b', { questionId: 'c' })]
    expect(problem({ questions: [...shared, question('c', { serviceId: pensions })] })).toBeUndefined()
  })

  test('and not when they go round, lead nowhere, or are never asked', () => {
    const round = [question('a', { questionId: 'b' }), question('b', { serviceId: papers }, { questionId: 'a' })]
    expect(problem({ questions: round })).toMatchObject({ code: 'questionCycle', field: 'setUp.halls.0.questions.1' })
    expect(problem({ questions: [question('a', { questionId: 'a' })] })).toMatchObject({ code: 'questionCycle' })
    expect(problem({ questions: [question('a', { questionId: 'x' })] })).toMatchObject({ code: 'questionGone' })
    expect(problem({ questions: [question('a', { serviceId: hallId })] })).toMatchObject({ code: 'serviceGone' })
    const lost = [question('a', { serviceId: papers }), question('b', { serviceId: pensions })]
    expect(problem({ questions: lost })).toMatchObject({ code: 'questionUnreached', name: 'Domanda b' })
  })

  test('and not when letters, desks or services stand twice', () => {
    const other = { ...hall({ id: pensions, services: [], desks: [], questions: [] }) }
    expect(counterProblemOf({ halls: [hall(), other] })).toMatchObject({ code: 'letterTwice', field: 'setUp.halls.1.letter' })
    expect(counterProblemOf({ halls: [hall(), { ...other, letter: 'B', id: hallId }] })).toMatchObject({ code: 'twice' })
    const [desk] = hall().desks
    const twice = desk ? [desk, { ...desk, id: papers }] : []
    expect(problem({ desks: twice })).toMatchObject({ code: 'deskTwice', field: 'setUp.halls.0.desks.1.label' })
    expect(problem({ desks: [{ id: hallId, label: '2', services: [hallId] }] })).toMatchObject({ code: 'serviceGone' })
    const [first] = hall().services
    const received = first ? [first, { ...first, id: papers }] : []
    expect(problem({ services: received, questions: [] })).toMatchObject({ code: 'receivedTwice' })
  })

  test('an answer that stands on no screen is told: who can come only by the reception desk', () => {
    expect(notAtKiosk(hall())).toEqual([])
    expect(notAtKiosk(hall({ questions: [question('a', { serviceId: papers })] }))).toEqual(['Pensioni'])
  })

  test('the words of a hall are checked as they come in', () => {
    expect(CounterSetUp.safeParse({ halls: [hall({ letter: 'a' })] }).success).toBe(false)
    expect(CounterSetUp.safeParse({ halls: [hall({ questions: [question('a')] })] }).success).toBe(false)
    expect(CounterSetUp.safeParse({ halls: [hall()] }).success).toBe(true)
  })
})
