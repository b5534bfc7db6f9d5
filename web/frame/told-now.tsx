/** What somebody is told on whatever page, because it waits for them: the receipt of a registered message is missing, or the citizen of a case has arrived. */
import { useTranslation } from 'react-i18next'
import type { EntryName } from '../../src/entries.ts'
import { useLive } from '../shared/live-context.tsx'
import { useSession } from '../shared/session.tsx'
import { notify } from '../shared/ui/index.ts'

const missing: EntryName = 'registered-mail.receipt-missing'
const arrived: EntryName = 'case.arrival'

export function ToldNow() {
  const { t } = useTranslation()
  const { person } = useSession()
  useLive(message => {
    if (message.person !== person.id) return
    if (message.types.includes(missing)) notify(t('pec.missingNow'), 'late')
    if (message.types.includes(arrived)) notify(t('reference.arrivedNow'))
  })
  return null
}
