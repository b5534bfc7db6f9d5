/** What live pages are told is exactly what their readers may know of, however it is put together on its way. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { changesRights, groupsOf, hearersOf, hearing, maySee } from '../src/identity/policy.ts'
import { type Entry, messagesOf, type PersonActor, type Subjects, system, textsOf, unitsIn } from '../src/platform/index.ts'

const paths = [
  'inps/',
  'inps/ccm/',
  'inps/ccm/ccm-pensioni/',
  'inps/ccm/ccm-aziende/',
  'inps/dr-lazio/',
  'inps/dr-lazio/cric-lazio/',
  'inps/dr-lazio/cric-lazio/cric-lazio-pensioni/',
  'inps/dr-lazio/gai-lazio/',
  'inps/dr-lazio/dp-roma/ag-roma-eur/',
  'inps/dr-lombardia/cric-lombardia/cric-lombardia-pensioni/',
  'inps/dc-pensioni/',
]
const people = ['ada', 'teo', 'nora']
const types = [
  'call.queued',
  'offer.made',
  'agent.state',
  'ticket.claimed',
  'case.opened',
  'session.ended',
  'number.scheduled',
  'new.thing',
]

const actors: fc.Arbitrary<PersonActor> = fc
  .record({
    personId: fc.constantFrom(...people),
    role: fc.constantFrom(...Object.keys(hearing), 'root', '__proto__'),
    unitPath: fc.constantFrom(...paths),
  })
  .map(({ personId, role, unitPath }) => ({
    kind: 'person',
    personId,
    name: personId,
    role,
    unitPath,
    unitId: unitsIn(unitPath).at(-1) ?? '',
    assignmentId: `${personId} as ${role}`,
  }))

const subjects: fc.Arbitrary<Subjects> = fc.record({
  call: fc.constantFrom(undefined, 'call-1', 'call-2'),
  case: fc.constantFrom(undefined, 'case-1'),
  person: fc.constantFrom(undefined, ...people),
  units: fc.oneof(
    fc.constant(undefined),
    fc.constantFrom(...paths).map(path => unitsIn(path)),
    fc.subarray(['inps', 'ccm', 'dr-lazio', 'gai-lazio']),
  ),
})

const journals: fc.Arbitrary<Entry[]> = fc
  .array(fc.record({ type: fc.constantFrom(...types), subjects }), { maxLength: 40 })
  .map(entries =>
    entries.map((entry, i) => ({
      ...entry,
      xid: '7',
      version: 1,
      id: i + 1,
      at: new Date(0),
      actor: system('test'),
      payload: { secret: 'x' },
    })),
  )

/** One line for each type that is told of something. */
const told = (text: string): string[] =>
  text
    .split('\n\n')
    .filter(block => block.startsWith('data:'))
    .flatMap(block => {
      const { types, ...about } = JSON.parse(block.slice('data:'.length)) as { types: string[] }
      return types.map(type => JSON.stringify([type, about]))
    })

const toTell = (actor: PersonActor, entries: readonly Entry[]): string[] =>
  entries
    .filter(entry => maySee(actor, entry))
    .map(({ type, subjects: { call, case: caseId, contact, person, units } }) =>
      JSON.stringify([type, JSON.parse(JSON.stringify({ call, case: caseId, contact, person, units }))]),
    )

test('each reader is told of exactly what may be seen, each thing once, all at the place where the journal stood', () => {
  fc.assert(
    fc.property(journals, fc.array(actors, { minLength: 1, maxLength: 8 }), (entries, readers) => {
      const textFor = textsOf(messagesOf(entries, hearersOf), 'id: here\n\n')
      for (const reader of readers) {
        const text = textFor(groupsOf(reader))?.toString()
        expect(told(text ?? '').sort()).toEqual([...new Set(toTell(reader, entries))].sort())
        if (text !== undefined) expect(text.endsWith('id: here\n\n')).toBe(true)
        expect(text ?? '').not.toMatch('secret')
      }
    }),
    { numRuns: 2_000 },
  )
})

test('the program itself hears everything, a citizen nothing', () => {
  fc.assert(
    fc.property(journals, entries => {
      const textFor = textsOf(messagesOf(entries, hearersOf), '')
      const all = textFor(groupsOf(system('test')))?.toString() ?? ''
      expect(new Set(told(all)).size).toBe(new Set(entries.map(({ type, subjects }) => JSON.stringify([type, subjects]))).size)
      expect(textFor(groupsOf({ kind: 'citizen', channel: 'web' }))).toBeUndefined()
    }),
  )
})

test('rights change with what ends or changes an assignment or a session, and with nothing that happens all day', () => {
  const changing = ['session.ended', 'session.switched', 'assignment.changed', 'assignment.ended', 'person.disabled']
  for (const type of [...changing, ...types, 'session.started'])
    expect(changesRights({ type, subjects: {} }), type).toBe(changing.includes(type))
})
