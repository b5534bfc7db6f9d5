/**
 * A form while the page lives. It outlives what shows it: a save that is under way when somebody goes to another ticket is heard here, and whoever
 * comes back finds the newest text, whatever a cache says. What is not saved is kept on this machine with every key.
 */
import { ApiProblem } from '../api.ts'
import { elsewhere, hasKept, type KeptElsewhere, type KeptPlace, keep, keyOf, pageOfKey, type Shelf, takeUp } from './kept.ts'
import {
  type Choice,
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
  same,
  saved,
  sent,
  settled,
  toSend,
  typed,
} from './state.ts'

/**
 * Sends what was typed, against the version that it was typed on. Returns what the server made of it.
 * @param whole what stands there with it, for routes that take all of a thing
 */
export type Put<F> = (change: Partial<F>, version: number, whole: F) => Promise<Stored<F>>

/** `clash`: somebody has to choose first. */
export type Sent = 'saved' | 'nothing' | 'clash'

export interface FormView<F> {
  state: FormState<F>
  /** When the draft was typed that was found when the form was opened; null when there was none. */
  draftAt: number | null
  /** A draft was dropped, and can be had back. */
  isDropped: boolean
  /** What another page of the same person is writing in the same form. */
  elsewhere: KeptElsewhere<F> | null
  isSending: boolean
  /** Why the last try to save failed; null when it did not. */
  problem: unknown
  /** What somebody else had saved meanwhile was taken in without a question: who it was, and how often it was so. */
  merged: { by: string | null; times: number } | null
}

export interface FormStore<F extends object> {
  view(): FormView<F>
  subscribe(listener: () => void): () => void
  /** It is shown again: what the server has now, and what another page may have left. */
  open(stored: Stored<F>): void
  hear(stored: Stored<F>): void
  change(part: Partial<F>): void
  choose(field: keyof F & string, choice: Choice): void
  drop(): void
  takeBack(): void
  /** Sends until nothing is left, or somebody has to choose. One at a time: a second call waits for the first. @throws as `put` */
  send(put: Put<F>, fieldsOf: (current: unknown) => F): Promise<Sent>
  /** It is done with: nothing is kept. */
  clear(stored?: Stored<F>): void
  /** Another page of this browser has written, or taken up, a text. */
  listen(key: string): void
  /** The session has ended: it holds and keeps nothing any more. */
  end(): void
}

/** What a refusal tells of the newest version; undefined when it is another problem. */
export function storedIn<F>(error: unknown, fieldsOf: (current: unknown) => F): Stored<F> | undefined {
  if (!(error instanceof ApiProblem) || error.status !== 412) return undefined
  const { current, changedBy, changedAt } = error.values
  if (typeof current !== 'object' || current === null || !('version' in current) || typeof current.version !== 'number')
    return undefined
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  return { version: current.version, fields: fieldsOf(current), by: text(changedBy), at: text(changedAt) }
}

/** More often than this nobody is quicker by chance. */
const maxTries = 8

/**
 * @param shelf where drafts are kept
 * @param clock ms since 1970
 * @param isShown whether it is on the screen already; what was kept is looked for when it is
 */
export function formStore<F extends object>(
  place: KeptPlace,
  stored: Stored<F>,
  { shelf, clock, isShown = true }: { shelf: Shelf; clock: () => number; isShown?: boolean },
): FormStore<F> {
  const listeners = new Set<() => void>()
  let beforeDrop: FormState<F> | null = null
  let running: Promise<Sent> | null = null
  let hasEnded = false
  let typedAt = clock()
  /** The text is another page's, as long as nothing is typed here. */
  let isTakenUp = false
  let view = isShown ? begun(stored) : viewOf(opened(stored))

  function begun(from: Stored<F>): FormView<F> {
    const isOwn = hasKept(shelf, place)
    const kept = takeUp<F>(shelf, place, clock())
    isTakenUp = kept !== null && !isOwn
    typedAt = kept?.at ?? clock()
    const state = opened(from, kept)
    return givenBack({ ...viewOf(state), draftAt: kept !== null && isChanged(state) ? kept.at : null })
  }
  function viewOf(state: FormState<F>): FormView<F> {
    return {
      ...{ state, draftAt: null, isDropped: false, isSending: false, problem: null, merged: null },
      elsewhere: elsewhere<F>(shelf, place, clock())[0] ?? null,
    }
  }
  /** What was taken up is given back to a page that is still there and keeps it again. */
  function givenBack(now: FormView<F>): FormView<F> {
    const others = elsewhere<F>(shelf, place, clock())[0] ?? null
    if (!isTakenUp || others === null || !same(others.kept.own, now.state.own)) return { ...now, elsewhere: others }
    isTakenUp = false
    keep(shelf, place, null)
    return { ...now, state: opened(now.state.stored), draftAt: null, elsewhere: others }
  }
  function set(change: Partial<FormView<F>>): void {
    view = { ...view, ...change }
    for (const listener of listeners) listener()
  }
  function setState(state: FormState<F>, change: Partial<FormView<F>> = {}): void {
    if (!hasEnded) keep(shelf, place, keptOf(state, typedAt))
    set({ state, ...(isChanged(state) ? {} : { draftAt: null }), ...change })
  }

  async function sendAll(put: Put<F>, fieldsOf: (current: unknown) => F): Promise<Sent> {
    let outcome: Sent = 'nothing'
    for (let tries = 0; tries < maxTries; tries++) {
      const change = toSend(view.state)
      if (change === null) {
        const open = clashesOf(view.state).some(each => each.choice === 'open')
        if (!open) setState(settled(view.state))
        return open ? 'clash' : outcome
      }
      const { version, fields } = view.state.stored
      setState(sent(view.state), { isSending: true, problem: null })
      try {
        const after = await put(change, version, { ...fields, ...change })
        // The state of now, not of before: what was typed while it was under way is in it.
        setState(saved(view.state, after))
        outcome = 'saved'
      } catch (error) {
        const newest = storedIn(error, fieldsOf)
        setState(notSaved(view.state, newest ?? null))
        if (newest === undefined || newest.version <= version) throw error
        if (clashesOf(view.state).length === 0) set({ merged: { by: newest.by ?? null, times: (view.merged?.times ?? 0) + 1 } })
      }
    }
    return 'clash'
  }

  return {
    view: () => view,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    open(from) {
      const isOwn = isChanged(view.state)
      // Nothing of ours: what is read now stands, also when it begins anew (another new card).
      if (!view.isSending && !isOwn && from.version >= view.state.stored.version) set(begun(from))
      else setState(heard(view.state, from), { draftAt: isOwn && !view.isSending ? typedAt : null, isDropped: false })
    },
    hear(from) {
      const { stored: known } = view.state
      if (from.version > known.version) setState(heard(view.state, from))
      // What has no version of its own is as it was read last, while nothing else is typed.
      else if (from.version === 0 && known.version === 0 && !isChanged(view.state) && !view.isSending && !same(from, known))
        setState(opened(from))
    },
    change(part) {
      beforeDrop = null
      isTakenUp = false
      typedAt = clock()
      setState(typed(view.state, part), { isDropped: false, problem: null })
    },
    choose: (field, choice) => setState(chosen(view.state, field, choice)),
    drop() {
      beforeDrop = view.state
      setState(dropped(view.state), { draftAt: null, isDropped: true, problem: null })
    },
    takeBack() {
      if (beforeDrop === null) return
      const back = opened(view.state.stored, keptOf(beforeDrop, typedAt))
      beforeDrop = null
      setState(back, { isDropped: false })
    },
    send(put, fieldsOf) {
      running ??= sendAll(put, fieldsOf)
        .catch((error: unknown) => {
          set({ problem: error })
          throw error
        })
        .finally(() => {
          running = null
          set({ isSending: false })
        })
      return running
    },
    clear(from) {
      beforeDrop = null
      setState(opened(from ?? view.state.stored), { draftAt: null, isDropped: false, problem: null })
    },
    listen(key) {
      const page = pageOfKey(key, place)
      if (page === undefined) return
      if (page === place.page) {
        // Another page has taken up what is still being written here: it is kept again, and that page is told.
        if (!hasEnded && shelf?.getItem(keyOf(place)) === null) keep(shelf, place, keptOf(view.state, typedAt))
        return
      }
      set(givenBack(view))
    },
    end() {
      hasEnded = true
      keep(shelf, place, null)
      setState(opened(view.state.stored), { draftAt: null, elsewhere: null })
    },
  }
}
