/** A day run again under virtual time, with changes: the same callers, so the difference is what the change does. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../shared/api.ts'
import { dayOf } from '../shared/time.ts'
import { Button, Card, EmptyState, Notice, Problem, Select, TextField } from '../shared/ui/index.ts'
import ChangeForm from './change-form.tsx'
import { type Change, type PastDay, type Run, said } from './model.ts'
import Results from './results.tsx'

const lookEveryMs = 400

export default function WhatIf({ past, day, onDay }: { past: PastDay; day: string; onDay: (day: string) => void }) {
  const { t } = useTranslation('web-planner')
  const [basis, setBasis] = useState<'day' | 'example'>(past.calls > 0 ? 'day' : 'example')
  const [changes, setChanges] = useState<readonly { id: string; change: Change }[]>([])
  const [runId, setRunId] = useState<string | null>(null)
  const nameOf = (id: string) => past.sections.find(section => section.id === id)?.name ?? id
  const start = useMutation({
    mutationFn: () =>
      api.post<Run>('/api/planner/runs', {
        basis,
        ...(basis === 'day' ? { day } : {}),
        changes: changes.map(({ change }) => change),
      }),
    onSuccess: run => setRunId(run.id),
  })
  const run = useQuery({
    queryKey: ['planner', 'run', runId],
    queryFn: ({ signal }) => api.get<Run>(`/api/planner/runs/${runId}`, undefined, signal),
    enabled: runId !== null,
    refetchInterval: query => (query.state.data?.state === 'running' || !query.state.data ? lookEveryMs : false),
  })
  const cancel = useMutation({
    mutationFn: () => api.delete(`/api/planner/runs/${runId}`),
    onSuccess: () => run.refetch(),
  })
  const running = start.isPending || (runId !== null && (run.data?.state === 'running' || run.isPending))

  return (
    <>
      <Card title={t('whatIf.day')}>
        <div className="row wrap fields">
          <Select
            label={t('whatIf.basis')}
            choices={[
              { id: 'day', label: t('whatIf.realDay') },
              { id: 'example', label: t('whatIf.exampleDay') },
            ]}
            value={basis}
            onChange={id => setBasis(id === 'day' ? 'day' : 'example')}
          />
          {basis === 'day' && (
            <TextField
              label={t('whatIf.date')}
              type="date"
              value={day}
              onChange={value => {
                if (/^\d{4}-\d\d-\d\d$/.test(value) && value <= dayOf(Date.now())) onDay(value)
              }}
              hint={t('whatIf.callsOfDay', { count: past.calls })}
            />
          )}
          {basis === 'example' && <p className="muted grow">{t('whatIf.exampleText')}</p>}
        </div>
      </Card>
      <Card title={t('whatIf.changes')}>
        {changes.length === 0 ? (
          <p className="muted">{t('whatIf.noChanges')}</p>
        ) : (
          <ul className="changes">
            {changes.map(({ id, change }) => {
              const { key, values } = said(change, nameOf)
              const sentence = t(key, values)
              return (
                <li key={id} className="row">
                  <span className="grow">{sentence}</span>
                  <Button
                    tone="quiet"
                    icon="close"
                    label={t('whatIf.remove', { change: sentence })}
                    onPress={() => setChanges(changes.filter(other => other.id !== id))}
                  />
                </li>
              )
            })}
          </ul>
        )}
        <ChangeForm sections={past.sections} onAdd={change => setChanges([...changes, { id: crypto.randomUUID(), change }])} />
      </Card>
      <div className="row wrap">
        <Button
          tone="primary"
          icon="chart-line"
          isPending={running}
          why={basis === 'day' && past.calls === 0 ? t('whatIf.emptyDay') : null}
          onPress={() => start.mutate()}
        >
          {t('whatIf.run')}
        </Button>
        {running && runId !== null && (
          <>
            <progress value={run.data?.progress ?? 0} max={1} aria-label={t('whatIf.progress')} />
            <Button onPress={() => cancel.mutate()}>{t('whatIf.cancel')}</Button>
          </>
        )}
      </div>
      {start.isError && <Problem error={start.error} />}
      {run.isError && <Problem error={run.error} />}
      <div aria-live="polite">
        {run.data?.state === 'cancelled' && <Notice>{t('whatIf.cancelled')}</Notice>}
        {run.data?.state === 'failed' && <Notice tone="late">{t('whatIf.failed')}</Notice>}
        {run.data?.state === 'done' && run.data.before && (
          <Results
            before={run.data.before}
            after={run.data.after}
            asItWas={basis === 'day' ? past.asItWas : null}
            nameOf={nameOf}
          />
        )}
      </div>
      {!run.data && !running && <EmptyState title={t('whatIf.nothingYet')} icon="chart-line" />}
    </>
  )
}
