/** The lines of the contact centre: who is to be called back in each section, and by which rules its line works. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api } from '../../shared/api.ts'
import { pagedOptions } from '../../shared/query.ts'
import { useActsAs } from '../../shared/session.tsx'
import { Icon } from '../../shared/ui/index.ts'
import { AdminList } from '../list.tsx'
import { Split } from '../split.tsx'
import { Callbacks } from './callbacks.tsx'
import { Rules } from './rules.tsx'
import './lines.css'

export default function LinesPage() {
  const { t } = useTranslation('web-lines')
  const { sectionId } = useParams({ strict: false })
  const navigate = useNavigate()
  const follows = useActsAs('supervisor', 'headquarters')
  const sets = useActsAs('supervisor', 'administrator')
  const sections = useInfiniteQuery({
    queryKey: ['sections-of-lines'],
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/units', { query: { kind: 'ccm-section', cursor: pageParam, limit: 50 }, signal }),
    ...pagedOptions,
    // In the order in which readers look for them, which is not that of their identifiers.
    select: data => ({
      ...data,
      pages: data.pages.map(page => ({ ...page, items: page.items.toSorted((a, b) => a.name.localeCompare(b.name)) })),
    }),
    staleTime: 600_000,
  })
  const open = (id: string | undefined) => void navigate({ to: '/admin/lines/{-$sectionId}', params: { sectionId: id } })
  const name = sections.data?.pages.flatMap(page => page.items).find(section => section.id === sectionId)?.name
  return (
    <Split
      label={t('title')}
      back={t('back')}
      choose={t('choose')}
      onBack={() => open(undefined)}
      list={
        <AdminList
          title={t('title')}
          filters={null}
          query={sections}
          empty={{ title: t('none'), icon: 'inbox' }}
          idOf={section => section.id}
          nameOf={section => section.name}
          openId={sectionId}
          onOpen={open}
        >
          {section => (
            <>
              <b className="grow clip">{section.name}</b>
              <Icon name="chevron-right" />
            </>
          )}
        </AdminList>
      }
      detail={
        sectionId ? (
          <article className="col lines" key={sectionId}>
            <h2>{name}</h2>
            {follows && <Callbacks sectionId={sectionId} />}
            {sets && <Rules sectionId={sectionId} sections={sections.data?.pages.flatMap(page => page.items) ?? []} />}
          </article>
        ) : null
      }
    />
  )
}
