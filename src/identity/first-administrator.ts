import type { z } from 'zod'
import { insertUnits, unitsOf } from '../organisation/index.ts'
import { type Actor, foldName, type House, must, Refused, unitsIn, useCase, type Work } from '../platform/index.ts'
import { assignmentMade, instituteFounded, personCreated } from './events.ts'
import { NewPerson } from './model.ts'
import { hashPassword } from './password.ts'
import { mayAdminister, passwordVerdict } from './policy.ts'
import { claimUser } from './service.ts'
import { administratorsBeside, insertPeople } from './store.ts'

/** One alone can give no role: whoever looks after the machine makes two. */
const madeFromTheMachine = 2

/** Whether the installation has its institute already, and how many administrators. */
export async function foundations(
  house: House,
): Promise<{ institute: string | undefined; administrator: boolean; isComplete: boolean }> {
  const [institute] = await unitsOf(house.database.kysely, { kind: 'institute' })
  const count = await house.database.kysely.transaction().execute(tx => administratorsBeside(tx, {}, new Date(house.clock.now())))
  return { institute: institute?.name, administrator: count > 0, isComplete: count >= madeFromTheMachine }
}

export interface FirstAdministrator {
  user: string
  name: string
  password: string
  /** Name of the institute, for an installation that has no units yet. */
  institute?: string | undefined
}

/**
 * Makes the first or the second administrator of an installation, with a password of their own; in an empty one also the institute, the root of the
 * organisation. Everything else can then be done in the pages.
 * @throws Refused 409 when there are two · 422 when the password is not good enough, or the institute's name is missing
 */
export async function createFirstAdministrator(house: House, actor: Actor, given: FirstAdministrator): Promise<{ id: string }> {
  const { user, name, language } = NewPerson.parse(given)
  const verdict = passwordVerdict(given.password, { user, name })
  if (!verdict.allowed) throw new Refused(verdict.code, verdict.values, 422)
  const passwordHash = await hashPassword(given.password)
  return createFirst(house, actor, { user, name, language, passwordHash, institute: given.institute })
}

const createFirst = useCase(
  async (
    work: Work,
    { institute, ...person }: z.output<typeof NewPerson> & { passwordHash: string; institute: string | undefined },
  ) => {
    must(mayAdminister(work.actor))
    if ((await administratorsBeside(work.tx, {}, work.now)) >= madeFromTheMachine)
      throw new Refused('identity.administratorExists')
    await claimUser(work.tx, person.user, undefined)
    const unit = await instituteOrNew(work, institute)
    const [id, assignmentId] = [work.ids(), work.ids()]
    const role = 'administrator'
    const held = { id: assignmentId, role, unitId: unit.id, unitPath: unit.path, from: work.now, until: null } as const
    await insertPeople(work.tx, [{ ...person, id, assignments: [held] }], work.now)
    await work.journal(personCreated, {}, { person: id })
    await work.journal(
      assignmentMade,
      { assignmentId, role, unitId: unit.id, unitName: unit.name, from: work.now.toISOString(), until: null },
      { person: id, units: unitsIn(unit.path) },
    )
    return { id }
  },
)

async function instituteOrNew(work: Work, name: string | undefined): Promise<{ id: string; name: string; path: string }> {
  const [known] = await unitsOf(work.tx, { kind: 'institute' })
  if (known) return known
  const id = foldName(name ?? '')
    .replaceAll(' ', '-')
    .replace(/[^a-z0-9-]/g, '')
    .slice(0, 60)
  if (name === undefined || id === '') throw new Refused('identity.instituteMissing', {}, 422)
  const unit = { id, name: name.trim(), path: `${id}/` }
  await insertUnits(work.tx, [
    {
      ...unit,
      parentId: null,
      kind: 'institute',
      agencyKind: null,
      position: 0,
      regionCode: null,
      provinceCode: null,
      municipalityCode: null,
      address: null,
      latitude: null,
      longitude: null,
      cricSection: null,
      spokenName: null,
      timeZone: work.house.config.TIME_ZONE,
    },
  ])
  await work.journal(instituteFounded, { unitId: id, name: unit.name }, { units: [id] })
  return unit
}
