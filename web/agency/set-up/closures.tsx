/** When the office, or one who receives, is not there: closures and leave, days or hours. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SetUp, SetUpClosure } from '../../../src/agenda/set-up/model.ts'
import { missing, serverNow } from '../../shared/api.ts'
import { useSending } from '../../shared/forms.ts'
import { dayOf, dayWithMonth } from '../../shared/time.ts'
import { Button, Card, DateField, EmptyState, FormDialog, Select, TextField } from '../../shared/ui/index.ts'
import { spansIn, spansText } from './hours.ts'

export function Closures({ setUp, onChange }: { setUp: SetUp; onChange: (closures: SetUpClosure[]) => void }) {
  const { t, i18n } = useTranslation('web-agenda')
  const [isOpen, setOpen] = useState(false)
  const whose = (id: string | null) =>
    id === null ? t('closures.office') : (setUp.calendars.find(each => each.id === id)?.label ?? '')
  const days = ({ firstDay, lastDay }: SetUpClosure) =>
    firstDay === lastDay
      ? dayWithMonth(firstDay, i18n.language)
      : t('closures.days', { from: dayWithMonth(firstDay, i18n.language), to: dayWithMonth(lastDay, i18n.language) })
  const hours = ({ opens, closes }: SetUpClosure) =>
    opens === null || closes === null ? '' : `, ${spansText([{ opens, closes }])}`
  return (
    <div className="col">
      <div className="row">
        <Button icon="plus" onPress={() => setOpen(true)}>
          {t('closures.new')}
        </Button>
      </div>
      {setUp.closures.length === 0 && (
        <EmptyState title={t('closures.none')} icon="calendar">
          {t('closures.noneText')}
        </EmptyState>
      )}
      {setUp.closures.length > 0 && (
        <Card flush>
          <ul className="set-up-closures">
            {setUp.closures.map(closure => (
              <li key={closure.id} className="row wrap">
                <span className="grow">
                  <b>
                    {whose(closure.calendarId)}: {days(closure)}
                    {hours(closure)}
                  </b>
                  <br />
                  <small>{closure.reason}</small>
                </span>
                <Button
                  className="small-button"
                  label={t('closures.removeNamed', { whose: whose(closure.calendarId), days: days(closure) })}
                  onPress={() => onChange(setUp.closures.filter(({ id }) => id !== closure.id))}
                >
                  {t('closures.remove')}
                </Button>
              </li>
            ))}
          </ul>
        </Card>
      )}
      {isOpen && (
        <ClosureDialog
          setUp={setUp}
          onClose={() => setOpen(false)}
          onAdd={closure => {
            onChange([...setUp.closures, closure].toSorted((a, b) => (a.firstDay < b.firstDay ? -1 : 1)))
            setOpen(false)
          }}
        />
      )}
    </div>
  )
}

/** Whoever can be away: each officer once, for who is away is so from all they do. */
const whoReceives = ({ calendars }: SetUp) =>
  calendars
    .filter(({ officerId }, i) => officerId === null || calendars.findIndex(each => each.officerId === officerId) === i)
    .map(({ id, label }) => ({ id, label }))

/** What is chosen in it is kept with the whole set-up once it is added. */
function ClosureDialog({ setUp, onClose, onAdd }: { setUp: SetUp; onClose: () => void; onAdd: (closure: SetUpClosure) => void }) {
  const { t } = useTranslation('web-agenda')
  const today = dayOf(serverNow())
  const office = ''
  const [whose, setWhose] = useState(office)
  const [firstDay, setFirstDay] = useState(today)
  const [lastDay, setLastDay] = useState(today)
  const [hours, setHours] = useState('')
  const [reason, setReason] = useState('')
  const sending = useSending()
  const add = () => {
    const spans = spansIn(hours)
    if (!spans || spans.length > 1) return sending.refuse(missing({ hours: t('closures.oneSpan') }))
    if (firstDay === '' || lastDay < firstDay) return sending.refuse(missing({ lastDay: t('closures.backwards') }))
    if (reason.trim().length < 2) return sending.refuse(missing({ reason: t('closures.reasonNeeded') }))
    const [span] = spans
    return onAdd({
      ...{ id: crypto.randomUUID(), calendarId: whose === office ? null : whose, firstDay, lastDay, reason: reason.trim() },
      ...{ opens: span?.opens ?? null, closes: span?.closes ?? null },
    })
  }
  return (
    <FormDialog
      title={t('closures.new')}
      act={t('closures.add')}
      isOpen
      onClose={onClose}
      sending={sending.pending}
      error={sending.error}
      onSubmit={add}
    >
      <Select
        label={t('closures.whose')}
        value={whose}
        onChange={id => setWhose(id ?? office)}
        choices={[{ id: office, label: t('closures.office') }, ...whoReceives(setUp)]}
      />
      <div className="set-up-grid">
        <DateField label={t('closures.firstDay')} value={firstDay} onChange={setFirstDay} />
        <DateField label={t('closures.lastDay')} value={lastDay} onChange={setLastDay} error={sending.fields.lastDay} />
      </div>
      <TextField
        label={t('closures.hours')}
        value={hours}
        onChange={setHours}
        placeholder={t('closures.allDay')}
        hint={t('closures.hoursHint')}
        error={sending.fields.hours}
      />
      <TextField label={t('closures.reason')} value={reason} onChange={setReason} error={sending.fields.reason} isRequired />
    </FormDialog>
  )
}
