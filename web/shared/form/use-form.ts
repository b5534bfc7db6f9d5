/** Forms with a version, in pages: see `state.ts` for what happens to their texts. */
import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import { ApiProblem, serverNow } from '../api.ts'
import { useSession } from '../session.tsx'
import type { KeptElsewhere } from './kept.ts'
import { draftsBelongTo, pageName, shelf } from './page.ts'
import { type Choice, type Clash, clashesOf, isChanged, type Stored, shown } from './state.ts'
import { type FormStore, formStore, type Put, type Sent } from './store.ts'

export interface Form<F extends object> {
  /** What stands in the fields. */
  fields: F
  change(part: Partial<F>): void
  /** Whether there is something that the server does not have. */
  isChanged: boolean
  /** The version that the form stands on. */
  version: number
  /** The version after a `send`, before the page is drawn anew. */
  versionNow(): number
  isSending: boolean
  /** What somebody else had saved meanwhile was taken in: who it was, and how often it was so. */
  merged: { by: string | null; times: number } | null
  /** Why the last try to save failed. */
  problem: unknown
  /** Sends what was typed. Asks for nothing when somebody has to choose between two texts first. @throws as `put` */
  send(put: Put<F>): Promise<Sent>
  /** It is done with: nothing is kept. */
  clear(stored?: Stored<F>): void
  /** When the draft was typed (ms since 1970) that was found when the form was opened. */
  draftAt: number | null
  drop(): void
  /** Has back what was dropped; undefined when nothing was. */
  takeBack: (() => void) | undefined
  clashes: readonly Clash<F>[]
  /** Who changed the same fields, and when, where that is known. */
  by: string | null
  at: string | null
  choose(field: keyof F & string, choice: Choice): void
  /** What another page of the same person is writing in the same form. */
  elsewhere: KeptElsewhere<F> | null
}

export interface FormOptions<F> {
  /** What it belongs to, e.g. `contact:019a…`: the name of its draft. */
  name: string
  /** What the server has, as it was last read. */
  stored: Stored<F>
  /** The fields in what a refusal tells of the newest version. */
  fieldsOf: (current: unknown) => F
  /** Whether it is on the screen, for a dialog that is there all the time. */
  isOpen?: boolean
}

type AnyStore = Pick<FormStore<object>, 'listen' | 'end'> & { view(): { isSending: boolean } }
/** Forms of every shape, each under the name that only its own page gives. */
const stores = new Map<string, AnyStore>()
const maxStores = 200
const waiting = new Map<string, () => Promise<unknown>>()

if (typeof window !== 'undefined')
  window.addEventListener('storage', event => {
    if (event.key !== null) for (const store of stores.values()) store.listen(event.key)
  })

function storeOf<F extends object>(personId: string, { name, stored, isOpen = true }: FormOptions<F>): FormStore<F> {
  const key = `${personId} ${name}`
  const known = stores.get(key)
  if (known) return known as FormStore<F>
  const place = { personId, form: name, page: pageName() }
  const made = formStore<F>(place, stored, { shelf: shelf(), clock: serverNow, isShown: isOpen })
  stores.set(key, made)
  for (const [other, each] of stores) {
    if (stores.size <= maxStores) break
    if (!each.view().isSending && other !== key) stores.delete(other)
  }
  return made
}

/** The session has ended, or is another person's: what was typed in it is gone from this machine. */
export function endForms(personId: string | null): void {
  for (const [key, store] of stores)
    if (personId === null || !key.startsWith(`${personId} `)) {
      store.end()
      stores.delete(key)
    }
  draftsBelongTo(personId)
}

/** Saves at once what saves itself, wherever it is: before somebody signs out. What cannot be saved stays unsaved. */
export const flushForms = (): Promise<unknown> => Promise.allSettled([...waiting.values()].map(flush => flush()))

export function useForm<F extends object>(options: FormOptions<F>): Form<F> {
  const { person } = useSession()
  const store = storeOf(person.id, options)
  const view = useSyncExternalStore(store.subscribe, store.view)
  const latest = useRef(options)
  latest.current = options
  const shownStore = useRef<FormStore<F> | null>(null)
  const { stored, isOpen = true } = options
  const reading = JSON.stringify(stored)
  const isOwn = isChanged(view.state)
  // Fields do not move under the hands of who types: what others have changed meanwhile comes with the refusal, which says who it was.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same reading is heard once, however often it is made anew
  useEffect(() => {
    if (!isOpen) {
      shownStore.current = null
      return
    }
    if (shownStore.current !== store) store.open(stored)
    else if (!isOwn) store.hear(stored)
    shownStore.current = store
  }, [store, reading, isOwn, isOpen])

  const send = useCallback((put: Put<F>) => store.send(put, current => latest.current.fieldsOf(current)), [store])
  const { state } = view
  return {
    fields: shown(state),
    change: store.change,
    isChanged: isOwn,
    version: state.stored.version,
    versionNow: () => store.view().state.stored.version,
    isSending: view.isSending,
    merged: view.merged,
    problem: view.problem,
    send,
    clear: store.clear,
    draftAt: view.draftAt,
    drop: store.drop,
    takeBack: view.isDropped ? store.takeBack : undefined,
    clashes: clashesOf(state),
    by: state.stored.by ?? null,
    at: state.stored.at ?? null,
    choose: store.choose,
    elsewhere: view.elsewhere,
  }
}

/** `failed` is tried again; `refused` is not, until something else is typed. */
export type SaveState = 'saved' | 'pending' | 'saving' | 'failed' | 'refused' | 'clash'

const retryMs = 3_000

/** Whether the same may be taken later: nobody heard it, or the server is short of something. */
const isPassing = (problem: unknown): boolean =>
  problem instanceof ApiProblem && (problem.status === 0 || problem.status === 429 || problem.status >= 500)

/**
 * Saves a form by itself when the hand rests for `restMs`, when it is left, and before somebody signs out; what could not be saved is tried again.
 * "Saved" is when the server has this text.
 * @param put null while it may not be saved
 */
export function useSavedByItself<F extends object>(name: string, form: Form<F>, put: Put<F> | null, restMs: number): SaveState {
  // One for each name: whoever goes to another ticket leaves the one before to be saved as it was.
  // biome-ignore lint/correctness/useExhaustiveDependencies: filled anew each time, below
  const holder = useMemo(() => ({ name, form, put }), [name])
  holder.form = form
  holder.put = put
  const open = form.clashes.some(each => each.choice === 'open')
  const isRefused = form.problem !== null && !isPassing(form.problem)
  const mustSave = form.isChanged && !open && put !== null && !isRefused
  const text = JSON.stringify(form.fields)
  const { send } = form

  // biome-ignore lint/correctness/useExhaustiveDependencies: each key begins the rest of the hand anew
  useEffect(() => {
    if (!mustSave || form.isSending) return
    const timer = setTimeout(
      () => {
        if (holder.put) void send(holder.put).catch(() => {})
      },
      form.problem ? retryMs : restMs,
    )
    return () => clearTimeout(timer)
  }, [mustSave, text, form.isSending, form.problem, restMs, send, holder])

  useEffect(() => {
    const flush = async () => {
      if (holder.put && holder.form.isChanged) await holder.form.send(holder.put)
    }
    waiting.set(holder.name, flush)
    return () => {
      waiting.delete(holder.name)
      void flush().catch(() => {})
    }
  }, [holder])

  if (open) return 'clash'
  if (form.isSending) return 'saving'
  if (form.problem) return isRefused ? 'refused' : 'failed'
  return form.isChanged ? 'pending' : 'saved'
}
