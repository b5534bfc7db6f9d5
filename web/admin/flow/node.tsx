/** One step of the flow: what is said, and where it leads. In a draft it can be changed; the sound of each text can be heard and replaced. */
import { useTranslation } from 'react-i18next'
import type { FlowFinding } from '../../../src/ivr/check.ts'
import { type Flow, type FlowNode, nodeOf } from '../../../src/ivr/model.ts'
import type { FlowOverview } from '../../../src/ivr/views.ts'
import type { Prompt } from '../../../src/telephony/prompts/recordings/model.ts'
import { Button, EmptyState, Notice } from '../../shared/ui/index.ts'
import { withNode, withoutNode } from './edit.ts'
import type { Names } from './names.ts'
import type { Source } from './recording.tsx'
import { Said } from './said.tsx'
import { LeadsTo } from './ways.tsx'

export interface NodeProps {
  id: string
  flow: Flow
  names: Names
  overview: FlowOverview
  findings: readonly FlowFinding[]
  prompts: readonly Prompt[]
  source: Source
  /** Undefined: to read only. */
  onChange?: ((flow: Flow) => void) | undefined
  onOpen: (node: string | null) => void
}

export function NodeDetail(props: NodeProps) {
  const { id, flow, names, findings, onChange, onOpen } = props
  const { t } = useTranslation('web-flow')
  const node = nodeOf(flow, id)
  if (!node) return <EmptyState title={t('noNode')} icon="search" />
  const own = findings.filter(each => each.node === id)
  const change = onChange && ((next: FlowNode) => onChange(withNode(flow, id, next)))
  return (
    <article>
      <header>
        <h1>{names.of(id)}</h1>
        <small>{t(`explain.${node.type}`)}</small>
      </header>
      {own.map(each => (
        <Notice key={`${each.code} ${JSON.stringify(each.values)}`} tone={each.severity === 'error' ? 'late' : 'wait'}>
          {names.finding(each)}
        </Notice>
      ))}
      {onChange && own.some(each => each.code === 'unreachable') && (
        <div>
          <Button
            icon="delete"
            onPress={() => {
              onChange(withoutNode(flow, id))
              onOpen(null)
            }}
          >
            {t('removeNode')}
          </Button>
        </div>
      )}
      <Said {...props} node={node} change={change} />
      <LeadsTo {...props} node={node} change={change} />
    </article>
  )
}

export type Editor = NodeProps & { node: FlowNode; change: ((node: FlowNode) => void) | undefined }
