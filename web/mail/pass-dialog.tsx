/** Passing a mail on inside the institute: to whom, and why. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { IncomingMail } from '../../src/cases/mails/model.ts'
import { api, errorsOf } from '../shared/api.ts'
import { DraftNotice } from '../shared/form/notices.tsx'
import type { Stored } from '../shared/form/state.ts'
import { useForm } from '../shared/form/use-form.ts'
import { ComboBox, FormDialog, TextArea } from '../shared/ui/index.ts'

interface Fields {
  unitId: string | null
  unitName: string
  note: string
}
const begun: Stored<Fields> = { version: 0, fields: { unitId: null, unitName: '', note: '' } }

export function PassDialog({
  mail,
  isOpen,
  onClose,
  onPassed,
}: {
  mail: IncomingMail
  isOpen: boolean
  onClose: () => void
  onPassed: (unitName: string) => void
}) {
  const { t } = useTranslation('web-mail')
  const form = useForm<Fields>({ name: `pass-mail:${mail.id}`, stored: begun, fieldsOf: () => begun.fields, isOpen })
  const { unitId, unitName, note } = form.fields
  const [text, setText] = useState('')
  const q = useDeferredValue(text.trim())
  const path = { interactionId: mail.id }
  const found = useQuery({
    queryKey: ['mail-destinations', mail.id, q],
    queryFn: ({ signal }) => api.get('/api/mails/:interactionId/destinations', { path, query: { q }, signal }),
    placeholderData: earlier => earlier,
    enabled: isOpen,
  })
  const pass = useMutation({
    mutationFn: () => api.post('/api/mails/:interactionId/pass', { path, body: { unitId: unitId ?? '', note } }),
    onSuccess() {
      form.clear(begun)
      onPassed(unitName)
    },
  })
  const errors = errorsOf(pass.error)
  return (
    <FormDialog
      title={t('pass.title')}
      act={t('pass.act')}
      isOpen={isOpen}
      onClose={onClose}
      sending={pass.isPending}
      why={unitId === null ? t('pass.chooseUnit') : null}
      error={pass.error}
      onSubmit={() => pass.mutate()}
    >
      <DraftNotice form={form} />
      <p className="small muted">{t('pass.text')}</p>
      <ComboBox
        label={t('pass.unit')}
        icon="pa"
        autoFocus
        value={unitId}
        text={unitName}
        onSearch={setText}
        onChange={id => {
          const chosen = found.data?.items.find(unit => unit.unitId === id)
          form.change({ unitId: id, unitName: chosen?.name ?? '' })
        }}
        choices={(found.data?.items ?? []).map(unit => ({ id: unit.unitId, label: unit.name }))}
        isLoading={found.isFetching}
        error={errors.unitId}
      />
      <TextArea
        label={t('pass.note')}
        value={note}
        onChange={typed => form.change({ note: typed })}
        rows={4}
        error={errors.note}
      />
    </FormDialog>
  )
}
