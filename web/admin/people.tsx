/** People of the staff: found by name, made, given roles in units, disabled, given a new password. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useDeferredValue, useState } from 'react'
import { GridList, GridListItem } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { HeldAssignment, OneTimePassword, Person, PersonSummary, Role } from '../../src/identity/model.ts'
import { ApiProblem, api, type Page, sentenceOf } from '../shared/api.ts'
import { useIdempotencyKey } from '../shared/forms.ts'
import { pagedOptions } from '../shared/query.ts'
import { useShortcut } from '../shared/shortcuts.ts'
import { addDays, dayOf, startOfDay } from '../shared/time.ts'
import {
  Ago,
  Avatar,
  Button,
  Card,
  classes,
  Dialog,
  EmptyState,
  ErrorState,
  Loading,
  Notice,
  notify,
  PagedList,
  Pill,
  Problem,
  Select,
  TextField,
  useNow,
} from '../shared/ui/index.ts'
import { Split } from './split.tsx'
import { UnitField } from './unit-field.tsx'

const roles: readonly Role[] = [
  'operator',
  'switchboard',
  'supervisor',
  'cric_member',
  'cric_coordinator',
  'gai_member',
  'central_member',
  'agency_officer',
  'agency_manager',
  'regional_director',
  'headquarters',
  'administrator',
]

const live = ['person.', 'assignment.']

export default function PeoplePage() {
  const { t } = useTranslation('web-admin')
  const { personId } = useParams({ strict: false })
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const [role, setRole] = useState('-')
  const [making, setMaking] = useState(false)
  const q = useDeferredValue(text.trim())
  const people = useInfiniteQuery({
    queryKey: ['people', q, role],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<PersonSummary>>(
        '/api/people',
        { q: q || undefined, role: role === '-' ? undefined : role, cursor: pageParam, limit: 40 },
        signal,
      ),
    ...pagedOptions,
    meta: { live },
  })
  const open = (id: string | undefined) => void navigate({ to: '/admin/people/{-$personId}', params: { personId: id } })
  useShortcut({ keys: 'n', label: t('people.new'), group: t('web:shortcuts.here') }, () => setMaking(true))
  return (
    <>
      <Split
        label={t('people.title')}
        back={t('people.back')}
        choose={t('people.choose')}
        onBack={() => open(undefined)}
        list={
          <>
            <div className="admin-head">
              <div className="row">
                <h1 className="grow">{t('people.title')}</h1>
                <Button tone="primary" icon="plus" kbd="N" onPress={() => setMaking(true)}>
                  {t('people.new')}
                </Button>
              </div>
              <div className="filters">
                <TextField
                  label={t('people.find')}
                  hideLabel
                  icon="search"
                  value={text}
                  onChange={setText}
                  placeholder={t('people.find')}
                />
                <Select
                  label={t('role')}
                  hideLabel
                  value={role}
                  onChange={id => setRole(id ?? '-')}
                  choices={[{ id: '-', label: t('people.allRoles') }, ...roles.map(id => ({ id, label: t(`web:roles.${id}`) }))]}
                />
              </div>
            </div>
            <PagedList
              query={people}
              empty={
                <EmptyState title={t('people.none')} icon="user">
                  {t('people.noneText')}
                </EmptyState>
              }
            >
              {items => (
                <GridList
                  aria-label={t('people.title')}
                  items={items.map(item => ({ ...item, isOpen: item.id === personId }))}
                  onAction={key => open(String(key))}
                >
                  {person => (
                    <GridListItem id={person.id} textValue={person.name} className={classes('admin-line', person.isOpen && 'on')}>
                      <Avatar name={person.name} />
                      <div className="grow">
                        <b className="clip block">{person.name}</b>
                        <small className="clip block">
                          {person.assignments[0]
                            ? `${t(`web:roles.${person.assignments[0].role}`)} · ${person.assignments[0].unitName}`
                            : t('people.noAssignment')}
                        </small>
                      </div>
                      {person.assignments.length > 1 && <span className="tiny">+{person.assignments.length - 1}</span>}
                      {person.disabledAt && (
                        <Pill small tone="late">
                          {t('people.disabled')}
                        </Pill>
                      )}
                    </GridListItem>
                  )}
                </GridList>
              )}
            </PagedList>
          </>
        }
        detail={personId ? <PersonDetail key={personId} personId={personId} /> : null}
      />
      <NewPersonDialog
        isOpen={making}
        onClose={() => setMaking(false)}
        onMade={person => {
          setMaking(false)
          open(person.id)
        }}
      />
    </>
  )
}

function PersonDetail({ personId }: { personId: string }) {
  const { t } = useTranslation('web-admin')
  const client = useQueryClient()
  const now = useNow()
  const [assigning, setAssigning] = useState(false)
  const [changing, setChanging] = useState(false)
  const [resetting, setResetting] = useState(false)
  const found = useQuery({
    queryKey: ['person', personId],
    queryFn: ({ signal }) => api.get<Person>(`/api/people/${personId}`, undefined, signal),
    meta: { live, about: { person: personId } },
  })
  const keep = (person: Person) => {
    client.setQueryData(['person', personId], person)
    void client.invalidateQueries({ queryKey: ['people'] })
  }
  const act = useMutation({
    mutationFn: ({ method, path }: { method: 'post' | 'delete'; path: string }) =>
      method === 'post'
        ? api.post<Person>(`/api/people/${personId}${path}`)
        : api.delete<Person>(`/api/people/${personId}${path}`),
    onSuccess: keep,
    onError: error => notify(sentenceOf(error), 'late'),
  })
  if (found.isPending) return <Loading />
  if (found.isError && !found.data) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />
  const person = found.data
  const holds = (assignment: HeldAssignment) => assignment.until === null || Date.parse(assignment.until) > now
  const current = person.assignments.filter(holds)
  const past = person.assignments.filter(assignment => !holds(assignment))
  return (
    <article>
      <header className="row top wrap">
        <Avatar name={person.name} large />
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
            <Button isPending={act.isPending} onPress={() => act.mutate({ method: 'post', path: '/enable' })}>
              {t('people.enable')}
            </Button>
          }
        >
          {t('people.disabledSince')} <Ago at={person.disabledAt} />
        </Notice>
      )}
      <Card
        title={t('people.assignments')}
        level="h2"
        aside={
          <Button icon="plus" onPress={() => setAssigning(true)}>
            {t('people.assign')}
          </Button>
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
                    {assignment.until && (
                      <>
                        {' '}
                        {t('people.until')} <Ago at={assignment.until} />
                      </>
                    )}
                  </small>
                </div>
                <Button
                  tone="quiet"
                  isPending={act.isPending}
                  onPress={() => act.mutate({ method: 'delete', path: `/assignments/${assignment.assignmentId}` })}
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
        <p className="small">{t('people.accessText')}</p>
        <div className="row wrap" style={{ marginTop: 12 }}>
          <Button icon="key" onPress={() => setResetting(true)}>
            {t('people.reset')}
          </Button>
          {!person.disabledAt && (
            <Button icon="ban" isPending={act.isPending} onPress={() => act.mutate({ method: 'post', path: '/disable' })}>
              {t('people.disable')}
            </Button>
          )}
        </div>
      </Card>
      <AssignDialog person={person} isOpen={assigning} onClose={() => setAssigning(false)} onDone={keep} />
      <ChangeDialog person={person} isOpen={changing} onClose={() => setChanging(false)} onDone={keep} />
      <ResetDialog person={person} isOpen={resetting} onClose={() => setResetting(false)} />
    </article>
  )
}

function NewPersonDialog({
  isOpen,
  onClose,
  onMade,
}: {
  isOpen: boolean
  onClose: () => void
  onMade: (person: Person) => void
}) {
  const { t } = useTranslation('web-admin')
  const client = useQueryClient()
  const key = useIdempotencyKey()
  const [name, setName] = useState('')
  const [user, setUser] = useState('')
  const make = useMutation({
    mutationFn: (body: { name: string; user: string }) => api.post<Person>('/api/people', body, { key: key.keyFor(body) }),
    onSuccess(person) {
      key.renew()
      setName('')
      setUser('')
      void client.invalidateQueries({ queryKey: ['people'] })
      onMade(person)
    },
  })
  const errors = make.error instanceof ApiProblem ? make.error.errors : {}
  return (
    <Dialog
      title={t('people.new')}
      isOpen={isOpen}
      onClose={onClose}
      onSubmit={() => make.mutate({ name, user: user || suggestedUser(name) })}
      footer={
        <>
          <Button onPress={onClose}>{t('web:cancel')}</Button>
          <Button tone="primary" type="submit" isPending={make.isPending}>
            {t('people.make')}
          </Button>
        </>
      }
    >
      <TextField label={t('people.name')} value={name} onChange={setName} error={errors.name} autoFocus />
      <TextField
        label={t('people.user')}
        value={user}
        onChange={setUser}
        placeholder={suggestedUser(name)}
        hint={t('people.userHint')}
        error={errors.user}
      />
      {Object.keys(errors).length === 0 && <Problem error={make.error} />}
    </Dialog>
  )
}

/** "Anna Dell'Orto" → "anna.dellorto". Pure. */
export const suggestedUser = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z\s-]/g, '')
    .trim()
    .replace(/\s+/g, '.')

function ChangeDialog({
  person,
  isOpen,
  onClose,
  onDone,
}: {
  person: Person
  isOpen: boolean
  onClose: () => void
  onDone: (person: Person) => void
}) {
  const { t } = useTranslation('web-admin')
  const [name, setName] = useState(person.name)
  const [user, setUser] = useState(person.user)
  const change = useMutation({
    mutationFn: () => api.patch<Person>(`/api/people/${person.id}`, { name, user }, { version: person.version }),
    onSuccess(changed) {
      onDone(changed)
      onClose()
    },
  })
  const errors = change.error instanceof ApiProblem ? change.error.errors : {}
  return (
    <Dialog
      title={t('people.change')}
      isOpen={isOpen}
      onClose={onClose}
      onSubmit={() => change.mutate()}
      footer={
        <>
          <Button onPress={onClose}>{t('web:cancel')}</Button>
          <Button tone="primary" type="submit" isPending={change.isPending}>
            {t('web:save')}
          </Button>
        </>
      }
    >
      <TextField label={t('people.name')} value={name} onChange={setName} error={errors.name} autoFocus />
      <TextField label={t('people.user')} value={user} onChange={setUser} error={errors.user} />
      {Object.keys(errors).length === 0 && <Problem error={change.error} />}
    </Dialog>
  )
}

function AssignDialog({
  person,
  isOpen,
  onClose,
  onDone,
}: {
  person: Person
  isOpen: boolean
  onClose: () => void
  onDone: (person: Person) => void
}) {
  const { t } = useTranslation('web-admin')
  const key = useIdempotencyKey()
  const [role, setRole] = useState<string | null>(null)
  const [unitId, setUnitId] = useState<string | null>(null)
  const [until, setUntil] = useState('')
  const assign = useMutation({
    mutationFn: (body: object) => api.post<Person>(`/api/people/${person.id}/assignments`, body, { key: key.keyFor(body) }),
    onSuccess(changed) {
      key.renew()
      onDone(changed)
      onClose()
    },
  })
  const errors = assign.error instanceof ApiProblem ? assign.error.errors : {}
  return (
    <Dialog
      title={t('people.assign')}
      isOpen={isOpen}
      onClose={onClose}
      onSubmit={() =>
        assign.mutate({
          role: role ?? '',
          unitId: unitId ?? '',
          ...(until ? { until: startOfDay(addDays(until, 1)) } : {}),
        })
      }
      footer={
        <>
          <Button onPress={onClose}>{t('web:cancel')}</Button>
          <Button tone="primary" type="submit" isPending={assign.isPending}>
            {t('people.assignSend')}
          </Button>
        </>
      }
    >
      <Select
        label={t('role')}
        value={role}
        onChange={setRole}
        choices={roles.map(id => ({ id, label: t(`web:roles.${id}`) }))}
        error={errors.role && t('people.chooseRole')}
      />
      <UnitField label={t('unit')} value={unitId} onChange={setUnitId} error={errors.unitId} />
      <TextField label={t('people.untilDay')} type="date" value={until} onChange={setUntil} hint={t('people.untilHint')} />
      {Object.keys(errors).length === 0 && <Problem error={assign.error} />}
    </Dialog>
  )
}

function ResetDialog({ person, isOpen, onClose }: { person: Person; isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('web-admin')
  const client = useQueryClient()
  const reset = useMutation({
    mutationFn: () => api.post<OneTimePassword>(`/api/people/${person.id}/one-time-password`),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['person', person.id] }),
  })
  const close = () => {
    // It is shown this once.
    reset.reset()
    onClose()
  }
  return (
    <Dialog
      title={t('people.reset')}
      isOpen={isOpen}
      onClose={close}
      footer={
        reset.data ? (
          <Button tone="primary" onPress={close}>
            {t('people.handedOver')}
          </Button>
        ) : (
          <>
            <Button onPress={close}>{t('web:cancel')}</Button>
            <Button tone="danger" isPending={reset.isPending} onPress={() => reset.mutate()}>
              {t('people.resetSend')}
            </Button>
          </>
        )
      }
    >
      {reset.data ? (
        <>
          <p>{t('people.resetDone', { name: person.name, day: dayOf(Date.parse(reset.data.until)) })}</p>
          <p className="secret">{reset.data.password}</p>
        </>
      ) : (
        <p>{t('people.resetText', { name: person.name })}</p>
      )}
      <Problem error={reset.error} />
    </Dialog>
  )
}
