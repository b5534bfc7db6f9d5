/** My state, and the menu that changes it: available, in pause for a reason, out of service; and which loudspeaker is used. */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Desk } from '../../src/distribution/model.ts'
import { Button, Menu, type MenuEntry } from '../shared/ui/index.ts'
import { useBecomeAvailable, useLeave, usePause } from './calls.ts'
import type { Stage } from './stage.ts'
import { outputDevices } from './telephone/media.ts'
import { telephone } from './telephone/telephone.ts'
import { useTelephone } from './telephone/use-telephone.ts'

export const pauseReasons = ['break', 'meal', 'training', 'meeting', 'back-office', 'other'] as const

export function StateMenu({ desk, stage }: { desk: Desk; stage: Stage }) {
  const { t } = useTranslation('web-desk')
  const available = useBecomeAvailable()
  const pause = usePause()
  const leave = useLeave()
  const outputs = useOutputs()
  const shown = shownState(desk, stage)
  const entries: MenuEntry[] = [
    { id: 'available', label: t('state.available'), icon: 'check-circle', isCurrent: desk.state === 'available' },
    ...pauseReasons.map(reason => ({
      id: `pause:${reason}`,
      label: t('state.pauseFor', { reason: t(`pause.${reason}`) }),
      icon: 'clock' as const,
      isCurrent: desk.state === 'paused' && desk.reason === reason,
    })),
    ...outputs.map(output => ({
      id: `output:${output.id}`,
      label: output.name,
      detail: t('state.output'),
      icon: 'hearing' as const,
      isCurrent: output.id === telephone.output,
    })),
    { id: 'leave', label: t('state.leave'), icon: 'logout', isDisabled: desk.state === 'signed-out' },
  ]
  return (
    <Menu
      label={t('state.menu')}
      entries={entries}
      onAction={id => {
        const [what, which = ''] = id.split(/:(.*)/)
        if (what === 'available') available.mutate()
        else if (what === 'pause') pause.mutate(which)
        else if (what === 'output') telephone.setOutput(which)
        else leave.mutate()
      }}
    >
      <Button tone="quiet" className={`state-pill ${shown}`} label={t('state.now', { state: t(`state.${shown}`) })}>
        <span className="dot" aria-hidden="true" />
        <span className="state-name">{t(`state.${shown}`)}</span>
      </Button>
    </Menu>
  )
}

type Shown = 'signed-out' | 'available' | 'ringing' | 'talking' | 'held' | 'wrap-up' | 'paused'

function shownState(desk: Desk, stage: Stage): Shown {
  if (stage.name === 'ringing') return 'ringing'
  if (stage.name === 'talking') return stage.held ? 'held' : 'talking'
  if (desk.state === 'offered') return 'ringing'
  if (desk.state === 'in-conversation') return 'talking'
  return desk.state
}

/** Loudspeakers, once the microphone may be used: before that the browser does not tell their names. */
function useOutputs(): { id: string; name: string }[] {
  const { microphone } = useTelephone()
  const [outputs, setOutputs] = useState<{ id: string; name: string }[]>([])
  useEffect(() => {
    if (microphone !== 'open') return
    let gone = false
    const look = () =>
      outputDevices().then(
        found => {
          if (!gone) setOutputs(found.length > 1 ? found : [])
        },
        () => {},
      )
    void look()
    navigator.mediaDevices.addEventListener('devicechange', look)
    return () => {
      gone = true
      navigator.mediaDevices.removeEventListener('devicechange', look)
    }
  }, [microphone])
  return outputs
}
