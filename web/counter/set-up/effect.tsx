/** What comes of the set-up as it stands in the form: what the kiosk asks, who is in what would go; and the act that puts it in force. */
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CounterSetUp, CounterSetUpEffect, SetUpHall } from '../../../src/counters/set-up/model.ts'
import { api } from '../../shared/api.ts'
import type { Sent } from '../../shared/form/store.ts'
import { ReasonDialog } from '../../shared/reason-dialog.tsx'
import { Button, Card, Loading, Notice, Problem } from '../../shared/ui/index.ts'
import { Outline } from './questions.tsx'

/** What would come of a set-up, asked anew as it is typed. */
export function useEffectOf(unitId: string, version: number, setUp: CounterSetUp): UseQueryResult<CounterSetUpEffect> {
  const wanted = useDeferredValue(setUp)
  return useQuery({
    queryKey: ['counter-effect', unitId, version, wanted],
    queryFn: ({ signal }) =>
      api.post('/api/units/:unitId/counters/effect', { path: { unitId }, body: { setUp: wanted }, signal }),
    placeholderData: earlier => earlier,
    meta: { live: ['visit.', 'desk.'] },
  })
}

export function Effect({
  unitId,
  hall,
  effect,
  isChanged,
  mustChoose,
  onDrop,
  onSave,
}: {
  unitId: string
  hall: SetUpHall | undefined
  effect: UseQueryResult<CounterSetUpEffect>
  isChanged: boolean
  mustChoose: boolean
  onDrop: () => void
  onSave: (reason: string) => Promise<Sent>
}) {
  const { t } = useTranslation('web-counter')
  const [isSaving, setSaving] = useState(false)
  const inUse = effect.data?.inUse ?? []
  const refused = effect.isError ? t('setUp.refused') : inUse.length > 0 ? t('setUp.inUseTitle') : null
  const why = mustChoose ? t('web:form.chooseFirst') : refused
  return (
    <div className="col">
      {effect.isError ? (
        <Card title={t('setUp.wrong')}>
          <Problem error={effect.error} />
        </Card>
      ) : (
        !effect.data && <Loading lines={3} />
      )}
      {hall && hall.questions.length > 0 && (
        <Card title={t('setUp.preview')}>
          <Outline hall={hall} />
        </Card>
      )}
      {inUse.length > 0 && (
        <Notice tone="late" title={t('setUp.inUseTitle')} live>
          <ul>
            {inUse.map(({ what, name, codes, sitting }) => (
              <li key={`${what} ${name}`}>
                {t(`setUp.inUse.${what}`, { name, who: [...codes, ...(sitting === null ? [] : [sitting])].join(', ') })}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {effect.data && !effect.isError && <Left hall={hall} effect={effect.data} />}
      {isChanged && (
        <div className="row wrap">
          <Button tone="primary" why={why} onPress={() => setSaving(true)}>
            {t('setUp.save')}
          </Button>
          <Button onPress={onDrop}>{t('setUp.drop')}</Button>
        </div>
      )}
      {isSaving && (
        <ReasonDialog
          name={`counters-reason:${unitId}`}
          texts={{
            ...{ title: t('setUp.saveTitle'), act: t('setUp.saveAct'), reason: t('setUp.reason') },
            ...{ missing: t('setUp.reasonMissing'), done: t('setUp.saved') },
          }}
          onSave={onSave}
          onClose={() => setSaving(false)}
        >
          <p>{t('setUp.saveText')}</p>
        </ReasonDialog>
      )}
    </div>
  )
}

/** What the set-up leaves out, which may be meant. */
function Left({ hall, effect }: { hall: SetUpHall | undefined; effect: CounterSetUpEffect }) {
  const { t } = useTranslation('web-counter')
  const bounds = effect.bounds.find(({ hallId }) => hallId === hall?.id)?.minutes
  const unasked = effect.notAtKiosk.filter(each => each.hall === hall?.name)
  return (
    <>
      {unasked.length > 0 && <Notice title={t('setUp.notAtKiosk')}>{unasked.map(({ service }) => service).join(', ')}</Notice>}
      {effect.notReceived.length > 0 && (
        <Notice tone="wait" title={t('setUp.notReceived')}>
          {effect.notReceived.join(', ')}
        </Notice>
      )}
      {bounds && <p className="small">{t('rules.bounds', bounds)}</p>}
    </>
  )
}
