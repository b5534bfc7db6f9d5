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
  instead,
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
  /** What stands there meanwhile, below those words. */
  instead?: ReactNode
  onBack: () => void
  /** The list is a table: while nothing is chosen it has the whole page. */
  wide?: boolean
}) {
  return (
    <div className={classes('columns', 'admin', detail !== null && 'has-detail', wide && detail === null && 'wide-list')}>
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
            <EmptyState title={choose} icon="arrow-left" />
            {instead}
          </>
        )}
      </section>
    </div>
  )
}
