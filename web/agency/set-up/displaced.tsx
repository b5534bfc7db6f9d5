/** Booked citizens whose time is no longer there: where each goes, or that the appointment is cancelled. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Displaced, Rebooking } from '../../../src/agenda/set-up/model.ts'
import { clock, dayOf, dayWithMonth } from '../../shared/time.ts'
import { Select } from '../../shared/ui/index.ts'
import './displaced.css'

/** What is decided of each: as proposed, unless the officer cancels it or there is no time. */
export interface Decisions {
  isCancelled(displaced: Displaced): boolean
  decide(displaced: Displaced, cancel: boolean): void
  moved: number
  cancelled: number
  rebookings(): Rebooking[]
}

export function useDecisions(displaced: readonly Displaced[]): Decisions {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const isCancelled = ({ appointmentId, proposal }: Displaced) => proposal === null || chosen.has(appointmentId)
  const cancelled = displaced.filter(isCancelled).length
  return {
    isCancelled,
    decide: ({ appointmentId }, cancel) =>
      setChosen(before => {
        const after = new Set(before)
        if (cancel) after.add(appointmentId)
        else after.delete(appointmentId)
        return after
      }),
    moved: displaced.length - cancelled,
    cancelled,
    rebookings: () =>
      displaced.map(each => ({
        appointmentId: each.appointmentId,
        to: each.proposal && !isCancelled(each) ? { calendarId: each.proposal.calendarId, start: each.proposal.start } : null,
      })),
  }
}

export function DisplacedList({ displaced, decisions }: { displaced: readonly Displaced[]; decisions: Decisions }) {
  return (
    <ul className="displaced">
      {displaced.map(each => (
        <Row
          key={each.appointmentId}
          displaced={each}
          isCancelled={decisions.isCancelled(each)}
          onDecide={cancel => decisions.decide(each, cancel)}
        />
      ))}
    </ul>
  )
}

/** How many are moved, and how many cancelled. */
export function DecidedSummary({ decisions: { moved, cancelled } }: { decisions: Decisions }) {
  const { t } = useTranslation('web-agenda')
  return [moved > 0 ? t('save.moved', { count: moved }) : '', cancelled > 0 ? t('save.cancelled', { count: cancelled }) : '']
    .filter(Boolean)
    .join(' ')
}

function Row({
  displaced,
  isCancelled,
  onDecide,
}: {
  displaced: Displaced
  isCancelled: boolean
  onDecide: (cancel: boolean) => void
}) {
  const { t, i18n } = useTranslation('web-agenda')
  const at = (instant: string) =>
    `${dayWithMonth(dayOf(Date.parse(instant)), i18n.language)}, ${clock(Date.parse(instant), i18n.language)}`
  const { proposal } = displaced
  const move = proposal
    ? proposal.start === displaced.start
      ? t('displaced.sameTime', { with: proposal.with })
      : t('displaced.moveTo', { at: at(proposal.start), with: proposal.with })
    : ''
  return (
    <li>
      <div className="grow">
        <b>{displaced.contact}</b>
        <br />
        <small>
          {at(displaced.start)} · {displaced.service}
        </small>
      </div>
      {proposal ? (
        <Select
          label={t('displaced.decide', { name: displaced.contact })}
          hideLabel
          value={isCancelled ? 'cancel' : 'move'}
          onChange={id => onDecide(id === 'cancel')}
          choices={[
            { id: 'move', label: move },
            { id: 'cancel', label: t('displaced.cancel') },
          ]}
        />
      ) : (
        <small>{t('displaced.noTime')}</small>
      )}
    </li>
  )
}
