/** Three questions of a director: what would a day have been with some changes, who is needed when, what channelling offices brings. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, sentenceOf, serverNow } from '../shared/api.ts'
import { dayOf, lastWeekday } from '../shared/time.ts'
import { ErrorState, Loading, Tabs } from '../shared/ui/index.ts'
import Channelling from './channelling.tsx'
import Forecast from './forecast.tsx'
import type { PastDay } from './model.ts'
import WhatIf from './what-if.tsx'
import './planner.css'

export default function PlannerPage() {
  const { t } = useTranslation('web-planner')
  const [question, setQuestion] = useState('what-if')
  const [day, setDay] = useState(() => lastWeekday(dayOf(serverNow())))
  const past = useQuery({
    queryKey: ['planner', 'day', day],
    queryFn: ({ signal }) => api.get('/api/planner/day', { query: { date: day }, signal }),
    staleTime: 60_000,
    placeholderData: before => before,
  })
  // A day that cannot be read (one to come, say) leaves the page as it is, with a word at the field.
  const [last, setLast] = useState<PastDay>()
  if (past.data && past.data !== last) setLast(past.data)
  const shown = past.data ?? last
  return (
    <div className="padded planner">
      <header>
        <h1>{t('title')}</h1>
        <Tabs
          label={t('questions')}
          tabs={[
            { id: 'what-if', label: t('whatIf.tab') },
            { id: 'forecast', label: t('forecast.tab') },
            { id: 'channelling', label: t('channelling.tab') },
          ]}
          value={question}
          onChange={setQuestion}
        />
      </header>
      {question === 'channelling' ? (
        <Channelling />
      ) : shown ? (
        question === 'what-if' ? (
          <WhatIf
            past={shown}
            day={day}
            onDay={setDay}
            isReading={past.isPlaceholderData}
            wrong={past.isError ? sentenceOf(past.error) : null}
          />
        ) : (
          <Forecast sections={shown.sections} />
        )
      ) : past.isError ? (
        <ErrorState error={past.error} onRetry={() => void past.refetch()} />
      ) : (
        <Loading lines={6} />
      )}
    </div>
  )
}
