/** Light or dark: as the system has it, or as the reader has chosen. Kept in this browser: it belongs to the screen and the room, not to the person. */
import { useSyncExternalStore } from 'react'

export const schemes = ['system', 'light', 'dark'] as const
export type Scheme = (typeof schemes)[number]

const remembered = 'scheme'
const listeners = new Set<() => void>()

const kept = (): Scheme => {
  try {
    return schemes.find(each => each === localStorage.getItem(remembered)) ?? 'system'
  } catch {
    return 'system'
  }
}

let chosen: Scheme = 'system'

function show(scheme: Scheme): void {
  chosen = scheme
  if (scheme === 'system') delete document.documentElement.dataset.scheme
  else document.documentElement.dataset.scheme = scheme
  for (const listener of listeners) listener()
}

/** Shows what was chosen before; called before anything is drawn. */
export const openScheme = (): void => show(kept())

/** Chooses from now on. A browser that keeps nothing shows it until it is closed. */
export function chooseScheme(scheme: Scheme): void {
  show(scheme)
  try {
    if (scheme === 'system') localStorage.removeItem(remembered)
    else localStorage.setItem(remembered, scheme)
  } catch {
    return
  }
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useScheme = (): Scheme => useSyncExternalStore(subscribe, () => chosen)
