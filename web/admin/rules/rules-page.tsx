/** Who may do what with a ticket: what the institute may decide otherwise, what comes of it, and the versions there were. For headquarters. */
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RuleChange, TicketRulesView } from '../../../src/cases/rules/model.ts'
import { api } from '../../shared/api.ts'
import { FormNotices } from '../../shared/form/notices.tsx'
import type { Stored } from '../../shared/form/state.ts'
import { useForm } from '../../shared/form/use-form.ts'
import { ErrorState, Loading, Pill, Select } from '../../shared/ui/index.ts'
import { Effect } from './effect.tsx'
import { type Action, changesOf, decided, type Fields, fieldsOf } from './fields.ts'
import { History } from './history.tsx'
import { Matrix } from './matrix.tsx'
import './rules.css'

export const rulesKey = ['ticket-rules'] as const

export default function RulesPage() {
  const { t } = useTranslation('web-rules')
  const rules = useQuery({
    queryKey: rulesKey,
    queryFn: ({ signal }) => api.get('/api/ticket-rules', { signal }),
    meta: { live: ['ticket.rules-set'] },
  })
  return (
    <div className="padded ticket-rules">
      <header className="row wrap">
        <div className="grow">
          <h1>{t('title')}</h1>
          <p className="small">{t('text')}</p>
        </div>
        {rules.data && (
          <Pill tone={rules.data.version === 0 ? 'plain' : 'info'}>
            {rules.data.version === 0 ? t('founding') : t('version', { version: rules.data.version })}
          </Pill>
        )}
      </header>
      {rules.isPending ? (
        <Loading />
      ) : rules.isError && !rules.data ? (
        <ErrorState error={rules.error} onRetry={() => void rules.refetch()} />
      ) : (
        <Rules rules={rules.data} />
      )}
    </div>
  )
}

type Known = Pick<TicketRulesView, 'version' | 'changes'>

function Rules({ rules }: { rules: TicketRulesView }) {
  const { t } = useTranslation('web-rules')
  const actions = [...new Set(rules.rules.flatMap(({ action }) => (action === 'look' ? [] : action)))]
  const [action, setAction] = useState<Action>(actions[0] ?? 'note')
  /** The rules as they were last heard of, in whatever way: what is sent is made of them and of what was decided here. */
  const heard = useRef<Known>(rules)
  const storedOf = (known: Known): Stored<Fields> => {
    if (known.version > heard.current.version) heard.current = known
    return { version: known.version, fields: fieldsOf(known.changes, actions) }
  }
  const form = useForm<Fields>({
    name: 'ticket-rules',
    stored: storedOf(rules),
    fieldsOf: current => storedOf(current as Known).fields,
  })
  const { fields } = form
  /** Another set of rules as a whole, to be looked at before it is put in force. */
  const take = (changes: readonly RuleChange[]) => form.change(fieldsOf(changes, actions))
  const put = (reason: string) =>
    form.send(async (changed, version) => {
      const changes = changesOf({ ...fieldsOf(heard.current.changes, actions), ...changed })
      return storedOf(await api.put('/api/ticket-rules', { body: { changes, reason }, version }))
    })
  const isOpen = (each: Action) => rules.rules.some(rule => rule.action === each && rule.fixed === null)
  return (
    <>
      <FormNotices
        form={form}
        labels={Object.fromEntries(actions.map(each => [each, t(`actions.${each}`)]))}
        show={(_field, value) => t('clash', { count: Array.isArray(value) ? value.length : 0 })}
      />
      <div className="rules-columns">
        <div className="col">
          <Select
            label={t('action')}
            value={action}
            onChange={id => setAction(actions.find(each => each === id) ?? action)}
            choices={actions.map(each => ({
              id: each,
              label: t(`actions.${each}`),
              detail: isOpen(each) ? undefined : t('allFixed'),
            }))}
          />
          <Matrix
            action={action}
            rules={rules.rules.filter(rule => rule.action === action)}
            invariants={rules.invariants}
            fields={fields}
            onDecide={(rule, allowed) => form.change({ [action]: decided(fields, rule, allowed) })}
          />
        </div>
        <div className="col">
          <Effect
            version={rules.version}
            changes={changesOf(fields)}
            isChanged={form.isChanged}
            mustChoose={form.clashes.some(each => each.choice === 'open')}
            onDrop={form.drop}
            onPut={put}
          />
          <History inForce={rules.version} onTake={take} />
        </div>
      </div>
    </>
  )
}
