/** What does not work at this moment, on every page of those whom it concerns. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../shared/api.ts'
import { endOf } from '../shared/public-notices.tsx'
import { Link, Notice, useNow } from '../shared/ui/index.ts'

export function IncidentNotices() {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const notices = useQuery({
    queryKey: ['notices', 'desks'],
    queryFn: ({ signal }) => api.get('/api/notices', { query: { for: 'desks' }, signal }),
    staleTime: 60_000,
    meta: { live: ['incident.notice-published', 'incident.notice-withdrawn', 'incident.changed'] },
  })
  const inForce = (notices.data?.items ?? []).filter(({ endsAt }) => Date.parse(endsAt) > now)
  return inForce.map(notice => (
    <Notice
      key={notice.id}
      tone="wait"
      title={notice.title}
      action={
        <Link to="/incidents/{-$incidentId}" params={{ incidentId: notice.incidentId }}>
          {t('incidents.open')}
        </Link>
      }
    >
      {notice.texts[i18n.language === 'en' ? 'en' : 'it'] ?? notice.texts.it}{' '}
      <small>
        {[notice.region, notice.section].filter(Boolean).join(' · ')} {t('incidents.until', endOf(notice.endsAt, i18n.language))}
      </small>
    </Notice>
  ))
}
