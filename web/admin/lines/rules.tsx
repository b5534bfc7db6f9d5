/** By which rules the line of a section works: its limits and what happens at them, and when callers are offered to be called back. */
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SectionLine } from '../../../src/telephony/callbacks/model.ts'
import { ApiProblem, api } from '../../shared/api.ts'
import { useSending } from '../../shared/forms.ts'
import { Button, Card, ErrorState, Loading, notify, Problem, Select, TextField } from '../../shared/ui/index.ts'
import { fieldsOf, type Limit, type LineFields, limits, lineOf, problemsOf, type Rule, type RuleFields, sentAs } from './form.ts'

interface Named {
  id: string
  name: string
}

const lineOfSection = (sectionId: string) =>
  queryOptions({
    queryKey: ['line', sectionId],
    queryFn: ({ signal }) => api.get<SectionLine>(`/api/sections/${sectionId}/line`, undefined, signal),
  })

export function Rules({ sectionId, sections }: { sectionId: string; sections: readonly Named[] }) {
  const line = useQuery(lineOfSection(sectionId))
  if (line.isPending) return <Loading />
  if (line.isError && !line.data) return <ErrorState error={line.error} onRetry={() => void line.refetch()} />
  return <Form line={line.data} others={sections.filter(section => section.id !== sectionId)} />
}

/** The fields are of one reading of the line: what is read anew meanwhile does not slip under what somebody types. */
function Form({ line: newest, others }: { line: SectionLine; others: readonly Named[] }) {
  const { t, i18n } = useTranslation('web-lines')
  const queries = useQueryClient()
  const [line, setLine] = useState(newest)
  const [fields, setFields] = useState(() => fieldsOf(line, i18n.language))
  /** What is wrong is marked once somebody has tried to save. */
  const [tried, setTried] = useState(false)
  const sending = useSending()
  const isChanged = sending.error instanceof ApiProblem && sending.error.isConflict
  const set = (change: Partial<LineFields>) => setFields(now => ({ ...now, ...change }))
  const wrong = (name: keyof LineFields) => {
    const problem = tried ? problemsOf(fields)[name] : undefined
    return problem ? t(`rules.${problem}`) : sending.fields[sentAs[name] ?? name]
  }
  const text = (name: keyof LineFields & string, value: string, hint?: string) => (
    <TextField
      label={t(`rules.${name}`)}
      value={value}
      onChange={changed => set({ [name]: changed })}
      inputMode="decimal"
      error={wrong(name)}
      {...(hint === undefined ? {} : { hint })}
    />
  )
  const show = (shown: SectionLine) => {
    setLine(shown)
    setFields(fieldsOf(shown, i18n.language))
  }
  const save = () => {
    setTried(true)
    if (Object.keys(problemsOf(fields)).length > 0) return
    return sending.send(async () => {
      const url = `/api/sections/${line.section.id}/line`
      const saved = await api.put<SectionLine>(url, lineOf(line, fields), { version: line.version })
      queries.setQueryData(['line', line.section.id], saved)
      show(saved)
      setTried(false)
      notify(t('rules.saved'))
    })
  }
  const readAgain = () =>
    sending.send(async () => show(await queries.fetchQuery({ ...lineOfSection(line.section.id), staleTime: 0 })))
  return (
    <form
      className="col"
      noValidate
      onSubmit={event => {
        event.preventDefault()
        void save()
      }}
    >
      <Card title={t('rules.limitsTitle')}>
        <div className="line-grid">
          {text('maxWaiting', fields.maxWaiting, t('rules.noLimit'))}
          {text('maxWaitMinutes', fields.maxWaitMinutes, t('rules.noLimit'))}
        </div>
        {limits.map(limit => (
          <RuleField
            key={limit}
            limit={limit}
            fields={fields.rules[limit]}
            others={others}
            onChange={changed => set({ rules: { ...fields.rules, [limit]: changed } })}
          />
        ))}
      </Card>
      <Card title={t('rules.callbacksTitle')}>
        <div className="line-grid">
          {text('offerAboveMinutes', fields.offerAboveMinutes, t('rules.never'))}
          {text('key', fields.key, t('rules.noKey'))}
          {text('attempts', fields.attempts)}
          {text('retryMinutes', fields.retryMinutes)}
          {text('days', fields.days)}
          <Select
            label={t('rules.weekdays')}
            value={fields.weekdays}
            onChange={weekdays => set({ weekdays: weekdays ?? fields.weekdays })}
            choices={['12345', '123456', '1234567'].map(id => ({ id, label: t(`rules.weekdaysOf.${id}`) }))}
          />
          {text('from', fields.from)}
          {text('to', fields.to)}
        </div>
        <div className="line-grid">
          <Select
            label={t('rules.otherwise')}
            value={fields.dismisses ? 'dismiss' : 'wait'}
            onChange={chosen => set({ dismisses: chosen === 'dismiss' })}
            choices={(['wait', 'dismiss'] as const).map(id => ({ id, label: t(`rules.rule.${id}`) }))}
          />
          {fields.dismisses && (
            <TextField label={t('rules.message')} value={fields.message} onChange={message => set({ message })} isRequired />
          )}
        </div>
      </Card>
      <Problem error={sending.error} />
      {isChanged && (
        <div className="row">
          <Button onPress={() => void readAgain()}>{t('rules.readAgain')}</Button>
        </div>
      )}
      <div className="row">
        <Button tone="primary" type="submit" isPending={sending.pending}>
          {t('rules.save')}
        </Button>
        <small>{t('rules.fromNextCall')}</small>
      </div>
    </form>
  )
}

const choices: readonly Rule[] = ['wait', 'callback', 'move', 'dismiss', 'divert']

function RuleField({
  limit,
  fields,
  others,
  onChange,
}: {
  limit: Limit
  fields: RuleFields
  others: readonly Named[]
  onChange: (fields: RuleFields) => void
}) {
  const { t } = useTranslation('web-lines')
  return (
    <div className="line-grid">
      <Select
        label={t(`rules.limit.${limit}`)}
        value={fields.rule}
        onChange={id => onChange({ rule: choices.find(rule => rule === id) ?? 'wait', detail: '' })}
        choices={choices.map(id => ({ id, label: t(`rules.rule.${id}`) }))}
      />
      {fields.rule === 'move' && (
        <Select
          label={t('rules.section')}
          value={fields.detail === '' ? null : fields.detail}
          onChange={id => onChange({ ...fields, detail: id ?? '' })}
          choices={others.map(({ id, name }) => ({ id, label: name }))}
        />
      )}
      {fields.rule === 'dismiss' && (
        <TextField
          label={t('rules.message')}
          value={fields.detail}
          onChange={detail => onChange({ ...fields, detail })}
          isRequired
        />
      )}
      {fields.rule === 'divert' && (
        <TextField
          label={t('rules.number')}
          type="tel"
          value={fields.detail}
          onChange={detail => onChange({ ...fields, detail })}
          isRequired
        />
      )}
    </div>
  )
}
