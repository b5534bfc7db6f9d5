/** Choosing a colleague of the reader's centre. The field comes with its choices, so that nothing is typed before they are there. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../shared/api.ts'
import { ComboBox, Loading, Problem } from '../shared/ui/index.ts'

/** The colleagues of the reader's centre, and who of them is away today. */
export const useColleagues = () =>
  useQuery({
    queryKey: ['ticket-owners'],
    queryFn: ({ signal }) => api.get('/api/ticket-owners', { signal }),
    staleTime: 60_000,
    meta: { live: ['absence.'] },
  })

export function ColleagueField({
  label,
  value,
  onChange,
  except = null,
  error,
  autoFocus = false,
}: {
  label: string
  value: string | null
  onChange: (id: string | null) => void
  /** Who is not to be chosen. */
  except?: string | null
  error?: string | undefined
  autoFocus?: boolean
}) {
  const { t } = useTranslation('web-cric')
  const colleagues = useColleagues()
  if (colleagues.error && !colleagues.data) return <Problem error={colleagues.error} />
  if (!colleagues.data) return <Loading />
  return (
    <ComboBox
      label={label}
      icon="user"
      value={value}
      onChange={onChange}
      choices={colleagues.data.items
        .filter(each => each.id !== except)
        .map(({ id, name, unit, away }) => ({ id, label: name, detail: away ? t('chosen.away') : unit }))}
      error={error}
      autoFocus={autoFocus}
    />
  )
}
