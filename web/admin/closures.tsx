/** The days on which a unit does not work, its own and those of the units above it; whoever manages it decides and takes back. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { UnitClosure } from '../../src/organisation/model.ts'
import { api, missing, serverNow } from '../shared/api.ts'
import { DraftNotice } from '../shared/form/notices.tsx'
import { useDraft, useSending } from '../shared/forms.ts'
import { useMay } from '../shared/session.tsx'
import { dayOf, longDay, startOfDay } from '../shared/time.ts'
import { Button, Card, DateField, ErrorState, FormDialog, Loading, notify, Problem, TextField } from '../shared/ui/index.ts'
import { BookedOnDays } from './booked-on-days.tsx'

const keyOf = (unitId: string) => ['unit', unitId, 'closures'] as const

export function Closures({ unitId }: { unitId: string }) {
  const { t } = useTranslation('web-admin')
  const mayDecide = useMay('hours.set')
  const [isOpen, setOpen] = useState(false)
  const closures = useQuery({
    queryKey: keyOf(unitId),
    queryFn: ({ signal }) => api.get('/api/units/:unitId/closures', { path: { unitId }, signal }),
    meta: { live: ['unit.'] },
  })
  return (
    <Card
      title={t('closures.title')}
      level="h2"
      aside={
        mayDecide && (
          <Button className="small-button" onPress={() => setOpen(true)}>
            {t('closures.new')}
          </Button>
        )
      }
    >
      {closures.isPending && <Loading lines={1} />}
      {closures.error && !closures.data && <ErrorState error={closures.error} onRetry={() => void closures.refetch()} />}
      {closures.data?.items.length === 0 && <p className="muted">{t('closures.none')}</p>}
      {closures.data && closures.data.items.length > 0 && (
        <ul className="closures">
          {closures.data.items.map(closure => (
            <ClosureRow key={closure.id} closure={closure} unitId={unitId} mayDecide={mayDecide} />
          ))}
        </ul>
      )}
      {isOpen && <NewClosureDialog unitId={unitId} onClose={() => setOpen(false)} />}
    </Card>
  )
}

/** @param unitId the unit that is looked at: its own closure, or one of a unit above it */
function ClosureRow({ closure, unitId, mayDecide }: { closure: UnitClosure; unitId: string; mayDecide: boolean }) {
  const { t, i18n } = useTranslation('web-admin')
  const client = useQueryClient()
  const sending = useSending()
  const { id: closureId, firstDay, lastDay, reason } = closure
  const shown = (day: string) => longDay(Date.parse(startOfDay(day)), i18n.language)
  const withdraw = () =>
    void sending.send(async () => {
      await api.post('/api/units/:unitId/closures/:closureId/withdrawal', { path: { unitId, closureId } })
      void client.invalidateQueries({ queryKey: ['unit'] })
      notify(t('closures.withdrawn'))
    })
  return (
    <li className="row wrap">
      <span className="grow">
        <b>{firstDay === lastDay ? shown(firstDay) : t('closures.days', { from: shown(firstDay), to: shown(lastDay) })}</b>
        <br />
        <small>
          {reason} · {closure.decidedBy}
        </small>
      </span>
      {closure.unitId === unitId && mayDecide && (
        <Button
          className="small-button"
          label={`${t('closures.withdraw')}: ${reason}`}
          isPending={sending.pending}
          onPress={withdraw}
        >
          {t('closures.withdraw')}
        </Button>
      )}
      <Problem error={sending.error} />
      {mayDecide && <BookedOnDays unitId={unitId} firstDay={firstDay} lastDay={lastDay} words="left" />}
    </li>
  )
}

function NewClosureDialog({ unitId, onClose }: { unitId: string; onClose: () => void }) {
  const { t } = useTranslation('web-admin')
  const client = useQueryClient()
  const sending = useSending()
  const reason = useDraft(`closure:${unitId}`)
  const today = dayOf(serverNow())
  const [firstDay, setFirstDay] = useState(today)
  const [lastDay, setLastDay] = useState(today)
  const decide = () => {
    if (reason.text.trim().length < 3) return sending.refuse(missing({ reason: t('closures.reasonNeeded') }))
    return void sending.send(async () => {
      await api.post('/api/units/:unitId/closures', { path: { unitId }, body: { firstDay, lastDay, reason: reason.text } })
      reason.clear()
      void client.invalidateQueries({ queryKey: ['unit'] })
      notify(t('closures.decided'))
      onClose()
    })
  }
  return (
    <FormDialog
      title={t('closures.new')}
      act={t('closures.decide')}
      isOpen
      onClose={onClose}
      sending={sending.pending}
      error={sending.error}
      onSubmit={decide}
    >
      <p className="small">{t('closures.text')}</p>
      <DateField
        label={t('closures.firstDay')}
        value={firstDay}
        onChange={setFirstDay}
        error={sending.fields.firstDay}
        autoFocus
      />
      <DateField label={t('closures.lastDay')} value={lastDay} onChange={setLastDay} error={sending.fields.lastDay} />
      {firstDay >= today && lastDay >= firstDay && (
        <BookedOnDays unitId={unitId} firstDay={firstDay} lastDay={lastDay} words="before" />
      )}
      <DraftNotice form={reason.form} />
      <TextField
        label={t('closures.reason')}
        value={reason.text}
        onChange={reason.setText}
        error={sending.fields.reason}
        isRequired
      />
    </FormDialog>
  )
}
