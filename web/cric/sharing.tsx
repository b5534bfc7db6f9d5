/** How a section shares out its questions: from a list, or offered to who is available. For who coordinates it. */
import { useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { SectionSharing } from '../../src/cases/model.ts'
import { api, missing } from '../shared/api.ts'
import { FormNotices } from '../shared/form/notices.tsx'
import type { Stored } from '../shared/form/state.ts'
import { useForm } from '../shared/form/use-form.ts'
import { useSending } from '../shared/forms.ts'
import { FormDialog, Loading, notify, Problem, Select, TextField } from '../shared/ui/index.ts'
import { type SectionDialogProps, SectionSettings } from './section-settings.tsx'
import { sharingKey, useSharing } from './tickets.ts'

const most = { capacity: 50, offerMinutes: 240 } as const

export function SharingSettings({ sections }: { sections: SectionDialogProps['sections'] }) {
  const { t } = useTranslation('web-cric')
  return (
    <SectionSettings label={t('sharing.open')} sections={sections}>
      {props => <SharingDialog key={props.section.id} {...props} />}
    </SectionSettings>
  )
}

function SharingDialog(props: SectionDialogProps) {
  const sharing = useSharing(props.section.id)
  if (sharing.data) return <SharingForm {...props} sharing={sharing.data} />
  return sharing.error ? <Problem error={sharing.error} /> : <Loading />
}

interface Fields {
  mode: SectionSharing['mode']
  capacity: string
  offerMinutes: string
}
type Known = Pick<SectionSharing, 'version' | 'mode' | 'capacity' | 'offerMinutes'>

const fieldsOf = ({ mode, capacity, offerMinutes }: Known): Fields => ({
  ...{ mode, capacity: String(capacity), offerMinutes: String(offerMinutes) },
})
const storedOf = (sharing: Known): Stored<Fields> => ({ version: sharing.version, fields: fieldsOf(sharing) })

function SharingForm({ section, sections, onChoose, onClose, sharing }: SectionDialogProps & { sharing: SectionSharing }) {
  const { t } = useTranslation('web-cric')
  const client = useQueryClient()
  const sending = useSending()
  // What stands at the server as far as this page has heard, also from a refusal.
  const newest = useRef<Known>(sharing)
  if (sharing.version > newest.current.version) newest.current = sharing
  const form = useForm<Fields>({
    name: `sharing:${section.id}`,
    stored: storedOf(sharing),
    fieldsOf: current => {
      newest.current = current as Known
      return fieldsOf(newest.current)
    },
  })
  const { mode, capacity, offerMinutes } = form.fields
  const mustChoose = form.clashes.some(each => each.choice === 'open')
  const wrong = (text: string, max: number) =>
    /^\d+$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= max ? null : t('sharing.number', { min: 1, max })
  const save = () => {
    const errors = {
      ...(wrong(capacity, most.capacity) === null ? {} : { capacity: wrong(capacity, most.capacity) ?? '' }),
      ...(wrong(offerMinutes, most.offerMinutes) === null ? {} : { offerMinutes: wrong(offerMinutes, most.offerMinutes) ?? '' }),
    }
    if (Object.keys(errors).length > 0) return sending.refuse(missing(errors))
    return void sending.send(async () => {
      const sent = await form.send(async (changed, version) => {
        // What was not typed here goes as it stands there: all of it is set at once.
        const whole = { ...fieldsOf(newest.current), ...changed }
        const body = { mode: whole.mode, capacity: Number(whole.capacity), offerMinutes: Number(whole.offerMinutes) }
        const saved = await api.put('/api/sections/:sectionId/sharing', { path: { sectionId: section.id }, body, version })
        client.setQueryData(sharingKey(section.id), saved)
        return storedOf(saved)
      })
      if (sent === 'clash') return
      void client.invalidateQueries({ queryKey: ['tickets'] })
      notify(t('sharing.saved'))
      onClose()
    })
  }
  return (
    <FormDialog
      title={t('sharing.title', { section: section.name })}
      act={t('sharing.save')}
      isOpen
      onClose={onClose}
      sending={sending.pending}
      error={sending.error}
      why={mustChoose ? t('web:form.chooseFirst') : null}
      onSubmit={save}
    >
      <FormNotices
        form={form}
        labels={{ mode: t('sharing.mode'), capacity: t('sharing.capacity'), offerMinutes: t('sharing.minutes') }}
        show={(field, value) => (field === 'mode' ? t(value === 'pool' ? 'sharing.pool' : 'sharing.distributed') : String(value))}
      />
      {sections.length > 1 && (
        <Select
          label={t('sharing.section')}
          value={section.id}
          onChange={onChoose}
          choices={sections.map(each => ({ id: each.id, label: each.name }))}
        />
      )}
      <Select
        label={t('sharing.mode')}
        value={mode}
        onChange={id => form.change({ mode: id === 'distributed' ? 'distributed' : 'pool' })}
        choices={(['pool', 'distributed'] as const).map(id => ({
          id,
          label: t(`sharing.${id}`),
          detail: t(`sharing.${id}Detail`),
        }))}
        hint={mode === 'pool' ? t('sharing.poolDetail') : t('sharing.distributedDetail')}
      />
      {mode === 'distributed' && (
        <>
          <TextField
            label={t('sharing.capacity')}
            value={capacity}
            onChange={text => {
              form.change({ capacity: text })
              sending.refuse(null)
            }}
            hint={t('sharing.capacityHint')}
            error={sending.fields.capacity}
            inputMode="numeric"
          />
          <TextField
            label={t('sharing.minutes')}
            value={offerMinutes}
            onChange={text => {
              form.change({ offerMinutes: text })
              sending.refuse(null)
            }}
            hint={t('sharing.minutesHint')}
            error={sending.fields.offerMinutes}
            inputMode="numeric"
          />
        </>
      )}
    </FormDialog>
  )
}
