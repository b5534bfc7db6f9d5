/** The versions of the flow: who wrote and published them, and the way back. */
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FlowLine, FlowOverview } from '../../../src/ivr/views.ts'
import { api } from '../../shared/api.ts'
import { DraftNotice } from '../../shared/form/notices.tsx'
import { useDraft, useIdempotencyKey } from '../../shared/forms.ts'
import { pagedOptions } from '../../shared/query.ts'
import {
  Ago,
  Button,
  classes,
  Dialog,
  EmptyState,
  notify,
  PagedList,
  Pill,
  Problem,
  TextArea,
  type Tone,
} from '../../shared/ui/index.ts'

const tones: Readonly<Record<FlowLine['status'], Tone>> = {
  draft: 'wait',
  published: 'ok',
  superseded: 'plain',
  discarded: 'plain',
}

export function Versions({ overview, onLook }: { overview: FlowOverview; onLook: (number: number) => void }) {
  const { t } = useTranslation('web-flow')
  const client = useQueryClient()
  const key = useIdempotencyKey()
  const [back, setBack] = useState<FlowLine | null>(null)
  const versions = useInfiniteQuery({
    queryKey: ['flow-versions'],
    queryFn: ({ pageParam, signal }) => api.get('/api/flow/versions', { query: { cursor: pageParam, limit: 20 }, signal }),
    ...pagedOptions,
    meta: { live: ['flow.'] },
  })
  const begin = useMutation({
    mutationFn: (from: number) => api.post('/api/flow/draft', { body: { from }, key: key.keyFor({ from }) }),
    onSuccess() {
      key.renew()
      void client.invalidateQueries({ queryKey: ['flow'] })
      notify(t('draftBegun'))
    },
  })
  return (
    <article>
      <header>
        <h1>{t('versions')}</h1>
        <small>{t('versionsText')}</small>
      </header>
      <Problem error={begin.error} />
      <PagedList query={versions} empty={<EmptyState title={t('noVersions')} icon="restore" />}>
        {lines => (
          <ol className="timeline">
            {lines.map(line => (
              <li key={line.number} className={classes(line.status === 'published' && 'now')}>
                <div className="row wrap">
                  <b>{t('version', { number: line.number })}</b>
                  <Pill small tone={tones[line.status]}>
                    {t(`status.${line.status}`)}
                  </Pill>
                </div>
                <p className="small">
                  {line.publishedAt === null ? (
                    <>
                      {t('writtenBy', { name: line.changedBy ?? t('program') })} <Ago at={line.changedAt} />
                    </>
                  ) : (
                    <>
                      {t('publishedBy', { name: line.publishedBy ?? t('program') })} <Ago at={line.publishedAt} />
                    </>
                  )}
                  {line.copyOf !== null && ` · ${t('copyOf', { number: line.copyOf })}`}
                </p>
                {line.note !== '' && <p className="quote">{line.note}</p>}
                <div className="row wrap">
                  {line.status !== 'draft' && line.status !== 'published' && (
                    <Button onPress={() => onLook(line.number)} label={t('lookAt', { number: line.number })}>
                      {t('look')}
                    </Button>
                  )}
                  {line.publishedAt !== null && line.status !== 'published' && (
                    <Button icon="restore" label={t('goBackTo', { number: line.number })} onPress={() => setBack(line)}>
                      {t('goBack')}
                    </Button>
                  )}
                  {line.status !== 'draft' && (
                    <Button
                      tone="quiet"
                      icon="pencil"
                      why={overview.draft ? t('draftThere') : null}
                      isPending={begin.isPending}
                      label={t('draftFromOf', { number: line.number })}
                      onPress={() => begin.mutate(line.number)}
                    >
                      {t('draftFrom')}
                    </Button>
                  )}
                </div>
              </li>
            ))}
          </ol>
        )}
      </PagedList>
      <BackDialog line={back} inForce={overview.version} onClose={() => setBack(null)} />
    </article>
  )
}

function BackDialog({ line, inForce, onClose }: { line: FlowLine | null; inForce: number; onClose: () => void }) {
  const { t } = useTranslation('web-flow')
  const client = useQueryClient()
  const draft = useDraft(`flow-restore:${line?.number ?? 0}`, line !== null)
  const note = draft.text
  const send = useMutation({
    mutationFn: (number: number) =>
      api.post('/api/flow/versions/:number/restore', { path: { number }, body: { note }, version: inForce }),
    onSuccess() {
      draft.clear()
      onClose()
      notify(t('wentBack', { number: line?.number }))
      void client.invalidateQueries({ queryKey: ['flow'] })
      void client.invalidateQueries({ queryKey: ['flow-versions'] })
      void client.invalidateQueries({ queryKey: ['prompts'] })
    },
    onError: () => void client.invalidateQueries({ queryKey: ['flow'] }),
  })
  return (
    <Dialog
      title={t('goBackTo', { number: line?.number })}
      isOpen={line !== null}
      onClose={onClose}
      onSubmit={() => line && send.mutate(line.number)}
      footer={
        <>
          <Button onPress={onClose}>{t('web:cancel')}</Button>
          <Button tone="primary" type="submit" isPending={send.isPending} why={note.trim().length < 3 ? t('noteNeeded') : null}>
            {t('goBack')}
          </Button>
        </>
      }
    >
      <p>{t('goBackText')}</p>
      <TextArea label={t('note')} rows={2} value={note} onChange={draft.setText} hint={t('noteHint')} autoFocus />
      <DraftNotice form={draft.form} />
      <Problem error={send.error} />
    </Dialog>
  )
}
