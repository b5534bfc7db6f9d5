/**
 * Why this agent, why now, why not somebody else: the story of a call in its queue, in the program's own words, worked out from the queue as
 * it stands.
 */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Why as Question } from '../shared/service/why.tsx'
import { explanationOf } from './queries.ts'

/** A question that opens to its answer. `children` is what is pressed; without it, the question itself. */
export function Why({ callId, children, className = 'why' }: { callId: string; children?: ReactNode; className?: string }) {
  const { t } = useTranslation('web-desk')
  return (
    <Question title={t('why.title')} answer={explanationOf(callId)} className={className}>
      {children}
    </Question>
  )
}
