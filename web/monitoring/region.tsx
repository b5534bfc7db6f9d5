/** A region at a glance, for its director: what waits, what is late, how the load lies on the sections, and what is due first. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { RegionLoad } from '../../src/cases/model.ts'
import { api } from '../shared/api.ts'
import { useSession } from '../shared/session.tsx'
import { Ago, Card, classes, type DataColumn, DataTable, Due, EmptyState, ErrorState, Link, Loading } from '../shared/ui/index.ts'
import { Arrivals } from './arrivals.tsx'
import './monitoring.css'
import type { LiveFilter } from '../shared/query.ts'

type Section = RegionLoad['sections'][number]
const live: LiveFilter[] = ['ticket.', 'case.closed']
const dueFirst = 8

export default function RegionPage() {
  const { t } = useTranslation('web-monitoring')
  const { acting } = useSession()
  const load = useQuery({
    queryKey: ['region', 'load'],
    queryFn: ({ signal }) => api.get('/api/region/load', { signal }),
    meta: { live },
  })
  return (
    <div className="padded monitoring">
      <header className="live-title">
        <h1>{t('region.title')}</h1>
        <small>{acting.unitName}</small>
      </header>
      {load.isPending ? (
        <Loading lines={8} />
      ) : load.isError && !load.data ? (
        <ErrorState error={load.error} onRetry={() => void load.refetch()} />
      ) : (
        <>
          <Tiles sections={load.data.sections} />
          <Card title={<Headline sections={load.data.sections} />} level="h2">
            <Sections sections={load.data.sections} />
          </Card>
          <DueFirst sections={load.data.sections} />
          <Arrivals />
        </>
      )}
    </div>
  )
}

const sumOf = (sections: readonly Section[], of: 'pool' | 'claimed' | 'forwarded' | 'late' | 'today'): number =>
  sections.reduce((sum, section) => sum + section[of], 0)

/** The section that most of what is late lies on, in words. */
function Headline({ sections }: { sections: readonly Section[] }) {
  const { t } = useTranslation('web-monitoring')
  const [worst] = sections.toSorted((a, b) => b.late - a.late)
  if (!worst || worst.late === 0) return <>{t('region.inTime')}</>
  return <>{t('region.worst', { count: sumOf(sections, 'late'), section: worst.name })}</>
}

function Tiles({ sections }: { sections: readonly Section[] }) {
  const { t } = useTranslation('web-monitoring')
  const late = sumOf(sections, 'late')
  return (
    <div className="tiles">
      <Card title={t('region.pool')}>
        <div className="big">{sumOf(sections, 'pool')}</div>
        <small>{t('region.poolText')}</small>
      </Card>
      <Card title={t('region.claimed')}>
        <div className="big">{sumOf(sections, 'claimed')}</div>
        <small>{t('region.forwarded', { count: sumOf(sections, 'forwarded') })}</small>
      </Card>
      <Card title={t('region.late')}>
        <div className={classes('big', late > 0 && 'bad')}>{late}</div>
        <small>{t('region.lateText')}</small>
      </Card>
      <Card title={t('region.today')}>
        <div className="big">{sumOf(sections, 'today')}</div>
        <small>{t('region.todayText')}</small>
      </Card>
    </div>
  )
}

function Sections({ sections }: { sections: readonly Section[] }) {
  const { t } = useTranslation('web-monitoring')
  const perMember = ({ pool, claimed, members }: Section): number | null =>
    members === 0 ? null : Math.round((10 * (pool + claimed)) / members) / 10
  const number = (id: 'pool' | 'claimed' | 'forwarded' | 'late' | 'today' | 'members'): DataColumn<Section> => ({
    id,
    label: t(`region.columns.${id}`),
    value: section => section[id],
    right: true,
  })
  const columns: DataColumn<Section>[] = [
    { id: 'name', label: t('region.columns.name'), value: section => section.name },
    number('pool'),
    number('claimed'),
    number('forwarded'),
    number('late'),
    number('today'),
    {
      id: 'oldest',
      label: t('region.columns.oldest'),
      value: section => section.oldestAt,
      cell: section => (section.oldestAt ? <Ago at={section.oldestAt} /> : '–'),
    },
    number('members'),
    { id: 'load', label: t('region.columns.load'), value: perMember, right: true },
  ]
  if (sections.length === 0) return <p className="muted">{t('region.none')}</p>
  return <DataTable label={t('region.title')} columns={columns} items={sections} idOf={each => each.id} file="quesiti-regione" />
}

/** What is due first in the section that has most of what is late. */
function DueFirst({ sections }: { sections: readonly Section[] }) {
  const { t } = useTranslation('web-monitoring')
  const [worst] = sections.toSorted((a, b) => b.late - a.late || b.pool - a.pool)
  const list = useQuery({
    queryKey: ['tickets', 'region', worst?.id],
    queryFn: ({ signal }) => api.get('/api/tickets', { query: { view: 'all', sectionId: worst?.id, limit: dueFirst }, signal }),
    enabled: worst !== undefined,
    meta: { live },
  })
  if (!worst) return null
  return (
    <Card title={t('region.first', { section: worst.name })} level="h2">
      {list.isPending ? (
        <Loading />
      ) : list.isError ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : list.data.items.length === 0 ? (
        <EmptyState title={t('region.nothing')} icon="check-circle" />
      ) : (
        <ul className="col">
          {list.data.items.map(line => (
            <li key={line.id} className="row wrap due-line">
              <Due at={line.dueAt} done={line.state === 'answered'} />
              <Link to="/cric/cases/$caseId" params={{ caseId: line.caseId }} className="grow">
                {line.title}
              </Link>
              <small>{line.claimedBy ? t('region.with', { name: line.claimedBy.name }) : t('region.unclaimed')}</small>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
