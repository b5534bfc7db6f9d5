/**
 * The display of a hall: who is called to which desk, newest first. It asks every two seconds; when the server does not answer it shows what it last knew
 * and says so, and goes on by itself. It keeps nothing but the last answer.
 */
import { useQuery } from '@tanstack/react-query'
import { type CSSProperties, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Display } from '../../src/counters/machine-model.ts'
import { addressOf, api } from '../shared/api.ts'
import { ConnectDevice, isUnknownDevice } from '../shared/device.tsx'
import { clock } from '../shared/time.ts'
import { Icon, Loading, useNow } from '../shared/ui/index.ts'
import { tell } from './chime.ts'
import { newCalls } from './ringing.ts'
import './display.css'

const readIntervalMs = 2_000

export default function DisplayPage() {
  const { t, i18n } = useTranslation('web-display')
  const now = useNow()
  const display = useQuery({
    queryKey: ['device', 'display'],
    queryFn: ({ signal }) => api.get('/api/device/display', { signal }),
    refetchInterval: readIntervalMs,
    refetchIntervalInBackground: true,
    // Asked whether the browser thinks that there is a network or not: it may be wrong for hours.
    networkMode: 'always',
    retry: false,
  })
  const { data } = display
  const rung = useRinging(data)
  if (isUnknownDevice(display.error)) return <ConnectDevice />
  if (data === undefined) return display.error ? <p className="display-away">{t('away')}</p> : <Loading />
  const newest = data.continues ? undefined : data.calls[0]
  const others = data.continues ? data.calls : data.calls.slice(1)
  const several = data.halls.length > 1
  return (
    <main className="display" data-rung={rung}>
      <header>
        <b>{data.unit}</b>
        <span>{t('waiting', { count: data.halls.reduce((sum, { waiting }) => sum + waiting, 0) })}</span>
        <time className="num">{clock(now, i18n.language)}</time>
      </header>
      <div className="display-calls">
        {data.continues && others.length === 0 && <p className="display-nobody">{t('nobody')}</p>}
        {!data.continues && (
          <section className="display-newest" aria-live="assertive" aria-label={t('newest')}>
            {newest ? (
              <div key={newest.id} className="display-rung">
                <b className="code num">{newest.code}</b>
                <span className="to">{t('toDesk')}</span>
                <b className="desk num">{newest.desk}</b>
                {several && <span className="hall">{newest.hall}</span>}
              </div>
            ) : (
              <p className="display-nobody">{t('nobody')}</p>
            )}
          </section>
        )}
        {others.length > 0 && (
          <table className="display-others" style={{ '--rows': others.length } as CSSProperties}>
            <thead>
              <tr>
                <th scope="col">{t('number')}</th>
                <th scope="col">{t('desk')}</th>
                {several && <th scope="col">{t('hall')}</th>}
              </tr>
            </thead>
            <tbody>
              {others.map(call => (
                <tr key={call.id}>
                  <td className="num">{call.code}</td>
                  <td className="num">{call.desk}</td>
                  {several && <td className="hall">{call.hall}</td>}
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
      <footer role="status">
        {display.error && (
          <span className="display-stale">
            <Icon name="warning-circle" size={28} /> {t('stale')}
          </span>
        )}
      </footer>
    </main>
  )
}

/** Chimes for each new call and says it, one after the other. Returns for how many since the page was opened. */
function useRinging(data: Display | undefined): number {
  const known = useRef<ReadonlySet<string> | undefined>(undefined)
  const [rung, setRung] = useState(0)
  useEffect(() => {
    if (data === undefined) return
    // What no longer fits on the display before is told there.
    const calls = data.continues ? [] : newCalls(known.current, data.calls, data.at)
    known.current = new Set(data.calls.map(({ id }) => id))
    if (calls.length === 0) return
    for (const callId of calls) tell(addressOf('/api/device/calls/:callId/sound', { path: { callId } }))
    setRung(before => before + calls.length)
  }, [data])
  return rung
}
