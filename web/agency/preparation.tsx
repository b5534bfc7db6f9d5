/** Notes before an appointment, saved while they are written. Two who write at once are told; neither loses a word. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '../../src/agenda/model.ts'
import { ApiProblem, api } from '../shared/api.ts'
import { useDraft, useSettled } from '../shared/forms.ts'
import { Ago, Button, Card, Notice, Problem, TextArea } from '../shared/ui/index.ts'

const settlesMs = 1_200

export function Preparation({ appointment, why }: { appointment: Appointment; why: string | null }) {
  const { t } = useTranslation('web-agency')
  const client = useQueryClient()
  const kept = appointment.preparation ?? ''
  const draft = useDraft(`preparation:${appointment.id}`, kept)
  // What was kept here and never saved stands beside what the office has meanwhile, unless it goes on from it.
  const [other, setOther] = useState<string | null>(() => (kept !== '' && !draft.text.startsWith(kept) ? kept : null))
  const [problem, setProblem] = useState<unknown>(null)
  const [saving, setSaving] = useState(false)
  const version = useRef(appointment.version)
  const base = useRef(kept)
  const text = useRef(draft.text)
  text.current = draft.text

  // The appointment was read anew. Where we have written nothing of our own, its text is ours; a step elsewhere only moves the version.
  useEffect(() => {
    if (appointment.version < version.current) return
    version.current = appointment.version
    if (kept === base.current) return
    if (text.current === base.current) draft.clear(kept)
    else if (text.current !== kept) setOther(kept)
    base.current = kept
  }, [appointment.version, kept, draft.clear])

  const save = async (wanted: string) => {
    if (why !== null || wanted === base.current || other !== null) return
    setSaving(true)
    setProblem(null)
    try {
      const saved = await api.put<Appointment>(
        `/api/appointments/${appointment.id}/preparation`,
        { text: wanted },
        { version: version.current },
      )
      version.current = saved.version
      base.current = saved.preparation ?? ''
      client.setQueryData(['appointment', appointment.id], saved)
      if (text.current === wanted) draft.clear(base.current)
    } catch (error) {
      if (error instanceof ApiProblem && error.isConflict)
        await client.invalidateQueries({ queryKey: ['appointment', appointment.id] })
      else setProblem(error)
    } finally {
      setSaving(false)
    }
  }
  useSettled(draft.text, settlesMs, wanted => void save(wanted))

  return (
    <Card
      title={t('preparation')}
      aside={
        <span className="tiny" aria-live="polite">
          {saving
            ? t('web:saving')
            : appointment.preparedAt && (
                <>
                  {appointment.preparedBy} · <Ago at={appointment.preparedAt} />
                </>
              )}
        </span>
      }
    >
      <div className="col">
        {other !== null && (
          <Notice tone="wait" live title={t('preparedMeanwhile')}>
            <p className="prose">{other}</p>
            <div className="row wrap" style={{ marginTop: 8 }}>
              <Button
                onPress={() => {
                  draft.setText(`${other}\n\n${draft.text}`)
                  setOther(null)
                }}
              >
                {t('keepBoth')}
              </Button>
              <Button
                onPress={() => {
                  draft.setText(other)
                  setOther(null)
                }}
              >
                {t('keepTheirs')}
              </Button>
            </div>
          </Notice>
        )}
        <TextArea
          label={t('preparation')}
          hideLabel
          rows={5}
          value={draft.text}
          onChange={draft.setText}
          placeholder={t('preparationPlaceholder')}
          isReadOnly={why !== null}
        />
        {why !== null && <p className="small">{why}</p>}
        <Problem error={problem} />
      </div>
    </Card>
  )
}
