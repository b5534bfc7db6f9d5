/** The institute as a tree: one walks down it, or finds a unit by name or place. */

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OpeningSpan } from '../../src/organisation/model.ts'
import { api } from '../shared/api.ts'
import { pagedOptions } from '../shared/query.ts'
import { useMay } from '../shared/session.tsx'
import { clock } from '../shared/time.ts'
import { Card, ErrorState, Icon, Link, Loading, Pill, phoneText, TextField } from '../shared/ui/index.ts'
import { Closures } from './closures.tsx'
import { AdminList } from './list.tsx'
import { Split } from './split.tsx'

const root = 'inps'

export default function UnitsPage() {
  const { t } = useTranslation('web-admin')
  const { unitId } = useParams({ strict: false })
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const q = useDeferredValue(text.trim())
  const top = useQuery({
    queryKey: ['units-top'],
    queryFn: ({ signal }) => api.get('/api/units', { query: { kind: 'institute', limit: 1 }, signal }),
    staleTime: 600_000,
  })
  const at = unitId ?? top.data?.items[0]?.id ?? root
  const units = useInfiniteQuery({
    queryKey: ['units-under', q, q === '' ? at : null],
    queryFn: ({ pageParam, signal }) =>
      q === ''
        ? api.get('/api/units/:unitId/children', { path: { unitId: at }, query: { cursor: pageParam, limit: 50 }, signal })
        : api.get('/api/units', { query: { q, cursor: pageParam, limit: 50 }, signal }),
    ...pagedOptions,
    enabled: q !== '' || unitId !== undefined || top.data !== undefined,
    meta: { live: ['unit.'] },
  })
  const open = (id: string | undefined) => {
    setText('')
    void navigate({ to: '/admin/units/{-$unitId}', params: { unitId: id } })
  }
  return (
    <Split
      label={t('units.title')}
      back={t('units.back')}
      choose={t('units.choose')}
      onBack={() => open(undefined)}
      list={
        <AdminList
          title={t('units.title')}
          filters={
            <TextField
              label={t('units.find')}
              hideLabel
              icon="search"
              value={text}
              onChange={setText}
              placeholder={t('units.find')}
            />
          }
          query={units}
          empty={
            q === ''
              ? { title: t('units.nothingBelow'), icon: 'pa' }
              : { title: t('units.none'), text: t('units.noneText'), icon: 'pa' }
          }
          idOf={unit => unit.id}
          nameOf={unit => unit.name}
          openId={unitId}
          onOpen={open}
        >
          {unit => (
            <>
              <div className="grow">
                <b className="clip block">{unit.name}</b>
                <small className="clip block">
                  {t(`units.kinds.${unit.kind}`)}
                  {unit.municipality && ` · ${unit.municipality}`}
                </small>
              </div>
              <Icon name="chevron-right" />
            </>
          )}
        </AdminList>
      }
      detail={unitId ? <UnitDetail key={unitId} unitId={unitId} /> : null}
    />
  )
}

function UnitDetail({ unitId }: { unitId: string }) {
  const { t, i18n } = useTranslation('web-admin')
  const mayPlan = useMay('numbers.watch')
  const found = useQuery({
    queryKey: ['unit', unitId],
    queryFn: ({ signal }) => api.get('/api/units/:unitId', { path: { unitId }, signal }),
    meta: { live: ['unit.', 'number.'] },
  })
  if (found.isPending) return <Loading />
  if (found.isError && !found.data) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />
  const unit = found.data
  return (
    <article>
      <nav aria-label={t('units.above')}>
        <ol className="crumbs">
          {unit.above.map(each => (
            <li key={each.id}>
              <Link to="/admin/units/{-$unitId}" params={{ unitId: each.id }}>
                {each.name}
              </Link>
            </li>
          ))}
          <li aria-current="page">{unit.name}</li>
        </ol>
      </nav>
      <header className="row top wrap">
        <div className="grow">
          <h1>{unit.name}</h1>
          <small>
            {unit.kind === 'agency' && unit.agencyKind
              ? t(`units.agencyKinds.${unit.agencyKind}`)
              : t(`units.kinds.${unit.kind}`)}
            {unit.address && ` · ${unit.address}`}
          </small>
        </div>
        {unit.hours.length > 0 && (
          <Pill tone={unit.open ? 'ok' : 'plain'} dot={unit.open}>
            {unit.open
              ? unit.nextChange
                ? t('units.openUntil', { time: clock(Date.parse(unit.nextChange), i18n.language) })
                : t('units.open')
              : t('units.closed')}
          </Pill>
        )}
      </header>
      <Card title={t('units.hours')} level="h2">
        {unit.hours.length === 0 ? <p className="muted">{t('units.noHours')}</p> : <Week spans={unit.hours} />}
        {unit.hoursOf !== null && unit.hoursOf !== unit.id && (
          <p className="tiny" style={{ marginTop: 8 }}>
            {t('units.hoursOf', { unit: unit.above.find(each => each.id === unit.hoursOf)?.name ?? '' })}
          </p>
        )}
      </Card>
      <Closures key={unit.id} unitId={unit.id} />
      {unit.numbers.length > 0 && (
        <Card title={t('units.numbers')} level="h2">
          <ul>
            {unit.numbers.map(number => (
              <li key={number}>
                {mayPlan ? (
                  <Link to="/admin/numbers/{-$number}" params={{ number }} className="num">
                    {phoneText(number)}
                  </Link>
                ) : (
                  <span className="num">{phoneText(number)}</span>
                )}
              </li>
            ))}
          </ul>
        </Card>
      )}
    </article>
  )
}

function Week({ spans }: { spans: readonly OpeningSpan[] }) {
  const { t, i18n } = useTranslation('web-admin')
  const weekday = new Intl.DateTimeFormat(i18n.language, { weekday: 'long', timeZone: 'UTC' })
  return (
    <dl className="hours">
      {[1, 2, 3, 4, 5, 6, 7].map(day => {
        const own = spans.filter(span => span.weekday === day)
        return (
          <div key={day} style={{ display: 'contents' }}>
            {/* 1 January 2024 was a Monday. */}
            <dt>{weekday.format(Date.UTC(2024, 0, day))}</dt>
            <dd className="num">
              {own.length === 0 ? (
                <span className="muted">{t('units.closed')}</span>
              ) : (
                own.map(span => `${span.opens}–${span.closes}`).join(', ')
              )}
            </dd>
          </div>
        )
      })}
    </dl>
  )
}
