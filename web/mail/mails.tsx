/** Mails of citizens: what waits longest on the left, the mail that is open on the right. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { type MailView, mailViews } from '../../src/cases/mails/choices.ts'
import type { MailLine } from '../../src/cases/mails/model.ts'
import { api } from '../shared/api.ts'
import { Level } from '../shared/contact/level.tsx'
import { pagedOptions } from '../shared/query.ts'
import { Ago, EmptyState, Icon, LinesToOpen, ListAndDetail, PagedList, Pill, Tabs } from '../shared/ui/index.ts'
import { MailWork } from './mail.tsx'
import './mail.css'

const isView = (text: unknown): text is MailView => mailViews.some(view => view === text)

export default function MailsPage() {
  const { t } = useTranslation('web-mail')
  const { interactionId } = useParams({ strict: false })
  const search: { view?: unknown } = useSearch({ strict: false })
  const navigate = useNavigate()
  const view = isView(search.view) ? search.view : 'waiting'
  const mails = useInfiniteQuery({
    queryKey: ['mails', view],
    queryFn: ({ pageParam, signal }) => api.get('/api/mails', { query: { view, cursor: pageParam, limit: 30 }, signal }),
    ...pagedOptions,
    placeholderData: earlier => earlier,
    meta: { live: ['interaction.', 'mail.'] },
  })
  const show = (change: { interactionId?: string | undefined; view?: MailView }) =>
    void navigate({
      to: '/mails/{-$interactionId}',
      params: { interactionId: 'interactionId' in change ? change.interactionId : interactionId },
      search: { view: change.view ?? view },
    })
  return (
    <ListAndDetail
      label={t('title')}
      isOpen={interactionId !== undefined}
      head={
        <>
          <h1>{t('title')}</h1>
          <Tabs
            label={t('title')}
            value={view}
            onChange={id => isView(id) && show({ view: id, interactionId: undefined })}
            tabs={mailViews.map(id => ({ id, label: t(`views.${id}`) }))}
          />
        </>
      }
      list={
        <PagedList query={mails} empty={<EmptyState title={t(`empty.${view}`)} icon="mail" />}>
          {items => (
            <LinesToOpen
              label={t(`views.${view}`)}
              items={items}
              openId={interactionId}
              onOpen={id => show({ interactionId: id })}
              textOf={({ subject }) => subject}
            >
              {item => (
                <>
                  <Line mail={item} />
                </>
              )}
            </LinesToOpen>
          )}
        </PagedList>
      }
      detail={
        interactionId !== undefined && (
          <MailWork
            key={interactionId}
            interactionId={interactionId}
            onView={next => show({ view: next })}
            onGone={() => show({ interactionId: undefined })}
          />
        )
      }
      nothing={<EmptyState title={t('choose')} icon="mail" />}
      back={t('back')}
      onBack={() => show({ interactionId: undefined })}
    />
  )
}

function Line({ mail }: { mail: MailLine }) {
  const { t } = useTranslation('web-mail')
  return (
    <div className="grow mail-words">
      <div className="row">
        <b className="grow clip">{mail.contact?.name ?? (mail.from.name || mail.from.address)}</b>
        <small>
          <Ago at={mail.receivedAt} />
        </small>
      </div>
      <div className="clip">{mail.subject || t('noSubject')}</div>
      <small className="clip2">{mail.excerpt}</small>
      <div className="row wrap tiny-row">
        {mail.channel === 'pec' && (
          <Pill small tone="info">
            PEC
          </Pill>
        )}
        {mail.contact && <Level small level={mail.contact.level} />}
        {mail.code && <Pill small>{t('ofCase')}</Pill>}
        {mail.attachments > 0 && (
          <small className="row">
            <Icon name="file" /> {t('attachments', { count: mail.attachments })}
          </small>
        )}
        {mail.holder && <small>{t('with', { name: mail.holder.name })}</small>}
      </div>
    </div>
  )
}
