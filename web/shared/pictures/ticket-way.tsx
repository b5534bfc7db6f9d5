/** The way of a ticket drawn as a branch beside its stops: the list itself is what a screen reader reads. */
import { useTranslation } from 'react-i18next'
import { clock, dayOf, told } from '../time.ts'
import { classes, Time } from '../ui/index.ts'
import { type Lane, lanes, type Stop } from './ticket-way.ts'
import './pictures.css'

const laneWidth = 16
/** From the upper edge of a row to the middle of its stop. */
const bend = 14

const x = (lane: Lane): number => laneWidth * (lanes.indexOf(lane) + 0.5)

export function TicketWay({ stops, label }: { stops: readonly Stop[]; label: string }) {
  const { t, i18n } = useTranslation()
  const drawn = stops.map((stop, i) => ({ ...stop, day: stop.at && dayOf(Date.parse(stop.at)), from: stops[i - 1]?.lane }))
  return (
    <ol className="ticket-way" aria-label={label}>
      {drawn.map((stop, i) => {
        const isLast = i === drawn.length - 1
        const isNewDay = stop.at !== null && stop.day !== drawn[i - 1]?.day
        return (
          <li key={stop.key} className={classes(isLast && 'last', stop.at === null && 'open')}>
            <span className="branch" aria-hidden="true">
              {stop.from && (
                <svg width={laneWidth * lanes.length} height={bend} aria-hidden="true">
                  <path d={incoming(x(stop.from), x(stop.lane))} />
                </svg>
              )}
              {!isLast && <i className="stem" style={{ left: x(stop.lane) }} />}
              <i className="stop" style={{ left: x(stop.lane) }} />
            </span>
            <span className="grow">
              {stop.at !== null && (
                <small className="num">
                  <Time at={stop.at}>
                    {isNewDay ? shortDay(stop.at, i18n.language) : clock(Date.parse(stop.at), i18n.language)}
                  </Time>{' '}
                </small>
              )}
              <span className="sr">{t(`pictures.lanes.${stop.lane}`)}: </span>
              {stop.sentence}
              {stop.by !== '' && <small> · {stop.by}</small>}
            </span>
          </li>
        )
      })}
    </ol>
  )
}

const incoming = (from: number, to: number): string =>
  from === to ? `M${to} 0V${bend}` : `M${from} 0C${from} ${bend * 0.7} ${to} ${bend * 0.3} ${to} ${bend}`

const shortDay = (at: string, language: string): string =>
  told(Date.parse(at), language, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
