/** The telephone of the window, in a component. */
import { useEffect, useState, useSyncExternalStore } from 'react'
import { type HandSet, handSetOf, type TelephoneState } from './state.ts'
import { type Levels, telephone } from './telephone.ts'

export const useTelephone = (): TelephoneState => useSyncExternalStore(telephone.subscribe, telephone.snapshot)

/** What the operator hears and says just now, in whichever tab of the browser. */
export const useHandSet = (): HandSet => handSetOf(useTelephone())

const measureMs = 80

/** How loud both sides are, some times a second, while `on`. */
export function useLevels(on: boolean): Levels {
  const [levels, setLevels] = useState<Levels>({ said: 0, heard: 0 })
  useEffect(() => {
    if (!on) return
    const timer = setInterval(() => setLevels(telephone.levels()), measureMs)
    return () => {
      clearInterval(timer)
      setLevels({ said: 0, heard: 0 })
    }
  }, [on])
  return levels
}
