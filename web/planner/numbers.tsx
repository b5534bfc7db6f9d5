/** A few figures side by side, each under its name. */
import type { ReactNode } from 'react'

export function Tiles({ tiles }: { tiles: readonly { name: string; value: ReactNode; note?: ReactNode }[] }) {
  return (
    <dl className="tiles">
      {tiles.map(({ name, value, note }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="num">
            <b>{value}</b>
            {note !== undefined && <small>{note}</small>}
          </dd>
        </div>
      ))}
    </dl>
  )
}
