/** With whom a citizen is received, and what is noted of all of them at once. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment, AppointmentGroup } from '../../src/agenda/model.ts'
import { missing } from '../shared/api.ts'
import { DraftNotice } from '../shared/form/notices.tsx'
import { useDraft, useSending } from '../shared/forms.ts'
import { Button, Card, FormDialog, Link, Pill, Problem, TextArea } from '../shared/ui/index.ts'
import { OutcomeSelect } from './appointment-dialogs.tsx'
import { type Step, stateTone } from './appointments.ts'

interface GroupCardProps {
  appointmentId: string
  group: AppointmentGroup
  /** The day that the links stay on. */
  search: { day?: string }
  run: (step: Step) => Promise<Appointment>
}

export function GroupCard({ appointmentId, group: { places, members, acts }, search, run }: GroupCardProps) {
  const { t } = useTranslation('web-agency')
  const [isConcluding, setConcluding] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const why = (act: keyof typeof acts) => (acts[act].allowed ? null : acts[act].sentence)
  const simply = (name: 'group/start' | 'group/no-show') => {
    setProblem(null)
    void run({ name }).catch(setProblem)
  }
  const inState = (state: Appointment['state']) => members.filter(each => each.state === state).length
  return (
    <Card title={t('group.title')} aside={<span className="num">{t('group.taken', { count: members.length, places })}</span>}>
      <div className="col">
        <Problem error={problem} />
        <div className="row wrap">
          <Button tone={why('start') === null ? 'primary' : 'plain'} why={why('start')} onPress={() => simply('group/start')}>
            {t('group.start', { count: inState('checked-in') })}
          </Button>
          <Button why={why('conclude')} onPress={() => setConcluding(true)}>
            {t('group.conclude', { count: inState('in-progress') })}
          </Button>
          <Button why={why('no-show')} onPress={() => simply('group/no-show')}>
            {t('group.no-show', { count: inState('booked') })}
          </Button>
        </div>
        <ul className="calls">
          {members.map(each => (
            <li key={each.appointmentId} className="row wrap">
              <span className="grow">
                {each.appointmentId === appointmentId ? (
                  <b>{each.name}</b>
                ) : (
                  <Link to="/agency/{-$appointmentId}" params={{ appointmentId: each.appointmentId }} search={search}>
                    {each.name}
                  </Link>
                )}
              </span>
              <Pill small tone={stateTone[each.state]}>
                {t(`states.${each.state}`)}
              </Pill>
            </li>
          ))}
        </ul>
      </div>
      <ConcludeGroupDialog
        appointmentId={appointmentId}
        count={inState('in-progress')}
        isOpen={isConcluding}
        onClose={() => setConcluding(false)}
        run={run}
      />
    </Card>
  )
}

function ConcludeGroupDialog({
  appointmentId,
  count,
  isOpen,
  onClose,
  run,
}: Pick<GroupCardProps, 'appointmentId' | 'run'> & { count: number; isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('web-agency')
  const draft = useDraft(`conclude-group:${appointmentId}`, isOpen)
  const [outcome, setOutcome] = useState<NonNullable<Appointment['outcome']>>('resolved')
  const sending = useSending()
  return (
    <FormDialog
      title={t('group.concludeTitle', { count })}
      act={t('concludeSend')}
      isOpen={isOpen}
      onClose={onClose}
      sending={sending.pending}
      error={sending.error}
      onSubmit={() =>
        draft.text.trim() === ''
          ? sending.refuse(missing({ text: t('writeWhat') }))
          : void sending.send(async () => {
              await run({ name: 'group/conclude', body: { outcome, text: draft.text } })
              draft.clear()
              onClose()
            })
      }
    >
      <OutcomeSelect value={outcome} onChange={setOutcome} />
      <DraftNotice form={draft.form} />
      <TextArea label={t('whatWasDone')} value={draft.text} onChange={draft.setText} error={sending.fields.text} autoFocus />
      <p className="small">{t('group.concludeNote')}</p>
    </FormDialog>
  )
}
