/** Notes before an appointment, saved while they are written. Two who write at once are told; neither loses a word. */
import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '../../src/agenda/model.ts'
import { api } from '../shared/api.ts'
import { ClashNotices } from '../shared/form/notices.tsx'
import type { Stored } from '../shared/form/state.ts'
import type { Put } from '../shared/form/store.ts'
import { useForm, useSavedByItself } from '../shared/form/use-form.ts'
import { Ago, Card, Problem, TextArea } from '../shared/ui/index.ts'

const settlesMs = 1_200

interface Notes {
  preparation: string
}
type Prepared = Pick<Appointment, 'version' | 'preparation'>

const notesOf = ({ preparation }: Prepared): Notes => ({ preparation: preparation ?? '' })
const storedOf = (appointment: Prepared): Stored<Notes> => ({ version: appointment.version, fields: notesOf(appointment) })

export function Preparation({ appointment, why }: { appointment: Appointment; why: string | null }) {
  const { t } = useTranslation('web-agency')
  const client = useQueryClient()
  const { id } = appointment
  const name = `preparation:${id}`
  const form = useForm<Notes>({ name, stored: storedOf(appointment), fieldsOf: current => notesOf(current as Prepared) })
  const put: Put<Notes> = useCallback(
    async ({ preparation = '' }, version) => {
      const saved = await api.put('/api/appointments/:appointmentId/preparation', {
        path: { appointmentId: id },
        body: { text: preparation },
        version,
      })
      client.setQueryData(['appointment', id], saved)
      return storedOf(saved)
    },
    [client, id],
  )
  const state = useSavedByItself(name, form, why === null ? put : null, settlesMs)
  return (
    <Card
      title={t('preparation')}
      aside={
        <span className="tiny" aria-live="polite">
          {state !== 'saved'
            ? t(`web:form.states.${state}`)
            : appointment.preparedAt && (
                <>
                  {appointment.preparedBy} · <Ago at={appointment.preparedAt} />
                </>
              )}
        </span>
      }
    >
      <div className="col">
        <ClashNotices form={form} labels={{ preparation: t('preparation') }} prose={['preparation']} />
        <TextArea
          label={t('preparation')}
          hideLabel
          rows={5}
          value={form.fields.preparation}
          onChange={preparation => form.change({ preparation })}
          placeholder={t('preparationPlaceholder')}
          isReadOnly={why !== null}
        />
        {why !== null && <p className="small">{why}</p>}
        <Problem error={form.problem} />
      </div>
    </Card>
  )
}
