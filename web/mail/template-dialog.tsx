/** A template of answers, written beside what a citizen would read. */
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AnswerTemplate } from '../../src/cases/templates/model.ts'
import {
  fillTemplate,
  letterDay,
  type TemplateValues,
  unknownVariables,
  variableNames,
} from '../../src/cases/templates/variables.ts'
import { api, serverNow } from '../shared/api.ts'
import { FormNotices } from '../shared/form/notices.tsx'
import type { Stored } from '../shared/form/state.ts'
import { useForm } from '../shared/form/use-form.ts'
import { useSaving } from '../shared/form/use-saving.ts'
import { useSession } from '../shared/session.tsx'
import { TypologyField } from '../shared/typology.tsx'
import { Button, FormDialog, Notice, Select, TextArea, TextField } from '../shared/ui/index.ts'
import { UnitField } from '../shared/unit-field.tsx'

interface Fields {
  name: string
  unitId: string
  unitName: string
  typologyId: string | null
  typology: string
  language: AnswerTemplate['language']
  body: string
}
const names = ['name', 'unitId', 'typologyId', 'language', 'body'] as const
const spoken = ['it', 'en'] as const

const fieldsOf = ({ name, unitId, unitName, typologyId, typology, language, body }: AnswerTemplate): Fields => ({
  ...{ name, unitId, unitName, typologyId, typology: typology ?? '', language, body },
})

/** @param template the one that is changed; without it a new one is made */
export function TemplateDialog({
  template,
  isOpen,
  onClose,
  onSaved,
}: {
  template?: AnswerTemplate
  isOpen: boolean
  onClose: () => void
  onSaved: (template: AnswerTemplate) => void
}) {
  const { t } = useTranslation('web-mail')
  const { acting } = useSession()
  const client = useQueryClient()
  const empty: Fields = {
    ...{ name: '', unitId: acting.unitId, unitName: acting.unitName, typologyId: null, typology: '' },
    ...{ language: 'it', body: '' },
  }
  const stored: Stored<Fields> = template
    ? { version: template.version, fields: fieldsOf(template) }
    : { version: 0, fields: empty }
  const form = useForm<Fields>({
    name: template ? `answer-template:${template.id}` : 'new-answer-template',
    stored,
    fieldsOf: current => fieldsOf(current as AnswerTemplate),
    isOpen,
  })
  const { name, unitId, unitName, typologyId, typology, language, body } = form.fields
  const { dialog, errors } = useSaving<Fields, AnswerTemplate>(form, {
    ...{ stored, fieldsOf, onClose },
    how: template
      ? {
          change: ({ unitName: _unit, typology: _typology, ...body }, version) =>
            api.patch('/api/answer-templates/:templateId', { path: { templateId: template.id }, body, version }),
        }
      : {
          make: ({ unitName: _unit, typology: _typology, ...body }, keyFor) =>
            api.post('/api/answer-templates', { body, key: keyFor(body) }),
        },
    onSaved(saved) {
      void client.invalidateQueries({ queryKey: ['answer-templates'] })
      onSaved(saved)
    },
  })
  const label = (field: (typeof names)[number]) => t(`templates.fields.${field}`)
  return (
    <FormDialog
      title={template ? t('templates.change') : t('templates.new')}
      act={t('web:save')}
      isOpen={isOpen}
      onClose={onClose}
      wide
      {...dialog}
    >
      <FormNotices form={form} labels={Object.fromEntries(names.map(field => [field, label(field)]))} prose={['body']} />
      <TextField
        label={label('name')}
        value={name}
        onChange={typed => form.change({ name: typed })}
        error={errors.name}
        autoFocus
      />
      <div className="row top wrap">
        <div className="grow">
          <UnitField
            label={label('unitId')}
            value={unitId || null}
            text={unitName}
            onChange={(id, chosen) => form.change({ unitId: id ?? '', unitName: chosen })}
            error={errors.unitId}
          />
        </div>
        <Select
          label={label('language')}
          value={language}
          onChange={id => form.change({ language: spoken.find(each => each === id) ?? 'it' })}
          choices={spoken.map(id => ({ id, label: t(`templates.languages.${id}`) }))}
        />
      </div>
      <TypologyField
        value={typologyId}
        label={typology}
        onChange={(id, text) => form.change({ typologyId: id, typology: text })}
        error={errors.typologyId}
      />
      <small>{t('templates.typologyHint')}</small>
      <div className="template-sides">
        <TextArea
          label={label('body')}
          value={body}
          onChange={typed => form.change({ body: typed })}
          rows={10}
          error={errors.body}
        />
        <Preview body={body} language={language} unit={unitName} />
      </div>
      <div className="row wrap">
        <small>{t('templates.insert')}</small>
        {variableNames(language).map(variable => (
          <Button key={variable} onPress={() => form.change({ body: `${body}{{${variable}}}` })}>
            {variable}
          </Button>
        ))}
      </div>
    </FormDialog>
  )
}

/** What a citizen would read, with an invented one; what nobody can fill in is said as it is typed. */
export function Preview({ body, language, unit }: { body: string; language: AnswerTemplate['language']; unit: string }) {
  const { t } = useTranslation('web-mail')
  const { person, timeZone } = useSession()
  const unknown = unknownVariables(body)
  const values: TemplateValues = {
    ...{ citizen: t('templates.example.citizen'), code: '482 719 3056', typology: t('templates.example.typology') },
    ...{ unit, operator: person.name, subject: t('templates.example.subject') },
    today: letterDay(new Date(serverNow()), language, timeZone),
  }
  return (
    <section className="template-preview" aria-label={t('templates.preview')}>
      <div className="label">{t('templates.preview')}</div>
      {unknown.length > 0 && (
        <Notice tone="late">
          {t('templates.unknown', {
            names: unknown.map(name => `«${name}»`).join(', '),
            known: variableNames(language).join(', '),
          })}
        </Notice>
      )}
      <div className="prose mail-text">{fillTemplate(body, values) || t('templates.nothingYet')}</div>
    </section>
  )
}
