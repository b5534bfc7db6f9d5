/** When cases may be joined, split and parted again. */
import { expect, test } from 'vitest'
import { type JoiningFacts, maxJoined, mayJoin, maySplit, mayUndo } from './policy.ts'

const facts = (given: Partial<JoiningFacts> = {}): JoiningFacts => ({
  ...{ code: '4827193056', isOpen: true, isJoined: false, size: 1, hands: [] },
  ...given,
})
const paola = { key: 'paola', name: 'Paola Neri' }
const marco = { key: 'marco', name: 'Marco Sala' }
const pool = { key: 'cric-lazio-pensioni', name: 'Pensioni, Lazio' }
const codeOf = (verdict: ReturnType<typeof mayJoin>) => (verdict.allowed ? 'allowed' : verdict.code.replace('cases.link.', ''))

test('two open questions must be in one hand before their cases are joined', () => {
  const join = (one: JoiningFacts['hands'], other: JoiningFacts['hands']) =>
    mayJoin(facts({ hands: one }), facts({ hands: other }))
  expect(codeOf(join([], [paola]))).toBe('allowed')
  expect(codeOf(join([paola], []))).toBe('allowed')
  expect(codeOf(join([paola], [paola]))).toBe('allowed')
  expect(join([paola], [marco])).toMatchObject({
    code: 'cases.link.twoHands',
    values: { holder: 'Paola Neri', other: 'Marco Sala' },
  })
  expect(join([pool], [marco])).toMatchObject({ values: { holder: 'Pensioni, Lazio', other: 'Marco Sala' } })
  expect(join([marco, paola], [paola])).toMatchObject({ values: { holder: 'Marco Sala', other: 'Paola Neri' } })
})

test('what has gone into another goes nowhere else; an open case goes into no closed one; they are not too many', () => {
  expect(codeOf(mayJoin(facts({ isJoined: true }), facts()))).toBe('joinedAlready')
  expect(codeOf(mayJoin(facts(), facts({ isJoined: true })))).toBe('joinedAlready')
  expect(codeOf(mayJoin(facts(), facts({ isOpen: false })))).toBe('joinTheClosed')
  expect(codeOf(mayJoin(facts({ isOpen: false }), facts()))).toBe('allowed')
  expect(codeOf(mayJoin(facts({ isOpen: false }), facts({ isOpen: false })))).toBe('allowed')
  expect(codeOf(mayJoin(facts({ size: maxJoined }), facts()))).toBe('tooManyJoined')
})

test('a conversation is split off that leaves another behind, and has made neither question nor appointment', () => {
  expect(codeOf(maySplit({ state: 'answered', conversations: 2 }))).toBe('allowed')
  expect(codeOf(maySplit({ state: 'open', conversations: 2 }))).toBe('allowed')
  expect(codeOf(maySplit({ state: 'answered', conversations: 1 }))).toBe('onlyConversation')
  expect(codeOf(maySplit({ state: 'linea', conversations: 2 }))).toBe('madeTheQuestion')
  expect(codeOf(maySplit({ state: 'appointment', conversations: 2 }))).toBe('madeTheQuestion')
})

test('a link is undone once, and as long as nothing has come since that stands in the way', () => {
  const since = { kind: 'joined', isUndone: false, isClosedSince: false, hasGrown: false } as const
  expect(codeOf(mayUndo(since))).toBe('allowed')
  expect(codeOf(mayUndo({ ...since, isUndone: true }))).toBe('undoneAlready')
  expect(codeOf(mayUndo({ ...since, isClosedSince: true }))).toBe('closedSince')
  expect(codeOf(mayUndo({ ...since, kind: 'split', hasGrown: true }))).toBe('grownSince')
  expect(codeOf(mayUndo({ ...since, kind: 'follows', isClosedSince: true, hasGrown: true }))).toBe('allowed')
})
