/** What is missing is said when somebody wants to end, not while writing; and the focus goes to the first of it. */
import { useState } from 'react'
import { goToStep } from '../shared/focus.ts'
import type { Missing } from './ending.ts'
import { stepOfMissing } from './steps.ts'

export function useMissing(missing: Missing[]): { missing: Missing[]; asked: boolean; ask(): boolean } {
  const [asked, setAsked] = useState(false)
  return {
    missing,
    asked,
    /** Returns whether nothing is missing; if something is, it is shown from now on. */
    ask() {
      setAsked(missing.length > 0)
      const [first] = missing
      if (first) goToStep(stepOfMissing[first])
      return missing.length === 0
    },
  }
}
