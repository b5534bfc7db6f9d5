/** What does not work at this moment, for everybody: read anew each half minute, since who is not signed in hears of nothing. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from './api.ts'
import { clock, longDay } from './time.ts'
import { Notice, useNow } from './ui/index.ts'

const readIntervalMs = 30_000

export function PublicNotices() {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const notices = useQuery({
    queryKey: ['notices', 'public'],
    queryFn: ({ signal }) => api.get('/api/public/notices', { signal }),
    refetchInterval: readIntervalMs,
    retry: false,
  })
  const inForce = (notices.data?.items ?? []).filter(({ endsAt }) => Date.parse(endsAt) > now)
  return inForce.map(({ id, texts, region, endsAt }) => (
    <Notice key={id} tone="wait" live>
      {texts[i18n.language === 'en' ? 'en' : 'it'] ?? texts.it}{' '}
      <small>
        {region} {t('incidents.until', endOf(endsAt, i18n.language))}
      </small>
    </Notice>
  ))
}

/** When a notice ends, as people say it. */
export const endOf = (endsAt: string, language: string): { time: string; day: string } => ({
  time: clock(Date.parse(endsAt), language),
  day: longDay(Date.parse(endsAt), language),
})
