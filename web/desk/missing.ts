/** What is missing is said when somebody wants to end, not while writing. */
import { useState } from 'react'
import type { Missing } from './ending.ts'

export function useMissing(missing: Missing[]): { missing: Missing[]; asked: boolean; ask(): boolean } {
  const [asked, setAsked] = useState(false)
  return {
    missing,
    asked,
    /** Answers whether nothing is missing; if something is, it is shown from now on. */
    ask() {
      setAsked(missing.length > 0)
      return missing.length === 0
    },
  }
}
