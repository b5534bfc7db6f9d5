/**
 * Mandates on a card: who may speak for this person, and for whom this one speaks. In a conversation one press notes who speaks; what may be said then
 * follows on the server.
 */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { mandateKinds } from '../../../src/contacts/choices.ts'
import type { Contact, Mandate, MandateKind } from '../../../src/contacts/model.ts'
import { api, errorsOf, sentenceOf, serverNow } from '../api.ts'
import { useIdempotencyKey } from '../forms.ts'
import { pagedOptions } from '../query.ts'
import { useMay } from '../session.tsx'
import { dayOf } from '../time.ts'
import { Button, Card, ComboBox, DateField, FormDialog, notify, Pill, Select, TextField, type Tone } from '../ui/index.ts'

const tones: Readonly<Record<Mandate['state'], Tone>> = { valid: 'ok', 'not-yet': 'wait', expired: 'late', ended: 'late' }
/** So many are shown before more are asked for. */
const atFirst = 5

export const mandatesKey = (contactId: string, side: 'given' | 'held') => ['contact', contactId, 'mandates', side] as const

const useMandates = (contactId: string, side: 'given' | 'held') =>
  useInfiniteQuery({
    queryKey: mandatesKey(contactId, side),
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/contacts/:contactId/mandates', {
        path: { contactId },
        query: { side, limit: atFirst, cursor: pageParam },
        signal,
      }),
    ...pagedOptions,
    meta: { live: ['contact.'], about: { contact: contactId } },
  })

export function Mandates({
  contact,
  speakerId = null,
  onSpeak = null,
  onPrincipal = null,
}: {
  contact: { id: string; name: string }
  /** The mandate of who speaks in the conversation. */
  speakerId?: string | null
  /** Notes who speaks; null for the person. Missing where there is no conversation. */
  onSpeak?: ((mandateId: string | null) => void) | null
  /** Goes to the one for whom this one speaks. */
  onPrincipal?: ((mandate: Mandate) => void) | null
}) {
  const { t } = useTranslation('web-desk')
  const mayWrite = useMay('contacts.write')
  const [noting, setNoting] = useState(false)
  return (
    <>
      <Side side="given" contact={contact} speakerId={speakerId} onSpeak={onSpeak} onPrincipal={null} />
      <Side side="held" contact={contact} speakerId={null} onSpeak={null} onPrincipal={onPrincipal} />
      {mayWrite && (
        <div>
          <Button tone="quiet" className="small-button" icon="plus" onPress={() => setNoting(true)}>
            {t('mandate.note')}
          </Button>
          {noting && <NewMandate contact={contact} onClose={() => setNoting(false)} />}
        </div>
      )}
    </>
  )
}

function Side({
  side,
  contact,
  speakerId,
  onSpeak,
  onPrincipal,
}: {
  side: 'given' | 'held'
  contact: { id: string; name: string }
  speakerId: string | null
  onSpeak: ((mandateId: string | null) => void) | null
  onPrincipal: ((mandate: Mandate) => void) | null
}) {
  const { t } = useTranslation('web-desk')
  const mandates = useMandates(contact.id, side)
  const mayWrite = useMay('contacts.write')
  const client = useQueryClient()
  const end = useMutation({
    mutationFn: (mandateId: string) =>
      api.post('/api/contacts/:contactId/mandates/:mandateId/end', { path: { contactId: contact.id, mandateId } }),
    onSuccess: () => client.invalidateQueries({ queryKey: mandatesKey(contact.id, side) }),
    onError: error => notify(sentenceOf(error), 'late'),
  })
  const items = mandates.data?.pages.flatMap(page => page.items) ?? []
  if (items.length === 0) return null
  return (
    <Card calm title={t(`mandate.${side}`)}>
      <ul className="col mandates">
        {items.map(mandate => (
          <li key={mandate.id}>
            <b>{side === 'given' ? mandate.intermediary.name : mandate.principal.name}</b>{' '}
            {mandate.id === speakerId ? (
              <Pill tone="info" icon="hearing">
                {t('mandate.speaksNow')}
              </Pill>
            ) : (
              <Pill tone={tones[mandate.state]}>{t(`mandate.state.${mandate.state}`)}</Pill>
            )}
            <br />
            <small>{[t(`mandate.kind.${mandate.kind}`), daysOf(mandate, t), mandate.evidence].filter(Boolean).join(' · ')}</small>
            <div className="row wrap">
              {onSpeak && mandate.id === speakerId && (
                <Button tone="quiet" className="small-button" onPress={() => onSpeak(null)}>
                  {t('mandate.herself')}
                </Button>
              )}
              {onSpeak && mandate.id !== speakerId && mandate.state === 'valid' && (
                <Button tone="quiet" className="small-button" onPress={() => onSpeak(mandate.id)}>
                  {t('mandate.speaks')}
                </Button>
              )}
              {onPrincipal && mandate.state === 'valid' && (
                <Button tone="quiet" className="small-button" onPress={() => onPrincipal(mandate)}>
                  {t('mandate.choose')}
                </Button>
              )}
              {side === 'given' && mayWrite && (mandate.state === 'valid' || mandate.state === 'not-yet') && (
                <Button tone="quiet" className="small-button" isPending={end.isPending} onPress={() => end.mutate(mandate.id)}>
                  {t('mandate.end')}
                </Button>
              )}
            </div>
          </li>
        ))}
      </ul>
      {mandates.hasNextPage && (
        <Button tone="quiet" className="small-button" onPress={() => void mandates.fetchNextPage()}>
          {t('mandate.more')}
        </Button>
      )}
    </Card>
  )
}

/** From when until when: only what says something today. */
function daysOf(mandate: Mandate, t: ReturnType<typeof useTranslation<'web-desk'>>['t']): string {
  const day = (iso: string) => iso.split('-').reverse().join('/')
  if (mandate.state === 'not-yet') return t('mandate.from', { day: day(mandate.validFrom) })
  return mandate.validUntil === null ? t('mandate.open') : t('mandate.until', { day: day(mandate.validUntil) })
}

function NewMandate({ contact, onClose }: { contact: { id: string; name: string }; onClose: () => void }) {
  const { t } = useTranslation('web-desk')
  const client = useQueryClient()
  const [text, setText] = useState('')
  const [who, setWho] = useState<{ id: string; label: string } | null>(null)
  const [kind, setKind] = useState<MandateKind>('delegation')
  const [validFrom, setFrom] = useState(() => dayOf(serverNow()))
  const [validUntil, setUntil] = useState('')
  const [evidence, setEvidence] = useState('')
  const key = useIdempotencyKey()
  const found = useQuery({
    queryKey: ['contacts', text],
    queryFn: ({ signal }) => api.get('/api/contacts', { query: { q: text, limit: 8 }, signal }),
    enabled: text.trim().length >= 2,
    placeholderData: before => before,
  })
  const note = useMutation({
    mutationFn: () => {
      const body = {
        ...{ intermediaryId: who?.id ?? '', kind, validFrom, validUntil: validUntil === '' ? null : validUntil },
        evidence,
      }
      return api.post('/api/contacts/:contactId/mandates', { path: { contactId: contact.id }, body, key: key.keyFor(body) })
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: mandatesKey(contact.id, 'given') })
      onClose()
    },
  })
  const errors = errorsOf(note.error)
  const choices = (found.data?.items ?? [])
    .filter(each => each.id !== contact.id)
    .map(each => ({ id: each.id, label: each.name, detail: each.municipality ?? undefined }))
  return (
    <FormDialog
      title={t('mandate.whose', { name: contact.name })}
      isOpen
      onClose={onClose}
      onSubmit={() => note.mutate()}
      act={t('mandate.save')}
      sending={note.isPending}
      why={who === null ? t('mandate.who') : null}
      error={note.error}
    >
      <ComboBox
        label={t('mandate.who')}
        icon="user"
        choices={choices}
        value={who?.id ?? null}
        text={who?.label ?? ''}
        onSearch={setText}
        onChange={id => setWho(choices.find(each => each.id === id) ?? null)}
        isLoading={found.isFetching}
        error={errors.intermediaryId}
      />
      <Select
        label={t('mandate.what')}
        choices={mandateKinds.map(id => ({ id, label: t(`mandate.kind.${id}`) }))}
        value={kind}
        onChange={id => setKind(mandateKinds.find(each => each === id) ?? 'delegation')}
      />
      <DateField label={t('mandate.validFrom')} value={validFrom} onChange={setFrom} error={errors.validFrom} />
      <DateField label={t('mandate.validUntil')} value={validUntil} onChange={setUntil} error={errors.validUntil} />
      <TextField
        label={t('mandate.evidence')}
        hint={t('mandate.evidenceHint')}
        value={evidence}
        onChange={setEvidence}
        autoComplete="off"
        error={errors.evidence}
      />
    </FormDialog>
  )
}

/** What has to be known before one talks or calls. */
export function Needs({ contact }: { contact: Pick<Contact, 'needs' | 'doNotCall'> }) {
  const { t } = useTranslation('web-desk')
  if (contact.needs.length === 0 && contact.doNotCall === null) return null
  return (
    <div className="row wrap needs">
      {contact.doNotCall !== null && (
        <Pill tone="late" icon="ban">
          {t('contact.doNotCall')}: {contact.doNotCall}
        </Pill>
      )}
      {contact.needs.map(need => (
        <Pill key={need} tone="wait" icon="hearing">
          {t(`need.${need}`)}
        </Pill>
      ))}
    </div>
  )
}
