/** Calls to expect on a day, how sure that is, agents needed in each half hour, and shifts that cover them. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, serverNow } from '../shared/api.ts'
import { addDays, dayOf, longDay } from '../shared/time.ts'
import { Card, DateField, EmptyState, ErrorState, Loading, Notice, Select } from '../shared/ui/index.ts'
import { Numbers } from '../shared/ui/number-table.tsx'
import { StaffChart } from './charts.tsx'
import { useFigures } from './figures.ts'
import { everySection, isPlannable, type Forecast as Planned, type SectionName } from './model.ts'
import { asked, targetFrom, targets } from './targets.ts'

/** Fewer days of history than two weeks: the forecast stands on little. */
const fewDays = 14

export default function Forecast({ sections }: { sections: readonly SectionName[] }) {
  const { t } = useTranslation('web-planner')
  const [day, setDay] = useState(() => addDays(dayOf(serverNow()), 1))
  const [section, setSection] = useState(everySection)
  const [target, setTarget] = useState(targetFrom(null))
  const query = { day, ...asked[target], ...(section === everySection ? {} : { sectionId: section }) }
  const planned = useQuery({
    queryKey: ['planner', 'forecast', query],
    queryFn: ({ signal }) => api.get('/api/planner/forecast', { query, signal }),
    placeholderData: before => before,
  })
  return (
    <>
      <Card>
        <div className="row wrap fields">
          <DateField label={t('forecast.day')} value={day} onChange={wanted => isPlannable(wanted) && setDay(wanted)} />
          <Select
            label={t('forecast.section')}
            choices={[
              { id: everySection, label: t('forecast.allSections') },
              ...sections.map(({ id, name }) => ({ id, label: name })),
            ]}
            value={section}
            onChange={id => setSection(id ?? everySection)}
          />
          <Select
            label={t('forecast.target')}
            choices={targets.map(id => ({ id, label: t(`forecast.targets.${id}`) }))}
            value={target}
            onChange={id => setTarget(targetFrom(id))}
          />
        </div>
      </Card>
      {planned.isError ? (
        <ErrorState error={planned.error} onRetry={() => void planned.refetch()} />
      ) : !planned.data ? (
        <Loading lines={6} />
      ) : (
        <Plan plan={planned.data} />
      )}
    </>
  )
}

function Plan({ plan }: { plan: Planned }) {
  const { t } = useTranslation('web-planner')
  const { number } = useFigures()
  const rows = plan.halfHours.filter(half => half.calls > 0 || half.onDuty > 0)
  if (rows.length === 0)
    return (
      <EmptyState title={t(plan.basis === 'nothing' ? 'forecast.none' : 'forecast.closed')} icon="clock">
        {t(plan.basis === 'nothing' ? 'forecast.noneText' : 'forecast.closedText')}
      </EmptyState>
    )
  const calls = rows.reduce((sum, half) => sum + half.calls, 0)
  const people = plan.shifts.reduce((sum, shift) => sum + shift.agents, 0)
  return (
    <>
      {plan.history.days < fewDays && <Notice tone="wait">{t('forecast.little', { count: plan.history.days })}</Notice>}
      <Card level="h2" title={t('forecast.answer', { calls: number(calls), people: number(people) })}>
        <HowSure plan={plan} />
        <StaffChart rows={rows} />
        <details>
          <summary className="small">{t('results.asTable')}</summary>
          <Numbers
            caption={t('forecast.byHalfHour')}
            head={[t('results.halfHour'), t('results.calls'), t('forecast.needed'), t('forecast.onDuty')]}
            rows={rows.map(half => ({
              key: half.at,
              cells: [half.at, number(half.calls), number(half.needed), number(half.onDuty)],
            }))}
          />
        </details>
      </Card>
      <div className="pair">
        <Card title={t('forecast.shifts')}>
          <Numbers
            caption={t('forecast.shifts')}
            head={[t('forecast.from'), t('forecast.to'), t('forecast.people')]}
            rows={plan.shifts.map(shift => ({
              key: `${shift.from} ${shift.to}`,
              cells: [shift.from, shift.to, number(shift.agents)],
            }))}
          />
          <p className="muted small">
            {t('forecast.shiftsText', { over: number(plan.over / 2) })}
            {plan.under > 0 && ` ${t('forecast.under', { under: number(plan.under / 2) })}`}
          </p>
        </Card>
        <Sections plan={plan} />
      </div>
    </>
  )
}

/** On which days it stands, how far off it was so far, and what the number plan changes. */
function HowSure({ plan }: { plan: Planned }) {
  const { t, i18n } = useTranslation('web-planner')
  const { number, percent, signed, tenths } = useFigures()
  const { error, history, level } = plan
  return (
    <ul className="reasons muted">
      <li>
        {t(`forecast.basis.${plan.basis}`, { count: plan.basedOn.length })}{' '}
        {level !== 1 && t('forecast.level', { by: signed(level - 1, percent) })}
      </li>
      <li>
        {error === null
          ? t('forecast.noError')
          : t('forecast.error', {
              count: error.days,
              halfHour: percent(error.wape),
              calls: tenths(error.meanAbsoluteError),
              day: percent(error.wapeOfDay),
              bias: signed(error.bias, percent),
            })}
      </li>
      {history.since !== null && (
        <li>
          {t('forecast.history', {
            count: history.days,
            since: longDay(Date.parse(`${history.since}T12:00:00Z`), i18n.language, serverNow()),
          })}{' '}
          {history.missing > 0 && t('forecast.missing', { count: history.missing })}
        </li>
      )}
      {plan.plan.channelled > 0 && (
        <li>{t('forecast.channelled', { count: plan.plan.channelled, calls: number(plan.plan.callsADay) })}</li>
      )}
      {plan.plan.back > 0 && <li>{t('forecast.back', { count: plan.plan.back })}</li>}
    </ul>
  )
}

/** Each section with what it was planned with, and where that was measured. */
function Sections({ plan }: { plan: Planned }) {
  const { t } = useTranslation('web-planner')
  const { number, seconds } = useFigures()
  return (
    <Card title={t('forecast.bySection')}>
      <Numbers
        caption={t('forecast.bySection')}
        head={[t('results.section'), t('results.calls'), t('forecast.atMost'), t('assumed.handling'), t('assumed.patience')]}
        rows={plan.sections.map(({ id, name, calls, needed, handling, patience }) => ({
          key: id,
          cells: [
            name,
            number(calls),
            number(needed),
            <Measured key="handling" value={seconds(handling.meanMs)} from={handling.from} />,
            <Measured key="patience" value={seconds(patience.meanMs)} from={patience.from} />,
          ],
        }))}
      />
      <p className="muted small">{t('forecast.measured')}</p>
    </Card>
  )
}

/** A figure that is the section's own says nothing more; another one says whose it is. */
function Measured({ value, from }: { value: string; from: Planned['handling']['from'] }) {
  const { t } = useTranslation('web-planner')
  return (
    <>
      {value}
      {(from === 'institute' || from === 'usual') && <small className="below">{t(`assumed.short.${from}`)}</small>}
    </>
  )
}
