/** What the question is about: a leaf of the tree, found by any of its words. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from './api.ts'
import { ComboBox } from './ui/index.ts'

export function TypologyField({
  value,
  label,
  onChange,
  error,
}: {
  value: string | null
  /** The text of the chosen one. */
  label: string
  onChange: (id: string | null, label: string) => void
  error?: string | undefined
}) {
  const { t } = useTranslation('web-desk')
  const [text, setText] = useState('')
  const found = useQuery({
    queryKey: ['typologies', text],
    queryFn: ({ signal }) =>
      api.get('/api/typologies', { query: text.trim() === '' ? { leaf: true, limit: 60 } : { q: text, limit: 20 }, signal }),
    placeholderData: before => before,
    staleTime: 600_000,
  })
  const items = (found.data?.items ?? []).filter(each => each.leaf)
  return (
    <ComboBox
      step="typology"
      label={t('typology.label')}
      placeholder={t('typology.placeholder')}
      choices={items.map(each => ({ id: each.id, label: each.label, detail: each.path.slice(0, -1).join(' › ') }))}
      value={value}
      text={label}
      onSearch={typed => setText(typed === label ? '' : typed)}
      onChange={id => {
        const chosen = items.find(each => each.id === id)
        if (chosen) onChange(chosen.id, chosen.label)
        else if (id === null) onChange(null, '')
      }}
      isLoading={found.isFetching}
      error={error}
    />
  )
}
