/** The tables of the classification, as migrations/0105-classification.sql and those after it make them. */
import type { Generated } from 'kysely'
import type { CricSection } from '../organisation/index.ts'
import type { procedureChangeKinds } from './procedures.ts'

export interface TypologyTable {
  id: string
  parent_id: string | null
  label: string
  labels: string[]
  place: string
  leaf: boolean
  description: string
  ccm_section_id: string | null
  cric_section: CricSection | null
  central_directorate_id: string | null
  it_matter: boolean
}

interface TypologyWordTable {
  word: string
  typology_id: string
  weight: number
}

/** What a stem of a word can be taken for: itself, and itself without one letter. */
interface TypologySlipTable {
  slip: string
  typology_id: string
  stem: string
  weight: number
}

/** An online procedure of the institute, about which citizens and offices report malfunctions. */
export interface ItProcedureTable {
  id: string
  name: string
  retired: Generated<boolean>
  version: Generated<number>
}

interface ProcedureChangeTable {
  procedure_id: string
  version: number
  kind: (typeof procedureChangeKinds)[number]
  name: string
  by_name: string
  at: Date
}

declare module '../platform/index.ts' {
  interface Tables {
    typology: TypologyTable
    typology_word: TypologyWordTable
    typology_slip: TypologySlipTable
    it_procedure: ItProcedureTable
    procedure_change: ProcedureChangeTable
  }
}
