/** Who receives, where and when: officers, and desks without a name that receive several at once. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SetUp, SetUpCalendar } from '../../../src/agenda/set-up/model.ts'
import { serverNow } from '../../shared/api.ts'
import { goToStep } from '../../shared/focus.ts'
import { NumberField } from '../../shared/number-field.tsx'
import { addDays, dayOf, dayWithMonth, told } from '../../shared/time.ts'
import { Button, Card, CheckBox, DateField, EmptyState, Select, Sheet, TextField } from '../../shared/ui/index.ts'
import { spansText } from './hours.ts'
import { HoursField } from './parts.tsx'

interface Named {
  id: string
  name: string
}

const weekdays = [1, 2, 3, 4, 5, 6, 7] as const
/** A Monday, from which the names of the weekdays are taken. */
const someMonday = Date.UTC(2026, 0, 5, 12)

const smallestGroup = 2

const newCalendar = (services: readonly Named[]): SetUpCalendar => ({
  ...{
    id: crypto.randomUUID(),
    officerId: null,
    label: '',
    room: '',
    capacity: 1,
    group: false,
    services: services.map(({ id }) => id),
  },
  ...{ openings: [], extras: [] },
})

export function Calendars({
  setUp,
  officers,
  onChange,
}: {
  setUp: SetUp
  officers: readonly Named[]
  onChange: (change: Partial<SetUp>) => void
}) {
  const { t, i18n } = useTranslation('web-agenda')
  const { calendars, closures } = setUp
  const [open, setOpen] = useState<string | null>(null)
  const shown = calendars.find(({ id }) => id === open)
  const weekday = (n: number) => told(someMonday + (n - 1) * 86_400_000, i18n.language, { weekday: 'short' })
  const week = (calendar: SetUpCalendar) =>
    weekdays
      .flatMap(day => {
        const spans = calendar.openings.filter(each => each.weekday === day)
        return spans.length === 0 ? [] : [`${weekday(day)} ${spansText(spans)}`]
      })
      .join(' · ')
  return (
    <div className="col">
      <div className="row">
        <Button
          icon="plus"
          onPress={() => {
            const made = newCalendar(setUp.services)
            onChange({ calendars: [...calendars, made] })
            setOpen(made.id)
          }}
        >
          {t('calendars.new')}
        </Button>
      </div>
      {calendars.length === 0 && (
        <EmptyState title={t('calendars.none')} icon="user">
          {t('calendars.noneText')}
        </EmptyState>
      )}
      {calendars.map(calendar => (
        <Card
          key={calendar.id}
          title={calendar.label || t('calendars.unnamed')}
          aside={
            <Button
              className="small-button"
              label={t('edit', { name: calendar.label || t('calendars.unnamed') })}
              step={`calendar-${calendar.id}`}
              onPress={() => setOpen(calendar.id)}
            >
              {t('change')}
            </Button>
          }
        >
          <p>{week(calendar) || t('calendars.noHours')}</p>
          <small>
            {[
              calendar.room,
              calendar.capacity > 1
                ? t(calendar.group ? 'calendars.together' : 'calendars.atOnce', { count: calendar.capacity })
                : '',
              setUp.services
                .filter(({ id }) => calendar.services.includes(id))
                .map(({ name }) => name)
                .join(', ') || t('calendars.noServices'),
            ]
              .filter(Boolean)
              .join(' · ')}
          </small>
        </Card>
      ))}
      {shown && (
        <CalendarSheet
          key={shown.id}
          calendar={shown}
          services={setUp.services}
          officers={officers}
          onChange={changed => onChange({ calendars: calendars.map(each => (each.id === changed.id ? changed : each)) })}
          onClose={() => {
            setOpen(null)
            goToStep(`calendar-${shown.id}`)
          }}
          onRemove={() => {
            setOpen(null)
            onChange({
              calendars: calendars.filter(({ id }) => id !== shown.id),
              closures: closures.filter(({ calendarId }) => calendarId !== shown.id),
            })
          }}
        />
      )}
    </div>
  )
}

function CalendarSheet({
  calendar,
  services,
  officers,
  onChange,
  onClose,
  onRemove,
}: {
  calendar: SetUpCalendar
  services: readonly Named[]
  officers: readonly Named[]
  onChange: (calendar: SetUpCalendar) => void
  onClose: () => void
  onRemove: () => void
}) {
  const { t, i18n } = useTranslation('web-agenda')
  const set = (change: Partial<SetUpCalendar>) => onChange({ ...calendar, ...change })
  const desk = ''
  const weekday = (n: number) => told(someMonday + (n - 1) * 86_400_000, i18n.language, { weekday: 'long' })
  return (
    <Sheet
      title={calendar.label || t('calendars.unnamed')}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onRemove}>{t('calendars.remove')}</Button>
          <Button tone="primary" onPress={onClose}>
            {t('ready')}
          </Button>
        </>
      }
    >
      <Select
        label={t('calendars.who')}
        value={calendar.officerId ?? desk}
        onChange={id => {
          const officer = officers.find(each => each.id === id)
          set(
            officer
              ? { officerId: officer.id, label: officer.name, ...(calendar.group ? {} : { capacity: 1 }) }
              : { officerId: null },
          )
        }}
        choices={[
          { id: desk, label: t('calendars.desk'), detail: t('calendars.deskDetail') },
          ...officers.map(({ id, name }) => ({ id, label: name })),
        ]}
      />
      <div className="set-up-grid">
        <TextField label={t('calendars.label')} value={calendar.label} onChange={label => set({ label })} isRequired />
        <TextField label={t('calendars.room')} value={calendar.room} onChange={room => set({ room })} />
        <Select
          label={t('calendars.receives')}
          value={calendar.group ? 'group' : 'one-by-one'}
          onChange={id =>
            set(
              id === 'group'
                ? { group: true, capacity: Math.max(calendar.capacity, smallestGroup) }
                : { group: false, capacity: calendar.officerId === null ? calendar.capacity : 1 },
            )
          }
          choices={[
            { id: 'one-by-one', label: t('calendars.oneByOne'), detail: t('calendars.oneByOneDetail') },
            { id: 'group', label: t('calendars.group'), detail: t('calendars.groupDetail') },
          ]}
        />
        {(calendar.group || calendar.officerId === null) && (
          <NumberField
            label={t(calendar.group ? 'calendars.places' : 'calendars.capacity')}
            value={calendar.capacity}
            min={calendar.group ? smallestGroup : 1}
            max={64}
            onChange={capacity => set({ capacity })}
          />
        )}
      </div>
      <fieldset className="col tight set-up-part">
        <legend>{t('calendars.services')}</legend>
        {services.map(({ id, name }) => (
          <CheckBox
            key={id}
            isSelected={calendar.services.includes(id)}
            onChange={isOn =>
              set({
                services: services.map(each => each.id).filter(each => (each === id ? isOn : calendar.services.includes(each))),
              })
            }
          >
            {name || t('services.unnamed')}
          </CheckBox>
        ))}
      </fieldset>
      <fieldset className="col tight set-up-part">
        <legend>{t('calendars.week')}</legend>
        <p className="small">{t('calendars.weekText')}</p>
        {weekdays.map(day => (
          <div key={day} className="week-row">
            <span aria-hidden="true">{weekday(day)}</span>
            <HoursField
              label={weekday(day)}
              hideLabel
              spans={calendar.openings.filter(each => each.weekday === day)}
              onChange={spans =>
                set({
                  openings: [
                    ...calendar.openings.filter(each => each.weekday !== day),
                    ...spans.map(span => ({ weekday: day, ...span })),
                  ].toSorted((a, b) => a.weekday - b.weekday || a.opens - b.opens),
                })
              }
            />
          </div>
        ))}
      </fieldset>
      <Extras calendar={calendar} onChange={set} />
    </Sheet>
  )
}

/** Single days with hours beyond the week. */
function Extras({ calendar, onChange }: { calendar: SetUpCalendar; onChange: (change: Partial<SetUpCalendar>) => void }) {
  const { t, i18n } = useTranslation('web-agenda')
  const days = [...new Set(calendar.extras.map(({ day }) => day))]
  const [day, setDay] = useState(addDays(dayOf(serverNow()), 7))
  return (
    <fieldset className="col tight set-up-part">
      <legend>{t('calendars.extras')}</legend>
      {days.map(each => (
        <div key={each} className="week-row">
          <span aria-hidden="true">{dayWithMonth(each, i18n.language)}</span>
          <HoursField
            label={dayWithMonth(each, i18n.language)}
            hideLabel
            spans={calendar.extras.filter(extra => extra.day === each)}
            onChange={spans =>
              onChange({
                extras: [
                  ...calendar.extras.filter(extra => extra.day !== each),
                  ...spans.map(span => ({ day: each, ...span })),
                ].toSorted((a, b) => (a.day === b.day ? a.opens - b.opens : a.day < b.day ? -1 : 1)),
              })
            }
          />
        </div>
      ))}
      <div className="row wrap">
        <DateField label={t('calendars.extraDay')} hideLabel value={day} onChange={setDay} />
        <Button
          why={day === '' || days.includes(day) ? t('calendars.extraKnown') : null}
          onPress={() => onChange({ extras: [...calendar.extras, { day, opens: 540, closes: 780 }] })}
        >
          {t('calendars.addExtra')}
        </Button>
      </div>
    </fieldset>
  )
}
