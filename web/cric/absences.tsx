/** Who is away, and what becomes of their questions. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Cell, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { Absence } from '../../src/distribution/absences/model.ts'
import { api, missing, sentenceOf, serverNow } from '../shared/api.ts'
import { goToStep } from '../shared/focus.ts'
import { useSending } from '../shared/forms.ts'
import { useSession } from '../shared/session.tsx'
import { dayOf, dayWithMonth } from '../shared/time.ts'
import { Button, Card, DateField, EmptyState, ErrorState, FormDialog, Loading, notify, Pill, Select } from '../shared/ui/index.ts'
import { AbsenceRuleSettings } from './absence-rule.tsx'
import { useTicketCounts } from './tickets.ts'
import './cric.css'

const absencesKey = ['absences'] as const
const kinds = ['holiday', 'illness', 'training', 'leave', 'other'] as const

export default function AbsencesPage() {
  const { t } = useTranslation('web-cric-board')
  const [isEntering, setEntering] = useState(false)
  const sections = useTicketCounts().data?.sections ?? []
  const absences = useQuery({
    queryKey: absencesKey,
    queryFn: ({ signal }) => api.get('/api/absences', { signal }),
    meta: { live: ['absence.'] },
  })
  if (absences.isPending) return <Loading />
  if (absences.isError && !absences.data) return <ErrorState error={absences.error} onRetry={() => void absences.refetch()} />
  const { items, members } = absences.data
  return (
    <section className="padded" aria-label={t('absences.title')}>
      <header className="row wrap">
        <h1 className="grow">{t('absences.title')}</h1>
        <AbsenceRuleSettings sections={sections} />
        <Button tone="primary" icon="plus" step="enter-absence" onPress={() => setEntering(true)}>
          {t('absences.enter')}
        </Button>
      </header>
      {items.length === 0 ? (
        <EmptyState title={t('absences.none.title')} icon="calendar">
          {t('absences.none.text')}
        </EmptyState>
      ) : (
        <AbsenceTable items={items} />
      )}
      {isEntering && <EnterDialog members={members} onClose={() => setEntering(false)} />}
    </section>
  )
}

function AbsenceTable({ items }: { items: readonly Absence[] }) {
  const { t, i18n } = useTranslation('web-cric-board')
  const client = useQueryClient()
  const drop = useMutation({
    mutationFn: (absenceId: string) => api.delete('/api/absences/:absenceId', { path: { absenceId } }),
    onError: error => notify(sentenceOf(error), 'late'),
    onSettled: () => void client.invalidateQueries({ queryKey: absencesKey }),
    onSuccess() {
      notify(t('absences.dropped'))
      goToStep('enter-absence')
    },
  })
  const day = (iso: string) => dayWithMonth(iso, i18n.language)
  return (
    <Card flush>
      <Table aria-label={t('absences.title')} className="table absences">
        <TableHeader>
          <Column isRowHeader>{t('absences.columns.person')}</Column>
          <Column>{t('absences.columns.days')}</Column>
          <Column>{t('absences.columns.kind')}</Column>
          <Column className="from">{t('absences.columns.by')}</Column>
          <Column className="right">
            <span className="sr">{t('absences.drop')}</span>
          </Column>
        </TableHeader>
        <TableBody items={[...items]} dependencies={[t, drop.isPending]}>
          {each => (
            <Row id={each.id} textValue={each.person.name}>
              <Cell>
                <b>{each.person.name}</b>{' '}
                {each.isNow && (
                  <Pill small tone="wait">
                    {t('absences.isNow')}
                  </Pill>
                )}
              </Cell>
              <Cell className="num">{each.from === each.until ? day(each.from) : `${day(each.from)} – ${day(each.until)}`}</Cell>
              <Cell>{each.kind === null ? '—' : t(`absences.kinds.${each.kind}`)}</Cell>
              <Cell className="from">
                <small>{each.enteredBy}</small>
              </Cell>
              <Cell className="right">
                <Button
                  tone="quiet"
                  icon="delete"
                  label={t('absences.dropOf', { name: each.person.name })}
                  why={each.change.allowed ? null : each.change.sentence}
                  isPending={drop.isPending}
                  onPress={() => drop.mutate(each.id)}
                />
              </Cell>
            </Row>
          )}
        </TableBody>
      </Table>
    </Card>
  )
}

function EnterDialog({ members, onClose }: { members: readonly { id: string; name: string }[]; onClose: () => void }) {
  const { t } = useTranslation('web-cric-board')
  const { person } = useSession()
  const client = useQueryClient()
  const sending = useSending()
  const today = dayOf(serverNow())
  const [personId, setPersonId] = useState<string | null>(members.length === 1 ? person.id : null)
  const [from, setFrom] = useState(today)
  const [until, setUntil] = useState(today)
  const [kind, setKind] = useState<(typeof kinds)[number]>('holiday')
  const save = () => {
    const errors = {
      ...(personId === null ? { personId: t('absences.choosePerson') } : {}),
      ...(from === '' ? { from: t('absences.day') } : {}),
      ...(until === '' ? { until: t('absences.day') } : {}),
    }
    if (personId === null || Object.keys(errors).length > 0) return sending.refuse(missing(errors))
    void sending.send(async () => {
      await api.post('/api/absences', { body: { personId, from, until, kind } })
      void client.invalidateQueries({ queryKey: absencesKey })
      notify(t('absences.saved'))
      onClose()
    })
  }
  return (
    <FormDialog
      isOpen
      title={t('absences.enter')}
      act={t('absences.save')}
      sending={sending.pending}
      error={sending.error}
      onSubmit={save}
      onClose={onClose}
    >
      <Select
        label={t('absences.person')}
        value={personId}
        onChange={setPersonId}
        choices={members.map(({ id, name }) => ({ id, label: name }))}
        error={sending.fields.personId}
      />
      <div className="row wrap">
        <DateField
          label={t('absences.from')}
          value={from}
          onChange={day => {
            setFrom(day)
            if (until < day) setUntil(day)
          }}
          error={sending.fields.from}
        />
        <DateField label={t('absences.until')} value={until} onChange={setUntil} error={sending.fields.until} />
      </div>
      <Select
        label={t('absences.kind')}
        value={kind}
        onChange={id => setKind(kinds.find(each => each === id) ?? kind)}
        choices={kinds.map(id => ({ id, label: t(`absences.kinds.${id}`) }))}
      />
    </FormDialog>
  )
}
