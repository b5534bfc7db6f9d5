/** A guide that is written or changed: its words in each language, and its steps, which can be moved, added and taken out. */

import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { contactLanguages } from '../../src/contacts/choices.ts'
import type { ContactLanguage } from '../../src/contacts/model.ts'
import type { Guide, GuideContent, GuideStep } from '../../src/guides/model.ts'
import { api, errorsOf, missing } from '../shared/api.ts'
import { goToStep } from '../shared/focus.ts'
import { FormNotices } from '../shared/form/notices.tsx'
import { useForm } from '../shared/form/use-form.ts'
import { useIdempotencyKey } from '../shared/forms.ts'
import { Several } from '../shared/several.tsx'
import { TypologyField } from '../shared/typology.tsx'
import { Button, Card, CheckBox, notify, Problem, Select, TextArea, TextField } from '../shared/ui/index.ts'
import { useTakeIn } from './queries.ts'

type Other = Exclude<ContactLanguage, 'it'>
interface Fields extends Omit<GuideContent, 'typologyIds'> {
  typologies: readonly { id: string; name: string }[]
  reason: string
}

const newStep = (): GuideStep => ({
  ...{ id: `step-${crypto.randomUUID().slice(0, 8)}`, title: '', help: '', citizen: '', otherwise: '' },
  ...{ optional: false, words: {} },
})
const empty: GuideContent = { title: '', summary: '', needs: '', words: {}, typologyIds: [], steps: [] }

const fieldsOf = ({ typologyIds, ...content }: GuideContent, names: ReadonlyMap<string, string>): Fields => ({
  ...content,
  typologies: typologyIds.map(id => ({ id, name: names.get(id) ?? id })),
  reason: '',
})
const contentOf = ({ typologies, reason: _, ...content }: Fields): GuideContent => ({
  ...content,
  typologyIds: typologies.map(({ id }) => id),
})

/** @param begins what stands in the form at first: the guide as it is, or an earlier version of it */
export function GuideForm({
  guide,
  begins,
  onClose,
  onSaved,
}: {
  guide?: Guide
  begins?: GuideContent
  onClose: () => void
  onSaved: (saved: Guide) => void
}) {
  const { t } = useTranslation('web-guides')
  const takeIn = useTakeIn()
  const key = useIdempotencyKey()
  const [names] = useState(() => new Map(guide?.typologies.map(({ id, name }) => [id, name])))
  const [nothing] = useState(() => ({ ...fieldsOf(empty, names), steps: [newStep()] }))
  const stored = { version: guide?.version ?? 0, fields: guide ? fieldsOf(guide.content, names) : nothing }
  const form = useForm<Fields>({
    name: guide ? `guide:${guide.id}` : 'new-guide',
    stored,
    fieldsOf: current => fieldsOf((current as Pick<Guide, 'content'>).content, names),
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: an earlier version is taken once, when the form is opened with it
  useEffect(() => {
    if (begins && begins !== guide?.content) form.change(fieldsOf(begins, names))
  }, [])
  const [language, setLanguage] = useState<ContactLanguage>('it')
  const save = useMutation({
    async mutationFn() {
      const { reason } = form.fields
      if (reason.trim() === '') throw missing({ reason: t('form.writeReason') })
      const body = { content: contentOf(form.fields), reason }
      const done = (saved: Guide) => {
        takeIn(saved)
        notify(t('form.saved', saved))
        onSaved(saved)
      }
      if (!guide) {
        const saved = await api.post('/api/guides', { body, key: key.keyFor(body) })
        form.clear(stored)
        return done(saved)
      }
      await form.send(async (_, version) => {
        const path = { guideId: guide.id }
        const saved = await api.put('/api/guides/:guideId', { path, body: { ...body, retired: guide.retired }, version })
        done(saved)
        return { version: saved.version, fields: fieldsOf(saved.content, names) }
      })
    },
  })
  const errors = errorsOf(save.error)
  const { fields } = form
  return (
    <article className="guide">
      <h2>{guide ? t('change') : t('new')}</h2>
      <FormNotices
        form={form}
        labels={{
          ...{ title: t('form.title'), summary: t('form.summary'), needs: t('form.needs'), steps: t('allSteps') },
          ...{ typologies: t('form.typologies'), words: t('languages'), reason: t('form.reason') },
        }}
      />
      <Select
        label={t('form.language')}
        hint={t('form.languageHint')}
        value={language}
        onChange={id => setLanguage(contactLanguages.find(each => each === id) ?? 'it')}
        choices={contactLanguages.map(id => ({ id, label: t(`languageNames.${id}`) }))}
      />
      {language === 'it' ? (
        <InItalian fields={fields} onChange={form.change} errors={errors} />
      ) : (
        <InOther language={language} fields={fields} onChange={form.change} errors={errors} />
      )}
      <TextField
        label={t('form.reason')}
        hint={t('form.reasonHint')}
        value={fields.reason}
        onChange={reason => form.change({ reason })}
        error={errors.reason}
      />
      <Problem error={save.error} />
      <div className="row wrap">
        <Button
          tone="primary"
          isPending={save.isPending}
          why={form.clashes.some(each => each.choice === 'open') ? t('web:form.chooseFirst') : null}
          onPress={() => save.mutate()}
        >
          {t('form.save')}
        </Button>
        <Button onPress={onClose}>{t('form.cancel')}</Button>
      </div>
    </article>
  )
}

interface PartProps {
  fields: Fields
  onChange: (part: Partial<Fields>) => void
  errors: Readonly<Record<string, string | undefined>>
}

function InItalian({ fields, onChange, errors }: PartProps) {
  const { t } = useTranslation('web-guides')
  const { steps } = fields
  const move = (from: number, to: number) => {
    const moved = steps.toSpliced(from, 1)
    const step = steps[from]
    if (!step) return
    onChange({ steps: moved.toSpliced(to, 0, step) })
    goToStep(`guide-step-${step.id}`)
  }
  const remove = (n: number) => {
    const step = steps[n]
    if (!step) return
    onChange({ steps: steps.toSpliced(n, 1) })
    notify(t('form.removed', { title: step.title }), 'plain', {
      label: t('form.restore'),
      run: () => onChange({ steps: steps.toSpliced(n, 1).toSpliced(n, 0, step) }),
    })
    goToStep('add-guide-step')
  }
  const add = () => {
    const step = newStep()
    onChange({ steps: [...steps, step] })
    goToStep(`guide-step-${step.id}`)
  }
  return (
    <>
      <TextField
        label={t('form.title')}
        value={fields.title}
        onChange={title => onChange({ title })}
        error={errors['content.title']}
      />
      <TextArea
        label={t('form.summary')}
        hint={t('form.summaryHint')}
        value={fields.summary}
        onChange={summary => onChange({ summary })}
        error={errors['content.summary']}
        rows={2}
      />
      <TextArea
        label={t('form.needs')}
        hint={t('form.needsHint')}
        value={fields.needs}
        onChange={needs => onChange({ needs })}
        error={errors['content.needs']}
        rows={2}
      />
      <Several
        label={t('form.typologies')}
        chosen={fields.typologies}
        onChange={typologies => onChange({ typologies })}
        error={errors['content.typologyIds']}
      >
        {choose => (
          <TypologyField
            key={fields.typologies.length}
            value={null}
            label=""
            onChange={(id, name) => id !== null && choose({ id, name })}
          />
        )}
      </Several>
      {steps.map((step, n) => (
        <StepCard
          key={step.id}
          step={step}
          n={n}
          last={n === steps.length - 1}
          onChange={change => onChange({ steps: steps.with(n, { ...step, ...change }) })}
          onMove={by => move(n, n + by)}
          onRemove={() => remove(n)}
          errors={errors}
        />
      ))}
      <div className="row">
        <Button icon="plus" step="add-guide-step" onPress={add}>
          {t('form.addStep')}
        </Button>
      </div>
    </>
  )
}

function StepCard({
  step,
  n,
  last,
  onChange,
  onMove,
  onRemove,
  errors,
}: {
  step: GuideStep
  n: number
  last: boolean
  onChange: (change: Partial<GuideStep>) => void
  onMove: (by: number) => void
  onRemove: () => void
  errors: PartProps['errors']
}) {
  const { t } = useTranslation('web-guides')
  const errorOf = (field: keyof GuideStep) => errors[`content.steps.${n}.${field}`]
  return (
    <Card
      title={t('form.step', { n: n + 1 })}
      aside={
        <span className="row tight">
          {n > 0 && (
            <Button
              tone="quiet"
              icon="chevron-left"
              label={t('form.up', { n: n + 1 })}
              className="turn-up"
              onPress={() => onMove(-1)}
            />
          )}
          {!last && (
            <Button
              tone="quiet"
              icon="chevron-right"
              label={t('form.down', { n: n + 1 })}
              className="turn-up"
              onPress={() => onMove(1)}
            />
          )}
          <Button tone="quiet" icon="close" label={t('form.remove', { n: n + 1 })} onPress={onRemove} />
        </span>
      }
    >
      <div className="col">
        <TextField
          label={t('form.stepTitle')}
          step={`guide-step-${step.id}`}
          value={step.title}
          onChange={title => onChange({ title })}
          error={errorOf('title')}
        />
        <TextArea
          label={t('form.help')}
          value={step.help}
          onChange={help => onChange({ help })}
          error={errorOf('help')}
          rows={2}
        />
        <TextArea
          label={t('form.citizen')}
          value={step.citizen}
          onChange={citizen => onChange({ citizen })}
          error={errorOf('citizen')}
          rows={2}
        />
        <TextArea
          label={t('form.otherwise')}
          value={step.otherwise}
          onChange={otherwise => onChange({ otherwise })}
          error={errorOf('otherwise')}
          rows={2}
        />
        <CheckBox isSelected={step.optional} onChange={optional => onChange({ optional })}>
          {t('form.optional')}
        </CheckBox>
      </div>
    </Card>
  )
}

/** What a citizen reads in another language; the Italian stands above each field. A language with no title is none of the guide's. */
function InOther({ language, fields, onChange, errors }: PartProps & { language: Other }) {
  const { t } = useTranslation('web-guides')
  const own = fields.words[language] ?? { title: '', summary: '', needs: '' }
  const set = (change: Partial<typeof own>) => {
    const next = { ...own, ...change }
    const { [language]: _, ...others } = fields.words
    const isEmpty = next.title === '' && next.summary === '' && next.needs === ''
    onChange({ words: isEmpty ? others : { ...others, [language]: next } })
  }
  const setStep = (n: number, change: { title?: string; citizen?: string }) => {
    const step = fields.steps[n]
    if (!step) return
    const next = { ...(step.words[language] ?? { title: '', citizen: '' }), ...change }
    const { [language]: _, ...others } = step.words
    const words = next.title === '' && next.citizen === '' ? others : { ...others, [language]: next }
    onChange({ steps: fields.steps.with(n, { ...step, words }) })
  }
  return (
    <>
      <TextField
        label={t('form.title')}
        hint={fields.title}
        value={own.title}
        onChange={title => set({ title })}
        error={errors[`content.words.${language}.title`]}
      />
      <TextArea
        label={t('form.summary')}
        hint={fields.summary}
        value={own.summary}
        onChange={summary => set({ summary })}
        error={errors[`content.words.${language}.summary`]}
        rows={2}
      />
      <TextArea label={t('form.needs')} hint={fields.needs} value={own.needs} onChange={needs => set({ needs })} rows={2} />
      {fields.steps.map((step, n) => (
        <Card key={step.id} title={t('form.step', { n: n + 1 })}>
          <div className="col">
            <TextField
              label={t('form.stepTitle')}
              hint={step.title}
              value={step.words[language]?.title ?? ''}
              onChange={title => setStep(n, { title })}
              error={errors[`content.steps.${n}.words.${language}.title`]}
            />
            <TextArea
              label={t('form.citizen')}
              hint={step.citizen}
              value={step.words[language]?.citizen ?? ''}
              onChange={citizen => setStep(n, { citizen })}
              error={errors[`content.steps.${n}.words.${language}.citizen`]}
              rows={2}
            />
          </div>
        </Card>
      ))}
    </>
  )
}
