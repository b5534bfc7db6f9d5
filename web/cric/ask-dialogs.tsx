/** What the citizen is asked about a ticket, and how urgent it is. */
import { useTranslation } from 'react-i18next'
import { missing } from '../shared/api.ts'
import { DraftNotice } from '../shared/form/notices.tsx'
import { useDraft } from '../shared/forms.ts'
import { addressText } from '../shared/reply.ts'
import { FormDialog, TextArea } from '../shared/ui/index.ts'
import { type TicketDialogProps, useAct } from './ticket-dialogs.tsx'

/** Asks the citizen something, where the citizen wanted the answer: by mail it leaves, by telephone the member has asked. */
export function AskDialog({ ticket, isOpen, onClose, run }: TicketDialogProps) {
  const { t } = useTranslation('web-cric')
  const draft = useDraft(`ticket-ask:${ticket.id}`, isOpen)
  const sending = useAct({ run, onClose }, draft)
  const { kind, address } = ticket.replyTo
  const isSpoken = kind === 'phone'
  const way = isSpoken ? 'ask.byPhone' : kind === 'pec' ? 'ask.byPec' : 'ask.byMail'
  return (
    <FormDialog
      title={t('actions.ask-citizen')}
      act={t(isSpoken ? 'ask.sendPhone' : 'ask.sendMail')}
      isOpen={isOpen}
      onClose={onClose}
      sending={sending.pending}
      error={sending.error}
      onSubmit={() => {
        if (draft.text.trim().length < 3) return sending.refuse(missing({ question: t('ask.empty') }))
        sending.act({ name: 'ask-citizen', body: { question: draft.text } })
      }}
    >
      <p>{t(way, { address: addressText(address) })}.</p>
      <DraftNotice form={draft.form} />
      <TextArea
        label={t('ask.question')}
        value={draft.text}
        onChange={draft.setText}
        error={sending.fields.question}
        isRequired
        autoFocus
      />
      <p className="small">{t('ask.text')}</p>
    </FormDialog>
  )
}

/** Marks as urgent, with the reason; or takes the urgency away. */
export function PriorityDialog({ ticket, isOpen, onClose, run }: TicketDialogProps) {
  const { t } = useTranslation('web-cric')
  const draft = useDraft(`ticket-urgent:${ticket.id}`, isOpen)
  const sending = useAct({ run, onClose }, draft)
  const isUrgent = ticket.priority === 'urgent'
  const title = t(isUrgent ? 'priority.change' : 'priority.title')
  return (
    <FormDialog
      title={title}
      act={title}
      isOpen={isOpen}
      onClose={onClose}
      sending={sending.pending}
      error={sending.error}
      onSubmit={() => {
        if (isUrgent) return sending.act({ name: 'priority', body: { priority: 'normal' } })
        if (draft.text.trim().length < 3) return sending.refuse(missing({ reason: t('priority.reasonNeeded') }))
        sending.act({ name: 'priority', body: { priority: 'urgent', reason: draft.text } })
      }}
    >
      {isUrgent ? (
        <p>{ticket.urgentReason}</p>
      ) : (
        <>
          <p>{t('priority.text')}</p>
          <DraftNotice form={draft.form} />
          <TextArea
            label={t('priority.reason')}
            value={draft.text}
            onChange={draft.setText}
            error={sending.fields.reason}
            rows={2}
            isRequired
            autoFocus
          />
        </>
      )}
    </FormDialog>
  )
}
