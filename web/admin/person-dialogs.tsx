/** What is asked when a person is made, changed, given a role or a new password. */

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type Role, roles } from '../../src/identity/capabilities.ts'
import type { Person } from '../../src/identity/model.ts'
import { api, errorsOf, missing } from '../shared/api.ts'
import { DraftNotice, FormNotices } from '../shared/form/notices.tsx'
import type { Stored } from '../shared/form/state.ts'
import { useForm } from '../shared/form/use-form.ts'
import { useIdempotencyKey } from '../shared/forms.ts'
import { addDays, longDay, startOfDay } from '../shared/time.ts'
import { Button, DateField, Dialog, FormDialog, Problem, Select, TextField } from '../shared/ui/index.ts'
import { UnitField } from '../shared/unit-field.tsx'
import { suggestedUser } from './user-name.ts'

const nobody = { version: 0, fields: { name: '', user: '' } }

export function NewPersonDialog({
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
  const form = useForm({ name: 'new-person', stored: nobody, fieldsOf: () => nobody.fields, isOpen })
  const { name, user } = form.fields
  const make = useMutation({
    mutationFn: (body: { name: string; user: string }) => api.post('/api/people', { body, key: key.keyFor(body) }),
    onSuccess(person) {
      key.renew()
      form.clear(nobody)
      void client.invalidateQueries({ queryKey: ['people'] })
      onMade(person)
    },
  })
  const errors = errorsOf(make.error)
  return (
    <FormDialog
      title={t('people.new')}
      act={t('people.make')}
      isOpen={isOpen}
      onClose={onClose}
      sending={make.isPending}
      error={make.error}
      onSubmit={() => make.mutate({ name, user: user || suggestedUser(name) })}
    >
      <DraftNotice form={form} />
      <TextField
        label={t('people.name')}
        value={name}
        onChange={typed => form.change({ name: typed })}
        error={errors.name}
        autoFocus
      />
      <TextField
        label={t('people.user')}
        value={user}
        onChange={typed => form.change({ user: typed })}
        placeholder={suggestedUser(name)}
        hint={t('people.userHint')}
        error={errors.user}
      />
    </FormDialog>
  )
}

interface OfPerson {
  person: Person
  isOpen: boolean
  onClose: () => void
  onDone: (person: Person) => void
}

interface Account {
  name: string
  user: string
}
type Known = Pick<Person, 'version' | 'name' | 'user'>

const accountOf = ({ name, user }: Known): Account => ({ name, user })
const storedOf = (person: Known): Stored<Account> => ({ version: person.version, fields: accountOf(person) })

export function ChangeDialog({ person, isOpen, onClose, onDone }: OfPerson) {
  const { t } = useTranslation('web-admin')
  const form = useForm<Account>({
    name: `person:${person.id}`,
    stored: storedOf(person),
    fieldsOf: current => accountOf(current as Known),
    isOpen,
  })
  const change = useMutation({
    mutationFn: () =>
      form.send(async (changed, version) => {
        const after = await api.patch('/api/people/:personId', { path: { personId: person.id }, body: changed, version })
        onDone(after)
        return storedOf(after)
      }),
    onSuccess: outcome => outcome !== 'clash' && onClose(),
  })
  const errors = errorsOf(change.error)
  const mustChoose = form.clashes.some(each => each.choice === 'open')
  return (
    <FormDialog
      title={t('people.change')}
      act={t('web:save')}
      isOpen={isOpen}
      onClose={onClose}
      sending={change.isPending}
      error={change.error}
      why={mustChoose ? t('web:form.chooseFirst') : null}
      onSubmit={() => change.mutate()}
    >
      <FormNotices form={form} labels={{ name: t('people.name'), user: t('people.user') }} />
      <TextField
        label={t('people.name')}
        value={form.fields.name}
        onChange={name => form.change({ name })}
        error={errors.name}
        autoFocus
      />
      <TextField label={t('people.user')} value={form.fields.user} onChange={user => form.change({ user })} error={errors.user} />
    </FormDialog>
  )
}

interface Asked {
  role: Role | null
  unitId: string | null
  unitName: string
  /** The last day; empty for a role without an end. */
  until: string
}
const noRole: Stored<Asked> = { version: 0, fields: { role: null, unitId: null, unitName: '', until: '' } }

export function AssignDialog({ person, isOpen, onClose, onDone }: OfPerson) {
  const { t } = useTranslation('web-admin')
  const key = useIdempotencyKey()
  const form = useForm<Asked>({ name: `role:${person.id}`, stored: noRole, fieldsOf: () => noRole.fields, isOpen })
  const { role, unitId, unitName, until } = form.fields
  const assign = useMutation({
    mutationFn: async () => {
      if (role === null) throw missing({ role: t('people.chooseRole') })
      const body = { role, unitId: unitId ?? '', ...(until ? { until: startOfDay(addDays(until, 1)) } : {}) }
      return api.post('/api/people/:personId/assignments', { path: { personId: person.id }, body, key: key.keyFor(body) })
    },
    onSuccess(changed) {
      key.renew()
      form.clear(noRole)
      onDone(changed)
      onClose()
    },
  })
  const errors = errorsOf(assign.error)
  return (
    <FormDialog
      title={t('people.assign')}
      act={t('people.assignSend')}
      isOpen={isOpen}
      onClose={onClose}
      sending={assign.isPending}
      error={assign.error}
      onSubmit={() => assign.mutate()}
    >
      <DraftNotice form={form} />
      <p className="small">{t('people.assignText')}</p>
      <Select
        label={t('role')}
        value={role}
        onChange={id => form.change({ role: roles.find(each => each === id) ?? null })}
        choices={roles.map(id => ({ id, label: t(`web:roles.${id}`) }))}
        error={errors.role && t('people.chooseRole')}
      />
      <UnitField
        label={t('unit')}
        value={unitId}
        text={unitName}
        onChange={(chosen, name) => form.change({ unitId: chosen, unitName: name })}
        error={errors.unitId}
      />
      <DateField
        label={t('people.untilDay')}
        value={until}
        onChange={day => form.change({ until: day })}
        hint={t('people.untilHint')}
      />
    </FormDialog>
  )
}

export function ResetDialog({ person, isOpen, onClose }: Omit<OfPerson, 'onDone'>) {
  const { t, i18n } = useTranslation('web-admin')
  const client = useQueryClient()
  const reset = useMutation({
    mutationFn: () => api.post('/api/people/:personId/one-time-password', { path: { personId: person.id } }),
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
          <p>{t('people.resetDone', { name: person.name, day: longDay(Date.parse(reset.data.until), i18n.language) })}</p>
          <p className="secret">{reset.data.password}</p>
        </>
      ) : (
        <p>{t('people.resetText', { name: person.name })}</p>
      )}
      <Problem error={reset.error} />
    </Dialog>
  )
}
