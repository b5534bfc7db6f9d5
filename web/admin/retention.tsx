/** For how long the cases of each typology are kept after their end. For headquarters. */
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RetentionLine } from '../../src/privacy/model.ts'
import { api, missing } from '../shared/api.ts'
import { FormNotices } from '../shared/form/notices.tsx'
import type { Stored } from '../shared/form/state.ts'
import { useForm } from '../shared/form/use-form.ts'
import { useSending } from '../shared/forms.ts'
import { pagedOptions } from '../shared/query.ts'
import { Button, Card, EmptyState, FormDialog, notify, PagedList, Pill, TextField } from '../shared/ui/index.ts'
import './admin.css'

const key = ['retention'] as const
const mostMonths = 1_200

export default function RetentionPage() {
  const { t } = useTranslation('web-admin')
  const [chosen, setChosen] = useState<RetentionLine | null>(null)
  const lines = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => api.get('/api/retention', { query: { cursor: pageParam, limit: 100 }, signal }),
    ...pagedOptions,
    meta: { live: ['typology.'] },
  })
  return (
    <div className="padded access">
      <header>
        <h1>{t('retention.title')}</h1>
        <p className="small">{t('retention.text')}</p>
      </header>
      <PagedList query={lines} empty={<EmptyState title={t('retention.undecided')} icon="list" />}>
        {items => (
          <Card flush>
            <ul className="retention" aria-label={t('retention.title')}>
              {items.map(line => (
                <li key={line.typologyId} className="row wrap" style={{ paddingLeft: `${line.path.length * 16}px` }}>
                  <span className="grow">{line.path.at(-1)}</span>
                  {line.due > 0 && (
                    <Pill small tone="wait">
                      {t('retention.due', { count: line.due })}
                    </Pill>
                  )}
                  <Held line={line} />
                  <Button
                    className="small-button"
                    label={`${t('retention.set')}: ${line.path.join(', ')}`}
                    onPress={() => setChosen(line)}
                  >
                    {t('retention.set')}
                  </Button>
                </li>
              ))}
            </ul>
          </Card>
        )}
      </PagedList>
      {chosen && <RetentionForm key={chosen.typologyId} line={chosen} onClose={() => setChosen(null)} />}
    </div>
  )
}

function Held({ line: { months, holds } }: { line: RetentionLine }) {
  const { t } = useTranslation('web-admin')
  if (months !== null) return <b className="num">{`${t('retention.months')}: ${months}`}</b>
  return <small>{holds === null ? t('retention.undecided') : t('retention.inherits', { months: holds })}</small>
}

interface Fields {
  months: string
}
type Known = Pick<RetentionLine, 'version' | 'months'>
const fieldsOf = ({ months }: Known): Fields => ({ months: months === null ? '' : String(months) })
const storedOf = (line: Known): Stored<Fields> => ({ version: line.version, fields: fieldsOf(line) })

function RetentionForm({ line, onClose }: { line: RetentionLine; onClose: () => void }) {
  const { t } = useTranslation('web-admin')
  const client = useQueryClient()
  const sending = useSending()
  const form = useForm<Fields>({
    name: `retention:${line.typologyId}`,
    stored: storedOf(line),
    fieldsOf: current => fieldsOf(current as Known),
  })
  const text = form.fields.months.trim()
  const isRight = text === '' || (/^\d{1,4}$/.test(text) && Number(text) <= mostMonths)
  const save = () => {
    if (!isRight) return sending.refuse(missing({ months: t('retention.wrong', { most: mostMonths }) }))
    return void sending.send(async () => {
      const sent = await form.send(async (_changed, version) =>
        storedOf(
          await api.put('/api/retention/:typologyId', {
            path: { typologyId: line.typologyId },
            body: { months: text === '' ? null : Number(text) },
            version,
          }),
        ),
      )
      if (sent === 'clash') return
      void client.invalidateQueries({ queryKey: key })
      notify(t('retention.saved'))
      onClose()
    })
  }
  return (
    <FormDialog
      title={t('retention.dialog', { typology: line.path.at(-1) ?? '' })}
      act={t('retention.set')}
      isOpen
      onClose={onClose}
      sending={sending.pending}
      error={sending.error}
      why={form.clashes.some(each => each.choice === 'open') ? t('web:form.chooseFirst') : null}
      onSubmit={save}
    >
      <FormNotices form={form} labels={{ months: t('retention.months') }} show={(_field, value) => String(value)} />
      <p className="small">{t('retention.text')}</p>
      <TextField
        label={t('retention.months')}
        hint={t('retention.hint')}
        value={form.fields.months}
        onChange={months => form.change({ months })}
        error={sending.fields.months}
        inputMode="numeric"
        autoFocus
      />
    </FormDialog>
  )
}
