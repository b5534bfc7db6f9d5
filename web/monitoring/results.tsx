/** How cases went in a month: resolved at the first contact, come back to and why, and whether who knew them took them. Figures lead to cases. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ResultFigure, ResultFigures, ResultsBy, SaidCause } from '../../src/cases/results/model.ts'
import { api, serverNow } from '../shared/api.ts'
import { goToStep, stepAt } from '../shared/focus.ts'
import { pagedOptions } from '../shared/query.ts'
import { dayOf, spokenCode } from '../shared/time.ts'
import {
  Ago,
  Button,
  Card,
  type DataColumn,
  DataTable,
  EmptyState,
  ErrorState,
  Link,
  Loading,
  PagedList,
  Select,
} from '../shared/ui/index.ts'
import './monitoring.css'

const dimensions: readonly ResultsBy[] = ['section', 'typology', 'region', 'channel']
const causes: readonly SaidCause[] = ['unclear', 'unsolved', 'new-fact', 'other', 'unsaid']
type Row = ResultFigures['rows'][number]

/** The cases that are shown: those of a figure, of all or of one row. */
interface Shown {
  figure: ResultFigure
  row: { by: ResultsBy; key: string; name: string } | null
  cause: SaidCause | null
}

const monthOf = (at: Date): string => `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}`
const monthBeside = (month: string, step: number): string =>
  monthOf(new Date(Number(month.slice(0, 4)), Number(month.slice(5)) - 1 + step, 1))
const shareOf = (part: number, of: number): number | null => (of === 0 ? null : part / of)

export default function ResultsPage() {
  const { t, i18n } = useTranslation('web-monitoring')
  const [month, setMonth] = useState(() => dayOf(serverNow()).slice(0, 7))
  const [by, setBy] = useState<ResultsBy>('section')
  const [shown, setShown] = useState<Shown | null>(null)
  const results = useQuery({
    queryKey: ['results', month, by],
    queryFn: ({ signal }) => api.get('/api/indicators/results', { query: { month, by }, signal }),
  })
  const show = (next: Shown) => {
    setShown(next)
    // It lies below the table.
    goToStep('results-behind')
  }
  const turn = (step: number) => {
    setMonth(monthBeside(month, step))
    setShown(null)
  }
  const named = new Intl.DateTimeFormat(i18n.language, { month: 'long', year: 'numeric' }).format(
    new Date(`${month}-15T12:00:00`),
  )
  return (
    <div className="padded monitoring">
      <header className="live-title results-title row wrap">
        <h1 className="grow">{t('results.title')}</h1>
        <Button tone="quiet" icon="arrow-left" label={t('results.before')} onPress={() => turn(-1)} />
        <b>{named}</b>
        <Button tone="quiet" icon="arrow-right" label={t('results.after')} onPress={() => turn(1)} />
        <Select
          label={t('results.by')}
          value={by}
          onChange={id => setBy(dimensions.find(each => each === id) ?? by)}
          choices={dimensions.map(id => ({ id, label: t(`results.byOf.${id}`) }))}
        />
      </header>
      {results.isPending ? (
        <Loading lines={8} />
      ) : results.isError ? (
        <ErrorState error={results.error} onRetry={() => void results.refetch()} />
      ) : (
        <>
          <Totals results={results.data} onShow={(figure, cause) => show({ figure, row: null, cause: cause ?? null })} />
          <Card title={t(`results.byOf.${by}`)} level="h2">
            <Rows by={by} rows={results.data.rows} onShow={(figure, row) => show({ figure, row, cause: null })} />
          </Card>
          {shown && <Behind month={month} shown={shown} key={JSON.stringify(shown)} />}
          <Continuity rows={results.data.continuity} />
          <SentBack month={month} />
        </>
      )}
    </div>
  )
}

function Totals({ results, onShow }: { results: ResultFigures; onShow: (figure: ResultFigure, cause?: SaidCause) => void }) {
  const { t } = useTranslation('web-monitoring')
  const percent = usePercent()
  const { total, days } = results
  const said = Object.values(total.causes).reduce((sum, count) => sum + count, 0)
  const countOf = (cause: SaidCause) => (cause === 'unsaid' ? total.repeated - said : total.causes[cause])
  return (
    <div className="tiles">
      <Card title={t('results.resolved')}>
        <div className="big">{percent(shareOf(total.resolved, total.firstContacts))}</div>
        <Button tone="quiet" className="behind-figure" onPress={() => onShow('resolved')}>
          {t('results.resolvedText', { count: total.resolved, of: total.firstContacts })}
        </Button>
      </Card>
      <Card title={t('results.repeated', { days })}>
        <div className="big">{percent(shareOf(total.repeated, total.closed))}</div>
        <Button tone="quiet" className="behind-figure" onPress={() => onShow('repeated')}>
          {t('results.repeatedText', { count: total.repeated, of: total.closed })}
        </Button>
      </Card>
      <Card title={t('results.causes')}>
        <ul className="col tight">
          {causes.map(cause => (
            <li key={cause} className="row">
              <span className="grow">
                <Button tone="quiet" className="behind-figure" onPress={() => onShow('repeated', cause)}>
                  {t(`results.cause.${cause}`)}
                </Button>
              </span>
              <b className="num">{countOf(cause)}</b>
            </li>
          ))}
        </ul>
      </Card>
    </div>
  )
}

function usePercent(): (share: number | null) => string {
  const { i18n } = useTranslation()
  const format = new Intl.NumberFormat(i18n.language, { style: 'percent', maximumFractionDigits: 1 })
  return share => (share === null ? '–' : format.format(share))
}

interface RowsProps {
  by: ResultsBy
  rows: readonly Row[]
  onShow: (figure: ResultFigure, row: NonNullable<Shown['row']>) => void
}

function Rows({ by, rows, onShow }: RowsProps) {
  const { t } = useTranslation('web-monitoring')
  const { t: shared } = useTranslation()
  const percent = usePercent()
  const nameOf = ({ key, name }: Row): string =>
    by === 'channel' ? shared(`channels.${key as 'telephone'}`) : (name ?? (key === '' ? t('results.unknown') : key))
  /** A figure of a row, which shows its cases. */
  const column = (
    id: keyof typeof figureOf,
    value: (row: Row) => number | null,
    write: (value: number | null) => string,
  ): DataColumn<Row> => ({
    ...{ id, label: t(`results.columns.${id}`), value, right: true },
    cell: row => (
      <Button
        tone="quiet"
        className="figure-of-row"
        label={`${t(`results.figure.${figureOf[id]}`)}: ${nameOf(row)}, ${write(value(row))}`}
        onPress={() => onShow(figureOf[id], { by, key: row.key, name: nameOf(row) })}
      >
        {write(value(row))}
      </Button>
    ),
  })
  const columns: DataColumn<Row>[] = [
    { id: 'name', label: t(`results.byOf.${by}`), value: nameOf },
    column('firstContacts', row => row.firstContacts, whole),
    column('resolvedShare', row => shareOf(row.resolved, row.firstContacts), percent),
    column('closed', row => row.closed, whole),
    column('repeatedShare', row => shareOf(row.repeated, row.closed), percent),
  ]
  if (rows.length === 0) return <p className="muted">{t('results.none')}</p>
  return <DataTable label={t(`results.byOf.${by}`)} columns={columns} items={rows} idOf={row => row.key} file={`esiti-${by}`} />
}

const figureOf = {
  firstContacts: 'first-contacts',
  resolvedShare: 'resolved',
  closed: 'closed',
  repeatedShare: 'repeated',
} as const satisfies Record<string, ResultFigure>

const whole = (count: number | null): string => String(count ?? 0)

/** The cases behind a figure. */
function Behind({ month, shown: { figure, row, cause } }: { month: string; shown: Shown }) {
  const { t } = useTranslation('web-monitoring')
  const { t: shared } = useTranslation()
  const query = useInfiniteQuery({
    queryKey: ['results', 'cases', month, figure, row, cause],
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/indicators/results/cases', {
        query: {
          ...{ month, figure, limit: 30, cursor: pageParam },
          ...(row ? { by: row.by, key: row.key } : {}),
          ...(cause ? { cause } : {}),
        },
        signal,
      }),
    ...pagedOptions,
  })
  const title = [t(`results.figure.${figure}`), row?.name, cause && t(`results.cause.${cause}`)].filter(Boolean).join(' · ')
  return (
    <Card
      title={
        <span tabIndex={-1} {...stepAt('results-behind')}>
          {t('results.behind')}: {title}
        </span>
      }
      level="h2"
      flush
    >
      <PagedList query={query} empty={<EmptyState title={t('results.none')} icon="check-circle" />}>
        {items => (
          <ul className="col padded">
            {items.map(each => (
              <li key={each.id} className="row wrap">
                <Link to="/cric/cases/$caseId" params={{ caseId: each.id }}>
                  {spokenCode(each.code)}
                </Link>
                <span className="grow">{each.title}</span>
                <small>
                  {each.closedAt && (
                    <>
                      {t('results.closedAt')} <Ago at={each.closedAt} />
                    </>
                  )}
                  {each.repeat && (
                    <>
                      {' · '}
                      {t('results.returned')} <Ago at={each.repeat.at} /> ({shared(`channels.${each.repeat.channel}`)}
                      {each.repeat.cause && `, ${t(`results.cause.${each.repeat.cause}`)}`})
                    </>
                  )}
                </small>
              </li>
            ))}
          </ul>
        )}
      </PagedList>
    </Card>
  )
}

function Continuity({ rows }: { rows: ResultFigures['continuity'] }) {
  const { t } = useTranslation('web-monitoring')
  if (rows.length === 0) return null
  const columns: DataColumn<ResultFigures['continuity'][number]>[] = [
    { id: 'section', label: t('results.byOf.section'), value: row => row.section.name },
    { id: 'medium', label: t('results.byOf.channel'), value: row => t(`results.medium.${row.medium}`) },
    { id: 'asked', label: t('results.asked'), value: row => row.asked, right: true },
    { id: 'honoured', label: t('results.honoured'), value: row => row.honoured, right: true },
    { id: 'givenUp', label: t('results.givenUp'), value: row => row.givenUp, right: true },
  ]
  return (
    <Card title={t('results.continuity')} level="h2">
      <DataTable
        label={t('results.continuity')}
        columns={columns}
        items={rows}
        idOf={row => `${row.section.id} ${row.medium}`}
        file="chi-conosce-la-pratica"
      />
    </Card>
  )
}

/** How many tickets were no matter for the second level, and what they were about. */
function SentBack({ month }: { month: string }) {
  const { t } = useTranslation('web-monitoring')
  const counts = useQuery({
    queryKey: ['sent-back', month],
    queryFn: ({ signal }) => api.get('/api/indicators/sent-back', { query: { month }, signal }),
  })
  if (!counts.data) return null
  const { total, typologies } = counts.data
  return (
    <Card title={t('sentBack.title')} level="h2">
      {total === 0 ? (
        <p className="muted">{t('sentBack.none')}</p>
      ) : (
        <>
          <p>
            <b className="num">{total}</b> {t('sentBack.text')}
          </p>
          <ul className="col tight">
            {typologies.map(({ label, count }) => (
              <li key={label} className="row">
                <span className="grow">{label}</span>
                <b className="num">{count}</b>
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  )
}
