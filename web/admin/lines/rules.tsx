/** By which rules the line of a section works: its limits and what happens at them, and when callers are offered to be called back. */

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SectionRules } from '../../../src/distribution/sections/model.ts'
import { api } from '../../shared/api.ts'
import { FormNotices } from '../../shared/form/notices.tsx'
import type { Stored } from '../../shared/form/state.ts'
import { useForm } from '../../shared/form/use-form.ts'
import { useSending } from '../../shared/forms.ts'
import { Button, Card, ErrorState, Loading, notify, Problem, Select, TextField } from '../../shared/ui/index.ts'
import {
  agentChoices,
  fieldsOf,
  type HelperFields,
  type Limit,
  type LineFields,
  limits,
  lineOf,
  problemsOf,
  type Rule,
  type RuleFields,
  sentAs,
} from './form.ts'

interface Named {
  id: string
  name: string
}

export function Rules({ sectionId, sections }: { sectionId: string; sections: readonly Named[] }) {
  const line = useQuery({
    queryKey: ['line', sectionId],
    queryFn: ({ signal }) => api.get('/api/sections/:sectionId/line', { path: { sectionId }, signal }),
    meta: { live: ['section.routing-set', 'callback.settings-set'] },
  })
  if (line.isPending) return <Loading />
  if (line.isError && !line.data) return <ErrorState error={line.error} onRetry={() => void line.refetch()} />
  return <Form line={line.data} others={sections.filter(section => section.id !== sectionId)} />
}

/** The rules as one form: a rule and what belongs to it are one field. */
type Fields = Omit<LineFields, 'rules'> & Record<Limit, RuleFields>

const flat = ({ rules, ...fields }: LineFields): Fields => ({ ...fields, ...rules })
function asLine({ full, 'too-long': tooLong, nobody, closed, ...fields }: Fields): LineFields {
  return { ...fields, rules: { full, 'too-long': tooLong, nobody, closed } }
}

function Form({ line: newest, others }: { line: SectionRules; others: readonly Named[] }) {
  const { t, i18n } = useTranslation('web-lines')
  const queries = useQueryClient()
  /** The line as it was last heard of, in whatever way: what is sent is made of it and of what was typed. */
  const line = useRef(newest)
  const heardLine = (heard: SectionRules): Stored<Fields> => {
    if (heard.version > line.current.version) line.current = heard
    return { version: heard.version, fields: flat(fieldsOf(heard, i18n.language)) }
  }
  const form = useForm<Fields>({
    name: `line:${newest.section.id}`,
    stored: heardLine(newest),
    fieldsOf: current => heardLine(current as SectionRules).fields,
  })
  const fields = asLine(form.fields)
  /** What is wrong is marked once somebody has tried to save. */
  const [tried, setTried] = useState(false)
  const sending = useSending()
  const set = form.change
  const mustChoose = form.clashes.some(each => each.choice === 'open')
  const wrong = (name: keyof LineFields) => {
    const problem = tried ? problemsOf(fields)[name] : undefined
    return problem ? t(`rules.${problem}`) : sending.fields[sentAs[name] ?? name]
  }
  const text = (name: keyof LineFields & keyof Fields, value: string, hint?: string) => (
    <TextField
      label={t(`rules.${name}`)}
      value={value}
      onChange={changed => set({ [name]: changed })}
      inputMode="decimal"
      error={wrong(name)}
      {...(hint === undefined ? {} : { hint })}
    />
  )
  const save = () => {
    setTried(true)
    if (Object.keys(problemsOf(fields)).length > 0) return
    return sending.send(async () => {
      const outcome = await form.send(async (changed, version) => {
        const merged = asLine({ ...flat(fieldsOf(line.current, i18n.language)), ...changed })
        const saved = await api.put('/api/sections/:sectionId/line', {
          path: { sectionId: newest.section.id },
          body: lineOf(line.current, merged),
          version,
        })
        queries.setQueryData(['line', newest.section.id], saved)
        return heardLine(saved)
      })
      if (outcome === 'clash') return
      setTried(false)
      notify(t('rules.saved'))
    })
  }
  return (
    <form
      className="col"
      noValidate
      onSubmit={event => {
        event.preventDefault()
        void save()
      }}
    >
      <FormNotices form={form} labels={labelsOf(t)} show={wordsOf(t, others)} />
      <Card title={t('rules.agentsTitle')}>
        <div className="line-grid">
          {text('wrapUpSeconds', fields.wrapUpSeconds, t('rules.wrapUpHint'))}
          {text('offerSeconds', fields.offerSeconds)}
          <Select
            label={t('rules.choice')}
            value={fields.choice}
            onChange={id => set({ choice: agentChoices.find(each => each === id) ?? fields.choice })}
            choices={agentChoices.map(id => ({ id, label: t(`rules.choiceOf.${id}`) }))}
          />
          {text('priority', fields.priority, t('rules.priorityHint'))}
          {text('knownCallSeconds', fields.knownCallSeconds, t('rules.knownCallHint'))}
          {text('knownMailMinutes', fields.knownMailMinutes, t('rules.knownMailHint'))}
        </div>
        <Helpers helpers={fields.helpers} others={others} error={wrong('helpers')} onChange={helpers => set({ helpers })} />
      </Card>
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
            onChange={changed => set({ [limit]: changed })}
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
      <div className="row">
        <Button tone="primary" type="submit" isPending={sending.pending} why={mustChoose ? t('web:form.chooseFirst') : null}>
          {t('rules.save')}
        </Button>
        <small>{t('rules.fromNextCall')}</small>
      </div>
    </form>
  )
}

type Words = ReturnType<typeof useTranslation<'web-lines'>>['t']

const texts = [
  'wrapUpSeconds',
  'offerSeconds',
  'choice',
  'priority',
  'helpers',
  'knownCallSeconds',
  'knownMailMinutes',
  'maxWaiting',
  'maxWaitMinutes',
  'offerAboveMinutes',
  'key',
  'attempts',
  'retryMinutes',
  'days',
  'weekdays',
  'from',
  'to',
  'message',
] as const

const labelsOf = (t: Words): { [K in keyof Fields]?: string } => ({
  ...Object.fromEntries(texts.map(name => [name, t(`rules.${name}`)])),
  ...Object.fromEntries(limits.map(limit => [limit, t(`rules.limit.${limit}`)])),
  dismisses: t('rules.otherwise'),
})

/** The values of the fields in words. */
const wordsOf =
  (t: Words, others: readonly Named[]) =>
  (field: keyof Fields, value: unknown): string => {
    if (field === 'dismisses') return t(`rules.rule.${value ? 'dismiss' : 'wait'}`)
    if (field === 'weekdays') return t(`rules.weekdaysOf.${value as '12345'}`)
    if (field === 'choice') return t(`rules.choiceOf.${value as 'best-level'}`)
    if (field === 'helpers')
      return (value as readonly HelperFields[])
        .map(({ section, afterMinutes }) => `${others.find(({ id }) => id === section)?.name ?? section}: ${afterMinutes}`)
        .join(' · ')
    if (typeof value !== 'object' || value === null) return String(value)
    const { rule, detail } = value as RuleFields
    const name = rule === 'move' ? (others.find(({ id }) => id === detail)?.name ?? '') : detail
    return name === '' ? t(`rules.rule.${rule}`) : `${t(`rules.rule.${rule}`)}: ${name}`
  }

/** The sections that help out when somebody waits for long. */
function Helpers({
  helpers,
  others,
  error,
  onChange,
}: {
  helpers: readonly HelperFields[]
  others: readonly Named[]
  error: string | undefined
  onChange: (helpers: HelperFields[]) => void
}) {
  const { t } = useTranslation('web-lines')
  const put = (at: number, changed: Partial<HelperFields>) =>
    onChange(helpers.map((each, i) => (i === at ? { ...each, ...changed } : each)))
  return (
    <fieldset className="col">
      <legend>{t('rules.helpers')}</legend>
      {helpers.map((helper, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place, while its section is still being chosen
        <div key={at} className="line-grid">
          <Select
            label={t('rules.helper')}
            value={helper.section === '' ? null : helper.section}
            onChange={id => put(at, { section: id ?? '' })}
            choices={others.map(({ id, name }) => ({ id, label: name }))}
          />
          <TextField
            label={t('rules.helpsAfter')}
            value={helper.afterMinutes}
            onChange={afterMinutes => put(at, { afterMinutes })}
            inputMode="decimal"
            error={error}
          />
          <Button tone="plain" onPress={() => onChange(helpers.filter((_, i) => i !== at))}>
            {t('rules.noHelper')}
          </Button>
        </div>
      ))}
      {helpers.length < others.length && (
        <div className="row">
          <Button tone="plain" onPress={() => onChange([...helpers, { section: '', afterMinutes: '2' }])}>
            {t('rules.addHelper')}
          </Button>
        </div>
      )}
    </fieldset>
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
