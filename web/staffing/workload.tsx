/** What the sections of a region have to do, week by week, and how many people a target needs. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RegionWorkload, WorkloadSection } from '../../src/staffing/model.ts'
import { api } from '../shared/api.ts'
import { goToStep, stepAt } from '../shared/focus.ts'
import { useSession } from '../shared/session.tsx'
import { Ago, Card, classes, type DataColumn, DataTable, ErrorState, Loading, Select } from '../shared/ui/index.ts'
import { figuresOf, type SectionFigures, useFigures } from './figures.ts'
import { Plan } from './plan.tsx'
import './staffing.css'
import { WeeksChart } from './weeks-chart.tsx'

/** Weeks that are shown, the first by itself. */
const spans = [8, 26, 52] as const
const maxWeeks = 52
/** Below it a section is said to be short of time. */
const wanted = 0.9

export default function WorkloadPage() {
  const { t } = useTranslation('web-staffing')
  const { acting } = useSession()
  const workload = useQuery({
    queryKey: ['staffing', 'workload'],
    queryFn: ({ signal }) => api.get('/api/staffing/workload', { query: { weeks: maxWeeks }, signal }),
    meta: { live: ['section-member.'] },
  })
  return (
    <div className="padded staffing workload">
      <header className="row wrap">
        <h1 className="grow">{t('title')}</h1>
        <small>
          {acting.unitName}
          {workload.data?.readThrough && (
            <>
              {' · '}
              {t('readThrough')} <Ago at={workload.data.readThrough} />
            </>
          )}
        </small>
      </header>
      {workload.isPending ? (
        <Loading lines={8} />
      ) : workload.isError && !workload.data ? (
        <ErrorState error={workload.error} onRetry={() => void workload.refetch()} />
      ) : (
        <Loaded workload={workload.data} />
      )}
    </div>
  )
}

function Loaded({ workload }: { workload: RegionWorkload }) {
  const { t } = useTranslation('web-staffing')
  const { sections, target } = workload
  const [weeks, setWeeks] = useState<(typeof spans)[number]>(spans[0])
  const worst = worstOf(sections, weeks)
  const [chosen, setChosen] = useState(worst?.id ?? '')
  const section = sections.find(({ id }) => id === chosen) ?? sections[0]
  const open = (id: string) => {
    setChosen(id)
    // Its weeks lie below the table.
    goToStep('staffing-weeks')
  }
  if (!section) return <p className="muted">{t('noSections')}</p>
  return (
    <>
      <Card
        title={<Headline section={worst} weeks={weeks} />}
        level="h2"
        aside={
          <Select
            label={t('span')}
            hideLabel
            value={String(weeks)}
            onChange={id => setWeeks(spans.find(each => String(each) === id) ?? weeks)}
            choices={spans.map(each => ({ id: String(each), label: t('lastWeeks', { count: each }) }))}
          />
        }
      >
        <Sections sections={sections} weeks={weeks} onOpen={open} />
        {target && <p className="muted small">{t(`target.${target.measure}`, { count: target.amount })}</p>}
      </Card>
      <Card
        title={
          <span tabIndex={-1} {...stepAt('staffing-weeks')}>
            {t('weeksOf', { section: section.name })}
          </span>
        }
        level="h2"
        aside={
          <Select
            label={t('section')}
            hideLabel
            value={section.id}
            onChange={id => setChosen(id ?? section.id)}
            choices={sections.map(({ id, name }) => ({ id, label: name }))}
          />
        }
      >
        <WeeksChart weeks={section.weeks.slice(-weeks)} />
      </Card>
      <Plan section={section} key={section.id} />
    </>
  )
}

/** The section that solves least of its questions in time. */
function worstOf(sections: readonly WorkloadSection[], weeks: number): WorkloadSection | undefined {
  const inTime = (section: WorkloadSection) => figuresOf(section, weeks).inTime ?? 1
  return sections.toSorted((a, b) => inTime(a) - inTime(b))[0]
}

function Headline({ section, weeks }: { section: WorkloadSection | undefined; weeks: number }) {
  const { t } = useTranslation('web-staffing')
  const { percent, whole } = useFigures()
  if (!section) return null
  const { inTime, backlog } = figuresOf(section, weeks)
  if (inTime === null) return <>{t('headline.nothing')}</>
  if (inTime >= wanted) return <>{t('headline.fine', { share: percent(wanted) })}</>
  return <>{t('headline.worst', { section: section.name, share: percent(inTime), count: backlog, backlog: whole(backlog) })}</>
}

function Sections({
  sections,
  weeks,
  onOpen,
}: {
  sections: readonly WorkloadSection[]
  weeks: number
  onOpen: (id: string) => void
}) {
  const { t } = useTranslation('web-staffing')
  const { whole, tenths, percent, age } = useFigures()
  const of = (section: WorkloadSection): SectionFigures => figuresOf(section, weeks)
  const column = (
    id: keyof SectionFigures | 'people' | 'fullTime',
    value: (section: WorkloadSection) => number | null,
    say: (value: number | null) => string,
  ): DataColumn<WorkloadSection> => ({
    ...{ id, label: t(`columns.${id}`), value, right: true },
    cell: section => {
      const shown = value(section)
      const isLow = id === 'inTime' && shown !== null && shown < wanted
      return <span className={classes(isLow && 'bad')}>{say(shown)}</span>
    },
  })
  const columns: DataColumn<WorkloadSection>[] = [
    { id: 'name', label: t('section'), value: section => section.name },
    column('inTime', section => of(section).inTime, percent),
    column(
      'backlog',
      section => of(section).backlog,
      value => whole(value ?? 0),
    ),
    column('ageHours', section => of(section).ageHours, age),
    column(
      'arrivedAWeek',
      section => of(section).arrivedAWeek,
      value => tenths(value ?? 0),
    ),
    column(
      'closedAWeek',
      section => of(section).closedAWeek,
      value => tenths(value ?? 0),
    ),
    column(
      'workedAWeek',
      section => of(section).workedAWeek,
      value => t('hours', { count: Math.round(value ?? 0) }),
    ),
    column(
      'people',
      section => section.members,
      value => whole(value ?? 0),
    ),
    column(
      'fullTime',
      section => section.fullTime,
      value => tenths(value ?? 0),
    ),
  ]
  return (
    <DataTable
      label={t('sections')}
      columns={columns}
      items={sections}
      idOf={each => each.id}
      onOpen={onOpen}
      file="carichi-sezioni"
    />
  )
}
