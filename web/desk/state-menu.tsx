/** My state at the desk, and the menu that changes it; and which loudspeaker is used. */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Desk } from '../../src/distribution/model.ts'
import { StateMenu as Menu, type ShownState } from '../shared/service/state-menu.tsx'
import { outputDevices } from '../shared/telephone/media.ts'
import { useBecomeAvailable, useLeave, usePause } from './calls.ts'
import type { Stage } from './stage.ts'
import { telephone } from './telephone/telephone.ts'
import { useTelephone } from './telephone/use-telephone.ts'

const outputOf = (id: string) => `output:${id}`

export function StateMenu({ desk, stage }: { desk: Desk; stage: Stage }) {
  const { t } = useTranslation('web-desk')
  const available = useBecomeAvailable()
  const pause = usePause()
  const leave = useLeave()
  const outputs = useOutputs()
  return (
    <Menu
      desk={desk}
      shown={shownState(desk, stage)}
      more={outputs.map(output => ({
        id: outputOf(output.id),
        label: output.name,
        detail: t('state.output'),
        icon: 'hearing' as const,
        isCurrent: output.id === telephone.output,
      }))}
      onAction={action => {
        if (action.do === 'available') available.mutate()
        else if (action.do === 'pause') pause.mutate(action.reason)
        else leave.mutate()
      }}
      onMore={id => telephone.setOutput(outputs.find(output => outputOf(output.id) === id)?.id ?? '')}
    />
  )
}

function shownState(desk: Desk, stage: Stage): ShownState {
  if (stage.name === 'ringing' || stage.name === 'dialling') return stage.name
  if (stage.name === 'talking') return stage.held ? 'held' : 'talking'
  if (desk.state === 'offered') return desk.offered === 'written' ? 'offered-work' : 'ringing'
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
