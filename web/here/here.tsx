/** The page of a hall's QR code: who has an appointment says its number or code, and goes on to the page of the visit. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ApiProblem, api } from '../shared/api.ts'
import { type KioskLanguage, kioskWords } from '../shared/kiosk-words.ts'
import { Loading } from '../shared/ui/index.ts'
import { Frame, useCitizenLanguage } from './frame.tsx'

export default function HerePage() {
  const { token = '' } = useParams({ strict: false })
  const [language, setLanguage] = useCitizenLanguage()
  const words = kioskWords[language].here
  const office = useQuery({
    queryKey: ['here', token],
    queryFn: ({ signal }) => api.get('/api/public/halls/:token', { path: { token }, signal }),
    retry: false,
  })
  const isUnknown = office.error instanceof ApiProblem && office.error.status === 404
  return (
    <Frame place={office.data?.unit ?? ''} language={language} onLanguage={setLanguage}>
      <h1>{words.title}</h1>
      {office.isPending ? (
        <Loading lines={3} />
      ) : office.data ? (
        office.data.open ? (
          <Arrival token={token} language={language} />
        ) : (
          <p className="here-said">{words.closed}</p>
        )
      ) : (
        <p className="here-said" role="alert">
          {isUnknown ? words.unknownHall : words.lost}
        </p>
      )}
    </Frame>
  )
}

function Arrival({ token, language }: { token: string; language: KioskLanguage }) {
  const words = kioskWords[language]
  const navigate = useNavigate()
  const [code, setCode] = useState('')
  const arrive = useMutation({
    mutationFn: () => api.post('/api/public/halls/:token/arrivals', { path: { token }, body: { code } }),
    onSuccess: ({ visit }) => navigate({ to: '/here/visit/$token', params: { token: visit }, replace: true }),
  })
  return (
    <form
      className="here-form"
      onSubmit={event => {
        event.preventDefault()
        if (!arrive.isPending && code.trim() !== '') arrive.mutate()
      }}
    >
      <p>{words.here.text}</p>
      <label>
        {words.here.code}
        <input
          value={code}
          autoCapitalize="characters"
          autoComplete="off"
          maxLength={12}
          aria-describedby="here-hint here-said"
          onChange={event => setCode(event.target.value.toUpperCase())}
        />
      </label>
      <p id="here-hint" className="here-hint">
        {words.codeHint}
      </p>
      <button type="submit" className="here-act">
        {arrive.isPending ? words.wait : words.here.act}
      </button>
      <p id="here-said" className="here-said" role="status">
        {arrive.error && problemIn(language, arrive.error)}
      </p>
    </form>
  )
}

function problemIn(language: KioskLanguage, error: unknown): string {
  const { here, appointmentUnknown } = kioskWords[language]
  if (!(error instanceof ApiProblem)) return here.refused
  if (error.status === 0) return here.lost
  if (error.status === 429) return here.again
  const said: Readonly<Record<string, string>> = {
    'counters.appointmentUnknown': appointmentUnknown,
    'platform.invalid': appointmentUnknown,
    'counters.appointmentElsewhere': here.elsewhere,
    'counters.here.early': here.early,
    'counters.here.otherDay': here.otherDay,
    'counters.here.over': here.appointmentOver,
    'counters.here.closed': here.closed,
  }
  return said[error.code] ?? here.refused
}
