/** Three questions of a director: what would a day have been with some changes, who is needed when, what channelling offices brings. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../shared/api.ts'
import { addDays, dayOf } from '../shared/time.ts'
import { ErrorState, Loading, Problem, Tabs } from '../shared/ui/index.ts'
import Channelling from './channelling.tsx'
import Forecast from './forecast.tsx'
import type { PastDay } from './model.ts'
import WhatIf from './what-if.tsx'
import './planner.css'

export default function PlannerPage() {
  const { t } = useTranslation('web-planner')
  const [question, setQuestion] = useState('what-if')
  const [day, setDay] = useState(() => addDays(dayOf(Date.now()), -1))
  const past = useQuery({
    queryKey: ['planner', 'day', day],
    queryFn: ({ signal }) => api.get<PastDay>('/api/planner/day', { date: day }, signal),
    staleTime: 60_000,
    placeholderData: before => before,
  })
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
      ) : past.data ? (
        question === 'what-if' ? (
          <>
            {past.isError && <Problem error={past.error} />}
            <WhatIf past={past.data} day={day} onDay={setDay} isReading={past.isPlaceholderData} />
          </>
        ) : (
          <Forecast sections={past.data.sections} />
        )
      ) : past.isError ? (
        <ErrorState error={past.error} onRetry={() => void past.refetch()} />
      ) : (
        <Loading lines={6} />
      )}
    </div>
  )
}
