/** The coordinator's board: who of a section has what. Cards are moved by drag, from the menu of a card, or as it is proposed; each move can be undone. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { BoardColumn, SectionBoard } from '../../src/cases/board/model.ts'
import { api } from '../shared/api.ts'
import type { LiveFilter } from '../shared/query.ts'
import { ErrorState, Loading, Select } from '../shared/ui/index.ts'
import { Column, columnIdOf, poolColumn } from './board-column.tsx'
import { Proposals } from './board-proposals.tsx'
import { useMoves } from './moves.ts'
import { RefusedMoves } from './refused-moves.tsx'
import './cric.css'
import './board.css'

const live: LiveFilter[] = ['ticket.', 'case.closed', 'work.', 'absence.', 'agent.']

export default function BoardPage() {
  const search: { section?: unknown } = useSearch({ strict: false })
  const sectionId = typeof search.section === 'string' ? search.section : undefined
  const board = useQuery({
    queryKey: ['board', sectionId ?? null],
    queryFn: ({ signal }) => api.get('/api/board', { query: { sectionId }, signal }),
    placeholderData: before => before,
    meta: { live },
  })
  if (board.isPending) return <Loading />
  if (board.isError && !board.data) return <ErrorState error={board.error} onRetry={() => void board.refetch()} />
  return <BoardOf board={board.data} />
}

function BoardOf({ board }: { board: SectionBoard }) {
  const { t } = useTranslation('web-cric-board')
  const navigate = useNavigate()
  const moves = useMoves()
  const columns = board.columns
  const cards = new Map(columns.flatMap(column => column.cards.map(card => [card.id, card] as const)))
  /** What lies in the column already stays there. */
  const moveTo = (column: BoardColumn, ids: readonly string[]) => {
    const here = new Set(column.cards.map(card => card.id))
    const tickets = ids.flatMap(id => {
      const card = cards.get(id)
      return card && !here.has(id) ? { id, version: card.version } : []
    })
    if (tickets.length === 0) return
    moves.move({ tickets, to: column.person?.id ?? 'pool', ...(column.person ? { name: column.person.name } : {}) })
  }
  return (
    <section className="padded board" aria-label={t('title')} aria-busy={moves.pending}>
      <header className="row wrap">
        <div className="grow">
          <h1>{t('title')}</h1>
          {board.sections.length === 1 && <small>{board.section.name}</small>}
        </div>
        {board.sections.length > 1 && (
          <Select
            label={t('section')}
            hideLabel
            className="board-section"
            value={board.section.id}
            onChange={id => id !== null && void navigate({ to: '/cric/board', search: { section: id } })}
            choices={board.sections.map(each => ({ id: each.id, label: each.name }))}
          />
        )}
      </header>
      <Proposals sectionId={board.section.id} moves={moves} />
      <div className="board-columns">
        {columns.map(column => (
          <Column
            key={columnIdOf(column)}
            column={column}
            others={columns.filter(each => each !== column && (each.isMember || columnIdOf(each) === poolColumn))}
            atMost={board.atMost}
            sectionId={board.section.id}
            onMove={moveTo}
          />
        ))}
      </div>
      <RefusedMoves refused={moves.refused} onClose={moves.haveRead} />
    </section>
  )
}
