/**
 * What can be done here without a key of its own: becoming available, a pause, a new contact. The search (Ctrl+K) finds them by their words,
 * beside what has a key.
 */
import { useEffect, useRef, useSyncExternalStore } from 'react'

export interface Action {
  /** What it does, in the reader's language. */
  label: string
  act: () => void
}

let offered: readonly Action[] = []
const listeners = new Set<() => void>()
const set = (next: readonly Action[]) => {
  offered = next
  for (const listener of listeners) listener()
}
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useOfferedActions = (): readonly Action[] => useSyncExternalStore(subscribe, () => offered)

/** Offers an action while the component is there and `active`. */
export function useAction(label: string, act: () => void, active = true): void {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    if (!active) return
    const own: Action = { label, act: () => latest.current() }
    set([...offered, own])
    return () => set(offered.filter(each => each !== own))
  }, [label, active])
}

/** Letters without their accents, in lower case. */
const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** Actions in whose words each typed one begins a word: the one that is called so first, the others as they were given. Each label once. Pure. */
export function actionsFor<T extends Pick<Action, 'label'>>(actions: readonly T[], typed: string): T[] {
  const asked = fold(typed).split(/\s+/).filter(Boolean)
  const seen = new Set<string>()
  const isCalledSo = ({ label }: T) => fold(label) === fold(typed).trim()
  const found = actions.filter(({ label }) => {
    if (seen.has(label)) return false
    seen.add(label)
    const words = fold(label).split(/[^\p{L}\p{N}]+/u)
    return asked.every(word => words.some(each => each.startsWith(word)))
  })
  return [...found.filter(isCalledSo), ...found.filter(each => !isCalledSo(each))]
}
