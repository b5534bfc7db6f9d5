/** The contact of the conversation: who, how sure, what is open, the last contacts. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Contact, IdentificationMethod, IdentificationState } from '../../src/contacts/model.ts'
import type { CallCard } from '../../src/telephony/model.ts'
import { api, sentenceOf } from '../shared/api.ts'
import { LastContacts } from '../shared/case/last-contacts.tsx'
import { date } from '../shared/time.ts'
import {
  Avatar,
  Button,
  Card,
  ErrorState,
  Icon,
  Link,
  Loading,
  Menu,
  notify,
  Pill,
  type Tone,
  useNow,
} from '../shared/ui/index.ts'
import { ContactForm } from './contact-form.tsx'
import { useContact, useIdentification, useOpenCases } from './queries.ts'

export function ContactPanel({
  contactId,
  callId,
  caseId,
  card,
  onCase,
  onForget,
}: {
  contactId: string
  callId: string | null
  /** The open case that this conversation is about. */
  caseId: string | null
  card: CallCard | null
  onCase: ((caseId: string | null) => void) | null
  onForget: (() => void) | null
}) {
  const { t } = useTranslation('web-desk')
  const contact = useContact(contactId)
  const [editing, setEditing] = useState(false)
  if (contact.isPending) return <Loading />
  if (contact.error) return <ErrorState error={contact.error} onRetry={() => void contact.refetch()} />
  return (
    <div className="col person">
      <div className="row top">
        <Avatar name={contact.data.name} large />
        <div className="grow">
          <h2 className="person-name">{contact.data.name}</h2>
          <small>
            <Facts contact={contact.data} />
          </small>
        </div>
      </div>
      <Identification contactId={contactId} callId={callId} />
      <div className="row wrap">
        <Button icon="pencil" onPress={() => setEditing(true)}>
          {t('person.details')}
        </Button>
        {onForget && (
          <Button tone="quiet" onPress={onForget}>
            {t('person.notThisOne')}
          </Button>
        )}
      </div>
      <OpenCases contactId={contactId} caseId={caseId} card={card} onCase={onCase} />
      <LastContacts contactId={contactId} callId={callId} />
      {contact.data.notes && (
        <p className="small person-notes">
          <Icon name="hearing" /> <span className="prose">{contact.data.notes}</span>
        </p>
      )}
      <ContactForm
        contact={contact.data}
        isOpen={editing}
        draft={`contact:${contactId}`}
        start={null}
        onClose={() => setEditing(false)}
        onSaved={() => {}}
        onUse={null}
      />
    </div>
  )
}

function Facts({ contact }: { contact: Contact }) {
  const { t } = useTranslation('web-desk')
  const born =
    contact.birthDate &&
    t(contact.sex === 'F' ? 'person.bornF' : contact.sex === 'M' ? 'person.bornM' : 'person.born', {
      year: contact.birthDate.slice(0, 4),
    })
  const facts = [
    contact.municipality && `${contact.municipality}${contact.provinceCode ? ` (${contact.provinceCode})` : ''}`,
    contact.kind === 'person' ? born : t('person.business'),
    t(`language.${contact.language}`),
  ].filter(Boolean)
  return <>{facts.join(' · ')}</>
}

// --- how sure -------------------------------------------------------------------------------------------------------

const tones: Readonly<Record<IdentificationState['level'], Tone>> = {
  none: 'wait',
  hint: 'wait',
  declared: 'info',
  verified: 'ok',
}
/** As they are asked on the telephone; what is only seen at a counter, or checked by a machine, is left out. */
const methods: readonly IdentificationMethod[] = [
  'name',
  'birth-date',
  'fiscal-code',
  'address',
  'request-code',
  'document-number',
  'pin',
  'call-back',
]
/** These hold for a call only. */
const inCallsOnly: readonly IdentificationMethod[] = ['pin', 'call-back']

function Identification({ contactId, callId }: { contactId: string; callId: string | null }) {
  const { t } = useTranslation('web-desk')
  const client = useQueryClient()
  const identification = useIdentification(contactId, callId)
  const note = useMutation({
    mutationFn: (method: string) =>
      api.post<IdentificationState>(`/api/contacts/${contactId}/identifications`, { method, callId }),
    onSuccess: state => client.setQueryData(['contact', contactId, 'identifications', callId], state),
    onError: error => notify(sentenceOf(error), 'late'),
  })
  const state = identification.data
  if (!state) return <Loading lines={2} />
  const done = new Set(state.identifications.filter(each => each.callId === callId).map(each => each.method))
  const used = [...done].filter(method => method !== 'caller-number').map(method => t(`method.${method}`))
  return (
    <section className={`identification ${state.level}`} aria-label={t('identification.title')}>
      <div className="row wrap">
        <Pill tone={tones[state.level]} icon={state.level === 'verified' ? 'check' : 'user'}>
          {t(`identification.${state.level}`)}
        </Pill>
        <span className="grow" />
        <Menu
          label={t('identification.add')}
          entries={methods
            .filter(method => callId !== null || !inCallsOnly.includes(method))
            .map(method => ({ id: method, label: t(`method.${method}`), isCurrent: done.has(method) }))}
          onAction={method => note.mutate(method)}
        >
          <Button tone="quiet" icon="key" isPending={note.isPending}>
            {t('identification.add')}
          </Button>
        </Menu>
      </div>
      <p className="small">{state.sentence}</p>
      {used.length > 0 && <p className="tiny">{t('identification.used', { methods: used.join(', ') })}</p>}
      <ul className="may-hear" aria-label={t('identification.mayHear')}>
        {(['general', 'state-of-request', 'personal-data'] as const).map(each => {
          const may = state.mayHear.includes(each)
          return (
            <li key={each} className={may ? 'yes' : 'no'}>
              <Icon name={may ? 'check' : 'ban'} size={14} />
              <span className="sr">{may ? t('identification.may') : t('identification.mayNot')}</span> {t(`hear.${each}`)}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

// --- what is open ---------------------------------------------------------------------------------------------------

function OpenCases({
  contactId,
  caseId,
  card,
  onCase,
}: {
  contactId: string
  caseId: string | null
  card: CallCard | null
  onCase: ((caseId: string | null) => void) | null
}) {
  const { t, i18n } = useTranslation('web-desk')
  const now = useNow()
  const cases = useOpenCases(contactId)
  if (!cases.data || cases.data.items.length === 0) return null
  return (
    <Card calm title={t('open.title')}>
      <ul className="col">
        {cases.data.items.map(each => {
          const follower = card?.openCases.find(open => open.id === each.id)?.lastOperator?.name
          return (
            <li key={each.id}>
              <b>{each.title}</b>
              <br />
              <small>
                {follower && (
                  <>
                    {t('open.followedBy')} <b>{follower}</b> ·{' '}
                  </>
                )}
                {t('open.since', { day: date(Date.parse(each.openedAt), i18n.language, now) })}
              </small>
              <div className="row wrap">
                <Link className="link small" to="/cric/cases/$caseId" params={{ caseId: each.id }}>
                  {t('open.case')}
                </Link>
                {onCase && (
                  <Button
                    tone="quiet"
                    className="small-button"
                    aria-pressed={caseId === each.id}
                    onPress={() => onCase(caseId === each.id ? null : each.id)}
                  >
                    {caseId === each.id ? t('open.isAboutThis') : t('open.aboutThis')}
                  </Button>
                )}
              </div>
            </li>
          )
        })}
      </ul>
    </Card>
  )
}

// --- the last contacts ----------------------------------------------------------------------------------------------
