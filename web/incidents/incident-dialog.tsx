/** An incident, opened or changed: what does not work, where, for whom, and how to get on meanwhile. */
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Incident } from '../../src/incidents/model.ts'
import { api, serverNow } from '../shared/api.ts'
import { FormNotices } from '../shared/form/notices.tsx'
import type { Stored } from '../shared/form/state.ts'
import { useForm } from '../shared/form/use-form.ts'
import { useSaving } from '../shared/form/use-saving.ts'
import { exact } from '../shared/time.ts'
import { FormDialog, Select, TextArea, TextField } from '../shared/ui/index.ts'
import { useProcedures, useRegions, useSections } from './queries.ts'

interface Fields {
  title: string
  procedureId: string | null
  regionCode: string | null
  sectionId: string | null
  workaround: string
  expectedEnd: string | null
}
const names = ['title', 'procedureId', 'regionCode', 'sectionId', 'workaround', 'expectedEnd'] as const
const none = 'none'
/** In how many hours an incident may be over. */
export const hoursAhead = [1, 2, 4, 8, 24, 72] as const

const fieldsOf = ({ title, procedureId, regionCode, sectionId, workaround, expectedEnd }: Fields): Fields => ({
  ...{ title, procedureId, regionCode, sectionId, workaround, expectedEnd },
})
const empty: Fields = { title: '', procedureId: null, regionCode: null, sectionId: null, workaround: '', expectedEnd: null }

/** @param incident the one that is changed; without it a new one is opened */
export function IncidentDialog({
  incident,
  isOpen,
  onClose,
  onSaved,
}: {
  incident?: Incident
  isOpen: boolean
  onClose: () => void
  onSaved: (incident: Incident) => void
}) {
  const { t, i18n } = useTranslation('web-incidents')
  const client = useQueryClient()
  const procedures = useProcedures().data?.items ?? []
  const regions = useRegions().data?.items ?? []
  const sections = useSections().data?.items ?? []
  const stored: Stored<Fields> = incident
    ? { version: incident.version, fields: fieldsOf(incident) }
    : { version: 0, fields: empty }
  const form = useForm<Fields>({
    name: incident ? `incident:${incident.id}` : 'new-incident',
    stored,
    fieldsOf: current => fieldsOf(current as Incident),
    isOpen,
  })
  const { title, procedureId, regionCode, sectionId, workaround, expectedEnd } = form.fields
  const { dialog, errors } = useSaving<Fields, Incident>(form, {
    ...{ stored, fieldsOf, onClose },
    how: incident
      ? {
          change: (body, version) =>
            api.patch('/api/incidents/:incidentId', { path: { incidentId: incident.id }, body, version }),
        }
      : { make: (body, keyFor) => api.post('/api/incidents', { body, key: keyFor(body) }) },
    onSaved(saved) {
      client.setQueryData(['incident', saved.id], saved)
      void client.invalidateQueries({ queryKey: ['incidents'] })
      onSaved(saved)
    },
  })
  const label = (field: (typeof names)[number]) => t(`fields.${field}`)
  const chosen = (id: string | null) => (id === none ? null : id)
  return (
    <FormDialog title={incident ? t('change') : t('new')} act={t('web:save')} isOpen={isOpen} onClose={onClose} wide {...dialog}>
      <FormNotices form={form} labels={Object.fromEntries(names.map(field => [field, label(field)]))} prose={['workaround']} />
      <TextField
        label={label('title')}
        hint={t('fields.titleHint')}
        value={title}
        onChange={typed => form.change({ title: typed })}
        error={errors.title}
        autoFocus
      />
      <div className="incident-fields">
        <Select
          label={label('procedureId')}
          value={procedureId ?? none}
          onChange={id => form.change({ procedureId: chosen(id) })}
          choices={[
            { id: none, label: t('noProcedure') },
            ...procedures.filter(each => !each.retired || each.id === procedureId).map(({ id, name }) => ({ id, label: name })),
          ]}
          error={errors.procedureId}
        />
        <Select
          label={label('regionCode')}
          value={regionCode ?? none}
          onChange={id => form.change({ regionCode: chosen(id) })}
          choices={[{ id: none, label: t('country') }, ...regions.map(({ code, name }) => ({ id: code, label: name }))]}
          error={errors.regionCode}
        />
        <Select
          label={label('sectionId')}
          value={sectionId ?? none}
          onChange={id => form.change({ sectionId: chosen(id) })}
          choices={[{ id: none, label: t('allSections') }, ...sections.map(({ id, name }) => ({ id, label: name }))]}
          error={errors.sectionId}
        />
        <Select
          label={label('expectedEnd')}
          value={expectedEnd === null ? none : 'set'}
          onChange={id => form.change({ expectedEnd: id === none ? null : id === 'set' ? expectedEnd : inHours(Number(id)) })}
          choices={[
            { id: none, label: t('endUnknown') },
            ...(expectedEnd === null ? [] : [{ id: 'set', label: exact(Date.parse(expectedEnd), i18n.language) }]),
            ...hoursAhead.map(hours => ({ id: String(hours), label: t('inHours', { count: hours }) })),
          ]}
          error={errors.expectedEnd}
        />
      </div>
      <TextArea
        label={label('workaround')}
        hint={t('fields.workaroundHint')}
        value={workaround}
        onChange={typed => form.change({ workaround: typed })}
        rows={4}
        error={errors.workaround}
      />
    </FormDialog>
  )
}

/** The instant in some hours, at the full minute. */
export const inHours = (hours: number): string =>
  new Date(Math.ceil(serverNow() / 60_000) * 60_000 + hours * 3_600_000).toISOString()
