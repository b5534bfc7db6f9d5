/** Use cases of a desk that asks its hall for a colleague: whoever is free sees it, and one takes it. */
import { actingPerson, notFound, Refused, unitsIn, useCase, type Work } from '../platform/index.ts'
import { helpAsked, helpEnded, helpTaken } from './events.ts'
import type { HelpCall } from './model.ts'
import { lockHall, lockOwnDesk } from './places.ts'
import { insertHelp, openHelp, readHelp, updateHelp } from './store.ts'
import type { HallRow, HelpRow } from './tables.ts'

interface OneHelp {
  helpId: string
}

/** Asks the hall of the own desk for a colleague; who has asked already goes on waiting for the same. @throws Refused 404, 403; 409 for who does not sit there */
export const askForHelp = useCase(async (work, { deskId }: { deskId: string }): Promise<OneHelp> => {
  const { hall } = await lockOwnDesk(work, deskId)
  const { personId, name } = actingPerson(work.actor)
  const known = (await openHelp(work.tx, [hall.id])).find(each => each.desk_id === deskId)
  if (known) return { helpId: known.id }
  const row: HelpRow = {
    ...{ id: work.ids(), hall_id: hall.id, desk_id: deskId, asked_by: personId, asked_name: name, asked_at: work.now },
    ...{ taken_by: null, taken_name: null, taken_at: null, ended_at: null },
  }
  await insertHelp(work.tx, row)
  await note(work, helpAsked, row, hall)
  return { helpId: row.id }
})

/** Goes to a colleague who asks. @throws Refused 404, 403; 409 when somebody else goes, it is over, or is the own */
export const takeHelp = useCase(async (work, { helpId }: OneHelp): Promise<OneHelp> => {
  const { help, hall } = await lockHelp(work, helpId)
  const { personId, name } = actingPerson(work.actor)
  if (help.asked_by === personId) throw new Refused('counters.helpOwn', {}, 409)
  if (help.taken_by === personId) return { helpId }
  if (help.taken_by !== null) throw new Refused('counters.helpTaken', { name: help.taken_name ?? '' }, 409)
  await updateHelp(work.tx, helpId, { taken_by: personId, taken_name: name, taken_at: work.now })
  await note(work, helpTaken, help, hall)
  return { helpId }
})

/** It is over, or not needed any more: said by who asked or who came. @throws Refused 404, 403 for anybody else, 409 when it is over */
export const endHelp = useCase(async (work, { helpId }: OneHelp): Promise<OneHelp> => {
  const { help, hall } = await lockHelp(work, helpId)
  const { personId } = actingPerson(work.actor)
  if (help.asked_by !== personId && help.taken_by !== personId) throw new Refused('counters.helpOfOthers', {}, 403)
  await updateHelp(work.tx, helpId, { ended_at: work.now })
  await note(work, helpEnded, help, hall)
  return { helpId }
})

async function lockHelp(work: Work, helpId: string): Promise<{ help: HelpRow; hall: HallRow }> {
  const seen = await readHelp(work.tx, helpId)
  if (!seen) throw notFound('help')
  const hall = await lockHall(work, seen.hall_id)
  const help = await readHelp(work.tx, helpId)
  if (!help || help.ended_at !== null) throw new Refused('counters.helpOver', {}, 409)
  return { help, hall }
}

const note = (
  work: Work,
  entry: typeof helpAsked | typeof helpTaken | typeof helpEnded,
  help: Pick<HelpRow, 'id' | 'desk_id' | 'hall_id'>,
  hall: HallRow,
) => {
  const { personId, name } = actingPerson(work.actor)
  return work.journal(
    entry,
    { unitId: hall.unit_id, hallId: help.hall_id, deskId: help.desk_id, helpId: help.id, name },
    { person: personId, units: unitsIn(hall.unit_path) },
  )
}

/** A call for help as it is shown to somebody. */
export const helpView = (row: HelpRow & { desk: string }, personId: string | null): HelpCall => ({
  ...{ id: row.id, desk: { id: row.desk_id, label: row.desk }, by: row.asked_name, since: row.asked_at.toISOString() },
  takenBy: row.taken_name,
  isOwn: personId !== null && (row.asked_by === personId || row.taken_by === personId),
})
