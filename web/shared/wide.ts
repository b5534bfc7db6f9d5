/** Whether the window is wide, for what is drawn otherwise on a telephone. */
import { useMemo, useSyncExternalStore } from 'react'

/** Returns whether the window is at least so wide, in CSS pixels, and draws anew when that changes. */
export function useIsWide(pixels = 900): boolean {
  const query = useMemo(() => matchMedia(`(min-width: ${pixels}px)`), [pixels])
  return useSyncExternalStore(
    listener => {
      query.addEventListener('change', listener)
      return () => query.removeEventListener('change', listener)
    },
    () => query.matches,
  )
}
