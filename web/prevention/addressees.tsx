/** The register of those whom activities are for: searched, added to, renamed, retired and taken back. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Addressee } from '../../src/prevention/model.ts'
import { api, sentenceOf } from '../shared/api.ts'
import { may, useSession } from '../shared/session.tsx'
import { useShortcut } from '../shared/shortcuts.ts'
import { Button, EmptyState, notify, PagedList, Pill, TextField } from '../shared/ui/index.ts'
import { AddresseeDialog } from './addressee-dialog.tsx'
import { ListTabs } from './heads.tsx'
import { useAddressees } from './queries.ts'
import './prevention.css'

export default function AddresseesPage() {
  const { t } = useTranslation('web-prevention')
  const { acting } = useSession()
  const [q, setQ] = useState('')
  const [opened, setOpened] = useState<Addressee | 'new' | null>(null)
  const isKeeper = may(acting, 'prevention.keep')
  const found = useAddressees(q)
  useShortcut({ keys: 'n', label: t('addressees.new'), group: t('web:shortcuts.here') }, () => setOpened('new'), isKeeper)
  return (
    <div className="padded addressees">
      <div className="row wrap">
        <h1 className="grow">{t('addressees.title')}</h1>
        {isKeeper && (
          <Button tone="primary" icon="plus" kbd="N" onPress={() => setOpened('new')}>
            {t('addressees.new')}
          </Button>
        )}
      </div>
      <ListTabs value="addressees" onChange={() => {}} />
      <TextField
        label={t('addressees.search')}
        hideLabel
        type="search"
        icon="search"
        placeholder={t('addressees.search')}
        value={q}
        onChange={setQ}
      />
      <PagedList
        query={found}
        empty={
          <EmptyState title={t(q.trim() === '' ? 'addressees.none' : 'nothingFound')} icon="pa">
            {t(q.trim() === '' ? 'addressees.noneText' : 'nothingFoundText')}
          </EmptyState>
        }
      >
        {items => (
          <ul className="addressee-lines">
            {items.map(addressee => (
              <Line key={addressee.id} addressee={addressee} isKeeper={isKeeper} onChange={() => setOpened(addressee)} />
            ))}
          </ul>
        )}
      </PagedList>
      {opened !== null && (
        <AddresseeDialog
          key={opened === 'new' ? opened : opened.id}
          {...(opened === 'new' ? {} : { addressee: opened })}
          onClose={() => setOpened(null)}
        />
      )}
    </div>
  )
}

function Line({ addressee, isKeeper, onChange }: { addressee: Addressee; isKeeper: boolean; onChange: () => void }) {
  const { t } = useTranslation('web-prevention')
  const client = useQueryClient()
  const { id: addresseeId, name, retired, version } = addressee
  const retire = useMutation({
    mutationFn: (change: { retired: boolean; version: number }) =>
      api.patch('/api/addressees/:addresseeId', {
        path: { addresseeId },
        body: { retired: change.retired },
        version: change.version,
      }),
    async onSuccess(saved) {
      await client.invalidateQueries({ queryKey: ['addressees'] })
      if (saved.retired)
        notify(t('addressees.retired', { name }), 'plain', {
          label: t('addressees.takeBack'),
          run: () => retire.mutate({ retired: false, version: saved.version }),
        })
    },
    onError: error => notify(sentenceOf(error), 'late'),
  })
  return (
    <li className="row wrap">
      <span className="grow">
        <b>{name}</b>{' '}
        {retired && (
          <Pill small tone="plain">
            {t('addressees.notUsed')}
          </Pill>
        )}
        <br />
        <small>
          {t(`addressees.kinds.${addressee.kind}`)} · {addressee.region ?? t('country')}
        </small>
      </span>
      {isKeeper && (
        <>
          <Button tone="quiet" icon="pencil" label={t('addressees.changeNamed', { name })} onPress={onChange}>
            {t('change')}
          </Button>
          <Button
            tone="quiet"
            label={t(retired ? 'addressees.takeBackNamed' : 'addressees.retireNamed', { name })}
            isPending={retire.isPending}
            onPress={() => retire.mutate({ retired: !retired, version })}
          >
            {t(retired ? 'addressees.takeBack' : 'addressees.retire')}
          </Button>
        </>
      )}
    </li>
  )
}
