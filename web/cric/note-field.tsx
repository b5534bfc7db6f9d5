/** The field of a note, in which colleagues are named: after an @ those are offered whose name begins as typed, to be taken with the arrows and Enter. */
import { useQuery } from '@tanstack/react-query'
import { type ComponentProps, useId, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../shared/api.ts'
import { classes, TextArea } from '../shared/ui/index.ts'
import { mentionsIn, namesLike, typedName, withName } from './mentions.ts'

/** Who can be named about a ticket; nobody is asked for as long as nobody is being named. */
export function useMentionable(ticketId: string, text: string) {
  const found = useQuery({
    queryKey: ['mentionable', ticketId],
    queryFn: ({ signal }) => api.get('/api/tickets/:ticketId/mentionable', { path: { ticketId }, signal }),
    enabled: text.includes('@'),
    staleTime: 60_000,
  })
  const people = found.data?.items ?? []
  return { people, named: mentionsIn(text, people) }
}

export function NoteField({ ticketId, value, onChange }: { ticketId: string; value: string; onChange: (text: string) => void }) {
  const { t } = useTranslation('web-cric')
  const { people, named } = useMentionable(ticketId, value)
  const place = useRef<HTMLDivElement>(null)
  const listId = useId()
  const [caret, setCaret] = useState<number | null>(null)
  const [at, setAt] = useState(0)
  const typing = caret === null ? undefined : typedName(value, caret)
  const offered = typing ? namesLike(people, typing.typed).filter(each => !named.includes(each)) : []
  const isOpen = offered.length > 0
  const current = offered[Math.min(at, offered.length - 1)]
  const field = () => place.current?.querySelector('textarea')
  // With the text, before the next letter is typed.
  const caretNext = useRef<number | null>(null)
  useLayoutEffect(() => {
    if (caretNext.current === null) return
    field()?.setSelectionRange(caretNext.current, caretNext.current)
    caretNext.current = null
  })
  const see = () => {
    setCaret(field()?.selectionStart ?? null)
    setAt(0)
  }
  const take = (name: string) => {
    if (!typing) return
    const next = withName(value, typing, name)
    onChange(next.text)
    setCaret(null)
    caretNext.current = next.caret
  }
  const onKeyDown: ComponentProps<typeof TextArea>['onKeyDown'] = event => {
    if (!isOpen || !current) return
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0) setAt((Math.min(at, offered.length - 1) + step + offered.length) % offered.length)
    else if (event.key === 'Enter' || event.key === 'Tab') take(current.name)
    else if (event.key === 'Escape') setCaret(null)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div ref={place} className="note-field">
      <TextArea
        label={t('newNote')}
        hideLabel
        rows={2}
        value={value}
        onChange={text => {
          onChange(text)
          see()
        }}
        onKeyDown={onKeyDown}
        onBlur={() => setCaret(null)}
        placeholder={t('notePlaceholder')}
        hint={named.length > 0 ? t('mention.told', { names: named.map(each => each.name).join(', ') }) : t('mention.hint')}
        className="small-area"
        aria-autocomplete="list"
        {...(isOpen && current ? { 'aria-controls': listId, 'aria-activedescendant': `${listId}-${current.id}` } : {})}
      />
      {isOpen && (
        <div role="listbox" id={listId} aria-label={t('mention.choose')} className="popover options mention-list">
          {offered.map(each => (
            // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and says which one is meant
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the field's
            <div
              key={each.id}
              id={`${listId}-${each.id}`}
              role="option"
              aria-selected={each === current}
              className={classes('option', 'line', each === current && 'on')}
              // The field keeps the focus.
              onPointerDown={event => event.preventDefault()}
              onClick={() => take(each.name)}
            >
              <span className="grow">
                {each.name}
                <br />
                <small>{each.unit}</small>
              </span>
            </div>
          ))}
        </div>
      )}
    </div>
  )
}
