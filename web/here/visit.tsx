/** The own visit on the own telephone: the number, how long it may take, and the call. Nothing says who it is or why. */
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { HereVisit } from '../../src/counters/machine-model.ts'
import { filled } from '../../src/platform/filled.ts'
import { ApiProblem, api } from '../shared/api.ts'
import { aheadIn, expectedIn, type KioskLanguage, kioskWords } from '../shared/kiosk-words.ts'
import { clock, keepOfficeTime } from '../shared/time.ts'
import { Loading } from '../shared/ui/index.ts'
import { Frame, useCitizenLanguage } from './frame.tsx'

const readIntervalMs = 5_000

export default function VisitPage() {
  const { token = '' } = useParams({ strict: false })
  const [language, setLanguage] = useCitizenLanguage()
  const words = kioskWords[language].here
  const visit = useQuery({
    queryKey: ['here', 'visit', token],
    queryFn: ({ signal }) => api.get('/api/public/visits/:token', { path: { token }, signal }),
    refetchInterval: ({ state }) => (isOver(state.data) ? false : readIntervalMs),
    retry: false,
  })
  if (visit.data) keepOfficeTime(visit.data.timeZone)
  const isGone = visit.error instanceof ApiProblem && visit.error.status === 404
  return (
    <Frame place={visit.data?.unit ?? ''} language={language} onLanguage={setLanguage}>
      {isGone ? (
        <p className="here-said">{words.gone}</p>
      ) : visit.data ? (
        <Standing visit={visit.data} language={language} />
      ) : visit.isPending ? (
        <Loading lines={3} />
      ) : null}
      {visit.error && !isGone && (
        <p className="here-said" role="alert">
          {words.lost}
        </p>
      )}
    </Frame>
  )
}

const isOver = (visit: HereVisit | undefined): boolean =>
  visit !== undefined && (visit.state === 'closed' || visit.state === 'left' || visit.state === 'unserved')

function Standing({ visit, language }: { visit: HereVisit; language: KioskLanguage }) {
  const words = kioskWords[language]
  const { here } = words
  const desk = visit.desk ?? ''
  const said = isOver(visit) ? here.over : filled(here[visit.state as keyof typeof here], { desk })
  return (
    <>
      <h1 className="sr">{words.yourNumber}</h1>
      <section className="here-standing" data-state={visit.state}>
        <p>{words.yourNumber}</p>
        <p className="here-number">{visit.code}</p>
        <p className="here-state" role="status">
          {said}
        </p>
      </section>
      {visit.state === 'waiting' && (
        <ul className="here-facts">
          <li>{visit.hall}</li>
          {visit.dueAt && <li>{filled(words.due, { time: clock(Date.parse(visit.dueAt), language) })}</li>}
          <li>{aheadIn(language, visit.ahead)}</li>
          <li>{expectedIn(language, visit.expected)}</li>
        </ul>
      )}
      {visit.state === 'waiting' && <p className="here-hint">{here.keep}</p>}
    </>
  )
}
