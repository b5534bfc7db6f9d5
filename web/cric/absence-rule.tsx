/** What becomes of the questions that absent members of a section have in hand. Everybody reads it; who coordinates the section sets it. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { AbsenceRule } from '../../src/cases/absent/model.ts'
import { api, missing } from '../shared/api.ts'
import { FormNotices } from '../shared/form/notices.tsx'
import type { Stored } from '../shared/form/state.ts'
import { useForm } from '../shared/form/use-form.ts'
import { useSending } from '../shared/forms.ts'
import { TypologyField } from '../shared/typology.tsx'
import { Button, FormDialog, Loading, notify, Problem, Select, TextField } from '../shared/ui/index.ts'
import { type SectionDialogProps, SectionSettings } from './section-settings.tsx'

const ruleKey = (sectionId: string) => ['absence-rule', sectionId] as const
const whens = ['at-once', 'after-hours', 'never'] as const

export function AbsenceRuleSettings({ sections }: { sections: SectionDialogProps['sections'] }) {
  const { t } = useTranslation('web-cric-board')
  return (
    <SectionSettings label={t('absences.rule')} sections={sections}>
      {props => <RuleDialog key={props.section.id} {...props} />}
    </SectionSettings>
  )
}

function RuleDialog(props: SectionDialogProps) {
  const { id: sectionId } = props.section
  const rule = useQuery({
    queryKey: ruleKey(sectionId),
    queryFn: ({ signal }) => api.get('/api/sections/:sectionId/absence-rule', { path: { sectionId }, signal }),
    meta: { live: ['section.absence-rule-set'] },
  })
  if (rule.data) return <RuleForm {...props} rule={rule.data} />
  return rule.error ? <Problem error={rule.error} /> : <Loading />
}

interface Fields {
  whenAbsent: AbsenceRule['whenAbsent']
  hours: string
  exceptTypologies: readonly string[]
}
type Known = Pick<AbsenceRule, 'version' | 'whenAbsent' | 'hours' | 'exceptTypologies'>

const fieldsOf = ({ whenAbsent, hours, exceptTypologies }: Known): Fields => ({
  ...{ whenAbsent, hours: String(hours), exceptTypologies },
})
const storedOf = (rule: Known): Stored<Fields> => ({ version: rule.version, fields: fieldsOf(rule) })

function RuleForm({ section, sections, onChoose, onClose, rule }: SectionDialogProps & { rule: AbsenceRule }) {
  const { t } = useTranslation('web-cric-board')
  const client = useQueryClient()
  const sending = useSending()
  // What stands at the server as far as this page has heard, also from a refusal.
  const newest = useRef<Known>(rule)
  if (rule.version > newest.current.version) newest.current = rule
  const form = useForm<Fields>({
    name: `absence-rule:${section.id}`,
    stored: storedOf(rule),
    fieldsOf: current => {
      newest.current = current as Known
      return fieldsOf(newest.current)
    },
  })
  const { whenAbsent, hours, exceptTypologies } = form.fields
  const mustChoose = form.clashes.some(each => each.choice === 'open')
  const save = () => {
    const isNumber = /^\d+$/.test(hours.trim()) && Number(hours) >= 1 && Number(hours) <= 200
    if (!isNumber) return sending.refuse(missing({ hours: t('absences.hoursNumber') }))
    return void sending.send(async () => {
      const sent = await form.send(async (changed, version) => {
        const whole = { ...fieldsOf(newest.current), ...changed }
        const saved = await api.put('/api/sections/:sectionId/absence-rule', {
          path: { sectionId: section.id },
          body: {
            ...{ whenAbsent: whole.whenAbsent, hours: Number(whole.hours) },
            exceptTypologies: [...whole.exceptTypologies],
          },
          version,
        })
        client.setQueryData(ruleKey(section.id), saved)
        return storedOf(saved)
      })
      if (sent === 'clash') return
      notify(t('absences.savedRule'))
      onClose()
    })
  }
  const except = (ids: readonly string[]) => form.change({ exceptTypologies: ids })
  const why = rule.change.allowed ? (mustChoose ? t('web:form.chooseFirst') : null) : rule.change.sentence
  return (
    <FormDialog
      title={t('absences.ruleTitle', { section: section.name })}
      act={t('absences.saveRule')}
      isOpen
      onClose={onClose}
      sending={sending.pending}
      error={sending.error}
      why={why}
      onSubmit={save}
    >
      <FormNotices
        form={form}
        labels={{ whenAbsent: t('absences.when'), hours: t('absences.hours'), exceptTypologies: t('absences.except') }}
        show={(field, value) =>
          field === 'whenAbsent' ? t(`absences.whens.${whens.find(each => each === value) ?? 'never'}`) : String(value)
        }
      />
      {sections.length > 1 && (
        <Select
          label={t('section')}
          value={section.id}
          onChange={onChoose}
          choices={sections.map(each => ({ id: each.id, label: each.name }))}
        />
      )}
      <Select
        label={t('absences.when')}
        value={whenAbsent}
        onChange={id => form.change({ whenAbsent: whens.find(each => each === id) ?? whenAbsent })}
        choices={whens.map(id => ({ id, label: t(`absences.whens.${id}`) }))}
        hint={t('absences.keepsDraft')}
      />
      {whenAbsent === 'after-hours' && (
        <TextField
          label={t('absences.hours')}
          value={hours}
          onChange={text => {
            form.change({ hours: text })
            sending.refuse(null)
          }}
          hint={t('absences.hoursHint')}
          error={sending.fields.hours}
          inputMode="numeric"
        />
      )}
      {whenAbsent !== 'never' && (
        <section className="col" aria-label={t('absences.except')}>
          <h3>{t('absences.except')}</h3>
          {exceptTypologies.length > 0 && (
            <ul className="col">
              {exceptTypologies.map(id => (
                <Exception key={id} id={id} onRemove={() => except(exceptTypologies.filter(each => each !== id))} />
              ))}
            </ul>
          )}
          <TypologyField
            key={exceptTypologies.length}
            value={null}
            label=""
            onChange={id => id !== null && !exceptTypologies.includes(id) && except([...exceptTypologies, id])}
          />
        </section>
      )}
    </FormDialog>
  )
}

function Exception({ id, onRemove }: { id: string; onRemove: () => void }) {
  const { t } = useTranslation('web-cric-board')
  const typology = useQuery({
    queryKey: ['typology', id],
    queryFn: ({ signal }) => api.get('/api/typologies/:typologyId', { path: { typologyId: id }, signal }),
    staleTime: 600_000,
  })
  const name = typology.data?.label ?? id
  return (
    <li className="row">
      <span className="grow">{name}</span>
      <Button tone="quiet" icon="close" label={t('absences.removeExcept', { name })} onPress={onRemove} />
    </li>
  )
}
