/** Named lists of tickets: the reader's and the section's, in order, each with how much is in it. The page begins with the one that was chosen for that. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { KeptTicketFilter, TicketListView } from '../../src/cases/ticket-lists/model.ts'
import { api, missing, sentenceOf } from '../shared/api.ts'
import { useDraft, useSending } from '../shared/forms.ts'
import { Button, Dialog, FormDialog, Menu, notify, Select, TextField } from '../shared/ui/index.ts'
import { listLive } from './tickets.ts'

const listsKey = ['ticket-lists'] as const
const countedAtMost = 100

const sameAs = (one: object, other: object): boolean =>
  JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort())

export function TicketLists({
  wanted,
  isPlain,
  onOpen,
}: {
  /** What is shown now. */
  wanted: KeptTicketFilter
  /** Whether the address says nothing, so that the page may begin with a list. */
  isPlain: boolean
  onOpen: (wanted: KeptTicketFilter) => void
}) {
  const { t } = useTranslation('web-cric')
  const [dialog, setDialog] = useState<'save' | 'keep' | null>(null)
  const lists = useQuery({
    queryKey: listsKey,
    queryFn: ({ signal }) => api.get('/api/ticket-lists', { signal }),
    meta: { live: ['section.ticket-lists-changed', ...listLive] },
  })
  const items = lists.data?.items ?? []
  const current = items.find(each => sameAs(each.wanted, wanted))
  const first = items.find(each => each.isDefault)
  const begun = useRef(false)
  useEffect(() => {
    if (!lists.data || begun.current) return
    begun.current = true
    if (isPlain && first) onOpen(first.wanted)
  }, [lists.data, isPlain, first, onOpen])
  const act = (id: string) => {
    if (id === 'save' || id === 'keep') return setDialog(id)
    const list = items.find(each => each.id === id)
    if (list) onOpen(list.wanted)
  }
  return (
    <>
      <Menu
        label={t('lists.label')}
        entries={[
          ...items.map(each => ({
            id: each.id,
            label: `${each.name} (${each.count >= countedAtMost ? `${countedAtMost}+` : each.count})`,
            detail: each.forSection ? t('lists.ofSection') : undefined,
            isCurrent: each === current,
          })),
          { id: 'save', label: t('lists.save'), icon: 'plus' as const },
          ...(items.some(each => each.mayChange) ? [{ id: 'keep', label: t('lists.keep'), icon: 'settings' as const }] : []),
        ]}
        onAction={act}
      >
        <Button icon="folder">{current?.name ?? t('lists.label')}</Button>
      </Menu>
      {dialog === 'save' && (
        <SaveDialog wanted={wanted} forSection={lists.data?.mayKeepForSection ?? false} onClose={() => setDialog(null)} />
      )}
      {dialog === 'keep' && <KeepDialog items={items.filter(each => each.mayChange)} onClose={() => setDialog(null)} />}
    </>
  )
}

function SaveDialog({
  wanted,
  forSection,
  onClose,
}: {
  wanted: KeptTicketFilter
  /** Whether the reader keeps lists of the section, too. */
  forSection: boolean
  onClose: () => void
}) {
  const { t } = useTranslation('web-cric')
  const client = useQueryClient()
  const draft = useDraft('ticket-list')
  const sending = useSending()
  const [whose, setWhose] = useState<string | null>('own')
  const save = () => {
    const name = draft.text.trim()
    if (name === '') return sending.refuse(missing({ name: t('lists.nameNeeded') }))
    void sending.send(async () => {
      await api.post('/api/ticket-lists', { body: { name, forSection: whose === 'section', wanted } })
      draft.clear()
      void client.invalidateQueries({ queryKey: listsKey })
      onClose()
    })
  }
  return (
    <FormDialog
      isOpen
      title={t('lists.save')}
      act={t('lists.saveNow')}
      sending={sending.pending}
      error={sending.error}
      onSubmit={save}
      onClose={onClose}
    >
      <TextField
        label={t('lists.name')}
        hint={t('lists.hint')}
        value={draft.text}
        onChange={draft.setText}
        error={sending.fields.name}
        autoFocus
      />
      {forSection && (
        <Select
          label={t('lists.whose')}
          value={whose}
          onChange={setWhose}
          choices={[
            { id: 'own', label: t('lists.own') },
            { id: 'section', label: t('lists.ofSection') },
          ]}
        />
      )}
    </FormDialog>
  )
}

/** Order, the one with which the page begins, and taking away. */
function KeepDialog({ items, onClose }: { items: readonly TicketListView[]; onClose: () => void }) {
  const { t } = useTranslation('web-cric')
  const client = useQueryClient()
  const settled = {
    onError: (error: unknown) => notify(sentenceOf(error), 'late'),
    onSettled: () => void client.invalidateQueries({ queryKey: listsKey }),
  }
  const change = useMutation({
    mutationFn: ({ listId, ...body }: { listId: string; before?: string | null; isDefault?: boolean }) =>
      api.patch('/api/ticket-lists/:listId', { path: { listId }, body }),
    ...settled,
  })
  const drop = useMutation({
    mutationFn: (listId: string) => api.delete('/api/ticket-lists/:listId', { path: { listId } }),
    ...settled,
  })
  const busy = change.isPending || drop.isPending
  return (
    <Dialog title={t('lists.keep')} isOpen onClose={onClose}>
      <ol className="col">
        {items.map(list => {
          const same = items.filter(each => each.forSection === list.forSection)
          const before = same[same.indexOf(list) - 1]
          return (
            <li key={list.id} className="row wrap">
              <span className="grow">
                <b>{list.name}</b>
                {list.forSection && (
                  <>
                    <br />
                    <small>{t('lists.ofSection')}</small>
                  </>
                )}
              </span>
              <Button
                aria-pressed={list.isDefault}
                isPending={busy}
                onPress={() => change.mutate({ listId: list.id, isDefault: !list.isDefault })}
              >
                {t(list.isDefault ? 'lists.isFirst' : 'lists.beFirst')}
              </Button>
              <Button
                tone="quiet"
                why={before ? null : t('lists.onTop')}
                isPending={busy}
                onPress={() => before && change.mutate({ listId: list.id, before: before.id })}
              >
                {t('lists.up')}
              </Button>
              <Button
                tone="quiet"
                icon="delete"
                label={t('lists.drop', { name: list.name })}
                isPending={busy}
                onPress={() => drop.mutate(list.id)}
              />
            </li>
          )
        })}
      </ol>
    </Dialog>
  )
}
