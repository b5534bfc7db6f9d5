/**
 * Why this agent, why now, why not somebody else: the story of a call in its queue, in the program's own words. It is asked for when
 * somebody wants to know, because the answer is worked out from the queue as it stands.
 */
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState, Loading } from '../shared/ui/index.ts'
import { useExplanation } from './queries.ts'

/** A question that opens to its answer. `children` is what is pressed; without it, the question itself. */
export function Why({ callId, children, className = 'why' }: { callId: string; children?: ReactNode; className?: string }) {
  const { t } = useTranslation('web-desk')
  const [isOpen, setOpen] = useState(false)
  return (
    <details className={className} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>{children ?? t('why.title')}</summary>
      {/* Here before the answer is, so that screen readers say the answer when it comes. */}
      <div className="why-answer" aria-live="polite">
        {isOpen && <Answer callId={callId} />}
      </div>
    </details>
  )
}

function Answer({ callId }: { callId: string }) {
  const { t } = useTranslation('web-desk')
  const explanation = useExplanation(callId)
  if (explanation.isPending) return <Loading lines={3} />
  if (explanation.error) return <ErrorState error={explanation.error} onRetry={() => void explanation.refetch()} />
  return (
    <ol aria-label={t('why.title')}>
      {explanation.data.sentences.map((sentence, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the story only grows at its end, and a sentence may come twice
        <li key={place}>{sentence}</li>
      ))}
    </ol>
  )
}
