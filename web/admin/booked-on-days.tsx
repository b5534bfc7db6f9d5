/** How many people are booked on some days at the offices of a unit, and at which: before it is closed, and as long as some are still to be moved. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem, api } from '../shared/api.ts'
import { Button, Loading, Notice, Problem } from '../shared/ui/index.ts'

/** So many offices are shown at first. */
const shownFirst = 5

export function BookedOnDays({
  unitId,
  firstDay,
  lastDay,
  words,
}: {
  unitId: string
  firstDay: string
  lastDay: string
  /** Before the unit is closed, or what is left to do afterwards: then nothing is said when nobody is left. */
  words: 'before' | 'left'
}) {
  const { t } = useTranslation('web-admin')
  const [isAll, setAll] = useState(false)
  const booked = useQuery({
    queryKey: ['booked', unitId, firstDay, lastDay],
    queryFn: ({ signal }) => api.get('/api/units/:unitId/booked', { path: { unitId }, query: { firstDay, lastDay }, signal }),
    // An office that acts is one entry; each appointment of the country would be too many.
    meta: { live: ['unit.', 'agenda.'] },
  })
  if (booked.isPending) return words === 'before' ? <Loading lines={1} /> : null
  // A unit that somebody may look at is not always one that they may close.
  if (!booked.data)
    return booked.error instanceof ApiProblem && booked.error.status === 403 ? null : <Problem error={booked.error} />
  const { count, offices, items } = booked.data
  if (count === 0) return words === 'before' ? <p className="small">{t('booked.nobody')}</p> : null
  const shown = isAll ? items : items.slice(0, shownFirst)
  const beyond = offices - shown.length
  return (
    <div className="booked-on-days">
      <Notice tone="wait" title={t(`booked.${words}`, { count, at: t('booked.at', { count: offices }) })}>
        {items.some(each => each.unitId !== unitId) && (
          <ul>
            {shown.map(each => (
              <li key={each.unitId} className="row">
                <span className="grow">{each.name}</span>
                <b className="num">{each.count}</b>
              </li>
            ))}
          </ul>
        )}
        {beyond > 0 && <small>{t('booked.beyond', { count: beyond })}</small>}
        {words === 'before' && <p className="small">{t('booked.tell')}</p>}
      </Notice>
      {shown.length < items.length && (
        <Button className="small-button" onPress={() => setAll(true)}>
          {t('booked.all')}
        </Button>
      )}
    </div>
  )
}
