/** A day as it was, and run again under virtual time with changes: the same callers, so the difference is what the change does. */
import { skipToken, useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, serverNow } from '../shared/api.ts'
import { longDay } from '../shared/time.ts'
import { Button, Card, DateField, EmptyState, Notice, Problem, Select } from '../shared/ui/index.ts'
import ChangeForm from './change-form.tsx'
import DayAsItWas from './day-as-it-was.tsx'
import { useFigures } from './figures.ts'
import { type Change, everySection, isPlannable, type PastDay, said } from './model.ts'
import { usePlaces } from './places.tsx'
import Results from './results.tsx'

const pollIntervalMs = 400

export default function WhatIf({
  past,
  day,
  onDay,
  isReading,
  wrong,
}: {
  past: PastDay
  day: string
  onDay: (day: string) => void
  /** Another day than `past` is being read. */
  isReading: boolean
  /** Why the day could not be read. */
  wrong: string | null
}) {
  const { t, i18n } = useTranslation('web-planner')
  const { percent } = useFigures()
  const [basis, setBasis] = useState<'day' | 'example'>(past.calls > 0 ? 'day' : 'example')
  const [section, setSection] = useState(everySection)
  const [changes, setChanges] = useState<readonly { id: string; change: Change }[]>([])
  const [asked, setAsked] = useState<{ runId: string; basis: 'day' | 'example'; past: PastDay } | null>(null)
  const places = usePlaces(changes.flatMap(({ change }) => (change.kind === 'channelling' ? change.from : [])).at(-1) ?? day)
  const nameOf = (id: string) => past.sections.find(each => each.id === id)?.name ?? id
  const placeOf = (id: string) => places.data?.find(({ unitId }) => unitId === id)?.name ?? id
  const spoken = (iso: string) => longDay(Date.parse(`${iso}T12:00:00Z`), i18n.language, serverNow())
  const of = section === everySection ? t('whatIf.ofAll') : nameOf(section)
  const start = useMutation({
    mutationFn: () =>
      api.post('/api/planner/runs', {
        body: {
          basis,
          ...(basis === 'day' ? { day } : {}),
          changes: changes.map(({ change }) => change),
        },
      }),
    onSuccess: run => setAsked({ runId: run.id, basis, past }),
  })
  const runId = asked?.runId ?? null
  const run = useQuery({
    queryKey: ['planner', 'run', runId],
    queryFn: runId === null ? skipToken : ({ signal }) => api.get('/api/planner/runs/:runId', { path: { runId }, signal }),
    refetchInterval: query => (query.state.data?.state === 'running' || !query.state.data ? pollIntervalMs : false),
  })
  const cancel = useMutation({
    mutationFn: async () => {
      if (runId !== null) await api.delete('/api/planner/runs/:runId', { path: { runId } })
    },
    onSuccess: () => run.refetch(),
  })
  const running = start.isPending || (runId !== null && (run.data?.state === 'running' || run.isPending))
  const done = run.data?.state === 'done' ? run.data : null
  const progress = run.data?.progress ?? 0
  const cannot =
    basis !== 'day' ? null : (wrong ?? (isReading ? t('whatIf.reading') : past.calls === 0 ? t('whatIf.emptyDay') : null))

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
            <DateField
              label={t('whatIf.date')}
              value={day}
              onChange={wanted => isPlannable(wanted) && onDay(wanted)}
              hint={isReading ? t('whatIf.reading') : t('whatIf.callsOfDay', { count: past.calls })}
              error={wrong ?? undefined}
            />
          )}
          <Select
            label={t('whatIf.section')}
            choices={[
              { id: everySection, label: t('forecast.allSections') },
              ...past.sections.map(({ id, name }) => ({ id, label: name })),
            ]}
            value={section}
            onChange={id => setSection(id ?? everySection)}
          />
        </div>
        {basis === 'example' && <p className="muted">{t('whatIf.exampleText')}</p>}
      </Card>
      {basis === 'day' && wrong === null && <DayAsItWas past={past} section={section} of={of} />}
      <Card title={t('whatIf.changes')}>
        {changes.length === 0 ? (
          <p className="muted">{t('whatIf.noChanges')}</p>
        ) : (
          <ul className="changes">
            {changes.map(({ id, change }) => {
              const { key, values } = said(change, nameOf, placeOf, spoken)
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
        <div className="row wrap run">
          <Button tone="primary" icon="chart-line" isPending={running} why={cannot} onPress={() => start.mutate()}>
            {t('whatIf.run')}
          </Button>
          {running && runId !== null && (
            <>
              <progress value={progress} max={1} aria-label={t('whatIf.progress')} />
              <span className="num muted">{percent(Math.floor(progress * 100) / 100)}</span>
              <Button onPress={() => cancel.mutate()}>{t('whatIf.cancel')}</Button>
            </>
          )}
        </div>
      </Card>
      {start.isError && <Problem error={start.error} />}
      {run.isError && <Problem error={run.error} />}
      {cancel.isError && <Problem error={cancel.error} />}
      <div aria-live="polite" className="col answers">
        {run.data?.state === 'cancelled' && <Notice>{t('whatIf.cancelled')}</Notice>}
        {run.data?.state === 'failed' && <Notice tone="late">{t('whatIf.failed')}</Notice>}
        {asked && done?.before && done.comparison && (
          <Results
            run={{ ...done, before: done.before, comparison: done.comparison }}
            past={asked.basis === 'day' ? asked.past : null}
            section={section}
            of={of}
            nameOf={nameOf}
          />
        )}
      </div>
      {!run.data && !running && basis === 'example' && <EmptyState title={t('whatIf.nothingYet')} icon="chart-line" />}
    </>
  )
}
