/** What is asked before an appointment is concluded, cancelled or moved. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment, AppointmentOutcome, CancelledBy } from '../../src/agenda/model.ts'
import { ApiProblem, missing } from '../shared/api.ts'
import { DraftNotice } from '../shared/form/notices.tsx'
import { useDraft, useSending } from '../shared/forms.ts'
import { SlotPicker } from '../shared/slots.tsx'
import { clock, longDay } from '../shared/time.ts'
import { CheckBox, FormDialog, notify, Select, TextArea } from '../shared/ui/index.ts'
import type { Step } from './appointments.ts'

interface DialogProps {
  isOpen: boolean
  onClose: () => void
  run: (step: Step) => Promise<Appointment>
}

const cancellers: readonly CancelledBy[] = ['citizen', 'office']
const outcomes: readonly AppointmentOutcome[] = ['resolved', 'request-filed', 'referred']
const isOutcome = (text: string | null): text is AppointmentOutcome => outcomes.some(outcome => outcome === text)

export function OutcomeSelect({
  value,
  onChange,
}: {
  value: AppointmentOutcome
  onChange: (outcome: AppointmentOutcome) => void
}) {
  const { t } = useTranslation('web-agency')
  return (
    <Select
      label={t('outcome')}
      value={value}
      onChange={id => isOutcome(id) && onChange(id)}
      choices={outcomes.map(id => ({ id, label: t(`outcomes.${id}`), detail: t(`outcomeDetails.${id}`) }))}
    />
  )
}

export function ConcludeDialog({ appointment, isOpen, onClose, run }: DialogProps & { appointment: Appointment }) {
  const { t } = useTranslation('web-agency')
  const draft = useDraft(`conclude:${appointment.id}`, isOpen)
  const [outcome, setOutcome] = useState<AppointmentOutcome>('resolved')
  const [comesAgain, setComesAgain] = useState(false)
  const [hold, setHold] = useState<string | null>(null)
  const next = useDraft(`follow-up:${appointment.id}`, isOpen)
  const sending = useSending()
  const wrong = (): Record<string, string> | undefined => {
    if (draft.text.trim() === '') return { text: t('writeWhat') }
    if (comesAgain && hold === null) return { hold: t('chooseTime') }
    return comesAgain && next.text.trim().length < 3 ? { next: t('followUp.writeWhy') } : undefined
  }
  const submit = () => {
    const missed = wrong()
    if (missed) return sending.refuse(missing(missed.hold ?? missed))
    return void sending.send(async () => {
      const followUp = comesAgain && hold !== null ? { followUp: { holdId: hold, reason: next.text } } : {}
      await run({ name: 'conclude', body: { outcome, text: draft.text, ...followUp } })
      if (comesAgain) notify(t('followUp.done'))
      draft.clear()
      next.clear()
      onClose()
    })
  }
  return (
    <FormDialog
      title={t('concludeTitle')}
      act={t('concludeSend')}
      isOpen={isOpen}
      onClose={onClose}
      sending={sending.pending}
      error={sending.error}
      wide={comesAgain}
      onSubmit={submit}
    >
      <OutcomeSelect value={outcome} onChange={setOutcome} />
      <DraftNotice form={draft.form} />
      <TextArea label={t('whatWasDone')} value={draft.text} onChange={draft.setText} error={sending.fields.text} autoFocus />
      <CheckBox isSelected={comesAgain} onChange={setComesAgain}>
        {t('followUp.wanted')}
      </CheckBox>
      {comesAgain ? (
        <>
          <SlotPicker
            near={appointment.unit.id}
            scope="office"
            serviceId={appointment.service.id}
            contactId={appointment.contact.id}
            hold={hold}
            onHold={id => {
              setHold(id)
              sending.refuse(null)
            }}
          />
          <DraftNotice form={next.form} />
          <TextArea label={t('followUp.why')} rows={2} value={next.text} onChange={next.setText} error={sending.fields.next} />
          <p className="small">{t('followUp.note')}</p>
        </>
      ) : (
        <p className="small">{t('concludeNote')}</p>
      )}
    </FormDialog>
  )
}

export function CancelDialog({ appointment, isOpen, onClose, run }: DialogProps & { appointment: Pick<Appointment, 'id'> }) {
  const { t } = useTranslation('web-agency')
  const draft = useDraft(`cancel:${appointment.id}`, isOpen)
  const [by, setBy] = useState<CancelledBy>('citizen')
  const sending = useSending()
  return (
    <FormDialog
      title={t('actions.cancel')}
      act={t('actions.cancel')}
      tone="danger"
      back={t('keepIt')}
      isOpen={isOpen}
      onClose={onClose}
      sending={sending.pending}
      error={sending.error}
      onSubmit={() =>
        void sending.send(async () => {
          await run({ name: 'cancel', body: { reason: draft.text, by } })
          draft.clear()
          onClose()
        })
      }
    >
      <p>{t('cancelText')}</p>
      <Select
        label={t('cancelBy.label')}
        value={by}
        onChange={id => setBy(cancellers.find(each => each === id) ?? by)}
        choices={cancellers.map(id => ({ id, label: t(`cancelBy.${id}`), detail: t(`cancelBy.${id}Detail`) }))}
      />
      <DraftNotice form={draft.form} />
      <TextArea
        label={t('cancelReason')}
        rows={2}
        value={draft.text}
        onChange={draft.setText}
        error={sending.fields.reason}
        autoFocus
      />
    </FormDialog>
  )
}

export function MoveDialog({ appointment, isOpen, onClose, run }: DialogProps & { appointment: Appointment }) {
  const { t, i18n } = useTranslation('web-agency')
  const [hold, setHold] = useState<string | null>(null)
  const start = Date.parse(appointment.start)
  const sending = useSending()
  /** The citizen is expected elsewhere at that time: said once, and meant by who presses again. */
  const isElsewhere = sending.error instanceof ApiProblem && sending.error.code === 'agenda.citizenElsewhere'
  return (
    <FormDialog
      title={t('actions.move')}
      act={t(isElsewhere ? 'moveDespite' : 'moveSend')}
      isOpen={isOpen}
      onClose={onClose}
      wide
      sending={sending.pending}
      error={sending.error}
      onSubmit={() =>
        hold === null
          ? sending.refuse(missing(t('chooseTime')))
          : void sending.send(async () => {
              const { officer } = await run({ name: 'move', body: { holdId: hold, despiteOther: isElsewhere } })
              if (officer && officer.id !== appointment.officer?.id) notify(t('otherOfficer', { name: officer.name }))
              onClose()
            })
      }
    >
      <p>
        {t('bookedNow', { day: longDay(start, i18n.language), time: clock(start, i18n.language), unit: appointment.unit.name })}
      </p>
      <SlotPicker
        near={appointment.unit.id}
        scope="office"
        serviceId={appointment.service.id}
        contactId={appointment.contact.id}
        hold={hold}
        onHold={id => {
          setHold(id)
          sending.refuse(null)
        }}
      />
    </FormDialog>
  )
}
