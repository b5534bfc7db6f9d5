/** What telephony asks of the organisation: whose number was called, what is open, whom an entry concerns. */
import type { Kysely } from 'kysely'
import { noticesForCaller } from '../../incidents/index.ts'
import { type Flow, type FlowContext, type KeptFlow, unitsOfHours, versionInForce } from '../../ivr/index.ts'
import { holidayTest, isOpen, officeOfNumber, unitOf } from '../../organisation/index.ts'
import { type Tables, type Tx, wallClock } from '../../platform/index.ts'
import type { Arrival, CallNotice } from './life/life.ts'

type Db = Kysely<Tables> | Tx

export interface Called {
  /** The flow that is in force at this instant. */
  flow: KeptFlow | undefined
  context: FlowContext
  arrival: Arrival
  officeLine: { number: string; fallback: string | null } | null
  /** What callers from there are told. */
  notices: CallNotice[]
}

/** Holidays by place, each year of each place computed once. As many as there are municipalities with offices. */
const holidaysOf = new Map<string, ReturnType<typeof holidayTest>>()

function holidaysAt(place: { provinceCode: string | null; municipalityCode: string | null }): ReturnType<typeof holidayTest> {
  const name = `${place.provinceCode} ${place.municipalityCode}`
  const test = holidaysOf.get(name) ?? holidayTest(place)
  holidaysOf.set(name, test)
  return test
}

/**
 * What is known of a call from the number that was called, at an instant.
 * @param read a version of a flow, which never changes once it was in force
 */
export async function whatWasCalled(
  db: Db,
  { from, to, at, timeZone }: { from: string | null; to: string; at: Date; timeZone: string },
  read: (version: { id: string; version: number }) => Promise<Flow | null>,
): Promise<Called> {
  const [inForce, office] = await Promise.all([versionInForce(db), officeOfNumber(db, to, at)])
  const content = inForce && (await read(inForce))
  const flow = inForce && content ? { ...inForce, flow: content } : undefined
  const { day, minutes } = wallClock(office?.timeZone ?? timeZone, at.getTime())
  const context: FlowContext = {
    office: office ? { id: office.unitId, name: office.unitName } : null,
    province: office?.provinceCode ?? null,
    region: office?.regionCode ?? null,
    callerKnown: from !== null,
    hour: Math.floor(minutes / 60),
    holiday: holidaysAt(office ?? { provinceCode: null, municipalityCode: null })(day),
    open: await openNow(db, flow, at),
  }
  if (!office) return { flow, context, arrival: { mode: 'unknown' }, officeLine: null, notices: [] }
  const notices = (await noticesForCaller(db, context.region, at)).map(({ sectionId, ...notice }) => ({
    ...notice,
    section: sectionId,
  }))
  const officeLine = { number: office.officeNumber, fallback: office.fallback }
  return {
    flow,
    context,
    officeLine,
    notices,
    arrival: office.mode === 'direct' ? { mode: 'direct', ...officeLine } : { mode: 'channelled' },
  }
}

async function openNow(db: Db, flow: KeptFlow | undefined, at: Date): Promise<string[]> {
  const open: string[] = []
  // A unit that has been taken away is open to nobody.
  for (const unitId of flow ? unitsOfHours(flow.flow) : [])
    if ((await unitOf(db, unitId)) && (await isOpen(db, unitId, at)).open) open.push(unitId)
  return open
}

/** The units that may see what happens to a call: each given one and those above it. Returns are kept: a unit does not move under a call. */
export function unitPaths(): (db: Db, unitIds: readonly (string | null)[]) => Promise<string[]> {
  const known = new Map<string, string[]>()
  return async (db, unitIds) => {
    const all: string[] = []
    for (const id of unitIds) {
      if (id === null) continue
      const parts = known.get(id) ?? (await unitOf(db, id))?.path.split('/').filter(part => part !== '') ?? []
      known.set(id, parts)
      all.push(...parts)
    }
    return [...new Set(all)]
  }
}
