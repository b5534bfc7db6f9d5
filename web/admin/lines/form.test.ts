import { expect, it } from 'vitest'
import { defaultCallbacks, type SectionRules } from '../../../src/distribution/sections/model.ts'
import { fieldsOf, lineOf, problemsOf } from './form.ts'

const line: SectionRules = {
  section: { id: 'ccm-pensioni', name: 'Pensioni' },
  version: 3,
  routing: {
    wrapUpMs: 45_000,
    overflow: { full: { do: 'callback' }, 'too-long': null, nobody: { do: 'move', section: 'ccm-online' }, closed: null },
  },
  callbacks: {},
  holds: {
    limits: { maxWaiting: 40, maxWaitMs: null },
    ...{ wrapUpMs: 45_000, offerTimeoutMs: 20_000, choice: 'longest-idle', priority: 0 },
    helpers: [{ section: 'ccm-online', afterMs: 90_000 }],
    continuity: { callMs: 30_000, writtenMs: 3_600_000 },
    callbacks: defaultCallbacks,
  },
}

it('shows the rules of a line in words that a form has, and sends back what was there', () => {
  const fields = fieldsOf(line)
  expect(fields).toMatchObject({
    ...{
      maxWaiting: '40',
      maxWaitMinutes: '',
      offerAboveMinutes: '10',
      key: '5',
      from: '09:00',
      to: '20:00',
      weekdays: '123456',
    },
    rules: { full: { rule: 'callback' }, nobody: { rule: 'move', detail: 'ccm-online' }, closed: { rule: 'wait' } },
  })
  expect(lineOf(line, fields)).toEqual({
    routing: { ...line.routing, limits: line.holds.limits },
    callbacks: defaultCallbacks,
  })
})

it('takes an empty field for no limit, and a time as people write it', () => {
  const fields = { ...fieldsOf(line), maxWaiting: '', maxWaitMinutes: '15', offerAboveMinutes: ' ', key: '', from: '8.30' }
  const { routing, callbacks } = lineOf(line, fields)
  expect(routing.limits).toEqual({ maxWaiting: null, maxWaitMs: 900_000 })
  expect(callbacks).toMatchObject({ offerAboveMs: null, key: null, hours: { from: 510, to: 1_200 } })
})

it('marks the fields that are no number, no whole number or no time, and sends nothing in their place', () => {
  const fields = {
    ...fieldsOf(line),
    maxWaiting: 'abc',
    offerAboveMinutes: 'x',
    attempts: '',
    days: '1,5',
    from: '25.00',
    to: 'sera',
  }
  expect(problemsOf(fields)).toEqual({
    ...{ maxWaiting: 'notANumber', offerAboveMinutes: 'notANumber', attempts: 'notANumber', days: 'notWhole' },
    ...{ from: 'notATime', to: 'notATime' },
  })
  expect(() => lineOf(line, fields)).toThrow()
  expect(problemsOf(fieldsOf(line))).toEqual({})
})

it('reads minutes with a comma or a point, and shows them again as they were', () => {
  for (const text of ['7,5', '7.5'])
    expect(lineOf(line, { ...fieldsOf(line), maxWaitMinutes: text }).routing.limits).toMatchObject({ maxWaitMs: 450_000 })
  const half = { ...line, holds: { ...line.holds, limits: { maxWaiting: null, maxWaitMs: 450_000 } } }
  expect(fieldsOf(half, 'it').maxWaitMinutes).toBe('7,5')
  expect(fieldsOf(half, 'en').maxWaitMinutes).toBe('7.5')
})

it('has a field for how calls come to operators, and says only what is changed', () => {
  const fields = fieldsOf(line)
  expect(fields).toMatchObject({
    ...{ wrapUpSeconds: '45', offerSeconds: '20', choice: 'longest-idle', priority: '0' },
    helpers: [{ section: 'ccm-online', afterMinutes: '1,5' }],
    ...{ knownCallSeconds: '30', knownMailMinutes: '60' },
  })
  const changed = {
    ...fields,
    ...{ wrapUpSeconds: '7,5', offerSeconds: '30', choice: 'best-level' as const, priority: '2' },
    knownCallSeconds: '0',
    // A row whose section nobody has chosen yet is not sent.
    helpers: [...fields.helpers, { section: 'ccm-aziende', afterMinutes: '3' }, { section: '', afterMinutes: '2' }],
  }
  expect(lineOf(line, changed).routing).toMatchObject({
    ...{ wrapUpMs: 7_500, offerTimeoutMs: 30_000, choice: 'best-level', priority: 2 },
    continuity: { callMs: 0, writtenMs: 3_600_000 },
    helpers: [
      { section: 'ccm-online', afterMs: 90_000 },
      { section: 'ccm-aziende', afterMs: 180_000 },
    ],
  })
  const wrong = { ...fields, wrapUpSeconds: 'presto', priority: '1,5', helpers: [{ section: 'ccm-online', afterMinutes: '' }] }
  expect(problemsOf(wrong)).toEqual({ wrapUpSeconds: 'notANumber', priority: 'notWhole', helpers: 'notANumber' })
})
