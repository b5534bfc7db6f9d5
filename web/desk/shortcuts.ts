/**
 * A key of the desk: as it stands on the button while nobody types, and with Alt also while somebody does, because one mutes or holds in
 * the middle of a sentence.
 */
import { useTranslation } from 'react-i18next'
import { useShortcut } from '../shared/shortcuts.ts'

/** Where a letter alone means the telephone: in its bar and on the card of a call. Everywhere else it may have been meant for a field. */
const atTheTelephone = '.telephone, .incoming'
/** Where a digit alone means the sheet. */
export const atTheDesk = '.desk, .telephone, .incoming'

/** @param within where the key alone acts; with Alt it acts everywhere */
export function useDeskKey(key: string, label: string, act: () => void, active = true, within = atTheTelephone): void {
  const { t } = useTranslation('web-desk')
  const group = t('shortcuts.group')
  useShortcut({ keys: key, label, group, within }, act, active)
  useShortcut({ keys: `Alt+${key}`, label: t('shortcuts.whileTyping', { label }), group }, act, active)
}
