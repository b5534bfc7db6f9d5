/** Keys that do something, and what they do. The overview (`?`) shows those that work where the reader is. */
import { useEffect, useRef, useSyncExternalStore } from 'react'

export interface Shortcut {
  /** `p`, `?`, `F9`, `Control+k`, `Control+Enter`. Single letters are not taken while somebody types. */
  keys: string
  /** What it does, in the reader's language. */
  label: string
  /** Heading in the overview. */
  group: string
}

interface Bound extends Shortcut {
  act: { current: () => void }
}

let bound: readonly Bound[] = []
const listeners = new Set<() => void>()
const set = (next: readonly Bound[]) => {
  bound = next
  for (const listener of listeners) listener()
}
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useShortcutList = (): readonly Shortcut[] => useSyncExternalStore(subscribe, () => bound)

/** Binds a key while the component is there and `active`. The last one bound wins. */
export function useShortcut(shortcut: Shortcut, act: () => void, active = true): void {
  const { keys, label, group } = shortcut
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    if (!active) return
    const own: Bound = { keys, label, group, act: latest }
    set([...bound, own])
    return () => set(bound.filter(each => each !== own))
  }, [keys, label, group, active])
}

/** The name of a key press in our form: `Control+k`, `p`, `F9`. Command counts as Control. Pure. */
export function nameOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  return `${event.ctrlKey || event.metaKey ? 'Control+' : ''}${event.altKey ? 'Alt+' : ''}${key}`
}

function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)
}

/** Single keys also mean something inside menus, lists of choices and dialogs. */
function isElsewhere(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('[role=menu],[role=listbox],[role=dialog],[role=alertdialog]') !== null
}

export function listenToKeys(): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || event.repeat) return
    const name = nameOf(event)
    const single = [...event.key].length === 1 && !name.includes('+')
    if (single && (isWriting(event.target) || isElsewhere(event.target))) return
    const found = bound.findLast(each => each.keys === name)
    if (!found) return
    event.preventDefault()
    found.act.current()
  }
  addEventListener('keydown', onKey)
  return () => removeEventListener('keydown', onKey)
}

/** As it is written on a key: `⌃K`, `⌃↵`, `P`. */
export const keyText = (keys: string): string =>
  keys
    .replace('Control+', '⌃')
    .replace('Alt+', '⌥')
    .replace('Enter', '↵')
    .replace(/(^|[⌃⌥])([a-z])$/, (_, a, b) => a + b.toUpperCase())
