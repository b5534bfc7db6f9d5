/** My state, and the menu that changes it: available, in pause for a reason, out of service; and what the area adds. */
import { useTranslation } from 'react-i18next'
import type { Desk } from '../../../src/distribution/model.ts'
import { useAction } from '../actions.ts'
import { Button, Menu, type MenuEntry } from '../ui/index.ts'
import type { ServiceAction } from './service.ts'

export const pauseReasons = ['break', 'meal', 'training', 'meeting', 'back-office', 'other'] as const

export type ShownState = Desk['state'] | 'ringing' | 'dialling' | 'talking' | 'held' | 'offered-work'

export function StateMenu({
  desk,
  shown,
  more = [],
  onAction,
  onMore,
}: {
  desk: Pick<Desk, 'state' | 'reason'>
  /** What is shown of the state; some areas know it more exactly. */
  shown: ShownState
  more?: readonly MenuEntry[]
  onAction: (action: ServiceAction) => void
  onMore?: (id: string) => void
}) {
  const { t } = useTranslation()
  const entries: MenuEntry[] = [
    { id: 'available', label: t('service.state.available'), icon: 'check-circle', isCurrent: desk.state === 'available' },
    ...pauseReasons.map(reason => ({
      id: `pause:${reason}`,
      label: t('service.pauseFor', { reason: t(`service.pause.${reason}`) }),
      icon: 'clock' as const,
      isCurrent: desk.state === 'paused' && desk.reason === reason,
    })),
    ...more,
    { id: 'leave', label: t('service.leave'), icon: 'logout', isDisabled: desk.state === 'signed-out' },
  ]
  useAction(t('service.become'), () => onAction({ do: 'available' }), desk.state !== 'available')
  useAction(t('service.takePause'), () => onAction({ do: 'pause', reason: 'break' }), desk.state === 'available')
  useAction(t('service.leave'), () => onAction({ do: 'leave' }), desk.state !== 'signed-out')
  return (
    <Menu
      label={t('service.menu')}
      entries={entries}
      onAction={id => {
        const reason = pauseReasons.find(each => id === `pause:${each}`)
        if (id === 'available') onAction({ do: 'available' })
        else if (reason) onAction({ do: 'pause', reason })
        else if (id === 'leave') onAction({ do: 'leave' })
        else onMore?.(id)
      }}
    >
      <Button
        tone="quiet"
        step="state"
        className={`state-pill ${shown}`}
        label={t('service.now', { state: t(`service.state.${shown}`) })}
      >
        <span className="dot" aria-hidden="true" />
        <span className="state-name">{t(`service.state.${shown}`)}</span>
      </Button>
    </Menu>
  )
}
