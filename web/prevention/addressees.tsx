/** The register of those whom activities are for: searched, added to, renamed, retired and taken back. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Addressee } from '../../src/prevention/model.ts'
import { api } from '../shared/api.ts'
import { RegisterLine } from '../shared/register-line.tsx'
import { may, useSession } from '../shared/session.tsx'
import { useShortcut } from '../shared/shortcuts.ts'
import { Button, EmptyState, PagedList, TextField } from '../shared/ui/index.ts'
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
      <ListTabs value="addressees" />
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
          <ul className="register">
            {items.map(addressee => (
              <RegisterLine
                key={addressee.id}
                line={addressee}
                about={`${t(`addressees.kinds.${addressee.kind}`)} · ${addressee.region ?? t('country')}`}
                change={
                  isKeeper
                    ? {
                        label: t('change'),
                        named: t('addressees.changeNamed', addressee),
                        onPress: () => setOpened(addressee),
                      }
                    : null
                }
                retire={(retired, version) =>
                  api.patch('/api/addressees/:addresseeId', { path: { addresseeId: addressee.id }, body: { retired }, version })
                }
                queryKey={['addressees']}
              />
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
