/** Who has looked at data of citizens: newest first, by kind, by person, by citizen. For headquarters. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LoggedAccess } from '../../src/rights/model.ts'
import { api } from '../shared/api.ts'
import { pagedOptions } from '../shared/query.ts'
import { clock, told } from '../shared/time.ts'
import { Button, Card, EmptyState, PagedList, Select, Time } from '../shared/ui/index.ts'
import './admin.css'

const shortDay = (at: string, language: string): string => told(Date.parse(at), language, { dateStyle: 'short' })

/** A page reads a thing by several routes at once: to the reader of the log that is one look, the earliest of its minute. Pure. */
function oncePerMinute(looks: readonly LoggedAccess[]): LoggedAccess[] {
  const name = ({ at, person, role, unit, kind, subjectId }: LoggedAccess) =>
    [at.slice(0, 16), person.id, role, unit.id, kind, subjectId].join(' ')
  const earliest = new Map(looks.map(look => [look.subjectId === null ? look.id : name(look), look]))
  return [...earliest.values()]
}

const kinds = ['contact', 'case', 'ticket', 'interaction', 'call', 'appointment', 'search', 'day', 'export'] as const

export default function AccessPage() {
  const { t, i18n } = useTranslation('web-admin')
  const search: { contact?: string } = useSearch({ strict: false })
  const [kind, setKind] = useState<(typeof kinds)[number] | 'all'>('all')
  const [person, setPerson] = useState<LoggedAccess['person'] | null>(null)
  const [contact, setContact] = useState<{ id: string; name: string } | null>(
    search.contact ? { id: search.contact, name: '' } : null,
  )
  const asked = {
    ...(kind === 'all' ? {} : { kind }),
    ...(person ? { personId: person.id } : {}),
    ...(contact ? { contactId: contact.id } : {}),
  }
  const looks = useInfiniteQuery({
    queryKey: ['access', asked],
    queryFn: ({ pageParam, signal }) => api.get('/api/access', { query: { ...asked, cursor: pageParam }, signal }),
    ...pagedOptions,
  })
  const items = looks.data?.pages.flatMap(page => page.items) ?? []
  // Whoever comes from a card brings only its identifier; the first look at it knows the name.
  const about = contact && (contact.name || items.find(look => look.contact?.id === contact.id)?.contact?.name)
  return (
    <div className="padded access">
      <header>
        <h1>{t('access.title')}</h1>
        <p className="small">{t('access.text')}</p>
      </header>
      <div className="row wrap end">
        <Select
          label={t('access.kind')}
          value={kind}
          onChange={value => setKind(kinds.find(each => each === value) ?? 'all')}
          choices={['all', ...kinds].map(id => ({ id, label: t(`access.kinds.${id}`) }))}
        />
        {person && (
          <Button icon="close" onPress={() => setPerson(null)}>
            {t('access.only', { name: person.name })}
          </Button>
        )}
        {contact && (
          <Button icon="close" onPress={() => setContact(null)}>
            {about ? t('access.about', { name: about }) : t('access.onlyThis')}
          </Button>
        )}
      </div>
      <PagedList query={looks} empty={<EmptyState title={t('access.none')} icon="search" />}>
        {shown => (
          <Card flush>
            <table className="table looks">
              <caption className="sr">{t('access.title')}</caption>
              <thead>
                <tr>
                  <th scope="col">{t('access.when')}</th>
                  <th scope="col">{t('access.who')}</th>
                  <th scope="col">{t('access.kind')}</th>
                  <th scope="col">{t('access.whom')}</th>
                </tr>
              </thead>
              <tbody>
                {oncePerMinute(shown).map(look => (
                  <tr key={look.id}>
                    <td className="num small">
                      <Time at={look.at}>
                        {`${shortDay(look.at, i18n.language)}, ${clock(Date.parse(look.at), i18n.language)}`}
                      </Time>
                    </td>
                    <td>
                      <button type="button" className="link plain" onClick={() => setPerson(look.person)}>
                        {look.person.name}
                      </button>
                      <br />
                      <small>
                        {t(`web:roles.${look.role}`)}, {look.unit.name}
                      </small>
                    </td>
                    <td>
                      {t(`access.kinds.${look.kind}`)}
                      {look.found !== null && <small> · {t('access.found', { count: look.found })}</small>}
                    </td>
                    <td>
                      {look.contact && (
                        <button type="button" className="link plain" onClick={() => setContact(look.contact)}>
                          {look.contact.name}
                        </button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Card>
        )}
      </PagedList>
    </div>
  )
}
