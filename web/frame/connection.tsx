/** Says when what is on the screen may be old: no network, or the live stream is being opened again. */
import { useEffect, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { useLiveState } from '../shared/live-context.tsx'
import { Icon } from '../shared/ui/index.ts'

/** A short gap is mended before anybody would have read about it. */
const patienceMs = 4_000

const subscribe = (listener: () => void) => {
  addEventListener('online', listener)
  addEventListener('offline', listener)
  return () => {
    removeEventListener('online', listener)
    removeEventListener('offline', listener)
  }
}

export function Connection() {
  const { t } = useTranslation()
  const online = useSyncExternalStore(subscribe, () => navigator.onLine)
  const state = useLiveState()
  const [long, setLong] = useState(false)
  useEffect(() => {
    if (state === 'live') return
    const timer = setTimeout(() => setLong(true), patienceMs)
    return () => {
      clearTimeout(timer)
      setLong(false)
    }
  }, [state])
  const shown = !online || (state !== 'live' && long)
  return (
    <div role="status">
      {shown && (
        <div className="connection">
          <Icon name="wifi" />
          {online ? t('offline.reconnecting') : t('offline.noNetwork')}
        </div>
      )}
    </div>
  )
}
