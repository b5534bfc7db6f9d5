/**
 * To another section, in two actions: which one, and go. The time that the caller has waited goes along. Where nobody is there it is said
 * before, with what else can be done: a caller who waits for nobody is worse off than one who is told.
 */
import { useRef, useState } from 'react'
import { Radio, RadioGroup } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { TransferChoice } from '../../src/telephony/model.ts'
import { api } from '../shared/api.ts'
import { DraftNotice } from '../shared/form/notices.tsx'
import { flushForms } from '../shared/form/use-form.ts'
import { useDraft } from '../shared/forms.ts'
import { Button, Dialog, ErrorState, Loading, Notice, Problem, TextArea } from '../shared/ui/index.ts'
import { useTransfer } from './calls.ts'
import { useInteraction, useTransferChoices } from './queries.ts'

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
  const choices = useTransferChoices(callId, isOpen)
  const interaction = useInteraction(callId, isOpen)
  const sending = useRef(false)
  const chosen = choices.data?.find(each => each.id === section)

  const send = async () => {
    if (section === null || sending.current) return
    sending.current = true
    try {
      // What is being written of the conversation goes before, so that the note is put below it.
      await flushForms()
      const { data: sheet } = await interaction.refetch()
      if (note.trim() !== '' && sheet?.state === 'open') {
        const notes = [sheet.notes, note.trim()].filter(Boolean).join('\n')
        await api.patch('/api/interactions/:interactionId', {
          path: { interactionId: sheet.id },
          body: { notes },
          version: sheet.version,
        })
        await interaction.refetch()
      }
      await transfer.mutateAsync({ callId, sectionId: section, note: note.trim() })
      draft.clear()
      setSection(null)
      onClose()
    } catch {
      // The dialog shows it.
    } finally {
      sending.current = false
    }
  }
  const nobody = chosen !== undefined && chosen.atWork === 0
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
            tone={nobody ? 'plain' : 'primary'}
            type="submit"
            isPending={transfer.isPending}
            why={section === null ? t('transfer.choose') : chosen?.isOpen === false ? t('transfer.closed') : null}
          >
            {t(nobody ? 'transfer.sendAnyway' : 'transfer.send')}
          </Button>
        </>
      }
    >
      {choices.isPending ? (
        <Loading lines={4} />
      ) : !choices.data ? (
        <ErrorState error={choices.error} onRetry={() => void choices.refetch()} />
      ) : (
        <RadioGroup className="choice-list" value={section} onChange={setSection} aria-label={t('transfer.section')}>
          {choices.data.map((each, place) => (
            <Radio key={each.id} value={each.id} className="choice-line" autoFocus={place === 0}>
              <b>{each.name}</b>
              <small className={each.isOpen && each.atWork > 0 ? 'num' : 'num nobody-there'}>{whoIsThere(each, t)}</small>
            </Radio>
          ))}
        </RadioGroup>
      )}
      {chosen?.isOpen && nobody && (
        <Notice tone="wait" live title={t('transfer.nobody', { section: chosen.name })}>
          {t('transfer.instead')}
        </Notice>
      )}
      <TextArea label={t('transfer.note')} hint={t('transfer.noteHint')} value={note} onChange={draft.setText} rows={2} />
      <DraftNotice form={draft.form} />
      <Problem error={transfer.error} />
    </Dialog>
  )
}

type Translate = ReturnType<typeof useTranslation<'web-desk'>>['t']

/** Who is there, in a few words: what decides whether the caller is sent there. */
function whoIsThere({ isOpen, available, atWork, paused, waiting }: TransferChoice, t: Translate): string {
  if (!isOpen) return t('transfer.isClosed')
  if (atWork === 0) return t(paused > 0 ? 'transfer.allPaused' : 'transfer.nobodyThere')
  const free = available > 0 ? t('transfer.free', { count: available }) : t('transfer.busy', { count: atWork })
  return waiting > 0 ? `${free} · ${t('queue.waiting', { count: waiting })}` : free
}
