/** Who has looked at data of citizens: newest first, by kind, by person, by citizen. For headquarters. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Access } from '../../src/rights/model.ts'
import { api } from '../shared/api.ts'
import { clock } from '../shared/time.ts'
import { Button, EmptyState, PagedList, Select, Time } from '../shared/ui/index.ts'

const shortDay = (at: string, language: string): string =>
  new Intl.DateTimeFormat(language, { timeZone: 'Europe/Rome', dateStyle: 'short' }).format(new Date(at))

interface Page {
  items: Access[]
  next: string | null
}

const kinds = ['contact', 'case', 'ticket', 'interaction', 'call', 'appointment', 'search', 'day'] as const

export default function AccessPage() {
  const { t, i18n } = useTranslation('web-admin')
  const search: { contact?: string } = useSearch({ strict: false })
  const [kind, setKind] = useState<string>('all')
  const [person, setPerson] = useState<Access['person'] | null>(null)
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
    queryFn: ({ pageParam, signal }) =>
      api.get<Page>('/api/access', { ...asked, ...(pageParam === '' ? {} : { cursor: pageParam }) }, signal),
    initialPageParam: '',
    getNextPageParam: (page: Page) => page.next,
  })
  return (
    <article className="pad">
      <h1>{t('access.title')}</h1>
      <p className="small">{t('access.text')}</p>
      <div className="row wrap" style={{ margin: '12px 0' }}>
        <Select
          label={t('access.kind')}
          value={kind}
          onChange={value => setKind(value ?? 'all')}
          choices={['all', ...kinds].map(id => ({ id, label: t(`access.kinds.${id}`) }))}
        />
        {person && (
          <Button icon="close" onPress={() => setPerson(null)}>
            {t('access.only', { name: person.name })}
          </Button>
        )}
        {contact && (
          <Button icon="close" onPress={() => setContact(null)}>
            {contact.name === '' ? t('access.onlyThis') : t('access.about', { name: contact.name })}
          </Button>
        )}
      </div>
      <PagedList query={looks} empty={<EmptyState title={t('access.none')} icon="search" />}>
        {items => (
          <ul className="col" aria-label={t('access.title')}>
            {items.map(look => (
              <li key={look.id} className="row wrap">
                <span className="num small">
                  <Time at={look.at}>{`${shortDay(look.at, i18n.language)}, ${clock(Date.parse(look.at), i18n.language)}`}</Time>
                </span>
                <span className="grow">
                  <Button tone="quiet" onPress={() => setPerson(look.person)}>
                    {look.person.name}
                  </Button>{' '}
                  <small>
                    {t(`web:roles.${look.role}`)}, {look.unit.name}
                  </small>
                  <br />
                  {t(`access.kinds.${look.kind}`)}
                  {look.found !== null && ` · ${t('access.found', { count: look.found })}`}
                  {look.contact && (
                    <>
                      {' · '}
                      <Button tone="quiet" onPress={() => setContact(look.contact)}>
                        {look.contact.name}
                      </Button>
                    </>
                  )}
                </span>
              </li>
            ))}
          </ul>
        )}
      </PagedList>
    </article>
  )
}
