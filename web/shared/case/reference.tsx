/** Who goes on with a case, where that person is, and who takes over meanwhile. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Case, Reference } from '../../../src/cases/model.ts'
import { api } from '../api.ts'
import { useMay, useSession } from '../session.tsx'
import { Button, Card, Pill, Problem } from '../ui/index.ts'

const tones = { here: 'ok', busy: 'info', away: 'wait', left: 'late' } as const

/** In one line, for cards: the name, and what matters when that person is not here. */
export function ReferenceLine({ reference }: { reference: Reference }) {
  const { t } = useTranslation()
  const { person } = useSession()
  if (reference.id === person.id) return <b>{t('reference.you')}</b>
  return (
    <>
      {t('reference.by')} <b>{reference.name}</b>
      {reference.state !== 'here' && <> · {stateText(t, reference)}</>}
    </>
  )
}

type Translate = ReturnType<typeof useTranslation>['t']

/** Where the reference person is, and who takes over: a sentence to be read while the citizen waits. */
function stateText(t: Translate, { state, takesOver }: Reference): string {
  if (state === 'here' || state === 'busy') return t(`reference.${state}`)
  return takesOver ? t(`reference.${state}Then`, { name: takesOver.name }) : t(`reference.${state}`)
}

/** On the page of a case, with a way to go on with it oneself. */
export function ReferenceCard({ matter }: { matter: Case }) {
  const { t } = useTranslation()
  const { person } = useSession()
  const helps = useMay('mails.work')
  const queries = useQueryClient()
  const { reference } = matter
  const follow = useMutation({
    mutationFn: () => api.post('/api/cases/:caseId/reference', { path: { caseId: matter.id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['case', matter.id] }),
  })
  const mayFollow = matter.status === 'open' && helps && reference?.id !== person.id
  if (!reference && !mayFollow) return null
  return (
    <Card title={t('reference.title')}>
      <div className="row wrap">
        <span className="grow">
          {reference ? <b>{reference.name}</b> : t('reference.nobody')}{' '}
          {reference && matter.status === 'open' && (
            <Pill tone={tones[reference.state]}>{t(`reference.state.${reference.state}`)}</Pill>
          )}
        </span>
        {mayFollow && (
          <Button onPress={() => follow.mutate()} isPending={follow.isPending}>
            {t('reference.follow')}
          </Button>
        )}
      </div>
      {reference && matter.status === 'open' && (reference.state === 'away' || reference.state === 'left') && (
        <p className="small">{stateText(t, reference)}</p>
      )}
      <Problem error={follow.error} />
    </Card>
  )
}
