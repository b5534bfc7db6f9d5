/** The short notices that are shown at the edge, apart from how they look: a button can show one without knowing of them. */

export interface ShownNotice {
  id: number
  text: string
  tone: 'plain' | 'late'
  /** What can still be done about it, on a button. */
  act?: { label: string; run: () => void } | undefined
}

const shownMs = 7_000
/** A notice with something to do waits for the hand. */
const withActMs = 20_000
let notices: readonly ShownNotice[] = []
let lastId = 0
const listeners = new Set<() => void>()

function set(next: readonly ShownNotice[]): void {
  notices = next
  for (const listener of listeners) listener()
}

/**
 * Shows a sentence for some seconds, with what can still be done about it. The same sentence is not shown twice at once, unless something
 * can be done about each.
 */
export function notify(text: string, tone: ShownNotice['tone'] = 'plain', act?: ShownNotice['act']): void {
  const notice = { id: ++lastId, text, tone, act }
  set([...notices.filter(each => each.text !== text || each.act !== undefined).slice(-3), notice])
  setTimeout(() => dismiss(notice.id), act ? withActMs : shownMs)
}

export function dismiss(id: number): void {
  if (notices.some(each => each.id === id)) set(notices.filter(each => each.id !== id))
}

export const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const shownNotices = (): readonly ShownNotice[] => notices
