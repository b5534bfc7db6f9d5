/** Keys that do something, and what they do. The overview (`?`) shows those that work where the reader is. */
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { isFocusLost, isFocusNowhere } from './focus.ts'

export interface Shortcut {
  /** `p`, `?`, `F9`, `Control+k`, `Control+Enter`. Single letters are not taken while somebody types. */
  keys: string
  /** What it does, in the reader's language. */
  label: string
  /** Heading in the overview. */
  group: string
  /**
   * Where a single letter acts. `anywhere` (when left out): wherever nobody types. A selector: only while the focus is in such an element, or
   * nowhere because the reader wants it there. After the focus was lost neither acts but `anywhere`: a field may have been meant.
   */
  within?: string | undefined
}

/** What has a key here, and can also be done without it. */
export interface BoundShortcut extends Shortcut {
  run(): void
}

let bound: readonly BoundShortcut[] = []
const listeners = new Set<() => void>()
const set = (next: readonly BoundShortcut[]) => {
  bound = next
  // The page says which keys work here, for programs that press them.
  document.documentElement.dataset.keys = [...new Set(next.map(({ keys }) => keys))].join(' ')
  for (const listener of listeners) listener()
}
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useShortcutList = (): readonly BoundShortcut[] => useSyncExternalStore(subscribe, () => bound)

/** Binds a key while the component is there and `active`. The last one bound wins. */
export function useShortcut(shortcut: Shortcut, act: () => void, active = true): void {
  const { keys, label, group, within } = shortcut
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    if (!active) return
    const own: BoundShortcut = { keys, label, group, within, run: () => latest.current() }
    set([...bound, own])
    return () => set(bound.filter(each => each !== own))
  }, [keys, label, group, within, active])
}

/**
 * The name of a key press in our form: `Control+k`, `p`, `F9`. Command counts as Control. With Alt some keyboards write another sign (on a Mac
 * Alt+M is µ): then the key itself counts. Pure.
 */
export function nameOf(event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey'>): string {
  const signOf = /^(?:Key|Digit)([A-Z0-9])$/.exec(event.code)?.[1]
  const sign = event.altKey && !/^[a-z0-9]$/i.test(event.key) && signOf !== undefined ? signOf : event.key
  const key = sign.length === 1 ? sign.toLowerCase() : sign
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

/** Whether a single letter means this shortcut where the focus is. */
function isMeant({ within }: Shortcut, target: EventTarget | null): boolean {
  if (within === undefined) return true
  if (isFocusNowhere()) return !isFocusLost()
  return target instanceof Element && target.closest(within) !== null
}

export function listenToKeys(): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || event.repeat) return
    const name = nameOf(event)
    const single = [...event.key].length === 1 && !name.includes('+')
    // The key itself may have taken the focus to a field (`goToStep`): the letter is written there.
    if (single && (isWriting(event.target) || isWriting(document.activeElement) || isElsewhere(event.target))) return
    // What lies under a dialog is not sent from within it.
    if (name === 'Control+Enter' && isElsewhere(event.target)) return
    const found = bound.findLast(each => each.keys === name)
    if (!found || (single && !isMeant(found, event.target))) return
    event.preventDefault()
    found.run()
  }
  addEventListener('keydown', onKey)
  return () => removeEventListener('keydown', onKey)
}

const macSigns = [
  ['Control+', '⌘'],
  ['Alt+', '⌥'],
] as const
const otherSigns = [['Control+', 'Ctrl+']] as const

/** As it is written on the reader's keyboard: `Ctrl+K`, `Alt+M`, `P`; on a Mac `⌘K`, `⌥M`. Pure. */
export function keyText(keys: string, isMac: boolean): string {
  const written = (isMac ? macSigns : otherSigns).reduce((text, [name, sign]) => text.replace(name, sign), keys)
  return written.replace('Enter', '↵').replace(/(^|[+⌘⌥])([a-z])$/, (_, before, letter) => before + letter.toUpperCase())
}

/** Whether this is a Mac's keyboard (or an iPad's). */
export const isMacKeyboard = (): boolean => /mac|iphone|ipad/i.test(navigator.userAgent)
