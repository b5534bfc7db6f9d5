/** What prevention writes to the journal. No data of citizens stand in it: activities are for bodies, and held by colleagues. */
import { z } from 'zod'
import { about, defineEvent } from '../platform/index.ts'
import { ActivityState } from './model.ts'

const ofGroup = about('organisation', 'units')
const activity = { activityId: z.uuid() }

/** An activity was planned, or its fields were changed. */
export const preventionKept = defineEvent('prevention.kept', ofGroup, z.object({ ...activity, fields: z.array(z.string()) }))
/** It took a step, or the last one was undone. */
export const preventionStepped = defineEvent(
  'prevention.stepped',
  ofGroup,
  z.object({ ...activity, from: ActivityState, to: ActivityState, undone: z.boolean() }),
)
/** Its materials have changed. */
export const preventionMaterials = defineEvent('prevention.materials-changed', ofGroup, z.object(activity))
/** The register of addressees has changed. */
export const addresseeKept = defineEvent('addressee.kept', ofGroup, z.object({ addresseeId: z.uuid(), name: z.string() }))
