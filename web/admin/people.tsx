/** People of the staff: found by name, and made. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PersonSummary, Role } from '../../src/identity/model.ts'
import { api } from '../shared/api.ts'
import { pagedOptions } from '../shared/query.ts'
import { useShortcut } from '../shared/shortcuts.ts'
import { Avatar, Button, type DataColumn, Pill, Select, TextField } from '../shared/ui/index.ts'
import { AdminList, readAll } from './list.tsx'
import { PersonDetail } from './person.tsx'
import { NewPersonDialog } from './person-dialogs.tsx'
import { RequestedRoles } from './person-waiting.tsx'
import { roles } from './roles.ts'
import { Split } from './split.tsx'

export default function PeoplePage() {
  const { t } = useTranslation('web-admin')
  const { personId } = useParams({ strict: false })
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const [role, setRole] = useState<Role | '-'>('-')
  const [making, setMaking] = useState(false)
  const q = useDeferredValue(text.trim())
  const read = (cursor: string | undefined, limit: number, signal?: AbortSignal) =>
    api.get('/api/people', { query: { q: q || undefined, role: role === '-' ? undefined : role, cursor, limit }, signal })
  const people = useInfiniteQuery({
    queryKey: ['people', q, role],
    queryFn: ({ pageParam, signal }) => read(pageParam, 40, signal),
    ...pagedOptions,
    meta: { live: ['person.', 'assignment.'] },
  })
  const open = (id: string | undefined) => void navigate({ to: '/admin/people/{-$personId}', params: { personId: id } })
  useShortcut({ keys: 'n', label: t('people.new'), group: t('web:shortcuts.here') }, () => setMaking(true))
  const columns: DataColumn<PersonSummary>[] = [
    { id: 'name', label: t('people.name'), value: person => person.name },
    { id: 'user', label: t('people.user'), value: person => person.user },
    {
      id: 'role',
      label: t('role'),
      value: person => person.assignments.map(each => t(`web:roles.${each.role}`)).join(', ') || t('people.noAssignment'),
    },
    { id: 'unit', label: t('unit'), value: person => person.assignments.map(each => each.unitName).join(', ') },
    { id: 'state', label: t('people.state'), value: person => (person.disabledAt ? t('people.disabled') : t('people.active')) },
  ]
  return (
    <>
      <Split
        label={t('people.title')}
        back={t('people.back')}
        choose={t('people.choose')}
        onBack={() => open(undefined)}
        wide
        list={
          <AdminList
            title={t('people.title')}
            make={
              <Button tone="primary" icon="plus" kbd="N" onPress={() => setMaking(true)}>
                {t('people.new')}
              </Button>
            }
            filters={
              <>
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
                  onChange={id => setRole(roles.find(each => each === id) ?? '-')}
                  choices={[{ id: '-', label: t('people.allRoles') }, ...roles.map(id => ({ id, label: t(`web:roles.${id}`) }))]}
                />
              </>
            }
            above={<RequestedRoles onOpen={open} />}
            query={people}
            table={{ columns, file: 'persone', all: () => readAll(cursor => read(cursor, 100)) }}
            empty={{ title: t('people.none'), text: t('people.noneText'), icon: 'user' }}
            idOf={person => person.id}
            nameOf={person => person.name}
            openId={personId}
            onOpen={open}
          >
            {person => (
              <>
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
              </>
            )}
          </AdminList>
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
