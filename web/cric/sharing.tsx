/** How a section shares out its questions: from a list, or offered to who is available. For who coordinates it. */
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SectionSharing } from '../../src/cases/model.ts'
import { api, missing } from '../shared/api.ts'
import { useSending } from '../shared/forms.ts'
import { Button, FormDialog, Loading, notify, Problem, Select, TextField } from '../shared/ui/index.ts'
import { sharingKey, useSharing } from './tickets.ts'

const most = { capacity: 50, offerMinutes: 240 } as const

export function SharingSettings({ sections }: { sections: readonly { id: string; name: string }[] }) {
  const { t } = useTranslation('web-cric')
  const [isOpen, setOpen] = useState(false)
  const [chosen, setChosen] = useState<string | null>(null)
  const section = sections.find(each => each.id === chosen) ?? sections[0]
  if (!section) return null
  return (
    <>
      <Button icon="settings" onPress={() => setOpen(true)}>
        {t('sharing.open')}
      </Button>
      {isOpen && (
        <SharingDialog
          key={section.id}
          section={section}
          sections={sections}
          onChoose={setChosen}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  )
}

interface Props {
  section: { id: string; name: string }
  sections: readonly { id: string; name: string }[]
  onChoose: (id: string | null) => void
  onClose: () => void
}

function SharingDialog(props: Props) {
  const sharing = useSharing(props.section.id)
  if (sharing.data) return <SharingForm {...props} sharing={sharing.data} />
  return sharing.error ? <Problem error={sharing.error} /> : <Loading />
}

function SharingForm({ section, sections, onChoose, onClose, sharing }: Props & { sharing: SectionSharing }) {
  const { t } = useTranslation('web-cric')
  const client = useQueryClient()
  const sending = useSending()
  const [mode, setMode] = useState(sharing.mode)
  const [capacity, setCapacity] = useState(String(sharing.capacity))
  const [offerMinutes, setOfferMinutes] = useState(String(sharing.offerMinutes))
  const wrong = (text: string, max: number) =>
    /^\d+$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= max ? null : t('sharing.number', { min: 1, max })
  const save = () => {
    const errors = {
      ...(wrong(capacity, most.capacity) === null ? {} : { capacity: wrong(capacity, most.capacity) ?? '' }),
      ...(wrong(offerMinutes, most.offerMinutes) === null ? {} : { offerMinutes: wrong(offerMinutes, most.offerMinutes) ?? '' }),
    }
    if (Object.keys(errors).length > 0) return sending.refuse(missing(errors))
    return void sending.send(async () => {
      const body = { mode, capacity: Number(capacity), offerMinutes: Number(offerMinutes) }
      client.setQueryData(
        sharingKey(section.id),
        await api.put('/api/sections/:sectionId/sharing', { path: { sectionId: section.id }, body }),
      )
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
      onSubmit={save}
    >
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
        onChange={id => setMode(id === 'distributed' ? id : 'pool')}
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
              setCapacity(text)
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
              setOfferMinutes(text)
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
