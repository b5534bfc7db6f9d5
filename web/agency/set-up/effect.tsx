/** What comes of the set-up as it stands in the form: free times, booked citizens who need another one; and the act that puts it in force. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Rebooking, SetUp } from '../../../src/agenda/set-up/model.ts'
import { api, serverNow } from '../../shared/api.ts'
import type { Sent } from '../../shared/form/store.ts'
import { ReasonDialog } from '../../shared/reason-dialog.tsx'
import { addDays, clock, dayOf, dayWithMonth } from '../../shared/time.ts'
import { Button, Card, ErrorState, Loading, Notice, Select } from '../../shared/ui/index.ts'
import { DecidedSummary, type Decisions, DisplacedList, useDecisions } from './displaced.tsx'

const week = 7

export function Effect({
  unitId,
  version,
  setUp,
  isChanged,
  mustChoose,
  onDrop,
  onSave,
}: {
  unitId: string
  version: number
  setUp: SetUp
  isChanged: boolean
  mustChoose: boolean
  onDrop: () => void
  onSave: (reason: string, rebookings: Rebooking[]) => Promise<Sent>
}) {
  const { t } = useTranslation('web-agenda')
  const today = dayOf(serverNow())
  const [service, setService] = useState<string | null>(null)
  const [from, setFrom] = useState(today)
  const [isSaving, setSaving] = useState(false)
  const wanted = useDeferredValue(setUp)
  const shown = setUp.services.find(({ id }) => id === service) ?? setUp.services[0]
  const effect = useQuery({
    queryKey: ['agenda-effect', unitId, version, wanted, shown?.id ?? null, from],
    queryFn: ({ signal }) =>
      api.post('/api/units/:unitId/agenda/effect', {
        path: { unitId },
        body: { setUp: wanted, from, ...(shown ? { serviceId: shown.id } : {}) },
        signal,
      }),
    placeholderData: earlier => earlier,
    meta: { live: ['appointment.'] },
  })
  const displaced = effect.data?.displaced ?? []
  const decisions = useDecisions(displaced)
  const why = mustChoose ? t('web:form.chooseFirst') : effect.isError ? t('effect.refused') : null
  return (
    <div className="col set-up-effect">
      <Card
        title={t('effect.title')}
        aside={
          <span className="row tight">
            <Button
              icon="chevron-left"
              label={t('effect.earlier')}
              why={from <= today ? t('effect.noPast') : null}
              onPress={() => setFrom(addDays(from, -week))}
            />
            <Button icon="chevron-right" label={t('effect.later')} onPress={() => setFrom(addDays(from, week))} />
          </span>
        }
      >
        {setUp.services.length > 1 && (
          <Select
            label={t('effect.service')}
            hideLabel
            value={shown?.id ?? null}
            onChange={setService}
            choices={setUp.services.map(({ id, name }) => ({ id, label: name || t('services.unnamed') }))}
          />
        )}
        {effect.isError ? (
          <ErrorState error={effect.error} onRetry={() => void effect.refetch()} />
        ) : !effect.data ? (
          <Loading lines={5} />
        ) : effect.data.days.length === 0 ? (
          <p className="muted">{t('effect.nothing')}</p>
        ) : (
          <FreeTimes days={effect.data.days.slice(0, week)} />
        )}
      </Card>
      {displaced.length > 0 && (
        <Card title={t('displaced.title', { count: displaced.length })}>
          <p className="small">{t('displaced.text')}</p>
          <DisplacedList displaced={displaced} decisions={decisions} />
        </Card>
      )}
      {isChanged && (
        <div className="row wrap">
          <Button tone="primary" why={why} onPress={() => setSaving(true)}>
            {t('save.open')}
          </Button>
          <Button onPress={onDrop}>{t('save.drop')}</Button>
        </div>
      )}
      {isSaving && (
        <SaveDialog
          unitId={unitId}
          decisions={decisions}
          onSave={reason => onSave(reason, decisions.rebookings())}
          onClose={() => setSaving(false)}
        />
      )}
    </div>
  )
}

function FreeTimes({
  days,
}: {
  days: readonly { date: string; state: string; reason: string | null; slots: readonly { start: string; free: number }[] }[]
}) {
  const { t, i18n } = useTranslation('web-agenda')
  return (
    <ul className="free-times">
      {days.map(day => (
        <li key={day.date}>
          <span>{dayWithMonth(day.date, i18n.language)}</span>
          {day.slots.length === 0 ? (
            <small>{day.reason ?? t(day.state === 'full' ? 'effect.full' : 'effect.closed')}</small>
          ) : (
            <span className="row wrap tight num">
              {day.slots.map(({ start, free }) => (
                <span key={start} className="free-time">
                  {clock(Date.parse(start), i18n.language)}
                  {free > 1 && <small> ×{free}</small>}
                </span>
              ))}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}

function SaveDialog({
  unitId,
  decisions,
  onSave,
  onClose,
}: {
  unitId: string
  decisions: Decisions
  onSave: (reason: string) => Promise<Sent>
  onClose: () => void
}) {
  const { t } = useTranslation('web-agenda')
  const client = useQueryClient()
  return (
    <ReasonDialog
      name={`agenda-reason:${unitId}`}
      texts={{
        ...{ title: t('save.title'), act: t('save.act'), reason: t('save.reason') },
        ...{ missing: t('save.missing'), done: t('save.done') },
      }}
      onSave={onSave}
      // Who is booked may have changed: the list is read anew before somebody presses again.
      onSettled={() => void client.invalidateQueries({ queryKey: ['agenda-effect', unitId] })}
      onClose={onClose}
    >
      <p>{t('save.text')}</p>
      {decisions.moved + decisions.cancelled > 0 && (
        <Notice tone="wait">
          <DecidedSummary decisions={decisions} />
        </Notice>
      )}
    </ReasonDialog>
  )
}
