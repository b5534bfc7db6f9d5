/** Choosing a unit by the beginnings of words of its name or place. */
import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { api } from './api.ts'
import { ComboBox } from './ui/index.ts'

export function UnitField({
  label,
  value,
  onChange,
  error,
  placeholder,
  hideLabel,
  withNumbers,
  text: shown,
}: {
  label: string
  value: string | null
  onChange: (unitId: string | null, name: string) => void
  error?: string | undefined
  placeholder?: string
  hideLabel?: boolean
  /** Only units that have numbers. */
  withNumbers?: boolean
  /** The name of the unit that was chosen, where a draft brings it back. */
  text?: string
}) {
  const [text, setText] = useState('')
  const wanted = useDeferredValue(text.trim())
  const found = useQuery({
    queryKey: ['units', wanted, withNumbers ?? false],
    queryFn: ({ signal }) => api.get('/api/units', { query: { q: wanted || undefined, withNumbers, limit: 20 }, signal }),
    placeholderData: earlier => earlier,
    staleTime: 60_000,
  })
  return (
    <ComboBox
      label={label}
      hideLabel={hideLabel ?? false}
      icon="pa"
      value={value}
      onChange={id => onChange(id, found.data?.items.find(unit => unit.id === id)?.name ?? '')}
      {...(shown === undefined ? {} : { text: shown })}
      onSearch={setText}
      placeholder={placeholder ?? ''}
      isLoading={found.isFetching}
      choices={(found.data?.items ?? []).map(unit => ({
        id: unit.id,
        label: unit.name,
        detail: [unit.municipality, unit.provinceCode].filter(Boolean).join(', '),
      }))}
      error={error}
    />
  )
}
