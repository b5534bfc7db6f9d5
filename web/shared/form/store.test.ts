/** A form while its page lives: sends, refusals, two tabs that find each other by the storage, and every form of the product in every order. */
import { describe, expect, test } from 'vitest'
import sampleFlow from '../../../sample/flow.json' with { type: 'json' }
import { Flow } from '../../../src/ivr/model.ts'
import { fieldsOfFlow } from '../../admin/flow/draft-fields.ts'
import { newFields } from '../../desk/contact-fields.ts'
import { ApiProblem } from '../api.ts'
import { endDrafts, type Shelf } from './kept.ts'
import { clashesOf, isChanged, type Stored, same, shown } from './state.ts'
import { type FormStore, formStore, storedIn } from './store.ts'

type Anything = Record<string, unknown>

/** The storage of a browser, and its pages, which hear what others write. */
function browser() {
  const entries = new Map<string, string>()
  const pages = new Map<string, FormStore<Anything>>()
  let writing = ''
  const tell = (key: string) => {
    for (const [page, store] of pages) if (page !== writing) store.listen(key)
  }
  const shelf: NonNullable<Shelf> = {
    get length() {
      return entries.size
    },
    key: index => [...entries.keys()][index] ?? null,
    getItem: key => entries.get(key) ?? null,
    setItem(key, text) {
      entries.set(key, text)
      tell(key)
    },
    removeItem(key) {
      if (entries.delete(key)) tell(key)
    },
  }
  return {
    shelf,
    /** Does something on a page: the others hear what it writes. */
    on<T>(page: string, act: () => T): T {
      const before = writing
      writing = page
      try {
        return act()
      } finally {
        writing = before
      }
    },
    pages,
  }
}

/** A server with one thing, that refuses older versions as ours does. */
function server(fields: Anything) {
  let now: Stored<Anything> = { version: 1, fields }
  const put =
    (by: string) =>
    async (change: Partial<Anything>, version: number): Promise<Stored<Anything>> => {
      if (version !== now.version) {
        const values = {
          current: { version: now.version, fields: now.fields },
          changedBy: by,
          changedAt: '2026-11-28T10:00:00.000Z',
        }
        throw new ApiProblem(412, 'platform.changedMeanwhile', '', values)
      }
      now = { version: version + 1, fields: { ...now.fields, ...change } }
      return now
    }
  return { put, now: () => now }
}

const fieldsIn = (current: unknown): Anything => (current as { fields: Anything }).fields
const clock = () => 1_000
const placeOf = (page: string, personId = 'anna') => ({ personId, form: 'one', page })

test('a refusal is merged and sent again; with a clash nothing is sent, and it says who it was', async () => {
  const { put, now } = server({ phone: '', notes: '' })
  const form = formStore<Anything>(placeOf('one'), now(), { shelf: browser().shelf, clock })
  await put('Luca')({ phone: '06 2' }, 1)
  form.change({ notes: 'sorda' })
  expect(await form.send(put('Luca'), fieldsIn)).toBe('saved')
  expect(now().fields).toEqual({ phone: '06 2', notes: 'sorda' })
  expect(form.view().merged).toEqual({ by: 'Luca', times: 1 })

  await put('Luca')({ notes: 'deceduta' }, 3)
  form.change({ notes: 'sorda, parlare piano' })
  expect(await form.send(put('Luca'), fieldsIn)).toBe('clash')
  expect(form.view().state.stored.by).toBe('Luca')
  expect(now().fields.notes).toBe('deceduta')
  form.choose('notes', 'theirs')
  expect(await form.send(put('Luca'), fieldsIn)).toBe('nothing')
  expect(shown(form.view().state).notes).toBe('deceduta')
})

test('a save that fails says so and keeps the text; a second press waits for the first', async () => {
  const { put, now } = server({ notes: '' })
  const { shelf } = browser()
  const form = formStore<Anything>(placeOf('one'), now(), { shelf, clock })
  form.change({ notes: 'sorda' })
  const offline = new ApiProblem(0, 'web.offline', 'offline')
  await expect(form.send(() => Promise.reject(offline), fieldsIn)).rejects.toBe(offline)
  expect(form.view()).toMatchObject({ problem: offline, isSending: false })
  expect(shelf.length).toBe(1)
  const [first, second] = [form.send(put('x'), fieldsIn), form.send(put('x'), fieldsIn)]
  expect(first).toBe(second)
  await first
  expect(form.view()).toMatchObject({ problem: null, isSending: false })
  expect(now().version).toBe(2)
  expect(shelf.length).toBe(0)
})

test('what has no version of its own is shown as it was read last, unless something else is typed', () => {
  const address = (text: string) => ({ version: 0, fields: { address: text } })
  const form = formStore<Anything>(placeOf('one'), address('a@example.org'), { shelf: browser().shelf, clock })
  form.hear(address('b@example.org'))
  expect(shown(form.view().state).address).toBe('b@example.org')
  form.change({ address: 'c@example.org' })
  form.hear(address('d@example.org'))
  expect(shown(form.view().state).address).toBe('c@example.org')
})

test('what a page is told of in another language than a version is no newer version', () => {
  expect(storedIn(new ApiProblem(412, 'x', '', {}), fieldsIn)).toBeUndefined()
  expect(storedIn(new ApiProblem(412, 'x', '', { current: null }), fieldsIn)).toBeUndefined()
  expect(storedIn(new ApiProblem(409, 'x', '', { current: { version: 1 } }), fieldsIn)).toBeUndefined()
})

test('a page goes on from what a page that is gone has left', () => {
  const { shelf } = browser()
  const { now } = server({ notes: '' })
  formStore<Anything>(placeOf('one'), now(), { shelf, clock }).change({ notes: 'dalla prima' })
  const hidden = formStore<Anything>(placeOf('two'), now(), { shelf, clock, isShown: false })
  expect(isChanged(hidden.view().state)).toBe(false)
  hidden.open(now())
  expect(shown(hidden.view().state).notes).toBe('dalla prima')
  expect(hidden.view()).toMatchObject({ draftAt: 1_000, elsewhere: null })
  expect(shelf.length).toBe(1)
})

test('two tabs of one person: what the first is writing stays the first’s; both are told and both texts are kept', () => {
  const { shelf, on, pages } = browser()
  const { now } = server({ notes: '' })
  const one = on('one', () => formStore<Anything>(placeOf('one'), now(), { shelf, clock }))
  pages.set('one', one)
  on('one', () => one.change({ notes: 'dalla prima' }))
  const two = on('two', () => formStore<Anything>(placeOf('two'), now(), { shelf, clock }))
  pages.set('two', two)
  expect(shown(two.view().state).notes).toBe('')
  expect(two.view()).toMatchObject({ draftAt: null, elsewhere: { kept: { own: { notes: 'dalla prima' } } } })
  expect(shelf.length).toBe(1)
  on('two', () => two.change({ notes: 'dalla seconda' }))
  expect(one.view().elsewhere?.kept.own).toEqual({ notes: 'dalla seconda' })
  on('one', () => one.change({ notes: 'dalla prima, ancora' }))
  expect(two.view().elsewhere?.kept.own).toEqual({ notes: 'dalla prima, ancora' })
  expect(shown(two.view().state).notes).toBe('dalla seconda')
  // Whoever is done leaves the other's text where it is.
  on('two', () => two.clear())
  expect(shelf.length).toBe(1)
  expect(one.view().elsewhere).toBeNull()
  expect(shown(one.view().state).notes).toBe('dalla prima, ancora')
})

test('what is typed while a save is under way stays, in the same field and in another, and is saved next', async () => {
  const { shelf } = browser()
  const { put, now } = server({ notes: '', question: '' })
  const form = formStore<Anything>(placeOf('one'), now(), { shelf, clock })
  const answers: (() => void)[] = []
  const slowly: ReturnType<typeof put> = async (change, version) => {
    await new Promise<void>(answer => answers.push(answer))
    return put('x')(change, version)
  }
  form.change({ notes: 'sorda' })
  const sending = form.send(slowly, fieldsIn)
  form.change({ question: 'Quando arriva?' })
  form.change({ notes: 'sorda, parlare piano' })
  answers.shift()?.()
  await expect.poll(() => answers.length).toBe(1)
  expect(shown(form.view().state)).toEqual({ notes: 'sorda, parlare piano', question: 'Quando arriva?' })
  expect(shelf.length).toBe(1)
  answers.shift()?.()
  expect(await sending).toBe('saved')
  expect(now().fields).toEqual({ notes: 'sorda, parlare piano', question: 'Quando arriva?' })
  expect(shelf.length).toBe(0)
})

test('the session ends while something is under way: nothing is kept afterwards', async () => {
  const { shelf } = browser()
  const { put, now } = server({ notes: '' })
  const form = formStore<Anything>(placeOf('one'), now(), { shelf, clock })
  form.change({ notes: 'sorda' })
  const sending = form.send(put('x'), fieldsIn)
  form.end()
  endDrafts(shelf, null, 1_000)
  await sending.catch(() => {})
  form.change({ notes: 'dopo' })
  expect(shelf.length).toBe(0)
})

/** Every form with a version, by what it begins with, and what two people write in it: in the same field, and each in another. */
const flow = fieldsOfFlow(Flow.parse(sampleFlow))
const saying = (text: string) => ({ type: 'hang-up', text: { it: text } })
const forms: readonly [name: string, fields: Anything, mine: Anything, same: Anything, other: Anything][] = [
  ['card of a contact', { ...newFields('Giulia Ferri', null) }, { notes: 'sorda' }, { notes: 'deceduta' }, { phones: '06 1' }],
  [
    'place of a contact',
    { ...newFields('Giulia Ferri', null) },
    { place: { code: '1', name: 'A' } },
    { place: { code: '2', name: 'B' } },
    { emails: 'a@b.it' },
  ],
  [
    'sheet of a conversation',
    { contactId: null, question: '', notes: '' },
    { question: 'Q' },
    { question: 'R' },
    { contactId: 'c' },
  ],
  ['answer of a ticket', { text: '' }, { text: 'mio' }, { text: 'altro' }, {}],
  ['preparation', { preparation: '' }, { preparation: 'mio' }, { preparation: 'altro' }, {}],
  [
    'rules of a line',
    { maxWaiting: '', full: { rule: 'wait', detail: '' } },
    { full: { rule: 'callback', detail: '' } },
    { full: { rule: 'move', detail: 'x' } },
    { maxWaiting: '9' },
  ],
  [
    'draft of the answerer',
    { ...flow },
    { 'step closed': saying('Mio.') },
    { 'step closed': saying('Suo.') },
    { 'step holiday': saying('Altro.') },
  ],
  ['a step that is taken away', { ...flow }, { 'step closed': null }, { 'step closed': saying('Suo.') }, { name: 'Altro' }],
  ['name of a person', { name: 'Anna', user: 'anna' }, { name: 'Anna B' }, { name: 'Anna C' }, { user: 'anna.b' }],
]
const events = ['they save the same', 'they save another', 'I save', 'I go and come back', 'reload', 'read anew'] as const

function* ordersOf<T>(list: readonly T[]): Generator<T[]> {
  if (list.length === 0) yield []
  for (const [place, each] of list.entries())
    for (const rest of ordersOf(list.filter((_, other) => other !== place))) yield [each, ...rest]
}

describe.each(forms)('%s', (_name, fields, mine, theirSame, theirOther) => {
  test('in each order of saves, ways back, reloads and readings: my text stands, or is stored, or stands beside theirs', async () => {
    const [field = ''] = Object.keys(mine)
    for (const order of ordersOf(events)) {
      const { put, now } = server(fields)
      const { shelf } = browser()
      const open = () => formStore<Anything>(placeOf('one'), now(), { shelf, clock })
      let form = open()
      form.change(mine)
      let wasStored = false
      for (const event of order) {
        if (event === 'they save the same') await put('Luca')(theirSame, now().version)
        if (event === 'they save another') await put('Luca')(theirOther, now().version)
        if (event === 'I save') wasStored = (await form.send(put('Luca'), fieldsIn)) === 'saved' || wasStored
        if (event === 'I go and come back') form.open(now())
        if (event === 'reload') form = open()
        if (event === 'read anew') form.hear(now())
        const { state } = form.view()
        const where = `${order.join(', ')}: after "${event}"`
        if (!wasStored) expect(same(shown(state)[field], mine[field]), where).toBe(true)
        // What they have saved was overwritten by nobody who had not chosen.
        if (
          order.indexOf('they save the same') < order.indexOf('I save') &&
          order.indexOf('they save the same') <= order.indexOf(event)
        )
          expect(same(now().fields[field], theirSame[field]), where).toBe(true)
      }
      // In the end both texts can be had: mine is stored, or stands here beside theirs.
      form.hear(now())
      const { state } = form.view()
      if (isChanged(state)) {
        expect(clashesOf(state)).toMatchObject([{ field, mine: mine[field] ?? null, theirs: theirSame[field] }])
        form.choose(field, 'mine')
        expect(await form.send(put('Luca'), fieldsIn)).toBe('saved')
        expect(same(now().fields[field], mine[field])).toBe(true)
      }
      for (const other of Object.keys(theirOther)) expect(same(now().fields[other], theirOther[other])).toBe(true)
      endDrafts(shelf, null, 1_000)
      expect(shelf.length).toBe(0)
    }
  })
})
