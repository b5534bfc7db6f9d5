/**
 * Two pages of one person, or of two, that edit one thing in any order: save, late answers, reading, closing with Escape, reload, back. Whatever
 * the order, nothing that was typed is out of reach, what is shown is the latest, and nobody overwrites what they have not been shown.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { endDrafts, type KeptPlace, keep, keptForMs, pageOfKey, type Shelf, takeUp } from './kept.ts'
import {
  chosen,
  clashesOf,
  dropped,
  type FormState,
  heard,
  isChanged,
  keptOf,
  notSaved,
  opened,
  type Stored,
  saved,
  sent,
  settled,
  shown,
  toSend,
  typed,
} from './state.ts'

interface Card {
  phone: string
  notes: string
  name: string
}
const card = (change: Partial<Card> = {}): Card => ({ phone: '', notes: '', name: 'Ferri', ...change })
const stored = (version: number, change: Partial<Card> = {}): Stored<Card> => ({ version, fields: card(change) })

/** The storage of a browser, in memory. */
function memoryShelf(): NonNullable<Shelf> {
  const entries = new Map<string, string>()
  return {
    get length() {
      return entries.size
    },
    key: index => [...entries.keys()][index] ?? null,
    getItem: key => entries.get(key) ?? null,
    setItem: (key, text) => void entries.set(key, text),
    removeItem: key => void entries.delete(key),
  }
}

describe('a form with a version', () => {
  test('sends only what was typed, against the version that it was typed on', () => {
    const state = typed(opened(stored(1, { phone: '06 1' })), { notes: 'sorda' })
    expect(toSend(state)).toEqual({ notes: 'sorda' })
    expect(state.stored.version).toBe(1)
    expect(toSend(typed(state, { notes: '' }))).toBeNull()
  })

  test('takes in silently what a colleague has changed elsewhere on the card', () => {
    const state = heard(typed(opened(stored(1)), { notes: 'sorda' }), stored(2, { phone: '06 2' }))
    expect(shown(state)).toEqual(card({ phone: '06 2', notes: 'sorda' }))
    expect(clashesOf(state)).toEqual([])
    expect(toSend(state)).toEqual({ notes: 'sorda' })
  })

  test('shows both texts of a field that two have changed, sends nothing until one is chosen, and lets one choose again', () => {
    const mine = typed(opened(stored(1)), { notes: 'sorda', phone: '06 3' })
    const state = notSaved(sent(mine), { ...stored(2, { notes: 'deceduta' }), by: 'Luca Donati', at: '2026-11-28T10:00:00Z' })
    expect(clashesOf(state)).toEqual([{ field: 'notes', mine: 'sorda', theirs: 'deceduta', choice: 'open' }])
    expect(state.stored.by).toBe('Luca Donati')
    expect(toSend(state)).toBeNull()
    const theirs = chosen(state, 'notes', 'theirs')
    expect(shown(theirs).notes).toBe('deceduta')
    expect(toSend(theirs)).toEqual({ phone: '06 3' })
    expect(shown(chosen(theirs, 'notes', 'mine')).notes).toBe('sorda')
    const settledAll = settled(
      chosen(heard(typed(opened(stored(1)), { notes: 'a' }), stored(2, { notes: 'b' })), 'notes', 'theirs'),
    )
    expect(isChanged(settledAll)).toBe(false)
    // Changed once more meanwhile: what was chosen was another text.
    expect(clashesOf(heard(theirs, stored(3, { notes: 'irreperibile' })))).toMatchObject([{ choice: 'open', mine: 'sorda' }])
  })

  test('keeps what was typed on while it was being saved, and shows what the server made of the rest', () => {
    const typedOn = typed(sent(typed(opened(stored(1)), { phone: '06 1', notes: 'a' })), { notes: 'ab' })
    const state = saved(typedOn, stored(2, { phone: '+39 06 1', notes: 'a' }))
    expect(shown(state)).toEqual(card({ phone: '+39 06 1', notes: 'ab' }))
    expect(toSend(state)).toEqual({ notes: 'ab' })
    // Put back to what it was before it was sent: that is a change again.
    expect(
      toSend(saved(typed(sent(typed(opened(stored(1)), { notes: 'a' })), { notes: '' }), stored(2, { notes: 'a' }))),
    ).toEqual({
      notes: '',
    })
  })

  test('does not take its own save for somebody else’s, whichever is heard first', () => {
    const sending = sent(typed(opened(stored(1)), { phone: '06 1' }))
    const read = heard(sending, stored(2, { phone: '+39 06 1' }))
    expect(clashesOf(read)).toEqual([])
    expect(clashesOf(saved(read, stored(2, { phone: '+39 06 1' })))).toEqual([])
    expect(heard(saved(sending, stored(3)), stored(2, { phone: 'old' })).stored.version).toBe(3)
  })

  test('a draft is compared with what is stored now: what is stored already is gone, what others changed stands beside it', () => {
    const kept = keptOf(typed(opened(stored(1)), { notes: 'sorda', phone: '06 1', name: 'Ferri Neri' }), 0)
    const state = opened(stored(3, { notes: 'deceduta, non chiamare', phone: '06 1' }), kept)
    expect(clashesOf(state)).toMatchObject([{ field: 'notes', choice: 'open' }])
    expect(state.own).toEqual({ notes: 'sorda', name: 'Ferri Neri' })
    // An unanswered choice survives a reload.
    expect(clashesOf(opened(state.stored, keptOf(state, 0)))).toEqual(clashesOf(state))
    // A reading older than the draft (of a cache) is no change by somebody else.
    const newer = keptOf(typed(opened(stored(4, { notes: 'b' })), { notes: 'c' }), 0)
    expect(clashesOf(heard(opened(stored(3, { notes: 'a' }), newer), stored(4, { notes: 'b' })))).toEqual([])
  })
})

describe('what is kept on this machine', () => {
  const place: KeptPlace = { personId: 'anna', form: 'contact:1', page: 'one' }
  const text = (at: number, notes = 'sorda') => keptOf(typed(opened(stored(1)), { notes }), at)

  test('is this page’s; another page goes on from what was left, and it is there once', () => {
    const shelf = memoryShelf()
    keep(shelf, place, text(1_000))
    expect(takeUp<Card>(shelf, place, 2_000)?.own).toEqual({ notes: 'sorda' })
    expect(takeUp<Card>(shelf, { ...place, page: 'two' }, 2_000)?.own).toEqual({ notes: 'sorda' })
    expect(shelf.length).toBe(1)
    expect(pageOfKey(shelf.key(0) ?? '', place)).toBe('two')
    expect(takeUp(shelf, { ...place, form: 'contact:12', page: 'one' }, 2_000)).toBeNull()
    expect(takeUp(shelf, { ...place, personId: 'luca' }, 2_000)).toBeNull()
  })

  test('ends with the session, and after twelve hours, and is bounded', () => {
    const shelf = memoryShelf()
    keep(shelf, place, text(1_000))
    expect(takeUp(shelf, place, 1_000 + keptForMs)).toBeNull()
    endDrafts(shelf, 'anna', 2_000)
    expect(shelf.length).toBe(1)
    shelf.setItem('language', 'it')
    endDrafts(shelf, 'luca', 2_000)
    expect(shelf.length).toBe(1)
    for (let n = 0; n < 200; n++) keep(shelf, { ...place, form: `contact:${n}` }, text(n, 'x'.repeat(20_000)))
    expect(takeUp(shelf, { ...place, form: 'contact:199' }, 2_000)).not.toBeNull()
    expect(takeUp(shelf, { ...place, form: 'contact:0' }, 2_000)).toBeNull()
    expect(shelf.length).toBeLessThanOrEqual(51)
    endDrafts(shelf, null, 2_000)
    expect(shelf.length).toBe(1)
    shelf.setItem('draft:anna:contact:one', '{"own": 1')
    expect(takeUp(shelf, place, 2_000)).toBeNull()
  })
})

// --- any order of everything ----------------------------------------------------------------------------------------

type Field = 'phone' | 'notes'
const fields: readonly Field[] = ['phone', 'notes']

/** A server with one card, as strict about versions as ours. */
class Server {
  now: Stored<Card> = stored(1)
  /** Every text that was ever stored in a field. */
  readonly past: Record<Field, Set<string>> = { phone: new Set(['']), notes: new Set(['']) }
  save(change: Partial<Card>, version: number): { ok: boolean; now: Stored<Card> } {
    if (version !== this.now.version) return { ok: false, now: this.now }
    this.now = { version: version + 1, fields: { ...this.now.fields, ...change } }
    for (const field of fields) this.past[field].add(this.now.fields[field])
    return { ok: true, now: this.now }
  }
}

interface Request {
  change: Partial<Card>
  version: number
  answer?: { ok: boolean; now: Stored<Card> }
}

/** One tab with the form, which is open or closed. */
class Page {
  state: FormState<Card> | null = null
  request: Request | null = null
  /** Readings under way; they may arrive in any order. */
  readonly readings: Stored<Card>[] = []
  /** The newest text of each field that was typed here and neither given up by its writer nor saved. */
  readonly latest = new Map<Field, string>()
  /** Every text of a field that has stood before the eyes of the person. */
  readonly seen: Set<string>
  readonly server: Server
  readonly shelf: Shelf
  readonly place: KeptPlace
  constructor(server: Server, shelf: Shelf, personId: string, page: string, seen: Set<string>) {
    this.seen = seen
    this.server = server
    this.shelf = shelf
    this.place = { personId, form: 'card', page }
  }
  private set(next: FormState<Card>): void {
    expect(next.stored.version).toBeGreaterThanOrEqual(this.state?.stored.version ?? 0)
    this.state = next
    keep(this.shelf, this.place, keptOf(next, 1_000))
  }
  open(reading: Stored<Card>): void {
    this.state ??= opened(reading, takeUp<Card>(this.shelf, this.place, 2_000))
  }
  /** Escape, back, another page, a reload: the form goes, what is under way gets no answer that anybody hears. */
  close(): void {
    this.state = null
    this.request = null
    this.readings.length = 0
  }
  type(field: Field, text: string): void {
    if (!this.state) return
    this.latest.set(field, text)
    this.set(typed(this.state, { [field]: text }))
  }
  send(): void {
    if (!this.state || this.request) return
    const change = toSend(this.state)
    for (const { field: name, choice } of clashesOf(this.state)) expect(choice === 'open' && change && name in change).toBeFalsy()
    if (change === null) {
      this.set(settled(this.state))
      return
    }
    this.set(sent(this.state))
    this.request = { change, version: this.state.stored.version }
  }
  /** The request reaches the server. */
  arrive(): void {
    if (this.request && !this.request.answer) this.request.answer = this.server.save(this.request.change, this.request.version)
  }
  /** The answer is heard, or is lost on the way. */
  hear(lost: boolean): void {
    const answer = this.request?.answer
    if (!this.state || !answer) return
    this.request = null
    if (lost) this.set(notSaved(this.state, null))
    else this.set(answer.ok ? saved(this.state, answer.now) : notSaved(this.state, answer.now))
  }
  read(): void {
    if (this.state) this.readings.push(this.server.now)
  }
  readingArrives(which: number): void {
    const [reading] = this.readings.splice(which % Math.max(1, this.readings.length), 1)
    if (this.state && reading) this.set(heard(this.state, reading))
  }
  choose(field: Field, choice: 'mine' | 'theirs'): void {
    if (!this.state) return
    this.set(chosen(this.state, field, choice))
  }
}

type Plain = 'save' | 'send' | 'arrive' | 'refresh' | 'read' | 'close' | 'open' | 'open from cache'
type Step =
  | { do: 'type'; page: number; field: Field }
  | { do: Plain; page: number }
  | { do: 'hear'; page: number; lost: boolean }
  | { do: 'reading'; page: number; which: number }
  | { do: 'choose'; page: number; field: Field; choice: 'mine' | 'theirs' }

const page = fc.nat({ max: 1 })
const field = fc.constantFrom<Field>('notes', 'notes', 'phone')
const plain = fc.constantFrom<Plain>(
  ...(['save', 'save', 'save', 'send', 'arrive', 'refresh', 'read', 'close', 'open', 'open', 'open from cache'] as Plain[]),
)
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('type' as const), page, field }) },
  { weight: 11, arbitrary: fc.record({ do: plain, page }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('hear' as const), page, lost: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reading' as const), page, which: fc.nat({ max: 5 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      ...{ do: fc.constant('choose' as const), page, field },
      choice: fc.constantFrom('mine' as const, 'theirs' as const),
    }),
  },
)

/** Whether a text can still be had: on a page, kept on a machine, on the server now, or knowingly given up. */
function within(text: string, name: Field, pages: readonly Page[], server: Server, shelves: readonly Shelf[]): boolean {
  if (server.past[name].has(text)) return true
  if (pages.some(each => each.state?.own[name] === text)) return true
  return shelves.some(shelf =>
    Array.from({ length: shelf?.length ?? 0 }, (_, n) => shelf?.getItem(shelf.key(n) ?? '') ?? '').some(kept =>
      kept.includes(`"${name}":"${text}"`),
    ),
  )
}

describe.each([
  ['two colleagues at two machines', false],
  ['two tabs of one person', true],
])('%s', (_, oneMachine) => {
  test('in any order: nothing typed is out of reach, what is shown is the latest, and nobody overwrites what they were not shown', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { minLength: 10, maxLength: 60, size: 'max' }), steps => {
        const server = new Server()
        const shelves = oneMachine ? [memoryShelf()] : [memoryShelf(), memoryShelf()]
        const seen = [new Set<string>(), new Set<string>()]
        const pages = [0, 1].map(n => {
          const person = oneMachine ? 0 : n
          return new Page(server, shelves[person] ?? null, `person-${person}`, `page-${n}`, seen[person] ?? new Set())
        })
        const cache: Stored<Card>[] = [server.now, server.now]
        const given = new Set<string>()
        let count = 0
        for (const each of pages) {
          each.open(server.now)
          for (const name of fields) each.seen.add(`${name} `)
        }
        for (const step of steps) {
          const at = pages[step.page]
          if (!at) continue
          const before = server.now
          switch (step.do) {
            case 'type': {
              // The writer replaces what stands in the field, having seen it.
              if (at.state) given.add(`${step.field} ${shown(at.state)[step.field]}`)
              const clash = at.state && clashesOf(at.state).find(each => each.field === step.field)
              if (clash) given.add(`${step.field} ${String(clash.mine)}`)
              at.type(step.field, `text ${++count}`)
              break
            }
            case 'choose': {
              const clash = at.state && clashesOf(at.state).find(each => each.field === step.field)
              if (clash) given.add(`${step.field} ${String(step.choice === 'mine' ? clash.theirs : clash.mine)}`)
              at.choose(step.field, step.choice)
              break
            }
            case 'send':
              at.send()
              break
            case 'save':
            case 'arrive': {
              if (step.do === 'save') at.send()
              at.arrive()
              const request = at.request
              if (step.do === 'save') at.hear(false)
              // What is replaced on the server had been shown to who replaces it.
              if (request?.answer?.ok && server.now !== before)
                for (const name of fields)
                  if (name in request.change) expect(at.seen.has(`${name} ${before.fields[name]}`)).toBe(true)
              break
            }
            case 'hear':
              at.hear(step.lost)
              break
            case 'read':
              at.read()
              break
            case 'refresh':
              at.read()
              at.readingArrives(at.readings.length - 1)
              break
            case 'reading':
              at.readingArrives(step.which)
              break
            case 'close':
              at.close()
              break
            case 'open from cache':
              at.open(cache[step.page] ?? server.now)
              break
            case 'open':
              cache[step.page] = server.now
              at.open(server.now)
              break
          }
          // The other tab keeps its text again when this one has taken it up.
          if (oneMachine)
            for (const each of pages)
              if (each.state && isChanged(each.state)) keep(each.shelf, each.place, keptOf(each.state, 1_000))
          for (const each of pages) {
            if (!each.state) continue
            for (const name of fields) each.seen.add(`${name} ${shown(each.state)[name]}`)
            for (const { field: name, theirs } of clashesOf(each.state)) each.seen.add(`${name} ${String(theirs)}`)
            // A field shows what was typed last here, unless another text was chosen; and without own text, what was heard last.
            for (const name of fields) {
              const { own, clashes, stored: heardLast } = each.state
              const expected = name in own && clashes[name] !== 'theirs' ? own[name] : heardLast.fields[name]
              expect(shown(each.state)[name]).toBe(expected)
            }
            // "Saved" is only said when the server had this text, at a version that this page has heard of.
            if (!isChanged(each.state))
              for (const name of fields) expect(server.past[name].has(shown(each.state)[name])).toBe(true)
          }
          for (let n = 1; n <= count; n++)
            for (const name of fields) {
              const text = `text ${n}`
              const wasTyped = pages.some(each => each.latest.get(name) === text)
              if (wasTyped && !given.has(`${name} ${text}`))
                expect({ text, name, within: within(text, name, pages, server, shelves) }).toEqual({ text, name, within: true })
            }
        }
        // In the end, with everything heard and both texts chosen as mine, the server has what the last page shows.
        for (const each of pages) {
          each.open(server.now)
          each.arrive()
          each.hear(false)
          for (let round = 0; round < 4; round++) {
            each.read()
            each.readingArrives(each.readings.length - 1)
            for (const name of fields) each.choose(name, 'mine')
            each.send()
            each.arrive()
            each.hear(false)
          }
          expect(each.state && isChanged(each.state)).toBe(false)
          expect(each.state && shown(each.state)).toEqual(server.now.fields)
        }
      }),
      { numRuns: 400 },
    )
  })
})

test('a draft that is dropped is no change any more', () => {
  expect(isChanged(dropped(typed(opened(stored(1)), { notes: 'a' })))).toBe(false)
})
