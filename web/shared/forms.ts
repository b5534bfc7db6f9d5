/** Pieces of forms: the key of a creation, what is under way, and texts that survive a closed page. */
import { useRef, useState } from 'react'
import { errorsOf } from './api.ts'
import { type Form, useForm } from './form/use-form.ts'

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

/** A text that is written once and sent (a note, a reason): a form with one field that the server has nothing of yet. */
export interface TextDraft {
  text: string
  setText(text: string): void
  /** It has been sent: nothing is kept. */
  clear(): void
  /** For what must be said of it: see `DraftNotice`. */
  form: Form<{ text: string }>
}

const nothingYet = { version: 0, fields: { text: '' } }

/**
 * A text that is kept on this machine while it is typed, for this person and no other, until `clear()`.
 * @param name what it belongs to, e.g. `ticket-note:019a…`
 * @param isOpen whether it is on the screen, for a dialog that is there all the time
 */
export function useDraft(name: string, isOpen = true): TextDraft {
  const form = useForm({ name, stored: nothingYet, fieldsOf: () => nothingYet.fields, isOpen })
  return { text: form.fields.text, setText: text => form.change({ text }), clear: () => form.clear(nothingYet), form }
}
