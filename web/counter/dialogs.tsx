/** What is asked before a visit is ended, parked or passed on, and when somebody is written in. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CameBecause, Counters, NotDelivered, PriorityReason, Visit } from '../../src/counters/model.ts'
import { api, errorsOf, missing } from '../shared/api.ts'
import { goToStep } from '../shared/focus.ts'
import { DraftNotice } from '../shared/form/notices.tsx'
import { type TextDraft, useDraft, useIdempotencyKey, useSending } from '../shared/forms.ts'
import { FormDialog, notify, Select, Tabs, TextArea, TextField } from '../shared/ui/index.ts'
import { useCounters, useVisitStep, type VisitStep } from './queries.ts'

interface DialogProps {
  visit: Visit
  onClose: () => void
}

const reasonsNot: readonly NotDelivered[] = ['documents-missing', 'not-competent', 'system-down', 'citizen-gave-up', 'other']
const reasonsCame: readonly CameBecause[] = ['no-answer', 'not-online', 'unclear-letter', 'paper', 'in-person', 'preferred']
const priorities: readonly PriorityReason[] = ['disability', 'pregnancy', 'infant', 'age', 'other']
const none = 'none'
const one = <T extends string>(all: readonly T[], text: string | null): T | null => all.find(each => each === text) ?? null
const servicesOf = (counters: Counters | undefined) =>
  counters?.halls.flatMap(hall => hall.services.map(({ id, name }) => ({ id, label: name, detail: hall.name })))

/** A step of a visit that is asked for in a dialog: when it is done the dialog closes, and the desk goes on with whoever is next. */
function useStepDialog({ visit, onClose }: DialogProps, draft?: TextDraft) {
  const step = useVisitStep()
  const sending = useSending()
  return {
    ...sending,
    take: (next: VisitStep) =>
      void sending.send(async () => {
        await step.mutateAsync({ visitId: visit.id, step: next })
        draft?.clear()
        onClose()
        goToStep('next-visit')
      }),
  }
}

/** How a visit ended: what was delivered, or why not; whether a call could have solved it, and why somebody came. */
export function CloseDialog({ visit, onClose }: DialogProps) {
  const { t } = useTranslation('web-counter')
  const counters = useCounters()
  const draft = useDraft(`visit-done:${visit.id}`)
  const sending = useStepDialog({ visit, onClose }, draft)
  const [serviceId, setServiceId] = useState<string>(visit.service.id)
  const [quantity, setQuantity] = useState('1')
  const [persons, setPersons] = useState(String(visit.persons))
  const [notDelivered, setNot] = useState<string | null>(none)
  const [callEnough, setCallEnough] = useState<string>(none)
  const [came, setCame] = useState<string | null>(none)
  const isAppointment = visit.appointmentId !== null
  const submit = () => {
    const done = draft.text
    if (isAppointment && done.trim() === '') return sending.refuse(missing({ done: t('close.writeDone') }))
    const wasDelivered = notDelivered === none && serviceId !== none
    return sending.take({
      name: 'close',
      body: {
        delivered: wasDelivered ? [{ serviceId, quantity: Number(quantity) }] : [],
        notDelivered: one(reasonsNot, notDelivered),
        persons: Number(persons),
        callEnough: callEnough === none ? null : callEnough === 'yes',
        cameBecause: one(reasonsCame, came),
        done,
        conclusion: isAppointment ? { outcome: wasDelivered ? 'resolved' : 'referred', text: done } : null,
      },
    })
  }
  return (
    <FormDialog
      title={t('close.title', { code: visit.code })}
      act={t('close.act')}
      isOpen
      onClose={onClose}
      sending={sending.pending}
      error={sending.error}
      onSubmit={submit}
    >
      <Select
        label={t('close.service')}
        value={serviceId}
        onChange={id => setServiceId(id ?? none)}
        choices={servicesOf(counters.data)?.concat({ id: none, label: t('close.notRecorded'), detail: '' })}
      />
      <div className="row wrap">
        <TextField
          label={t('close.quantity')}
          value={quantity}
          onChange={setQuantity}
          error={sending.fields['delivered.0.quantity']}
          inputMode="numeric"
          className="short"
        />
        <TextField
          label={t('close.persons')}
          value={persons}
          onChange={setPersons}
          error={sending.fields.persons}
          inputMode="numeric"
          className="short"
        />
      </div>
      <Select
        label={t('close.notDelivered')}
        value={notDelivered}
        onChange={setNot}
        choices={[none, ...reasonsNot].map(id => ({ id, label: t(`notDelivered.${id}`) }))}
      />
      <div className="field">
        <span className="label" aria-hidden="true">
          {t('close.callEnough')}
        </span>
        <Tabs
          label={t('close.callEnough')}
          tabs={[none, 'yes', 'no'].map(id => ({ id, label: t(`callEnough.${id}`) }))}
          value={callEnough}
          onChange={setCallEnough}
        />
      </div>
      <Select
        label={t('close.came')}
        value={came}
        onChange={setCame}
        choices={[none, ...reasonsCame].map(id => ({ id, label: t(`came.${id}`) }))}
      />
      {(isAppointment || visit.contact) && (
        <>
          <DraftNotice form={draft.form} />
          <TextArea label={t('close.done')} value={draft.text} onChange={draft.setText} error={sending.fields.done} />
        </>
      )}
    </FormDialog>
  )
}

export function ParkDialog({ visit, onClose }: DialogProps) {
  const { t } = useTranslation('web-counter')
  const draft = useDraft(`visit-parked:${visit.id}`)
  const sending = useStepDialog({ visit, onClose }, draft)
  const [remind, setRemind] = useState('15')
  return (
    <FormDialog
      title={t('park.title', { code: visit.code })}
      act={t('park.act')}
      isOpen
      onClose={onClose}
      sending={sending.pending}
      error={sending.error}
      onSubmit={() =>
        draft.text.trim() === ''
          ? sending.refuse(missing({ reason: t('park.writeWhy') }))
          : sending.take({ name: 'park', body: { reason: draft.text, remindMinutes: Number(remind) } })
      }
    >
      <DraftNotice form={draft.form} />
      <TextField label={t('park.why')} value={draft.text} onChange={draft.setText} error={sending.fields.reason} autoFocus />
      <Select
        label={t('park.remind')}
        value={remind}
        onChange={id => setRemind(id ?? '15')}
        choices={['5', '15', '30', '60'].map(id => ({ id, label: t('minutes', { count: Number(id) }) }))}
      />
      <p className="small">{t('park.note')}</p>
    </FormDialog>
  )
}

export function TransferDialog({ visit, deskId, onClose }: DialogProps & { deskId: string }) {
  const { t } = useTranslation('web-counter')
  const counters = useCounters()
  const sending = useStepDialog({ visit, onClose })
  const [serviceId, setServiceId] = useState<string | null>(null)
  const [toDesk, setToDesk] = useState<string | null>(none)
  const hall = counters.data?.halls.find(each => each.services.some(({ id }) => id === serviceId))
  const desks = hall?.desks.filter(desk => desk.id !== deskId && desk.sitting !== null) ?? []
  return (
    <FormDialog
      title={t('transfer.title', { code: visit.code })}
      act={t('transfer.act')}
      isOpen
      onClose={onClose}
      sending={sending.pending}
      error={sending.error}
      onSubmit={() =>
        serviceId === null
          ? sending.refuse(missing({ serviceId: t('transfer.choose') }))
          : sending.take({ name: 'transfer', body: { serviceId, deskId: toDesk === none ? null : toDesk } })
      }
    >
      <Select
        label={t('transfer.service')}
        value={serviceId}
        onChange={id => {
          setServiceId(id)
          setToDesk(none)
        }}
        choices={servicesOf(counters.data)}
        error={sending.fields.serviceId}
      />
      <Select
        label={t('transfer.desk')}
        value={toDesk}
        onChange={setToDesk}
        choices={[
          { id: none, label: t('transfer.anyDesk') },
          ...desks.map(desk => ({
            id: desk.id,
            label: t('deskNamed', { desk: desk.label }),
            detail: desk.sitting?.name ?? '',
          })),
        ]}
      />
      <p className="small">{t('transfer.note')}</p>
    </FormDialog>
  )
}

interface Arrival {
  persons: string
  priority: string | null
  remark: string
}

const sentOf = ({ persons, priority, remark }: Arrival) => ({
  persons: Number(persons),
  priority: one(priorities, priority),
  remark,
})

/** What is written of everybody who comes: how many they are, who goes before, what the desk should know. */
function ArrivalFields({ arrival, onChange, error }: { arrival: Arrival; onChange: (arrival: Arrival) => void; error: unknown }) {
  const { t } = useTranslation('web-counter')
  const set = (change: Partial<Arrival>) => onChange({ ...arrival, ...change })
  const wrong = errorsOf(error)
  return (
    <>
      <TextField
        label={t('close.persons')}
        value={arrival.persons}
        onChange={persons => set({ persons })}
        error={wrong.persons}
        inputMode="numeric"
        className="short"
      />
      <Select
        label={t('add.priority')}
        value={arrival.priority}
        onChange={priority => set({ priority })}
        choices={[none, ...priorities].map(id => ({ id, label: t(`priorities.${id}`) }))}
      />
      <TextField
        label={t('add.remark')}
        hint={t('add.remarkHint')}
        value={arrival.remark}
        onChange={remark => set({ remark })}
        error={wrong.remark}
      />
    </>
  )
}

/** Corrects what was written at the arrival: the place follows from it. */
export function ChangeDialog({ visit, onClose }: DialogProps) {
  const { t } = useTranslation('web-counter')
  const client = useQueryClient()
  const counters = useCounters()
  const [serviceId, setServiceId] = useState<string | null>(visit.service.id)
  const [arrival, setArrival] = useState<Arrival>({
    persons: String(visit.persons),
    priority: visit.priority ?? none,
    remark: visit.remark,
  })
  const hall = counters.data?.halls.find(({ id }) => id === visit.hallId)
  const change = useMutation({
    mutationFn: () =>
      api.post('/api/visits/:visitId/change', {
        path: { visitId: visit.id },
        body: { serviceId: serviceId ?? visit.service.id, ...sentOf(arrival) },
      }),
    onSuccess: onClose,
    onSettled: () => client.invalidateQueries({ queryKey: ['counters'] }),
  })
  return (
    <FormDialog
      title={t('change.title', { code: visit.code })}
      act={t('change.act')}
      isOpen
      onClose={onClose}
      sending={change.isPending}
      error={change.error}
      onSubmit={() => change.mutate()}
    >
      <Select
        label={t('add.service')}
        value={serviceId}
        onChange={setServiceId}
        choices={hall?.services.map(({ id, name }) => ({ id, label: name }))}
      />
      <ArrivalFields arrival={arrival} onChange={setArrival} error={change.error} />
    </FormDialog>
  )
}

/** Somebody comes to the reception desk. */
export function AddDialog({ counters, onClose }: { counters: Counters; onClose: () => void }) {
  const { t } = useTranslation('web-counter')
  const client = useQueryClient()
  const key = useIdempotencyKey()
  const [code, setCode] = useState('')
  const [serviceId, setServiceId] = useState<string | null>(counters.halls[0]?.services[0]?.id ?? null)
  const [arrival, setArrival] = useState<Arrival>({ persons: '1', priority: none, remark: '' })
  const hall = counters.halls.find(each => each.services.some(({ id }) => id === serviceId))
  const add = useMutation({
    mutationFn: () => {
      const appointment = { unitId: counters.unit.id, code }
      const visit = { hallId: hall?.id ?? '', serviceId: serviceId ?? '', ...sentOf(arrival) }
      return code.trim() === ''
        ? api.post('/api/visits', { body: visit, key: key.keyFor(visit) })
        : api.post('/api/visits/appointment', { body: appointment, key: key.keyFor(appointment) })
    },
    onSuccess(visit) {
      key.renew()
      notify(t('add.done', { code: visit.code }))
      onClose()
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['counters'] }),
  })
  return (
    <FormDialog
      title={t('add.title')}
      act={t('add.act')}
      isOpen
      onClose={onClose}
      sending={add.isPending}
      error={add.error}
      onSubmit={() => add.mutate()}
    >
      <TextField
        label={t('add.code')}
        hint={t('add.codeHint')}
        value={code}
        onChange={setCode}
        error={errorsOf(add.error).code}
        inputMode="numeric"
        autoFocus
      />
      {code.trim() === '' && (
        <>
          <Select label={t('add.service')} value={serviceId} onChange={setServiceId} choices={servicesOf(counters)} />
          <ArrivalFields arrival={arrival} onChange={setArrival} error={add.error} />
        </>
      )}
    </FormDialog>
  )
}
