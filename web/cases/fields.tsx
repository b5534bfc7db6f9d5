/** The fields that narrow the list. Each acts at once; the words act with Enter, so that nothing is searched letter by letter. */
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../shared/api.ts'
import { Button, ComboBox, DateField, Select, TextField } from '../shared/ui/index.ts'
import { ages, channels, type Filter, standings } from './filter.ts'

interface FieldsProps {
  filter: Filter
  onChange: (change: { [K in keyof Filter]?: Filter[K] | null | undefined }) => void
}

/** Words of questions, answers and notes. */
export function WordsField({ filter, onChange }: FieldsProps) {
  const { t } = useTranslation('web-cases')
  const [text, setText] = useState(filter.q ?? '')
  useEffect(() => setText(filter.q ?? ''), [filter.q])
  const search = (event: FormEvent) => {
    event.preventDefault()
    onChange({ q: text.trim() })
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: browsers do not know the element yet
    <form role="search" className="row grow cases-words" onSubmit={search}>
      <TextField
        label={t('words')}
        hideLabel
        icon="search"
        type="search"
        className="grow"
        value={text}
        onChange={typed => {
          setText(typed)
          if (typed === '' && filter.q !== undefined) onChange({ q: null })
        }}
        placeholder={t('words')}
        autoComplete="off"
        step="cases-words"
      />
      <Button tone="primary" type="submit">
        {t('search')}
      </Button>
    </form>
  )
}

const nothing = '-'

/** Everything else. */
export function FilterFields({ filter, onChange }: FieldsProps) {
  const { t } = useTranslation('web-cases')
  const choice = (id: string | null) => (id === nothing ? null : id)
  return (
    <div className="cases-filters">
      <Select
        label={t('fields.standing')}
        value={filter.standing ?? nothing}
        onChange={id => onChange({ standing: standings.find(each => each === choice(id)) ?? null })}
        choices={[{ id: nothing, label: t('any') }, ...standings.map(id => ({ id, label: t(`standings.${id}`) }))]}
      />
      <TypologyFilter filter={filter} onChange={onChange} />
      <UnitFilter filter={filter} onChange={onChange} />
      <Select
        label={t('fields.channel')}
        value={filter.channel ?? nothing}
        onChange={id => onChange({ channel: channels.find(each => each === choice(id)) ?? null })}
        choices={[{ id: nothing, label: t('any') }, ...channels.map(id => ({ id, label: t(`web:channels.${id}`) }))]}
      />
      <DateField label={t('fields.from')} value={filter.from ?? ''} onChange={from => onChange({ from })} />
      <DateField label={t('fields.until')} value={filter.until ?? ''} onChange={until => onChange({ until })} />
      <Select
        label={t('fields.age')}
        value={String(filter.olderThanDays ?? nothing)}
        onChange={id => onChange({ olderThanDays: ages.find(each => String(each) === choice(id)) ?? null })}
        choices={[{ id: nothing, label: t('any') }, ...ages.map(days => ({ id: String(days), label: t('olderThan', { days }) }))]}
      />
      <Select
        label={t('fields.followUps')}
        value={filter.followUps === true ? 'mine' : nothing}
        onChange={id => onChange({ followUps: choice(id) === 'mine' ? true : null })}
        choices={[
          { id: nothing, label: t('any') },
          { id: 'mine', label: t('onlyFollowUps') },
        ]}
      />
      <Select
        label={t('fields.order')}
        value={filter.order ?? 'newest'}
        onChange={id => onChange({ order: id === 'oldest' ? 'oldest' : null })}
        choices={(['newest', 'oldest'] as const).map(id => ({ id, label: t(`order.${id}`) }))}
      />
    </div>
  )
}

function TypologyFilter({ filter, onChange }: FieldsProps) {
  const { t } = useTranslation('web-cases')
  const [text, setText] = useState('')
  const found = useQuery({
    queryKey: ['typologies', 'of cases', text],
    queryFn: ({ signal }) =>
      api.get('/api/typologies', { query: text.trim() === '' ? { limit: 100 } : { q: text, limit: 20 }, signal }),
    placeholderData: before => before,
    staleTime: 600_000,
  })
  const chosen = useQuery({
    queryKey: ['typology', filter.typologyId ?? null],
    queryFn: ({ signal }) => api.get('/api/typologies/:typologyId', { path: { typologyId: filter.typologyId ?? '' }, signal }),
    enabled: filter.typologyId !== undefined,
    staleTime: 600_000,
  })
  const label = filter.typologyId === undefined ? '' : (chosen.data?.label ?? '')
  return (
    <ComboBox
      label={t('fields.typology')}
      value={filter.typologyId ?? null}
      text={label}
      onSearch={typed => setText(typed === label ? '' : typed)}
      onChange={id => onChange({ typologyId: id })}
      isLoading={found.isFetching}
      choices={(found.data?.items ?? []).map(each => ({
        id: each.id,
        label: each.label,
        detail: each.path.slice(0, -1).join(' › '),
      }))}
    />
  )
}

function UnitFilter({ filter, onChange }: FieldsProps) {
  const { t } = useTranslation('web-cases')
  const [text, setText] = useState('')
  const found = useQuery({
    queryKey: ['units', 'of cases', text],
    queryFn: ({ signal }) => api.get('/api/units', { query: { q: text.trim() || undefined, limit: 20 }, signal }),
    placeholderData: before => before,
    staleTime: 60_000,
  })
  const chosen = useQuery({
    queryKey: ['unit', filter.unitId ?? null],
    queryFn: ({ signal }) => api.get('/api/units/:unitId', { path: { unitId: filter.unitId ?? '' }, signal }),
    enabled: filter.unitId !== undefined,
    staleTime: 60_000,
  })
  const label = filter.unitId === undefined ? '' : (chosen.data?.name ?? '')
  return (
    <ComboBox
      label={t('fields.unit')}
      icon="pa"
      value={filter.unitId ?? null}
      text={label}
      onSearch={typed => setText(typed === label ? '' : typed)}
      onChange={id => onChange({ unitId: id })}
      isLoading={found.isFetching}
      choices={(found.data?.items ?? []).map(unit => ({
        id: unit.id,
        label: unit.name,
        detail: [unit.municipality, unit.provinceCode].filter(Boolean).join(', '),
      }))}
    />
  )
}
