/**
 * The display of a hall: who is called to which desk, newest first. It asks every two seconds; when the server does not answer it shows what it last knew
 * and says so, and goes on by itself. It keeps nothing but the last answer.
 */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { addressOf, api } from '../shared/api.ts'
import { ConnectDevice, isUnknownDevice } from '../shared/device.tsx'
import { clock } from '../shared/time.ts'
import { Icon, Loading, useNow } from '../shared/ui/index.ts'
import { chime, chimeMs } from './chime.ts'
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
  const rung = useChime(data?.calls.map(({ id }) => id))
  if (isUnknownDevice(display.error)) return <ConnectDevice />
  if (data === undefined) return display.error ? <p className="display-away">{t('away')}</p> : <Loading />
  const [newest, ...others] = data.calls
  const several = data.halls.length > 1
  return (
    <main className="display" data-rung={rung}>
      <header>
        <b>{data.unit}</b>
        <span>{t('waiting', { count: data.halls.reduce((sum, { waiting }) => sum + waiting, 0) })}</span>
        <time className="num">{clock(now, i18n.language)}</time>
      </header>
      <div className="display-calls">
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
        {others.length > 0 && (
          <table className="display-others">
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

/** Says the newest call aloud, behind the chime. Where the server has no voice, the chime is enough. */
function say(callId: string): void {
  const voice = new Audio(addressOf('/api/device/calls/:callId/sound', { path: { callId } }))
  setTimeout(() => void voice.play().catch(() => undefined), chimeMs)
}

/** Chimes once for what is newly called, also when it is called again; not for what was there when the page was opened. Returns how often. */
function useChime(ids: readonly string[] | undefined): number {
  const known = useRef<readonly string[] | undefined>(undefined)
  const rung = useRef(0)
  if (ids !== undefined && known.current === undefined) known.current = ids
  const isNew = ids?.some(id => known.current?.includes(id) === false) ?? false
  const count = isNew ? rung.current + 1 : rung.current
  useEffect(() => {
    if (ids === undefined) return
    const [callId] = ids
    if (isNew && callId !== undefined) {
      chime()
      say(callId)
    }
    rung.current = count
    known.current = ids
  }, [ids, isNew, count])
  return count
}
