/** A column of the board: who it is, how much that is, and its cards. */

import { Button as AriaButton, GridList, GridListItem, isTextDropItem, useDragAndDrop } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { BoardCard, BoardColumn } from '../../src/cases/board/model.ts'
import { age, dayWithMonth, spokenCode } from '../shared/time.ts'
import { Avatar, Button, Due, Icon, Link, Menu, Pill, useNow } from '../shared/ui/index.ts'

export const poolColumn = 'pool'
export const columnIdOf = ({ person }: BoardColumn): string => person?.id ?? poolColumn

/** What is dragged within the board and nowhere else. */
const dragged = 'application/x-filodiretto-ticket'

export function Column({
  column,
  others,
  atMost,
  sectionId,
  onMove,
}: {
  column: BoardColumn
  /** To which its cards can go. */
  others: readonly BoardColumn[]
  atMost: number
  sectionId: string
  onMove: (to: BoardColumn, ids: readonly string[]) => void
}) {
  const { t } = useTranslation('web-cric-board')
  const now = useNow()
  const units = { minutes: t('web:ageUnits.minutes'), hours: t('web:ageUnits.hours'), days: t('web:ageUnits.days') }
  const name = column.person?.name ?? t('pool')
  const takes = column.person === null || (column.isMember && column.absentUntil === null)
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: keys => [...keys].map(key => ({ [dragged]: String(key), 'text/plain': cardTitle(column, String(key)) })),
    acceptedDragTypes: takes ? [dragged] : [],
    getDropOperation: () => 'move',
    async onRootDrop({ items }) {
      const ids = await Promise.all(items.filter(isTextDropItem).map(item => item.getText(dragged)))
      onMove(column, ids)
    },
  })
  const more = column.count - column.cards.length
  const fixed = column.cards.filter(card => !card.movable).map(card => card.id)
  return (
    <section className="board-column" aria-label={name}>
      <header>
        <div className="row">
          {column.person && <Avatar name={name} size="small" />}
          <h2 className="grow clip">{name}</h2>
          <b className="num">{column.count >= atMost ? t('atLeast', { count: atMost }) : column.count}</b>
        </div>
        <div className="row wrap board-facts">
          {column.late > 0 && (
            <Pill small tone="late">
              {t('late', { count: column.late })}
            </Pill>
          )}
          {column.today > 0 && (
            <Pill small tone="wait">
              {t('today', { count: column.today })}
            </Pill>
          )}
          <Standing column={column} />
        </div>
      </header>
      <GridList
        aria-label={t('cardsOf', { name })}
        className="board-cards"
        items={column.cards}
        selectionMode="multiple"
        selectionBehavior="replace"
        disabledKeys={fixed}
        disabledBehavior="selection"
        dragAndDropHooks={dragAndDropHooks}
        dependencies={[now, others, t]}
        renderEmptyState={() => <p className="small muted">{t('nothing')}</p>}
      >
        {(card: BoardCard) => (
          <GridListItem id={card.id} textValue={card.title} className="board-card">
            <div className="row top">
              <AriaButton slot="drag" className="board-handle" aria-label={t('drag', { title: card.title })}>
                <Icon name="more-items" size={16} />
              </AriaButton>
              <Link to="/cric/tickets/{-$ticketId}" params={{ ticketId: card.id }} search={{ view: 'all', section: sectionId }}>
                {card.title}
              </Link>
              <Menu
                label={t('moveTo')}
                entries={others.map(each => entryOf(each, card, t))}
                onAction={id => {
                  const to = others.find(each => columnIdOf(each) === id)
                  if (to) onMove(to, [card.id])
                }}
              >
                <Button tone="quiet" icon="exchange-circle" label={t('moveTitle', { title: card.title })} />
              </Menu>
            </div>
            <div className="row wrap board-facts">
              <Due at={card.dueAt} />
              <small className="num">
                {spokenCode(card.code)} · {age(now - Date.parse(card.openedAt), units)}
              </small>
              {card.secondContact && (
                <Pill small tone="wait">
                  {t('web-cric:secondContact')}
                </Pill>
              )}
              {card.state === 'forwarded' && <Pill small>{t('web-cric:states.forwarded')}</Pill>}
              {card.state === 'returned' && (
                <Pill small tone="info">
                  {t('web-cric:states.returned')}
                </Pill>
              )}
            </div>
          </GridListItem>
        )}
      </GridList>
      {more > 0 && (
        <Link
          className="board-more"
          to="/cric/tickets/{-$ticketId}"
          params={{ ticketId: undefined }}
          search={{
            ...(column.person ? { view: 'all', ownerId: column.person.id } : { view: 'pool' }),
            section: sectionId,
          }}
        >
          {column.count >= atMost ? t('manyMore') : t('more', { count: more })}
        </Link>
      )}
    </section>
  )
}

const cardTitle = ({ cards }: BoardColumn, id: string): string => cards.find(card => card.id === id)?.title ?? ''

/** Somebody to whom a card can go; who is away cannot have it. */
function entryOf(to: BoardColumn, card: BoardCard, t: ReturnType<typeof useTranslation<'web-cric-board'>>['t']) {
  const away = to.absentUntil !== null
  return {
    id: columnIdOf(to),
    label: to.person?.name ?? t('pool'),
    detail: !card.movable ? t('fixed') : away ? t('away') : t('has', { count: to.count, today: to.late + to.today }),
    isDisabled: away || !card.movable || (to.person === null && card.state === 'pool'),
  }
}

function Standing({ column }: { column: BoardColumn }) {
  const { t, i18n } = useTranslation('web-cric-board')
  if (column.absentUntil !== null)
    return (
      <Pill small icon="calendar">
        {t('absentUntil', { day: dayWithMonth(column.absentUntil, i18n.language) })}
      </Pill>
    )
  if (column.person !== null && !column.isMember) return <Pill small>{t('noMember')}</Pill>
  if (column.inService === null) return null
  return (
    <Pill small dot tone={column.inService ? 'ok' : 'plain'}>
      {t(column.inService ? 'inService' : 'signedOut')}
    </Pill>
  )
}
