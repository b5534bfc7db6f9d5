/** What helps to solve an IT matter: shown when the question goes to an IT group. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { SendLinea } from '../../src/cases/model.ts'
import { api } from '../shared/api.ts'
import { Select, TextArea, TextField } from '../shared/ui/index.ts'
import type { ConversationForm } from './sheet.ts'
import type { SheetFields } from './sheet-fields.ts'

const none = 'none'

export function ItFields({ sheet, errors }: { sheet: ConversationForm; errors: Readonly<Record<string, string>> }) {
  const { t } = useTranslation()
  const { fields, change } = sheet
  const procedures = useQuery({
    queryKey: ['procedures'],
    queryFn: ({ signal }) => api.get('/api/procedures', { signal }),
    staleTime: 600_000,
  })
  return (
    <fieldset className="plain-group it-fields" aria-label={t('itFields.title')}>
      <Select
        label={t('itFields.procedureId')}
        value={fields.procedureId ?? none}
        onChange={id => change({ procedureId: id === none ? null : id })}
        choices={[
          { id: none, label: t('itFields.noProcedure') },
          ...(procedures.data?.items ?? []).filter(each => !each.retired).map(({ id, name }) => ({ id, label: name })),
        ]}
        error={errors.procedureId}
      />
      <TextField
        label={t('itFields.browser')}
        placeholder={t('itFields.browserHint')}
        value={fields.browser}
        onChange={browser => change({ browser })}
        error={errors.browser}
      />
      <TextField
        label={t('itFields.filingNumber')}
        value={fields.filingNumber}
        onChange={filingNumber => change({ filingNumber })}
        error={errors.filingNumber}
      />
      <TextArea
        label={t('itFields.errorText')}
        placeholder={t('itFields.errorHint')}
        value={fields.errorText}
        onChange={errorText => change({ errorText })}
        rows={2}
        error={errors.errorText}
      />
    </fieldset>
  )
}

/** What of it is sent: what was written. */
export function itFieldsSent({
  procedureId,
  browser,
  errorText,
  filingNumber,
}: Pick<SheetFields, 'procedureId' | 'browser' | 'errorText' | 'filingNumber'>): Partial<SendLinea> {
  return {
    ...(procedureId === null ? {} : { procedureId }),
    ...(browser.trim() === '' ? {} : { browser: browser.trim() }),
    ...(errorText.trim() === '' ? {} : { errorText: errorText.trim() }),
    ...(filingNumber.trim() === '' ? {} : { filingNumber: filingNumber.trim() }),
  }
}
