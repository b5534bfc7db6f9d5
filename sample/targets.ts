/** Within which time the sample institute answers: what the program brings, and two typologies for which citizens cannot wait. */
import type { DeadlineTargetRow } from '../src/cases/index.ts'

const target = (
  typology_id: string,
  priority: DeadlineTargetRow['priority'],
  kind: DeadlineTargetRow['kind'],
  [amount, measure]: [number, DeadlineTargetRow['measure']],
  [warn_minutes, raise_minutes]: [number, number],
): DeadlineTargetRow => ({ typology_id, priority, kind, amount, measure, warn_minutes, raise_minutes, version: 1 })

/** As migrations/202611291810-deadlines.sql and 202611292122-deadlines-of-directorates.sql bring them. */
const ofAll = [
  target('', 'normal', 'first-answer', [2, 'days'], [240, 480]),
  target('', 'normal', 'solution', [5, 'days'], [240, 960]),
  target('', 'urgent', 'first-answer', [240, 'minutes'], [60, 240]),
  target('', 'urgent', 'solution', [2, 'days'], [120, 480]),
  target('', 'normal', 'directorate', [3, 'days'], [240, 480]),
  target('', 'urgent', 'directorate', [1, 'days'], [120, 240]),
]

/** What the sample sets beside them. */
export const ownTargets = [
  target('naspi', 'normal', 'first-answer', [1, 'days'], [120, 240]),
  target('naspi', 'normal', 'solution', [3, 'days'], [240, 480]),
]

export const targets: readonly DeadlineTargetRow[] = [...ofAll, ...ownTargets]
