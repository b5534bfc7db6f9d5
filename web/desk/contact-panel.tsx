/** The contact of the conversation: who, how sure, what is open, the last contacts. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Contact, IdentificationMethod } from '../../src/contacts/model.ts'
import type { CallCard } from '../../src/telephony/model.ts'
import { LastContacts } from '../shared/case/last-contacts.tsx'
import { date } from '../shared/time.ts'
import { Avatar, Button, Card, ErrorState, Icon, Link, Loading, useNow } from '../shared/ui/index.ts'
import { ContactForm } from './contact-form.tsx'
import { Identification } from './identification.tsx'
import { useContact, useOpenCases } from './queries.ts'

export function ContactPanel({
  contactId,
  callId,
  caseId,
  card,
  said,
  onCase,
  onForget,
}: {
  contactId: string
  callId: string | null
  /** What the caller has told already, by the words with which the card was found or made. */
  said: readonly IdentificationMethod[]
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
      <Identification contactId={contactId} callId={callId} said={said} />
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
