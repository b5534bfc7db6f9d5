/** The data of a person as a whole, for who answers for them: taken out as a file, and erased, with what must stay and why. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Contact } from '../../../src/contacts/model.ts'
import type { Erasure } from '../../../src/privacy/model.ts'
import { addressOf, api, missing } from '../api.ts'
import { useSending } from '../forms.ts'
import { fullDate, spokenCode } from '../time.ts'
import { Button, Card, ErrorState, FormDialog, Link, Loading, Notice, notify, TextField } from '../ui/index.ts'

export function PersonData({ contact }: { contact: Contact }) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  const found = useQuery({
    queryKey: ['erasure', contact.id],
    queryFn: ({ signal }) => api.get('/api/contacts/:contactId/erasure', { path: { contactId: contact.id }, signal }),
    meta: { live: ['contact.', 'case.'], about: { contact: contact.id } },
  })
  if (found.isPending) return <Loading lines={3} />
  if (found.isError) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />
  const erasure = found.data
  return (
    <Card calm title={t('privacy.title')}>
      <div className="col">
        <p className="small">{t('privacy.text')}</p>
        <Asked erasure={erasure} />
        {erasure.stays.length > 0 && <Stays erasure={erasure} />}
        <div className="row wrap">
          <a className="button" href={addressOf('/api/contacts/:contactId/export', { path: { contactId: contact.id } })} download>
            {t('privacy.export')}
          </a>
          {!erasure.asked?.erasedAt && (
            <Button tone="danger" onPress={() => setOpen(true)}>
              {t('privacy.erase')}
            </Button>
          )}
        </div>
      </div>
      {isOpen && <EraseDialog contact={contact} erasure={erasure} onClose={() => setOpen(false)} />}
    </Card>
  )
}

/** What has become of a request. */
function Asked({ erasure: { asked, entriesWaiting } }: { erasure: Erasure }) {
  const { t, i18n } = useTranslation()
  if (!asked) return null
  const day = (at: string) => fullDate(Date.parse(at), i18n.language)
  return (
    <Notice
      tone={asked.erasedAt ? 'ok' : 'wait'}
      title={
        asked.erasedAt
          ? t('privacy.erased', { at: day(asked.erasedAt) })
          : t('privacy.asked', { at: day(asked.at), by: asked.by })
      }
    >
      {asked.nextLookAt && <div>{t('privacy.next', { at: day(asked.nextLookAt) })}</div>}
      {entriesWaiting > 0 && <div>{t('privacy.entries', { count: entriesWaiting })}</div>}
    </Notice>
  )
}

function Stays({ erasure: { stays } }: { erasure: Erasure }) {
  const { t, i18n } = useTranslation()
  return (
    <div>
      <b>{t('privacy.stays')}</b>
      <ul className="col tight">
        {stays.map(({ why, until, case: matter }) => (
          <li key={`${why}${matter?.id ?? ''}`}>
            {matter && (
              <div>
                <Link to="/cases/$caseId" params={{ caseId: matter.id }}>
                  {matter.title}, {spokenCode(matter.code)}
                </Link>
              </div>
            )}
            <small>{t(`privacy.why.${why}`, { until: until === null ? '' : fullDate(Date.parse(until), i18n.language) })}</small>
          </li>
        ))}
      </ul>
    </div>
  )
}

function EraseDialog({ contact, erasure, onClose }: { contact: Contact; erasure: Erasure; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const sending = useSending()
  const [name, setName] = useState('')
  const { cases, card } = erasure.erases
  const erase = () =>
    name.trim() === ''
      ? sending.refuse(missing({ name: t('privacy.name') }))
      : void sending.send(async () => {
          const path = { contactId: contact.id }
          client.setQueryData(
            ['erasure', contact.id],
            await api.post('/api/contacts/:contactId/erasure', { path, body: { name: name.trim() } }),
          )
          for (const queryKey of [['contact', contact.id], ['contact-cases', contact.id], ['contacts']])
            void client.invalidateQueries({ queryKey })
          notify(t('privacy.done'))
          onClose()
        })
  return (
    <FormDialog
      title={t('privacy.dialog', { name: contact.name })}
      act={t('privacy.confirm')}
      tone="danger"
      isOpen
      onClose={onClose}
      sending={sending.pending}
      error={sending.error}
      onSubmit={erase}
    >
      {cases > 0 && <p>{t('privacy.now', { count: cases })}</p>}
      <p>{t(card ? 'privacy.card' : 'privacy.cardStays')}</p>
      {erasure.cards > 1 && <p>{t('privacy.cards', { count: erasure.cards - 1 })}</p>}
      {erasure.stays.length > 0 && <Stays erasure={erasure} />}
      <p className="small">{t('privacy.always')}</p>
      <Notice tone="late">{t('privacy.undo')}</Notice>
      <TextField
        label={t('privacy.name')}
        value={name}
        onChange={setName}
        error={sending.fields.name}
        autoFocus
        autoComplete="off"
      />
    </FormDialog>
  )
}
