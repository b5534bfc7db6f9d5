/** What a ticket can lead to beyond an answer, each in a dialog that says what follows from it. */
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Ticket, TicketAction } from '../../src/cases/model.ts'
import { ApiProblem, api, missing } from '../shared/api.ts'
import { DraftNotice } from '../shared/form/notices.tsx'
import { useDraft, useSending } from '../shared/forms.ts'
import { SlotPicker } from '../shared/slots.tsx'
import { ComboBox, classes, Dialog, FormDialog, Icon, Notice, Select, TextArea } from '../shared/ui/index.ts'
import { type Step, useTicketCounts } from './tickets.ts'

export interface TicketDialogProps {
  ticket: Ticket
  isOpen: boolean
  onClose: () => void
  run: (step: Step) => Promise<boolean>
}

/** What is asked, sent, and then closed; a draft goes when it has been used, and stays when somebody was quicker. */
export function useAct({ run, onClose }: Pick<TicketDialogProps, 'run' | 'onClose'>, draft: { clear(): void }) {
  const sending = useSending()
  return {
    ...sending,
    act: (step: Step) =>
      void sending.send(async () => {
        const isDone = await run(step)
        if (isDone) draft.clear()
        onClose()
      }),
  }
}

export function ForwardDialog({ ticket, isOpen, onClose, run }: TicketDialogProps) {
  const { t } = useTranslation('web-cric')
  const draft = useDraft(`ticket-forward:${ticket.id}`, isOpen)
  const [directorate, setDirectorate] = useState<string | null>(ticket.competentDirectorate?.id ?? null)
  const sending = useAct({ run, onClose }, draft)
  const directorates = useQuery({
    queryKey: ['central-directorates'],
    queryFn: ({ signal }) => api.get('/api/units', { query: { kind: 'central-directorate', limit: 100 }, signal }),
    enabled: isOpen,
    staleTime: 600_000,
  })
  return (
    <FormDialog
      title={t('actions.forward')}
      act={t('forward.send')}
      isOpen={isOpen}
      onClose={onClose}
      sending={sending.pending}
      error={sending.error}
      onSubmit={() =>
        sending.act({
          name: 'forward',
          body: { reason: draft.text, ...(directorate ? { directorateId: directorate } : {}) },
        })
      }
    >
      <p>{t('forward.text')}</p>
      <Select
        label={t('forward.directorate')}
        value={directorate}
        onChange={setDirectorate}
        choices={directorates.data?.items.map(unit => ({ id: unit.id, label: unit.name }))}
        hint={ticket.competentDirectorate && ticket.competentDirectorate.id === directorate ? t('forward.competent') : undefined}
        error={sending.fields.directorateId}
      />
      <DraftNotice form={draft.form} />
      <TextArea
        label={t('forward.reason')}
        value={draft.text}
        onChange={draft.setText}
        error={sending.fields.reason}
        isRequired
        autoFocus
      />
    </FormDialog>
  )
}

export function HandOverDialog({ ticket, isOpen, onClose, run }: TicketDialogProps) {
  const { t } = useTranslation('web-cric')
  const draft = useDraft(`ticket-hand-over:${ticket.id}`, isOpen)
  const [colleague, setColleague] = useState<string | null>(null)
  const sending = useAct({ run, onClose }, draft)
  const colleagues = useQuery({
    queryKey: ['colleagues', ticket.id],
    queryFn: ({ signal }) => api.get('/api/tickets/:ticketId/colleagues', { path: { ticketId: ticket.id }, signal }),
    enabled: isOpen,
  })
  return (
    <FormDialog
      title={t('handOver.title')}
      act={t('handOver.send')}
      isOpen={isOpen}
      onClose={onClose}
      sending={sending.pending}
      error={sending.error ?? colleagues.error}
      onSubmit={() =>
        colleague === null
          ? sending.refuse(missing({ personId: t('handOver.choose') }))
          : sending.act({ name: 'hand-over', body: { personId: colleague, note: draft.text } })
      }
    >
      <p>{t('handOver.text', { centre: ticket.centre.name })}</p>
      <ComboBox
        label={t('handOver.colleague')}
        icon="user"
        value={colleague}
        onChange={setColleague}
        choices={(colleagues.data?.items ?? []).map(each => ({ id: each.id, label: each.name, detail: each.unit }))}
        key={colleagues.data ? 'loaded' : 'empty'}
        isLoading={colleagues.isPending}
        error={sending.fields.personId}
        autoFocus
      />
      <DraftNotice form={draft.form} />
      <TextArea label={t('handOver.note')} rows={3} value={draft.text} onChange={draft.setText} error={sending.fields.note} />
    </FormDialog>
  )
}

export function AssignDialog({ ticket, isOpen, onClose, run }: TicketDialogProps) {
  const { t } = useTranslation('web-cric')
  const draft = useDraft(`ticket-assign:${ticket.id}`, isOpen)
  const [section, setSection] = useState<string | null>(null)
  const counts = useTicketCounts()
  const sending = useAct({ run, onClose }, draft)
  return (
    <FormDialog
      title={t('actions.assign')}
      act={t('assign.send')}
      isOpen={isOpen}
      onClose={onClose}
      sending={sending.pending}
      error={sending.error}
      onSubmit={() =>
        section === null
          ? sending.refuse(missing({ unitId: t('assign.choose') }))
          : sending.act({ name: 'assign', body: { unitId: section, reason: draft.text } })
      }
    >
      <p>{t('assign.text', { centre: ticket.centre.name })}</p>
      <Select
        label={t('assign.section')}
        value={section}
        onChange={setSection}
        choices={counts.data?.sections
          .filter(each => each.id !== ticket.unit.id)
          .map(each => ({ id: each.id, label: each.name }))}
        error={sending.fields.unitId}
      />
      <DraftNotice form={draft.form} />
      <TextArea label={t('assign.reason')} rows={3} value={draft.text} onChange={draft.setText} error={sending.fields.reason} />
    </FormDialog>
  )
}

/** It is no matter for the second level: whoever sent it goes on with the case. */
export function SendBackDialog({ ticket, isOpen, onClose, run }: TicketDialogProps) {
  const { t } = useTranslation('web-cric')
  const draft = useDraft(`ticket-send-back:${ticket.id}`, isOpen)
  const sending = useAct({ run, onClose }, draft)
  return (
    <FormDialog
      title={t('actions.send-back')}
      act={t('sendBack.send')}
      isOpen={isOpen}
      onClose={onClose}
      sending={sending.pending}
      error={sending.error}
      onSubmit={() =>
        draft.text.trim().length < 3
          ? sending.refuse(missing({ reason: t('sendBack.missing') }))
          : sending.act({ name: 'send-back', body: { reason: draft.text } })
      }
    >
      <p>{t('sendBack.text', { name: ticket.sentBy })}</p>
      <DraftNotice form={draft.form} />
      <TextArea
        label={t('sendBack.reason')}
        rows={3}
        value={draft.text}
        onChange={draft.setText}
        error={sending.fields.reason}
        autoFocus
      />
    </FormDialog>
  )
}

/** The one way from a question to an agency: an appointment, for the declared reason. */
export function AppointmentDialog({ ticket, isOpen, onClose, run }: TicketDialogProps) {
  const { t } = useTranslation('web-cric')
  const draft = useDraft(`ticket-appointment:${ticket.id}`, isOpen)
  const [reason, setReason] = useState<string | null>(null)
  const [hold, setHold] = useState<string | null>(null)
  const sending = useAct({ run, onClose }, draft)
  const contact = useQuery({
    queryKey: ['contact', ticket.contact.id],
    queryFn: ({ signal }) => api.get('/api/contacts/:contactId', { path: { contactId: ticket.contact.id }, signal }),
    enabled: isOpen,
  })
  const dossier = reason === 'paper-dossier'
  /** The citizen is expected elsewhere at that time: said once, and meant by who presses again. */
  const isElsewhere = sending.error instanceof ApiProblem && sending.error.code === 'agenda.citizenElsewhere'
  let body: ReactNode = null
  if (reason !== null && !dossier)
    body = (
      <Notice tone="wait" live>
        {t('appointment.onlyDossier')}
      </Notice>
    )
  else if (dossier)
    body = (
      <>
        <DraftNotice form={draft.form} />
        <TextArea
          label={t('appointment.explanation')}
          rows={3}
          value={draft.text}
          onChange={draft.setText}
          error={sending.fields.explanation}
        />
        <SlotPicker near={contact.data?.municipalityCode ?? null} contactId={contact.data?.id} hold={hold} onHold={setHold} />
      </>
    )
  return (
    <FormDialog
      title={t('appointment.title')}
      act={t(isElsewhere ? 'appointment.despite' : 'appointment.send')}
      isOpen={isOpen}
      onClose={onClose}
      wide
      sending={sending.pending}
      error={sending.error}
      onSubmit={() => {
        if (!dossier) sending.refuse(missing({ reason: t('appointment.chooseReason') }))
        else if (hold === null) sending.refuse(missing(t('appointment.chooseTime')))
        else
          sending.act({
            name: 'appointment',
            body: { holdId: hold, reason: 'paper-dossier', explanation: draft.text, despiteOther: isElsewhere },
          })
      }}
    >
      <Select
        label={t('appointment.reason')}
        value={reason}
        onChange={setReason}
        choices={[
          { id: 'paper-dossier', label: t('appointment.reasons.paper-dossier') },
          { id: 'other', label: t('appointment.reasons.other') },
        ]}
        error={sending.fields.reason}
      />
      {body}
    </FormDialog>
  )
}

const way = ['pool', 'claimed', 'forwarded', 'returned', 'answered', 'closed'] as const
const shownActions: readonly TicketAction[] = [
  'claim',
  'note',
  'answer',
  'ask-colleague',
  'forward',
  'hand-over',
  'ask-citizen',
  'release',
  'assign',
  'prioritise',
  'take-over',
  'appointment',
  'send-back',
  'return',
  'close',
]

/** The policy, on the screen: where the ticket is on its way, what the reader may do now, and why not the rest. */
export function PolicyDialog({ ticket, isOpen, onClose }: Omit<TicketDialogProps, 'run'>) {
  const { t } = useTranslation('web-cric')
  return (
    <Dialog title={t('policy.title')} isOpen={isOpen} onClose={onClose} wide toRead>
      <ol className="way" aria-label={t('policy.way')}>
        {way.map(state => (
          <li
            key={state}
            className={classes(state === ticket.state && 'on')}
            aria-current={state === ticket.state ? 'step' : undefined}
          >
            {t(`policy.states.${state}`)}
          </li>
        ))}
      </ol>
      <p className="small">{t('policy.text')}</p>
      <ul className="rights">
        {shownActions.map(name => {
          const permission = ticket.actions[name]
          return (
            <li key={name} className="row top">
              <span style={{ color: permission.allowed ? 'var(--green)' : 'var(--ink-3)' }}>
                <Icon name={permission.allowed ? 'check' : 'ban'} />
              </span>
              <span className="grow">
                <b>{t(`actions.${name}`)}</b>
                <br />
                <small>{permission.allowed ? t('policy.allowed') : permission.sentence}</small>
              </span>
            </li>
          )
        })}
      </ul>
    </Dialog>
  )
}
