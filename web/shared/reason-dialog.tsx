/** Puts something in force that is kept with its reason: the reason is asked for, kept while it is typed, and sent with it. */
import type { ReactNode } from 'react'
import { missing } from './api.ts'
import { DraftNotice } from './form/notices.tsx'
import type { Sent } from './form/store.ts'
import { useDraft, useSending } from './forms.ts'
import { FormDialog, notify, TextArea } from './ui/index.ts'

/** A reason that is shorter tells nobody anything. */
const shortest = 3

export function ReasonDialog({
  name,
  texts,
  children,
  onSave,
  onSettled,
  onClose,
}: {
  /** What the draft of the reason belongs to, e.g. `agenda-reason:ag-roma-eur`. */
  name: string
  texts: {
    title: string
    act: string
    reason: string
    /** Said when there is no reason. */
    missing: string
    /** Said when it is done. */
    done: string
  }
  /** What comes of it. */
  children: ReactNode
  onSave: (reason: string) => Promise<Sent>
  /** Whether it was done or refused. */
  onSettled?: () => void
  onClose: () => void
}) {
  const sending = useSending()
  const draft = useDraft(name)
  const save = () => {
    const reason = draft.text.trim()
    if (reason.length < shortest) return sending.refuse(missing({ reason: texts.missing }))
    return void sending.send(async () => {
      try {
        const sent = await onSave(reason)
        if (sent !== 'clash') {
          draft.clear()
          notify(texts.done)
        }
        onClose()
      } finally {
        onSettled?.()
      }
    })
  }
  return (
    <FormDialog
      title={texts.title}
      act={texts.act}
      isOpen
      onClose={onClose}
      sending={sending.pending}
      error={sending.error}
      onSubmit={save}
    >
      {children}
      <DraftNotice form={draft.form} />
      <TextArea
        label={texts.reason}
        rows={2}
        autoFocus
        value={draft.text}
        onChange={draft.setText}
        error={sending.fields.reason}
      />
    </FormDialog>
  )
}
