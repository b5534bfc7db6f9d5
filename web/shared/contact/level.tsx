/** How sure we are of who somebody is, as it stands beside a name. */
import { useTranslation } from 'react-i18next'
import type { IdentificationLevel, IdentificationState } from '../../../src/contacts/model.ts'
import { Pill, type Tone } from '../ui/index.ts'

const tones: Readonly<Record<IdentificationLevel, Tone>> = {
  none: 'wait',
  number: 'wait',
  hint: 'wait',
  declared: 'info',
  verified: 'ok',
  digital: 'ok',
}

/** @param asked what was asked or checked, where it is known; read aloud with the level */
export function Level({
  level,
  asked = [],
  small = false,
}: {
  level: IdentificationLevel
  asked?: readonly string[]
  small?: boolean
}) {
  const { t } = useTranslation('web-desk')
  return (
    <Pill tone={tones[level]} icon={tones[level] === 'ok' ? 'check' : 'user'} small={small}>
      {t(`identification.${level}`)}
      {asked.length > 0 && <span className="sr">: {asked.join(', ')}</span>}
    </Pill>
  )
}

/** The level in a conversation, with the questions that were asked in it. */
export function LevelOfPerson({ state }: { state: IdentificationState }) {
  const { t } = useTranslation('web-desk')
  const asked = [...new Set(state.identifications.map(each => each.method))].map(method => t(`method.${method}`))
  return <Level level={state.level} asked={asked} />
}
