/** Somebody of a product team, or an expert, who could be taken into a section. */
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { NewReserve } from '../../src/staffing/model.ts'
import { api } from '../shared/api.ts'
import { FormNotices } from '../shared/form/notices.tsx'
import { useForm } from '../shared/form/use-form.ts'
import { useIdempotencyKey, useSending } from '../shared/forms.ts'
import { FormDialog, Select, TextField } from '../shared/ui/index.ts'
import { membersKey } from './keys.ts'

const provenances = ['product-team', 'expert'] as const
const stored = { version: 0, fields: { name: '', provenance: 'product-team', subject: '' } as NewReserve }

export function ReserveDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('web-staffing')
  const client = useQueryClient()
  const key = useIdempotencyKey()
  const sending = useSending()
  const form = useForm<NewReserve>({ name: 'staff-reserve', stored, fieldsOf: () => stored.fields })
  const { name, provenance, subject } = form.fields
  const save = () =>
    void sending.send(async () => {
      const body = { name, provenance, subject }
      await api.post('/api/staffing/reserve', { body, key: key.keyFor(body) })
      key.renew()
      form.clear(stored)
      void client.invalidateQueries({ queryKey: membersKey })
      onClose()
    })
  return (
    <FormDialog
      isOpen
      title={t('reserve.add')}
      act={t('web:save')}
      sending={sending.pending}
      error={sending.error}
      onSubmit={save}
      onClose={onClose}
    >
      <FormNotices
        form={form}
        labels={{ name: t('fields.name'), provenance: t('fields.provenance'), subject: t('fields.subject') }}
      />
      <TextField
        label={t('fields.name')}
        value={name}
        onChange={typed => form.change({ name: typed })}
        error={sending.fields.name}
        autoFocus
      />
      <Select
        label={t('fields.provenance')}
        value={provenance}
        onChange={id => form.change({ provenance: provenances.find(each => each === id) ?? provenance })}
        choices={provenances.map(id => ({ id, label: t(`provenance.${id}`) }))}
      />
      <TextField
        label={t('fields.subject')}
        value={subject}
        onChange={typed => form.change({ subject: typed })}
        error={sending.fields.subject}
      />
    </FormDialog>
  )
}
