/** Choosing a territory with numbers that still ring their office on a day. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../shared/api.ts'
import { ComboBox } from '../shared/ui/index.ts'

export const usePlaces = (from: string) =>
  useQuery({
    queryKey: ['planner', 'places', from],
    queryFn: async ({ signal }) => (await api.get('/api/planner/places', { query: { from }, signal })).places,
    staleTime: 60_000,
    placeholderData: before => before,
  })

export default function PlaceField({
  from,
  value,
  onChange,
}: {
  from: string
  value: string | null
  onChange: (unitId: string | null) => void
}) {
  const { t } = useTranslation('web-planner')
  const { data: places = [], isPending } = usePlaces(from)
  return (
    <ComboBox
      label={t('form.place')}
      placeholder={t('form.placeExample')}
      choices={places.map(({ unitId, name, kind, numbers }) => ({
        id: unitId,
        label: name,
        detail: `${t(`form.placeKinds.${kind}`)} · ${t('form.placeNumbers', { count: numbers })}`,
      }))}
      value={value}
      onChange={onChange}
      isLoading={isPending}
      {...(value === null ? {} : { text: places.find(({ unitId }) => unitId === value)?.name ?? '' })}
    />
  )
}
