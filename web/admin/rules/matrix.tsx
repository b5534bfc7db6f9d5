/** One action: who may do it while the ticket is where. What is fixed has a lock, and says why. */
import { Button as AriaButton, TooltipTrigger } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { RuleLine, TicketRulesView } from '../../../src/cases/rules/model.ts'
import { Card, CheckBox, Icon, Tip } from '../../shared/ui/index.ts'
import { type Action, type Fields, isAllowed } from './fields.ts'

/** Whether an action has to do with a state at all: more is to be said than that nothing is delegated. */
const hasToDoWith = ({ fixed, founding }: RuleLine): boolean =>
  founding || (fixed !== 'noDelegation' && fixed !== 'directorateAnswersCentre')

export function Matrix({
  action,
  rules,
  invariants,
  fields,
  onDecide,
}: {
  action: Action
  rules: readonly RuleLine[]
  invariants: TicketRulesView['invariants']
  fields: Fields
  onDecide: (rule: RuleLine, allowed: boolean) => void
}) {
  const { t } = useTranslation('web-rules')
  // What is refused to everybody who is elsewhere, or once it is closed, needs no row and no column: it is said below.
  const shown = rules.filter(
    ({ state, standing }) => state !== 'closed' && standing !== 'outsider' && standing !== 'other-centre',
  )
  const states = [...new Set(shown.filter(hasToDoWith).map(rule => rule.state))]
  const standings = [...new Set(shown.map(rule => rule.standing))]
  return (
    <Card flush>
      <table className="rules-matrix">
        <caption className="sr">{t(`actions.${action}`)}</caption>
        <thead>
          <tr>
            <th scope="col">{t('who')}</th>
            {states.map(state => (
              <th key={state} scope="col">
                {t(`states.${state}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {standings.map(standing => (
            <tr key={standing}>
              <th scope="row">{t(`standings.${standing}`)}</th>
              {states.map(state => {
                const rule = shown.find(each => each.state === state && each.standing === standing)
                if (!rule) return <td key={state} />
                const is = isAllowed(fields, rule)
                return (
                  <td key={state}>
                    {rule.fixed === null ? (
                      <CheckBox
                        label={`${t(`standings.${standing}`)}, ${t(`states.${state}`)}`}
                        isSelected={is}
                        isChanged={is !== rule.allowed}
                        onChange={allowed => onDecide(rule, allowed)}
                      />
                    ) : (
                      <TooltipTrigger delay={200}>
                        <AriaButton
                          className="fixed-rule"
                          aria-label={`${t(`standings.${standing}`)}, ${t(`states.${state}`)}: ${t(is ? 'always' : 'never')}`}
                        >
                          <Icon name="lock" size={16} /> <span aria-hidden="true">{t(is ? 'always' : 'never')}</span>
                        </AriaButton>
                        <Tip>{invariants[rule.fixed]}</Tip>
                      </TooltipTrigger>
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="tiny rules-foot">{t('elsewhere')}</p>
    </Card>
  )
}
