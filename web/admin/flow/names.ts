/** What nodes of the flow are called by people: never by their identifiers. */

import { useQuery } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { FlowFinding } from '../../../src/ivr/check.ts'
import { textIn } from '../../../src/ivr/interpreter.ts'
import { type Flow, nodeOf, textOf } from '../../../src/ivr/model.ts'
import type { FlowOverview } from '../../../src/ivr/views.ts'
import { api } from '../../shared/api.ts'
import type { LiveMeta } from '../../shared/query.ts'
import { beginning } from './outline.ts'

export interface Names {
  /** Of a node: what it does, and with what. */
  of(id: string): string
  section(id: string): string
  unit(id: string): string
  /** The sentence of a finding of the checker, with the names of this page. */
  finding(finding: FlowFinding): string
}

export const flowQuery = {
  queryKey: ['flow'],
  queryFn: ({ signal }: { signal: AbortSignal }) => api.get('/api/flow', { signal }),
  meta: { live: ['flow.', 'unit.'] } satisfies LiveMeta,
}

export const useFlow = () => useQuery(flowQuery)

export function useNames(flow: Flow, { sections, units }: Pick<FlowOverview, 'sections' | 'units'>): Names {
  const { t } = useTranslation('web-flow')
  const named = (list: readonly { id: string; name: string }[], id: string) => list.find(each => each.id === id)?.name ?? id
  const section = (id: string) => named(sections, id)
  const unit = (id: string) => named(units, id)
  const of = (id: string) => nameOf(t, flow, id, section, unit)
  return {
    of,
    section,
    unit,
    finding: ({ code, values }) =>
      t(`findings.${code}`, {
        ...values,
        ...(values.node === undefined ? {} : { node: of(values.node) }),
        ...(values.to === undefined ? {} : { to: of(values.to) }),
        ...(values.language === undefined ? {} : { language: t(`languages.${values.language}`) }),
      }),
  }
}

function nameOf(
  t: TFunction<'web-flow'>,
  flow: Flow,
  id: string,
  section: (id: string) => string,
  unit: (id: string) => string,
): string {
  const node = nodeOf(flow, id)
  if (!node) return t('missing')
  const quote = (text: string) =>
    text === '' ? t(`kinds.${node.type}`) : t('quoted', { kind: t(`kinds.${node.type}`), text: beginning(text) })
  switch (node.type) {
    case 'queue':
    case 'operator':
      return t('of', { kind: t(`kinds.${node.type}`), what: section(node.section) })
    case 'hours':
      return t('of', { kind: t('kinds.hours'), what: unit(node.unit) })
    case 'when':
      return t('kinds.when')
    case 'office':
      return t('kinds.office')
    default:
      return quote(textIn(textOf(node) ?? {}, 'it'))
  }
}
