/** Who may do what with a mail of a citizen, and where it may go inside the institute. Pure. */
import { can } from '../../identity/capabilities.ts'
import type { UnitKind } from '../../organisation/index.ts'
import { type Actor, allowed, refused, type Verdict } from '../../platform/index.ts'

export interface MailStanding {
  unitPath: string
  isOpen: boolean
  holderId: string | null
  holderName: string | null
}

/** Mails are read by those who work on the mails of their unit. */
export const mayReadMail = (actor: Actor, { unitPath }: Pick<MailStanding, 'unitPath'>): boolean =>
  can(actor, 'mails.work', unitPath)

/** Whoever is there takes a mail, also from a colleague, who then sees that it went on. */
export function mayTakeMail(actor: Actor, mail: MailStanding): Verdict {
  if (!mail.isOpen) return refused('cases.policy.mailDone')
  if (actor.kind !== 'person' || !mayReadMail(actor, mail)) return refused('cases.policy.notYours')
  return mail.holderId === actor.personId ? refused('cases.policy.mailAlreadyYours') : allowed
}

/** A mail is answered, and given back, by who has it. */
export const mayAnswerMail = (actor: Actor, mail: MailStanding): Verdict =>
  mail.isOpen ? mayExplainMail(actor, mail) : refused('cases.policy.mailDone')

/** Why its sender came again is said by who has it, also when it is answered. */
export function mayExplainMail(actor: Actor, mail: MailStanding): Verdict {
  if (mail.holderId === null) return refused('cases.policy.mailNotTaken')
  if (actor.kind !== 'person' || mail.holderId !== actor.personId)
    return refused('cases.policy.mailHeldBy', { holder: mail.holderName ?? '' })
  return allowed
}

/** What a unit is to a mail: who answers the telephone, who knows, who is there in person. */
type Side = 'contact-centre' | 'regional-centre' | 'office'
const sides: Readonly<Partial<Record<UnitKind, Side>>> = {
  ccm: 'contact-centre',
  'ccm-section': 'contact-centre',
  cric: 'regional-centre',
  'cric-section': 'regional-centre',
  gai: 'regional-centre',
  agency: 'office',
  'provincial-directorate': 'office',
}

/**
 * From where a mail may go where. The contact centre and the regional centres answer citizens themselves and hand nothing to offices (circular, §4);
 * a citizen who wrote to an office, perhaps to the wrong one, is helped by whoever knows.
 */
const passes: Readonly<Record<Side, readonly Side[]>> = {
  'contact-centre': ['contact-centre', 'regional-centre'],
  'regional-centre': ['contact-centre', 'regional-centre'],
  office: ['contact-centre', 'regional-centre', 'office'],
}

export interface PassingUnit {
  id: string
  name: string
  kind: UnitKind
}

/**
 * Whether a mail may go from one unit to another.
 * @param cameFrom the unit that has passed it on to this one: it always gets it back
 */
export function mayPassMailTo(from: PassingUnit, to: PassingUnit, cameFrom: string | null): Verdict {
  const [here, there] = [sides[from.kind], sides[to.kind]]
  if (from.id === to.id) return refused('cases.policy.mailAlreadyThere', { target: to.name })
  if (to.id === cameFrom) return allowed
  if (here === undefined || there === undefined) return refused('cases.policy.mailNotFor', { target: to.name })
  return passes[here].includes(there) ? allowed : refused('cases.policy.mailNotToOffices', { target: to.name })
}
