/** The first ending: the operator answers, and the matter is closed at the first contact. */
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Interaction } from '../../src/cases/model.ts'
import { api } from '../shared/api.ts'
import { useIdempotencyKey } from '../shared/forms.ts'
import { useShortcut } from '../shared/shortcuts.ts'
import { Button, Card, Problem, TextArea } from '../shared/ui/index.ts'
import { missingFor } from './ending.ts'
import { useMissing } from './missing.ts'
import { MissingNotice } from './missing-notice.tsx'
import type { Sheet } from './sheet.ts'

export function AnswerEnding({ interaction, sheet }: { interaction: Interaction; sheet: Sheet }) {
  const { t } = useTranslation('web-desk')
  const { fields, change } = sheet
  const key = useIdempotencyKey()
  const { missing, asked, ask } = useMissing(missingFor('answer', { ...fields, corrected: false, holdId: null }))
  const end = useMutation({
    mutationFn: async () => {
      await sheet.flush()
      const body = { answer: fields.answer.trim() }
      return api.post('/api/interactions/:interactionId/answer', {
        path: { interactionId: interaction.id },
        body,
        key: key.keyFor(body),
      })
    },
    onSuccess: sheet.finish,
  })
  const send = () => {
    if (ask() && !end.isPending) end.mutate()
  }
  useShortcut({ keys: 'Control+Enter', label: t('ending.answer.send'), group: t('shortcuts.group') }, send)
  return (
    <Card>
      <div className="col">
        <TextArea
          label={t('ending.answer.label')}
          step="answer"
          hint={t('ending.answer.hint')}
          value={fields.answer}
          onChange={answer => change({ answer })}
          rows={3}
        />
        {asked && <MissingNotice missing={missing} />}
        <Problem error={end.error} />
        <div className="row">
          <span className="grow" />
          <Button tone="primary" tall kbd="Control+Enter" onPress={send} isPending={end.isPending}>
            {t('ending.answer.send')}
          </Button>
        </div>
      </div>
    </Card>
  )
}
