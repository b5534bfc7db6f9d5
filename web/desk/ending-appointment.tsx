/**
 * The third ending: an appointment at an agency. The first free times of the nearest offices stand there at once; one press holds a time
 * while the citizen thinks, and going back lets it go.
 */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Hold } from '../../src/agenda/model.ts'
import type { Interaction } from '../../src/cases/model.ts'
import { ApiProblem, api, sentenceOf } from '../shared/api.ts'
import { goToStep } from '../shared/focus.ts'
import { useIdempotencyKey } from '../shared/forms.ts'
import { useShortcut } from '../shared/shortcuts.ts'
import { SlotPicker } from '../shared/slots.tsx'
import { Button, Card, CheckBox, Loading, Notice, Problem, TextField } from '../shared/ui/index.ts'
import { missingFor } from './ending.ts'
import { useMissing } from './missing.ts'
import { MissingNotice } from './missing-notice.tsx'
import { type Booked, bookedKey, useContact, useTypology } from './queries.ts'
import type { ConversationForm } from './sheet.ts'

export function AppointmentEnding({ interaction, sheet }: { interaction: Interaction; sheet: ConversationForm }) {
  const { t } = useTranslation('web-desk')
  const { fields, change } = sheet
  const contact = useContact(fields.contactId).data
  const typology = useTypology(fields.typologyId).data
  const client = useQueryClient()
  const [hold, setHold] = useState<Hold | null>(null)
  const [earlier, setEarlier] = useState(false)
  const holdId = hold?.id ?? null
  const key = useIdempotencyKey()
  const { missing, asked, ask } = useMissing(missingFor('appointment', { ...fields, corrected: false, holdId }))
  const book = useMutation({
    mutationFn: async (despiteOther: boolean) => {
      await sheet.flush()
      if (holdId === null) throw new Error('There is no time to book.')
      const body = { holdId, reason: fields.reason.trim(), despiteOther, earlier }
      return api.post('/api/interactions/:interactionId/appointment', {
        path: { interactionId: interaction.id },
        body,
        key: key.keyFor(body),
      })
    },
    onSuccess: booked => {
      if (hold) client.setQueryData<Booked>(bookedKey(interaction.id), { ...hold, dayCode: booked.dayCode })
      setHold(null)
      sheet.finish(booked.interaction)
    },
  })
  // Until it is known where the citizen lives and what it is about, there are no times: they would change under the hand.
  const isKnown = (fields.contactId === null || contact !== undefined) && (fields.typologyId === null || typology !== undefined)
  const isElsewhere = book.error instanceof ApiProblem && book.error.code === 'agenda.citizenElsewhere'
  const press = () => {
    if (ask() && !book.isPending) book.mutate(false)
  }
  useShortcut({ keys: 'Control+Enter', label: t('ending.appointment.send'), group: t('shortcuts.group') }, press)
  return (
    <Card>
      <div className="col">
        {isKnown ? (
          <SlotPicker
            // Somebody else begins anew; where the same citizen lives may become known at any moment, and nothing closes for it.
            key={fields.contactId ?? 'nobody'}
            near={contact?.municipalityCode ?? interaction.office?.id ?? null}
            firstOffice={interaction.office?.id}
            about={typology?.cricSection}
            contactId={fields.contactId}
            hold={holdId}
            onHold={(_id, taken) => {
              setHold(taken)
              goToStep(taken ? 'reason' : 'slot')
            }}
          />
        ) : (
          <Loading lines={4} />
        )}
        <TextField
          label={t('appointment.reason')}
          step="reason"
          hint={t('appointment.reasonHint')}
          value={fields.reason}
          onChange={reason => change({ reason })}
        />
        <CheckBox isSelected={earlier} onChange={setEarlier}>
          {t('appointment.earlier')}
        </CheckBox>
        {asked && <MissingNotice missing={missing} />}
        {isElsewhere ? (
          <Notice
            tone="wait"
            live
            action={
              <Button onPress={() => book.mutate(true)} isPending={book.isPending}>
                {t('appointment.despiteOther')}
              </Button>
            }
          >
            {sentenceOf(book.error)}
          </Notice>
        ) : (
          <Problem error={book.error} />
        )}
        <div className="row">
          <span className="grow tiny">{holdId === null && t('appointment.chooseFirst')}</span>
          <Button tone="primary" tall kbd="Control+Enter" onPress={press} isPending={book.isPending}>
            {t('ending.appointment.send')}
          </Button>
        </div>
      </div>
    </Card>
  )
}
