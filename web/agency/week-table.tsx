/**
 * The table of the week: one stop for the Tab key, arrows lead from slot to slot. Enter opens a slot. As in a spreadsheet X takes somebody up and V puts them
 * down, Escape leaves them where they are, Delete asks whether to cancel; or they are dragged.
 */
import { type DragEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { clock, longDay, shortDay } from '../shared/time.ts'
import { classes, Icon } from '../shared/ui/index.ts'
import { stateTone } from './appointments.ts'
import { clamp, type Direction, goFrom, isMovable, type Place, placeOf, type WeekSlot, type WeekTable } from './week-model.ts'

/** Somebody who was moved, and where to: the focus goes along as soon as they are there. */
export interface Followed {
  key: string
  calendarId: string
  start: string
}

export interface WeekActs {
  onOpen: (slot: WeekSlot) => void
  onTake: (slot: WeekSlot | null) => void
  onPlace: (slot: WeekSlot) => void
  onCancel: (slot: WeekSlot) => void
  onPage: (by: 1 | -1) => void
}

const directions: Readonly<Record<string, Direction>> = {
  ...{ ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down', Home: 'home', End: 'end' },
}
/** What is dragged within the week and nowhere else. */
const dragged = 'application/x-filodiretto-appointment'

export function Week({
  table,
  today,
  current,
  onCurrent,
  moving,
  followed,
  onFollowed,
  busy,
  changes,
  byTime,
  label,
  acts,
}: {
  table: WeekTable
  today: string
  /** The slot that has, or had, the focus. */
  current: string | null
  onCurrent: (slot: WeekSlot | null) => void
  /** Who is taken up. */
  moving: string | null
  followed: Followed | null
  onFollowed: () => void
  /** Where somebody is just being put. */
  busy: string | null
  changes: boolean
  /** Whether a row is a time, and not somebody who receives. */
  byTime: boolean
  label: string
  acts: WeekActs
}) {
  const { t, i18n } = useTranslation('web-agency')
  const grid = useRef<HTMLTableElement>(null)
  const [place, setPlace] = useState<Place>({ row: 0, column: 0, slot: 0 })
  const here = (current === null ? undefined : placeOf(table, current)) ?? clamp(table, place)
  const slotAt = (at: Place): WeekSlot | undefined => table.rows[at.row]?.cells[at.column]?.[at.slot]
  const idOf = ({ row, column, slot }: Place) => `week-${row}-${column}-${slot}`
  const go = (to: Place) => {
    setPlace(to)
    onCurrent(slotAt(to) ?? null)
    grid.current?.querySelector<HTMLElement>(`#${idOf(to)}`)?.focus()
  }
  useEffect(() => {
    const to = followed === null ? undefined : placeOf(table, followed.key)
    const slot = to && slotAt(to)
    if (!slot || slot.start !== followed?.start || slot.calendarId !== followed.calendarId) return
    go(to)
    onFollowed()
  })

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const slot = slotAt(here)
    const command = event.ctrlKey || event.metaKey
    const key = event.key.toLowerCase()
    const direction = directions[event.key]
    const act = (): boolean => {
      if (direction) {
        const all = command && (direction === 'home' || direction === 'end')
        go(goFrom(table, here, all ? (direction === 'home' ? 'first' : 'last') : direction))
      } else if (event.key === 'PageUp') acts.onPage(-1)
      else if (event.key === 'PageDown') acts.onPage(1)
      else if (event.key === 'Escape' && moving !== null) acts.onTake(null)
      else if (!slot) return false
      else if ((event.key === 'Enter' && moving !== null && 'free' in slot) || key === 'v') acts.onPlace(slot)
      else if (event.key === 'Enter' || event.key === ' ') acts.onOpen(slot)
      else if (key === 'x') acts.onTake(slot)
      else if (event.key === 'Delete') acts.onCancel(slot)
      else return false
      return true
    }
    if (event.altKey || (command && !['x', 'v', 'home', 'end'].includes(key))) return
    if (act()) {
      event.preventDefault()
      event.stopPropagation()
    }
  }

  const dayName = (date: string) => longDay(Date.parse(`${date}T12:00:00Z`), i18n.language)
  const slotLabel = (slot: WeekSlot): string => {
    const time = clock(Date.parse(slot.start), i18n.language)
    if ('free' in slot) return moving === null ? t('week.freeAt', { time, count: slot.free.places }) : t('week.placeAt', { time })
    const { contact, service, state } = slot.line
    return [time, contact.name, service.name, t(`states.${state}`), slot.key === moving ? t('week.taken') : null]
      .filter(Boolean)
      .join(', ')
  }
  const drag = (slot: WeekSlot) =>
    !changes || !('line' in slot) || !isMovable(slot.line)
      ? {}
      : {
          draggable: true,
          onDragStart: (event: DragEvent) => {
            event.dataTransfer.setData(dragged, slot.key)
            event.dataTransfer.effectAllowed = 'move'
            // The browser keeps what is dragged as it is drawn now; who is taken up shows the places afterwards.
            requestAnimationFrame(() => acts.onTake(slot))
          },
          onDragEnd: (event: DragEvent) => {
            if (event.dataTransfer.dropEffect === 'none') acts.onTake(null)
          },
        }
  const drop = (slot: WeekSlot) =>
    'line' in slot
      ? {}
      : {
          onDragOver: (event: DragEvent) => {
            if (!event.dataTransfer.types.includes(dragged)) return
            event.preventDefault()
            event.dataTransfer.dropEffect = 'move'
          },
          onDrop: (event: DragEvent) => {
            event.preventDefault()
            acts.onPlace(slot)
          },
        }

  return (
    <table
      ref={grid}
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells are moved through by keys is a grid (ARIA 1.2)
      role="grid"
      aria-label={label}
      aria-busy={busy !== null}
      className={classes('week-table', moving !== null && 'is-moving', byTime && 'by-time')}
    >
      <thead>
        <tr>
          <th scope="col">{t(byTime ? 'week.time' : 'week.who')}</th>
          {table.columns.map(({ date, closed }) => (
            <th
              key={date}
              scope="col"
              className={classes(date === today && 'today')}
              aria-current={date === today ? 'date' : undefined}
            >
              <span aria-hidden="true">{shortDay(Date.parse(`${date}T12:00:00Z`), i18n.language)}</span>
              <span className="sr">{dayName(date)}</span>
              {closed !== null && <small className="block clip">{closed}</small>}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map((row, r) => (
          <tr key={row.key}>
            <th scope="row">
              <span className={classes(byTime && 'num')}>{row.name}</span>
              {row.room !== '' && <small className="block clip">{row.room}</small>}
            </th>
            {row.cells.map((slots, c) => {
              const date = table.columns[c]?.date ?? ''
              const isHere = (slot: number) => here.row === r && here.column === c && here.slot === slot
              const focusable = (slot: number) => ({
                id: idOf({ row: r, column: c, slot }),
                tabIndex: isHere(slot) ? 0 : -1,
                onKeyDown,
                onFocus: () => {
                  setPlace({ row: r, column: c, slot })
                  onCurrent(slots[slot] ?? null)
                },
              })
              return slots.length === 0 ? (
                <td
                  key={date}
                  className={classes('nothing', date === today && 'today')}
                  {...focusable(0)}
                  aria-label={t('week.nothing')}
                />
              ) : (
                <td key={date} className={classes(date === today && 'today')}>
                  <div className="week-slots">
                    {slots.map((slot, s) => (
                      // biome-ignore lint/a11y/useSemanticElements: a button swallows the drag in some browsers
                      <div
                        key={slot.key}
                        {...focusable(s)}
                        tabIndex={isHere(s) ? 0 : -1}
                        onKeyDown={onKeyDown}
                        role="button"
                        aria-label={slotLabel(slot)}
                        aria-busy={busy === slot.key}
                        className={classes(
                          'week-slot',
                          'free' in slot ? 'free' : `booked ${stateTone[slot.line.state]}`,
                          slot.key === moving && 'taken',
                          busy === slot.key && 'busy',
                        )}
                        onClick={event => {
                          if (moving !== null && 'free' in slot) acts.onPlace(slot)
                          // What a screen reader presses has no pointer, and means the key; a pointer chooses, so that nobody who wanted to drag leaves the page.
                          else if (event.detail === 0) acts.onOpen(slot)
                          else event.currentTarget.focus()
                        }}
                        onDoubleClick={() => acts.onOpen(slot)}
                        {...drag(slot)}
                        {...drop(slot)}
                      >
                        {byTime ? (
                          'free' in slot && <span>{t('week.free')}</span>
                        ) : (
                          <span className="num">{clock(Date.parse(slot.start), i18n.language)}</span>
                        )}
                        {'line' in slot && (
                          <>
                            <span className="grow clip">{slot.line.contact.name}</span>
                            {slot.line.mode === 'telephone' && <Icon name="telephone" size={14} />}
                          </>
                        )}
                      </div>
                    ))}
                  </div>
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
