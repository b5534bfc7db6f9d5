/** The sections of the contact centre by name, with how many wait where that is known. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Unit } from '../../src/organisation/model.ts'
import { api, type Page } from '../shared/api.ts'
import { useDesk } from './queries.ts'

export interface SectionChoice {
  id: string
  name: string
  waiting: number | null
}

export function useSections(): SectionChoice[] {
  const units = useQuery({
    queryKey: ['units', 'ccm-section'],
    queryFn: ({ signal }) => api.get<Page<Unit>>('/api/units', { kind: 'ccm-section', limit: 50 }, signal),
    staleTime: 600_000,
  })
  const queues = useDesk().data?.queues ?? []
  const { i18n } = useTranslation()
  const byName = (units.data?.items ?? []).toSorted((a, b) => a.name.localeCompare(b.name, i18n.language))
  return byName.map(({ id, name }) => ({
    id,
    name,
    waiting: queues.find(queue => queue.sectionId === id)?.waiting ?? null,
  }))
}
