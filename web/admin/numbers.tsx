/** The number plan: which numbers enter the contact centre, and from when. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OfficeNumber } from '../../src/organisation/model.ts'
import { api, serverNow } from '../shared/api.ts'
import { pagedOptions } from '../shared/query.ts'
import { useMay } from '../shared/session.tsx'
import { date } from '../shared/time.ts'
import { Button, type DataColumn, phoneText, Select, TextField } from '../shared/ui/index.ts'
import { UnitField } from '../shared/unit-field.tsx'
import { AdminList, readAll } from './list.tsx'
import { isMode, Mode } from './mode.tsx'
import { NumberDetail } from './number.tsx'
import { PlanDialog } from './number-dialogs.tsx'
import PlanMap from './plan-map.tsx'
import { Split } from './split.tsx'

export default function NumbersPage() {
  const { t, i18n } = useTranslation('web-admin')
  const { number } = useParams({ strict: false })
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const [unitId, setUnitId] = useState<string | null>(null)
  const [filter, setFilter] = useState('-')
  const [planning, setPlanning] = useState(false)
  const mayPlan = useMay('numbers.plan')
  const q = useDeferredValue(text.trim())
  const read = (cursor: string | undefined, limit: number, signal?: AbortSignal) =>
    api.get('/api/numbers', {
      query: {
        q: q || undefined,
        unitId,
        mode: isMode(filter) ? filter : undefined,
        planned: filter === 'planned' ? true : undefined,
        cursor,
        limit,
      },
      signal,
    })
  const numbers = useInfiniteQuery({
    queryKey: ['numbers', q, unitId, filter],
    queryFn: ({ pageParam, signal }) => read(pageParam, 40, signal),
    ...pagedOptions,
    meta: { live: ['number.'] },
  })
  const open = (wanted: string | undefined) => void navigate({ to: '/admin/numbers/{-$number}', params: { number: wanted } })
  const dayText = (instant: string) => date(Date.parse(instant), i18n.language, serverNow())
  const columns: DataColumn<OfficeNumber>[] = [
    { id: 'office', label: t('numbers.columns.office'), value: item => item.unit.name },
    { id: 'number', label: t('numbers.columns.number'), value: item => phoneText(item.number) },
    {
      id: 'mode',
      label: t('numbers.mode'),
      value: item => t(`numbers.modes.${item.mode}`),
      cell: item => <Mode mode={item.mode} />,
    },
    {
      id: 'next',
      label: t('numbers.columns.next'),
      value: item => item.next?.from ?? null,
      cell: item => item.next && t(`numbers.from.${item.next.mode}`, { day: dayText(item.next.from) }),
    },
  ]
  return (
    <>
      <Split
        label={t('numbers.title')}
        back={t('numbers.back')}
        choose={t('numbers.choose')}
        aside={<PlanMap />}
        onBack={() => open(undefined)}
        wide
        list={
          <AdminList
            title={t('numbers.title')}
            make={
              <Button
                tone="primary"
                icon="calendar"
                why={mayPlan ? null : t('numbers.onlyPlanners')}
                onPress={() => setPlanning(true)}
              >
                {t('numbers.planTerritory')}
              </Button>
            }
            filters={
              <>
                <TextField
                  label={t('numbers.find')}
                  hideLabel
                  icon="search"
                  inputMode="tel"
                  value={text}
                  onChange={setText}
                  placeholder={t('numbers.find')}
                />
                <Select
                  label={t('numbers.mode')}
                  hideLabel
                  value={filter}
                  onChange={id => setFilter(id ?? '-')}
                  choices={['-', 'channelled', 'direct', 'planned'].map(id => ({
                    id,
                    label: t(`numbers.filters.${id === '-' ? 'all' : id}`),
                  }))}
                />
                <UnitField
                  label={t('numbers.territory')}
                  hideLabel
                  placeholder={t('numbers.territory')}
                  value={unitId}
                  onChange={setUnitId}
                  withNumbers
                />
              </>
            }
            query={numbers}
            table={{ columns, file: 'numeri', all: () => readAll(cursor => read(cursor, 100)) }}
            empty={{ title: t('numbers.none'), text: t('numbers.noneText'), icon: 'telephone' }}
            idOf={item => item.number}
            nameOf={item => item.unit.name}
            openId={number}
            onOpen={open}
          >
            {item => (
              <>
                <div className="grow">
                  <b className="clip block">{item.unit.name}</b>
                  <small className="num">{phoneText(item.number)}</small>
                </div>
                <div className="col tight" style={{ alignItems: 'flex-end' }}>
                  <Mode mode={item.mode} />
                  {item.next && <small>{t(`numbers.from.${item.next.mode}`, { day: dayText(item.next.from) })}</small>}
                </div>
              </>
            )}
          </AdminList>
        }
        detail={number ? <NumberDetail key={number} number={number} mayPlan={mayPlan} /> : null}
      />
      <PlanDialog isOpen={planning} onClose={() => setPlanning(false)} />
    </>
  )
}
