/**
 * The answer to a question of the second level: written, with a template and files, and sent; or given, with what became of its mail.
 *
 * What is being written is kept twice while it is typed: at once in this browser, and after a second at the server, where it is found again from another
 * desk. Nothing that happens to the ticket meanwhile takes it away.
 */
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Ticket } from '../../src/cases/model.ts'
import { AnswerComposer } from '../shared/answer/composer.tsx'
import type { AnsweredConversation } from '../shared/answer/conversation.ts'
import { FileList } from '../shared/answer/files.tsx'
import { ApiProblem, addressOf, api } from '../shared/api.ts'
import { MailMending } from '../shared/case/mail-mending.tsx'
import { ClashNotices } from '../shared/form/notices.tsx'
import type { Stored } from '../shared/form/state.ts'
import type { Put } from '../shared/form/store.ts'
import { useForm, useSavedByItself } from '../shared/form/use-form.ts'
import { addressText, kindOfReply, replyToOf } from '../shared/reply.ts'
import { useShortcut } from '../shared/shortcuts.ts'
import { Ago, Button, Card, CheckBox, notify, Problem, TextArea, TextField } from '../shared/ui/index.ts'
import type { Step } from './tickets.ts'

/** What can be asked in a dialog beside the answer. */
export type ColleagueQuestion =
  | 'ask-citizen'
  | 'send-back'
  | 'prioritise'
  | 'forward'
  | 'hand-over'
  | 'assign'
  | 'appointment'
  | 'policy'

/** The answer that was given, or is on its way. */
export function GivenAnswer({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('web-cric')
  if (ticket.sentBack)
    return (
      <Card title={t('sendBack.done', { name: ticket.sentBy })}>
        <p className="prose">{ticket.sentBack.reason}</p>
        <small>{ticket.sentBack.by}</small>
      </Card>
    )
  return (
    <Card title={t(ticket.state === 'closed' ? 'answerGiven' : 'answerLeaving')}>
      <p className="prose">{ticket.answer ?? t('noAnswer')}</p>
      <FileList conversation={ticketConversation(ticket)} files={ticket.filesGiven} />
      {ticket.answerMail && <AnswerMail ticketId={ticket.id} mail={ticket.answerMail} />}
    </Card>
  )
}

/** An answer that has not left: why, and the way to send it elsewhere or to take it back. */
function AnswerMail({ ticketId, mail }: { ticketId: string; mail: NonNullable<Ticket['answerMail']> }) {
  const { t } = useTranslation('web-cric')
  const client = useQueryClient()
  const keep = (ticket: Ticket) => {
    client.setQueryData(['ticket', ticketId], ticket)
    void client.invalidateQueries({ queryKey: ['tickets'] })
  }
  return (
    <MailMending
      name={`answer-mail:${ticketId}`}
      mail={mail}
      words={{ withdraw: t('leaving.withdraw'), withdrawn: t('leaving.withdrawn') }}
      onReaddress={async email =>
        keep(await api.patch('/api/tickets/:ticketId/answer-mail', { path: { ticketId }, body: { email } }))
      }
      onWithdraw={async () => keep(await api.post('/api/tickets/:ticketId/answer-mail/withdraw', { path: { ticketId } }))}
    />
  )
}

/** A ticket as the composer of answers asks for it. */
const ticketConversation = ({ id: ticketId, typologyId }: Ticket): AnsweredConversation => ({
  id: ticketId,
  typologyId,
  templates: signal => api.get('/api/tickets/:ticketId/templates', { path: { ticketId }, signal }),
  addFile: (name, body) => api.post('/api/tickets/:ticketId/files', { path: { ticketId }, query: { name }, body }),
  removeFile: fileId => api.delete('/api/tickets/:ticketId/files/:fileId', { path: { ticketId, fileId } }),
  addressesOfFile: fileId => ({
    download: addressOf('/api/tickets/:ticketId/files/:fileId', { path: { ticketId, fileId } }),
    show: addressOf('/api/tickets/:ticketId/files/:fileId', { path: { ticketId, fileId }, query: { show: 'true' } }),
  }),
})

const draftSettlesMs = 1_000

interface Answer {
  text: string
}
type AnswerDraft = NonNullable<Ticket['draft']>

/** Where the answer goes when it is not where the citizen wanted it. */
interface ReplyTo {
  other: string | null
}
const usualReply: Stored<ReplyTo> = { version: 0, fields: { other: null } }

const answerOf = ({ text }: AnswerDraft): Answer => ({ text })
const storedOf = (draft: AnswerDraft | null): Stored<Answer> =>
  draft ? { version: draft.version, fields: answerOf(draft) } : { version: 0, fields: { text: '' } }

/** The text of the answer: saved as a draft at the server, where it is found again from another desk. */
function useAnswer(ticket: Ticket, isLocked: boolean) {
  const client = useQueryClient()
  const { id } = ticket
  const name = `ticket-answer:${id}`
  const form = useForm<Answer>({ name, stored: storedOf(ticket.draft), fieldsOf: current => answerOf(current as AnswerDraft) })
  const put: Put<Answer> = useCallback(
    async ({ text = '' }, version) => {
      const draft = await api.put('/api/tickets/:ticketId/draft', { path: { ticketId: id }, body: { text }, version })
      client.setQueryData<Ticket>(['ticket', id], known => known && { ...known, draft })
      return storedOf(draft)
    },
    [client, id],
  )
  return { form, state: useSavedByItself(name, form, isLocked ? null : put, draftSettlesMs) }
}

export function AnswerCard({
  ticket,
  run,
  busy,
  barred,
  open,
  onWriting,
}: {
  ticket: Ticket
  run: (step: Step) => Promise<boolean>
  busy: boolean
  /** Whether there is a text that is not sent: others see who is writing. */
  onWriting: (isWriting: boolean) => void
  barred: (name: keyof Ticket['actions']) => string | null
  open: (dialog: ColleagueQuestion) => void
}) {
  const { t } = useTranslation('web-cric')
  const client = useQueryClient()
  const asDirectorate = ticket.actions.return.allowed
  const name = asDirectorate ? 'return' : 'answer'
  const why = barred(name)
  const mayWrite = why === null || ticket.actions.claim.allowed
  const { form, state } = useAnswer(ticket, !mayWrite)
  const { text } = form.fields
  const setText = (typed: string) => form.change({ text: typed })
  const reply = useForm<ReplyTo>({ name: `ticket-reply-to:${ticket.id}`, stored: usualReply, fieldsOf: () => usualReply.fields })
  const { other } = reply.fields
  const setOther = (typed: string) => reply.change({ other: typed })
  const [isGeneral, setGeneral] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const card = useRef<HTMLDivElement>(null)
  // What was written before somebody took the ticket is there to be read.
  const locked = !mayWrite && (ticket.takenFromReader !== null || text === '')

  const isWriting = text !== '' && why === null
  useEffect(() => onWriting(isWriting), [isWriting, onWriting])
  useEffect(() => () => onWriting(false), [onWriting])

  const send = async () => {
    if (why !== null) return notify(why)
    if (form.clashes.some(each => each.choice === 'open')) return notify(t('web:form.chooseFirst'))
    if (text.trim() === '') {
      setError(new ApiProblem(422, 'web.empty', '', {}, { answer: t('writeAnswer') }))
      card.current?.querySelector('textarea')?.focus()
      return
    }
    setError(null)
    try {
      const replyTo = other === null ? undefined : replyToOf(other)
      const isDone = await run(
        asDirectorate
          ? { name: 'return', body: { answer: text, generalInterest: isGeneral } }
          : { name: 'answer', body: { answer: text, ...(replyTo ? { replyTo } : {}) } },
      )
      if (isDone) {
        form.clear()
        reply.clear(usualReply)
      }
    } catch (problem) {
      setError(problem)
    }
  }
  const here = t('web:shortcuts.here')
  useShortcut({ keys: 'r', label: t('keys.answer'), group: here }, () => card.current?.querySelector('textarea')?.focus())
  useShortcut({ keys: 'Control+Enter', label: t(`actions.${name}`), group: here }, () => void send(), why === null)

  const errors = error instanceof ApiProblem ? error.errors : {}
  const byPhone = (other === null ? ticket.replyTo.kind : kindOfReply(other)) === 'phone'
  const address = addressText(ticket.replyTo.address)
  const label = asDirectorate ? t('answerToCentre', { centre: ticket.centre.name }) : t('answerToCitizen')
  const field = {
    label,
    hideLabel: true,
    rows: 5,
    placeholder: t(asDirectorate ? 'centrePlaceholder' : byPhone ? 'phonePlaceholder' : 'mailPlaceholder'),
    error: errors.answer,
    isReadOnly: locked,
  }
  return (
    <Card
      title={label}
      aside={
        <span className="tiny" aria-live="polite">
          {ticket.draft?.from && `${t('draftFrom', { name: ticket.draft.from })} · `}
          {state !== 'saved' ? (
            t(`web:form.states.${state}`)
          ) : text !== '' && ticket.draft ? (
            <>
              {t('draftSaved')} <Ago at={ticket.draft.savedAt} />
            </>
          ) : null}
        </span>
      }
    >
      <div ref={card} className="col">
        <ClashNotices form={form} labels={{ text: t('answerText') }} prose={['text']} />
        {state === 'refused' && <Problem error={form.problem} />}
        {!asDirectorate && (
          <p className="small">
            {t(byPhone ? 'replyByPhone' : 'replyByMail')}{' '}
            {other === null ? (
              <>
                <b>{address}</b>{' '}
                <button type="button" className="link plain" onClick={() => setOther(ticket.replyTo.address)}>
                  {t('changeReplyTo')}
                </button>
              </>
            ) : null}
          </p>
        )}
        {other !== null && (
          <TextField
            label={t('web:linea.replyTo')}
            value={other}
            onChange={setOther}
            hint={t('replyToHint')}
            error={errors.replyTo ?? errors['replyTo.email'] ?? errors['replyTo.phone']}
            autoFocus
          />
        )}
        {asDirectorate ? (
          <>
            <TextArea {...field} value={text} onChange={setText} step="answer" />
            <CheckBox isSelected={isGeneral} onChange={setGeneral}>
              {t('proposeAsGeneral')}
            </CheckBox>
          </>
        ) : (
          <AnswerComposer
            {...field}
            conversation={ticketConversation(ticket)}
            text={text}
            onText={setText}
            isUntouched={text.trim() === ''}
            letter={byPhone || locked ? null : ticket.letter}
            files={ticket.answerFiles}
            onFiles={answerFiles =>
              client.setQueryData<Ticket>(['ticket', ticket.id], known => known && { ...known, answerFiles })
            }
            whyNoFiles={why ?? (byPhone ? t('filesByMailOnly') : null)}
          />
        )}
        {Object.keys(errors).length === 0 && <Problem error={error} />}
        <div className="row wrap answer-actions">
          <Button tone="primary" why={why} isPending={busy} kbd="Control+Enter" onPress={() => void send()}>
            {t(asDirectorate ? 'actions.return' : byPhone ? 'actions.answerByPhone' : 'actions.answer')}
          </Button>
          {!asDirectorate && (
            <>
              <Button
                icon="mail"
                why={ticket.waiting === null ? barred('ask-citizen') : t('ask.already')}
                onPress={() => open('ask-citizen')}
              >
                {t('actions.ask-citizen')}
              </Button>
              <Button icon="share" why={barred('forward')} onPress={() => open('forward')}>
                {t('actions.forward')}
              </Button>
              <Button icon="user" why={barred('hand-over')} onPress={() => open('hand-over')}>
                {t('actions.hand-over')}
              </Button>
              <span className="grow" />
              <Button icon="calendar" why={barred('appointment')} onPress={() => open('appointment')}>
                {t('actions.appointment')}
              </Button>
            </>
          )}
        </div>
        {why !== null && <p className="small">{why}</p>}
      </div>
    </Card>
  )
}
