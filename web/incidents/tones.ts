/** Colours of how an incident stands. */
import type { IncidentState } from '../../src/incidents/model.ts'
import type { Tone } from '../shared/ui/index.ts'

export const toneOf: Readonly<Record<IncidentState, Tone>> = {
  open: 'late',
  'workaround-known': 'wait',
  solved: 'ok',
  closed: 'plain',
}
