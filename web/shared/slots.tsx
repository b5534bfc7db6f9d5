/**
 * Finding a time at an agency: where, for what, when. The first free times around the citizen are one press away; another day of one of the
 * offices, two. A time that is pressed is held for this person while the form is filled, and let go when the form is left.
 */
import { skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useDeferredValue, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppointmentMode, Hold, Slot } from '../../src/agenda/model.ts'
import type { PartOfDay } from '../../src/agenda/search/model.ts'
import type { CricSection, Municipality } from '../../src/organisation/model.ts'
import { ApiProblem, api, serverNow } from './api.ts'
import { goToStep } from './focus.ts'
import { FoundTimes, PartOfDayField, type Scope, scopes, WeekdayField } from './found-times.tsx'
import { addDays, clock, dayOf, longDay } from './time.ts'
import { Button, ComboBox, Countdown, classes, ErrorState, Loading, Notice, Problem, Select } from './ui/index.ts'
import './slots.css'

export interface SlotPickerProps {
  /** ISTAT code of a municipality or identifier of an office: where the citizen is. Null: not known yet. */
  near: string | null
  /** The service that is looked for first, if it is known. */
  serviceId?: string | undefined
  /** The section of a regional centre that deals with the question: the service follows from it. */
  about?: CricSection | null | undefined
  /** An office that is offered before the nearest ones: the one that was called. */
  firstOffice?: string | null | undefined
  /** The citizen, whose officer of last time comes first. */
  contactId?: string | null | undefined
  /** Where times are looked for before anybody chooses: around, unless somebody sits in an office already and comes back to it. */
  scope?: Scope
  /** The hold that has been taken. */
  hold: string | null
  onHold: (holdId: string | null, hold: Hold | null) => void
}

const isMunicipality = (near: string): boolean => /^\d{6}$/.test(near)

export function SlotPicker({
  near,
  serviceId,
  about,
  firstOffice,
  contactId,
  scope: firstScope = 'near',
  hold,
  onHold,
}: SlotPickerProps) {
  const { t, i18n } = useTranslation()
  const [place, setPlace] = useState<string | null>(null)
  const [service, setService] = useState<string | null>(serviceId ?? null)
  const [wantedMode, setMode] = useState<AppointmentMode | null>(null)
  const [wantedScope, setScope] = useState<Scope>(firstScope)
  const [part, setPart] = useState<PartOfDay | null>(null)
  const [weekday, setWeekday] = useState<number | null>(null)
  const [office, setOffice] = useState<{ id: string; name: string } | null>(null)
  const [held, setHeld] = useState<Hold | null>(null)
  const where = place ?? near

  const services = useQuery({
    queryKey: ['services-near', where],
    queryFn: async ({ signal }) => {
      const unitId = where === null ? '' : await nearestOffice(where, signal)
      return (await api.get('/api/agenda/services', { query: { unitId }, signal })).items
    },
    enabled: where !== null,
    staleTime: 300_000,
    // Another place changes what is found there, not the list that may be open under somebody's hand.
    placeholderData: earlier => earlier,
  })
  const only = services.data?.length === 1 ? services.data[0] : undefined
  const fitting = about ? services.data?.find(each => each.sections.includes(about)) : undefined
  const chosen = services.data?.find(each => each.id === service) ?? fitting ?? only
  const mode = chosen?.modes.find(each => each === wantedMode) ?? chosen?.modes[0]
  const province = useMunicipality(where).data?.provinceCode ?? null
  const places = { near: where, office: firstOffice ?? (where !== null && !isMunicipality(where) ? where : null), province }
  const possible = scopes.filter(each => each === 'country' || places[each] !== null)
  const scope = possible.find(each => each === wantedScope) ?? possible[0] ?? 'country'
  const client = useQueryClient()

  // A time that is let go is gone before the next one is taken: the same one would be given once more, and then go with it.
  const going = useRef<Promise<unknown>>(Promise.resolve())
  const take = useMutation({
    mutationFn: async (slot: { unitId: string; serviceId: string; start: string; mode: AppointmentMode | undefined }) => {
      await going.current
      return api.post('/api/agenda/holds', { body: slot })
    },
    onSuccess(taken) {
      setHeld(taken)
      onHold(taken.id, taken)
    },
    onError: () => void client.invalidateQueries({ queryKey: ['found-times'] }),
  })
  const letGo = () => {
    if (held) going.current = api.delete('/api/agenda/holds/:holdId', { path: { holdId: held.id } }).catch(ignoreGone)
    setHeld(null)
    onHold(null, null)
  }
  // Whoever leaves the form lets the time go; a hold that has become an appointment is none any more.
  const latest = useRef(hold)
  latest.current = hold
  useEffect(
    () => () => {
      if (latest.current) void api.delete('/api/agenda/holds/:holdId', { path: { holdId: latest.current } }).catch(ignoreGone)
    },
    [],
  )

  if (held && hold !== null)
    return (
      <Notice
        tone="ok"
        live
        title={`${longDay(Date.parse(held.start), i18n.language)}, ${clock(Date.parse(held.start), i18n.language)} · ${held.unit.name}`}
        action={<Button onPress={letGo}>{t('slots.other')}</Button>}
      >
        {held.service.name}
        {held.mode !== 'counter' && ` · ${t(`slots.modes.${held.mode}`)}`} · {t('slots.heldFor')} <Countdown until={held.until} />
      </Notice>
    )

  const press = (unitId: string, { start }: Pick<Slot, 'start'>) => {
    if (chosen) take.mutate({ unitId, serviceId: chosen.id, start, mode })
  }
  return (
    <div className="col">
      <div className="slot-choice">
        <PlaceField near={where} onChoose={setPlace} />
        <Select
          label={t('slots.service')}
          placeholder={t('slots.choose')}
          step={services.data && !chosen ? 'slot' : undefined}
          value={chosen?.id ?? null}
          onChange={id => {
            setService(id)
            goToStep('slot')
          }}
          choices={services.data?.map(each => ({ id: each.id, label: each.name, detail: each.description }))}
        />
      </div>
      {chosen && mode && office === null && (
        <div className="slot-choice slot-filters">
          <Select
            label={t('slots.scope')}
            value={scope}
            onChange={id => setScope(possible.find(each => each === id) ?? scope)}
            choices={possible.map(id => ({ id, label: t(`slots.scopes.${id}`, { province }) }))}
          />
          <WeekdayField value={weekday} onChange={setWeekday} />
          <PartOfDayField value={part} onChange={setPart} />
          {chosen.modes.length > 1 && (
            <Select
              label={t('slots.mode')}
              value={mode}
              onChange={id => setMode(chosen.modes.find(each => each === id) ?? mode)}
              choices={chosen.modes.map(id => ({ id, label: t(`slots.modes.${id}`) }))}
            />
          )}
        </div>
      )}
      <Problem error={take.error} />
      {where === null ? (
        <p className="muted">{t('slots.where')}</p>
      ) : services.isError ? (
        <ErrorState error={services.error} onRetry={() => void services.refetch()} />
      ) : services.data && !chosen ? (
        <p className="muted">{t('slots.chooseService')}</p>
      ) : office && chosen ? (
        <OfficeDays
          office={office}
          serviceId={chosen.id}
          onPress={slot => press(office.id, slot)}
          onBack={() => setOffice(null)}
        />
      ) : chosen ? (
        <FoundTimes
          asked={{ scope, places, serviceId: chosen.id, mode, part, weekday, firstOffice, contactId }}
          onPress={time => press(time.unit.id, time)}
          onOffice={setOffice}
        />
      ) : (
        <Loading lines={4} />
      )}
    </div>
  )
}

function ignoreGone(error: unknown): void {
  // It may have been confirmed, or be over: in both cases there is nothing left to let go.
  if (!(error instanceof ApiProblem)) throw error
}

async function nearestOffice(near: string, signal: AbortSignal): Promise<string> {
  if (!isMunicipality(near)) return near
  const { items } = await api.get('/api/agencies/nearest', { query: { municipalityCode: near, limit: 1 }, signal })
  return items[0]?.unit.id ?? ''
}

function SlotButton({ slot, onPress }: { slot: Slot; onPress: () => void }) {
  const { i18n } = useTranslation()
  return (
    <Button className={classes('slot', slot.heldByYou && 'mine')} onPress={onPress}>
      <span className="num">{clock(Date.parse(slot.start), i18n.language)}</span>
    </Button>
  )
}

function OfficeDays({
  office,
  serviceId,
  onPress,
  onBack,
}: {
  office: { id: string; name: string }
  serviceId: string
  onPress: (slot: Slot) => void
  onBack: () => void
}) {
  const { t, i18n } = useTranslation()
  const today = dayOf(serverNow())
  const [from, setFrom] = useState(today)
  const days = useQuery({
    queryKey: ['slots', office.id, serviceId, from],
    queryFn: ({ signal }) => api.get('/api/agenda/slots', { query: { unitId: office.id, serviceId, from, days: 5 }, signal }),
    placeholderData: earlier => earlier,
    meta: { live: ['appointment.'] },
  })
  return (
    <section className="col" aria-label={office.name}>
      <div className="row wrap">
        <Button tone="quiet" icon="arrow-left" onPress={onBack}>
          {t('slots.allOffices')}
        </Button>
        <b className="grow">{office.name}</b>
        <Button
          icon="chevron-left"
          label={t('slots.earlier')}
          why={from <= today ? t('slots.noPast') : null}
          onPress={() => setFrom(addDays(from, -5))}
        />
        <Button icon="chevron-right" label={t('slots.later')} onPress={() => setFrom(addDays(from, 5))} />
      </div>
      {days.isError ? (
        <ErrorState error={days.error} onRetry={() => void days.refetch()} />
      ) : days.isPending ? (
        <Loading />
      ) : (
        <ul className="slot-days">
          {days.data.days.map(day => (
            <li key={day.date}>
              <h3>{longDay(Date.parse(`${day.date}T12:00:00Z`), i18n.language)}</h3>
              {day.slots.length > 0 ? (
                <div className="row wrap">
                  {day.slots.map(slot => (
                    <SlotButton key={slot.start} slot={slot} onPress={() => onPress(slot)} />
                  ))}
                </div>
              ) : (
                <p className="small">{day.reason ?? t(`slots.${day.state === 'closed' ? 'closed' : 'full'}`)}</p>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** The municipality with an ISTAT code; nothing for an office, or where no place is known. */
const useMunicipality = (near: string | null) =>
  useQuery({
    queryKey: ['municipality', near],
    queryFn:
      near !== null && isMunicipality(near)
        ? ({ signal }) => api.get('/api/municipalities/:code', { path: { code: near }, signal })
        : skipToken,
    staleTime: Number.POSITIVE_INFINITY,
  })

/** The municipality near which an agency is looked for. */
function PlaceField({ near, onChoose }: { near: string | null; onChoose: (code: string) => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const wanted = useDeferredValue(text.trim())
  const known = useMunicipality(near)
  const found = useQuery({
    queryKey: ['municipalities', wanted],
    queryFn: ({ signal }) => api.get('/api/municipalities', { query: { q: wanted, limit: 12 }, signal }),
    enabled: wanted.length >= 2,
    placeholderData: earlier => earlier,
  })
  const label = (each: Municipality) => `${each.name} (${each.provinceCode})`
  const choices = (found.data?.items ?? (known.data ? [known.data] : [])).map(each => ({
    id: each.code,
    label: label(each),
    detail: each.regionName,
  }))
  return (
    <ComboBox
      label={t('slots.near')}
      icon="map-marker"
      value={near !== null && isMunicipality(near) ? near : null}
      text={known.data ? label(known.data) : ''}
      choices={choices}
      isLoading={found.isFetching}
      onSearch={setText}
      onChange={code => code !== null && onChoose(code)}
    />
  )
}
