/** Mails that a program could not deal with: looked at, made a request after all, or put aside. */
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { addressOf, api, sentenceOf } from '../shared/api.ts'
import { pagedOptions } from '../shared/query.ts'
import { Ago, Button, EmptyState, notify, PagedList, Pill } from '../shared/ui/index.ts'
import './mail.css'

export default function ExaminePage() {
  const { t, i18n } = useTranslation('web-mail')
  const client = useQueryClient()
  const navigate = useNavigate()
  const key = ['mails-to-examine']
  const mails = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => api.get('/api/mails-to-examine', { query: { cursor: pageParam, limit: 30 }, signal }),
    ...pagedOptions,
    meta: { live: ['mail.'] },
  })
  const renew = () => void client.invalidateQueries({ queryKey: key })
  const onError = (error: unknown) => notify(sentenceOf(error), 'late')
  const receive = useMutation({
    mutationFn: (rawMailId: string) => api.post('/api/mails-to-examine/:rawMailId/receive', { path: { rawMailId } }),
    onSuccess: ({ interactionId }) => void navigate({ to: '/mails/{-$interactionId}', params: { interactionId } }),
    onError,
    onSettled: renew,
  })
  const aside = useMutation({
    mutationFn: (rawMailId: string) => api.post('/api/mails-to-examine/:rawMailId/put-aside', { path: { rawMailId } }),
    onError,
    onSettled: renew,
  })
  const size = new Intl.NumberFormat(i18n.language, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 })
  return (
    <div className="mail-examine">
      <header>
        <h1>{t('examine.title')}</h1>
        <p className="small muted">{t('examine.text')}</p>
      </header>
      <PagedList
        query={mails}
        empty={
          <EmptyState title={t('examine.none')} icon="check-circle">
            {t('examine.noneText')}
          </EmptyState>
        }
      >
        {items => (
          <ul>
            {items.map(mail => (
              <li key={mail.id} className="examined">
                <div className="row wrap">
                  <b className="grow clip">{mail.from ? mail.from.name || mail.from.address : t('examine.unreadable')}</b>
                  <small>
                    {mail.mailbox} · {size.format(Math.max(1, mail.sizeBytes / 1024))} · <Ago at={mail.receivedAt} />
                  </small>
                </div>
                {mail.subject && <div className="clip">{mail.subject}</div>}
                {mail.excerpt && <small className="clip2">{mail.excerpt}</small>}
                <div className="row wrap">
                  <Pill tone="wait">{mail.why}</Pill>
                  <span className="grow" />
                  <a
                    className="small"
                    href={addressOf('/api/mails-to-examine/:rawMailId/raw', { path: { rawMailId: mail.id } })}
                    download
                  >
                    {t(mail.isWhole ? 'raw' : 'examine.head')}
                  </a>
                  <Button isPending={aside.isPending && aside.variables === mail.id} onPress={() => aside.mutate(mail.id)}>
                    {t('examine.aside')}
                  </Button>
                  <Button
                    tone="primary"
                    isPending={receive.isPending && receive.variables === mail.id}
                    onPress={() => receive.mutate(mail.id)}
                  >
                    {t('examine.receive')}
                  </Button>
                </div>
              </li>
            ))}
          </ul>
        )}
      </PagedList>
    </div>
  )
}
