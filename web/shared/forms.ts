/** Pieces of forms: the key of a creation, and drafts that survive a closed page. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { errorsOf } from './api.ts'
import { useSession } from './session.tsx'

/**
 * The `Idempotency-Key` of a form: the same for each attempt to send it, a new one after `renew()` or when what is sent changes.
 * A lost answer followed by a second press then creates nothing twice.
 */
export function useIdempotencyKey(): { keyFor(body: unknown): string; renew(): void } {
  const held = useRef<{ key: string; body: string } | undefined>(undefined)
  return {
    keyFor(body) {
      const text = JSON.stringify(body) ?? ''
      if (held.current?.body !== text) held.current = { key: crypto.randomUUID(), body: text }
      return held.current.key
    },
    renew() {
      held.current = undefined
    },
  }
}

/** Sends what a dialog asks for, and keeps why it was not done, for the fields and for the dialog. */
export function useSending() {
  const [error, setError] = useState<unknown>(null)
  const [pending, setPending] = useState(false)
  return {
    /** Whether it is under way. */
    pending,
    error,
    fields: errorsOf(error),
    /** Says what is missing before anything is sent; null takes it back. */
    refuse: setError,
    async send(act: () => Promise<void>): Promise<void> {
      setPending(true)
      setError(null)
      try {
        await act()
      } catch (problem) {
        setError(problem)
      } finally {
        setPending(false)
      }
    },
  }
}

const draftPrefix = 'draft'

/**
 * A text that is kept in this browser while it is typed, for this person and no other, until `clear()`: when it has been sent, or when the
 * server has it and the field goes on showing it (`clear(text)`).
 * @param name what it belongs to, e.g. `ticket-note:019a…`
 * @param initial shown when nothing is kept
 */
export function useDraft(name: string, initial = ''): { text: string; setText(text: string): void; clear(text?: string): void } {
  const { person } = useSession()
  const key = `${draftPrefix}:${person.id}:${name}`
  const [state, setState] = useState(() => ({ key, text: readDraft(key) ?? initial }))
  // Another thing is shown: its own draft, at once and not after an effect.
  const current = state.key === key ? state : { key, text: readDraft(key) ?? initial }
  if (current !== state) setState(current)

  const setText = useCallback(
    (text: string) => {
      writeDraft(key, text)
      setState({ key, text })
    },
    [key],
  )
  const clear = useCallback(
    (text = '') => {
      writeDraft(key, '')
      setState({ key, text })
    },
    [key],
  )
  return { text: current.text, setText, clear }
}

/** The same for a form of several fields, kept as JSON. */
export function useFormDraft<T extends object>(name: string, initial: T): [T, (change: Partial<T>) => void, () => void] {
  const { text, setText, clear } = useDraft(name)
  const value = { ...initial, ...parsed<T>(text) }
  return [value, change => setText(JSON.stringify({ ...value, ...change })), clear]
}

function parsed<T>(text: string): Partial<T> {
  if (text === '') return {}
  try {
    return JSON.parse(text) as Partial<T>
  } catch {
    return {}
  }
}

function readDraft(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined
  } catch {
    return undefined
  }
}

/** A browser that keeps nothing (private window, full disk) still lets people write. */
function writeDraft(key: string, text: string): void {
  try {
    if (text === '') localStorage.removeItem(key)
    else localStorage.setItem(key, text)
  } catch {
    return
  }
}

/** Runs `work` when `value` has not changed for `ms`; at once when the component goes. */
export function useSettled<T>(value: T, ms: number, work: (value: T) => void): void {
  const latest = useRef({ value, work, pending: false })
  const first = useRef(true)
  latest.current.work = work
  useEffect(() => {
    if (first.current) {
      first.current = false
      latest.current.value = value
      return
    }
    latest.current.value = value
    latest.current.pending = true
    const timer = setTimeout(() => {
      latest.current.pending = false
      latest.current.work(value)
    }, ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  useEffect(
    () => () => {
      if (latest.current.pending) latest.current.work(latest.current.value)
      latest.current.pending = false
    },
    [],
  )
}
