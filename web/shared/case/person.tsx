/** Who the citizen is: how to reach them, what else is open. Opens at the side, over whatever page. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api.ts'
import { Doubles } from '../contact/doubles.tsx'
import { Mandates, Needs } from '../contact/mandates.tsx'
import { Masked } from '../contact/unmask.tsx'
import { useMay } from '../session.tsx'
import { fullDate, spokenCode } from '../time.ts'
import { Ago, Avatar, Card, ErrorState, Link, Loading, Phone, Pill, Sheet, Time } from '../ui/index.ts'
import { PersonData } from './erasure.tsx'
import { LastContacts } from './last-contacts.tsx'

/** The name of a contact, which opens what is known of them. */
export function PersonLink({ contact }: { contact: { id: string; name: string } }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <button type="button" className="link plain" onClick={() => setOpen(true)} aria-haspopup="dialog">
        {contact.name}
      </button>
      <Sheet title={contact.name} isOpen={isOpen} onClose={() => setOpen(false)}>
        <Person contactId={contact.id} />
      </Sheet>
    </>
  )
}

/** What is known of a contact. */
export function Person({ contactId }: { contactId: string }) {
  const { t, i18n } = useTranslation()
  const mayAudit = useMay('access.audit')
  const answersForData = useMay('data.answer')
  const contact = useQuery({
    queryKey: ['contact', contactId],
    queryFn: ({ signal }) => api.get('/api/contacts/:contactId', { path: { contactId }, signal }),
    meta: { live: ['contact.'], about: { contact: contactId } },
  })
  const cases = useQuery({
    queryKey: ['contact-cases', contactId],
    queryFn: ({ signal }) => api.get('/api/contacts/:contactId/cases', { path: { contactId }, signal }),
    meta: { live: ['case.', 'contact.joined', 'contact.parted'], about: { contact: contactId } },
  })
  if (contact.isPending) return <Loading />
  if (contact.isError && !contact.data) return <ErrorState error={contact.error} onRetry={() => void contact.refetch()} />
  const person = contact.data
  return (
    <>
      <div className="row">
        <Avatar name={person.name} size="large" />
        <div>
          <b>{person.name}</b>
          <br />
          <small>
            {[person.municipality && `${person.municipality} (${person.provinceCode})`, t(`person.languages.${person.language}`)]
              .filter(Boolean)
              .join(' · ')}
          </small>
        </div>
      </div>
      <Needs contact={person} />
      <Masked contact={person} callId={null} />
      <dl className="facts">
        {person.birthYear !== null && (
          <>
            <dt>{t('person.born')}</dt>
            <dd>
              {person.birthDate === null
                ? `••/••/${person.birthYear}`
                : fullDate(Date.parse(`${person.birthDate}T12:00:00Z`), i18n.language)}
            </dd>
          </>
        )}
        {person.fiscalCode && (
          <>
            <dt>{t('person.fiscalCode')}</dt>
            <dd className="num">{person.fiscalCode}</dd>
          </>
        )}
        {person.phones.length > 0 && (
          <>
            <dt>{t('person.phones')}</dt>
            <dd>
              {person.phones.map(phone => (
                <div key={phone.number}>
                  {person.masked.includes('phones') ? (
                    <span className="num">{phone.number}</span>
                  ) : (
                    <a href={`tel:${phone.number}`}>
                      <Phone number={phone.number} />
                    </a>
                  )}
                </div>
              ))}
            </dd>
          </>
        )}
        {person.emails.length > 0 && (
          <>
            <dt>{t('person.emails')}</dt>
            <dd>
              {person.emails.map(email => (
                <div key={email.address}>
                  {email.address} {email.kind === 'pec' && <Pill>PEC</Pill>}
                </div>
              ))}
            </dd>
          </>
        )}
        {(person.address || person.postalCode) && (
          <>
            <dt>{t('web-desk:contact.address')}</dt>
            <dd>{[person.address, person.postalCode, person.municipality].filter(Boolean).join(', ')}</dd>
          </>
        )}
        {person.preferredChannel && (
          <>
            <dt>{t('web-desk:contact.preferredChannel')}</dt>
            <dd>{t(`web-desk:channel.${person.preferredChannel}`)}</dd>
          </>
        )}
        {person.formerCodes.length > 0 && (
          <>
            <dt>{t('person.formerCodes')}</dt>
            <dd>
              {person.formerCodes.map(code => (
                <div key={code.fiscalCode}>
                  <span className="num">{code.fiscalCode}</span>{' '}
                  <small>
                    <Time at={code.replacedAt}>{fullDate(Date.parse(code.replacedAt), i18n.language)}</Time>, {code.replacedBy}
                  </small>
                </div>
              ))}
            </dd>
          </>
        )}
        {person.notes && (
          <>
            <dt>{t('person.notes')}</dt>
            <dd className="prose">{person.notes}</dd>
          </>
        )}
      </dl>
      <Doubles contactId={contactId} />
      <Mandates contact={person} />
      <Card calm title={t('person.open')}>
        {cases.isPending ? (
          <Loading lines={2} />
        ) : cases.isError ? (
          <ErrorState error={cases.error} onRetry={() => void cases.refetch()} />
        ) : cases.data.items.length === 0 ? (
          <p className="muted">{t('person.nothingOpen')}</p>
        ) : (
          <ul className="col">
            {cases.data.items.map(matter => (
              <li key={matter.id}>
                <Link to="/cric/cases/$caseId" params={{ caseId: matter.id }}>
                  {matter.title}
                </Link>
                <br />
                <small>
                  <span className="num">{spokenCode(matter.code)}</span> · <Ago at={matter.openedAt} />
                </small>
              </li>
            ))}
          </ul>
        )}
      </Card>
      <LastContacts contactId={contactId} callId={null} />
      {answersForData && <PersonData contact={person} />}
      {mayAudit && (
        <p className="small">
          <Link to="/admin/access" search={{ contact: contactId }}>
            {t('web-admin:access.look')}
          </Link>
        </p>
      )}
    </>
  )
}
