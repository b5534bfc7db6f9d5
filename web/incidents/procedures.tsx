/** The procedures from which malfunctions are chosen: searched, added to, renamed, retired and taken back, with what was done. */
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Procedure } from '../../src/classification/procedures.ts'
import { api } from '../shared/api.ts'
import { FormNotices } from '../shared/form/notices.tsx'
import type { Stored } from '../shared/form/state.ts'
import { useForm } from '../shared/form/use-form.ts'
import { useSaving } from '../shared/form/use-saving.ts'
import { pagedOptions } from '../shared/query.ts'
import { RegisterLine } from '../shared/register-line.tsx'
import { may, useSession } from '../shared/session.tsx'
import { useShortcut } from '../shared/shortcuts.ts'
import { Ago, Button, EmptyState, ErrorState, FormDialog, Loading, PagedList, TextField } from '../shared/ui/index.ts'
import { ListTabs } from './heads.tsx'
import { useProcedures } from './queries.ts'
import './incidents.css'

export default function ProceduresPage() {
  const { t } = useTranslation('web-incidents')
  const { acting } = useSession()
  const [q, setQ] = useState('')
  const [opened, setOpened] = useState<Procedure | 'new' | null>(null)
  const isKeeper = may(acting, 'procedures.keep')
  const found = useProcedures()
  useShortcut({ keys: 'n', label: t('procedures.new'), group: t('web:shortcuts.here') }, () => setOpened('new'), isKeeper)
  const words = q.toLowerCase().split(/\s+/).filter(Boolean)
  const items = found.data?.items.filter(({ name }) => words.every(word => name.toLowerCase().includes(word)))
  return (
    <div className="padded procedures">
      <div className="row wrap">
        <h1 className="grow">{t('procedures.title')}</h1>
        {isKeeper && (
          <Button tone="primary" icon="plus" kbd="N" onPress={() => setOpened('new')}>
            {t('procedures.new')}
          </Button>
        )}
      </div>
      <ListTabs value="procedures" />
      <TextField
        label={t('procedures.search')}
        hideLabel
        type="search"
        icon="search"
        placeholder={t('procedures.search')}
        value={q}
        onChange={setQ}
      />
      {found.isPending && <Loading />}
      {found.error && !found.data && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
      {items?.length === 0 && <EmptyState title={t('procedures.none')} icon="search" />}
      {items && items.length > 0 && (
        <ul className="register">
          {items.map(procedure => (
            <RegisterLine
              key={procedure.id}
              line={procedure}
              change={
                isKeeper
                  ? {
                      label: t('procedures.rename'),
                      named: t('procedures.renameNamed', procedure),
                      onPress: () => setOpened(procedure),
                    }
                  : null
              }
              retire={(retired, version) =>
                api.patch('/api/procedures/:procedureId', { path: { procedureId: procedure.id }, body: { retired }, version })
              }
              queryKey={['procedures']}
            />
          ))}
        </ul>
      )}
      {opened !== null && (
        <ProcedureDialog
          key={opened === 'new' ? opened : opened.id}
          {...(opened === 'new' ? {} : { procedure: opened })}
          onClose={() => setOpened(null)}
        />
      )}
    </div>
  )
}

interface Fields {
  name: string
}

function ProcedureDialog({ procedure, onClose }: { procedure?: Procedure; onClose: () => void }) {
  const { t } = useTranslation('web-incidents')
  const client = useQueryClient()
  const stored: Stored<Fields> = { version: procedure?.version ?? 0, fields: { name: procedure?.name ?? '' } }
  const form = useForm<Fields>({
    name: procedure ? `procedure:${procedure.id}` : 'new-procedure',
    stored,
    fieldsOf: current => ({ name: (current as Procedure).name }),
  })
  const { name } = form.fields
  const { dialog, errors } = useSaving<Fields, Procedure>(form, {
    ...{ stored, onClose },
    how: procedure
      ? {
          change: (body, version) =>
            api.patch('/api/procedures/:procedureId', { path: { procedureId: procedure.id }, body, version }),
        }
      : { make: (body, keyFor) => api.post('/api/procedures', { body, key: keyFor(body) }) },
    fieldsOf: saved => ({ name: saved.name }),
    onSaved() {
      for (const queryKey of [['procedures'], ['procedure-history']]) void client.invalidateQueries({ queryKey })
      onClose()
    },
  })
  return (
    <FormDialog
      title={procedure ? t('procedures.rename') : t('procedures.new')}
      act={t('web:save')}
      isOpen
      onClose={onClose}
      {...dialog}
    >
      <FormNotices form={form} labels={{ name: t('procedures.name') }} />
      <TextField
        label={t('procedures.name')}
        hint={t('procedures.nameHint')}
        value={name}
        onChange={typed => form.change({ name: typed })}
        error={errors.name}
        autoFocus
      />
      {procedure && <History procedureId={procedure.id} />}
    </FormDialog>
  )
}

function History({ procedureId }: { procedureId: string }) {
  const { t } = useTranslation('web-incidents')
  const history = useInfiniteQuery({
    queryKey: ['procedure-history', procedureId],
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/procedures/:procedureId/history', { path: { procedureId }, query: { cursor: pageParam, limit: 5 }, signal }),
    ...pagedOptions,
    meta: { live: ['procedure.kept'] },
  })
  return (
    <section className="col" aria-label={t('history')}>
      <b>{t('history')}</b>
      <PagedList query={history} empty={<p className="muted">{t('noHistory')}</p>}>
        {items => (
          <ol className="incident-steps">
            {items.map(({ version, kind, name, by, at }) => (
              <li key={version}>
                {t(`procedures.kinds.${kind}`, { name })}{' '}
                <small>
                  {by} · <Ago at={at} />
                </small>
              </li>
            ))}
          </ol>
        )}
      </PagedList>
    </section>
  )
}
