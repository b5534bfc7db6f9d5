/** "Remind me on the 14th": a day on which the reader wants to look at a case again. */
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Case } from '../../src/cases/model.ts'
import { api, missing } from '../shared/api.ts'
import { useCase } from '../shared/case/case-view.tsx'
import { useDraft, useSending } from '../shared/forms.ts'
import { useShortcut } from '../shared/shortcuts.ts'
import { fullDate, startOfDay } from '../shared/time.ts'
import { Button, DateField, FormDialog, TextArea } from '../shared/ui/index.ts'

export function FollowUpButton({ caseId }: { caseId: string }) {
  const { t } = useTranslation('web-cases')
  const { i18n } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  const matter = useCase(caseId).data
  useShortcut({ keys: 'm', label: t('followUp.set'), group: t('web:shortcuts.here') }, () => setOpen(true))
  if (!matter) return null
  const { followUp } = matter
  return (
    <>
      <Button icon="clock" kbd="M" onPress={() => setOpen(true)}>
        {followUp ? t('followUp.on', { day: fullDate(Date.parse(startOfDay(followUp.day)), i18n.language) }) : t('followUp.set')}
      </Button>
      {isOpen && <FollowUpDialog matter={matter} onClose={() => setOpen(false)} />}
    </>
  )
}

function FollowUpDialog({ matter, onClose }: { matter: Case; onClose: () => void }) {
  const { t } = useTranslation('web-cases')
  const client = useQueryClient()
  const draft = useDraft(`follow-up:${matter.id}`)
  const [day, setDay] = useState(matter.followUp?.day ?? '')
  const sending = useSending()
  const done = (changed: Case) => {
    client.setQueryData(['case', matter.id], changed)
    void client.invalidateQueries({ queryKey: ['cases'] })
    draft.clear()
    onClose()
  }
  const path = { caseId: matter.id }
  const note = draft.text === '' ? (matter.followUp?.note ?? '') : draft.text
  return (
    <FormDialog
      isOpen
      title={t('followUp.set')}
      act={t('followUp.keep')}
      sending={sending.pending}
      error={sending.error}
      onClose={onClose}
      onSubmit={() =>
        day === ''
          ? sending.refuse(missing({ day: t('followUp.dayNeeded') }))
          : void sending.send(async () => done(await api.put('/api/cases/:caseId/follow-up', { path, body: { day, note } })))
      }
    >
      <DateField label={t('followUp.day')} value={day} onChange={setDay} error={sending.fields.day} autoFocus />
      <TextArea label={t('followUp.note')} hint={t('followUp.hint')} value={note} onChange={draft.setText} rows={2} />
      {matter.followUp && (
        <Button
          tone="quiet"
          icon="delete"
          onPress={() => void sending.send(async () => done(await api.delete('/api/cases/:caseId/follow-up', { path })))}
        >
          {t('followUp.drop')}
        </Button>
      )}
    </FormDialog>
  )
}
