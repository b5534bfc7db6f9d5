/** Lists that the reader has named: opened, kept, taken away. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, missing, sentenceOf } from '../shared/api.ts'
import { useDraft, useSending } from '../shared/forms.ts'
import { Button, FormDialog, Menu, notify, TextField } from '../shared/ui/index.ts'
import type { Filter } from './filter.ts'

const savedKey = ['case-lists'] as const

export function SavedLists({ filter, onOpen }: { filter: Filter; onOpen: (filter: Filter) => void }) {
  const { t } = useTranslation('web-cases')
  const client = useQueryClient()
  const [naming, setNaming] = useState(false)
  const lists = useQuery({ queryKey: savedKey, queryFn: ({ signal }) => api.get('/api/case-lists', { signal }) })
  const items = lists.data?.items ?? []
  const isShown = (each: Filter) => JSON.stringify(Object.entries(each).sort()) === JSON.stringify(Object.entries(filter).sort())
  const current = items.find(each => isShown(each.filter))
  const drop = useMutation({
    mutationFn: (listId: string) => api.delete('/api/case-lists/:listId', { path: { listId } }),
    onSuccess: () => client.invalidateQueries({ queryKey: savedKey }),
    onError: error => notify(sentenceOf(error), 'late'),
  })
  const act = (id: string) => {
    if (id === 'save') return setNaming(true)
    if (id === 'drop') return current && drop.mutate(current.id)
    const list = items.find(each => each.id === id)
    if (list) onOpen(list.filter)
  }
  return (
    <>
      <Menu
        label={t('saved.label')}
        entries={[
          ...items.map(each => ({ id: each.id, label: each.name, isCurrent: each === current })),
          { id: 'save', label: t('saved.save'), icon: 'plus' as const },
          ...(current ? [{ id: 'drop', label: t('saved.drop', { name: current.name }), icon: 'delete' as const }] : []),
        ]}
        onAction={act}
      >
        <Button icon="folder">{current?.name ?? t('saved.label')}</Button>
      </Menu>
      {naming && (
        <NameDialog
          filter={filter}
          onClose={() => setNaming(false)}
          onSaved={() => {
            setNaming(false)
            void client.invalidateQueries({ queryKey: savedKey })
          }}
        />
      )}
    </>
  )
}

function NameDialog({ filter, onClose, onSaved }: { filter: Filter; onClose: () => void; onSaved: () => void }) {
  const { t } = useTranslation('web-cases')
  const draft = useDraft('case-list')
  const sending = useSending()
  const save = async () => {
    await api.post('/api/case-lists', { body: { name: draft.text.trim(), filter } })
    draft.clear()
    onSaved()
  }
  return (
    <FormDialog
      isOpen
      title={t('saved.save')}
      act={t('saved.keep')}
      sending={sending.pending}
      error={sending.error}
      onSubmit={() =>
        draft.text.trim() === '' ? sending.refuse(missing({ name: t('saved.nameNeeded') })) : void sending.send(save)
      }
      onClose={onClose}
    >
      <TextField
        label={t('saved.name')}
        hint={t('saved.hint')}
        value={draft.text}
        onChange={draft.setText}
        error={sending.fields.name}
        autoFocus
      />
    </FormDialog>
  )
}
