/**
 * What identity writes to the journal. The person that an entry is about is `subjects.person`; passwords, tokens and addresses are in none.
 */
import { z } from 'zod'
import { about, Changes, defineEvent, Instant, Uuid } from '../platform/index.ts'
import { RoleText } from './model.ts'

const ofPerson = about('people', 'person')
const ofAssignment = about('people', 'person', 'units')

const Session = z.object({ sessionId: Uuid })
const Place = z.object({ assignmentId: Uuid, role: RoleText, unitId: z.string() })

export const sessionStarted = defineEvent('session.started', ofPerson, Session.extend(Place.shape))
/** The person works under another role or unit from now on; what ran under the one before is over. */
export const sessionSwitched = defineEvent('session.switched', ofPerson, Session.extend(Place.shape))
/** Whatever hung on the session is over: the agent is no longer at the desk, the telephone's credentials are void. */
export const sessionEnded = defineEvent(
  'session.ended',
  ofPerson,
  Session.extend({
    reason: z.enum([
      'signed-out',
      'signed-in-again',
      'expired',
      'assignment-ended',
      'person-disabled',
      'password-changed',
      'password-reset',
    ]),
  }),
)
/** Somebody gave a wrong password. What was typed as the user name is kept nowhere: people type their password there. */
export const signInFailed = defineEvent(
  'sign-in.failed',
  about('people'),
  z.object({
    because: z.enum([
      'unknown-user',
      'wrong-password',
      'disabled',
      'one-time-password-expired',
      'no-assignment',
      'published-password',
    ]),
  }),
)

export const personCreated = defineEvent('person.created', ofPerson, z.object({}))
export const personChanged = defineEvent(
  'person.changed',
  ofPerson,
  z.object({ fields: z.array(z.string()), changes: Changes.optional() }),
)
export const personDisabled = defineEvent('person.disabled', ofPerson, z.object({}))
export const personEnabled = defineEvent('person.enabled', ofPerson, z.object({}))
export const passwordReset = defineEvent('person.password-reset', ofPerson, z.object({ until: Instant }))
export const passwordChanged = defineEvent('person.password-changed', ofPerson, z.object({}))
/** The account will be disabled, or the role ended, when the person's conversation ends. */
export const endingPlanned = defineEvent('person.ending-planned', ofPerson, z.object({ assignmentId: Uuid.nullable() }))

const Given = Place.extend({ unitName: z.string(), from: Instant, until: Instant.nullable() })
/** The actor has confirmed what `askedBy` has asked for; what the program itself gives, nobody asks for. */
export const assignmentMade = defineEvent('assignment.made', ofAssignment, Given.extend({ askedBy: Uuid.optional() }))
/** An administrator wants to give a role. It waits for a second one. */
export const assignmentAsked = defineEvent('assignment.asked', ofAssignment, Given)
export const assignmentDeclined = defineEvent('assignment.declined', ofAssignment, Place)
export const assignmentChanged = defineEvent('assignment.changed', ofAssignment, Place.extend({ until: Instant.nullable() }))
export const assignmentEnded = defineEvent('assignment.ended', ofAssignment, Place)

/** An empty installation has its institute, the root of the organisation, since there is an administrator for it. */
export const instituteFounded = defineEvent(
  'unit.founded',
  about('organisation', 'units'),
  z.object({ unitId: z.string(), name: z.string() }),
)
