/** What is asked when numbers change their way: from when, and why. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type {
  NumberMode,
  OfficeNumberView,
  PlanNumbers,
  PlanPreview,
  ReverseNumber,
  ScheduleNumber,
} from '../../src/organisation/model.ts'
import { api, errorsOf, missing, serverNow } from '../shared/api.ts'
import { DraftNotice } from '../shared/form/notices.tsx'
import { storedIn } from '../shared/form/store.ts'
import { useForm } from '../shared/form/use-form.ts'
import { useDraft, useIdempotencyKey } from '../shared/forms.ts'
import { addDays, dayOf, longDay, startOfDay } from '../shared/time.ts'
import { Ago, Button, DateField, FormDialog, type FormDialogProps, Notice, notify, Select, TextArea } from '../shared/ui/index.ts'
import { UnitField } from '../shared/unit-field.tsx'
import { isMode, modes } from './mode.tsx'

const minReasonLength = 3

interface Plan {
  from: string
  reason: string
}

/** From which day, and why: asked of every plan, and kept on this machine until it has been sent. */
function usePlan(name: string, day: string, isOpen: boolean) {
  const nothing = { version: 0, fields: { from: day, reason: '' } }
  const form = useForm<Plan>({ name, stored: nothing, fieldsOf: () => nothing.fields, isOpen })
  return { form, ...form.fields, clear: () => form.clear(nothing) }
}

interface PlanFormProps extends Omit<FormDialogProps, 'act'> {
  plan: ReturnType<typeof usePlan>
  why?: string | null
}

function PlanForm({ plan, children, ...dialog }: PlanFormProps) {
  const { t } = useTranslation('web-admin')
  const errors = errorsOf(dialog.error)
  return (
    <FormDialog {...dialog} act={t('numbers.plan')}>
      {children}
      <DraftNotice form={plan.form} />
      <DateField
        label={t('numbers.day')}
        value={plan.from}
        onChange={from => plan.form.change({ from })}
        hint={t('numbers.dayHint')}
        error={errors.from}
      />
      <TextArea
        label={t('numbers.reason')}
        rows={2}
        value={plan.reason}
        onChange={reason => plan.form.change({ reason })}
        error={errors.reason}
      />
    </FormDialog>
  )
}

/**
 * The number as it was when a question about it was opened, and what has been decided about it since. The question stays as it was asked,
 * with what was typed, until whoever asked it has seen what is new.
 */
function useAsked(plan: OfficeNumberView, isOpen: boolean) {
  const client = useQueryClient()
  const [asked, setAsked] = useState<OfficeNumberView | null>(null)
  if (isOpen && asked === null) setAsked(plan)
  if (!isOpen && asked !== null) setAsked(null)
  const before = asked ?? plan
  return {
    before,
    isChanged: plan.version > before.version,
    /** Goes on from what there is now. */
    goOn: () => setAsked(plan),
    /** A refusal tells what there is now. */
    hear(error: unknown) {
      const newest = storedIn(error, current => current as OfficeNumberView)
      if (newest) client.setQueryData(['number', plan.number], newest.fields)
    },
  }
}

/** What was and what is, who decided it and why. */
function Decided({ before, now, act }: { before: OfficeNumberView; now: OfficeNumberView; act: ReactNode }) {
  const { t, i18n } = useTranslation('web-admin')
  const said = ({ mode, next }: OfficeNumberView) =>
    next === null
      ? t(`numbers.modes.${mode}`)
      : `${t(`numbers.modes.${mode}`)}. ${t(`numbers.planned.${next.mode}`, { day: longDay(Date.parse(next.from), i18n.language, serverNow()) })}`
  const [last] = now.changes
  const decided = last && (last.cancelled ?? { by: last.decidedBy, at: last.decidedAt, reason: last.reason })
  return (
    <Notice tone="wait" live title={t('numbers.changedBy', { name: decided?.by ?? '' })} action={act}>
      {decided && (
        <p>
          <Ago at={decided.at} /> · {decided.reason}
        </p>
      )}
      <dl className="facts">
        <dt>{t('numbers.before')}</dt>
        <dd>{said(before)}</dd>
        <dt>{t('numbers.after')}</dt>
        <dd>{said(now)}</dd>
      </dl>
    </Notice>
  )
}

interface OfNumber {
  plan: OfficeNumberView
  isOpen: boolean
  onClose: () => void
  onDone: (plan: OfficeNumberView) => void
}

export function ScheduleDialog({ plan, isOpen, onClose, onDone }: OfNumber) {
  const { t } = useTranslation('web-admin')
  const key = useIdempotencyKey()
  const { before, isChanged, goOn, hear } = useAsked(plan, isOpen)
  const asked = usePlan(`number-plan:${plan.number}`, addDays(dayOf(serverNow()), 1), isOpen)
  const mode: NumberMode = before.mode === 'direct' ? 'channelled' : 'direct'
  const send = useMutation({
    mutationFn: (body: ScheduleNumber) =>
      api.post('/api/numbers/:number/changes', {
        path: { number: plan.number },
        body,
        version: before.version,
        key: key.keyFor(body),
      }),
    onSuccess(changed) {
      key.renew()
      asked.clear()
      onDone(changed)
    },
    onError: hear,
  })
  const mayGoOn = plan.next === null && plan.mode === before.mode
  return (
    <PlanForm
      title={t(mode === 'channelled' ? 'numbers.planChannelled' : 'numbers.planDirect')}
      isOpen={isOpen}
      onClose={onClose}
      plan={asked}
      error={isChanged ? null : send.error}
      sending={send.isPending}
      why={isChanged ? t('numbers.lookFirst') : null}
      onSubmit={() => send.mutate({ mode, from: startOfDay(asked.from), reason: asked.reason })}
    >
      {isChanged && <Decided before={before} now={plan} act={mayGoOn && <Button onPress={goOn}>{t('numbers.goOn')}</Button>} />}
      <p>{t(`numbers.means.${mode}`)}</p>
    </PlanForm>
  )
}

/** Puts a number back, or cancels what is planned for it. */
export function ReasonDialog({ plan, act, isOpen, onClose, onDone }: OfNumber & { act: 'reverse' | 'cancel' }) {
  const { t } = useTranslation('web-admin')
  const key = useIdempotencyKey()
  const { before, isChanged, goOn, hear } = useAsked(plan, isOpen)
  const draft = useDraft(`number-${act}:${plan.number}`, isOpen)
  const send = useMutation({
    mutationFn(body: ReverseNumber) {
      const { version } = before
      const path = { number: plan.number }
      if (act === 'reverse') return api.post('/api/numbers/:number/reverse', { path, body, version, key: key.keyFor(body) })
      const changeId = before.next?.changeId ?? ''
      return api.post('/api/numbers/:number/changes/:changeId/cancel', { path: { ...path, changeId }, body, version })
    },
    onSuccess(changed) {
      key.renew()
      draft.clear()
      onDone(changed)
    },
    onError: hear,
  })
  const errors = errorsOf(send.error)
  const mayGoOn = act === 'reverse' ? plan.since !== null : plan.next !== null
  const title = t(`numbers.${act}`)
  return (
    <FormDialog
      title={title}
      act={title}
      back={t('web:close')}
      isOpen={isOpen}
      onClose={onClose}
      sending={send.isPending}
      error={isChanged ? null : send.error}
      why={isChanged ? t('numbers.lookFirst') : null}
      onSubmit={() => send.mutate({ reason: draft.text })}
    >
      {isChanged && <Decided before={before} now={plan} act={mayGoOn && <Button onPress={goOn}>{t('numbers.goOn')}</Button>} />}
      <p>{t(`numbers.${act}Text`)}</p>
      <DraftNotice form={draft.form} />
      <TextArea
        label={t('numbers.reason')}
        rows={2}
        value={draft.text}
        onChange={draft.setText}
        error={errors.reason}
        autoFocus
      />
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
  const asked = usePlan('number-plan', addDays(dayOf(serverNow()), 7), isOpen)
  const close = () => {
    setSeen(null)
    onClose()
  }
  const look = useMutation({
    mutationFn: async () => {
      const empty = {
        ...(unitId === null ? { unitId: t('numbers.territoryMissing') } : {}),
        ...(asked.from === '' ? { from: t('numbers.dayMissing') } : {}),
        ...(asked.reason.trim().length < minReasonLength ? { reason: t('numbers.reasonMissing') } : {}),
      }
      if (unitId === null || Object.keys(empty).length > 0) throw missing(empty)
      return api.get('/api/number-plans/preview', { query: { unitId, mode, from: startOfDay(asked.from) } })
    },
    onSuccess: setSeen,
  })
  const send = useMutation({
    mutationFn: (body: PlanNumbers) => api.post('/api/number-plans', { body, key: key.keyFor(body) }),
    onSuccess(result) {
      key.renew()
      asked.clear()
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
              day: longDay(Date.parse(startOfDay(asked.from)), i18n.language, serverNow()),
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
