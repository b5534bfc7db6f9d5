/** The flow as a caller walks through it: one line for each step, further in where ways part. */
import { GridList, GridListItem } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { FlowFinding } from '../../../src/ivr/check.ts'
import type { Flow } from '../../../src/ivr/model.ts'
import { classes, Icon } from '../../shared/ui/index.ts'
import type { Names } from './names.ts'
import { choiceOf, outline } from './outline.ts'

const deepest = 6

export function FlowTree({
  flow,
  names,
  findings,
  recorded,
  chosen,
  onChoose,
}: {
  flow: Flow
  names: Names
  findings: readonly FlowFinding[]
  /** Nodes of which something is recorded. */
  recorded: ReadonlySet<string>
  chosen: string | null
  onChoose: (node: string) => void
}) {
  const { t } = useTranslation('web-flow')
  // The list keeps what it has drawn of an item: what else it shows must be part of it.
  const rows = outline(flow).map(row => ({
    ...row,
    name: names.of(row.node),
    way: row.by === 'key' ? choiceOf(flow, row) : t(`ways.${row.by}`),
    isChosen: row.node === chosen && !row.again,
    isWrong: !row.again && findings.some(({ node, severity }) => node === row.node && severity === 'error'),
    isRecorded: !row.again && recorded.has(row.node),
  }))
  return (
    <GridList aria-label={t('tree')} items={rows} onAction={id => onChoose(rows.find(row => row.id === id)?.node ?? '')}>
      {row => (
        <GridListItem
          id={row.id}
          textValue={[row.key === null ? '' : t('key', { key: row.key }), row.way, row.name].filter(Boolean).join(', ')}
          className={classes('admin-line flow-line', row.isChosen && 'on', row.again && 'again')}
          style={{ paddingInlineStart: 16 + 22 * Math.min(row.depth, deepest) }}
        >
          {row.key === null ? (
            <span className="flow-way">
              <Icon name={row.by === 'start' ? 'telephone' : 'chevron-right'} size={16} />
            </span>
          ) : (
            <span className="flow-key num">{row.key}</span>
          )}
          <div className="grow">
            {row.way !== '' && row.by !== 'next' && <small className="block">{row.way}</small>}
            <span className="clip block">{row.again ? t('again', { name: row.name }) : row.name}</span>
          </div>
          {row.isRecorded && (
            <span className="flow-mark" title={t('recorded')}>
              <Icon name="hearing" />
              <span className="sr">{t('recorded')}</span>
            </span>
          )}
          {row.isWrong && (
            <span className="flow-mark wrong">
              <Icon name="warning-circle" />
              <span className="sr">{t('hasError')}</span>
            </span>
          )}
        </GridListItem>
      )}
    </GridList>
  )
}
