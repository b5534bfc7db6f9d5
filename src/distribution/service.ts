/**
 * What agents do at the desk, and the settings of queues. Each is a fact in the journal; what follows from it is decided by the engine and
 * comes back as the agent's state. So two tabs or a double click can do no harm: the second fact finds the agent as the first left it.
 */
import {
  actingPerson,
  changesOf,
  changesOfSettings,
  type PersonActor,
  Refused,
  type UseCase,
  useCase,
  type Work,
} from '../platform/index.ts'
import { choosePage, noteHeartbeat, subjectsOf } from './agents/presence.ts'
import { noteSameAgain, replaceSkills, servesAny } from './agents/store.ts'
import { agentAvailable, agentPaused, agentSignedOut, agentSkillsSet, agentWrapUpEnded, sectionRoutingSet } from './events.ts'
import { type Heartbeat, type PauseReason, SectionRouting, Skill } from './model.ts'
import { takesCalls } from './policy.ts'
import { sharingOf } from './sharing.ts'
import { readRoutingOf, saveSectionRouting } from './store.ts'

const own = (work: Work) => {
  const { personId, unitPath } = actingPerson(work.actor)
  return subjectsOf(personId, unitPath)
}

/** A page reports that it is there. Returns whether it is the page that rings. */
export const heartbeat: UseCase<Heartbeat, { active: boolean }> = async (house, actor, input) => {
  const now = new Date(house.clock.now())
  const isSame = await noteSameAgain(house.database.kysely, actingPerson(actor), input, now)
  return isSame ? { active: true } : hearNews(house, actor, input)
}

/** A report that says something new, or is of a page that does not ring. */
const hearNews = useCase(async (work, input: Heartbeat) => ({
  active: await noteHeartbeat(work, actingPerson(work.actor), input),
}))

/**
 * The agent takes calls from now on, on this page. During a conversation it holds for afterwards; it ends a wrap-up.
 * @throws Refused 409 when the agent serves no section.
 */
export const becomeAvailable = useCase(async (work, { pageId }: { pageId: string }) => {
  const person = actingPerson(work.actor)
  if (!(await serves(work, person)))
    throw new Refused(takesCalls(person.role) ? 'distribution.servesNothing' : 'distribution.servesNoWritten', {}, 409)
  await choosePage(work, person, pageId)
  await work.journal(agentAvailable, {}, own(work))
})

async function serves({ tx }: Work, { personId, role, unitId }: PersonActor): Promise<boolean> {
  if (!takesCalls(role)) return (await sharingOf(tx, unitId)).mode === 'distributed'
  return servesAny(tx, personId)
}

/** No more calls until the agent is available again. An open offer goes back to its place. */
export const pauseAgent = useCase((work, { reason }: { reason: PauseReason }) => work.journal(agentPaused, { reason }, own(work)))

/** The work after a call is done earlier than the section allows. */
export const endWrapUp = useCase((work, _input: Record<never, never>) => work.journal(agentWrapUpEnded, {}, own(work)))

/** The agent leaves the desk. */
export const signOutAgent = useCase((work, _input: Record<never, never>) => work.journal(agentSignedOut, {}, own(work)))

/**
 * Says which sections an agent serves from now on, and how well; an empty list for none. In the caller's transaction.
 * @throws ZodError when a level is not 1 to 5; Refused 422 when a section is named twice.
 */
export async function setAgentSkills(work: Work, personId: string, skills: readonly Skill[]): Promise<void> {
  const wanted = Skill.array()
    .parse([...skills])
    .sort((a, b) => (a.sectionId < b.sectionId ? -1 : 1))
  const twice = wanted.find((skill, i) => wanted[i + 1]?.sectionId === skill.sectionId)
  if (twice) throw new Refused('distribution.sectionTwice', { sectionId: twice.sectionId }, 422)
  const dropped = await replaceSkills(work.tx, personId, wanted)
  const before = dropped.sort((a, b) => (a.sectionId < b.sectionId ? -1 : 1))
  const changes = changesOf({ skills: before }, { skills: wanted })
  await work.journal(
    agentSkillsSet,
    { skills: wanted, changes },
    { person: personId, units: wanted.map(skill => skill.sectionId) },
  )
}

/**
 * Says what a section's queue does differently from the defaults. In the caller's transaction.
 * @throws ZodError for a wrong value
 */
export async function setSectionRouting(work: Work, sectionId: string, settings: SectionRouting): Promise<void> {
  const { settings: before } = await readRoutingOf(work.tx, sectionId)
  const after = SectionRouting.parse(settings)
  await saveSectionRouting(work.tx, sectionId, after)
  await work.journal(sectionRoutingSet, { sectionId, changes: changesOfSettings(before, after) }, { units: [sectionId] })
}
