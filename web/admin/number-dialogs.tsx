/** What is asked when numbers change their way: from when, and why. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { NumberMode, OfficeNumberView, PlanPreview, PlanResult } from '../../src/organisation/model.ts'
import { api, errorsOf, missing } from '../shared/api.ts'
import { useIdempotencyKey } from '../shared/forms.ts'
import { addDays, dayOf, longDay, startOfDay } from '../shared/time.ts'
import { DateField, FormDialog, type FormDialogProps, notify, Select, TextArea } from '../shared/ui/index.ts'
import { isMode, modes } from './mode.tsx'
import { UnitField } from './unit-field.tsx'

const shortestReason = 3

/** From which day, and why: asked of every plan. */
function usePlan(day: string) {
  const [from, setFrom] = useState(day)
  const [reason, setReason] = useState('')
  return { from, setFrom, reason, setReason }
}

interface PlanFormProps extends Omit<FormDialogProps, 'act'> {
  plan: ReturnType<typeof usePlan>
}

function PlanForm({ plan, children, ...dialog }: PlanFormProps) {
  const { t } = useTranslation('web-admin')
  const errors = errorsOf(dialog.error)
  return (
    <FormDialog {...dialog} act={t('numbers.plan')}>
      {children}
      <DateField
        label={t('numbers.day')}
        value={plan.from}
        onChange={plan.setFrom}
        hint={t('numbers.dayHint')}
        error={errors.from}
      />
      <TextArea label={t('numbers.reason')} rows={2} value={plan.reason} onChange={plan.setReason} error={errors.reason} />
    </FormDialog>
  )
}

export function ScheduleDialog({
  plan,
  path,
  isOpen,
  onClose,
  onDone,
}: {
  plan: OfficeNumberView
  path: string
  isOpen: boolean
  onClose: () => void
  onDone: (plan: OfficeNumberView) => void
}) {
  const { t } = useTranslation('web-admin')
  const key = useIdempotencyKey()
  const asked = usePlan(addDays(dayOf(Date.now()), 1))
  const mode: NumberMode = plan.mode === 'direct' ? 'channelled' : 'direct'
  const send = useMutation({
    mutationFn: (body: object) =>
      api.post<OfficeNumberView>(`${path}/changes`, body, { version: plan.version, key: key.keyFor(body) }),
    onSuccess(changed) {
      key.renew()
      asked.setReason('')
      onDone(changed)
    },
  })
  return (
    <PlanForm
      title={t(mode === 'channelled' ? 'numbers.planChannelled' : 'numbers.planDirect')}
      isOpen={isOpen}
      onClose={onClose}
      plan={asked}
      error={send.error}
      sending={send.isPending}
      onSubmit={() => send.mutate({ mode, from: startOfDay(asked.from), reason: asked.reason })}
    >
      <p>{t(`numbers.means.${mode}`)}</p>
    </PlanForm>
  )
}

export function ReasonDialog({
  title,
  text,
  path,
  version,
  isOpen,
  onClose,
  onDone,
}: {
  title: string
  text: string
  path: string
  version: number
  isOpen: boolean
  onClose: () => void
  onDone: (plan: OfficeNumberView) => void
}) {
  const { t } = useTranslation('web-admin')
  const key = useIdempotencyKey()
  const [reason, setReason] = useState('')
  const send = useMutation({
    mutationFn: (body: object) => api.post<OfficeNumberView>(path, body, { version, key: key.keyFor(body) }),
    onSuccess(changed) {
      key.renew()
      setReason('')
      onDone(changed)
    },
  })
  const errors = errorsOf(send.error)
  return (
    <FormDialog
      title={title}
      act={title}
      back={t('web:close')}
      isOpen={isOpen}
      onClose={onClose}
      sending={send.isPending}
      error={send.error}
      onSubmit={() => send.mutate({ reason })}
    >
      <p>{text}</p>
      <TextArea label={t('numbers.reason')} rows={2} value={reason} onChange={setReason} error={errors.reason} autoFocus />
    </FormDialog>
  )
}

/**
 * A wave of the roll-out: all numbers of a territory, on one day. One press can change the way of a hundred offices: what it would change is
 * shown first, and confirmed.
 */
export function PlanDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t, i18n } = useTranslation('web-admin')
  const client = useQueryClient()
  const key = useIdempotencyKey()
  const [unitId, setUnitId] = useState<string | null>(null)
  const [mode, setMode] = useState<NumberMode>('channelled')
  const [seen, setSeen] = useState<PlanPreview | null>(null)
  const asked = usePlan(addDays(dayOf(Date.now()), 7))
  const close = () => {
    setSeen(null)
    onClose()
  }
  const look = useMutation({
    mutationFn: async () => {
      const empty = {
        ...(unitId === null ? { unitId: t('numbers.territoryMissing') } : {}),
        ...(asked.from === '' ? { from: t('numbers.dayMissing') } : {}),
        ...(asked.reason.trim().length < shortestReason ? { reason: t('numbers.reasonMissing') } : {}),
      }
      if (Object.keys(empty).length > 0) throw missing(empty)
      return api.get<PlanPreview>('/api/number-plans/preview', { unitId, mode, from: startOfDay(asked.from) })
    },
    onSuccess: setSeen,
  })
  const send = useMutation({
    mutationFn: (body: object) => api.post<PlanResult>('/api/number-plans', body, { key: key.keyFor(body) }),
    onSuccess(result) {
      key.renew()
      asked.setReason('')
      void client.invalidateQueries({ queryKey: ['numbers'] })
      close()
      notify(t('numbers.planDone', { count: result.scheduled.length, skipped: result.skipped.length }))
    },
  })
  if (seen)
    return (
      <FormDialog
        title={t('numbers.confirm')}
        act={t('numbers.confirmSend', { count: seen.numbers })}
        back={t('numbers.confirmBack')}
        isOpen={isOpen}
        onClose={() => setSeen(null)}
        error={send.error}
        sending={send.isPending}
        onSubmit={() => {
          if (seen.numbers === 0) setSeen(null)
          else send.mutate({ unitId: unitId ?? '', mode, from: startOfDay(asked.from), reason: asked.reason })
        }}
      >
        <p>
          <b>
            {t(`numbers.confirmText.${mode}`, {
              count: seen.numbers,
              offices: t('numbers.offices', { count: seen.offices }),
              day: longDay(Date.parse(startOfDay(asked.from)), i18n.language, Date.now()),
            })}
          </b>
        </p>
        {seen.already + seen.planned > 0 && (
          <p className="small">{t('numbers.confirmLeft', { already: seen.already, planned: seen.planned })}</p>
        )}
      </FormDialog>
    )
  const errors = errorsOf(look.error)
  return (
    <PlanForm
      title={t('numbers.planTerritory')}
      isOpen={isOpen}
      onClose={close}
      plan={asked}
      error={look.error}
      sending={look.isPending}
      onSubmit={() => look.mutate()}
    >
      <p>{t('numbers.planText')}</p>
      <UnitField label={t('numbers.territory')} value={unitId} onChange={setUnitId} error={errors.unitId} withNumbers />
      <Select
        label={t('numbers.mode')}
        value={mode}
        onChange={id => isMode(id) && setMode(id)}
        choices={modes.toReversed().map(id => ({ id, label: t(`numbers.modes.${id}`), detail: t(`numbers.means.${id}`) }))}
      />
    </PlanForm>
  )
}
