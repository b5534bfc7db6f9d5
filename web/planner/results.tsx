/** What a run found: the answer as the title, before and after side by side, the half hours as a chart and as a table. */
import { useTranslation } from 'react-i18next'
import { CartesianGrid, Legend, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { Card } from '../shared/ui/index.ts'
import { levels, type Result } from './model.ts'

export default function Results({
  before,
  after,
  asItWas,
  nameOf,
}: {
  before: Result
  after: Result | null
  /** The real figures of the day; null for a day that is made up. */
  asItWas: Result | null
  nameOf: (section: string) => string
}) {
  const { t, i18n } = useTranslation('web-planner')
  const percent = (share: number) =>
    new Intl.NumberFormat(i18n.language, { style: 'percent', maximumFractionDigits: 1 }).format(share)
  // Beyond a minute and a half people count in minutes.
  const seconds = (ms: number) => {
    const whole = Math.round(ms / 1000)
    return whole < 90 ? `${whole} s` : `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
  }
  const number = (value: number) => new Intl.NumberFormat(i18n.language).format(value)
  const title = after
    ? t('results.changed', { before: percent(before.total.serviceLevel), after: percent(after.total.serviceLevel) })
    : t('results.unchanged', { share: percent(before.total.serviceLevel) })
  const rows = levels(before, after)
  const columns = [
    { name: t('results.calls'), of: (figures: Result['total']) => number(figures.arrived) },
    { name: t('results.level'), of: (figures: Result['total']) => percent(figures.serviceLevel) },
    { name: t('results.wait'), of: (figures: Result['total']) => seconds(figures.averageSpeedOfAnswerMs) },
    { name: t('results.longest'), of: (figures: Result['total']) => seconds(figures.longestWaitMs) },
    { name: t('results.abandoned'), of: (figures: Result['total']) => percent(figures.abandonment) },
    { name: t('results.occupancy'), of: (figures: Result['total']) => percent(figures.occupancy) },
  ]
  const lines: { key: string; name: string; total: boolean; figures: Result['total']; changed: Result['total'] | undefined }[] = [
    ...before.sections.map(section => ({
      key: section.id,
      name: nameOf(section.id),
      total: false,
      figures: section,
      changed: after?.sections.find(each => each.id === section.id),
    })),
    { key: 'total', name: t('results.total'), total: true, figures: before.total, changed: after?.total },
  ]
  return (
    <>
      <Card level="h2" title={title} flush>
        {asItWas && asItWas.total.arrived > 0 && (
          <p className="aside-text">
            {t('results.asItWas', {
              level: percent(asItWas.total.serviceLevel),
              wait: seconds(asItWas.total.averageSpeedOfAnswerMs),
              abandoned: percent(asItWas.total.abandonment),
            })}
          </p>
        )}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
        <section className="scroll" aria-label={t('results.caption')} tabIndex={0}>
          <table className="table">
            <caption className="sr">{t('results.caption')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('results.section')}</th>
                {columns.map(column => (
                  <th scope="col" className="right" key={column.name}>
                    {column.name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {lines.map(line => (
                <tr key={line.key} className={line.total ? 'total' : ''}>
                  <th scope="row">{line.name}</th>
                  {columns.map(column => (
                    <td className="right num" key={column.name}>
                      <Compared before={column.of(line.figures)} after={line.changed && column.of(line.changed)} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </Card>
      <Card title={t('results.byHalfHour')}>
        <div className="chart" aria-hidden="true">
          <ResponsiveContainer width="100%" height={220}>
            <LineChart data={rows} margin={{ top: 8, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
              <CartesianGrid vertical={false} stroke="#dde4ea" />
              <XAxis dataKey="at" tickLine={false} axisLine={{ stroke: '#dde4ea' }} interval={3} fontSize={12} stroke="#5a6d80" />
              <YAxis domain={[0, 100]} unit=" %" width={48} tickLine={false} axisLine={false} fontSize={12} stroke="#5a6d80" />
              <Tooltip formatter={value => `${String(value)} %`} />
              <Legend />
              <Line
                name={t('results.before')}
                dataKey="before"
                stroke="#8aa0b4"
                strokeWidth={2}
                dot={false}
                isAnimationActive={false}
              />
              {after && (
                <Line
                  name={t('results.after')}
                  dataKey="after"
                  stroke="#0066cc"
                  strokeWidth={2}
                  dot={false}
                  isAnimationActive={false}
                />
              )}
            </LineChart>
          </ResponsiveContainer>
        </div>
        <details>
          <summary className="small">{t('results.asTable')}</summary>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t('results.halfHour')}</th>
                <th scope="col" className="right">
                  {t('results.calls')}
                </th>
                <th scope="col" className="right">
                  {t('results.level')}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map(row => (
                <tr key={row.at}>
                  <th scope="row" className="num">
                    {row.at}
                  </th>
                  <td className="right num">{number(row.calls)}</td>
                  <td className="right num">
                    <Compared
                      before={row.before === null ? '–' : percent(row.before / 100)}
                      after={row.after === null ? undefined : percent(row.after / 100)}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      </Card>
    </>
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
