/** A step of an activity: what is said with it, and for one that was held how many came. It can be undone. */
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Activity, ActivityState } from '../../src/prevention/model.ts'
import { api, errorsOf, missing } from '../shared/api.ts'
import { goToStep } from '../shared/focus.ts'
import { DraftNotice } from '../shared/form/notices.tsx'
import { useDraft } from '../shared/forms.ts'
import { FormDialog, notify, TextArea, TextField } from '../shared/ui/index.ts'
import { useTakeIn } from './queries.ts'

export function StepDialog({ activity, to, onClose }: { activity: Activity; to: ActivityState; onClose: () => void }) {
  const { t } = useTranslation('web-prevention')
  const takeIn = useTakeIn()
  const draft = useDraft(`activity-step:${activity.id}:${to}`)
  const [participants, setParticipants] = useState(activity.participants === null ? '' : String(activity.participants))
  const step = useMutation({
    mutationFn() {
      const count = participants.trim()
      if (to === 'done' && !/^\d{0,6}$/.test(count)) throw missing({ participants: t('wholeNumber') })
      return api.post('/api/prevention/:activityId/step', {
        path: { activityId: activity.id },
        body: { to, text: draft.text, participants: to !== 'done' || count === '' ? null : Number(count) },
        version: activity.version,
      })
    },
    onSuccess(saved) {
      draft.clear()
      takeIn(saved)
      onClose()
      notify(t('taken', { state: t(`states.${to}`) }))
      goToStep('activity-steps')
    },
  })
  const isEnd = to === 'refused' || to === 'cancelled'
  return (
    <FormDialog
      title={t(`take.${to}`)}
      act={t(`take.${to}`)}
      tone={isEnd ? 'danger' : 'primary'}
      back={t('backFromStep')}
      isOpen
      onClose={onClose}
      sending={step.isPending}
      error={step.error}
      onSubmit={() => step.mutate()}
    >
      <p>{t(`takeText.${to}`, { title: activity.title })}</p>
      {to !== 'planned' && (
        <>
          <DraftNotice form={draft.form} />
          <TextArea label={t(`stepText.${to}`)} value={draft.text} onChange={draft.setText} rows={4} autoFocus />
        </>
      )}
      {to === 'done' && (
        <TextField
          label={t('fields.participants')}
          hint={t('participantsHint')}
          value={participants}
          onChange={setParticipants}
          inputMode="numeric"
          error={errorsOf(step.error).participants}
        />
      )}
    </FormDialog>
  )
}
