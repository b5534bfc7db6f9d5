/** Saving a form of a thing that is made, or changed by its version. */
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { errorsOf } from '../api.ts'
import { useIdempotencyKey } from '../forms.ts'
import type { Stored } from './state.ts'
import type { Form } from './use-form.ts'

/** Makes a new one, under the key that belongs to its body: once, however often one presses. */
interface Making<F, S> {
  make: (fields: F, keyFor: (body: unknown) => string) => Promise<S>
}

/** Sends what was changed of one that is there, against the version on which it stands. */
interface Changing<F, S> {
  change: (changed: Partial<F>, version: number) => Promise<S>
}

export interface SavingOptions<F, S> {
  stored: Stored<F>
  how: Making<F, S> | Changing<F, S>
  fieldsOf: (saved: S) => F
  onSaved: (saved: S) => void
  /** There was nothing to save. */
  onClose: () => void
}

/** Returns what a dialog of a form needs: `dialog` are its properties, `errors` what is wrong with each field. */
export function useSaving<F extends object, S extends { version: number }>(
  form: Form<F>,
  { stored, how, fieldsOf, onSaved, onClose }: SavingOptions<F, S>,
) {
  const { t } = useTranslation()
  const key = useIdempotencyKey()
  const saving = useMutation({
    async mutationFn() {
      if ('make' in how) {
        const made = await how.make(form.fields, key.keyFor)
        key.renew()
        form.clear(stored)
        return onSaved(made)
      }
      let saved: S | undefined
      const sent = await form.send(async (changed, version) => {
        saved = await how.change(changed, version)
        return { version: saved.version, fields: fieldsOf(saved) }
      })
      if (sent === 'nothing') onClose()
      if (sent === 'saved' && saved) onSaved(saved)
    },
  })
  return {
    dialog: {
      sending: saving.isPending,
      why: form.clashes.some(each => each.choice === 'open') ? t('form.chooseFirst') : null,
      error: saving.error,
      onSubmit: () => saving.mutate(),
    },
    errors: errorsOf(saving.error),
  }
}
