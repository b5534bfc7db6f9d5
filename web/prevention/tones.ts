/** Colours of how an activity stands, and of what is said of its effect. */
import type { ActivityEffect, ActivityState } from '../../src/prevention/model.ts'
import type { Tone } from '../shared/ui/index.ts'

export const toneOf: Readonly<Record<ActivityState, Tone>> = {
  asked: 'wait',
  assessed: 'wait',
  planned: 'info',
  done: 'ok',
  refused: 'plain',
  cancelled: 'plain',
}

export const toneOfVerdict: Readonly<Record<ActivityEffect['verdict'], Tone>> = {
  fewer: 'ok',
  more: 'late',
  'not-proved': 'plain',
  'too-early': 'plain',
  'no-typologies': 'plain',
  'not-held': 'plain',
}
