/** One mail: who wrote, what, what is attached; taken in hand, and answered. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MailView } from '../../src/cases/mails/choices.ts'
import type { IncomingMail } from '../../src/cases/mails/model.ts'
import type { RepeatCause } from '../../src/cases/model.ts'
import { FileList } from '../shared/answer/files.tsx'
import { addressOf, api, sentenceOf } from '../shared/api.ts'
import { ReferenceLine } from '../shared/case/reference.tsx'
import { SecondContact } from '../shared/case/second-contact.tsx'
import { Level } from '../shared/contact/level.tsx'
import { FileLine } from '../shared/files/file-line.tsx'
import { goToStep } from '../shared/focus.ts'
import { goToAnswer } from '../shared/service/mail-steps.ts'
import { useShortcut } from '../shared/shortcuts.ts'
import { exact, spokenCode } from '../shared/time.ts'
import { Ago, Button, Card, ErrorState, Link, Loading, Notice, notify, Pill } from '../shared/ui/index.ts'
import { ViewersOf } from '../shared/viewers/viewers.tsx'
import { AnswerForm, mailConversation } from './answer.tsx'
import { PassDialog } from './pass-dialog.tsx'

export function MailWork({
  interactionId,
  onView,
  onGone,
}: {
  interactionId: string
  onView: (view: MailView) => void
  onGone: () => void
}) {
  const { t } = useTranslation('web-mail')
  const client = useQueryClient()
  const [passing, setPassing] = useState(false)
  const [isWriting, setWriting] = useState(false)
  const found = useQuery({
    queryKey: ['mail', interactionId],
    queryFn: ({ signal }) => api.get('/api/mails/:interactionId', { path: { interactionId }, signal }),
    meta: { live: ['interaction.', 'mail.', 'case.'] },
  })
  const keep = (mail: IncomingMail) => {
    client.setQueryData(['mail', interactionId], mail)
    void client.invalidateQueries({ queryKey: ['mails'] })
  }
  const fail = (error: unknown) => {
    notify(sentenceOf(error), 'late')
    void client.invalidateQueries({ queryKey: ['mail', interactionId] })
  }
  const path = { interactionId }
  const take = useMutation({
    mutationFn: () => api.post('/api/mails/:interactionId/take', { path }),
    onSuccess(mail) {
      keep(mail)
      onView('mine')
      goToAnswer(mail)
    },
    onError: fail,
  })
  const giveBack = useMutation({
    mutationFn: () => api.post('/api/mails/:interactionId/give-back', { path }),
    onSuccess: keep,
    onError: fail,
  })
  const explain = (cause: RepeatCause) => api.post('/api/mails/:interactionId/repeat-cause', { path, body: { cause } })
  const mayTake = found.data?.may.take.allowed ?? false
  useShortcut({ keys: 'p', label: t('take'), group: t('web:shortcuts.here') }, () => mayTake && take.mutate())
  if (found.isPending) return <Loading />
  if (found.isError && !found.data) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />
  const mail = found.data
  return (
    <article className="mail">
      <header className="row top wrap">
        <div className="grow">
          <h2>{mail.subject || t('noSubject')}</h2>
          <div>
            <b>{mail.from.name || mail.from.address}</b> <small>{mail.from.name && mail.from.address}</small>
          </div>
          <small>
            {mail.mailbox} · <Ago at={mail.receivedAt} />
          </small>
          <ViewersOf kind="mail" id={mail.id} writing={isWriting} />
        </div>
        {mail.may.take.allowed && (
          <Button tone="primary" kbd="P" isPending={take.isPending} onPress={() => take.mutate()}>
            {mail.holder ? t('takeFrom', { name: mail.holder.name }) : t('take')}
          </Button>
        )}
        {mail.may.giveBack.allowed && (
          <Button icon="share" onPress={() => setPassing(true)}>
            {t('pass.open')}
          </Button>
        )}
        {mail.may.giveBack.allowed && (
          <Button isPending={giveBack.isPending} onPress={() => giveBack.mutate()}>
            {t('giveBack')}
          </Button>
        )}
      </header>
      <div className="row wrap">
        <Pill tone={mail.contact ? 'info' : 'plain'}>
          {mail.contact === null
            ? t('unknownSender')
            : mail.contact.level === 'digital'
              ? mail.contact.name
              : t('contact', { name: mail.contact.name })}
        </Pill>
        {mail.contact && <Level level={mail.contact.level} />}
        {mail.code && mail.caseId && (
          <Link to="/cases/$caseId" params={{ caseId: mail.caseId }}>
            {t('caseCode', { code: spokenCode(mail.code) })}
          </Link>
        )}
        {mail.contact?.level !== 'digital' && <small>{t('notIdentified')}</small>}
      </div>
      <Passings mail={mail} />
      {mail.registered && <Envelope envelope={mail.registered} />}
      <SecondContact repeats={mail.repeats} onSay={async cause => keep(await explain(cause))} />
      <Known mail={mail} />
      <Body mail={mail} />
      <Files mail={mail} />
      {mail.answer && <Answered mail={mail} onKeep={keep} onFail={fail} />}
      {mail.may.answer.allowed ? (
        <AnswerForm
          mail={mail}
          onWriting={setWriting}
          onFiles={answerFiles => keep({ ...mail, answerFiles })}
          onSent={answered => {
            keep(answered)
            goToStep('withdraw')
          }}
        />
      ) : (
        mail.answer === null && <p className="small muted">{mail.may.answer.sentence}</p>
      )}
      <PassDialog
        mail={mail}
        isOpen={passing}
        onClose={() => setPassing(false)}
        onPassed={unitName => {
          setPassing(false)
          notify(t('pass.passed', { unit: unitName }))
          void client.invalidateQueries({ queryKey: ['mails'] })
          onGone()
        }}
      />
    </article>
  )
}

/** What is open for who wrote, and who goes on with it. */
function Known({ mail }: { mail: IncomingMail }) {
  const { t } = useTranslation('web-mail')
  if (mail.open.length === 0) return null
  return (
    <Card calm title={t(mail.caseId === null ? 'open.title' : 'open.own')}>
      <ul className="col">
        {mail.open.map(matter => (
          <li key={matter.id}>
            <div>
              <Link to="/cases/$caseId" params={{ caseId: matter.id }}>
                {matter.title}
              </Link>
            </div>
            <small>
              {matter.reference && (
                <>
                  <ReferenceLine reference={matter.reference} /> ·{' '}
                </>
              )}
              <span className="num">{spokenCode(matter.code)}</span> · <Ago at={matter.openedAt} />
            </small>
          </li>
        ))}
      </ul>
    </Card>
  )
}

/** How it came here, the last step first: the colleagues' notes are for colleagues. */
function Passings({ mail }: { mail: IncomingMail }) {
  const { t } = useTranslation('web-mail')
  if (mail.passings.length === 0) return null
  return (
    <ol className="mail-passings" aria-label={t('pass.way')}>
      {mail.passings.map(step => (
        <li key={`${step.at}${step.toUnit}`}>
          <Notice title={t('pass.step', { name: step.by, from: step.fromUnit, to: step.toUnit })}>
            <div className="mail-text">{step.note}</div>
            <small>
              <Ago at={step.at} />
            </small>
          </Notice>
        </li>
      ))}
    </ol>
  )
}

/** What the provider vouches for: shown with every PEC, and in another tone where nobody does; what an envelope says that proves nothing is not repeated. */
function Envelope({ envelope }: { envelope: NonNullable<IncomingMail['registered']> }) {
  const { t, i18n } = useTranslation()
  const at = (instant: string) => exact(new Date(instant), i18n.language)
  const isValid = envelope.kind === 'message' && envelope.verdict === 'valid'
  return (
    <Notice
      tone={isValid ? 'ok' : envelope.verdict === 'broken' ? 'late' : 'wait'}
      title={t(envelope.kind === 'anomaly' ? 'pec.anomaly' : `pec.envelope.${envelope.verdict}`)}
    >
      {envelope.reason && <div>{t(`pec.reason.${envelope.reason}`)}</div>}
      <div>
        {t('pec.received', { at: at(envelope.receivedAt) })}
        {isValid && envelope.sentAt && ` · ${t('pec.taken', { at: at(envelope.sentAt) })}`}
        {isValid && envelope.issuer && ` · ${envelope.issuer}`}
      </div>
    </Notice>
  )
}

function Body({ mail }: { mail: IncomingMail }) {
  const { t } = useTranslation('web-mail')
  const [formatted, setFormatted] = useState(false)
  const [images, setImages] = useState(false)
  const [quoted, setQuoted] = useState(false)
  const path = { interactionId: mail.id }
  const page = addressOf('/api/mails/:interactionId/page', { path, query: { images: images ? 'true' : 'false' } })
  return (
    <Card>
      {formatted ? (
        <iframe className="mail-frame" title={t('formatted')} sandbox="allow-popups" src={page} referrerPolicy="no-referrer" />
      ) : (
        <>
          <div className="prose mail-text">{mail.text || t('noText')}</div>
          {mail.quoted !== '' && (
            <Button tone="quiet" onPress={() => setQuoted(!quoted)}>
              {t(quoted ? 'hideQuoted' : 'showQuoted')}
            </Button>
          )}
          {quoted && <div className="prose mail-text muted">{mail.quoted}</div>}
        </>
      )}
      <div className="row wrap mail-ways">
        {mail.hasHtml && (
          <Button tone="quiet" onPress={() => setFormatted(!formatted)}>
            {t(formatted ? 'asText' : 'formatted')}
          </Button>
        )}
        {formatted && !images && (
          <Button tone="quiet" onPress={() => setImages(true)}>
            {t('loadImages')}
          </Button>
        )}
        <a className="link small" href={addressOf('/api/mails/:interactionId/raw', { path })} download>
          {t('raw')}
        </a>
      </div>
    </Card>
  )
}

function Files({ mail }: { mail: IncomingMail }) {
  const { t } = useTranslation('web-mail')
  if (mail.files.length === 0) return null
  return (
    <Card title={t('files')}>
      <ul className="file-list">
        {mail.files.map(file => {
          const path = { interactionId: mail.id, attachmentId: file.id }
          const address = {
            download: addressOf('/api/mails/:interactionId/attachments/:attachmentId', { path }),
            show: addressOf('/api/mails/:interactionId/attachments/:attachmentId', { path, query: { show: 'true' } }),
          }
          return (
            <FileLine
              key={file.id}
              file={file}
              address={file.scan === 'infected' ? undefined : address}
              note={
                !file.isExpectedType && (
                  <Pill small tone="late">
                    {t('otherType')}
                  </Pill>
                )
              }
            />
          )
        })}
      </ul>
    </Card>
  )
}

function Answered({
  mail,
  onKeep,
  onFail,
}: {
  mail: IncomingMail
  onKeep: (mail: IncomingMail) => void
  onFail: (error: unknown) => void
}) {
  const { t } = useTranslation('web-mail')
  const withdraw = useMutation({
    mutationFn: () => api.post('/api/mails/:interactionId/answer/withdraw', { path: { interactionId: mail.id } }),
    onSuccess(withdrawn) {
      onKeep(withdrawn)
      goToStep('answer')
    },
    onError: onFail,
  })
  const { answer } = mail
  if (!answer) return null
  return (
    <Card title={t('answer.title')}>
      <div className="col">
        <Notice
          tone={answer.state === 'sent' ? 'ok' : answer.state === 'failed' ? 'late' : 'wait'}
          live
          action={
            answer.mayWithdrawUntil !== null && (
              <Button step="withdraw" isPending={withdraw.isPending} onPress={() => withdraw.mutate()}>
                {t('answer.withdraw')}
              </Button>
            )
          }
        >
          {t(`answer.states.${answer.state}`)}
        </Notice>
        <div className="prose mail-text">{answer.text}</div>
        {answer.copies.length > 0 && (
          <small className="anywhere">{t('answer.copiedTo', { list: answer.copies.join(', ') })}</small>
        )}
        <FileList conversation={mailConversation(mail.id, null)} files={answer.files} />
      </div>
    </Card>
  )
}
