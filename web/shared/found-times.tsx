/** The first free times of a service, as a plain list: where, how far, when, with whom. The earliest first; one press keeps a time. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AppointmentMode } from '../../src/agenda/model.ts'
import type { FoundTime, PartOfDay } from '../../src/agenda/search/model.ts'
import { api } from './api.ts'
import { stepAt } from './focus.ts'
import { pagedOptions } from './query.ts'
import { clock, told } from './time.ts'
import { Button, ErrorState, Loading, Pill, Select } from './ui/index.ts'

/** Where times are looked for. */
export const scopes = ['near', 'office', 'province', 'country'] as const
export type Scope = (typeof scopes)[number]

const weekdays = [1, 2, 3, 4, 5, 6, 7] as const
/** A year whose first of January is a Monday. */
const mondayTheFirst = 2024

export interface TimesAsked {
  scope: Scope
  /** What is looked for in the scope; one that is not known is not offered. */
  places: { near: string | null; office: string | null; province: string | null }
  serviceId: string
  mode: AppointmentMode | undefined
  part: PartOfDay | null
  /** 1 is Monday. */
  weekday: number | null
  firstOffice: string | null | undefined
  contactId: string | null | undefined
}

const queryOf = ({ scope, places, serviceId, mode, part, weekday, firstOffice, contactId }: TimesAsked) => ({
  serviceId,
  mode,
  part: part ?? undefined,
  weekday: weekday ?? undefined,
  near: scope === 'near' ? (places.near ?? undefined) : undefined,
  unitId: scope === 'office' ? (places.office ?? undefined) : undefined,
  province: scope === 'province' ? (places.province ?? undefined) : undefined,
  first: scope === 'near' ? (firstOffice ?? undefined) : undefined,
  contactId: contactId ?? undefined,
})

export function FoundTimes({
  asked,
  onPress,
  onOffice,
}: {
  asked: TimesAsked
  onPress: (time: FoundTime) => void
  onOffice: (office: { id: string; name: string }) => void
}) {
  const { t } = useTranslation()
  const query = queryOf(asked)
  const found = useInfiniteQuery({
    queryKey: ['found-times', query],
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/agenda/search', { query: { ...query, cursor: pageParam, limit: 8 }, signal }),
    ...pagedOptions,
    staleTime: 10_000,
    meta: { live: ['appointment.'] },
  })
  if (found.isError) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />
  if (found.isPending) return <Loading lines={4} />
  const times = found.data.pages.flatMap(page => page.items)
  return (
    <>
      <ul className="offices" {...stepAt('slot')}>
        {times.map(time => (
          <TimeLine
            key={`${time.unit.id} ${time.start} ${time.asLastTime}`}
            time={time}
            isByRegion={asked.scope === 'country'}
            onPress={() => onPress(time)}
            onOffice={asked.scope === 'office' ? undefined : () => onOffice(time.unit)}
          />
        ))}
        {times.length === 0 && <li className="muted">{t('slots.nothing')}</li>}
      </ul>
      {found.hasNextPage && (
        <div>
          <Button isPending={found.isFetchingNextPage} onPress={() => void found.fetchNextPage()}>
            {t('slots.more')}
          </Button>
        </div>
      )}
    </>
  )
}

function TimeLine({
  time,
  isByRegion,
  onPress,
  onOffice,
}: {
  time: FoundTime
  isByRegion: boolean
  onPress: () => void
  onOffice: (() => void) | undefined
}) {
  const { t, i18n } = useTranslation()
  const start = Date.parse(time.start)
  const day = told(start, i18n.language, { weekday: 'short', day: 'numeric', month: 'short' })
  const [officer, ...others] = time.officers
  const who =
    officer === undefined
      ? null
      : t(others.length > 0 ? 'slots.withOneOf' : 'slots.with', { name: officer.name, count: others.length })
  const where = [
    isByRegion ? time.region : null,
    time.distanceKm === null ? null : t(time.distanceKm < 1 ? 'slots.kmLess' : 'slots.km', { km: Math.round(time.distanceKm) }),
    who,
  ]
  return (
    <li className="found-time">
      <Button className={time.heldByYou ? 'slot mine' : 'slot'} onPress={onPress}>
        <span className="num">
          {day}, {clock(start, i18n.language)}
        </span>
      </Button>
      <div className="grow">
        <b>{time.unit.name}</b> {time.asLastTime && <Pill tone="info">{t('slots.asLastTime')}</Pill>}
        <br />
        <small>{where.filter(part => part !== null).join(' · ') || time.unit.address}</small>
      </div>
      {onOffice && (
        <Button tone="quiet" label={t('slots.moreTimesOf', { office: time.unit.name })} onPress={onOffice}>
          {t('slots.moreTimes')}
        </Button>
      )}
    </li>
  )
}

/** Which part of the day is wished. */
export function PartOfDayField({ value, onChange }: { value: PartOfDay | null; onChange: (part: PartOfDay | null) => void }) {
  const { t } = useTranslation()
  const parts: readonly PartOfDay[] = ['morning', 'afternoon']
  return (
    <Select
      label={t('slots.part')}
      value={value ?? 'any'}
      onChange={id => onChange(parts.find(part => part === id) ?? null)}
      choices={(['any', ...parts] as const).map(id => ({ id, label: t(`slots.parts.${id}`) }))}
    />
  )
}

/** On which day of the week is wished. */
export function WeekdayField({ value, onChange }: { value: number | null; onChange: (weekday: number | null) => void }) {
  const { t, i18n } = useTranslation()
  return (
    <Select
      label={t('slots.weekday')}
      value={value === null ? 'any' : String(value)}
      onChange={id => onChange(id === 'any' ? null : Number(id))}
      choices={[
        { id: 'any', label: t('slots.anyWeekday') },
        ...weekdays.map(weekday => ({
          id: String(weekday),
          label: told(Date.UTC(mondayTheFirst, 0, weekday, 12), i18n.language, { weekday: 'long' }),
        })),
      ]}
    />
  )
}
