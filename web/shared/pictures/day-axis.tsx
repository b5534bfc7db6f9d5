/** A day as an axis of time. A press on a block opens it; the list below it is the same for keyboard and screen readers. */
import { classes } from '../ui/index.ts'
import type { Axis } from './day-axis.ts'
import './pictures.css'

export function DayAxis<T extends { id: string }>({
  axis,
  label,
  now,
  open,
  lookOf,
  wordsOf,
  onOpen,
}: {
  axis: Axis<T>
  label: string
  /** Minutes since midnight; null on another day. */
  now: number | null
  open: string | undefined
  lookOf: (item: T) => string
  wordsOf: (item: T) => string
  onOpen: (id: string) => void
}) {
  const span = axis.hours.length - 1
  const at = now === null ? null : axis.placeOf(now)
  return (
    <figure className="day-axis" role="img" aria-label={label}>
      <div className="hours" aria-hidden="true">
        {axis.hours.map((hour, i) => (
          <span key={hour} className="tiny num" style={{ left: `${(100 * i) / span}%` }}>
            {hour}
          </span>
        ))}
      </div>
      {axis.rows.map(row => (
        <div key={row.id} className="officer" aria-hidden="true">
          <span className="tiny clip">{row.name}</span>
          <div className="track" style={{ height: row.lanes * 18, backgroundSize: `${100 / span}% 100%` }}>
            {row.blocks.map(({ of, left, width, lane }) => (
              // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: the list below does the same with keys
              <i
                key={of.id}
                className={classes('block', lookOf(of), of.id === open && 'on')}
                style={{ left: `${100 * left}%`, width: `${100 * width}%`, top: lane * 18 }}
                title={wordsOf(of)}
                onClick={() => onOpen(of.id)}
              />
            ))}
            {at !== null && <i className="now" style={{ left: `${100 * at}%` }} />}
          </div>
        </div>
      ))}
    </figure>
  )
}
