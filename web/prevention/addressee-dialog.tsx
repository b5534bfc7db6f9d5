/** One of the register, added or changed. */
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { addresseeKinds } from '../../src/prevention/choices.ts'
import type { Addressee, AddresseeKind } from '../../src/prevention/model.ts'
import { api } from '../shared/api.ts'
import { FormNotices } from '../shared/form/notices.tsx'
import type { Stored } from '../shared/form/state.ts'
import { useForm } from '../shared/form/use-form.ts'
import { useSaving } from '../shared/form/use-saving.ts'
import { FormDialog, Select, TextField } from '../shared/ui/index.ts'
import { useRegions } from './queries.ts'

interface Fields {
  name: string
  kind: AddresseeKind
  regionCode: string | null
}
const country = 'country'
const fieldsOf = ({ name, kind, regionCode }: Fields): Fields => ({ name, kind, regionCode })

export function AddresseeDialog({ addressee, onClose }: { addressee?: Addressee; onClose: () => void }) {
  const { t } = useTranslation('web-prevention')
  const client = useQueryClient()
  const regions = useRegions().data?.items
  const stored: Stored<Fields> = addressee
    ? { version: addressee.version, fields: fieldsOf(addressee) }
    : { version: 0, fields: { name: '', kind: 'body', regionCode: null } }
  const form = useForm<Fields>({
    name: addressee ? `addressee:${addressee.id}` : 'new-addressee',
    stored,
    fieldsOf: current => fieldsOf(current as Fields),
  })
  const { name, kind, regionCode } = form.fields
  const { dialog, errors } = useSaving<Fields, Addressee>(form, {
    ...{ stored, fieldsOf, onClose },
    how: addressee
      ? {
          change: (body, version) =>
            api.patch('/api/addressees/:addresseeId', { path: { addresseeId: addressee.id }, body, version }),
        }
      : { make: (body, keyFor) => api.post('/api/addressees', { body, key: keyFor(body) }) },
    onSaved() {
      void client.invalidateQueries({ queryKey: ['addressees'] })
      onClose()
    },
  })
  return (
    <FormDialog title={addressee ? t('change') : t('addressees.new')} act={t('web:save')} isOpen onClose={onClose} {...dialog}>
      <FormNotices
        form={form}
        labels={{ name: t('addressees.name'), kind: t('fields.kind'), regionCode: t('fields.regionCode') }}
      />
      <TextField
        label={t('addressees.name')}
        hint={t('addressees.nameHint')}
        value={name}
        onChange={typed => form.change({ name: typed })}
        error={errors.name}
        autoFocus
      />
      <Select
        label={t('fields.kind')}
        value={kind}
        onChange={id => form.change({ kind: addresseeKinds.find(each => each === id) ?? kind })}
        choices={addresseeKinds.map(id => ({ id, label: t(`addressees.kinds.${id}`) }))}
      />
      <Select
        label={t('fields.regionCode')}
        value={regionCode ?? country}
        onChange={id => form.change({ regionCode: id === country ? null : id })}
        choices={regions && [{ id: country, label: t('country') }, ...regions.map(each => ({ id: each.code, label: each.name }))]}
        error={errors.regionCode}
      />
    </FormDialog>
  )
}
