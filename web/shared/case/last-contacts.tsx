/** The last contacts of a person: when, on which channel, how it ended, with whom. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../api.ts'
import { Level } from '../contact/level.tsx'
import { date, exact } from '../time.ts'
import { ErrorState, Loading, useNow } from '../ui/index.ts'
import { timelineOf } from './timeline.ts'

const shownContacts = 6

/**
 * @param callId the conversation that goes on, which is told as such; null where there is none
 * @param most show only so many of the newest, and not the conversation itself: it has not begun
 */
export function LastContacts({ contactId, callId, most }: { contactId: string; callId: string | null; most?: number }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const history = useQuery({
    queryKey: ['contact', contactId, 'history'],
    queryFn: ({ signal }) => api.get('/api/contacts/:contactId/history', { path: { contactId }, query: { limit: 60 }, signal }),
    meta: { live: ['case.', 'ticket.', 'interaction.', 'appointment.', 'contact.'], about: { contact: contactId } },
  })
  if (history.isPending) return <Loading lines={4} />
  if (history.error) return <ErrorState error={history.error} onRetry={() => void history.refetch()} />
  const contacts = timelineOf(history.data.items).filter(contact => contact.callId === null || contact.callId !== callId)
  return (
    <section aria-label={t('lastContacts.title')}>
      <h3>{t('lastContacts.title')}</h3>
      {(callId === null || most !== undefined) && contacts.length === 0 && <p className="muted">{t('lastContacts.none')}</p>}
      <ul className="timeline last-contacts">
        {callId !== null && most === undefined && (
          <li className="now">
            <b>{t('lastContacts.now')}</b>
            <br />
            <small>
              {contacts.length === 0 ? t('lastContacts.first') : t('lastContacts.before', { count: contacts.length })}
            </small>
          </li>
        )}
        {contacts.slice(0, most ?? shownContacts).map(contact => {
          const at = Date.parse(contact.at)
          return (
            <li key={contact.key}>
              <b title={exact(at, i18n.language)}>
                {date(at, i18n.language, now)}
                {contact.channel && `, ${t(`channels.${contact.channel}`, { defaultValue: contact.channel })}`}
              </b>
              <br />
              <small>
                {contact.sentence}
                {contact.who && ` · ${contact.who}`}
              </small>
              {contact.level && (
                <>
                  {' '}
                  <Level small level={contact.level} />
                </>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
