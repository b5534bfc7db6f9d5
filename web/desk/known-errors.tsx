/** What is known to go wrong with the question of the sheet, and how to work around it. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../shared/api.ts'

export function KnownErrors({ typologyId }: { typologyId: string }) {
  const { t } = useTranslation('web-desk')
  const known = useQuery({
    queryKey: ['known-errors-of', typologyId],
    queryFn: ({ signal }) => api.get('/api/typologies/:typologyId/known-errors', { path: { typologyId }, signal }),
    staleTime: 60_000,
    meta: { live: ['known-error.'] },
  })
  const items = known.data?.items ?? []
  if (items.length === 0) return null
  return (
    <section className="known-errors" aria-label={t('typology.known')}>
      {items.map(({ id, title, symptom, workaround }) => (
        <details key={id}>
          <summary>
            <b>{t('typology.knownOne')}</b> {title}
          </summary>
          <p className="prose small">{symptom}</p>
          <p className="prose">{workaround}</p>
        </details>
      ))}
    </section>
  )
}
