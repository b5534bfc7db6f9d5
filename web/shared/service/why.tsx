/** A question that opens to its answer: why this agent, why now, why not somebody else. It is asked for when somebody wants to know. */
import { type QueryKey, type UseQueryOptions, useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState, Loading } from '../ui/index.ts'
import './why.css'

/** How the answer is asked for, once the question is open. */
type Asking<T extends Sentences, K extends QueryKey> = UseQueryOptions<T, Error, T, K>
interface Sentences {
  sentences: string[]
}

/** `children` is what is pressed; without it, the question itself. */
export function Why<T extends Sentences, K extends QueryKey>({
  title,
  answer,
  children,
  className = 'why',
}: {
  title: string
  answer: Asking<T, K>
  children?: ReactNode
  className?: string
}) {
  const [isOpen, setOpen] = useState(false)
  return (
    <details className={className} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>{children ?? title}</summary>
      {/* Here before the answer is, so that screen readers say the answer when it comes. */}
      <div className="why-answer" aria-live="polite">
        {isOpen && <Answer title={title} answer={answer} />}
      </div>
    </details>
  )
}

function Answer<T extends Sentences, K extends QueryKey>({ title, answer }: { title: string; answer: Asking<T, K> }) {
  const { t } = useTranslation()
  const explanation = useQuery(answer)
  if (explanation.isPending) return <Loading lines={3} />
  if (explanation.error) return <ErrorState error={explanation.error} onRetry={() => void explanation.refetch()} />
  if (explanation.data.sentences.length === 0) return <p>{t('nothingFound')}</p>
  return (
    <ol aria-label={title}>
      {explanation.data.sentences.map((sentence, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the story only grows at its end, and a sentence may come twice
        <li key={place}>{sentence}</li>
      ))}
    </ol>
  )
}
