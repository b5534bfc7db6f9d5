/** What is done with several tickets at once: taken, handed to a colleague, put back. Each can be undone; what stays as it is, is told by name. */
import { useState } from 'react'
import { Checkbox } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { missing } from '../shared/api.ts'
import { goToStep } from '../shared/focus.ts'
import { DraftNotice } from '../shared/form/notices.tsx'
import { useDraft, useSending } from '../shared/forms.ts'
import { Button, FormDialog, Icon, TextArea } from '../shared/ui/index.ts'
import { ColleagueField, useColleagues } from './colleague-field.tsx'
import type { TicketLine } from './model.ts'
import { useMoves } from './moves.ts'
import { RefusedMoves } from './refused-moves.tsx'

/** The box by which a row is chosen, and all of them. */
export function ChooseBox({ label }: { label: string }) {
  return (
    <Checkbox slot="selection" className="choose-box" aria-label={label}>
      {({ isSelected, isIndeterminate }) => (
        <span className="choose-mark">{isIndeterminate ? '–' : isSelected ? <Icon name="check" size={16} /> : null}</span>
      )}
    </Checkbox>
  )
}

export function ChosenTickets({
  chosen,
  lines,
  onDone,
}: {
  chosen: ReadonlySet<string>
  lines: readonly TicketLine[]
  onDone: () => void
}) {
  const { t } = useTranslation('web-cric')
  const [isHanding, setHanding] = useState(false)
  const moves = useMoves(() => {
    onDone()
    goToStep('pool-filter')
  })
  const tickets = lines.filter(line => chosen.has(line.id)).map(({ id, version }) => ({ id, version }))
  return (
    <>
      {tickets.length > 0 && (
        <section className="row wrap chosen" aria-label={t('chosen.label')}>
          <b className="grow" role="status">
            {t('chosen.count', { count: tickets.length })}
          </b>
          <Button tone="primary" isPending={moves.pending} onPress={() => moves.move({ tickets, to: 'me' })}>
            {t('actions.claim')}
          </Button>
          <Button isPending={moves.pending} onPress={() => setHanding(true)}>
            {t('actions.hand-over')}
          </Button>
          <Button isPending={moves.pending} onPress={() => moves.move({ tickets, to: 'pool' })}>
            {t('actions.release')}
          </Button>
          <Button tone="quiet" icon="close" label={t('chosen.none')} onPress={onDone} />
        </section>
      )}
      {isHanding && (
        <HandDialog
          count={tickets.length}
          onClose={() => setHanding(false)}
          onHand={(to, name, note) => moves.move({ tickets, to, name, note })}
        />
      )}
      <RefusedMoves refused={moves.refused} onClose={moves.haveRead} />
    </>
  )
}

function HandDialog({
  count,
  onClose,
  onHand,
}: {
  count: number
  onClose: () => void
  onHand: (to: string, name: string, note: string) => void
}) {
  const { t } = useTranslation('web-cric')
  const draft = useDraft('tickets-hand-over')
  const sending = useSending()
  const [colleague, setColleague] = useState<string | null>(null)
  const choices = useColleagues().data?.items ?? []
  const hand = () => {
    const to = choices.find(each => each.id === colleague)
    if (!to) return sending.refuse(missing({ personId: t('handOver.choose') }))
    onHand(to.id, to.name, draft.text)
    draft.clear()
    onClose()
  }
  return (
    <FormDialog
      isOpen
      title={t('chosen.hand', { count })}
      act={t('handOver.send')}
      error={sending.error}
      onSubmit={hand}
      onClose={onClose}
    >
      <ColleagueField
        label={t('handOver.colleague')}
        value={colleague}
        onChange={setColleague}
        error={sending.fields.personId}
        autoFocus
      />
      <DraftNotice form={draft.form} />
      <TextArea label={t('handOver.note')} rows={3} value={draft.text} onChange={draft.setText} />
    </FormDialog>
  )
}
