/** The follower's own rows. The sums themselves are written and read in SQL that names its figures from `model.ts`. */
interface SumFollowerTable {
  generation: number
  is_current: boolean
  position: string
  entries: number
  read_through: Date | null
  forgotten_before: Date | null
}

declare module '../../platform/index.ts' {
  interface Tables {
    sum_follower: SumFollowerTable
  }
}
