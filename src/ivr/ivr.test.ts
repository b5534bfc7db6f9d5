import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { languages, sentence } from '../platform/index.ts'
import { checkFlow, type FindingCode, mayPublish } from './check.ts'
import { type FlowEffect, type FlowStepInput as Input, start, step, type Walk } from './interpreter.ts'
import { Flow, type FlowContext, type FlowInput, type FlowNode } from './model.ts'

const sample = Flow.parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../sample/flow.json'), 'utf8')))
const sections = ['ccm-pensioni', 'ccm-sostegno', 'ccm-aziende', 'ccm-autonomi', 'ccm-online', 'ccm-centralino']
const fromRomaEur: FlowContext = {
  office: { id: 'ag-roma-eur', name: 'Agenzia complessa di Roma EUR' },
  province: 'RM',
  region: '12',
  callerKnown: true,
  hour: 10,
  holiday: false,
  open: ['ccm'],
}

/** Plays inputs from the start and answers every walk. */
function play(flow: Flow, context: FlowContext, inputs: readonly Input[]): { last: Walk; effects: FlowEffect[] } {
  let last = start(flow, context)
  const effects = [...last.effects]
  for (const input of inputs) {
    last = step(flow, context, last.state, input)
    effects.push(...last.effects)
  }
  return { last, effects }
}
const key = (pressed: string): Input => ({ type: 'key', key: pressed })
const said: Input = { type: 'said' }
const timeout: Input = { type: 'timeout' }
const textOf = (effect: FlowEffect | undefined) => (effect?.type === 'say' ? effect.spoken.map(each => each.text).join(' ') : '')

describe('the sample flow', () => {
  test('may be published, without any warning', () => {
    expect(checkFlow(sample, { sections, units: ['ccm'] })).toEqual([])
  })
  test('tells the office that was called, then the six choices', () => {
    const words = textOf(start(sample, fromRomaEur).effects[0])
    expect(words).toContain('Agenzia complessa di Roma EUR')
    expect(words).toMatch(/pensioni, prema 1.*operatore, prema 0.*English, press 9/)
  })
  test('leaves the sentence with the office out when the office is not known', () => {
    const words = textOf(start(sample, { ...fromRomaEur, office: null }).effects[0])
    expect(words).not.toContain('{{')
    expect(words).toContain('Questo è il contact center')
  })
  test.each(sections.map((section, n) => [section, String((n + 1) % 6)] as const))(
    'leads to %s by key %s',
    (section, pressed) => {
      const { effects } = play(sample, fromRomaEur, [said, key(pressed)])
      expect(effects).toContainEqual({ type: 'queue', section, priority: 0 })
    },
  )
  test('a key cuts the text off, and the choice is noted', () => {
    const { last } = play(sample, fromRomaEur, [key('1')])
    expect(last.effects.map(effect => effect.type)).toEqual(['hush', 'chosen', 'say', 'queue'])
    expect(last.state.path).toEqual([{ node: 'menu', key: '1', label: 'Pensioni' }])
  })
  test('a wrong key is told and asked again; who chooses nothing three times gets an operator', () => {
    const wrong = play(sample, fromRomaEur, [said, key('7')])
    expect(textOf(wrong.last.effects[0])).toMatch(/^Questo tasto non corrisponde/)
    const silent = play(sample, fromRomaEur, [said, timeout, said, timeout, said, timeout])
    expect(silent.effects).toContainEqual({ type: 'queue', section: 'ccm-centralino', priority: 0 })
  })
  test('key 9 changes to English, for all that follows', () => {
    const { effects } = play(sample, fromRomaEur, [key('9'), key('1')])
    const last = effects.filter(effect => effect.type === 'say').at(-1)
    expect(last).toEqual({
      type: 'say',
      spoken: [{ language: 'en', text: 'I am putting you through to the pensions section.', key: 'pensions' }],
    })
  })
  test('in Bolzano the language is asked first; German holds for all that follows, and who says nothing goes on in Italian', () => {
    const fromBolzano: FlowContext = {
      ...fromRomaEur,
      office: { id: 'ag-bolzano', name: 'Bolzano' },
      province: 'BZ',
      region: '04',
    }
    expect(textOf(start(sample, fromBolzano).effects[0])).toContain('Für Deutsch drücken Sie 2.')
    expect(textOf(start(sample, fromRomaEur).effects[0])).not.toContain('Deutsch')
    const german = play(sample, fromBolzano, [key('2'), key('1')])
    expect(german.effects.filter(effect => effect.type === 'say').at(-1)).toEqual({
      type: 'say',
      spoken: [{ language: 'de', text: 'Ich verbinde Sie mit der Abteilung für Renten.', key: 'pensions' }],
    })
    expect(textOf(play(sample, fromBolzano, [said, timeout]).last.effects.at(-1))).toMatch(/pensioni, prema 1/)
  })
  test.each([
    ['closed', { open: [] }, /servizio con operatore è chiuso/],
    ['a holiday', { open: [], holiday: true }, /giorno festivo/],
  ] as const)('%s: says so and ends', (_name, change, words) => {
    const { last } = play(sample, { ...fromRomaEur, ...change, open: [...change.open] }, [])
    expect(textOf(last.effects[0])).toMatch(words)
    expect(last.effects.at(-1)).toEqual({ type: 'hang-up' })
  })
  test('any keys, silences and repetitions end in a legal state', () => {
    fc.assert(
      fc.property(fc.array(anyInput, { maxLength: 40 }), inputs => {
        legal(sample, fromRomaEur, inputs)
      }),
    )
  })
})

describe('digits', () => {
  const flow = Flow.parse({
    id: 'digits',
    name: 'Digits',
    languages: ['it'],
    start: 'code',
    nodes: {
      code: {
        type: 'collect',
        text: { it: 'Il codice.' },
        into: 'code',
        least: 3,
        most: 5,
        again: { it: 'Ancora.' },
        next: 'end',
        after: 'nobody',
      },
      end: { type: 'queue', section: 's' },
      nobody: { type: 'operator', section: 'o' },
    },
  } satisfies FlowInput)
  const keys = (digits: string) => [...digits].map(key)
  test('are complete at the most, at the hash, and after a silence when there are enough', () => {
    expect(play(flow, fromRomaEur, keys('12345')).last.state).toMatchObject({ doing: 'done', values: { code: '12345' } })
    expect(play(flow, fromRomaEur, keys('123#')).last.state).toMatchObject({ doing: 'done', values: { code: '123' } })
    expect(play(flow, fromRomaEur, [...keys('1234'), timeout]).last.state).toMatchObject({
      doing: 'done',
      values: { code: '1234' },
    })
  })
  test('too few are asked again, then it goes on without', () => {
    const once = play(flow, fromRomaEur, keys('12#'))
    expect(textOf(once.last.effects[0])).toBe('Ancora. Il codice.')
    const thrice = play(flow, fromRomaEur, [...keys('12#'), ...keys('1#'), said, timeout])
    expect(thrice.last.state).toMatchObject({ node: 'nobody', doing: 'done', values: {} })
  })
})

test('when looks at everything that it names', () => {
  const flow = (is: Extract<FlowNode, { type: 'when' }>['is']) =>
    Flow.parse({
      id: 'when',
      name: 'When',
      languages: ['it'],
      start: 'when',
      nodes: { when: { type: 'when', is, so: 'yes', otherwise: 'no' }, yes: { type: 'hang-up' }, no: { type: 'office' } },
    } satisfies FlowInput)
  const goes = (is: Parameters<typeof flow>[0]) => start(flow(is), fromRomaEur).state.node
  expect(goes({ provinces: ['RM'], callerKnown: true, fromHour: 10, toHour: 11 })).toBe('yes')
  expect(goes({ provinces: ['RM'], callerKnown: false })).toBe('no')
  expect(goes({ regions: ['03'] })).toBe('no')
  expect(goes({ offices: ['ag-roma-eur'], toHour: 10 })).toBe('no')
})

test('an earlier time: what was gathered is said, then somebody else has the caller, until it goes on', () => {
  const flow = Flow.parse({
    id: 'earlier',
    name: 'Earlier',
    languages: ['it'],
    start: 'hello',
    nodes: {
      hello: { type: 'say', text: { it: 'Buongiorno.' }, next: 'earlier' },
      earlier: { type: 'earlier-time', next: 'bye' },
      bye: { type: 'hang-up', text: { it: 'Arrivederci.' } },
    },
  } satisfies FlowInput)
  const handed = play(flow, fromRomaEur, [key('1'), said, timeout, { type: 'give-up' }])
  expect(handed.effects.map(effect => effect.type)).toEqual(['say', 'earlier-time'])
  expect(handed.last.state).toMatchObject({ node: 'earlier', doing: 'handed-over' })
  const back = step(flow, fromRomaEur, handed.last.state, { type: 'back' })
  expect([textOf(back.effects[0]), back.effects.at(-1), back.state.doing]).toEqual(['Arrivederci.', { type: 'hang-up' }, 'done'])
  expect(step(flow, fromRomaEur, back.state, { type: 'back' }).effects).toEqual([])
})

describe('the checker', () => {
  const text = { it: 'Testo.' }
  const menu = (change: Partial<Extract<FlowInput['nodes'][string], { type: 'menu' }>> = {}): FlowInput['nodes'][string] => ({
    type: 'menu',
    text,
    wrongKey: text,
    silence: text,
    choices: { '0': { label: text, next: 'operator' } },
    after: 'operator',
    ...change,
  })
  const flow = (nodes: FlowInput['nodes'], change: Partial<FlowInput> = {}) =>
    Flow.parse({
      id: 'f',
      name: 'F',
      languages: ['it'],
      start: 'menu',
      nodes: { menu: menu(), operator: { type: 'operator', section: 'o' }, ...nodes },
      ...change,
    })
  const cases: [FindingCode, Flow][] = [
    ['startMissing', flow({}, { start: 'nowhere' })],
    ['targetMissing', flow({ menu: menu({ after: 'constructor' }) })],
    ['menuWithoutChoices', flow({ menu: menu({ choices: {} }) })],
    ['noOperator', flow({ menu: menu({ choices: { '1': { label: text, next: 'operator' } } }) })],
    ['noOperator', flow({ menu: menu({ choices: { '0': { label: text, next: 'end' } } }), end: { type: 'hang-up' } })],
    ['loop', flow({ menu: menu({ after: 'menu' }) })],
    ['loop', flow({ menu: menu({ after: 'a' }), a: { type: 'say', text, next: 'b' }, b: { type: 'say', text, next: 'a' } })],
    ['italianMissing', flow({ menu: menu({ text: { en: 'Text.' } }) })],
    ['languageMissing', flow({}, { languages: ['it', 'en'] })],
    ['languageUnknown', flow({ menu: menu({ choices: { '0': { label: text, next: 'operator', language: 'de' } } }) })],
    ['placeholderUnknown', flow({ menu: menu({ text: { it: 'Ciao {{name}}.' } }) })],
    ['sectionUnknown', flow({ operator: { type: 'operator', section: 'elsewhere' } })],
    ['unitUnknown', flow({ hours: { type: 'hours', unit: 'moon', open: 'menu', closed: 'menu' } }, { start: 'hours' })],
    [
      'lengthsCrossed',
      flow(
        { c: { type: 'collect', text, again: text, into: 'c', least: 5, most: 2, next: 'menu', after: 'menu' } },
        { start: 'c' },
      ),
    ],
    ['loop', flow({ menu: menu({ after: 'early' }), early: { type: 'earlier-time', next: 'menu' } })],
    ['askedUnasked', flow({ menu: menu({ after: 'early' }), early: { type: 'earlier-time', next: 'operator' } })],
    ['unreachable', flow({ island: { type: 'hang-up' } })],
  ]
  test.each(cases)('finds: %s', (code, wrong) => {
    expect(checkFlow(flow({}), { sections: ['o'], units: ['ccm'] })).toEqual([])
    expect(checkFlow(wrong, { sections: ['o'], units: ['ccm'] }).map(finding => finding.code)).toContain(code)
  })
  test('each finding has a sentence in both languages', () => {
    for (const language of languages)
      for (const [code, wrong] of cases)
        for (const finding of checkFlow(wrong)) {
          const words = sentence(language, `ivr.finding.${finding.code}`, finding.values)
          expect(words, code).not.toMatch(/^ivr\.|\{\{/)
        }
  })
  test('what it promises, the interpreter keeps: any flow without errors', () => {
    let accepted = 0
    fc.assert(
      fc.property(anyFlow, fc.array(anyInput, { maxLength: 30 }), fc.boolean(), (candidate, inputs, open) => {
        if (!mayPublish(checkFlow(candidate))) return
        accepted++
        const context = { ...fromRomaEur, open: open ? ['unit'] : [] }
        const reached = legal(candidate, context, inputs)
        // A caller who does nothing comes to an end.
        let silent = reached
        for (let n = 0; silent.state.doing !== 'done'; n++) {
          expect(n).toBeLessThan(200)
          silent = step(candidate, context, silent.state, doingNothing[silent.state.doing])
        }
        // A caller who wants an operator gets one from every menu.
        if (candidate.nodes[reached.state.node]?.type === 'menu' && reached.state.doing !== 'done') {
          const listening = reached.state.doing === 'prompting' ? step(candidate, context, reached.state, said) : reached
          const operator = step(candidate, context, listening.state, key('0'))
          expect(operator.effects.at(-1)?.type).toBe('queue')
        }
      }),
      { numRuns: 2_000 },
    )
    expect(accepted).toBeGreaterThan(100)
  })
})

/** What happens to a caller who does nothing. */
const doingNothing: Record<Exclude<Walk['state']['doing'], 'done'>, Input> = {
  prompting: said,
  listening: timeout,
  'handed-over': { type: 'back' },
}

const anyInput = fc.oneof(fc.constantFrom<Input>(said, timeout, { type: 'back' }), fc.constantFrom(...'0123456789*#').map(key))

/** Plays and looks, after every step, at what must always hold. */
function legal(flow: Flow, context: FlowContext, inputs: readonly Input[]): Walk {
  let walk = start(flow, context)
  look(walk)
  for (const input of inputs) {
    const next = step(flow, context, walk.state, input)
    expect(JSON.parse(JSON.stringify(next.state))).toEqual(next.state)
    if (walk.state.doing === 'done') expect(next).toEqual({ state: walk.state, effects: [] })
    look(next)
    walk = next
  }
  return walk

  function look({ state, effects }: Walk): void {
    const node = flow.nodes[state.node]
    if (state.doing === 'done') expect(['queue', 'operator', 'office', 'hang-up']).toContain(node?.type)
    else if (state.doing === 'handed-over') expect(node?.type).toBe('earlier-time')
    else expect(['menu', 'collect']).toContain(node?.type)
    // Somebody who is prompted hears something, and somebody who is listened to has been given a time.
    const last = effects.at(-1)
    if (effects.length > 0)
      expect(last?.type).toBe(
        { prompting: 'say', listening: 'listen', 'handed-over': 'earlier-time', done: last?.type }[state.doing],
      )
    for (const effect of effects) if (effect.type === 'say') expect(effect.spoken.every(each => each.text !== '')).toBe(true)
  }
}

const ids = ['a', 'b', 'c', 'd', 'e'] as const
const anyId = fc.constantFrom(...ids)
const anyText = fc.constantFrom({ it: 'Uno.' }, { it: 'Due.', en: 'Two.' })
const anyChoice = fc.record({ label: anyText, next: anyId })
const anyNode = fc.oneof(
  fc.record({ type: fc.constant('say' as const), text: anyText, next: anyId }),
  fc.record({
    type: fc.constant('menu' as const),
    text: anyText,
    wrongKey: anyText,
    silence: anyText,
    bargeIn: fc.boolean(),
    retries: fc.nat(3),
    choices: fc.record(
      { '0': anyChoice.map(choice => ({ ...choice, next: 'z' })), '1': anyChoice, '#': anyChoice },
      { requiredKeys: ['0'] },
    ),
    after: fc.oneof(anyId, fc.constant('z')),
  }),
  fc.record({
    type: fc.constant('collect' as const),
    text: anyText,
    again: anyText,
    into: fc.constant('value'),
    least: fc.integer({ min: 1, max: 3 }),
    most: fc.integer({ min: 3, max: 6 }),
    next: anyId,
    after: fc.oneof(anyId, fc.constant('z')),
  }),
  fc.record({ type: fc.constant('hours' as const), unit: fc.constant('unit'), open: anyId, closed: anyId }),
  fc.record({ type: fc.constant('when' as const), is: fc.record({ callerKnown: fc.boolean() }), so: anyId, otherwise: anyId }),
  fc.record({ type: fc.constant('earlier-time' as const), next: anyId }),
  fc.record({ type: fc.constant('queue' as const), section: fc.constant('s') }),
  fc.record({ type: fc.constant('office' as const) }),
  fc.record({ type: fc.constant('hang-up' as const), text: anyText }),
)
const anyFlow = fc
  .record({ a: anyNode, b: anyNode, c: anyNode, d: anyNode, e: anyNode })
  .map(nodes =>
    Flow.parse({ id: 'f', name: 'F', languages: ['it'], start: 'a', nodes: { ...nodes, z: { type: 'operator', section: 'o' } } }),
  )
