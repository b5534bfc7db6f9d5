/** What colleagues were asked about a question, and what they said: without handing it over. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ColleagueQuestion } from '../../src/cases/colleague-questions/model.ts'
import type { Ticket } from '../../src/cases/model.ts'
import { api, missing, sentenceOf } from '../shared/api.ts'
import { goToStep } from '../shared/focus.ts'
import { DraftNotice } from '../shared/form/notices.tsx'
import { useDraft, useIdempotencyKey, useSending } from '../shared/forms.ts'
import { Ago, Button, Card, FormDialog, notify, Pill, Problem, TextArea } from '../shared/ui/index.ts'
import { ColleagueField } from './colleague-field.tsx'

const keyOf = (ticketId: string) => ['ticket', ticketId, 'questions'] as const

/** The questions about a ticket. */
export const useQuestions = (ticketId: string) =>
  useQuery({
    queryKey: keyOf(ticketId),
    queryFn: ({ signal }) => api.get('/api/tickets/:ticketId/questions', { path: { ticketId }, signal }),
    meta: { live: ['ticket.'] },
  })

export function Questions({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('web-cric')
  const [isAsking, setAsking] = useState(false)
  const items = useQuestions(ticket.id).data?.items ?? []
  const may = ticket.actions['ask-colleague']
  if (items.length === 0 && !may.allowed) return null
  return (
    <Card
      title={t('asking.title')}
      aside={
        <Button why={may.allowed ? null : may.sentence} step="ask-colleague" onPress={() => setAsking(true)}>
          {t('asking.ask')}
        </Button>
      }
    >
      {items.length > 0 && (
        <ol className="col">
          {items.map(each => (
            <OneQuestion key={each.id} question={each} />
          ))}
        </ol>
      )}
      {isAsking && <AskDialog ticket={ticket} onClose={() => setAsking(false)} />}
    </Card>
  )
}

function OneQuestion({ question }: { question: ColleagueQuestion }) {
  const { t } = useTranslation('web-cric')
  const client = useQueryClient()
  const key = useIdempotencyKey()
  const path = { ticketId: question.ticketId, questionId: question.id }
  const withdraw = useMutation({
    mutationFn: () => api.post('/api/tickets/:ticketId/questions/:questionId/withdraw', { path, key: key.keyFor(question.id) }),
    onError: error => notify(sentenceOf(error), 'late'),
    onSuccess(after) {
      client.setQueryData(keyOf(question.ticketId), after)
      notify(t('asking.taken'))
      goToStep('ask-colleague')
    },
  })
  return (
    <li className="col">
      <div className="row wrap">
        <small className="asked-by">
          <b>{t('asking.asks', { name: question.askedBy.name, of: question.askedOf.name })}</b> · <Ago at={question.askedAt} />
        </small>
        {question.withdrawnAt !== null && <Pill small>{t('asking.withdrawn')}</Pill>}
        {question.answeredAt === null && question.withdrawnAt === null && (
          <Pill small tone="wait">
            {t('asking.waits')}
          </Pill>
        )}
        {question.mayWithdraw.allowed && (
          <Button tone="quiet" isPending={withdraw.isPending} onPress={() => withdraw.mutate()}>
            {t('asking.withdraw')}
          </Button>
        )}
      </div>
      <p className="prose">{question.question}</p>
      {question.answer !== null && question.answeredAt !== null && (
        <div>
          <small>
            <b>{t('asking.answered', { name: question.askedOf.name })}</b> · <Ago at={question.answeredAt} />
          </small>
          <p className="prose">{question.answer}</p>
        </div>
      )}
      {question.mayAnswer.allowed && <AnswerForm question={question} />}
    </li>
  )
}

function AnswerForm({ question }: { question: ColleagueQuestion }) {
  const { t } = useTranslation('web-cric')
  const client = useQueryClient()
  const draft = useDraft(`ticket-question:${question.id}`)
  const key = useIdempotencyKey()
  const sending = useSending()
  const send = () => {
    const body = { answer: draft.text.trim() }
    if (body.answer === '') return sending.refuse(missing({ answer: t('asking.answerNeeded') }))
    void sending.send(async () => {
      const after = await api.post('/api/tickets/:ticketId/questions/:questionId/answer', {
        path: { ticketId: question.ticketId, questionId: question.id },
        body,
        key: key.keyFor(body),
      })
      draft.clear()
      client.setQueryData(keyOf(question.ticketId), after)
      void client.invalidateQueries({ queryKey: ['ticket-questions'] })
      notify(t('asking.replied'))
      goToStep('ticket')
    })
  }
  return (
    <form
      className="col"
      onSubmit={event => {
        event.preventDefault()
        send()
      }}
    >
      <TextArea
        label={t('asking.answer')}
        rows={3}
        value={draft.text}
        onChange={draft.setText}
        error={sending.fields.answer}
        className="small-area"
      />
      <DraftNotice form={draft.form} />
      <Problem error={Object.keys(sending.fields).length === 0 ? sending.error : null} />
      <div className="row">
        <Button type="submit" tone="primary" isPending={sending.pending}>
          {t('asking.reply')}
        </Button>
      </div>
    </form>
  )
}

function AskDialog({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const { t } = useTranslation('web-cric')
  const client = useQueryClient()
  const draft = useDraft(`ticket-ask:${ticket.id}`)
  const key = useIdempotencyKey()
  const sending = useSending()
  const [colleague, setColleague] = useState<string | null>(null)
  const send = () => {
    const question = draft.text.trim()
    const errors = {
      ...(colleague === null ? { personId: t('asking.choose') } : {}),
      ...(question === '' ? { question: t('asking.questionNeeded') } : {}),
    }
    if (colleague === null || question === '') return sending.refuse(missing(errors))
    const body = { personId: colleague, question }
    void sending.send(async () => {
      const after = await api.post('/api/tickets/:ticketId/questions', {
        path: { ticketId: ticket.id },
        body,
        key: key.keyFor(body),
      })
      draft.clear()
      client.setQueryData(keyOf(ticket.id), after)
      notify(t('asking.sent'))
      onClose()
    })
  }
  return (
    <FormDialog
      isOpen
      title={t('asking.ask')}
      act={t('asking.send')}
      sending={sending.pending}
      error={sending.error}
      onSubmit={send}
      onClose={onClose}
    >
      <p>{t('asking.text')}</p>
      <ColleagueField
        label={t('asking.colleague')}
        value={colleague}
        onChange={setColleague}
        except={ticket.claimedBy?.id ?? null}
        error={sending.fields.personId}
        autoFocus
      />
      <DraftNotice form={draft.form} />
      <TextArea
        label={t('asking.question')}
        rows={4}
        value={draft.text}
        onChange={draft.setText}
        error={sending.fields.question}
        isRequired
      />
    </FormDialog>
  )
}
