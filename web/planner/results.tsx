/** What a run found: the answer as the title, how sure it is, before and after side by side, charts with their tables. */
import { useTranslation } from 'react-i18next'
import { Card } from '../shared/ui/index.ts'
import { Numbers } from '../shared/ui/number-table.tsx'
import { LevelChart, WaitsChart } from './charts.tsx'
import { useFigures } from './figures.ts'
import { clockOfHalf, everySection, figuresOf, type PastDay, type Run, type SimulatedDayFigures } from './model.ts'

type Comparison = NonNullable<Run['comparison']>

export default function Results({
  run,
  past,
  section,
  of,
  nameOf,
}: {
  run: Run & { before: NonNullable<Run['before']>; comparison: Comparison }
  /** The real day that was run; null for a day that is made up. */
  past: PastDay | null
  section: string
  /** The section in words. */
  of: string
  nameOf: (section: string) => string
}) {
  const { t } = useTranslation('web-planner')
  const { number, percent, seconds } = useFigures()
  const { before, after, comparison } = run
  const was = figuresOf(before, section)
  const is = after && figuresOf(after, section)
  const real = past && past.asItWas.total.arrived > 0 ? figuresOf(past.asItWas, section) : null
  const clock = past?.halfHours ?? before.total.halfHours.map((_, half) => clockOfHalf(half))
  const columns: { name: string; of: (figures: SimulatedDayFigures) => string }[] = [
    { name: t('results.calls'), of: figures => number(figures.arrived) },
    { name: t('results.level'), of: figures => percent(figures.serviceLevel) },
    { name: t('results.wait'), of: figures => seconds(figures.averageSpeedOfAnswerMs) },
    { name: t('results.longest'), of: figures => seconds(figures.longestWaitMs) },
    { name: t('results.abandoned'), of: figures => percent(figures.abandonment) },
    { name: t('results.occupancy'), of: figures => percent(figures.occupancy) },
  ]
  const rows: { key: string; name: string; figures: SimulatedDayFigures; changed: SimulatedDayFigures | undefined }[] = [
    ...before.sections.map(each => ({
      key: each.id,
      name: nameOf(each.id),
      figures: each,
      changed: after?.sections.find(({ id }) => id === each.id),
    })),
    { key: everySection, name: t('results.total'), figures: before.total, changed: after?.total },
  ]
  return (
    <>
      <Card
        level="h2"
        title={
          is
            ? t('results.changed', { of, before: percent(was.serviceLevel), after: percent(is.serviceLevel) })
            : t('results.unchanged', { of, share: percent(was.serviceLevel) })
        }
      >
        <Sureness comparison={comparison} section={section} />
        {real && (
          <p className="muted">
            {t('results.asItWas', {
              level: percent(real.serviceLevel),
              wait: seconds(real.averageSpeedOfAnswerMs),
              abandoned: percent(real.abandonment),
            })}
          </p>
        )}
        <Numbers
          caption={t('results.caption')}
          head={[t('results.section'), ...columns.map(column => column.name)]}
          rows={rows.map(({ key, name, figures, changed }) => ({
            key,
            total: key === everySection,
            cells: [
              name,
              ...columns.map(column => (
                <Compared key={column.name} before={column.of(figures)} after={changed && column.of(changed)} />
              )),
            ],
          }))}
        />
      </Card>
      <Card title={t('results.chartsOf', { of })}>
        <div className="pair">
          <div>
            <h3>{t('results.byHalfHour')}</h3>
            <LevelChart series={{ real, before: was, after: is }} clock={clock} />
          </div>
          <div>
            <h3>{t('results.waits')}</h3>
            <WaitsChart series={{ real, before: was, after: is }} />
          </div>
        </div>
        <p className="muted small">
          {was.estimate.calls === 0
            ? t('results.noEstimate')
            : t('results.estimate', {
                calls: number(was.estimate.calls),
                off: seconds(was.estimate.meanAbsoluteErrorMs),
                bias: t(was.estimate.meanErrorMs >= 0 ? 'results.tooLong' : 'results.tooShort', {
                  by: seconds(Math.abs(was.estimate.meanErrorMs)),
                }),
              })}
        </p>
      </Card>
      {past && <Assumptions past={past} nameOf={nameOf} />}
    </>
  )
}

/** What changes, with the interval in which it lies; without a change, how much days differ by chance. */
function Sureness({ comparison, section }: { comparison: Comparison; section: string }) {
  const { t } = useTranslation('web-planner')
  const { percent, seconds, signed, points } = useFigures()
  const compared = comparison.sections.find(({ id }) => id === section) ?? comparison.total
  const lines = [
    { measure: compared.serviceLevel, name: t('results.level'), said: percent, change: points, unit: ` ${t('results.points')}` },
    { measure: compared.averageSpeedOfAnswerMs, name: t('results.wait'), said: seconds, change: seconds, unit: '' },
    {
      measure: compared.abandonment,
      name: t('results.abandoned'),
      said: percent,
      change: points,
      unit: ` ${t('results.points')}`,
    },
  ]
  return (
    <>
      <ul className="sure">
        {lines.map(({ measure: { before, difference }, name, said, change, unit }) => {
          const { mean, half } = difference ?? before
          const between = half === null ? null : { low: mean - half, high: mean + half }
          const clear = between !== null && (between.low > 0 || between.high < 0)
          return (
            <li key={name}>
              <span>{name}</span> <b className="num">{difference ? `${signed(mean, change)}${unit}` : said(mean)}</b>{' '}
              {between && (
                <small className="num">
                  {difference
                    ? t('results.between', { low: signed(between.low, change), high: signed(between.high, change) })
                    : t('results.between', { low: said(Math.max(0, between.low)), high: said(between.high) })}
                  {difference && !clear && ` – ${t('results.notClear')}`}
                </small>
              )}
            </li>
          )
        })}
      </ul>
      <p className="muted small">{t('results.seeds', { count: comparison.seeds })}</p>
    </>
  )
}

/** With which lengths and which patience the day was run, and where they were measured. */
function Assumptions({ past, nameOf }: { past: PastDay; nameOf: (section: string) => string }) {
  const { t } = useTranslation('web-planner')
  const { number, seconds } = useFigures()
  return (
    <details className="card">
      <summary>{t('assumed.title')}</summary>
      <p className="muted small">{t('assumed.text')}</p>
      <Numbers
        caption={t('assumed.title')}
        head={[
          t('results.section'),
          t('assumed.handling'),
          t('assumed.measuredOn'),
          t('assumed.patience'),
          t('assumed.estimatedOn'),
        ]}
        rows={past.assumptions.map(({ id, handling, patience }) => ({
          key: id,
          cells: [
            nameOf(id),
            seconds(handling.meanMs),
            t(`assumed.from.${handling.from}`, { number: number(handling.calls) }),
            seconds(patience.meanMs),
            t(`assumed.gaveUp.${patience.from}`, { number: number(patience.gaveUp) }),
          ],
        }))}
      />
    </details>
  )
}

function Compared({ before, after }: { before: string; after: string | undefined }) {
  const { t } = useTranslation('web-planner')
  if (after === undefined || after === before) return <>{before}</>
  return (
    <>
      <s className="muted">
        <span className="sr">{t('results.before')} </span>
        {before}
      </s>{' '}
      <b>
        <span className="sr">{t('results.after')} </span>
        {after}
      </b>
    </>
  )
}
