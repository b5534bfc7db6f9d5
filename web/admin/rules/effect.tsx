/** What would come of what stands in the form, and the act that puts it in force. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RuleCell, RuleChange } from '../../../src/cases/rules/model.ts'
import { api, missing } from '../../shared/api.ts'
import type { Sent } from '../../shared/form/store.ts'
import { useDraft, useSending } from '../../shared/forms.ts'
import { Button, Card, ErrorState, FormDialog, Loading, Notice, notify, TextArea } from '../../shared/ui/index.ts'

export function Effect({
  version,
  changes,
  isChanged,
  mustChoose,
  onDrop,
  onPut,
}: {
  version: number
  changes: readonly RuleChange[]
  isChanged: boolean
  mustChoose: boolean
  onDrop: () => void
  onPut: (reason: string) => Promise<Sent>
}) {
  const { t, i18n } = useTranslation('web-rules')
  const [isPutting, setPutting] = useState(false)
  const wanted = useDeferredValue(changes)
  const effect = useQuery({
    queryKey: ['ticket-rules-effect', version, wanted],
    queryFn: ({ signal }) => api.post('/api/ticket-rules/effect', { body: { changes: [...wanted] }, signal }),
    enabled: isChanged,
    placeholderData: earlier => earlier,
  })
  if (!isChanged)
    return (
      <Card title={t('effect.title')}>
        <p className="muted">{t('effect.none')}</p>
      </Card>
    )
  if (effect.isError) return <ErrorState error={effect.error} onRetry={() => void effect.refetch()} />
  if (!effect.data) return <Loading lines={3} />
  const { gained, lost, tickets, violations } = effect.data
  const why = mustChoose ? t('web:form.chooseFirst') : violations.length > 0 ? t('effect.refused') : null
  return (
    <Card title={t('effect.title')}>
      <div className="col">
        {violations.map(({ invariant, sentence }) => (
          <Notice key={invariant} tone="late" live title={t('effect.refused')}>
            {sentence}
          </Notice>
        ))}
        <Cells title={t('effect.gained')} cells={gained} />
        <Cells title={t('effect.lost')} cells={lost} />
        {tickets.length > 0 && (
          <p className="small">
            {t('effect.tickets')}{' '}
            {tickets
              .map(
                ({ state, count }) =>
                  `${count.toLocaleString(i18n.language)} ${t(`states.${state}`).toLocaleLowerCase(i18n.language)}`,
              )
              .join(' · ')}
          </p>
        )}
        <div className="row wrap">
          <Button tone="primary" why={why} onPress={() => setPutting(true)}>
            {t('effect.put')}
          </Button>
          <Button onPress={onDrop}>{t('effect.drop')}</Button>
        </div>
      </div>
      {isPutting && <PutDialog onPut={onPut} onClose={() => setPutting(false)} />}
    </Card>
  )
}

export function Cells({ title, cells }: { title: string; cells: readonly RuleCell[] }) {
  const { t } = useTranslation('web-rules')
  if (cells.length === 0) return null
  const byWho = new Map<string, { cell: RuleCell; states: string[] }>()
  for (const cell of cells) {
    const key = `${cell.standing} ${cell.action}`
    const known = byWho.get(key)
    if (known) known.states.push(t(`states.${cell.state}`))
    else byWho.set(key, { cell, states: [t(`states.${cell.state}`)] })
  }
  return (
    <div>
      <b>{title}</b>
      <ul className="rule-cells">
        {[...byWho].map(([key, { cell, states }]) => (
          <li key={key}>
            {t(`standings.${cell.standing}`)}: {t(`actions.${cell.action}`)} <small>({states.join(', ')})</small>
          </li>
        ))}
      </ul>
    </div>
  )
}

function PutDialog({ onPut, onClose }: { onPut: (reason: string) => Promise<Sent>; onClose: () => void }) {
  const { t } = useTranslation('web-rules')
  const client = useQueryClient()
  const sending = useSending()
  const draft = useDraft('ticket-rules-reason')
  const put = () => {
    if (draft.text.trim() === '') return sending.refuse(missing({ reason: t('put.missing') }))
    return void sending.send(async () => {
      const sent = await onPut(draft.text.trim())
      if (sent === 'clash') return onClose()
      draft.clear()
      void client.invalidateQueries({ queryKey: ['ticket-rules'] })
      void client.invalidateQueries({ queryKey: ['ticket-rules-versions'] })
      notify(t('put.done'))
      onClose()
    })
  }
  return (
    <FormDialog
      title={t('effect.put')}
      act={t('effect.put')}
      isOpen
      onClose={onClose}
      sending={sending.pending}
      error={sending.error}
      onSubmit={put}
    >
      <p>{t('put.text')}</p>
      <TextArea
        label={t('put.reason')}
        rows={3}
        autoFocus
        value={draft.text}
        onChange={draft.setText}
        error={sending.fields.reason}
      />
    </FormDialog>
  )
}
