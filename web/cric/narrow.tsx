/** The fields that narrow a list of tickets. Each acts at once; words act with Enter. */
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../shared/api.ts'
import { TypologyField } from '../shared/typology.tsx'
import { Button, Select, TextField } from '../shared/ui/index.ts'
import { ColleagueField } from './colleague-field.tsx'
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
      <ColleagueField
        key={filter.ownerId === undefined ? 'none' : 'one'}
        label={t('narrow.owner')}
        value={filter.ownerId ?? null}
        onChange={ownerId => change({ ownerId })}
      />
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
