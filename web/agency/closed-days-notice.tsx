/** Tells whoever sets up the agenda that people are booked on days on which the office is closed. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../shared/api.ts'
import { useMay, useSession } from '../shared/session.tsx'
import { Link, Notice } from '../shared/ui/index.ts'

export function ClosedDaysNotice() {
  const { t } = useTranslation('web-agenda')
  const { unitId } = useSession().acting
  const maySetUp = useMay('agenda.keep')
  const booked = useQuery({
    queryKey: ['booked', unitId],
    queryFn: ({ signal }) => api.get('/api/units/:unitId/booked', { path: { unitId }, query: {}, signal }),
    enabled: maySetUp,
    meta: { live: ['unit.', 'agenda.', 'appointment.'] },
  })
  if (!booked.data || booked.data.count === 0) return null
  return (
    <div className="closed-days-notice">
      <Notice
        tone="wait"
        title={t('closedDays.notice', { count: booked.data.count })}
        action={<Link to="/agency/closed-days">{t('closedDays.open')}</Link>}
      />
    </div>
  )
}
