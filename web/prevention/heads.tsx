/** The head of the lists: what is ahead, what is over, and the register of those whom it is for. */
import { useNavigate, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Tabs } from '../shared/ui/index.ts'

export type ActivityView = 'ahead' | 'over'

export function ListTabs({ value }: { value: ActivityView | 'addressees' }) {
  const { t } = useTranslation('web-prevention')
  const { activityId } = useParams({ strict: false })
  const navigate = useNavigate()
  return (
    <Tabs
      label={t('title')}
      tabs={(['ahead', 'over', 'addressees'] as const).map(id => ({ id, label: t(`views.${id}`) }))}
      value={value}
      onChange={id => {
        if (id === 'addressees') void navigate({ to: '/addressees' })
        else void navigate({ to: '/prevention/{-$activityId}', params: { activityId }, search: { view: id } })
      }}
    />
  )
}
