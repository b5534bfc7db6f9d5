/** What is asked before a visit is ended, parked or passed on, and when somebody is written in. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CameBecause, Counters, NotDelivered, PriorityReason, Visit } from '../../src/counters/model.ts'
import { api, errorsOf, missing } from '../shared/api.ts'
import { goToStep } from '../shared/focus.ts'
import { useIdempotencyKey, useSending } from '../shared/forms.ts'
import { FormDialog, notify, Select, Tabs, TextArea, TextField } from '../shared/ui/index.ts'
import { useCounters, useVisitStep } from './queries.ts'

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

/** How a visit ended: what was delivered, or why not; whether a call could have solved it, and why somebody came. */
export function CloseDialog({ visit, onClose }: DialogProps) {
  const { t } = useTranslation('web-counter')
  const counters = useCounters()
  const step = useVisitStep()
  const sending = useSending()
  const [serviceId, setServiceId] = useState<string>(visit.service.id)
  const [quantity, setQuantity] = useState('1')
  const [persons, setPersons] = useState(String(visit.persons))
  const [notDelivered, setNot] = useState<string | null>(none)
  const [callEnough, setCallEnough] = useState<string>(none)
  const [came, setCame] = useState<string | null>(none)
  const [done, setDone] = useState('')
  const isAppointment = visit.appointmentId !== null
  const submit = () => {
    if (isAppointment && done.trim() === '') return sending.refuse(missing({ done: t('close.writeDone') }))
    const wasDelivered = notDelivered === none && serviceId !== none
    return void sending.send(async () => {
      await step.mutateAsync({
        visitId: visit.id,
        step: {
          name: 'close',
          body: {
            delivered: wasDelivered ? [{ serviceId, quantity: Number(quantity) || 1 }] : [],
            notDelivered: one(reasonsNot, notDelivered),
            persons: Number(persons) || 1,
            callEnough: callEnough === none ? null : callEnough === 'yes',
            cameBecause: one(reasonsCame, came),
            done,
            conclusion: isAppointment ? { outcome: wasDelivered ? 'resolved' : 'referred', text: done } : null,
          },
        },
      })
      onClose()
      goToStep('next-visit')
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
        <TextField label={t('close.quantity')} value={quantity} onChange={setQuantity} inputMode="numeric" className="short" />
        <TextField label={t('close.persons')} value={persons} onChange={setPersons} inputMode="numeric" className="short" />
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
        <TextArea label={t('close.done')} value={done} onChange={setDone} error={sending.fields.done} />
      )}
    </FormDialog>
  )
}

export function ParkDialog({ visit, onClose }: DialogProps) {
  const { t } = useTranslation('web-counter')
  const step = useVisitStep()
  const sending = useSending()
  const [reason, setReason] = useState('')
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
        reason.trim() === ''
          ? sending.refuse(missing({ reason: t('park.writeWhy') }))
          : void sending.send(async () => {
              await step.mutateAsync({
                visitId: visit.id,
                step: { name: 'park', body: { reason, remindMinutes: Number(remind) || 15 } },
              })
              onClose()
              goToStep('next-visit')
            })
      }
    >
      <TextField label={t('park.why')} value={reason} onChange={setReason} error={sending.fields.reason} autoFocus />
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
  const step = useVisitStep()
  const sending = useSending()
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
          : void sending.send(async () => {
              await step.mutateAsync({
                visitId: visit.id,
                step: { name: 'transfer', body: { serviceId, deskId: toDesk === none ? null : toDesk } },
              })
              onClose()
              goToStep('next-visit')
            })
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

/** Corrects what was written at the arrival: the place follows from it. */
export function ChangeDialog({ visit, onClose }: DialogProps) {
  const { t } = useTranslation('web-counter')
  const client = useQueryClient()
  const counters = useCounters()
  const [serviceId, setServiceId] = useState<string | null>(visit.service.id)
  const [persons, setPersons] = useState(String(visit.persons))
  const [priority, setPriority] = useState<string | null>(visit.priority ?? none)
  const [remark, setRemark] = useState(visit.remark)
  const hall = counters.data?.halls.find(({ id }) => id === visit.hallId)
  const change = useMutation({
    mutationFn: () =>
      api.post('/api/visits/:visitId/change', {
        path: { visitId: visit.id },
        body: {
          serviceId: serviceId ?? visit.service.id,
          persons: Number(persons) || 1,
          priority: one(priorities, priority),
          remark,
        },
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
      <TextField label={t('close.persons')} value={persons} onChange={setPersons} inputMode="numeric" className="short" />
      <Select
        label={t('add.priority')}
        value={priority}
        onChange={setPriority}
        choices={[none, ...priorities].map(id => ({ id, label: t(`priorities.${id}`) }))}
      />
      <TextField label={t('add.remark')} hint={t('add.remarkHint')} value={remark} onChange={setRemark} />
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
  const [persons, setPersons] = useState('1')
  const [priority, setPriority] = useState<string | null>(none)
  const [remark, setRemark] = useState('')
  const hall = counters.halls.find(each => each.services.some(({ id }) => id === serviceId))
  const add = useMutation({
    mutationFn: () => {
      const appointment = { unitId: counters.unit.id, code }
      const visit = {
        ...{ hallId: hall?.id ?? '', serviceId: serviceId ?? '', persons: Number(persons) || 1, remark },
        priority: one(priorities, priority),
      }
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
          <TextField label={t('close.persons')} value={persons} onChange={setPersons} inputMode="numeric" className="short" />
          <Select
            label={t('add.priority')}
            value={priority}
            onChange={setPriority}
            choices={[none, ...priorities].map(id => ({ id, label: t(`priorities.${id}`) }))}
          />
          <TextField label={t('add.remark')} hint={t('add.remarkHint')} value={remark} onChange={setRemark} />
        </>
      )}
    </FormDialog>
  )
}
