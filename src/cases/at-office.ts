/** An office books appointments of its own accord: for a citizen who asks at the counter, or whom it wants to see again. */
import { bookSeries, confirmHold } from '../agenda/index.ts'
import { involve, needMandate, needSeenContact } from '../contacts/index.ts'
import { actingPerson, useCase, type Work } from '../platform/index.ts'
import { needCaseToGoOnWith } from './case-of-conversation.ts'
import type { BookAtOffice, BookSeries } from './model.ts'
import { unitFacts } from './places.ts'
import { openCase } from './service.ts'
import { addCaseUnit } from './store.ts'
import type { CaseRow } from './tables.ts'

/**
 * Makes an appointment of the actor's own hold, of an open case or of one that is opened with it.
 * @throws Refused as `confirmHold`; 404 for a citizen, case or mandate that is not the actor's to see; 422 for a mandate that does not hold today
 */
export const bookAtOffice = useCase(
  async (work, { holdId, ...asked }: BookAtOffice): Promise<{ appointmentId: string; caseId: string }> => {
    const { matter, about } = await matterOf(work, asked)
    const appointment = await confirmHold(work, { ...about, holdId })
    await letOfficeSee(work, matter, appointment.unit.id)
    return { appointmentId: appointment.id, caseId: matter.id }
  },
)

/** Makes several appointments of one case, all of them or none. @throws Refused as `bookAtOffice` and `bookSeries` */
export const bookSeriesAtOffice = useCase(
  async (
    work,
    { unitId, serviceId, mode, times, ...asked }: BookSeries,
  ): Promise<{ appointmentIds: string[]; caseId: string }> => {
    const { matter, about } = await matterOf(work, asked)
    const booked = await bookSeries(work, { unitId, serviceId, mode, times }, about)
    await letOfficeSee(work, matter, unitId)
    return { appointmentIds: booked.map(({ id }) => id), caseId: matter.id }
  },
)

/** The case that is booked for, and what the appointment says of it. */
async function matterOf(
  work: Work,
  { contactId, caseId, reason, mandateId, despiteOther }: Omit<BookAtOffice, 'holdId'>,
): Promise<{ matter: CaseRow; about: Omit<Parameters<typeof confirmHold>[1], 'holdId'> }> {
  const { unitPath } = actingPerson(work.actor)
  await needSeenContact(work.tx, work.actor, contactId)
  const mandate = mandateId === null ? undefined : await needMandate(work, contactId, mandateId)
  const matter =
    caseId === null
      ? await openCase(work, { contactId, typologyId: null, title: reason.slice(0, 200), unitPath, callId: undefined })
      : await needCaseToGoOnWith(work, caseId, contactId)
  const { id, code, title } = matter
  const askedBy = mandate && { name: mandate.intermediary.name, right: mandate.kind }
  return { matter, about: { contactId, reason, despiteOther, caseId: id, code, title, askedBy } }
}

async function letOfficeSee(work: Work, matter: CaseRow, unitId: string): Promise<void> {
  const office = await unitFacts(work.tx, unitId)
  if (!office) return
  await addCaseUnit(work.tx, matter.id, office.path)
  await involve(work, matter.contact_id, office.path)
}
