/** Everything that happened in a case, newest first: when, who, on which channel, what was written. */
import { useQuery } from '@tanstack/react-query'
import { Fragment, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { HistoryEntry } from '../../../src/cases/model.ts'
import { api } from '../api.ts'
import { Level } from '../contact/level.tsx'
import { clock, dayOf, daysBetween, longDay, spokenDuration } from '../time.ts'
import { classes, EmptyState, ErrorState, Loading, Select, Time, useNow } from '../ui/index.ts'
import { type CallRow, type HistoryRow, historyRows } from './calls-in-history.ts'
import { choicesIn, type HistoryFilter, rowsThatFit } from './history-filter.ts'
import './case.css'

/** A case has tens of entries, not thousands: all are read, so that the newest can stand first. */
const pageSize = 100
const maxPages = 20

async function wholeHistory(caseId: string, signal: AbortSignal): Promise<HistoryEntry[]> {
  const entries: HistoryEntry[] = []
  let cursor: string | undefined
  for (let page = 0; page < maxPages; page++) {
    const { items, next } = await api.get('/api/cases/:caseId/history', {
      path: { caseId },
      query: { cursor, limit: pageSize },
      signal,
    })
    entries.push(...items)
    if (next === null) break
    cursor = next
  }
  return entries
}

/** Entries by the day of office time on which they happened. Pure. */
export function byDay<T extends { at: string }>(entries: readonly T[]): { day: string; entries: T[] }[] {
  const days: { day: string; entries: T[] }[] = []
  for (const entry of entries) {
    const day = dayOf(Date.parse(entry.at))
    const last = days.at(-1)
    if (last?.day === day) last.entries.push(entry)
    else days.push({ day, entries: [entry] })
  }
  return days
}

export function useCaseHistory(caseId: string) {
  return useQuery({
    queryKey: ['case-history', caseId],
    queryFn: ({ signal }) => wholeHistory(caseId, signal),
    meta: { live: [''], about: { case: caseId } },
  })
}

/**
 * @param most show only so many of the newest
 * @param after shown behind the entries when `most` has cut some off
 */
export function CaseHistory({ caseId, most, after }: { caseId: string; most?: number; after?: ReactNode }) {
  const { t } = useTranslation()
  const history = useCaseHistory(caseId)
  const [filter, setFilter] = useState<HistoryFilter>({ channel: null, kind: null })
  if (history.isPending) return <Loading lines={4} />
  if (history.isError) return <ErrorState error={history.error} onRetry={() => void history.refetch()} />
  const newest = historyRows(history.data)
  if (newest.length === 0) return <EmptyState title={t('history.empty')} icon="clock" />
  const isWhole = most === undefined
  const shown = isWhole ? rowsThatFit(newest, filter) : newest.slice(0, most)
  return (
    <div className="col">
      {isWhole && newest.length > fewRows && <Filters rows={newest} filter={filter} onChange={setFilter} />}
      {shown.length === 0 && <p className="muted">{t('history.nothingFits')}</p>}
      {byDay(shown).map(({ day, entries }) => (
        <Fragment key={day}>
          <DayName at={entries[0]?.at ?? ''} />
          <ol className="timeline">
            {entries.map(row => (
              <li key={row.key} className={classes(row === newest[0] && 'now')}>
                {row.kind === 'call' ? <Call call={row} /> : <Entry entry={row.entry} />}
              </li>
            ))}
          </ol>
        </Fragment>
      ))}
      {!isWhole && shown.length < newest.length && after}
    </div>
  )
}

/** So short a history is seen at a glance. */
const fewRows = 5
const everything = 'everything'

function Filters({
  rows,
  filter,
  onChange,
}: {
  rows: readonly HistoryRow[]
  filter: HistoryFilter
  onChange: (filter: HistoryFilter) => void
}) {
  const { t } = useTranslation()
  const { channels, kinds } = choicesIn(rows)
  const all = { id: everything, label: t('history.everything') }
  return (
    <div className="history-filters">
      <Select
        label={t('history.kind')}
        value={filter.kind ?? everything}
        onChange={id => onChange({ ...filter, kind: kinds.find(each => each === id) ?? null })}
        choices={[all, ...kinds.map(id => ({ id, label: t(`history.kinds.${id}`) }))]}
      />
      {channels.length > 1 && (
        <Select
          label={t('history.channel')}
          value={filter.channel ?? everything}
          onChange={id => onChange({ ...filter, channel: channels.find(each => each === id) ?? null })}
          choices={[all, ...channels.map(id => ({ id, label: t(`channels.${id}`, { defaultValue: id }) }))]}
        />
      )}
    </div>
  )
}

function DayName({ at }: { at: string }) {
  const { i18n } = useTranslation()
  const now = useNow()
  const ms = Date.parse(at)
  const days = daysBetween(ms, now)
  const relative = new Intl.RelativeTimeFormat(i18n.language, { numeric: 'auto' })
  return <p className="tiny">{days >= 0 && days < 2 ? relative.format(-days, 'day') : longDay(ms, i18n.language, now)}</p>
}

/** A call in one row: when, how long it waited, who answered; its steps are there for whoever wants to know. */
function Call({ call }: { call: CallRow }) {
  const { t, i18n } = useTranslation()
  const from = clock(Date.parse(call.at), i18n.language)
  const when = call.endedAt
    ? t('history.call', { from, to: clock(Date.parse(call.endedAt), i18n.language) })
    : t('history.callGoesOn', { from })
  const answer =
    call.waitedMs === null && call.answeredBy.length === 0
      ? [call.endedAt && t('history.notAnswered')]
      : [
          call.waitedMs !== null && t('history.waited', { wait: spokenDuration(call.waitedMs, i18n.language) }),
          call.answeredBy.length > 0 &&
            t('history.answeredBy', { names: new Intl.ListFormat(i18n.language).format(call.answeredBy) }),
        ]
  return (
    <details className="history-call">
      <summary>
        <b className="num">
          <Time at={call.at}>{when}</Time>
        </b>
        {answer.filter(Boolean).map(each => `, ${each}`)} <small>{t('history.steps', { count: call.steps.length })}</small>
      </summary>
      <ol className="history-steps">
        {call.steps.map(step => (
          <li key={step.id}>
            <Entry entry={step} />
          </li>
        ))}
      </ol>
    </details>
  )
}

function Entry({ entry }: { entry: HistoryEntry }) {
  const { t, i18n } = useTranslation()
  const from = [entry.who, entry.unit, entry.channel && t(`channels.${entry.channel}`, { defaultValue: entry.channel })]
  return (
    <>
      <div>
        <b className="num">
          <Time at={entry.at}>{clock(Date.parse(entry.at), i18n.language)}</Time>
        </b>{' '}
        {entry.sentence} {entry.level && <Level small level={entry.level} />}
      </div>
      <small>{from.filter(Boolean).join(' · ')}</small>
      {entry.text && <p className="quote prose">{entry.text}</p>}
    </>
  )
}
