import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Flow, type FlowContext } from '../../../src/ivr/model.ts'
import { merge, withNewNode, withNode, withOwnText, withoutNode, withText } from './edit.ts'
import { beginning, choiceOf, outline } from './outline.ts'
import { act, begin } from './rehearsal.ts'

const sample = Flow.parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../../sample/flow.json'), 'utf8')))
const closed = sample.nodes.closed
const saying = (text: string) => ({ type: 'hang-up' as const, text: { it: text } })

describe('the tree', () => {
  test('is read as a caller walks: welcome, hours, menu by its keys, and each step once', () => {
    const rows = outline(sample)
    expect(
      rows.map(({ depth, by, key, node, again }) => `${'·'.repeat(depth)}${key ?? by} ${node}${again ? ' again' : ''}`),
    ).toEqual([
      'start welcome',
      'next hours',
      '·open menu',
      '··1 pensions',
      '··2 income-support',
      '··3 companies',
      '··4 self-employed',
      '··5 online',
      '··9 menu again',
      '··0 switchboard',
      '··after switchboard again',
      '·closed closed',
      '·holiday holiday',
    ])
    expect(rows.filter(({ by }) => by === 'key').map(row => choiceOf(sample, row))[0]).toBe('Pensioni')
  })

  test('shows what is missing and what nothing leads to, and ends in a flow that goes in circles', () => {
    const island = withNode(sample, 'island', saying('Addio.'))
    expect(outline(island).at(-1)).toMatchObject({ node: 'island', by: 'nowhere' })
    const broken = withoutNode(sample, 'pensions')
    expect(outline(broken).find(({ node }) => node === 'pensions')).toMatchObject({ again: true })
    const circle = withNode(sample, 'welcome', { type: 'say', text: { it: 'Ciao.' }, next: 'welcome' })
    expect(
      outline(circle)
        .slice(0, 2)
        .map(({ node, again }) => [node, again]),
    ).toEqual([
      ['welcome', false],
      ['welcome', true],
    ])
  })

  test('a text is begun at a word', () => {
    expect(beginning('Per le pensioni, prema 1.', 12)).toBe('Per le…')
    expect(beginning('Breve.', 12)).toBe('Breve.')
    expect(beginning('Precipitevolissimevolmente', 5)).toBe('Preci…')
  })
})

describe('two who write at once', () => {
  const mine = withNode(sample, 'closed', saying('Mio.'))
  const theirs = withNode(sample, 'holiday', saying('Loro.'))

  test('each keeps what only one has touched; steps made and taken away too', () => {
    const both = merge(sample, withNode(mine, 'new-1', saying('Nuovo.')), withoutNode(theirs, 'online'))
    expect(both.conflicts).toEqual([])
    expect(both.flow.nodes.closed).toEqual(saying('Mio.'))
    expect(both.flow.nodes.holiday).toEqual(saying('Loro.'))
    expect(both.flow.nodes['new-1']).toEqual(saying('Nuovo.'))
    expect(both.flow.nodes.online).toBeUndefined()
  })

  test('the same step changed in two ways is a conflict; in the same way it is none', () => {
    const other = withNode(theirs, 'closed', saying('Suo.'))
    expect(merge(sample, mine, other)).toMatchObject({ conflicts: ['closed'], flow: { nodes: { closed: saying('Mio.') } } })
    expect(merge(sample, mine, mine).conflicts).toEqual([])
    expect(merge(sample, withoutNode(sample, 'closed'), other).conflicts).toEqual(['closed'])
  })

  test('languages and name are taken from whoever changed them', () => {
    const german: Flow = { ...theirs, languages: ['it', 'en', 'de'] }
    expect(merge(sample, mine, german).flow.languages).toEqual(['it', 'en', 'de'])
    expect(merge(sample, { ...mine, name: 'Altro' }, theirs).flow.name).toBe('Altro')
  })
})

describe('changes', () => {
  test('a text that is emptied is none; lines become one', () => {
    expect(withText({ it: 'Uno.', en: 'One.' }, 'en', ' ')).toEqual({ it: 'Uno.' })
    expect(withText({}, 'it', 'Uno.\n Due.')).toEqual({ it: 'Uno. Due.' })
    expect(closed && closed.type === 'hang-up' ? withOwnText(closed, {}) : undefined).toEqual({ type: 'hang-up' })
  })

  test('each new step has the form of one, under a name of its own, and leads to an operator', () => {
    for (const type of ['say', 'menu', 'queue', 'hang-up'] as const) {
      const once = withNewNode(sample, type, 'ccm-pensioni')
      const twice = withNewNode(once.flow, type, 'ccm-pensioni')
      expect(twice.id).not.toBe(once.id)
      expect(Flow.safeParse(twice.flow).success).toBe(true)
    }
    expect(withNewNode(sample, 'menu', '').flow.nodes['menu-1']).toMatchObject({ after: 'switchboard' })
  })
})

test('a rehearsal is the interpreter itself: keys, silence, the end', () => {
  const context: FlowContext = {
    office: null,
    province: null,
    region: null,
    callerKnown: true,
    hour: 10,
    holiday: false,
    open: ['ccm'],
  }
  const kinds = (inputs: ({ key: string } | 'silence')[]) =>
    inputs.reduce((call, input) => act(sample, context, call, input), begin(sample, context)).lines.map(({ kind }) => kind)
  expect(kinds([])).toEqual(['said', 'said', 'said'])
  expect(kinds([{ key: '1' }])).toEqual(['said', 'said', 'said', 'pressed', 'said', 'queued'])
  expect(kinds(['silence', 'silence', 'silence']).slice(-3)).toEqual(['silent', 'said', 'queued'])
  // What is over is over.
  expect(kinds([{ key: '1' }, { key: '2' }])).toEqual(kinds([{ key: '1' }]))
})
