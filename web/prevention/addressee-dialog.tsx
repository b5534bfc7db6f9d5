/** One of the register, added or changed. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { addresseeKinds } from '../../src/prevention/choices.ts'
import type { Addressee, AddresseeKind } from '../../src/prevention/model.ts'
import { api, errorsOf } from '../shared/api.ts'
import { FormNotices } from '../shared/form/notices.tsx'
import type { Stored } from '../shared/form/state.ts'
import { useForm } from '../shared/form/use-form.ts'
import { useIdempotencyKey } from '../shared/forms.ts'
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
  const key = useIdempotencyKey()
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
  const done = () => {
    void client.invalidateQueries({ queryKey: ['addressees'] })
    onClose()
  }
  const save = useMutation({
    async mutationFn() {
      if (!addressee) {
        const body = { name, kind, regionCode }
        await api.post('/api/addressees', { body, key: key.keyFor(body) })
        key.renew()
        form.clear(stored)
        return done()
      }
      await form.send(async (changed, version) => {
        const path = { addresseeId: addressee.id }
        const saved = await api.patch('/api/addressees/:addresseeId', { path, body: changed, version })
        done()
        return { version: saved.version, fields: fieldsOf(saved) }
      })
    },
  })
  const errors = errorsOf(save.error)
  return (
    <FormDialog
      title={addressee ? t('change') : t('addressees.new')}
      act={t('web:save')}
      isOpen
      onClose={onClose}
      sending={save.isPending}
      why={form.clashes.some(each => each.choice === 'open') ? t('web:form.chooseFirst') : null}
      error={save.error}
      onSubmit={() => save.mutate()}
    >
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
