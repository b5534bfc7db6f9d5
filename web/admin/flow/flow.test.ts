import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Flow, type FlowContext } from '../../../src/ivr/model.ts'
import { clashesOf, heard, opened, saved, sent, shown, typed } from '../../shared/form/state.ts'
import { changeBetween, fieldsOfFlow, flowOfFields, removedBy, withEdit } from './draft-fields.ts'
import { newNodes, withNewNode, withNode, withOwnText, withoutNode, withText } from './edit.ts'
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
      '·open bilingual',
      '··so language',
      '···1 menu',
      '····1 pensions',
      '····2 income-support',
      '····3 companies',
      '····4 self-employed',
      '····5 online',
      '····9 menu again',
      '····0 switchboard',
      '····after switchboard again',
      '···2 menu again',
      '···0 switchboard again',
      '···after menu again',
      '··otherwise menu again',
      '·closed closed',
      '·holiday holiday',
    ])
    expect(rows.filter(({ node }) => node === 'pensions').map(row => choiceOf(sample, row))).toEqual(['Pensioni'])
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
  const stored = (version: number, flow: Flow) => ({ version, fields: fieldsOfFlow(flow) })
  const write = (flow: Flow, mine: Flow) => typed(opened(stored(1, flow)), changeBetween(fieldsOfFlow(flow), fieldsOfFlow(mine)))
  const mine = withNode(sample, 'closed', saying('Mio.'))
  const theirs = withNode(sample, 'holiday', saying('Loro.'))

  test('each keeps what only one has touched; steps made and taken away too', () => {
    const state = heard(write(sample, withNode(mine, 'new-1', saying('Nuovo.'))), stored(2, withoutNode(theirs, 'online')))
    expect(clashesOf(state)).toEqual([])
    const { nodes } = flowOfFields('main', shown(state))
    expect(nodes.closed).toEqual(saying('Mio.'))
    expect(nodes.holiday).toEqual(saying('Loro.'))
    expect(nodes['new-1']).toEqual(saying('Nuovo.'))
    expect(nodes.online).toBeUndefined()
  })

  test('the same step changed in two ways is asked about; in the same way it is not', () => {
    const other = withNode(theirs, 'closed', saying('Suo.'))
    const state = heard(write(sample, mine), stored(2, other))
    expect(clashesOf(state)).toMatchObject([{ field: 'step closed', mine: saying('Mio.'), theirs: saying('Suo.') }])
    expect(clashesOf(heard(write(sample, mine), stored(2, mine)))).toEqual([])
    expect(clashesOf(heard(write(sample, withoutNode(sample, 'closed')), stored(2, other)))).toMatchObject([{ mine: null }])
  })

  test('languages and name are taken from whoever changed them', () => {
    const german: Flow = { ...theirs, languages: ['it', 'en', 'de'] }
    expect(shown(heard(write(sample, mine), stored(2, german))).languages).toEqual(['it', 'en', 'de'])
    expect(shown(heard(write(sample, { ...mine, name: 'Altro' }), stored(2, theirs))).name).toBe('Altro')
  })
})

describe('an edit', () => {
  const fields = fieldsOfFlow(sample)

  test('that takes a step away is undone whole, also when others have written meanwhile', () => {
    const gone = changeBetween(fields, fieldsOfFlow(withoutNode(sample, 'closed')))
    expect(gone).toEqual({ 'step closed': null })
    const edits = withEdit([], fields, gone, 0)
    const state = heard(
      saved(sent(typed(opened({ version: 1, fields }), gone)), { version: 2, fields: { ...fields, ...gone } }),
      {
        version: 3,
        fields: { ...fields, ...gone, name: 'Altro' },
      },
    )
    expect(removedBy(edits.at(-1), shown(state))).toEqual([sample.nodes.closed])
    const back = flowOfFields('main', shown(typed(state, edits[0]?.before ?? {})))
    expect(back).toEqual({ ...sample, id: 'main', name: 'Altro' })
  })

  test('goes on while somebody types in one text; another text, a pause, a key or a step taken away is another edit', () => {
    const menu = sample.nodes.menu
    if (menu?.type !== 'menu') throw new Error('the sample has a menu')
    const says = (it: string) => withNode(sample, 'menu', { ...menu, text: { ...menu.text, it } })
    const type = (text: string) => changeBetween(fields, fieldsOfFlow(says(text)))
    const typing = withEdit(withEdit([], fields, type('C'), 0), fieldsOfFlow(says('C')), type('Ci'), 500)
    expect(typing).toEqual([{ before: { 'step menu': menu }, text: '/step menu/text/it', at: 500 }])
    const { 5: _, ...choices } = menu.choices
    const withoutKey = { 'step menu': { ...menu, text: { ...menu.text, it: 'Ci' }, choices } } as const
    const next = withEdit(typing, fieldsOfFlow(says('Ci')), withoutKey, 600)
    expect(next).toHaveLength(2)
    expect(next[1]?.before).toEqual({ 'step menu': { ...menu, text: { ...menu.text, it: 'Ci' } } })
    const inEnglish = { 'step menu': { ...menu, text: { it: 'Ci', en: 'He' } } } as const
    expect(withEdit(typing, fieldsOfFlow(says('Ci')), inEnglish, 600)).toHaveLength(2)
    expect(withEdit(typing, fields, type('Ciao'), 9_000)).toHaveLength(2)
    expect(withEdit(typing, fields, { 'step closed': null }, 600)).toHaveLength(2)
    expect(withEdit(typing, fields, { name: 'Altro' }, 600)).toHaveLength(2)
    const many = Array.from({ length: 300 }, (_, n) => n).reduce(
      (edits, n) => withEdit(edits, fields, { name: String(n) }, n * 10_000),
      typing,
    )
    expect(many).toHaveLength(100)
  })
})

describe('changes', () => {
  test('a text that is emptied is none; lines become one', () => {
    expect(withText({ it: 'Uno.', en: 'One.' }, 'en', ' ')).toEqual({ it: 'Uno.' })
    expect(withText({}, 'it', 'Uno.\n Due.')).toEqual({ it: 'Uno. Due.' })
    expect(closed && closed.type === 'hang-up' ? withOwnText(closed, {}) : undefined).toEqual({ type: 'hang-up' })
  })

  test('each new step has the form of one, under a name of its own, and leads to an operator', () => {
    for (const type of newNodes) {
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
  // The talk about an earlier time is the program's: any key goes on behind it.
  const early: Flow = { ...sample, start: 'early', nodes: { ...sample.nodes, early: { type: 'earlier-time', next: 'closed' } } }
  const talk = begin(early, context)
  expect(talk.lines).toEqual([{ kind: 'time' }])
  expect(act(early, context, talk, { key: '5' }).lines.map(({ kind }) => kind)).toEqual(['time', 'said', 'ended'])
  // What is over is over.
  expect(kinds([{ key: '1' }, { key: '2' }])).toEqual(kinds([{ key: '1' }]))
})
