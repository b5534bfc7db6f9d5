/** The contact of the conversation: who, how sure, what is open, the last contacts. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Contact, IdentificationMethod, Mandate, MaskedField } from '../../src/contacts/model.ts'
import { LastContacts } from '../shared/case/last-contacts.tsx'
import { ReferenceLine } from '../shared/case/reference.tsx'
import { Doubles } from '../shared/contact/doubles.tsx'
import { LevelOfPerson } from '../shared/contact/level.tsx'
import { Mandates, Needs } from '../shared/contact/mandates.tsx'
import { Masked, useUnmask } from '../shared/contact/unmask.tsx'
import { date } from '../shared/time.ts'
import { Avatar, Button, Card, ErrorState, Icon, Link, Loading, Pill, useNow } from '../shared/ui/index.ts'
import { dayText } from './contact-fields.ts'
import { ContactForm } from './contact-form.tsx'
import { Identification } from './identification.tsx'
import { useContact, useIdentification, useOpenCases, useSpeaker } from './queries.ts'

export function ContactPanel({
  contactId,
  callId,
  caseId,
  typologyId,
  said,
  onCase,
  onForget,
  onPrincipal,
}: {
  contactId: string
  callId: string | null
  /** What the conversation is about, as far as it is known. */
  typologyId: string | null
  /** What the caller has told already, by the words with which the card was found or made. */
  said: readonly IdentificationMethod[]
  /** The open case that this conversation is about. */
  caseId: string | null
  onCase: ((caseId: string | null) => void) | null
  onForget: (() => void) | null
  /** Goes on with the one for whom this contact speaks. */
  onPrincipal: ((mandate: Mandate) => void) | null
}) {
  const { t } = useTranslation('web-desk')
  const contact = useContact(contactId)
  /** The card as it was when its form was opened, whole. */
  const [editing, setEditing] = useState<Contact | null>(null)
  const unmask = useUnmask(contactId, callId)
  const identification = useIdentification(contactId, callId)
  const speak = useSpeaker(contactId, callId)
  if (contact.isPending) return <Loading />
  if (contact.error) return <ErrorState error={contact.error} onRetry={() => void contact.refetch()} />
  const isMasked = contact.data.masked.length > 0
  return (
    <div className="col person">
      <div className="row top">
        <Avatar name={contact.data.name} size="large" />
        <div className="grow">
          <div className="row wrap">
            <h2 className="person-name">{contact.data.name}</h2>
            {identification.data && <LevelOfPerson state={identification.data} />}
          </div>
          <small>
            <Facts contact={contact.data} />
          </small>
        </div>
      </div>
      <Needs contact={contact.data} />
      <Identification contactId={contactId} callId={callId} said={said} />
      {callId !== null && <Checked contact={contact.data} />}
      <Masked contact={contact.data} callId={callId} />
      <div className="row wrap">
        <Button
          icon="pencil"
          isPending={unmask.isPending}
          // Whoever corrects the card reads it: to open the form is the reason.
          onPress={() => (isMasked ? unmask.mutate({ reason: 'correct' }, { onSuccess: setEditing }) : setEditing(contact.data))}
        >
          {t('person.details')}
        </Button>
        {onForget && (
          <Button tone="quiet" onPress={onForget}>
            {t('person.notThisOne')}
          </Button>
        )}
      </div>
      <Doubles contactId={contactId} />
      <Mandates
        contact={contact.data}
        speakerId={identification.data?.speaker?.id ?? null}
        onSpeak={onForget && (mandateId => speak.mutate(mandateId))}
        onPrincipal={onPrincipal}
      />
      <OpenCases contactId={contactId} caseId={caseId} typologyId={typologyId} onCase={onCase} />
      <LastContacts contactId={contactId} callId={callId} />
      {contact.data.notes && (
        <p className="small person-notes">
          <Icon name="hearing" /> <span className="prose">{contact.data.notes}</span>
        </p>
      )}
      {editing && (
        <ContactForm
          contact={isMasked ? editing : contact.data}
          isOpen
          draft={`contact:${contactId}`}
          start={null}
          onClose={() => setEditing(null)}
          onSaved={() => {}}
          onUse={null}
        />
      )}
    </div>
  )
}

function Facts({ contact }: { contact: Contact }) {
  const { t } = useTranslation('web-desk')
  const born =
    contact.birthYear !== null &&
    t(contact.sex === 'F' ? 'person.bornF' : contact.sex === 'M' ? 'person.bornM' : 'person.born', {
      year: String(contact.birthYear),
    })
  const facts = [
    contact.municipality && `${contact.municipality}${contact.provinceCode ? ` (${contact.provinceCode})` : ''}`,
    contact.kind === 'person'
      ? born
      : contact.kind === 'intermediary'
        ? t(`intermediary.${contact.intermediaryKind ?? 'other'}`)
        : t('person.business'),
    t(`language.${contact.language}`),
  ].filter(Boolean)
  return <>{facts.join(' · ')}</>
}

/** What the caller's answers are compared with, as soon as it is shown. */
function Checked({ contact }: { contact: Contact }) {
  const { t } = useTranslation('web-desk')
  const has = (field: MaskedField) => !contact.masked.includes(field)
  const address = [contact.address, contact.postalCode].filter(Boolean).join(', ')
  const facts = [
    has('birthDate') && contact.birthDate !== null && `${t('contact.birthDate')}: ${dayText(contact.birthDate)}`,
    has('fiscalCode') && contact.fiscalCode,
    has('address') && address,
  ].filter(fact => fact !== false && fact !== null && fact !== '')
  return facts.length > 0 && <p className="small num">{facts.join(' · ')}</p>
}

// --- what is open ---------------------------------------------------------------------------------------------------

/** The open cases, those of the same typology as the conversation first, then the newest. */
function OpenCases({
  contactId,
  caseId,
  typologyId,
  onCase,
}: {
  contactId: string
  caseId: string | null
  typologyId: string | null
  onCase: ((caseId: string | null) => void) | null
}) {
  const { t, i18n } = useTranslation('web-desk')
  const now = useNow()
  const cases = useOpenCases(contactId)
  if (!cases.data || cases.data.items.length === 0) return null
  const isLikely = (each: { typologyId: string | null }) => typologyId !== null && each.typologyId === typologyId
  const ranked = cases.data.items.toSorted((one, other) => Number(isLikely(other)) - Number(isLikely(one)))
  return (
    <Card calm title={t('open.title')}>
      <ul className="col">
        {ranked.map(each => {
          return (
            <li key={each.id}>
              <b>{each.title}</b>{' '}
              {isLikely(each) && (
                <Pill small tone="info">
                  {t('open.sameTypology')}
                </Pill>
              )}
              <br />
              <small>
                {each.reference && (
                  <>
                    <ReferenceLine reference={each.reference} /> ·{' '}
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
