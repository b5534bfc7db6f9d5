/** Says on every page that the institute is made up, as long as it is: nobody shall take it for a real one, or write real people into it. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../shared/api.ts'
import { Icon } from '../shared/ui/index.ts'
import './sample-bar.css'

export function SampleBar() {
  const { t } = useTranslation()
  const sample = useQuery({
    queryKey: ['sample'],
    queryFn: () => api.get('/api/sample'),
    staleTime: 10 * 60_000,
  })
  if (sample.data?.loaded !== true) return null
  return (
    <aside className="sample-bar" aria-label={t('sampleBar.label')}>
      <Icon name="info-circle" size={16} />
      <span>{t('sampleBar.text')}</span>
    </aside>
  )
}
