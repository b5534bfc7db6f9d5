/** The way to the letters of an office, with how many are to be printed; nothing where there are none. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../shared/api.ts'
import { useSession } from '../shared/session.tsx'
import { Link } from '../shared/ui/index.ts'

export const lettersKey = (unitId: string) => ['letters', unitId] as const
export const lettersMeta = { live: ['appointment.'] } as const

export function LettersLink() {
  const { t } = useTranslation('web-agency')
  const { unitId } = useSession().acting
  const found = useQuery({
    queryKey: [...lettersKey(unitId), 'count'],
    queryFn: ({ signal }) => api.get('/api/units/:unitId/letters', { path: { unitId }, query: { limit: 1 }, signal }),
    meta: lettersMeta,
  })
  if (!found.data || found.data.count === 0) return null
  return (
    <p className="letters-link">
      <Link to="/agency/letters">{t('letters.toPrint', { count: found.data.count })}</Link>
    </p>
  )
}
