/** A list on the left, and beside it the one of its things that is open; a narrow window shows one of the two. */
import type { ReactNode } from 'react'
import { GridList, GridListItem } from 'react-aria-components'
import { Button, classes } from './button.tsx'

/**
 * @param label what the list is of
 * @param head its title, its keys and what narrows it
 * @param list its lines
 * @param detail what is open
 * @param nothing stands in its place as long as there is none
 * @param back says that one goes back to the list, where only what is open is shown
 * @param isOpen whether something is chosen, also when it is not there any more
 */
export function ListAndDetail({
  label,
  head,
  list,
  detail,
  nothing,
  back,
  onBack,
  isOpen,
}: {
  label: string
  head: ReactNode
  list: ReactNode
  detail: ReactNode
  nothing: ReactNode
  back: string
  onBack: () => void
  isOpen: boolean
}) {
  return (
    <div className={classes('columns', 'list-and-detail', isOpen && 'has-open')}>
      <section className="list-side" aria-label={label}>
        <div className="list-head">{head}</div>
        {list}
      </section>
      <section className="detail-side">
        {isOpen && (
          <div className="back">
            <Button tone="quiet" icon="arrow-left" onPress={onBack}>
              {back}
            </Button>
          </div>
        )}
        {detail || nothing}
      </section>
    </div>
  )
}

/** The lines of such a list: arrow keys go from one to the next, Enter opens. */
export function LinesToOpen<T extends { id: string }>({
  label,
  items,
  openId,
  onOpen,
  textOf,
  children,
}: {
  label: string
  items: readonly T[]
  openId: string | undefined
  onOpen: (id: string) => void
  /** What a screen reader calls a line. */
  textOf: (item: T) => string
  /** Draws a line. */
  children: (item: T) => ReactNode
}) {
  return (
    <GridList
      aria-label={label}
      items={items.map(item => ({ id: item.id, item, isOpen: item.id === openId }))}
      onAction={key => onOpen(String(key))}
    >
      {({ id, item, isOpen }) => (
        <GridListItem id={id} textValue={textOf(item)} className={classes('list-line', isOpen && 'on')}>
          {children(item)}
        </GridListItem>
      )}
    </GridList>
  )
}
