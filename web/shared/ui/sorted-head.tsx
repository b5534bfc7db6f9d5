/** The head of a column that can be sorted: its name, and a sign that says by which column and in which direction the table is sorted. */
import { type ReactNode, useContext } from 'react'
import { TableStateContext } from 'react-aria-components'
import { Icon } from './icon.tsx'

export function SortedHead({ id, children }: { id: string; children: ReactNode }) {
  const sorted = useContext(TableStateContext)?.sortDescriptor
  const isOn = sorted?.column === id
  return (
    <span className="sorted-head">
      {children}
      {isOn && (
        <span className={sorted?.direction === 'descending' ? 'sort-sign down' : 'sort-sign'}>
          <Icon name="expand" size={14} />
        </span>
      )}
    </span>
  )
}
