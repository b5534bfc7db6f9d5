/** What it would bring to channel the offices of a territory: calls, where they go, and the staff for the same target. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, serverNow } from '../shared/api.ts'
import { longDay } from '../shared/time.ts'
import { Card, DateField, EmptyState, ErrorState, Loading, Select } from '../shared/ui/index.ts'
import { Numbers } from '../shared/ui/number-table.tsx'
import { useFigures } from './figures.ts'
import { type Channelling as Answer, isPlannable, nextMonday } from './model.ts'
import PlaceField from './places.tsx'
import { asked, targetFrom, targets } from './targets.ts'

export default function Channelling() {
  const { t } = useTranslation('web-planner')
  const [place, setPlace] = useState<string | null>(null)
  const [from, setFrom] = useState(() => nextMonday(serverNow()))
  const [target, setTarget] = useState(targetFrom(null))
  const query = { unitId: place ?? '', from, ...asked[target] }
  const found = useQuery({
    queryKey: ['planner', 'channelling', query],
    queryFn: ({ signal }) => api.get('/api/planner/channelling', { query, signal }),
    enabled: place !== null,
  })
  return (
    <>
      <Card>
        <div className="row wrap fields">
          <PlaceField from={from} value={place} onChange={setPlace} />
          <DateField label={t('form.day')} value={from} onChange={wanted => isPlannable(wanted) && setFrom(wanted)} />
          <Select
            label={t('forecast.target')}
            choices={targets.map(id => ({ id, label: t(`forecast.targets.${id}`) }))}
            value={target}
            onChange={id => setTarget(targetFrom(id))}
          />
        </div>
      </Card>
      {place === null ? (
        <EmptyState title={t('channelling.choose')} icon="map-marker">
          {t('channelling.chooseText')}
        </EmptyState>
      ) : found.isError ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : found.data ? (
        <Brings answer={found.data} />
      ) : (
        <Loading lines={6} />
      )}
    </>
  )
}

function Brings({ answer }: { answer: Answer }) {
  const { t, i18n } = useTranslation('web-planner')
  const { number } = useFigures()
  const { sections, sources } = answer
  const day = longDay(Date.parse(`${answer.from}T12:00:00Z`), i18n.language, serverNow())
  if (sources.every(({ from }) => from === 'nothing'))
    return (
      <EmptyState title={t('channelling.unknown')} icon="clock">
        {t('channelling.unknownText')}
      </EmptyState>
    )
  const sum = (of: (section: Answer['sections'][number]) => number) => sections.reduce((total, each) => total + of(each), 0)
  const hours = { before: sum(each => each.before.hours), after: sum(each => each.after.hours) }
  const change = (before: number, after: number) => (
    <>
      {number(before)} → <b>{number(after)}</b>
    </>
  )
  return (
    <Card
      level="h2"
      title={t('channelling.answer', {
        place: answer.name,
        day,
        calls: number(Math.max(0, sum(each => each.after.calls) - sum(each => each.before.calls))),
        hours: number(Math.max(0, hours.after - hours.before)),
      })}
    >
      <ul className="reasons muted">
        <li>
          {t('channelling.numbers', { count: answer.numbers, arrivals: number(answer.arrivalsADay) })}{' '}
          {answer.planned > 0 && t('channelling.planned', { count: answer.planned })}
        </li>
        {sources.map(({ from, numbers, comparedWith, arrivalsADay }) => (
          <li key={from}>
            {t(`channelling.from.${from}`, { count: numbers, compared: number(comparedWith), arrivals: number(arrivalsADay) })}
          </li>
        ))}
        <li>
          {t(`channelling.proportions.${answer.proportionsFrom}`)} {t(`channelling.course.${answer.courseFrom}`)}
        </li>
      </ul>
      <Numbers
        caption={t('channelling.caption', { day })}
        head={[t('results.section'), t('channelling.calls'), t('channelling.hours'), t('channelling.peak')]}
        rows={[
          ...sections.map(({ id, name, before, after }) => ({
            key: id,
            cells: [name, change(before.calls, after.calls), change(before.hours, after.hours), change(before.peak, after.peak)],
          })),
          {
            key: 'total',
            total: true,
            cells: [
              t('results.total'),
              change(
                sum(each => each.before.calls),
                sum(each => each.after.calls),
              ),
              change(hours.before, hours.after),
              '',
            ],
          },
        ]}
      />
      <p className="muted small">{t('channelling.hoursText', { day })}</p>
    </Card>
  )
}
