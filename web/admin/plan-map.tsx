/** The number plan at a glance: which provinces enter the contact centre, which will, which ring their offices. */
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { NumbersOfProvince } from '../../src/organisation/model.ts'
import { api } from '../shared/api.ts'
import type { Look } from '../shared/pictures/italy-map.tsx'
import { Card } from '../shared/ui/index.ts'

const ItalyMap = lazy(() => import('../shared/pictures/italy-map.tsx'))
const looks: readonly Look[] = ['full', 'some', 'soon', 'none']

/** What counts for a province is what most people would say of it: all numbers, some, none yet but planned, none. */
function lookOf(province: NumbersOfProvince | undefined): Look {
  if (!province || province.channelled === 0) return province && province.planned > 0 ? 'soon' : 'none'
  return province.direct === 0 ? 'full' : 'some'
}

export default function PlanMap() {
  const { t } = useTranslation('web-admin')
  const plan = useQuery({
    queryKey: ['numbers', 'provinces'],
    queryFn: ({ signal }) => api.get('/api/number-provinces', { signal }),
    meta: { live: ['number.'] },
  })
  const items = plan.data?.items ?? []
  if (items.length === 0) return null
  const bySign = new Map(items.map(item => [item.code, item]))
  const count = (look: Look) => items.filter(item => lookOf(item) === look).length
  const regions = [...Map.groupBy(items, item => item.regionName)]
  const sum = (of: readonly NumbersOfProvince[], figure: 'channelled' | 'planned' | 'direct') =>
    of.reduce((total, each) => total + each[figure], 0)
  return (
    <Card level="h2" title={t('numbers.map.title', { count: count('full'), of: items.length })}>
      <ul className="looks">
        {looks.map(look => (
          <li key={look}>
            <span className={`look ${look}`} aria-hidden="true" />
            <span>
              {t(`numbers.map.looks.${look}`)} <b className="num">{count(look)}</b>
            </span>
          </li>
        ))}
      </ul>
      <Suspense fallback={<div className="italy" />}>
        <ItalyMap
          label={t('numbers.map.label')}
          lookOf={sign => lookOf(bySign.get(sign))}
          wordsOf={(sign, name) => {
            const own = bySign.get(sign)
            return t('numbers.map.province', {
              name,
              channelled: own?.channelled ?? 0,
              planned: own?.planned ?? 0,
              direct: own?.direct ?? 0,
            })
          }}
        />
      </Suspense>
      <details>
        <summary className="small">{t('numbers.map.asTable')}</summary>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t('numbers.map.region')}</th>
              {(['channelled', 'planned', 'direct'] as const).map(figure => (
                <th key={figure} scope="col" className="right">
                  {t(`numbers.map.${figure}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {regions.map(([name, own]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className="right num">{sum(own, 'channelled')}</td>
                <td className="right num">{sum(own, 'planned')}</td>
                <td className="right num">{sum(own, 'direct')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
      <p className="small">{t('numbers.map.source')}</p>
    </Card>
  )
}
