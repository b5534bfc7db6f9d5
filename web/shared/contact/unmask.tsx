/**
 * Data that are masked, and one press that shows them: the press is the reason, and the journal keeps it. In words only where none of the usual
 * reasons fits.
 */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { unmaskReasons } from '../../../src/contacts/choices.ts'
import type { Contact, Unmask } from '../../../src/contacts/model.ts'
import { api, sentenceOf } from '../api.ts'
import { Button, FormDialog, Icon, notify, TextField } from '../ui/index.ts'

/** Shows a card whole. */
export function useUnmask(contactId: string, callId: string | null) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Pick<Unmask, 'reason'> & { note?: string }) =>
      api.post('/api/contacts/:contactId/unmask', { path: { contactId }, body: { ...body, callId } }),
    onSuccess: whole => client.setQueryData(['contact', contactId], whole),
    onError: error => notify(sentenceOf(error), 'late'),
  })
}

/** To correct is a press of its own, on the card's form. */
const offered = unmaskReasons.filter(reason => reason !== 'correct')

export function Masked({ contact, callId }: { contact: Contact; callId: string | null }) {
  const { t } = useTranslation('web-desk')
  const unmask = useUnmask(contact.id, callId)
  const [isWriting, setWriting] = useState(false)
  const [note, setNote] = useState('')
  if (contact.masked.length === 0) return null
  return (
    <fieldset className="row wrap plain-group masked" aria-label={t('unmask.why')}>
      <span className="tiny">
        <Icon name="lock" size={14} /> {t('unmask.show')}
      </span>
      {offered.map(reason => (
        <Button
          key={reason}
          className="chip"
          isPending={unmask.isPending}
          onPress={() => (reason === 'other' ? setWriting(true) : unmask.mutate({ reason }))}
        >
          {t(`unmask.reason.${reason}`)}
        </Button>
      ))}
      {isWriting && (
        <FormDialog
          title={t('unmask.why')}
          isOpen
          onClose={() => setWriting(false)}
          onSubmit={() => unmask.mutate({ reason: 'other', note }, { onSuccess: () => setWriting(false) })}
          act={t('unmask.show')}
          sending={unmask.isPending}
          why={note.trim() === '' ? t('unmask.note') : null}
        >
          <TextField label={t('unmask.note')} hint={t('unmask.noted')} value={note} onChange={setNote} autoFocus />
        </FormDialog>
      )}
    </fieldset>
  )
}
