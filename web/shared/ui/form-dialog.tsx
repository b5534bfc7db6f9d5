/** A dialog that sends something: its fields, what was refused, and at the end a way back and one act. */
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { errorsOf } from '../api.ts'
import { goToWrongField } from '../focus.ts'
import { Button } from './button.tsx'
import { Dialog, type DialogProps } from './overlays.tsx'
import { Problem } from './parts.tsx'

export interface FormDialogProps extends Omit<DialogProps, 'footer' | 'side' | 'toRead' | 'onSubmit'> {
  onSubmit: () => void
  /** What the act is called on its button. */
  act: string
  tone?: 'primary' | 'danger'
  /** What the way back is called where "cancel" could be taken for the act. */
  back?: string
  sending?: boolean
  /** Why it cannot be sent as it stands. */
  why?: string | null
  /** Why it was not done. Said here unless a field says it. */
  error?: unknown
}

export function FormDialog({
  act,
  tone = 'primary',
  back,
  sending = false,
  why = null,
  error,
  children,
  ...dialog
}: FormDialogProps) {
  const { t } = useTranslation()
  const fields = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (Object.keys(errorsOf(error)).length > 0) goToWrongField(fields.current)
  }, [error])
  return (
    <Dialog
      {...dialog}
      fields={fields}
      footer={
        <>
          <Button onPress={dialog.onClose}>{back ?? t('cancel')}</Button>
          <Button tone={tone} type="submit" isPending={sending} why={why}>
            {act}
          </Button>
        </>
      }
    >
      {children}
      {Object.keys(errorsOf(error)).length === 0 && <Problem error={error} />}
    </Dialog>
  )
}
