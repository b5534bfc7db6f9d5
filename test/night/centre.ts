/** Sections and their hours, by the organisation's own reckoning: in office time, so that the nights of the clock change count. */

import type { CentreSection } from '../../src/distribution/index.ts'
import type { WrittenSection } from '../../src/distribution/leader/centre.ts'
import type { SectionRouting } from '../../src/distribution/model.ts'
import type { OpeningSpan } from '../../src/organisation/model.ts'
import { opennessAt } from '../../src/organisation/opening.ts'
import type { World } from './world.ts'

const timeZone = 'Europe/Rome'

export class Centre {
  readonly sections: readonly CentreSection[]
  private readonly hours: ReadonlyMap<string, readonly OpeningSpan[]>
  private readonly known = new Map<string, { from: number; until: number; open: boolean }>()
  /** In the end everything is open. */
  alwaysOpen = false

  constructor(world: World) {
    const ids = ['pensions', 'benefits', 'online'].slice(0, world.between(1, 3))
    this.sections = ids.map(id => ({ id, name: id, path: `inps/ccm/${id}/` }))
    this.hours = new Map(ids.map(id => [id, drawHours(world)]))
  }

  openness(sectionId: string, at: Date): { open: boolean; nextChange: Date | null } {
    const spans = this.hours.get(sectionId)
    if (this.alwaysOpen || spans === undefined) return { open: true, nextChange: null }
    const known = this.known.get(sectionId)
    const now = at.getTime()
    if (known !== undefined && now >= known.from && now < known.until)
      return { open: known.open, nextChange: Number.isFinite(known.until) ? new Date(known.until) : null }
    const { open, nextChange } = opennessAt({ spans, timeZone, isHoliday: () => false }, at)
    this.known.set(sectionId, { from: now, until: nextChange?.getTime() ?? Number.POSITIVE_INFINITY, open })
    return { open, nextChange }
  }
}

/** A section of the second level that shares its tickets out. */
export function drawSharing(world: World, members: readonly string[]): WrittenSection {
  const sharing = { mode: 'distributed', capacity: world.between(1, 4), offerMinutes: world.between(1, 3) } as const
  return { id: 'cric', medium: 'ticket', name: 'cric', path: 'inps/cric/', sharing, members: members.toSorted() }
}

/** Office hours, or day and night, or hours that lie across the hour that is missing or comes twice. */
function drawHours(world: World): OpeningSpan[] {
  const week = [1, 2, 3, 4, 5, 6, 7]
  const kind = world.between(0, 3)
  if (kind === 0) return week.map(weekday => ({ weekday, opens: '00:00', closes: '24:00' }))
  if (kind === 1)
    return week.flatMap(weekday => [
      { weekday, opens: '02:15', closes: '02:45' },
      { weekday, opens: '08:00', closes: '20:00' },
    ])
  if (kind === 2) return week.map(weekday => ({ weekday, opens: '01:30', closes: '22:00' }))
  return week.map(weekday => ({ weekday, opens: '08:00', closes: '20:00' }))
}

export function drawRouting(world: World, sectionId: string, sections: readonly string[]): SectionRouting {
  const others = sections.filter(other => other !== sectionId)
  const rule = () => {
    const message = 'All lines are busy.'
    const kind = world.between(0, 8)
    if (kind <= 2) return null
    if (kind === 3 && others.length > 0) return { do: 'move', section: world.oneOf(others) } as const
    if (kind === 4) return { do: 'divert', to: '+390600000000' } as const
    if (kind >= 6) return { do: 'callback' } as const
    return { do: 'dismiss', message } as const
  }
  return {
    priority: world.between(0, 2),
    choice: world.oneOf(['longest-idle', 'best-level'] as const),
    offerTimeoutMs: world.between(5, 30) * 1000,
    restMs: world.between(0, 8) * 1000,
    unansweredLimit: world.between(1, 3),
    failedLimit: world.between(1, 3),
    wrapUpMs: world.between(0, 60) * 1000,
    limits: {
      maxWaiting: world.chance(0.5) ? null : world.between(2, 12),
      maxWaitMs: world.chance(0.5) ? null : world.between(30, 900) * 1000,
    },
    overflow: { full: rule(), 'too-long': rule(), nobody: rule(), closed: { do: 'dismiss', message: 'We are closed.' } },
    helpers: others.flatMap(section => (world.chance(0.3) ? [{ section, afterMs: world.between(0, 60) * 1000 }] : [])),
  }
}
