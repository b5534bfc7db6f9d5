/** How calls to an office's number are answered. */
import { useTranslation } from 'react-i18next'
import type { NumberMode } from '../../src/organisation/model.ts'
import { Pill } from '../shared/ui/index.ts'

export const modes: readonly NumberMode[] = ['direct', 'channelled']
export const isMode = (text: string | null): text is NumberMode => modes.some(mode => mode === text)

export function Mode({ mode }: { mode: NumberMode }) {
  const { t } = useTranslation('web-admin')
  return (
    <Pill small tone={mode === 'channelled' ? 'info' : 'plain'}>
      {t(`numbers.modes.${mode}`)}
    </Pill>
  )
}
