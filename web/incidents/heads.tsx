/** The head of both lists: what goes on and is closed, what is known, and the procedures that they are about. */
import { useNavigate, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Tabs } from '../shared/ui/index.ts'

export type IncidentView = 'current' | 'closed'

export function ListTabs({ value }: { value: IncidentView | 'known' | 'procedures' }) {
  const { t } = useTranslation('web-incidents')
  const { incidentId } = useParams({ strict: false })
  const navigate = useNavigate()
  return (
    <Tabs
      label={t('title')}
      tabs={(['current', 'closed', 'known', 'procedures'] as const).map(id => ({ id, label: t(`views.${id}`) }))}
      value={value}
      onChange={id => {
        if (id === 'known') void navigate({ to: '/known-errors/{-$knownErrorId}', params: { knownErrorId: undefined } })
        else if (id === 'procedures') void navigate({ to: '/procedures' })
        else void navigate({ to: '/incidents/{-$incidentId}', params: { incidentId }, search: { view: id } })
      }}
    />
  )
}
