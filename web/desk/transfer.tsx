/** To another section, in two actions: which one, and go. The time that the caller has waited goes along. */
import { useRef, useState } from 'react'
import { Radio, RadioGroup } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { api } from '../shared/api.ts'
import { DraftNotice } from '../shared/form/notices.tsx'
import { flushForms } from '../shared/form/use-form.ts'
import { useDraft } from '../shared/forms.ts'
import { Button, Dialog, Problem, TextArea } from '../shared/ui/index.ts'
import { useTransfer } from './calls.ts'
import { useCard, useInteraction } from './queries.ts'
import { useSections } from './sections.ts'

export function useTransferDialog() {
  const [isOpen, setOpen] = useState(false)
  return { isOpen, open: () => setOpen(true), close: () => setOpen(false) }
}

export function TransferDialog({ callId, isOpen, onClose }: { callId: string; isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('web-desk')
  const [section, setSection] = useState<string | null>(null)
  const draft = useDraft(`transfer:${callId}`, isOpen)
  const note = draft.text
  const transfer = useTransfer()
  const sections = useSections()
  const here = useCard().data?.section.id
  const interaction = useInteraction(callId, isOpen)
  const sending = useRef(false)
  const choices = sections.filter(each => each.id !== here)

  const send = async () => {
    if (section === null || sending.current) return
    sending.current = true
    try {
      // What is being written of the conversation goes before, so that the note is put below it.
      await flushForms()
      const { data: sheet } = await interaction.refetch()
      if (note.trim() !== '' && sheet?.state === 'open') {
        const notes = [sheet.notes, note.trim()].filter(Boolean).join('\n')
        await api.patch(`/api/interactions/${sheet.id}`, { notes }, { version: sheet.version })
        await interaction.refetch()
      }
      await transfer.mutateAsync({ callId, sectionId: section })
      draft.clear()
      setSection(null)
      onClose()
    } catch {
      // The dialog shows it.
    } finally {
      sending.current = false
    }
  }
  return (
    <Dialog
      title={t('transfer.title')}
      isOpen={isOpen}
      onClose={onClose}
      onSubmit={() => void send()}
      footer={
        <>
          <Button onPress={onClose}>{t('transfer.cancel')}</Button>
          <Button
            tone="primary"
            type="submit"
            isPending={transfer.isPending}
            why={section === null ? t('transfer.choose') : null}
          >
            {t('transfer.send')}
          </Button>
        </>
      }
    >
      <RadioGroup className="choice-list" value={section} onChange={setSection} aria-label={t('transfer.section')}>
        {choices.map((each, place) => (
          <Radio key={each.id} value={each.id} className="choice-line" autoFocus={place === 0}>
            <b>{each.name}</b>
            {each.waiting !== null && <small className="num">{t('queue.waiting', { count: each.waiting })}</small>}
          </Radio>
        ))}
      </RadioGroup>
      <TextArea label={t('transfer.note')} hint={t('transfer.noteHint')} value={note} onChange={draft.setText} rows={2} />
      <DraftNotice form={draft.form} />
      <Problem error={transfer.error} />
    </Dialog>
  )
}
