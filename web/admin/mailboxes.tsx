/** Mailboxes of units: where their mail is fetched, and how that goes. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Mailbox } from '../../src/channels/mailboxes/model.ts'
import { api } from '../shared/api.ts'
import { pagedOptions } from '../shared/query.ts'
import { useShortcut } from '../shared/shortcuts.ts'
import { Ago, Button, Card, EmptyState, Notice, Pill, type Tone } from '../shared/ui/index.ts'
import { AdminList } from './list.tsx'
import { MailboxDialog } from './mailbox-dialog.tsx'
import { Split } from './split.tsx'

const tones: Readonly<Record<Mailbox['standing']['state'], Tone>> = {
  off: 'plain',
  waiting: 'wait',
  listening: 'ok',
  trouble: 'late',
}

export default function MailboxesPage() {
  const { t } = useTranslation('web-mail')
  const { mailboxId } = useParams({ strict: false })
  const navigate = useNavigate()
  const [making, setMaking] = useState(false)
  const mailboxes = useInfiniteQuery({
    queryKey: ['mailboxes'],
    queryFn: ({ pageParam, signal }) => api.get('/api/mailboxes', { query: { cursor: pageParam, limit: 100 }, signal }),
    ...pagedOptions,
    meta: { live: ['mailbox.'] },
  })
  const open = (id: string | undefined) => void navigate({ to: '/admin/mailboxes/{-$mailboxId}', params: { mailboxId: id } })
  const opened = mailboxes.data?.pages.flatMap(page => page.items).find(each => each.id === mailboxId)
  useShortcut({ keys: 'n', label: t('mailboxes.new'), group: t('web:shortcuts.here') }, () => setMaking(true))
  return (
    <>
      <Split
        label={t('mailboxes.title')}
        back={t('mailboxes.back')}
        choose={t('mailboxes.choose')}
        onBack={() => open(undefined)}
        list={
          <AdminList
            title={t('mailboxes.title')}
            make={
              <Button tone="primary" icon="plus" kbd="N" onPress={() => setMaking(true)}>
                {t('mailboxes.new')}
              </Button>
            }
            filters={null}
            query={mailboxes}
            empty={{ title: t('mailboxes.none'), text: t('mailboxes.noneText'), icon: 'mail' }}
            idOf={mailbox => mailbox.id}
            nameOf={mailbox => mailbox.address}
            openId={mailboxId}
            onOpen={open}
          >
            {mailbox => (
              <>
                <div className="grow">
                  <b className="clip block">{mailbox.address}</b>
                  <small className="clip block">{mailbox.unit.name}</small>
                </div>
                <StatePill mailbox={mailbox} />
              </>
            )}
          </AdminList>
        }
        detail={mailboxId ? opened ? <MailboxDetail mailbox={opened} /> : <EmptyState title={t('mailboxes.gone')} /> : null}
      />
      <MailboxDialog
        isOpen={making}
        onClose={() => setMaking(false)}
        onSaved={made => {
          setMaking(false)
          open(made.id)
        }}
      />
    </>
  )
}

function StatePill({ mailbox }: { mailbox: Mailbox }) {
  const { t } = useTranslation('web-mail')
  return (
    <Pill small tone={tones[mailbox.standing.state]} dot={mailbox.standing.state === 'listening'}>
      {t(`mailboxes.states.${mailbox.standing.state}`)}
    </Pill>
  )
}

function MailboxDetail({ mailbox }: { mailbox: Mailbox }) {
  const { t } = useTranslation('web-mail')
  const [changing, setChanging] = useState(false)
  const { standing } = mailbox
  const facts: readonly (readonly [string, string | number])[] = [
    [t('mailboxes.fields.unit'), mailbox.unit.name],
    [t('mailboxes.fields.kind'), t(`mailboxes.kinds.${mailbox.kind}`)],
    [t('mailboxes.fields.host'), `${mailbox.host}:${mailbox.port} · ${t(`mailboxes.security.${mailbox.security}`)}`],
    [t('mailboxes.fields.userName'), mailbox.userName],
    [t('mailboxes.fields.folder'), mailbox.folder],
    [
      t('mailboxes.fields.afterwards'),
      mailbox.moveTo === null
        ? t(`mailboxes.afterwards.${mailbox.afterwards}`)
        : t('mailboxes.movedTo', { folder: mailbox.moveTo }),
    ],
    [t('mailboxes.onServer'), standing.onServer],
    [t('mailboxes.unread'), standing.unread],
    [t('mailboxes.toExamine'), standing.toExamine],
  ]
  return (
    <article>
      <header className="row top wrap">
        <div className="grow">
          <h1 className="anywhere">{mailbox.address}</h1>
          <StatePill mailbox={mailbox} />
        </div>
        <Button icon="pencil" onPress={() => setChanging(true)}>
          {t('mailboxes.change')}
        </Button>
      </header>
      {standing.sentence && <Notice tone="late">{standing.sentence}</Notice>}
      <Card title={t('mailboxes.state')} level="h2">
        <p className="mailbox-mail">
          {standing.lastMailAt ? (
            <>
              {t('mailboxes.lastMail')} <Ago at={standing.lastMailAt} />
            </>
          ) : (
            t('mailboxes.noMailYet')
          )}
          {standing.lookedAt && (
            <>
              {' · '}
              {t('mailboxes.lookedAt')} <Ago at={standing.lookedAt} />
            </>
          )}
        </p>
        <dl className="facts">
          {facts.map(([name, value]) => (
            <div key={name} style={{ display: 'contents' }}>
              <dt>{name}</dt>
              <dd className="anywhere">{value}</dd>
            </div>
          ))}
        </dl>
      </Card>
      {mailbox.signature && (
        <Card title={t('mailboxes.fields.signature')} level="h2">
          <p className="prose">{mailbox.signature}</p>
        </Card>
      )}
      <MailboxDialog
        key={mailbox.id}
        mailbox={mailbox}
        isOpen={changing}
        onClose={() => setChanging(false)}
        onSaved={() => setChanging(false)}
      />
    </article>
  )
}
