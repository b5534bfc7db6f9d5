/** Books a citizen into a free time of the office: who, for which matter, and who asks for it. */
import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AgendaWeek, AppointmentMode } from '../../src/agenda/model.ts'
import type { BookAtOffice as BodyOfBooking } from '../../src/cases/model.ts'
import { ApiProblem, api, errorsOf, missing } from '../shared/api.ts'
import { DraftNotice } from '../shared/form/notices.tsx'
import { useDraft, useIdempotencyKey, useSending } from '../shared/forms.ts'
import { clock, longDay, spokenCode } from '../shared/time.ts'
import { CheckBox, ComboBox, FormDialog, notify, Problem, Select, TextArea, TextField } from '../shared/ui/index.ts'

const itself = 'itself'
const begun = 'new'

export function BookDialog({
  week,
  free,
  serviceId,
  onClose,
}: {
  week: AgendaWeek
  free: AgendaWeek['free'][number]
  /** The service that the week is looked at for. */
  serviceId: string | null
  onClose: () => void
}) {
  const { t, i18n } = useTranslation('web-agency')
  const client = useQueryClient()
  const services = week.services.filter(({ id }) => free.services.includes(id))
  const [service, setService] = useState(services.find(({ id }) => id === serviceId)?.id ?? services[0]?.id ?? '')
  const [mode, setMode] = useState<AppointmentMode | null>(null)
  const [text, setText] = useState('')
  const [citizen, setCitizen] = useState<{ id: string; label: string } | null>(null)
  const [matter, setMatter] = useState(begun)
  const [asker, setAsker] = useState(itself)
  const [isSeries, setSeries] = useState(false)
  const [count, setCount] = useState('3')
  const [everyDays, setEveryDays] = useState('7')
  const draft = useDraft(`book:${free.calendarId}:${free.start}`)
  const sending = useSending()
  const key = useIdempotencyKey()
  const isElsewhere = sending.error instanceof ApiProblem && sending.error.code === 'agenda.citizenElsewhere'
  const found = useQuery({
    queryKey: ['contacts', text],
    queryFn: ({ signal }) => api.get('/api/contacts', { query: { q: text, limit: 8 }, signal }),
    enabled: text.trim().length >= 2,
    placeholderData: before => before,
  })
  const path = citizen && { contactId: citizen.id }
  const cases = useQuery({
    queryKey: ['contact-cases', citizen?.id ?? null],
    queryFn: path ? ({ signal }) => api.get('/api/contacts/:contactId/cases', { path, signal }) : skipToken,
  })
  const mandates = useQuery({
    queryKey: ['contact-mandates', citizen?.id ?? null, 'given'],
    queryFn: path
      ? ({ signal }) => api.get('/api/contacts/:contactId/mandates', { path, query: { side: 'given', limit: 20 }, signal })
      : skipToken,
  })
  const choices = (found.data?.items ?? []).map(each => ({
    id: each.id,
    label: each.name,
    detail: each.municipality ?? undefined,
  }))
  const valid = mandates.data?.items.filter(({ state }) => state === 'valid') ?? []
  const modes = services.find(({ id }) => id === service)?.modes ?? []
  const start = Date.parse(free.start)
  const wanted = {
    ...{ unitId: week.unit.id, serviceId: service, calendarId: free.calendarId, start: free.start },
    ...{ count: Number(count), everyDays: Number(everyDays) },
  }
  const proposal = useQuery({
    queryKey: ['series', wanted],
    queryFn: isSeries ? () => api.post('/api/agenda/series', { body: wanted }) : skipToken,
    retry: false,
    meta: { live: ['appointment.'] },
  })
  const times = proposal.data?.items.flatMap(({ time }) => time ?? []) ?? []
  const wrongSeries = errorsOf(proposal.error)

  const send = () => {
    if (!citizen) return sending.refuse(missing({ contactId: t('book.chooseCitizen') }))
    if (isSeries && times.length < wanted.count) return sending.refuse(missing(t('series.incomplete')))
    return void sending.send(async () => {
      const about = {
        ...{ contactId: citizen.id, caseId: matter === begun ? null : matter, reason: draft.text },
        ...{ mandateId: asker === itself ? null : asker, despiteOther: isElsewhere },
      }
      if (isSeries) {
        const body = { ...about, unitId: week.unit.id, serviceId: service, mode: mode ?? modes[0] ?? 'counter', times }
        await api.post('/api/appointments/series', { body, key: key.keyFor(body) })
      } else await bookOne(about)
      draft.clear()
      notify(t(isSeries ? 'series.done' : 'book.done'))
      void client.invalidateQueries({ queryKey: ['agenda-week'] })
      onClose()
    })
  }
  const bookOne = async (about: Omit<BodyOfBooking, 'holdId'>) => {
    const hold = await api.post('/api/agenda/holds', {
      body: {
        unitId: week.unit.id,
        serviceId: service,
        start: free.start,
        calendarId: free.calendarId,
        ...(mode ? { mode } : {}),
      },
    })
    const body = { ...about, holdId: hold.id }
    await api.post('/api/appointments', { body, key: key.keyFor(body) })
  }
  return (
    <FormDialog
      title={t('book.title', { day: longDay(start, i18n.language), time: clock(start, i18n.language) })}
      act={t(isElsewhere ? 'book.despite' : 'week.book')}
      isOpen
      onClose={onClose}
      sending={sending.pending}
      error={sending.error}
      onSubmit={send}
    >
      <p className="small">{week.calendars.find(({ id }) => id === free.calendarId)?.name}</p>
      <Select
        label={t('week.service')}
        value={service}
        onChange={id => {
          setService(id ?? service)
          setMode(null)
        }}
        choices={services.map(each => ({ id: each.id, label: each.name }))}
      />
      {modes.length > 1 && (
        <Select
          label={t('web:slots.mode')}
          value={mode ?? modes[0] ?? null}
          onChange={id => setMode(modes.find(each => each === id) ?? null)}
          choices={modes.map(id => ({ id, label: t(`web:slots.modes.${id}`) }))}
        />
      )}
      <ComboBox
        label={t('book.citizen')}
        icon="user"
        autoFocus
        choices={choices}
        value={citizen?.id ?? null}
        text={citizen?.label ?? ''}
        onSearch={setText}
        onChange={id => {
          setCitizen(choices.find(each => each.id === id) ?? null)
          setMatter(begun)
          setAsker(itself)
        }}
        isLoading={found.isFetching}
        error={sending.fields.contactId}
      />
      {citizen && (
        <Select
          label={t('case')}
          value={matter}
          onChange={id => setMatter(id ?? begun)}
          error={sending.fields.caseId}
          choices={
            cases.data && [
              { id: begun, label: t('book.newCase') },
              ...cases.data.items.map(each => ({ id: each.id, label: each.title, detail: spokenCode(each.code) })),
            ]
          }
        />
      )}
      {valid.length > 0 && citizen && (
        <Select
          label={t('book.asker')}
          value={asker}
          onChange={id => setAsker(id ?? itself)}
          error={sending.fields.mandateId}
          choices={[
            { id: itself, label: citizen.label },
            ...valid.map(each => ({
              id: each.id,
              label: each.intermediary.name,
              detail: t(`web-desk:mandate.kind.${each.kind}`),
            })),
          ]}
        />
      )}
      <CheckBox isSelected={isSeries} onChange={setSeries}>
        {t('series.wanted')}
      </CheckBox>
      {isSeries && (
        <>
          <div className="row wrap">
            <TextField
              label={t('series.count')}
              value={count}
              onChange={setCount}
              error={wrongSeries.count}
              inputMode="numeric"
              className="short"
            />
            <TextField
              label={t('series.everyDays')}
              value={everyDays}
              onChange={setEveryDays}
              error={wrongSeries.everyDays}
              inputMode="numeric"
              className="short"
            />
          </div>
          {Object.keys(wrongSeries).length === 0 && <Problem error={proposal.error} />}
          <ol className="series" aria-live="polite" aria-label={t('series.proposal')}>
            {proposal.data?.items.map(({ wanted: at, time }) => (
              <li key={at}>
                {time === null
                  ? t('series.none', { day: longDay(Date.parse(at), i18n.language) })
                  : `${longDay(Date.parse(time.start), i18n.language)}, ${clock(Date.parse(time.start), i18n.language)}`}
                {time !== null && time.start !== at && <small> · {t('series.moved')}</small>}
              </li>
            ))}
          </ol>
        </>
      )}
      <DraftNotice form={draft.form} />
      <TextArea label={t('why')} rows={2} value={draft.text} onChange={draft.setText} error={sending.fields.reason} />
    </FormDialog>
  )
}
