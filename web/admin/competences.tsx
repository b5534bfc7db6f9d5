/** Which central directorate is competent for each typology: the table, its change with a reason, its history. For headquarters. */
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Competence } from '../../src/classification/competences/model.ts'
import { api, missing } from '../shared/api.ts'
import { FormNotices } from '../shared/form/notices.tsx'
import type { Stored } from '../shared/form/state.ts'
import { useForm } from '../shared/form/use-form.ts'
import { useSending } from '../shared/forms.ts'
import { pagedOptions } from '../shared/query.ts'
import { Ago, Button, Card, EmptyState, FormDialog, notify, PagedList, Select, TextArea, TextField } from '../shared/ui/index.ts'
import './admin.css'

const key = 'competences'
/** The choice of no directorate in particular. */
const all = '-'

const useDirectorates = () =>
  useQuery({
    queryKey: ['central-directorates'],
    queryFn: ({ signal }) => api.get('/api/units', { query: { kind: 'central-directorate', limit: 100 }, signal }),
  })

export default function CompetencesPage() {
  const { t } = useTranslation('web-admin')
  const [text, setText] = useState('')
  const [of, setOf] = useState<string | null>(null)
  const [chosen, setChosen] = useState<Competence | null>(null)
  const q = useDeferredValue(text.trim())
  const directorates = useDirectorates()
  const asked = { q: q || undefined, directorateId: of ?? undefined }
  const competences = useInfiniteQuery({
    queryKey: [key, asked],
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/competences', { query: { ...asked, cursor: pageParam, limit: 100 }, signal }),
    ...pagedOptions,
    placeholderData: earlier => earlier,
    meta: { live: ['typology.competence-set'] },
  })
  return (
    <div className="padded access">
      <header>
        <h1>{t('competences.title')}</h1>
        <p className="small">{t('competences.text')}</p>
      </header>
      <div className="row wrap end">
        <div className="grow">
          <TextField label={t('competences.search')} type="search" icon="search" value={text} onChange={setText} />
        </div>
        <div className="grow">
          <Select
            label={t('competences.directorate')}
            value={of ?? all}
            onChange={id => setOf(id === all ? null : id)}
            choices={
              directorates.data && [
                { id: all, label: t('competences.all') },
                ...directorates.data.items.map(unit => ({ id: unit.id, label: unit.name })),
              ]
            }
          />
        </div>
      </div>
      <PagedList query={competences} empty={<EmptyState title={t('competences.nothing')} icon="search" />}>
        {items => (
          <Card flush>
            <ul className="retention" aria-label={t('competences.title')}>
              {items.map(line => (
                <li key={line.typologyId} className="row wrap">
                  <span className="grow competence">
                    {line.path.at(-1)}
                    <br />
                    <small>{line.path.slice(0, -1).join(' › ')}</small>
                  </span>
                  <span>{line.directorate.name}</span>
                  <Button
                    className="small-button"
                    label={`${t('competences.change')}: ${line.path.join(', ')}`}
                    onPress={() => setChosen(line)}
                  >
                    {t('competences.change')}
                  </Button>
                </li>
              ))}
            </ul>
          </Card>
        )}
      </PagedList>
      {chosen && <CompetenceForm key={chosen.typologyId} line={chosen} onClose={() => setChosen(null)} />}
    </div>
  )
}

interface Fields {
  directorateId: string
  reason: string
}
type Known = Pick<Competence, 'version' | 'directorate'>
const fieldsOf = ({ directorate }: Known): Fields => ({ directorateId: directorate.id, reason: '' })
const storedOf = (line: Known): Stored<Fields> => ({ version: line.version, fields: fieldsOf(line) })

function CompetenceForm({ line, onClose }: { line: Competence; onClose: () => void }) {
  const { t } = useTranslation('web-admin')
  const client = useQueryClient()
  const sending = useSending()
  const directorates = useDirectorates()
  const form = useForm<Fields>({
    name: `competence:${line.typologyId}`,
    stored: storedOf(line),
    fieldsOf: current => fieldsOf(current as Known),
  })
  const { directorateId } = form.fields
  const reason = form.fields.reason.trim()
  const nameOf = (id: unknown) => directorates.data?.items.find(unit => unit.id === id)?.name ?? ''
  const save = () => {
    if (reason === '') return sending.refuse(missing({ reason: t('competences.reasonMissing') }))
    return void sending.send(async () => {
      const sent = await form.send(async (_changed, version) =>
        storedOf(
          await api.put('/api/competences/:typologyId', {
            path: { typologyId: line.typologyId },
            body: { directorateId, reason },
            version,
          }),
        ),
      )
      if (sent === 'clash') return
      form.clear()
      void client.invalidateQueries({ queryKey: [key] })
      notify(t('competences.saved'))
      onClose()
    })
  }
  return (
    <FormDialog
      title={line.path.at(-1) ?? ''}
      act={t('competences.change')}
      isOpen
      onClose={onClose}
      sending={sending.pending}
      error={sending.error}
      why={form.clashes.some(each => each.choice === 'open') ? t('web:form.chooseFirst') : null}
      onSubmit={save}
    >
      <FormNotices
        form={form}
        labels={{ directorateId: t('competences.directorate'), reason: t('competences.reason') }}
        show={(field, value) => (field === 'directorateId' ? nameOf(value) : String(value))}
      />
      <p className="small">{t('competences.before')}</p>
      <Select
        label={t('competences.directorate')}
        value={directorateId}
        onChange={id => id !== null && form.change({ directorateId: id })}
        choices={directorates.data?.items.map(unit => ({ id: unit.id, label: unit.name }))}
        error={sending.fields.directorateId}
      />
      <TextArea
        label={t('competences.reason')}
        rows={2}
        value={form.fields.reason}
        onChange={text => form.change({ reason: text })}
        error={sending.fields.reason}
      />
      <Changes typologyId={line.typologyId} />
    </FormDialog>
  )
}

function Changes({ typologyId }: { typologyId: string }) {
  const { t } = useTranslation('web-admin')
  const changes = useInfiniteQuery({
    queryKey: [key, 'history', typologyId],
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/competences/:typologyId/history', { path: { typologyId }, query: { cursor: pageParam, limit: 5 }, signal }),
    ...pagedOptions,
    meta: { live: ['typology.competence-set'] },
  })
  return (
    <section className="col" aria-label={t('competences.history')}>
      <b>{t('competences.history')}</b>
      <PagedList query={changes} empty={<p className="muted">{t('competences.noHistory')}</p>}>
        {items => (
          <ol className="competence-changes">
            {items.map(({ version, before, after, reason, by, at }) => (
              <li key={version}>
                {before} → <b>{after}</b>
                <br />
                {reason} <small>{by}, </small>
                <small>
                  <Ago at={at} />
                </small>
              </li>
            ))}
          </ol>
        )}
      </PagedList>
    </section>
  )
}
