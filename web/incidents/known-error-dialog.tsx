/** A known error, kept or changed: by what it is recognised, and the way around it. From an incident, what is known of that stands there already. */
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Incident, KnownError } from '../../src/incidents/model.ts'
import { api } from '../shared/api.ts'
import { FormNotices } from '../shared/form/notices.tsx'
import type { Stored } from '../shared/form/state.ts'
import { useForm } from '../shared/form/use-form.ts'
import { useSaving } from '../shared/form/use-saving.ts'
import { TypologyField } from '../shared/typology.tsx'
import { FormDialog, Select, TextArea, TextField } from '../shared/ui/index.ts'
import { useProcedures } from './queries.ts'

interface Fields {
  title: string
  procedureId: string | null
  typologyId: string | null
  typology: string
  symptom: string
  workaround: string
}
const names = ['title', 'procedureId', 'typologyId', 'symptom', 'workaround'] as const
const none = 'none'

const fieldsOf = ({ title, procedureId, typologyId, typology, symptom, workaround }: KnownError): Fields => ({
  ...{ title, procedureId, typologyId, typology: typology ?? '', symptom, workaround },
})

export function KnownErrorDialog({
  known,
  incident,
  isOpen,
  onClose,
  onSaved,
}: {
  /** The one that is changed; without it a new one is kept. */
  known?: KnownError
  /** By which a new one became known. */
  incident?: Incident
  isOpen: boolean
  onClose: () => void
  onSaved: (known: KnownError) => void
}) {
  const { t } = useTranslation('web-incidents')
  const client = useQueryClient()
  const procedures = useProcedures().data?.items ?? []
  const empty: Fields = {
    ...{ title: incident?.title ?? '', procedureId: incident?.procedureId ?? null },
    ...{ typologyId: null, typology: '', symptom: '', workaround: incident?.workaround ?? '' },
  }
  const stored: Stored<Fields> = known ? { version: known.version, fields: fieldsOf(known) } : { version: 0, fields: empty }
  const form = useForm<Fields>({
    name: known ? `known-error:${known.id}` : `new-known-error:${incident?.id ?? ''}`,
    stored,
    fieldsOf: current => fieldsOf(current as KnownError),
    isOpen,
  })
  const { title, procedureId, typologyId, typology, symptom, workaround } = form.fields
  const { dialog, errors } = useSaving<Fields, KnownError>(form, {
    ...{ stored, fieldsOf, onClose },
    how: known
      ? {
          change: ({ typology: _label, ...body }, version) =>
            api.patch('/api/known-errors/:knownErrorId', { path: { knownErrorId: known.id }, body, version }),
        }
      : {
          make({ typology: _label, ...fields }, keyFor) {
            const body = { ...fields, incidentId: incident?.id ?? null }
            return api.post('/api/known-errors', { body, key: keyFor(body) })
          },
        },
    onSaved(saved) {
      void client.invalidateQueries({ queryKey: ['known-errors'] })
      onSaved(saved)
    },
  })
  const label = (field: (typeof names)[number]) => t(`known.fields.${field}`)
  return (
    <FormDialog
      title={known ? t('known.change') : t('known.new')}
      act={t('web:save')}
      isOpen={isOpen}
      onClose={onClose}
      wide
      {...dialog}
    >
      <FormNotices
        form={form}
        labels={Object.fromEntries(names.map(field => [field, label(field)]))}
        prose={['symptom', 'workaround']}
      />
      <TextField
        label={label('title')}
        value={title}
        onChange={typed => form.change({ title: typed })}
        error={errors.title}
        autoFocus
      />
      <Select
        label={label('procedureId')}
        value={procedureId ?? none}
        onChange={id => form.change({ procedureId: id === none ? null : id })}
        choices={[
          { id: none, label: t('noProcedure') },
          ...procedures.filter(each => !each.retired || each.id === procedureId).map(({ id, name }) => ({ id, label: name })),
        ]}
        error={errors.procedureId}
      />
      <TypologyField
        value={typologyId}
        label={typology}
        onChange={(id, text) => form.change({ typologyId: id, typology: text })}
        error={errors.typologyId}
      />
      <TextArea
        label={label('symptom')}
        value={symptom}
        onChange={typed => form.change({ symptom: typed })}
        rows={3}
        error={errors.symptom}
      />
      <TextArea
        label={label('workaround')}
        value={workaround}
        onChange={typed => form.change({ workaround: typed })}
        rows={4}
        error={errors.workaround}
      />
    </FormDialog>
  )
}
