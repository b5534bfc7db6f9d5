/** Where today's callers called: the map by province, and the same as a table. */
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../shared/api.ts'
import type { Shade } from '../shared/pictures/italy-map.tsx'
import { classesOf, classOf } from '../shared/pictures/steps.ts'
import { Card, EmptyState, ErrorState } from '../shared/ui/index.ts'

const ItalyMap = lazy(() => import('../shared/pictures/italy-map.tsx'))
const looks: readonly Shade[] = ['step-1', 'step-2', 'step-3', 'step-4']
const renewMs = 60_000

export function Arrivals() {
  const { t } = useTranslation('web-monitoring')
  const arrivals = useQuery({
    queryKey: ['monitoring', 'provinces'],
    queryFn: ({ signal }) => api.get('/api/monitoring/provinces', { signal }),
    refetchInterval: renewMs,
  })
  if (arrivals.isError && !arrivals.data)
    return (
      <Card>
        <ErrorState error={arrivals.error} onRetry={() => void arrivals.refetch()} />
      </Card>
    )
  if (!arrivals.data) return null
  const { provinces, region } = arrivals.data
  const isCountry = region === null
  const called = provinces.filter(each => each.arrivals > 0)
  const bySign = new Map(provinces.map(each => [each.code, each.arrivals]))
  const steps = classesOf(provinces.map(each => each.arrivals))
  const [first] = called
  if (!first)
    return (
      <Card>
        <EmptyState title={t('arrivals.none')} icon="map-marker">
          {t('arrivals.noneText')}
        </EmptyState>
      </Card>
    )
  return (
    <Card level="h2" title={t('arrivals.title', { count: called.length, name: first.name, calls: first.arrivals })}>
      <div className="arrivals">
        <div>
          {steps.length > 0 && (
            <ul className="looks small">
              {steps.map(({ from, to }, i) => (
                <li key={from}>
                  <span className={`look ${looks[i]}`} aria-hidden="true" />
                  <span className="num">{from === to ? from : `${from}–${to}`}</span>
                </li>
              ))}
              <li>{t('arrivals.unit')}</li>
            </ul>
          )}
          <Suspense fallback={<div className="italy" />}>
            <ItalyMap
              label={t('arrivals.label')}
              lookOf={sign => looks[classOf(bySign.get(sign) ?? 0, steps)] ?? 'none'}
              wordsOf={(sign, name) => t('arrivals.province', { name, count: bySign.get(sign) ?? 0 })}
              {...(!isCountry && { isShown: (sign: string) => bySign.has(sign) })}
            />
          </Suspense>
        </div>
        {provinces.length > 0 && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
          <section className="scroll" aria-label={t('arrivals.label')} tabIndex={0}>
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{t('arrivals.provinceColumn')}</th>
                  {isCountry && <th scope="col">{t('arrivals.region')}</th>}
                  <th scope="col" className="right">
                    {t('arrivals.calls')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {provinces.map(each => (
                  <tr key={each.code}>
                    <th scope="row">{each.name}</th>
                    {isCountry && <td className="muted">{each.regionName}</td>}
                    <td className="right num">{each.arrivals}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        )}
      </div>
    </Card>
  )
}
