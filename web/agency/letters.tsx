/** Letters to citizens who have no e-mail: printed together, then marked as sent by one press. What was overtaken on the way to the post is told by name. */
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LetterLine } from '../../src/agenda/letters/model.ts'
import { addressOf, api } from '../shared/api.ts'
import { goToStep, stepAt } from '../shared/focus.ts'
import { useIdempotencyKey, useSending } from '../shared/forms.ts'
import { pagedOptions } from '../shared/query.ts'
import { useSession } from '../shared/session.tsx'
import { clock, exact, longDay } from '../shared/time.ts'
import { Button, CheckBox, EmptyState, Link, Notice, notify, PagedList, Pill, Problem, Tabs } from '../shared/ui/index.ts'
import { lettersKey, lettersMeta } from './letters-link.tsx'
import './agency.css'

type State = 'open' | 'sent'
/** By identifier, with the name: a letter that is overtaken leaves the list, and is still to be named. */
type Chosen = ReadonlyMap<string, string>

/** As many as go into one document. */
const atOnce = 50
const none: Chosen = new Map()
const toAppointments = { to: '/agency/{-$appointmentId}', params: { appointmentId: undefined } } as const

export default function LettersPage() {
  const { t } = useTranslation('web-agency')
  const { unitId, unitName } = useSession().acting
  const [state, setState] = useState<State>('open')
  const [chosen, setChosen] = useState<Chosen>(none)
  const [left, setLeft] = useState<readonly string[]>([])
  const letters = useInfiniteQuery({
    queryKey: [...lettersKey(unitId), state],
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/units/:unitId/letters', { path: { unitId }, query: { state, cursor: pageParam, limit: atOnce }, signal }),
    ...pagedOptions,
    meta: lettersMeta,
  })
  const lines = letters.data?.pages.flatMap(page => page.items) ?? []
  const show = (wanted: State) => {
    setState(wanted)
    setChosen(none)
    setLeft([])
  }
  return (
    <div className="padded letters">
      <header className="row wrap">
        <div className="grow">
          <h1 tabIndex={-1} {...stepAt('letters')}>
            {t('letters.title')}
          </h1>
          <p className="small">{unitName}</p>
        </div>
        <Link {...toAppointments}>{t('letters.back')}</Link>
      </header>
      <Tabs
        label={t('letters.title')}
        value={state}
        onChange={id => show(id === 'sent' ? 'sent' : 'open')}
        tabs={[
          { id: 'open', label: t('letters.states.open'), count: letters.data?.pages[0]?.count },
          { id: 'sent', label: t('letters.states.sent') },
        ]}
      />
      {left.length > 0 && (
        <Notice tone="wait" live title={t(`letters.left.${state}`, { count: left.length, names: left.join(', ') })}>
          {t(`letters.leftText.${state}`)}
        </Notice>
      )}
      {lines.length > 0 && <ChosenLetters state={state} lines={lines} chosen={chosen} onChoose={setChosen} onLeft={setLeft} />}
      <PagedList
        query={letters}
        empty={
          <EmptyState title={t(`letters.none.${state}`)} icon="check-circle">
            {t(`letters.noneText.${state}`)}
          </EmptyState>
        }
      >
        {items => (
          <ul className="letter-lines">
            {items.map(line => (
              <Line
                key={line.id}
                line={line}
                isChosen={chosen.has(line.id)}
                onChoose={isChosen => {
                  const next = new Map(chosen)
                  if (!next.delete(line.id) && isChosen) next.set(line.id, line.contactName)
                  setChosen(next)
                }}
              />
            ))}
          </ul>
        )}
      </PagedList>
    </div>
  )
}

function Line({ line, isChosen, onChoose }: { line: LetterLine; isChosen: boolean; onChoose: (isChosen: boolean) => void }) {
  const { t, i18n } = useTranslation('web-agency')
  const start = Date.parse(line.start)
  return (
    <li className="row wrap">
      <CheckBox
        className="grow"
        isSelected={isChosen}
        onChange={onChoose}
        label={t('letters.choose', { name: line.contactName, day: longDay(start, i18n.language) })}
      >
        <span>
          <b>{line.contactName}</b> · {t(`letters.kinds.${line.kind}`)}
          <br />
          <small>
            {line.serviceName} · {longDay(start, i18n.language)}, <span className="num">{clock(start, i18n.language)}</span>
            {line.sentAt !== null &&
              ` · ${t('letters.sentBy', { name: line.sentBy, at: exact(new Date(line.sentAt), i18n.language) })}`}
          </small>
        </span>
      </CheckBox>
      {!line.hasAddress && <Pill tone="late">{t('letters.noAddress')}</Pill>}
      {line.sentAt === null && line.isLate && <Pill tone="wait">{t('letters.isLate')}</Pill>}
      <Link
        to="/agency/{-$appointmentId}"
        params={{ appointmentId: line.appointmentId }}
        aria-label={t('letters.appointmentOf', { name: line.contactName })}
      >
        {t('letters.appointment')}
      </Link>
    </li>
  )
}

/** What is done with those that were chosen. */
function ChosenLetters({
  state,
  lines,
  chosen,
  onChoose,
  onLeft,
}: {
  state: State
  lines: readonly LetterLine[]
  chosen: Chosen
  onChoose: (chosen: Chosen) => void
  /** The names of those that stay as they are. */
  onLeft: (names: string[]) => void
}) {
  const { t } = useTranslation('web-agency')
  const { unitId } = useSession().acting
  const client = useQueryClient()
  const key = useIdempotencyKey()
  const sending = useSending()
  const letterIds = [...chosen.keys()]
  const all = lines.slice(0, atOnce)
  const isAll = all.every(line => chosen.has(line.id))
  const why = letterIds.length === 0 ? t('letters.chooseFirst') : letterIds.length > atOnce ? t('letters.tooMany') : null
  const asked = { path: { unitId }, body: { letterIds } }
  const take = async (ids: string[]) => {
    await api.post('/api/units/:unitId/letters/unsent', { path: { unitId }, body: { letterIds: ids }, key: crypto.randomUUID() })
    await client.invalidateQueries({ queryKey: lettersKey(unitId) })
  }
  const mark = () =>
    void sending.send(async () => {
      const to = state === 'open' ? ('/api/units/:unitId/letters/sent' as const) : ('/api/units/:unitId/letters/unsent' as const)
      const answer = await api.post(to, { ...asked, key: key.keyFor({ to, letterIds }) })
      key.renew()
      onLeft(answer.left.map(id => chosen.get(id) ?? ''))
      onChoose(none)
      await client.invalidateQueries({ queryKey: lettersKey(unitId) })
      if (answer.marked.length > 0)
        notify(
          t(`letters.done.${state}`, { count: answer.marked.length }),
          'plain',
          state === 'open' ? { label: t('letters.undo'), run: () => void sending.send(() => take(answer.marked)) } : undefined,
        )
      goToStep('letters')
    })
  return (
    <section className="row wrap letters-chosen" aria-label={t('letters.what')}>
      <CheckBox
        className="grow"
        isSelected={isAll}
        onChange={wanted => onChoose(wanted ? new Map(all.map(line => [line.id, line.contactName])) : none)}
      >
        {t('letters.all', { count: all.length })}
      </CheckBox>
      <b role="status">{letterIds.length > 0 && t('letters.count', { count: letterIds.length })}</b>
      {why === null ? (
        <a
          className="button primary"
          href={addressOf('/api/units/:unitId/letters/print', { path: { unitId }, query: { ids: letterIds.join(',') } })}
          target="_blank"
          rel="noreferrer"
        >
          {t('letters.print')}
        </a>
      ) : (
        <Button tone="primary" why={why}>
          {t('letters.print')}
        </Button>
      )}
      <Button why={why} isPending={sending.pending} onPress={mark}>
        {t(`letters.mark.${state}`)}
      </Button>
      <Problem error={sending.error} />
    </section>
  )
}
