/** Known errors: searched on the left, read on the right, and kept by the IT groups. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { KnownError } from '../../src/incidents/model.ts'
import { api, sentenceOf } from '../shared/api.ts'
import { pagedOptions } from '../shared/query.ts'
import { may, useSession } from '../shared/session.tsx'
import { useShortcut } from '../shared/shortcuts.ts'
import {
  Ago,
  Button,
  Card,
  EmptyState,
  ErrorState,
  FormDialog,
  LinesToOpen,
  Link,
  ListAndDetail,
  Loading,
  notify,
  PagedList,
  TextField,
} from '../shared/ui/index.ts'
import { ListTabs } from './heads.tsx'
import { KnownErrorDialog } from './known-error-dialog.tsx'
import './incidents.css'

export default function KnownErrorsPage() {
  const { t } = useTranslation('web-incidents')
  const { acting } = useSession()
  const { knownErrorId } = useParams({ strict: false })
  const navigate = useNavigate()
  const [q, setQ] = useState('')
  const [making, setMaking] = useState(false)
  const isKeeper = may(acting, 'incidents.keep')
  const known = useInfiniteQuery({
    queryKey: ['known-errors', q],
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/known-errors', { query: { cursor: pageParam, ...(q.trim() === '' ? {} : { q }) }, signal }),
    ...pagedOptions,
    placeholderData: before => before,
    meta: { live: ['known-error.'] },
  })
  const open = (id: string | undefined) => void navigate({ to: '/known-errors/{-$knownErrorId}', params: { knownErrorId: id } })
  useShortcut({ keys: 'n', label: t('known.new'), group: t('web:shortcuts.here') }, () => setMaking(true), isKeeper)
  return (
    <>
      <ListAndDetail
        label={t('known.title')}
        isOpen={knownErrorId !== undefined}
        head={
          <>
            <div className="row wrap">
              <h1 className="grow">{t('known.title')}</h1>
              {isKeeper && (
                <Button tone="primary" icon="plus" kbd="N" onPress={() => setMaking(true)}>
                  {t('known.new')}
                </Button>
              )}
            </div>
            <ListTabs value="known" />
            <TextField
              label={t('known.search')}
              hideLabel
              type="search"
              icon="search"
              placeholder={t('known.search')}
              value={q}
              onChange={setQ}
            />
          </>
        }
        list={
          <PagedList
            query={known}
            empty={
              <EmptyState title={t('known.none')} icon="tool">
                {t('known.noneText')}
              </EmptyState>
            }
          >
            {items => (
              <LinesToOpen
                label={t('known.title')}
                items={items}
                openId={knownErrorId}
                onOpen={open}
                textOf={({ title }) => title}
              >
                {item => (
                  <>
                    <b>{item.title}</b>
                    <small className="clip">{item.procedure ?? t('noProcedure')}</small>
                  </>
                )}
              </LinesToOpen>
            )}
          </PagedList>
        }
        detail={
          knownErrorId !== undefined && (
            <KnownErrorDetail key={knownErrorId} knownErrorId={knownErrorId} onRemoved={() => open(undefined)} />
          )
        }
        nothing={<EmptyState title={t('known.choose')} icon="tool" />}
        back={t('back')}
        onBack={() => open(undefined)}
      />
      {isKeeper && (
        <KnownErrorDialog
          isOpen={making}
          onClose={() => setMaking(false)}
          onSaved={made => {
            setMaking(false)
            open(made.id)
          }}
        />
      )}
    </>
  )
}

/** Read by itself: a link leads also to one that stands on another page of the list. */
function KnownErrorDetail({ knownErrorId, onRemoved }: { knownErrorId: string; onRemoved: () => void }) {
  const known = useQuery({
    queryKey: ['known-errors', 'one', knownErrorId],
    queryFn: ({ signal }) => api.get('/api/known-errors/:knownErrorId', { path: { knownErrorId }, signal }),
    meta: { live: ['known-error.'] },
  })
  if (known.error) return <ErrorState error={known.error} onRetry={() => void known.refetch()} />
  if (!known.data) return <Loading />
  return <Shown known={known.data} onRemoved={onRemoved} />
}

function Shown({ known, onRemoved }: { known: KnownError; onRemoved: () => void }) {
  const { t } = useTranslation('web-incidents')
  const client = useQueryClient()
  const [opened, setOpened] = useState<'change' | 'remove' | null>(null)
  const remove = useMutation({
    mutationFn: () => api.delete('/api/known-errors/:knownErrorId', { path: { knownErrorId: known.id } }),
    onSuccess() {
      void client.invalidateQueries({ queryKey: ['known-errors'] })
      onRemoved()
    },
    onError: error => notify(sentenceOf(error), 'late'),
  })
  return (
    <article className="incident">
      <header className="row top wrap">
        <div className="grow">
          <h2>{known.title}</h2>
          <small>
            {known.procedure ?? t('noProcedure')}
            {known.typology && ` · ${known.typology}`}
          </small>
          <div>
            <small>
              {t('known.changedBy', { name: known.changedBy })} <Ago at={known.changedAt} />
            </small>
          </div>
        </div>
        {known.change.allowed && (
          <>
            <Button tone="quiet" icon="delete" onPress={() => setOpened('remove')}>
              {t('known.remove')}
            </Button>
            <Button icon="pencil" onPress={() => setOpened('change')}>
              {t('known.change')}
            </Button>
          </>
        )}
      </header>
      <Card title={t('known.symptom')}>
        <p className="prose">{known.symptom}</p>
      </Card>
      <Card title={t('workaround')}>
        <p className="prose">{known.workaround}</p>
      </Card>
      {known.incidentId && (
        <p>
          <Link to="/incidents/{-$incidentId}" params={{ incidentId: known.incidentId }}>
            {t('known.fromIncident')}
          </Link>
        </p>
      )}
      {known.change.allowed && (
        <>
          <KnownErrorDialog
            known={known}
            isOpen={opened === 'change'}
            onClose={() => setOpened(null)}
            onSaved={() => setOpened(null)}
          />
          <FormDialog
            title={t('known.removeTitle', { title: known.title })}
            act={t('known.remove')}
            tone="danger"
            isOpen={opened === 'remove'}
            onClose={() => setOpened(null)}
            sending={remove.isPending}
            error={remove.error}
            onSubmit={() => remove.mutate()}
          >
            <p>{t('known.removeText')}</p>
          </FormDialog>
        </>
      )}
    </article>
  )
}
