/** Calls to expect on a day, agents needed in each half hour, and shifts that cover them. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Bar, CartesianGrid, ComposedChart, Legend, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { api } from '../shared/api.ts'
import { addDays, dayOf } from '../shared/time.ts'
import { Card, EmptyState, ErrorState, Loading, Select, TextField } from '../shared/ui/index.ts'
import type { Forecast as Planned, SectionName } from './model.ts'

const everySection = 'all'
const targets = ['80-20', '90-20', '80-60', 'abandoned-5'] as const
type Target = (typeof targets)[number]

const asked: Readonly<Record<Target, Record<string, number>>> = {
  '80-20': { answered: 0.8, withinSeconds: 20 },
  '90-20': { answered: 0.9, withinSeconds: 20 },
  '80-60': { answered: 0.8, withinSeconds: 60 },
  'abandoned-5': { abandonedBelow: 0.05 },
}

export default function Forecast({ sections }: { sections: readonly SectionName[] }) {
  const { t, i18n } = useTranslation('web-planner')
  const [day, setDay] = useState(() => addDays(dayOf(Date.now()), 1))
  const [section, setSection] = useState(everySection)
  const [target, setTarget] = useState<Target>('80-20')
  const query = { day, ...asked[target], ...(section === everySection ? {} : { sectionId: section }) }
  const planned = useQuery({
    queryKey: ['planner', 'forecast', query],
    queryFn: ({ signal }) => api.get<Planned>('/api/planner/forecast', query, signal),
    placeholderData: before => before,
  })
  const number = (value: number) => new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 0 }).format(value)
  const plan = planned.data
  const rows = (plan?.halfHours ?? []).filter(half => half.calls > 0 || half.onDuty > 0)
  const calls = rows.reduce((sum, half) => sum + half.calls, 0)
  const people = plan?.shifts.reduce((sum, shift) => sum + shift.agents, 0) ?? 0
  return (
    <>
      <Card>
        <div className="row wrap fields">
          <TextField
            label={t('forecast.day')}
            type="date"
            value={day}
            onChange={value => {
              if (/^\d{4}-\d\d-\d\d$/.test(value)) setDay(value)
            }}
          />
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
            onChange={id => setTarget(targets.find(each => each === id) ?? '80-20')}
          />
        </div>
      </Card>
      {planned.isError && !plan ? (
        <ErrorState error={planned.error} onRetry={() => void planned.refetch()} />
      ) : !plan ? (
        <Loading lines={6} />
      ) : rows.length === 0 ? (
        <EmptyState title={t('forecast.none')} icon="clock">
          {t('forecast.noneText')}
        </EmptyState>
      ) : (
        <>
          <Card level="h2" title={t('forecast.answer', { calls: number(calls), people: number(people) })}>
            <p className="muted">
              {t('forecast.basedOn', { count: plan.basedOn.length })}
              {plan.holiday && ` ${t('forecast.holiday')}`} {t('forecast.over', { over: number(plan.over / 2) })}
            </p>
            <div className="chart" aria-hidden="true">
              <ResponsiveContainer width="100%" height={240}>
                <ComposedChart data={rows} margin={{ top: 8, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
                  <CartesianGrid vertical={false} stroke="#dde4ea" />
                  <XAxis dataKey="at" tickLine={false} interval={3} fontSize={12} stroke="#5a6d80" />
                  <YAxis allowDecimals={false} width={40} tickLine={false} axisLine={false} fontSize={12} stroke="#5a6d80" />
                  <Tooltip />
                  <Legend />
                  <Bar name={t('forecast.onDuty')} dataKey="onDuty" fill="#bfd7ee" isAnimationActive={false} />
                  <Line
                    name={t('forecast.needed')}
                    dataKey="needed"
                    stroke="#17324d"
                    strokeWidth={2}
                    dot={false}
                    isAnimationActive={false}
                  />
                </ComposedChart>
              </ResponsiveContainer>
            </div>
            <details>
              <summary className="small">{t('results.asTable')}</summary>
              <Numbers
                head={[t('results.halfHour'), t('results.calls'), t('forecast.needed'), t('forecast.onDuty')]}
                rows={rows.map(half => [half.at, number(half.calls), number(half.needed), number(half.onDuty)])}
              />
            </details>
          </Card>
          <Card title={t('forecast.shifts')}>
            <Numbers
              head={[t('forecast.from'), t('forecast.to'), t('forecast.people')]}
              rows={plan.shifts.map(shift => [shift.from, shift.to, number(shift.agents)])}
            />
          </Card>
        </>
      )}
    </>
  )
}

function Numbers({ head, rows }: { head: readonly string[]; rows: readonly (readonly string[])[] }) {
  return (
    <table className="table">
      <thead>
        <tr>
          {head.map((name, i) => (
            <th scope="col" key={name} className={i === 0 ? '' : 'right'}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([first = '', ...rest]) => (
          <tr key={`${first} ${rest.join(' ')}`}>
            <th scope="row" className="num">
              {first}
            </th>
            {rest.map((cell, i) => (
              <td key={head[i + 1]} className="right num">
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
