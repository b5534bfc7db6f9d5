/**
 * A key of the desk: as it stands on the button while nobody types, and with Alt also while somebody does, because one mutes or holds in
 * the middle of a sentence.
 */
import { useTranslation } from 'react-i18next'
import { useShortcut } from '../shared/shortcuts.ts'

export function useDeskKey(key: string, label: string, act: () => void, active = true): void {
  const { t } = useTranslation('web-desk')
  const group = t('shortcuts.group')
  useShortcut({ keys: key, label, group }, act, active)
  useShortcut({ keys: `Alt+${key}`, label: t('shortcuts.whileTyping', { label }), group }, act, active)
}
