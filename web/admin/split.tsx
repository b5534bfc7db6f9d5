/** A list on the left, what was chosen on the right; on a narrow screen one at a time. */
import type { ReactNode } from 'react'
import { Button, classes, EmptyState } from '../shared/ui/index.ts'
import './admin.css'

export function Split({
  list,
  detail,
  label,
  back,
  choose,
  aside,
  onBack,
  wide = false,
}: {
  list: ReactNode
  /** Null: nothing chosen. */
  detail: ReactNode | null
  label: string
  back: string
  /** What to do while nothing is chosen. */
  choose: string
  /** What stands beside the list while nothing is chosen; on a narrow screen below it. */
  aside?: ReactNode
  onBack: () => void
  /** The list is a table: while nothing is chosen it has the whole page. */
  wide?: boolean
}) {
  return (
    <div
      className={classes(
        'columns',
        'admin',
        detail !== null && 'has-detail',
        wide && detail === null && 'wide-list',
        aside !== undefined && detail === null && 'has-aside',
      )}
    >
      <section className="admin-list" aria-label={label}>
        {list}
      </section>
      <section className="admin-detail">
        {detail !== null && (
          <div className="back">
            <Button tone="quiet" icon="arrow-left" onPress={onBack}>
              {back}
            </Button>
          </div>
        )}
        {detail ?? (
          <>
            {aside === undefined && <EmptyState title={choose} icon="arrow-left" />}
            {aside}
          </>
        )}
      </section>
    </div>
  )
}
