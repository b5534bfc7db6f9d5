/** Mails that could not be sent: why, and what can be done about each. */
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { UnsentMail } from '../../src/channels/unsent/unsent.ts'
import { api, errorsOf, sentenceOf } from '../shared/api.ts'
import { DraftNotice } from '../shared/form/notices.tsx'
import { useForm } from '../shared/form/use-form.ts'
import { pagedOptions } from '../shared/query.ts'
import { exact } from '../shared/time.ts'
import { Ago, Button, EmptyState, FormDialog, Link, notify, PagedList, Pill, TextField } from '../shared/ui/index.ts'
import './mail.css'

export default function UnsentPage() {
  const { t } = useTranslation('web-mail')
  const mails = useInfiniteQuery({
    queryKey: ['unsent-mails'],
    queryFn: ({ pageParam, signal }) => api.get('/api/unsent-mails', { query: { cursor: pageParam, limit: 30 }, signal }),
    ...pagedOptions,
    meta: { live: ['mail.'] },
  })
  return (
    <div className="mail-examine">
      <header>
        <h1>{t('unsent.title')}</h1>
        <p className="small muted">{t('unsent.text')}</p>
      </header>
      <PagedList
        query={mails}
        empty={
          <EmptyState title={t('unsent.none')} icon="check-circle">
            {t('unsent.noneText')}
          </EmptyState>
        }
      >
        {items => (
          <ul>
            {items.map(mail => (
              <Unsent key={mail.id} mail={mail} />
            ))}
          </ul>
        )}
      </PagedList>
    </div>
  )
}

function Unsent({ mail }: { mail: UnsentMail }) {
  const { t, i18n } = useTranslation('web-mail')
  const client = useQueryClient()
  const [sending, setSending] = useState(false)
  const renew = () => void client.invalidateQueries({ queryKey: ['unsent-mails'] })
  const withdraw = useMutation({
    mutationFn: () => api.post('/api/unsent-mails/:mailId/withdraw', { path: { mailId: mail.id } }),
    onSuccess: () => notify(t('unsent.withdrawn')),
    onError: error => notify(sentenceOf(error), 'late'),
    onSettled: renew,
  })
  return (
    <li className="examined">
      <div className="row wrap">
        <b className="grow clip">{mail.to.name || mail.to.address}</b>
        <small>
          <Ago at={mail.queuedAt} />
        </small>
      </div>
      <small className="anywhere">{mail.to.address}</small>
      <div className="clip">{mail.subject}</div>
      <small className="clip2">{mail.excerpt}</small>
      <div className="row wrap">
        <Pill tone={mail.state === 'failed' ? 'late' : 'wait'}>{t(`unsent.states.${mail.state}`)}</Pill>
        {mail.channel === 'pec' && <Pill tone="info">PEC</Pill>}
        {mail.channel === 'sms' && <Pill tone="info">SMS</Pill>}
        <span>{mail.why}</span>
      </div>
      <small className="muted anywhere">
        {t('unsent.attempts', { count: mail.attempts })}
        {mail.nextAt && ` · ${t('unsent.next', { at: exact(new Date(mail.nextAt), i18n.language) })}`}
        {mail.detail && ` · ${t('unsent.serverSaid', { text: mail.detail })}`}
      </small>
      <div className="row wrap">
        <About mail={mail} />
        <span className="grow" />
        <Button why={mail.may.withdraw.sentence} isPending={withdraw.isPending} onPress={() => withdraw.mutate()}>
          {t('unsent.withdraw')}
        </Button>
        <Button tone="primary" why={mail.may.sendAgain.sentence} onPress={() => setSending(true)}>
          {t('unsent.sendAgain')}
        </Button>
      </div>
      <SendAgainDialog mail={mail} isOpen={sending} onClose={() => setSending(false)} onSent={renew} />
    </li>
  )
}

/** The way to what the mail is about. */
function About({ mail }: { mail: UnsentMail }) {
  const { t } = useTranslation('web-mail')
  const id = mail.subjectId ?? ''
  const words = t(`unsent.about.${mail.about}`)
  if (mail.about === 'ticket')
    return (
      <Link to="/cric/tickets/{-$ticketId}" params={{ ticketId: id }}>
        {words}
      </Link>
    )
  if (mail.about === 'mail')
    return (
      <Link to="/mails/{-$interactionId}" params={{ interactionId: id }}>
        {words}
      </Link>
    )
  return (
    <Link to="/agency/{-$appointmentId}" params={{ appointmentId: id }}>
      {words}
    </Link>
  )
}

function SendAgainDialog({
  mail,
  isOpen,
  onClose,
  onSent,
}: {
  mail: UnsentMail
  isOpen: boolean
  onClose: () => void
  onSent: () => void
}) {
  const { t } = useTranslation('web-mail')
  // What went to no address of e-mail is written to one.
  const before = mail.channel === 'sms' ? '' : mail.to.address
  const form = useForm({
    name: `unsent-mail:${mail.id}`,
    stored: { version: 0, fields: { address: before } },
    fieldsOf: () => ({ address: before }),
    isOpen,
  })
  const { address } = form.fields
  const send = useMutation({
    mutationFn: () => api.post('/api/unsent-mails/:mailId/send-again', { path: { mailId: mail.id }, body: { address } }),
    onSuccess() {
      notify(t('unsent.sentAgain', { address }))
      form.clear()
      onClose()
      onSent()
    },
  })
  return (
    <FormDialog
      title={t('unsent.sendAgain')}
      act={t('unsent.sendAgain')}
      isOpen={isOpen}
      onClose={onClose}
      sending={send.isPending}
      error={send.error}
      onSubmit={() => send.mutate()}
    >
      <DraftNotice form={form} />
      <p>{mail.why}</p>
      <TextField
        label={t('unsent.address')}
        type="email"
        value={address}
        onChange={typed => form.change({ address: typed })}
        error={errorsOf(send.error).address}
        autoFocus
      />
    </FormDialog>
  )
}
