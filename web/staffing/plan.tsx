/** How many people a section needs, and what some more would do: reckoned while one waits, and given up when the page goes. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PlanMeasures, StaffingPlan, WorkloadSection } from '../../src/staffing/model.ts'
import { api } from '../shared/api.ts'
import { goToStep, stepAt } from '../shared/focus.ts'
import { Button, Card, Loading, Notice, Problem, Select } from '../shared/ui/index.ts'
import { Numbers } from '../shared/ui/number-table.tsx'
import { useFigures } from './figures.ts'

const changes = [-3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20] as const
const targets = [0.8, 0.85, 0.9, 0.95, 0.98] as const
const spans = [4, 8, 13] as const

interface Asked {
  people: number
  inTime: number
  weeks: number
}

export function Plan({ section }: { section: WorkloadSection }) {
  const { t } = useTranslation('web-staffing')
  const { percent, signed, whole } = useFigures()
  const [form, setForm] = useState<Asked>({ people: 2, inTime: 0.9, weeks: 8 })
  const [asked, setAsked] = useState<Asked | null>(null)
  const plan = useQuery({
    queryKey: ['staffing', 'plan', section.id, asked],
    queryFn: ({ signal }) => api.get('/api/staffing/plan', { query: { sectionId: section.id, ...asked }, signal }),
    enabled: asked !== null,
    staleTime: 0,
    gcTime: 0,
  })
  const choose = <T extends number>(of: readonly T[], id: string | null, now: number) =>
    of.find(each => String(each) === id) ?? now
  const run = () => {
    const isSame = asked !== null && JSON.stringify(asked) === JSON.stringify(form)
    if (isSame) void plan.refetch()
    else setAsked(form)
    goToStep('staffing-plan')
  }
  return (
    <Card title={t('plan.title', { section: section.name })} level="h2">
      <div className="row wrap fields">
        <Select
          label={t('plan.people')}
          value={String(form.people)}
          onChange={id => setForm({ ...form, people: choose(changes, id, form.people) })}
          choices={changes.map(each => ({
            id: String(each),
            label: each === 0 ? t('plan.asItIs') : t('plan.more', { count: Math.abs(each), people: signed(each, whole) }),
          }))}
        />
        <Select
          label={t('plan.inTime')}
          value={String(form.inTime)}
          onChange={id => setForm({ ...form, inTime: choose(targets, id, form.inTime) })}
          choices={targets.map(each => ({ id: String(each), label: percent(each) }))}
        />
        <Select
          label={t('plan.weeks')}
          value={String(form.weeks)}
          onChange={id => setForm({ ...form, weeks: choose(spans, id, form.weeks) })}
          choices={spans.map(each => ({ id: String(each), label: t('plan.weeksAhead', { count: each }) }))}
        />
        <Button tone="primary" icon="chart-line" isPending={plan.isFetching} onPress={run}>
          {t('plan.run')}
        </Button>
      </div>
      <div aria-live="polite" tabIndex={-1} className="col answers" {...stepAt('staffing-plan')}>
        {plan.isFetching ? (
          <Loading lines={4} />
        ) : plan.isError ? (
          <Problem error={plan.error} />
        ) : plan.data && asked ? (
          <Found plan={plan.data} asked={asked} />
        ) : (
          <p className="muted">{t('plan.nothingYet')}</p>
        )}
      </div>
    </Card>
  )
}

function Found({ plan, asked }: { plan: StaffingPlan; asked: Asked }) {
  const { t } = useTranslation('web-staffing')
  const { percent, signed, whole, tenths } = useFigures()
  const { needed, before, after, assumptions } = plan
  const said =
    needed.people === null
      ? t('plan.outOfReach', { target: percent(asked.inTime), share: percent(needed.inTime) })
      : needed.people === 0
        ? t('plan.enough', { target: percent(asked.inTime) })
        : needed.people > 0
          ? t('plan.needed', { count: needed.people, target: percent(asked.inTime) })
          : t('plan.spare', { count: -needed.people, target: percent(asked.inTime) })
  return (
    <>
      <Notice tone={needed.people !== null && needed.people <= 0 ? 'ok' : 'wait'}>{said}</Notice>
      {after && (
        <p>
          {t('plan.effect', {
            people: signed(asked.people, whole),
            before: percent(before.inTime.mean),
            after: percent(after.inTime.mean),
          })}
        </p>
      )}
      <Compared plan={plan} />
      <p className="muted small">
        {t('plan.assumes', {
          arrivals: tenths(assumptions.arrivalsAWeek),
          backlog: whole(assumptions.backlog),
          minutes: whole(assumptions.handlingMinutes),
          from: t(`plan.from.${assumptions.handlingFrom}`),
          fullTime: tenths(assumptions.fullTime),
          closed: whole(assumptions.closedDays),
          absent: whole(assumptions.absentDays),
          seeds: plan.seeds,
        })}
      </p>
    </>
  )
}

const measures = ['inTime', 'backlog', 'ageHours', 'occupancy'] as const satisfies readonly (keyof PlanMeasures)[]

function Compared({ plan: { before, after, difference } }: { plan: StaffingPlan }) {
  const { t } = useTranslation('web-staffing')
  const { percent, signed, whole, tenths, age } = useFigures()
  const points = (value: number) => t('plan.points', { points: tenths(value * 100) })
  const say = { inTime: percent, backlog: whole, ageHours: age, occupancy: percent } as const
  const change = { inTime: points, backlog: whole, ageHours: age, occupancy: points } as const
  const between = (measure: (typeof measures)[number]) => {
    const interval = difference?.[measure]
    if (!interval) return '–'
    const { mean, half } = interval
    return (
      <>
        <b>{signed(mean, change[measure])}</b>
        {half !== null && (
          <small className="interval">
            {t('plan.between', { low: signed(mean - half, change[measure]), high: signed(mean + half, change[measure]) })}
          </small>
        )}
      </>
    )
  }
  return (
    <Numbers
      caption={t('plan.caption')}
      head={[t('plan.measure'), t('plan.now'), ...(after ? [t('plan.then'), t('plan.difference')] : [])]}
      rows={measures.map(measure => ({
        key: measure,
        cells: [
          t(`plan.measures.${measure}`),
          say[measure](before[measure].mean),
          ...(after ? [say[measure](after[measure].mean), between(measure)] : []),
        ],
      }))}
    />
  )
}
