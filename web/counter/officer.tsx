/** The officer of the last time: where that one sits, how long it would take, and the act that lets a citizen wait. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { LastOfficer, Visit } from '../../src/counters/model.ts'
import { api, sentenceOf } from '../shared/api.ts'
import { Button, notify } from '../shared/ui/index.ts'

/** Says of an officer where, with whom and how long. */
export function useOfficerWords(): (officer: LastOfficer) => string {
  const { t } = useTranslation('web-counter')
  return ({ name, desk, busy, expected }) => {
    const where = t(busy ? 'elsewhereBusy' : 'elsewhere', { name, desk: desk.label })
    if (expected === null) return `${where} ${t('elsewhereUnknown')}`
    if (expected.maxMinutes === 0) return `${where} ${t('elsewhereNow')}`
    return `${where} ${t('elsewhereIn', { min: expected.minMinutes, max: expected.maxMinutes })}`
  }
}

/** From now on only that desk calls; whoever was called already is passed on to it. */
export function WaitForOfficer({ officer, visit }: { officer: LastOfficer; visit: Visit }) {
  const { t } = useTranslation('web-counter')
  const client = useQueryClient()
  const isCalled = visit.state === 'called' || visit.state === 'serving'
  const wait = useMutation({
    mutationFn: () => {
      const path = { visitId: visit.id }
      const deskId = officer.desk.id
      return isCalled
        ? api.post('/api/visits/:visitId/transfer', { path, body: { serviceId: visit.service.id, deskId } })
        : api.post('/api/visits/:visitId/change', { path, body: { deskId } })
    },
    onSuccess: () => notify(t('waitsFor', { code: visit.code, desk: officer.desk.label })),
    onError: error => notify(sentenceOf(error), 'late'),
    onSettled: () => client.invalidateQueries({ queryKey: ['counters'] }),
  })
  return (
    <Button
      className="small-button"
      isPending={wait.isPending}
      label={t('waitForNamed', { code: visit.code, name: officer.name })}
      hasTip={false}
      onPress={() => wait.mutate()}
    >
      {t('waitFor', { name: officer.name })}
    </Button>
  )
}
