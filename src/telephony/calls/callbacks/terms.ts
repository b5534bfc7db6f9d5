/**
 * What the life of a call has to know of callbacks, looked up before a step of it: the life itself asks nobody. What changes seldom is kept for
 * some seconds, because positions are announced often.
 */
import { callbackSettingsOf, type WholeCallbackSettings } from '../../../distribution/index.ts'
import { decentSpan, holidayTest, openingOf, type Span, unitOf } from '../../../organisation/index.ts'
import { callable, type Db } from '../../../platform/index.ts'
import type { Input, LifeState } from '../life/life.ts'
import { nextSpan, spokenTime } from '../life/reachable.ts'
import type { CallbackTerms } from '../life/state.ts'
import { notedNumbers } from './store.ts'

const keepMs = 5_000

interface Known {
  settings: WholeCallbackSettings
  span: Span | null
  timeZone: string
  until: number
}

export interface TermsBook {
  /** The terms for a step of this call; null when callbacks have no part in it. */
  forStep(
    db: Db,
    call: { state: LifeState; from: string | null; to: string },
    input: Input,
    now: number,
  ): Promise<CallbackTerms | null>
}

/** @param officeTimeZone of units that have none of their own */
export function openTermsBook(officeTimeZone: string): TermsBook {
  const sections = new Map<string, Known>()

  async function known(db: Db, sectionId: string, now: number): Promise<Known | null> {
    const kept = sections.get(sectionId)
    if (kept && kept.until > now && (kept.span === null || kept.span.to > now)) return kept
    const unit = await unitOf(db, sectionId)
    if (!unit) return null
    const timeZone = unit.timeZone ?? officeTimeZone
    const settings = await callbackSettingsOf(db, unit.path)
    const isHoliday = holidayTest(unit)
    const opening = await openingOf(db, unit)
    const span = nextSpan(at => decentSpan(settings.hours, timeZone, isHoliday, at), opening, now)
    const fresh = { settings, span, timeZone, until: now + keepMs }
    sections.set(sectionId, fresh)
    return fresh
  }

  return {
    async forStep(db, { state, from, to }, input, now) {
      if (!concerns(state, input) || state.section === null) return null
      const found = await known(db, state.section, now)
      if (!found) return null
      const { settings, span, timeZone } = found
      const caller = callable(from)
      // A number is looked up only when it may be accepted now.
      const asked = input.type !== 'position' || (input.expectedWaitMs ?? 0) > (settings.offerAboveMs ?? Number.POSITIVE_INFINITY)
      const keyed = callable(state.proposal?.number ?? null) ?? callable(state.proposal?.keyed ?? null)
      const noted = asked
        ? await notedNumbers(
            db,
            state.section,
            [caller, keyed].flatMap(each => each ?? []),
          )
        : new Set<string>()
      return {
        ...settings,
        span: span && { from: Math.max(span.from, now), to: span.to },
        latest: span && spokenTime(timeZone, span.to, now),
        caller,
        called: to,
        noted: [...noted],
      }
    },
  }
}

function concerns({ phase }: LifeState, input: Input): boolean {
  if (phase === 'waiting') return ['key', 'position', 'proposed', 'due'].includes(input.type)
  return phase === 'callback' && (input.type === 'dismissed' || input.type === 'offer-accepted')
}
