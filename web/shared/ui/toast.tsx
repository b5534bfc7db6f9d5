/** Short notices at the edge: what was done, or why it was not. They wait long enough to be read, and screen readers say them. */
import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './button.tsx'

interface Notice {
  id: number
  text: string
  tone: 'plain' | 'late'
}

const shownMs = 7_000
let notices: readonly Notice[] = []
let lastId = 0
const listeners = new Set<() => void>()

function set(next: readonly Notice[]): void {
  notices = next
  for (const listener of listeners) listener()
}

/** Shows a sentence for some seconds. The same sentence is not shown twice at once. */
export function notify(text: string, tone: Notice['tone'] = 'plain'): void {
  const notice = { id: ++lastId, text, tone }
  set([...notices.filter(each => each.text !== text).slice(-3), notice])
  setTimeout(() => dismiss(notice.id), shownMs)
}

function dismiss(id: number): void {
  if (notices.some(each => each.id === id)) set(notices.filter(each => each.id !== id))
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function Toasts() {
  const { t } = useTranslation()
  const shown = useSyncExternalStore(subscribe, () => notices)
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(notice => (
        <div key={notice.id} className={`toast ${notice.tone}`}>
          <span className="grow">{notice.text}</span>
          <Button tone="quiet" icon="close" label={t('close')} onPress={() => dismiss(notice.id)} />
        </div>
      ))}
    </div>
  )
}
