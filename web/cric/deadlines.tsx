/** A list of tickets at a glance: when they are due, how old they are. */
import { useTranslation } from 'react-i18next'
import type { TicketDeadlines, TicketView } from '../../src/cases/model.ts'
import { type CountBar, CountBars } from '../shared/pictures/count-bars.tsx'
import { useTicketDeadlines } from './tickets.ts'

const due = ['late', 'today', 'tomorrow', 'later'] as const
const ages = ['day', 'threeDays', 'week', 'older'] as const
type Span = (typeof due)[number] | (typeof ages)[number]

export function Deadlines({ view, section }: { view: TicketView; section: string | undefined }) {
  const { t } = useTranslation('web-cric')
  const found = useTicketDeadlines(view, section).data
  if (view === 'closed' || !found || totalOf(found) === 0) return null
  const bar = (id: Span, count: number): CountBar => ({ id, label: t(`deadlines.${id}`), count, tone: toneOf(id) })
  return (
    <div className="deadlines">
      <CountBars title={t('deadlines.due')} bars={due.map(id => bar(id, found.due[id]))} />
      <CountBars title={t('deadlines.age')} bars={ages.map(id => bar(id, found.age[id]))} />
    </div>
  )
}

const toneOf = (id: Span): CountBar['tone'] => (id === 'late' ? 'late' : id === 'today' ? 'wait' : 'calm')

const totalOf = ({ age }: TicketDeadlines): number => ages.reduce((sum, id) => sum + age[id], 0)
