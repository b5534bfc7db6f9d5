/** Counts as bars of one scale, each with its word and its number: the words are the table. */
import { classes } from '../ui/index.ts'
import './pictures.css'

export interface CountBar {
  id: string
  label: string
  count: number
  tone: 'calm' | 'wait' | 'late'
}

export function CountBars({ title, bars }: { title: string; bars: readonly CountBar[] }) {
  const most = Math.max(1, ...bars.map(bar => bar.count))
  return (
    <figure className="count-bars">
      <figcaption className="label">{title}</figcaption>
      <ul>
        {bars.map(({ id, label, count, tone }) => (
          <li key={id} className={classes('small', count > 0 && tone)}>
            <span className="clip">{label}</span>
            <span className="track" aria-hidden="true">
              <i style={{ width: `${(100 * count) / most}%` }} />
            </span>
            <b className="num">{count}</b>
          </li>
        ))}
      </ul>
    </figure>
  )
}
