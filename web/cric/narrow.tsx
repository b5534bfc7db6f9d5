/** The fields that narrow a list of tickets. Each acts at once; words act with Enter. */
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../shared/api.ts'
import { TypologyField } from '../shared/typology.tsx'
import { Button, ComboBox, Select, TextField } from '../shared/ui/index.ts'
import { channels, dues, type Filter, states, waitings, withoutNothing } from './filter.ts'

const nothing = '-'

export function NarrowFields({ filter, onChange }: { filter: Filter; onChange: (filter: Filter) => void }) {
  const { t } = useTranslation('web-cric')
  const change = (part: { [K in keyof Filter]?: Filter[K] | null | undefined }) =>
    onChange(withoutNothing({ ...filter, ...part }))
  const any = { id: nothing, label: t('narrow.any') }
  const [words, setWords] = useState(filter.words ?? '')
  const search = (event: FormEvent) => {
    event.preventDefault()
    change({ words: words.trim() })
  }
  return (
    <div className="narrow">
      <Select
        label={t('narrow.due')}
        value={filter.due ?? nothing}
        onChange={id => change({ due: dues.find(each => each === id) ?? null })}
        choices={[any, ...dues.map(id => ({ id, label: t(`narrow.dues.${id}`) }))]}
      />
      <Select
        label={t('narrow.state')}
        value={filter.state ?? nothing}
        onChange={id => change({ state: states.find(each => each === id) ?? null })}
        choices={[any, ...states.map(id => ({ id, label: t(`states.${id}`) }))]}
      />
      <OwnerFilter filter={filter} onChange={change} />
      <Select
        label={t('narrow.waiting')}
        value={filter.waiting ?? nothing}
        onChange={id => change({ waiting: waitings.find(each => each === id) ?? null })}
        choices={[any, ...waitings.map(id => ({ id, label: t(`narrow.waitings.${id}`) }))]}
      />
      <TypologyFilter filter={filter} onChange={change} />
      <Select
        label={t('narrow.channel')}
        value={filter.channel ?? nothing}
        onChange={id => change({ channel: channels.find(each => each === id) ?? null })}
        choices={[any, ...channels.map(id => ({ id, label: t(`web:channels.${id}`) }))]}
      />
      {/* biome-ignore lint/a11y/useSemanticElements: browsers do not know the element yet */}
      <form role="search" className="row narrow-words" onSubmit={search}>
        <TextField
          label={t('narrow.words')}
          type="search"
          className="grow"
          value={words}
          onChange={typed => {
            setWords(typed)
            if (typed === '' && filter.words !== undefined) change({ words: null })
          }}
          hint={t('narrow.wordsHint')}
          autoComplete="off"
        />
        <Button type="submit" icon="search" label={t('narrow.search')} />
      </form>
    </div>
  )
}

interface Part {
  filter: Filter
  onChange: (part: { [K in keyof Filter]?: Filter[K] | null | undefined }) => void
}

/** Colleagues of the section, as the list of absences knows them. */
function OwnerFilter({ filter, onChange }: Part) {
  const { t } = useTranslation('web-cric')
  const owners = useQuery({
    queryKey: ['ticket-owners'],
    queryFn: ({ signal }) => api.get('/api/ticket-owners', { signal }),
    staleTime: 60_000,
  })
  return (
    <ComboBox
      label={t('narrow.owner')}
      icon="user"
      key={`${owners.data ? 'loaded' : 'empty'}${filter.ownerId === undefined}`}
      value={filter.ownerId ?? null}
      onChange={ownerId => onChange({ ownerId })}
      choices={(owners.data?.items ?? []).map(({ id, name }) => ({ id, label: name }))}
      isLoading={owners.isPending}
    />
  )
}

function TypologyFilter({ filter, onChange }: Part) {
  const { typologyId } = filter
  const typology = useQuery({
    queryKey: ['typology', typologyId],
    queryFn: ({ signal }) => api.get('/api/typologies/:typologyId', { path: { typologyId: typologyId ?? '' }, signal }),
    enabled: typologyId !== undefined,
    staleTime: 600_000,
  })
  return (
    <TypologyField
      key={typology.data?.id ?? 'none'}
      value={typologyId ?? null}
      label={typology.data?.label ?? ''}
      onChange={id => onChange({ typologyId: id })}
    />
  )
}
