/** Visits in a list: who, for what, since when, and what can be done with each. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CounterQueue, Visit } from '../../src/counters/model.ts'
import { goToStep } from '../shared/focus.ts'
import { clock, duration } from '../shared/time.ts'
import { Button, Pill, useNow } from '../shared/ui/index.ts'
import { ChangeDialog } from './dialogs.tsx'
import { useOfficerWords, WaitForOfficer } from './officer.tsx'
import { useCall, useVisitStep } from './queries.ts'

export function Priority({ visit }: { visit: Visit }) {
  const { t } = useTranslation('web-counter')
  return (
    <>
      {visit.priority && (
        <Pill small tone="info">
          {t(`priorities.${visit.priority}`)}
        </Pill>
      )}
      {visit.visitClass !== 'ordinary' && <Pill small>{t(`classes.${visit.visitClass}`)}</Pill>}
    </>
  )
}

/** @param deskId the reader's desk, from which visits can be called; null at the reception desk */
export function VisitList({
  visits,
  deskId,
  isDeskFree = false,
  corrects = false,
  lastOfficers = [],
}: {
  visits: readonly Visit[]
  deskId: string | null
  isDeskFree?: boolean
  /** Whether the reader writes in, corrects and notes who has left. */
  corrects?: boolean
  /** Who served some of them the last time, and sits at a desk now. */
  lastOfficers?: CounterQueue['lastOfficers']
}) {
  const { t, i18n } = useTranslation('web-counter')
  const now = useNow()
  const call = useCall()
  const step = useVisitStep()
  const says = useOfficerWords()
  const officerOf = (visit: Visit) => (visit.onlyDesk ? undefined : lastOfficers.find(({ visitId }) => visitId === visit.id))
  const [changed, setChanged] = useState<Visit | null>(null)
  return (
    <>
      <ul className="visit-list">
        {visits.map(visit => (
          <li key={visit.id} className="row wrap">
            <b className="visit-code num">{visit.code}</b>
            <div className="col tight grow">
              <span>
                {visit.service.name}
                {visit.contact && ` · ${visit.contact.name}`}
              </span>
              <span className="tiny">
                {visit.dueAt
                  ? t('dueAt', { time: clock(Date.parse(visit.dueAt), i18n.language) })
                  : t('arrivedAt', { time: clock(Date.parse(visit.arrivedAt), i18n.language) })}
                {visit.waitSeconds !== null && ` · ${t('waits', { time: duration(visit.waitSeconds * 1000) })}`}
                {visit.desk && ` · ${t('deskNamed', { desk: visit.desk.label })}`}
                {visit.onlyDesk && ` · ${t('onlyDesk', { desk: visit.onlyDesk.label })}`}
                {visit.parkedWhy && ` · ${visit.parkedWhy}`}
                {visit.remindAt && ` · ${t('remindAt', { time: clock(Date.parse(visit.remindAt), i18n.language) })}`}
                {visit.notBefore && ` · ${t('notBefore', { time: clock(Date.parse(visit.notBefore), i18n.language) })}`}
              </span>
              <LastTime officer={officerOf(visit)} visit={visit} says={says} />
            </div>
            <Priority visit={visit} />
            {visit.remindAt && Date.parse(visit.remindAt) <= now && (
              <Pill small tone="wait">
                {t('remindNow')}
              </Pill>
            )}
            {deskId === null && (
              <Pill small tone={visit.state === 'waiting' ? 'wait' : visit.state === 'missed' ? 'late' : 'plain'}>
                {t(`states.${visit.state}`)}
              </Pill>
            )}
            {deskId !== null && visit.state !== 'missed' && (
              <Button
                why={isDeskFree ? null : t('deskBusy')}
                isPending={call.isPending}
                label={t('callNamed', { code: visit.code })}
                hasTip={false}
                onPress={() => call.mutate({ deskId, visitId: visit.id }, { onSuccess: () => goToStep('visit-came') })}
              >
                {t('call')}
              </Button>
            )}
            {visit.state === 'missed' && (deskId !== null || corrects) && (
              <Button onPress={() => step.mutate({ visitId: visit.id, step: { name: 'return' } })}>{t('steps.return')}</Button>
            )}
            {deskId === null && corrects && visit.state === 'waiting' && (
              <Button icon="pencil" label={t('change.named', { code: visit.code })} onPress={() => setChanged(visit)} />
            )}
            {deskId === null &&
              corrects &&
              (visit.state === 'waiting' || visit.state === 'missed' || visit.state === 'parked') && (
                <Button tone="quiet" onPress={() => step.mutate({ visitId: visit.id, step: { name: 'left' } })}>
                  {t('steps.left')}
                </Button>
              )}
          </li>
        ))}
      </ul>
      {changed && <ChangeDialog visit={changed} onClose={() => setChanged(null)} />}
    </>
  )
}

function LastTime({
  officer,
  visit,
  says,
}: {
  officer: CounterQueue['lastOfficers'][number] | undefined
  visit: Visit
  says: ReturnType<typeof useOfficerWords>
}) {
  if (!officer || visit.state !== 'waiting') return null
  return (
    <span className="row wrap tiny">
      {says(officer)} <WaitForOfficer officer={officer} visit={visit} />
    </span>
  )
}
