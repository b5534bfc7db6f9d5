/** Cards that may be the same person, joined in one press, and those that are joined, which can be parted again. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ContactSummary } from '../../../src/contacts/model.ts'
import { api, sentenceOf } from '../api.ts'
import { goToStep, stepAt } from '../focus.ts'
import { useMay } from '../session.tsx'
import { date } from '../time.ts'
import { Button, Card, Link, notify, phoneText, useNow } from '../ui/index.ts'

/** What tells two of the same name apart. */
export const describe = (contact: ContactSummary): string =>
  [
    contact.fiscalCode,
    contact.birthYear,
    contact.municipality && `${contact.municipality}${contact.provinceCode ? ` (${contact.provinceCode})` : ''}`,
    contact.phone && phoneText(contact.phone),
    contact.email,
  ]
    .filter(Boolean)
    .join(' · ')

export function Doubles({ contactId }: { contactId: string }) {
  const { t, i18n } = useTranslation('web-desk')
  const now = useNow()
  const client = useQueryClient()
  const mayWrite = useMay('contacts.write')
  const doubles = useQuery({
    queryKey: ['contact', contactId, 'doubles'],
    queryFn: ({ signal }) => api.get('/api/contacts/:contactId/doubles', { path: { contactId }, signal }),
    meta: { live: ['contact.'], about: { contact: contactId } },
  })
  /** Says it, and goes on with the links that are there now; cases and history are those of both, or of one again. */
  const said = (text: string, ...steps: readonly string[]) => ({
    onSuccess: async () => {
      notify(text)
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes(contactId) })
      goToStep(...steps)
    },
    onError: (error: unknown) => notify(sentenceOf(error), 'late'),
  })
  const join = useMutation({
    mutationFn: (otherId: string) => api.post('/api/contacts/:contactId/joins', { path: { contactId }, body: { otherId } }),
    ...said(t('doubles.nowJoined'), 'joined-cards'),
  })
  const part = useMutation({
    mutationFn: (linkId: string) => api.post('/api/contacts/:contactId/joins/:linkId/undo', { path: { contactId, linkId } }),
    ...said(t('doubles.nowParted'), 'possible-doubles', 'joined-cards'),
  })
  const { proposed = [], joined = [] } = doubles.data ?? {}
  return (
    <>
      {joined.length > 0 && (
        <Card calm title={t('doubles.joined')}>
          <ul className="col" {...stepAt('joined-cards')}>
            {joined.map(({ linkId, contact, by, at }) => (
              <li key={linkId}>
                <Link to="/contacts/$contactId" params={{ contactId: contact.id }}>
                  {contact.name}
                </Link>
                <br />
                <small>
                  {describe(contact)} · {t('doubles.by', { name: by, day: date(Date.parse(at), i18n.language, now) })}
                </small>
                {mayWrite && (
                  <div>
                    <Button tone="quiet" className="small-button" isPending={part.isPending} onPress={() => part.mutate(linkId)}>
                      {t('doubles.part')}
                    </Button>
                  </div>
                )}
              </li>
            ))}
          </ul>
        </Card>
      )}
      {mayWrite && proposed.length > 0 && (
        <Card calm title={t('doubles.maybe')}>
          <ul className="col" {...stepAt('possible-doubles')}>
            {proposed.map(other => (
              <li key={other.id}>
                <Link to="/contacts/$contactId" params={{ contactId: other.id }}>
                  {other.name}
                </Link>{' '}
                <small>· {t(`contact.reason.${other.reason}`)}</small>
                <br />
                <small>{describe(other)}</small>
                <div>
                  <Button tone="quiet" className="small-button" isPending={join.isPending} onPress={() => join.mutate(other.id)}>
                    {t('doubles.same')}
                  </Button>
                </div>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  )
}
