/** One person of the staff: as what they work, and whether they can sign in. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { HeldAssignment, Person } from '../../src/identity/model.ts'
import { ApiProblem, api, sentenceOf } from '../shared/api.ts'
import { useSession } from '../shared/session.tsx'
import { longDay } from '../shared/time.ts'
import { Ago, Avatar, Button, Card, ErrorState, Loading, Notice, notify, useNow } from '../shared/ui/index.ts'
import { AssignDialog, ChangeDialog, ResetDialog } from './person-dialogs.tsx'
import { ConversationDialog, WaitingRoles, type WhenToEnd } from './person-waiting.tsx'

/** What is done to an account; what ends something waits, where somebody talks to a citizen, for `when`. */
type Act = { do: 'enable' } | { do: 'disable'; when?: WhenToEnd } | { do: 'end'; assignmentId: string; when?: WhenToEnd }

export function PersonDetail({ personId }: { personId: string }) {
  const { t, i18n } = useTranslation('web-admin')
  const client = useQueryClient()
  const now = useNow()
  const [assigning, setAssigning] = useState(false)
  const [changing, setChanging] = useState(false)
  const [resetting, setResetting] = useState(false)
  /** What was to be ended of somebody who talks to a citizen. */
  const [talking, setTalking] = useState<Act | null>(null)
  const own = useSession().person.id === personId
  const found = useQuery({
    queryKey: ['person', personId],
    queryFn: ({ signal }) => api.get('/api/people/:personId', { path: { personId }, signal }),
    meta: { live: ['person.', 'assignment.'], about: { person: personId } },
  })
  const keep = (person: Person) => {
    client.setQueryData(['person', personId], person)
    void client.invalidateQueries({ queryKey: ['people'] })
  }
  const act = useMutation({
    mutationFn(wanted: Act) {
      if (wanted.do === 'enable') return api.post('/api/people/:personId/enable', { path: { personId } })
      const { when } = wanted
      if (wanted.do === 'disable')
        return api.post('/api/people/:personId/disable', { path: { personId }, body: when ? { [when]: true } : {} })
      return api.delete('/api/people/:personId/assignments/:assignmentId', {
        path: { personId, assignmentId: wanted.assignmentId },
        query: when ? { [when]: 'true' } : {},
      })
    },
    onSuccess(changed) {
      setTalking(null)
      keep(changed)
    },
    onError(error, asked) {
      if (error instanceof ApiProblem && error.code === 'identity.inConversation') setTalking(asked)
      else notify(sentenceOf(error), 'late')
    },
  })
  if (found.isPending) return <Loading />
  if (found.isError && !found.data) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />
  const person = found.data
  const holds = (assignment: HeldAssignment) => assignment.until === null || Date.parse(assignment.until) > now
  /** It ends at midnight: the day that is named is the last one on which it holds. */
  const lastDay = (until: string) => longDay(Date.parse(until) - 1, i18n.language, now)
  const current = person.assignments.filter(holds)
  const past = person.assignments.filter(assignment => !holds(assignment))
  return (
    <article>
      <header className="row top wrap">
        <Avatar name={person.name} size="large" />
        <div className="grow">
          <h1>{person.name}</h1>
          <small>
            {person.user} · {t(`people.password.${person.password}`)}
          </small>
        </div>
        <Button icon="pencil" onPress={() => setChanging(true)}>
          {t('people.change')}
        </Button>
      </header>
      {person.disabledAt && (
        <Notice
          tone="late"
          action={
            <Button isPending={act.isPending} onPress={() => act.mutate({ do: 'enable' })}>
              {t('people.enable')}
            </Button>
          }
        >
          {t('people.disabledSince')} <Ago at={person.disabledAt} />
        </Notice>
      )}
      <WaitingRoles person={person} onDone={keep} />
      <Card
        title={t('people.assignments')}
        level="h2"
        aside={
          own ? undefined : (
            <Button icon="plus" onPress={() => setAssigning(true)}>
              {t('people.assign')}
            </Button>
          )
        }
      >
        {current.length === 0 ? (
          <p className="muted">{t('people.noAssignmentText')}</p>
        ) : (
          <ul className="col">
            {current.map(assignment => (
              <li key={assignment.assignmentId} className="row wrap">
                <div className="grow">
                  <b>{t(`web:roles.${assignment.role}`)}</b>
                  <br />
                  <small>
                    {assignment.unitName} · {t('people.from')} <Ago at={assignment.from} />
                    {assignment.until && ` ${t('people.until', { day: lastDay(assignment.until) })}`}
                  </small>
                </div>
                <Button
                  tone="quiet"
                  isPending={act.isPending}
                  onPress={() => act.mutate({ do: 'end', assignmentId: assignment.assignmentId })}
                >
                  {t('people.unassign')}
                </Button>
              </li>
            ))}
          </ul>
        )}
        {past.length > 0 && (
          <p className="tiny" style={{ marginTop: 12 }}>
            {t('people.past')}: {past.map(each => `${t(`web:roles.${each.role}`)}, ${each.unitName}`).join(' · ')}
          </p>
        )}
      </Card>
      <Card title={t('people.access')} level="h2">
        <p className="small">{t(own ? 'people.accessOwn' : 'people.accessText')}</p>
        <div className="row wrap" style={{ marginTop: 12 }}>
          {!own && (
            <Button icon="key" onPress={() => setResetting(true)}>
              {t('people.reset')}
            </Button>
          )}
          {!person.disabledAt && (
            <Button icon="ban" isPending={act.isPending} onPress={() => act.mutate({ do: 'disable' })}>
              {t('people.disable')}
            </Button>
          )}
        </div>
      </Card>
      <AssignDialog person={person} isOpen={assigning} onClose={() => setAssigning(false)} onDone={keep} />
      <ChangeDialog person={person} isOpen={changing} onClose={() => setChanging(false)} onDone={keep} />
      <ConversationDialog
        name={person.name}
        isOpen={talking !== null}
        isSending={act.isPending}
        onClose={() => setTalking(null)}
        onChoose={when => talking && talking.do !== 'enable' && act.mutate({ ...talking, when })}
      />
      <ResetDialog person={person} isOpen={resetting} onClose={() => setResetting(false)} />
    </article>
  )
}
