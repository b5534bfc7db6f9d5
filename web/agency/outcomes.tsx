/** How the appointments of some weeks went, by service: each outcome by itself, so that it is seen what can be mended. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppointmentEnding } from '../../src/agenda/model.ts'
import { api } from '../shared/api.ts'
import { Card, EmptyState, ErrorState, Loading, Tabs } from '../shared/ui/index.ts'
import { Numbers } from '../shared/ui/number-table.tsx'

const endings: readonly AppointmentEnding[] = [
  ...(['served', 'no-show', 'left', 'cancelled-in-time', 'cancelled-late', 'office-fault'] as const),
]
const spans = ['1', '4', '13'] as const

export function Outcomes({ day }: { day: string }) {
  const { t } = useTranslation('web-agency')
  const [weeks, setWeeks] = useState<string>(spans[0])
  const found = useQuery({
    queryKey: ['agenda-outcomes', day, weeks],
    queryFn: ({ signal }) => api.get('/api/agenda/outcomes', { query: { day, weeks: Number(weeks) }, signal }),
    placeholderData: before => before,
    meta: { live: ['appointment.'] },
  })
  return (
    <Card
      title={t('outcomesOf.title')}
      aside={
        <Tabs
          label={t('outcomesOf.span')}
          tabs={spans.map(id => ({ id, label: t('outcomesOf.weeks', { count: Number(id) }) }))}
          value={weeks}
          onChange={setWeeks}
        />
      }
    >
      {found.isPending ? (
        <Loading lines={3} />
      ) : !found.data ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : found.data.items.length === 0 ? (
        <EmptyState title={t('outcomesOf.none')} icon="chart-line" />
      ) : (
        <Numbers
          caption={t('outcomesOf.title')}
          head={[t('week.service'), ...endings.map(ending => t(`endings.${ending}`)), t('outcomesOf.open')]}
          rows={found.data.items.map(item => ({
            key: item.service.id,
            cells: [item.service.name, ...endings.map(ending => item.endings[ending]), item.open],
          }))}
        />
      )}
    </Card>
  )
}
