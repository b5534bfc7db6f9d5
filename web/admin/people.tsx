/** People of the staff: found by name, and made. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PersonSummary } from '../../src/identity/model.ts'
import { api, type Page } from '../shared/api.ts'
import { pagedOptions } from '../shared/query.ts'
import { useShortcut } from '../shared/shortcuts.ts'
import { Avatar, Button, Pill, Select, TextField } from '../shared/ui/index.ts'
import { AdminList } from './list.tsx'
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
    meta: { live: ['person.', 'assignment.'] },
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
                  onChange={id => setRole(id ?? '-')}
                  choices={[{ id: '-', label: t('people.allRoles') }, ...roles.map(id => ({ id, label: t(`web:roles.${id}`) }))]}
                />
              </>
            }
            above={<RequestedRoles onOpen={open} />}
            query={people}
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
