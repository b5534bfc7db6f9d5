/** Who works in the sections of a region and where each comes from; whom the director can turn to first. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RegionMembers, SectionMember, StaffReserve } from '../../src/staffing/model.ts'
import { api, sentenceOf } from '../shared/api.ts'
import { goToStep } from '../shared/focus.ts'
import { useSession } from '../shared/session.tsx'
import { dayWithMonth, fullDate, startOfDay } from '../shared/time.ts'
import { Button, Card, EmptyState, ErrorState, Loading, notify, Pill } from '../shared/ui/index.ts'
import { membersKey } from './keys.ts'
import { MemberDialog, type MemberOpened } from './member-dialog.tsx'
import { MemberHistory } from './member-history.tsx'
import { ReserveDialog } from './reserve-dialog.tsx'
import './staffing.css'

type Section = RegionMembers['sections'][number]

export default function MembersPage() {
  const { t } = useTranslation('web-staffing')
  const { acting } = useSession()
  const members = useQuery({
    queryKey: membersKey,
    queryFn: ({ signal }) => api.get('/api/staffing/members', { signal }),
    meta: { live: ['section-member.', 'staff-reserve.', 'absence.', 'assignment.'] },
  })
  return (
    <div className="padded staffing">
      <header className="row wrap">
        <h1 className="grow">{t('members.title')}</h1>
        <small>{acting.unitName}</small>
      </header>
      {members.isPending ? (
        <Loading lines={8} />
      ) : members.isError && !members.data ? (
        <ErrorState error={members.error} onRetry={() => void members.refetch()} />
      ) : (
        <Loaded region={members.data} />
      )}
    </div>
  )
}

function Loaded({ region }: { region: RegionMembers }) {
  const { t } = useTranslation('web-staffing')
  const [opened, setOpened] = useState<MemberOpened | null>(null)
  const [history, setHistory] = useState<SectionMember | null>(null)
  const why = region.change.allowed ? null : region.change.sentence
  return (
    <>
      <p className="muted">{t('members.order')}</p>
      {region.sections.map(section => (
        <Card
          key={section.id}
          flush
          level="h2"
          title={section.name}
          aside={
            <Button
              icon="plus"
              why={why}
              label={t('members.takeInto', { section: section.name })}
              step={`take-into-${section.id}`}
              onPress={() => setOpened({ section, member: null })}
            >
              {t('members.take')}
            </Button>
          }
        >
          <MemberList section={section} onChange={member => setOpened({ section, member })} onHistory={setHistory} />
        </Card>
      ))}
      <Reserve reserve={region.reserve} why={why} />
      {opened && (
        <MemberDialog
          key={`${opened.section.id} ${opened.member?.id ?? opened.member?.personId ?? ''}`}
          opened={opened}
          region={region}
          onClose={() => setOpened(null)}
        />
      )}
      {history && <MemberHistory member={history} onClose={() => setHistory(null)} />}
    </>
  )
}

function MemberList({
  section,
  onChange,
  onHistory,
}: {
  section: Section
  onChange: (member: SectionMember) => void
  onHistory: (member: SectionMember) => void
}) {
  const { t } = useTranslation('web-staffing')
  if (section.members.length === 0) return <EmptyState title={t('members.none')} icon="user" />
  return (
    <ul className="members" aria-label={section.name}>
      {section.members.map(member => (
        <li key={member.id ?? member.personId} className="member">
          <span>
            <b>{member.name}</b> <Marks member={member} />
          </span>
          <span>
            <Provenance member={member} />
          </span>
          <span className="num">
            {member.facts ? `${member.facts.share}% · ` : ''}
            <Days member={member} />
          </span>
          <span className="row member-acts">
            {member.id !== null && (
              <Button
                tone="quiet"
                icon="clock"
                label={t('members.historyOf', { name: member.name })}
                onPress={() => onHistory(member)}
              />
            )}
            <Button
              tone="quiet"
              icon="pencil"
              label={t(member.facts ? 'members.changeOf' : 'members.sayOf', { name: member.name })}
              onPress={() => onChange(member)}
            />
          </span>
        </li>
      ))}
    </ul>
  )
}

function Marks({ member: { isNow, hasRole, absentUntil, facts } }: { member: SectionMember }) {
  const { t, i18n } = useTranslation('web-staffing')
  return (
    <>
      {absentUntil !== null && (
        <Pill small tone="wait">
          {t('members.absentUntil', { day: dayWithMonth(absentUntil, i18n.language) })}
        </Pill>
      )}
      {!isNow && facts && (
        <Pill small tone="info">
          {t('members.toCome')}
        </Pill>
      )}
      {isNow && !hasRole && (
        <Pill small tone="wait">
          {t('members.noRole')}
        </Pill>
      )}
    </>
  )
}

function Provenance({ member: { facts } }: { member: SectionMember }) {
  const { t } = useTranslation('web-staffing')
  if (!facts)
    return (
      <Pill small tone="wait">
        {t('members.unsaid')}
      </Pill>
    )
  return (
    <>
      {t(`provenance.${facts.provenance}`)}
      {facts.origin !== '' && `, ${facts.origin}`}
      {facts.reason !== '' && <small className="member-facts">{t('members.because', { reason: facts.reason })}</small>}
    </>
  )
}

function Days({ member: { facts } }: { member: SectionMember }) {
  const { t, i18n } = useTranslation('web-staffing')
  if (!facts) return null
  const day = (iso: string) => fullDate(Date.parse(startOfDay(iso)), i18n.language)
  return <>{facts.until === null ? t('members.since', { day: day(facts.since) }) : `${day(facts.since)} – ${day(facts.until)}`}</>
}

function Reserve({ reserve, why }: { reserve: readonly StaffReserve[]; why: string | null }) {
  const { t } = useTranslation('web-staffing')
  const client = useQueryClient()
  const [isAdding, setAdding] = useState(false)
  const drop = useMutation({
    mutationFn: (reserveId: string) => api.delete('/api/staffing/reserve/:reserveId', { path: { reserveId } }),
    onError: error => notify(sentenceOf(error), 'late'),
    onSettled: () => void client.invalidateQueries({ queryKey: membersKey }),
    onSuccess: () => goToStep('add-to-reserve'),
  })
  return (
    <Card
      level="h2"
      title={t('reserve.title')}
      aside={
        <Button icon="plus" why={why} step="add-to-reserve" onPress={() => setAdding(true)}>
          {t('reserve.add')}
        </Button>
      }
    >
      {reserve.length === 0 ? (
        <p className="muted">{t('reserve.none')}</p>
      ) : (
        <ul className="col tight">
          {reserve.map(each => (
            <li key={each.id} className="row wrap reserve-line">
              <span className="grow">
                <b>{each.name}</b>{' '}
                <small>
                  {t(`provenance.${each.provenance}`)}
                  {each.subject !== '' && ` · ${each.subject}`}
                </small>
              </span>
              <Button
                tone="quiet"
                icon="delete"
                label={t('reserve.drop', { name: each.name })}
                isPending={drop.isPending && drop.variables === each.id}
                onPress={() => drop.mutate(each.id)}
              />
            </li>
          ))}
        </ul>
      )}
      {isAdding && <ReserveDialog onClose={() => setAdding(false)} />}
    </Card>
  )
}
