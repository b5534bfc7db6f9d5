/** Times as people say them. */
import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { serverNow } from '../api.ts'
import { ago, due, dueTone, duration, exact, spokenDuration } from '../time.ts'
import { Pill } from './parts.tsx'

/** One clock for the whole page: a tick each second, one each half minute. */
function ticker(everyMs: number) {
  const listeners = new Set<() => void>()
  let now = serverNow()
  let timer: ReturnType<typeof setInterval> | undefined
  return {
    subscribe(listener: () => void) {
      if (listeners.size === 0) now = serverNow()
      listeners.add(listener)
      timer ??= setInterval(() => {
        now = serverNow()
        for (const each of listeners) each()
      }, everyMs)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) {
          clearInterval(timer)
          timer = undefined
        }
      }
    },
    now: () => now,
  }
}

const seconds = ticker(1_000)
const halfMinutes = ticker(30_000)

/** The time at the server, ms since 1970, renewed each second or each half minute. */
export function useNow(every: 'second' | 'half-minute' = 'half-minute'): number {
  const source = every === 'second' ? seconds : halfMinutes
  return useSyncExternalStore(source.subscribe, source.now)
}

/** "3 minuti fa"; the exact time on hover and to screen readers. */
export function Ago({ at }: { at: string }) {
  const { i18n } = useTranslation()
  const now = useNow()
  const ms = Date.parse(at)
  const whole = exact(ms, i18n.language)
  return (
    <time dateTime={at} title={whole}>
      <span aria-hidden="true">{ago(ms, Math.max(now, ms), i18n.language)}</span>
      <span className="sr">{whole}</span>
    </time>
  )
}

/** A time in a form of its own; the exact one on hover. */
export function Time({ at, children }: { at: string; children: string }) {
  const { i18n } = useTranslation()
  return (
    <time dateTime={at} title={exact(Date.parse(at), i18n.language)}>
      {children}
    </time>
  )
}

/** When something is due: red when late, amber today; null while its clock stands, because the citizen was asked. */
export function Due({ at, done = false }: { at: string | null; done?: boolean }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  if (at === null) return <Pill tone="info">{t('clockStands')}</Pill>
  const ms = Date.parse(at)
  const tone = done ? 'calm' : dueTone(ms, now)
  return (
    <Pill tone={tone === 'calm' ? 'plain' : tone}>
      <time dateTime={at} title={exact(ms, i18n.language)} className="num">
        {due(ms, now, i18n.language)}
      </time>
      {tone === 'late' && <span className="sr">{t('late')}</span>}
    </Pill>
  )
}

/** A clock that runs since an instant. Screen readers get it in words when they ask, and are not told each second. */
export function Duration({ since, until, short = false }: { since: string; until?: string | null; short?: boolean }) {
  const { i18n } = useTranslation()
  const now = useNow('second')
  const ms = (until ? Date.parse(until) : now) - Date.parse(since)
  return (
    <span className="num" role="timer" aria-live="off" aria-label={spokenDuration(ms, i18n.language)}>
      {duration(ms, short)}
    </span>
  )
}

/** A clock that runs down to an instant. */
export function Countdown({ until }: { until: string }) {
  const { i18n } = useTranslation()
  const now = useNow('second')
  const ms = Math.max(0, Date.parse(until) - now)
  return (
    <span className="num" role="timer" aria-live="off" aria-label={spokenDuration(ms, i18n.language)}>
      {duration(ms + 999, true)}
    </span>
  )
}
