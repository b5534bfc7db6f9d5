/** What would even out a section: each proposal with its reason, accepted one by one or all together. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { BoardProposal } from '../../src/cases/board/model.ts'
import { api } from '../shared/api.ts'
import { goToStep } from '../shared/focus.ts'
import { Button, Card, Due, Icon, Problem } from '../shared/ui/index.ts'
import type { useMoves } from './moves.ts'

/** The row of a proposal that is accepted is about to go: the focus goes to the next that stays. */
const proposalStep = ({ ticketId }: BoardProposal) => `proposal-${ticketId}`

export function Proposals({ sectionId, moves }: { sectionId: string; moves: ReturnType<typeof useMoves> }) {
  const { t } = useTranslation('web-cric-board')
  const found = useQuery({
    // With the board: what is moved there changes what is proposed.
    queryKey: ['board', sectionId, 'proposals'],
    queryFn: ({ signal }) => api.get('/api/board/proposals', { query: { sectionId }, signal }),
    placeholderData: before => before,
    meta: { live: ['ticket.', 'absence.'] },
  })
  const items = found.data?.items ?? []
  const accept = (accepted: readonly BoardProposal[]) => {
    for (const [to, each] of Map.groupBy(accepted, proposal => proposal.to.id))
      moves.move({
        tickets: each.map(({ ticketId: id, version }) => ({ id, version })),
        to,
        name: each[0]?.to.name ?? '',
      })
    const next = items.find(each => !accepted.includes(each))
    goToStep(...(next ? [proposalStep(next)] : []), 'board-proposals')
  }
  if (found.isError && !found.data) return <Problem error={found.error} />
  return (
    <Card
      title={items.length === 0 ? t('proposals.title') : t('proposals.some', { count: items.length })}
      className="board-proposals"
      aside={
        items.length > 1 ? (
          <Button onPress={() => accept(items)} isPending={moves.pending}>
            {t('proposals.acceptAll')}
          </Button>
        ) : undefined
      }
    >
      {items.length === 0 ? (
        <p className="small" tabIndex={-1} data-step="board-proposals">
          {t('proposals.none')}
        </p>
      ) : (
        <ul className="col">
          {items.map(proposal => (
            <li key={proposal.ticketId} className="row wrap">
              <span className="grow proposal">
                <b>{proposal.title}</b> <Due at={proposal.dueAt} />{' '}
                <span className="nowrap">
                  {proposal.from?.name ?? t('pool')} <Icon name="arrow-right" size={16} />{' '}
                  <span className="sr">{t('proposals.to')}</span> {proposal.to.name}
                </span>
                <br />
                <small>{proposal.sentence}</small>
              </span>
              <Button
                step={proposalStep(proposal)}
                label={t('proposals.acceptTitle', { title: proposal.title, name: proposal.to.name })}
                hasTip={false}
                isPending={moves.pending}
                onPress={() => accept([proposal])}
              >
                {t('proposals.accept')}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
