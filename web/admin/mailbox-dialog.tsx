/** What is asked of a mailbox; tried on the server before it is kept. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Mailbox, MailboxSecurity, TrialOutcome } from '../../src/channels/mailboxes/model.ts'
import { api, errorsOf, missing } from '../shared/api.ts'
import { FormNotices } from '../shared/form/notices.tsx'
import type { Stored } from '../shared/form/state.ts'
import { useForm } from '../shared/form/use-form.ts'
import { useIdempotencyKey } from '../shared/forms.ts'
import { Button, FormDialog, Notice, Problem, Select, TextArea, TextField } from '../shared/ui/index.ts'
import { UnitField } from '../shared/unit-field.tsx'

interface Fields {
  address: string
  unitId: string
  unitName: string
  kind: Mailbox['kind']
  host: string
  port: string
  security: MailboxSecurity
  userName: string
  folder: string
  afterwards: Mailbox['afterwards']
  moveTo: string
  signature: string
  enabled: boolean
}

const kinds = ['ordinary', 'pec'] as const
const securities = ['tls', 'starttls', 'none'] as const
const endings = ['mark', 'move', 'delete'] as const
/** What belongs to each protection by custom. */
const ports: Readonly<Record<MailboxSecurity, string>> = { tls: '993', starttls: '143', none: '143' }

const empty: Fields = {
  ...{ address: '', unitId: '', unitName: '', kind: 'ordinary', host: '', port: '993', security: 'tls', userName: '' },
  ...{ folder: 'INBOX', afterwards: 'mark', moveTo: '', signature: '', enabled: true },
}

const fieldsOf = ({
  address,
  unit,
  kind,
  host,
  port,
  security,
  userName,
  folder,
  afterwards,
  moveTo,
  signature,
  enabled,
}: Mailbox): Fields => ({
  ...{ address, unitId: unit.id, unitName: unit.name, kind, host, port: String(port), security, userName },
  ...{ folder, afterwards, moveTo: moveTo ?? '', signature, enabled },
})

const settingsOf = ({ unitName: _name, port, moveTo, afterwards, ...fields }: Fields) => ({
  ...fields,
  port: Number(port),
  afterwards,
  moveTo: afterwards === 'move' ? moveTo : null,
})

/** @param mailbox the one that is changed; without it a new one is made */
export function MailboxDialog({
  mailbox,
  isOpen,
  onClose,
  onSaved,
}: {
  mailbox?: Mailbox
  isOpen: boolean
  onClose: () => void
  onSaved: (mailbox: Mailbox) => void
}) {
  const { t } = useTranslation('web-mail')
  const client = useQueryClient()
  const key = useIdempotencyKey()
  const stored: Stored<Fields> = mailbox ? { version: mailbox.version, fields: fieldsOf(mailbox) } : { version: 0, fields: empty }
  const form = useForm<Fields>({
    name: mailbox ? `mailbox:${mailbox.id}` : 'new-mailbox',
    stored,
    fieldsOf: () => stored.fields,
    isOpen,
  })
  // A password is never kept as a draft.
  const [secretTyped, setSecret] = useState('')
  const secret = { value: secretTyped, change: setSecret }
  const { fields } = form
  const trial = useMutation({
    mutationFn: (): Promise<TrialOutcome> => {
      const { host, port, security, userName, folder } = settingsOf(fields)
      const body = {
        ...{ host, port, security, userName, folder },
        ...(secret.value === '' ? {} : { secret: secret.value }),
        ...(mailbox ? { mailboxId: mailbox.id } : {}),
      }
      return api.post('/api/mailbox-trials', { body })
    },
  })
  const save = useMutation({
    mutationFn: async (): Promise<Mailbox> => {
      const { kind, ...settings } = settingsOf(fields)
      const typed = secret.value === '' ? {} : { secret: secret.value }
      if (mailbox)
        return api.patch('/api/mailboxes/:mailboxId', {
          path: { mailboxId: mailbox.id },
          body: { ...settings, ...typed },
          version: form.version,
        })
      if (secret.value === '') throw missing({ secret: t('mailboxes.typeSecret') })
      const body = { ...settings, kind, secret: secret.value }
      return api.post('/api/mailboxes', { body, key: key.keyFor(settings) })
    },
    onSuccess(saved) {
      key.renew()
      form.clear(mailbox ? { version: saved.version, fields: fieldsOf(saved) } : stored)
      secret.change('')
      void client.invalidateQueries({ queryKey: ['mailboxes'] })
      onSaved(saved)
    },
  })
  const errors = errorsOf(save.error ?? trial.error)
  const label = (name: keyof Fields) => t(`mailboxes.fields.${name}`)
  const text = (name: 'address' | 'host' | 'port' | 'userName' | 'folder' | 'moveTo') => ({
    label: label(name),
    value: fields[name],
    onChange: (typed: string) => form.change({ [name]: typed }),
    error: errors[name],
  })
  return (
    <FormDialog
      title={mailbox ? t('mailboxes.change') : t('mailboxes.new')}
      act={t('web:save')}
      isOpen={isOpen}
      onClose={onClose}
      sending={save.isPending}
      error={save.error}
      onSubmit={() => save.mutate()}
    >
      <FormNotices form={form} labels={Object.fromEntries(fieldNames.map(name => [name, label(name)]))} />
      <TextField {...text('address')} type="email" autoFocus />
      <UnitField
        label={label('unitId')}
        value={fields.unitId || null}
        text={fields.unitName}
        onChange={(id, name) => form.change({ unitId: id ?? '', unitName: name })}
        error={errors.unitId}
      />
      {!mailbox && (
        <Select
          label={label('kind')}
          value={fields.kind}
          onChange={id => form.change({ kind: kinds.find(each => each === id) ?? 'ordinary' })}
          choices={kinds.map(id => ({ id, label: t(`mailboxes.kinds.${id}`) }))}
        />
      )}
      <TextField {...text('host')} />
      <div className="row top">
        <Select
          label={label('security')}
          className="grow"
          value={fields.security}
          onChange={id => {
            const security = securities.find(each => each === id) ?? 'tls'
            form.change({ security, ...(fields.port === ports[fields.security] ? { port: ports[security] } : {}) })
          }}
          choices={securities.map(id => ({ id, label: t(`mailboxes.security.${id}`) }))}
        />
        <TextField {...text('port')} inputMode="numeric" />
      </div>
      <TextField {...text('userName')} autoComplete="off" />
      <TextField
        label={t('mailboxes.secret')}
        type="password"
        autoComplete="new-password"
        value={secret.value}
        onChange={secret.change}
        hint={mailbox ? t('mailboxes.secretKept') : undefined}
        error={errors.secret}
      />
      <TextField {...text('folder')} />
      <div className="row wrap">
        <Button isPending={trial.isPending} onPress={() => trial.mutate()}>
          {t('mailboxes.try')}
        </Button>
      </div>
      {trial.data && (
        <Notice tone={trial.data.ok ? 'ok' : 'late'} live>
          {trial.data.sentence}
          {trial.data.detail && <div className="small anywhere">{t('mailboxes.serverSaid', { text: trial.data.detail })}</div>}
          {trial.data.folders.length > 0 && (
            <div className="small anywhere">{t('mailboxes.folders', { list: trial.data.folders.join(', ') })}</div>
          )}
        </Notice>
      )}
      <Problem error={trial.error} />
      <Select
        label={label('afterwards')}
        value={fields.afterwards}
        onChange={id => form.change({ afterwards: endings.find(each => each === id) ?? 'mark' })}
        choices={endings.map(id => ({ id, label: t(`mailboxes.afterwards.${id}`) }))}
      />
      {fields.afterwards === 'move' && <TextField {...text('moveTo')} />}
      <TextArea
        label={label('signature')}
        value={fields.signature}
        onChange={signature => form.change({ signature })}
        error={errors.signature}
      />
      <Select
        label={label('enabled')}
        value={fields.enabled ? 'on' : 'off'}
        onChange={id => form.change({ enabled: id === 'on' })}
        choices={[
          { id: 'on', label: t('mailboxes.on') },
          { id: 'off', label: t('mailboxes.off') },
        ]}
      />
    </FormDialog>
  )
}

const fieldNames = [
  ...(['address', 'unitId', 'kind', 'host', 'port', 'security', 'userName', 'folder'] as const),
  ...(['afterwards', 'moveTo', 'signature', 'enabled'] as const),
]
