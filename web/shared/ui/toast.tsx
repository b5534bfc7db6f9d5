/** Short notices at the edge: what was done, or why it was not. They wait long enough to be read, and screen readers say them. */
import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './button.tsx'
import { dismiss, shownNotices, subscribe } from './notices.ts'

export function Toasts() {
  const { t } = useTranslation()
  const shown = useSyncExternalStore(subscribe, shownNotices)
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(notice => (
        <div key={notice.id} className={`toast ${notice.tone}`}>
          <span className="grow">{notice.text}</span>
          {notice.act && (
            <Button
              tone="quiet"
              onPress={() => {
                dismiss(notice.id)
                notice.act?.run()
              }}
            >
              {notice.act.label}
            </Button>
          )}
          <Button tone="quiet" icon="close" label={t('close')} onPress={() => dismiss(notice.id)} />
        </div>
      ))}
    </div>
  )
}
