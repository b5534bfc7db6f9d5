/** A table of numbers: the first column names the row. What is wider than the page scrolls in itself. */
import type { ReactNode } from 'react'

export interface NumberRow {
  key: string
  cells: readonly ReactNode[]
  total?: boolean
}

export function Numbers({ caption, head, rows }: { caption: string; head: readonly string[]; rows: readonly NumberRow[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="scroll" aria-label={caption} tabIndex={0}>
      <table className="table">
        <caption className="sr">{caption}</caption>
        <thead>
          <tr>
            {head.map((name, i) => (
              <th scope="col" key={name} className={i === 0 ? '' : 'right'}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells: [first, ...rest], total = false }) => (
            <tr key={key} className={total ? 'total' : ''}>
              <th scope="row">{first}</th>
              {rest.map((cell, i) => (
                <td key={head[i + 1]} className="right num">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
