/** What comes of the set-up as it stands in the form: free times, booked citizens who need another one; and the act that puts it in force. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Displaced, Rebooking, SetUp } from '../../../src/agenda/set-up/model.ts'
import { api, serverNow } from '../../shared/api.ts'
import type { Sent } from '../../shared/form/store.ts'
import { ReasonDialog } from '../../shared/reason-dialog.tsx'
import { addDays, clock, dayOf, dayWithMonth } from '../../shared/time.ts'
import { Button, Card, ErrorState, Loading, Notice, Select } from '../../shared/ui/index.ts'

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
  const [cancelled, setCancelled] = useState<ReadonlySet<string>>(new Set())
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
  const isCancelled = ({ appointmentId, proposal }: Displaced) => proposal === null || cancelled.has(appointmentId)
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
          <ul className="displaced">
            {displaced.map(each => (
              <DisplacedRow
                key={each.appointmentId}
                displaced={each}
                isCancelled={isCancelled(each)}
                onDecide={cancel =>
                  setCancelled(before => {
                    const after = new Set(before)
                    if (cancel) after.add(each.appointmentId)
                    else after.delete(each.appointmentId)
                    return after
                  })
                }
              />
            ))}
          </ul>
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
          moved={displaced.filter(each => !isCancelled(each)).length}
          cancelled={displaced.filter(isCancelled).length}
          onSave={reason =>
            onSave(
              reason,
              displaced.map(each => ({
                appointmentId: each.appointmentId,
                to:
                  each.proposal && !isCancelled(each)
                    ? { calendarId: each.proposal.calendarId, start: each.proposal.start }
                    : null,
              })),
            )
          }
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

function DisplacedRow({
  displaced,
  isCancelled,
  onDecide,
}: {
  displaced: Displaced
  isCancelled: boolean
  onDecide: (cancel: boolean) => void
}) {
  const { t, i18n } = useTranslation('web-agenda')
  const at = (instant: string) =>
    `${dayWithMonth(dayOf(Date.parse(instant)), i18n.language)}, ${clock(Date.parse(instant), i18n.language)}`
  const { proposal } = displaced
  const move = proposal
    ? proposal.start === displaced.start
      ? t('displaced.sameTime', { with: proposal.with })
      : t('displaced.moveTo', { at: at(proposal.start), with: proposal.with })
    : ''
  return (
    <li>
      <div className="grow">
        <b>{displaced.contact}</b>
        <br />
        <small>
          {at(displaced.start)} · {displaced.service}
        </small>
      </div>
      {proposal ? (
        <Select
          label={t('displaced.decide', { name: displaced.contact })}
          hideLabel
          value={isCancelled ? 'cancel' : 'move'}
          onChange={id => onDecide(id === 'cancel')}
          choices={[
            { id: 'move', label: move },
            { id: 'cancel', label: t('displaced.cancel') },
          ]}
        />
      ) : (
        <small>{t('displaced.noTime')}</small>
      )}
    </li>
  )
}

function SaveDialog({
  unitId,
  moved,
  cancelled,
  onSave,
  onClose,
}: {
  unitId: string
  moved: number
  cancelled: number
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
      {moved + cancelled > 0 && (
        <Notice tone="wait">
          {[moved > 0 ? t('save.moved', { count: moved }) : '', cancelled > 0 ? t('save.cancelled', { count: cancelled }) : '']
            .filter(Boolean)
            .join(' ')}
        </Notice>
      )}
    </ReasonDialog>
  )
}
