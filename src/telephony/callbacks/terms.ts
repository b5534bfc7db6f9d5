/**
 * What the life of a call has to know of callbacks, looked up before a step of it: the life itself asks nobody. What changes seldom is kept for
 * some seconds, because positions are announced often.
 */
import type { Kysely } from 'kysely'
import { holidayTest, openingOf, unitOf } from '../../organisation/index.ts'
import type { Tables, Tx } from '../../platform/index.ts'
import type { CallbackTerms } from '../life/state.ts'
import type { Input, LifeState } from '../life.ts'
import type { WholeCallbackSettings } from './model.ts'
import { callable, decentSpan, type Span, spokenTime } from './policy.ts'
import { callbackSettingsOf, notedNumbers } from './store.ts'

type Db = Kysely<Tables> | Tx

const keepMs = 5_000
/** In what is left of a day before this nobody is promised a call any more. */
const minSpanMs = 5 * 60_000
/** Openings and closings looked at before we say that there is no time to call. */
const maxLooks = 60

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

/**
 * The next span in which it is decent to call and the section is open, from an instant on; null when there is none to be seen.
 * @param decent the decent hours that an instant is in, or the next ones
 */
export function nextSpan(
  decent: (at: number) => Span | null,
  opening: (at: Date) => { open: boolean; nextChange: Date | null },
  from: number,
): Span | null {
  let at = from
  for (let looks = 0; looks < maxLooks; looks++) {
    const span = decent(at)
    if (span === null) return null
    at = Math.max(at, span.from)
    const { open, nextChange } = opening(new Date(at))
    if (!open && nextChange === null) return null
    const change = nextChange?.getTime() ?? Number.POSITIVE_INFINITY
    const to = open ? Math.min(span.to, change) : at
    if (to - at >= minSpanMs) return { from: at, to }
    at = open ? to : change
  }
  return null
}
