/** Which tickets stayed as they are, and why. */
import { useTranslation } from 'react-i18next'
import type { Moved } from '../../src/cases/moves/model.ts'
import { Button, Dialog } from '../shared/ui/index.ts'

export function RefusedMoves({ refused, onClose }: { refused: Moved['refused']; onClose: () => void }) {
  const { t } = useTranslation('web-cric-board')
  return (
    <Dialog
      title={t('refused.title', { count: refused.length })}
      isOpen={refused.length > 0}
      onClose={onClose}
      footer={
        <Button tone="primary" autoFocus onPress={onClose}>
          {t('refused.read')}
        </Button>
      }
    >
      <ul className="col">
        {refused.map(({ ticketId, title, sentence }) => (
          <li key={ticketId}>
            {title !== '' && (
              <>
                <b>{title}</b>
                <br />
              </>
            )}
            {sentence}
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
