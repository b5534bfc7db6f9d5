/** How a membership has changed, with who changed it. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { SectionMember } from '../../src/staffing/model.ts'
import { api } from '../shared/api.ts'
import { fullDate, startOfDay } from '../shared/time.ts'
import { Ago, Button, Dialog, ErrorState, Loading } from '../shared/ui/index.ts'

export function MemberHistory({ member, onClose }: { member: SectionMember; onClose: () => void }) {
  const { t, i18n } = useTranslation('web-staffing')
  const memberId = member.id ?? ''
  const versions = useQuery({
    queryKey: ['staffing', 'versions', memberId],
    queryFn: ({ signal }) => api.get('/api/staffing/members/:memberId/versions', { path: { memberId }, signal }),
    meta: { live: ['section-member.'] },
  })
  const day = (iso: string) => fullDate(Date.parse(startOfDay(iso)), i18n.language)
  return (
    <Dialog
      isOpen
      title={t('members.historyOf', { name: member.name })}
      footer={<Button onPress={onClose}>{t('web:close')}</Button>}
      onClose={onClose}
    >
      {versions.isPending ? (
        <Loading />
      ) : versions.isError ? (
        <ErrorState error={versions.error} onRetry={() => void versions.refetch()} />
      ) : (
        <ol className="col" reversed>
          {versions.data.items.map(({ version, facts, by, at }) => (
            <li key={version}>
              {t(`provenance.${facts.provenance}`)}
              {facts.origin !== '' && `, ${facts.origin}`} · {facts.share}% ·{' '}
              {facts.until === null ? t('members.since', { day: day(facts.since) }) : `${day(facts.since)} – ${day(facts.until)}`}
              {facts.reason !== '' && <small className="member-facts">{t('members.because', { reason: facts.reason })}</small>}
              <small className="member-facts">
                {by} · <Ago at={at} />
              </small>
            </li>
          ))}
        </ol>
      )}
    </Dialog>
  )
}
