/** The head of the lists: what is ahead, what is over, and the register of those whom it is for. */
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Tabs } from '../shared/ui/index.ts'

export function ListTabs({
  value,
  onChange,
}: {
  value: 'ahead' | 'over' | 'addressees'
  onChange: (view: 'ahead' | 'over') => void
}) {
  const { t } = useTranslation('web-prevention')
  const navigate = useNavigate()
  return (
    <Tabs
      label={t('title')}
      tabs={(['ahead', 'over', 'addressees'] as const).map(id => ({ id, label: t(`views.${id}`) }))}
      value={value}
      onChange={id => {
        if (id === 'addressees') return void navigate({ to: '/addressees' })
        if (value === 'addressees') void navigate({ to: '/prevention/{-$activityId}', params: { activityId: undefined } })
        onChange(id === 'over' ? 'over' : 'ahead')
      }}
    />
  )
}
