/** Within how much working time tickets are answered first, and solved, and a central directorate answers: by typology and priority. For headquarters and administrators; others read. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeadlineTarget, TargetKey, TargetTime } from '../../src/cases/deadlines/model.ts'
import { api, missing } from '../shared/api.ts'
import { FormNotices } from '../shared/form/notices.tsx'
import type { Stored } from '../shared/form/state.ts'
import { useForm } from '../shared/form/use-form.ts'
import { useSending } from '../shared/forms.ts'
import { TypologyField } from '../shared/typology.tsx'
import { Button, Card, ErrorState, FormDialog, Loading, notify, Select, TextField } from '../shared/ui/index.ts'
import './admin.css'

const key = ['deadline-targets'] as const
const priorities = ['normal', 'urgent'] as const
const kinds = ['first-answer', 'solution', 'directorate'] as const
const measures = ['minutes', 'days'] as const

/** A target that is edited, or begun: version 0. */
type Edited = TargetKey & TargetTime & Pick<DeadlineTarget, 'typology' | 'version'>
const begun: Edited = {
  ...{ typologyId: '', typology: null, priority: 'normal', kind: 'solution', version: 0 },
  ...{ amount: 5, measure: 'days', warnMinutes: 240, raiseMinutes: 480 },
}

export default function DeadlineTargetsPage() {
  const { t } = useTranslation('web-admin')
  const [edited, setEdited] = useState<Edited | null>(null)
  const found = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get('/api/deadline-targets', { signal }),
    meta: { live: ['deadline-target.'] },
  })
  const change = found.data?.change
  return (
    <div className="padded access">
      <header className="row wrap">
        <div className="grow">
          <h1>{t('targets.title')}</h1>
          <p className="small">{t('targets.text')}</p>
        </div>
        {change?.allowed && <Button onPress={() => setEdited(begun)}>{t('targets.new')}</Button>}
      </header>
      {found.isPending && <Loading />}
      {found.error && !found.data && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
      {found.data && (
        <Card flush>
          <Targets items={found.data.items} onEdit={change?.allowed ? setEdited : null} />
        </Card>
      )}
      {change && !change.allowed && <p className="small">{change.sentence}</p>}
      {edited && <TargetDialog key={nameOf(edited)} target={edited} onClose={() => setEdited(null)} />}
    </div>
  )
}

const nameOf = ({ typologyId, priority, kind, version }: Edited): string =>
  version === 0 ? 'new' : `${typologyId} ${priority} ${kind}`

function Targets({ items, onEdit }: { items: readonly DeadlineTarget[]; onEdit: ((target: Edited) => void) | null }) {
  const { t } = useTranslation('web-admin')
  return (
    <table className="targets">
      <thead>
        <tr>
          {(['typology', 'priority', 'kind', 'time', 'warn', 'raise'] as const).map(column => (
            <th key={column} scope="col">
              {t(`targets.columns.${column}`)}
            </th>
          ))}
          {onEdit && (
            <td>
              <span className="sr">{t('targets.change')}</span>
            </td>
          )}
        </tr>
      </thead>
      <tbody>
        {items.map(item => {
          const names = [
            item.typology ?? t('targets.all'),
            t(`targets.priorities.${item.priority}`),
            t(`targets.kinds.${item.kind}`),
          ]
          return (
            <tr key={`${item.typologyId} ${item.priority} ${item.kind}`}>
              <th scope="row">{names[0]}</th>
              <td data-label={t('targets.columns.priority')}>{names[1]}</td>
              <td data-label={t('targets.columns.kind')}>{names[2]}</td>
              <td className="num" data-label={t('targets.columns.time')}>
                {t(`targets.amounts.${item.measure}`, { count: item.amount })}
              </td>
              <td className="num" data-label={t('targets.columns.warn')}>
                {t('targets.amounts.minutes', { count: item.warnMinutes })}
              </td>
              <td className="num" data-label={t('targets.columns.raise')}>
                {t('targets.amounts.minutes', { count: item.raiseMinutes })}
              </td>
              {onEdit && (
                <td>
                  <Button
                    className="small-button"
                    label={`${t('targets.change')}: ${names.join(', ')}`}
                    onPress={() => onEdit(item)}
                  >
                    {t('targets.change')}
                  </Button>
                </td>
              )}
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

interface Fields {
  amount: string
  measure: TargetTime['measure']
  warnMinutes: string
  raiseMinutes: string
}
const fieldsOf = ({ amount, measure, warnMinutes, raiseMinutes }: TargetTime): Fields => ({
  ...{ amount: String(amount), measure },
  ...{ warnMinutes: String(warnMinutes), raiseMinutes: String(raiseMinutes) },
})
const storedOf = (target: Edited): Stored<Fields> => ({ version: target.version, fields: fieldsOf(target) })

function TargetDialog({ target, onClose }: { target: Edited; onClose: () => void }) {
  const { t } = useTranslation('web-admin')
  const client = useQueryClient()
  const sending = useSending()
  const isNew = target.version === 0
  const [which, setWhich] = useState<TargetKey & { typology: string | null }>(target)
  const form = useForm<Fields>({
    name: `deadline-target:${nameOf(target)}`,
    stored: storedOf(target),
    fieldsOf: current => fieldsOf(current as Edited),
  })
  const { fields } = form
  const ofTarget: TargetKey = { typologyId: which.typologyId, priority: which.priority, kind: which.kind }
  const done = (sentence: string) => {
    void client.invalidateQueries({ queryKey: key })
    notify(sentence)
    onClose()
  }
  const save = () => {
    if (isNew && which.typologyId === '') return sending.refuse(missing({ typologyId: t('targets.typologyNeeded') }))
    const wrong = (['amount', 'warnMinutes', 'raiseMinutes'] as const).filter(name => !/^\d{1,5}$/.test(fields[name].trim()))
    if (wrong.length > 0) return sending.refuse(missing(Object.fromEntries(wrong.map(name => [name, t('targets.wrong')]))))
    return void sending.send(async () => {
      const time = {
        ...{ amount: Number(fields.amount), measure: fields.measure },
        ...{ warnMinutes: Number(fields.warnMinutes), raiseMinutes: Number(fields.raiseMinutes) },
      }
      const sent = await form.send(async (_changed, version) => {
        await api.put('/api/deadline-targets', { body: { ...ofTarget, ...time }, version })
        return { version: version + 1, fields: fieldsOf(time) }
      })
      if (sent === 'clash') return
      form.clear()
      done(t('targets.saved'))
    })
  }
  const remove = () =>
    void sending.send(async () => {
      await api.post('/api/deadline-targets/removal', { body: ofTarget })
      done(t('targets.removed'))
    })
  const number = (name: 'amount' | 'warnMinutes' | 'raiseMinutes', label: string, hint?: string) => (
    <TextField
      label={label}
      hint={hint}
      value={fields[name]}
      onChange={typed => form.change({ [name]: typed })}
      error={sending.fields[name]}
      inputMode="numeric"
    />
  )
  const labels = {
    ...{ amount: t('targets.amount'), measure: t('targets.measure') },
    ...{ warnMinutes: t('targets.columns.warn'), raiseMinutes: t('targets.columns.raise') },
  }
  return (
    <FormDialog
      title={isNew ? t('targets.new') : t('targets.dialog', { typology: target.typology ?? t('targets.all') })}
      act={t('targets.save')}
      isOpen
      onClose={onClose}
      sending={sending.pending}
      error={sending.error}
      why={form.clashes.some(each => each.choice === 'open') ? t('web:form.chooseFirst') : null}
      onSubmit={save}
    >
      <FormNotices form={form} labels={labels} show={(_field, value) => String(value)} />
      {isNew ? (
        <>
          <TypologyField
            value={which.typologyId === '' ? null : which.typologyId}
            label={which.typology ?? ''}
            onChange={(id, label) => setWhich({ ...which, typologyId: id ?? '', typology: label })}
            error={sending.fields.typologyId}
          />
          <Select
            label={t('targets.columns.priority')}
            value={which.priority}
            onChange={id => setWhich({ ...which, priority: priorities.find(each => each === id) ?? which.priority })}
            choices={priorities.map(id => ({ id, label: t(`targets.priorities.${id}`) }))}
          />
          <Select
            label={t('targets.columns.kind')}
            value={which.kind}
            onChange={id => setWhich({ ...which, kind: kinds.find(each => each === id) ?? which.kind })}
            choices={kinds.map(id => ({ id, label: t(`targets.kinds.${id}`) }))}
          />
        </>
      ) : (
        <p className="small">
          {t(`targets.kinds.${which.kind}`)} · {t(`targets.priorities.${which.priority}`)}
        </p>
      )}
      {number('amount', t('targets.amount'))}
      <Select
        label={t('targets.measure')}
        value={fields.measure}
        onChange={id => form.change({ measure: measures.find(each => each === id) ?? fields.measure })}
        choices={measures.map(id => ({ id, label: t(`targets.measures.${id}`) }))}
      />
      {number('warnMinutes', t('targets.warn'), t('targets.warnHint'))}
      {number('raiseMinutes', t('targets.raise'), t('targets.raiseHint'))}
      {!isNew && target.typologyId !== '' && (
        <Button tone="quiet" icon="delete" isPending={sending.pending} onPress={remove}>
          {t('targets.remove')}
        </Button>
      )}
    </FormDialog>
  )
}
