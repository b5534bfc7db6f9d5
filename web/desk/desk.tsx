/** The desk: what was done today, the conversation that is worked on, and the person at the other end. */
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useReducer, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Interaction } from '../../src/cases/model.ts'
import type { CallCard } from '../../src/telephony/model.ts'
import { Dialog, ErrorState, Loading } from '../shared/ui/index.ts'
import { Person, PersonAtRest } from './person.tsx'
import { interactionKey, useCard, useDesk, useInteraction } from './queries.ts'
import { Resting } from './resting.tsx'
import { useSheet } from './sheet.ts'
import { type Stage, shownCall, stageOf, type WorkOnScreen, workAfter } from './stage.ts'
import { Today } from './today.tsx'
import { Work } from './work.tsx'
import './desk.css'

type Change = { stage: Stage } | { choose: string | null }

const remembered = 'desk-work'

function reduce(work: WorkOnScreen, change: Change): WorkOnScreen {
  if ('stage' in change) return workAfter(work, change.stage)
  return { callId: change.choose, chosen: change.choose !== null }
}

/** The sheet that was open is open again after a reload. */
function firstWork(): WorkOnScreen {
  const callId = sessionStorage.getItem(remembered)
  return { callId: callId === '' ? null : callId, chosen: false }
}

export default function DeskPage() {
  const { t } = useTranslation('web-desk')
  const desk = useDesk()
  const card = useCard().data ?? null
  const stage = stageOf({ agent: desk.data?.state, agentCallId: desk.data?.callId ?? null, card })
  const [work, change] = useReducer(reduce, undefined, firstWork)
  const stageCallId = stage.name === 'resting' ? null : stage.callId
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stage is made anew at each render; its name and call are what matters
  useEffect(() => change({ stage }), [stage.name, stageCallId])
  useEffect(() => sessionStorage.setItem(remembered, work.callId ?? ''), [work.callId])

  const current = shownCall(work, stage)
  const interaction = useInteraction(current)
  const isLive = stage.name === 'talking'
  useAskedAfterTheCall(isLive ? stage.callId : null)
  const choose = (callId: string | null) => change({ choose: callId })
  return (
    <div className="desk">
      <h1 className="sr">{t('title')}</h1>
      <Today current={current} live={isLive ? stage.callId : null} onChoose={choose} />
      {current === null ? (
        <Columns
          work={<Resting isDialling={stage.name === 'dialling'} onChoose={choose} />}
          person={<PersonAtRest card={card} />}
        />
      ) : interaction.data ? (
        <Conversation
          key={interaction.data.id}
          interaction={interaction.data}
          card={isLive ? card : null}
          caller={stage.name === 'ringing' ? card : null}
          live={isLive}
          onClose={() => choose(null)}
        />
      ) : interaction.error ? (
        <Columns work={<ErrorState error={interaction.error} onRetry={() => void interaction.refetch()} />} person={null} />
      ) : (
        <Columns work={<Loading />} person={<Loading />} />
      )}
    </div>
  )
}

/** When the conversation is over its sheet is asked for anew: it may have gone on to a colleague. */
function useAskedAfterTheCall(talkingAbout: string | null): void {
  const client = useQueryClient()
  const before = useRef<string | null>(null)
  useEffect(() => {
    if (before.current !== null && before.current !== talkingAbout)
      void client.invalidateQueries({ queryKey: interactionKey(before.current) })
    before.current = talkingAbout
  }, [talkingAbout, client])
}

function Columns({ work, person }: { work: ReactNode; person: ReactNode }) {
  const { t } = useTranslation('web-desk')
  return (
    <>
      <div className="desk-work">{work}</div>
      <aside className="desk-person" aria-label={t('person.column')}>
        {person}
      </aside>
    </>
  )
}

/** One conversation: its sheet is written on in both columns. On a narrow screen the person opens at the side. */
function Conversation({
  interaction,
  card,
  caller,
  live,
  onClose,
}: {
  interaction: Interaction
  card: CallCard | null
  /** A call that rings while the sheet of another is open: the column of the person is the caller's. */
  caller: CallCard | null
  live: boolean
  onClose: () => void
}) {
  const { t } = useTranslation('web-desk')
  const sheet = useSheet(interaction)
  const [showsPerson, setShowsPerson] = useState(false)
  const person = caller ? <PersonAtRest card={caller} /> : <Person interaction={interaction} sheet={sheet} card={card} />
  return (
    <>
      <Columns
        work={
          <Work
            interaction={interaction}
            sheet={sheet}
            card={card}
            live={live}
            onClose={onClose}
            onShowPerson={() => setShowsPerson(true)}
          />
        }
        person={showsPerson ? null : person}
      />
      <Dialog title={t('person.column')} isOpen={showsPerson} onClose={() => setShowsPerson(false)} side>
        {person}
      </Dialog>
    </>
  )
}
