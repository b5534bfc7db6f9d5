/** The card of a contact: written down for the first time, or corrected. What is typed is kept through a reload until it is saved. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { intermediaryKinds } from '../../src/contacts/choices.ts'
import type { Contact, SavedContact } from '../../src/contacts/model.ts'
import { ApiProblem, api, serverNow } from '../shared/api.ts'
import { describe } from '../shared/contact/doubles.tsx'
import { FormNotices } from '../shared/form/notices.tsx'
import type { Stored } from '../shared/form/state.ts'
import { useForm } from '../shared/form/use-form.ts'
import { useIdempotencyKey } from '../shared/forms.ts'
import { dayOf } from '../shared/time.ts'
import {
  Button,
  ComboBox,
  DateField,
  Dialog,
  Notice,
  Problem,
  phoneText,
  Select,
  TextArea,
  TextField,
} from '../shared/ui/index.ts'
import {
  birthDateOf,
  birthplaceOf,
  bodyOf,
  type ContactFields,
  changeOf,
  dayText,
  fieldsOf,
  fiscalCodeHint,
  nameParts,
  newFields,
} from './contact-fields.ts'
import { errorOfList, MoreFields } from './contact-more.tsx'

interface Props {
  /** Null for a new one. */
  contact: Contact | null
  isOpen: boolean
  draft: string
  /** What is known already of a new one: what was searched for, and the number that calls. */
  start: { text: string; phone: string | null } | null
  onClose: () => void
  /** The form goes, and this was saved with it. */
  onSaved: (saved: SavedContact) => void
  /** Another card that is the same person: use that one. */
  onUse: ((contactId: string) => void) | null
}

export function ContactForm({ onSaved, onClose, onUse, ...props }: Props) {
  const { t } = useTranslation('web-desk')
  const { contact, isOpen } = props
  /** What was saved, and has something to be said before the form goes: somebody who may be the same, or what does not fit. */
  const [saved, setSaved] = useState<SavedContact | null>(null)
  const finish = (answer: SavedContact | null) => {
    setSaved(null)
    onClose()
    if (answer) onSaved(answer)
  }
  const use =
    onUse &&
    ((contactId: string) => {
      setSaved(null)
      onUse(contactId)
    })
  return (
    <Dialog
      title={contact ? t('contact.edit', { name: contact.name }) : t('contact.new')}
      isOpen={isOpen}
      onClose={() => finish(saved)}
      wide
    >
      {saved ? (
        <AfterSaving saved={saved} onUse={use} onClose={() => finish(saved)} />
      ) : (
        <Form
          {...props}
          onUse={use}
          onClose={onClose}
          onSaved={answer =>
            answer.possibleDuplicates.length > 0 || answer.warnings.length > 0 ? setSaved(answer) : finish(answer)
          }
        />
      )}
    </Dialog>
  )
}

const languages = ['it', 'de', 'fr', 'sl', 'en'] as const
const kinds = ['person', 'business', 'intermediary'] as const

function Form({ contact, draft, start, onClose, onSaved, onUse }: Props) {
  const { t, i18n } = useTranslation('web-desk')
  const client = useQueryClient()
  const stored: Stored<ContactFields> = contact
    ? storedOf(contact)
    : { version: 0, fields: newFields(start?.text ?? '', start?.phone ? phoneText(start.phone) : null) }
  const form = useForm({
    name: `contact-form:${draft}`,
    stored,
    fieldsOf: current => fieldsOf(current as Contact, phoneText),
  })
  const { fields, change } = form
  const key = useIdempotencyKey()
  const save = useMutation({
    async mutationFn(): Promise<SavedContact | null> {
      if (!contact) {
        const body = bodyOf(fields)
        const made = await api.post('/api/contacts', { body, key: key.keyFor(body) })
        form.clear(stored)
        return made
      }
      let answer: SavedContact | null = null
      const outcome = await form.send(async (changed, version) => {
        answer = await api.patch('/api/contacts/:contactId', {
          path: { contactId: contact.id },
          body: changeOf(fields, changed),
          version,
        })
        return storedOf(answer)
      })
      // What somebody else has written was chosen: there was nothing to send.
      if (outcome === 'nothing') onClose()
      return answer
    },
    onSuccess(answer) {
      if (!answer) return
      client.setQueryData(['contact', answer.id], answer)
      void client.invalidateQueries({ queryKey: ['contacts'] })
      onSaved(answer)
    },
  })
  const mustChoose = form.clashes.some(each => each.choice === 'open')
  const errors = save.error instanceof ApiProblem ? save.error.errors : {}
  const today = dayOf(serverNow())
  const hint = fiscalCodeHint(fields.fiscalCode, today)
  const birthplace = useBirthplace(birthplaceOf(fields.fiscalCode, today))
  const parts = nameParts(start?.text ?? '')
  const isUnsure = !contact && !parts.sure && fields.familyName === parts.familyName && fields.givenName === parts.givenName
  const isPerson = fields.kind === 'person'
  return (
    <form
      className="col contact-form"
      noValidate
      onSubmit={event => {
        event.preventDefault()
        if (!save.isPending) save.mutate()
      }}
    >
      <FormNotices form={form} labels={labelsOf(t)} show={wordsOf(t)} />
      {!contact && (
        <Select
          label={t('contact.kind')}
          choices={[
            { id: 'person', label: t('contact.person') },
            { id: 'business', label: t('contact.business') },
            { id: 'intermediary', label: t('contact.intermediary') },
          ]}
          value={fields.kind}
          onChange={kind => change({ kind: kinds.find(each => each === kind) ?? 'person' })}
        />
      )}
      {fields.kind === 'intermediary' && (
        <Select
          label={t('contact.intermediaryKind')}
          choices={intermediaryKinds.map(id => ({ id, label: t(`intermediary.${id}`) }))}
          value={fields.intermediaryKind === '' ? null : fields.intermediaryKind}
          onChange={kind => change({ intermediaryKind: intermediaryKinds.find(each => each === kind) ?? '' })}
        />
      )}
      {isUnsure && <Notice tone="wait">{t('contact.whichName')}</Notice>}
      {isPerson ? (
        <div className="two">
          <TextField
            label={t('contact.givenName')}
            value={fields.givenName}
            onChange={givenName => change({ givenName })}
            autoComplete="off"
            error={errors.givenName}
            autoFocus
          />
          <TextField
            label={t('contact.familyName')}
            value={fields.familyName}
            onChange={familyName => change({ familyName })}
            autoComplete="off"
            error={errors.familyName}
            isRequired
          />
        </div>
      ) : (
        <TextField
          label={t('contact.businessName')}
          value={fields.businessName}
          onChange={businessName => change({ businessName })}
          autoComplete="off"
          error={errors.businessName}
          isRequired
        />
      )}
      {isPerson && !contact && fields.givenName !== '' && fields.familyName !== '' && (
        <div className="row">
          <Button
            tone="quiet"
            icon="exchange-circle"
            onPress={() => change({ givenName: fields.familyName, familyName: fields.givenName })}
          >
            {t('contact.swap')}
          </Button>
        </div>
      )}
      <div className="two">
        <TextField
          label={t('contact.fiscalCode')}
          value={fields.fiscalCode}
          onChange={typed => {
            const fiscalCode = typed.toUpperCase()
            // What the code says of the birth is written down, unless somebody has written another.
            const before = birthDateOf(fields.fiscalCode, today)
            const birthDate = birthDateOf(fiscalCode, today)
            const isOurs = fields.birthDate === '' || fields.birthDate === before
            change({ fiscalCode, ...(isPerson && birthDate !== null && isOurs ? { birthDate } : {}) })
          }}
          autoComplete="off"
          error={errors.fiscalCode ?? (hint?.ok === false ? t(`fiscalCode.${hint.problem}`, hint.values) : undefined)}
          hint={
            hint?.ok
              ? t(`fiscalCode.${hint.what}`, { ...hint.values, place: birthplace ? t('fiscalCode.at', birthplace) : '' })
              : undefined
          }
        />
        <MunicipalityField
          code={fields.place.code}
          name={fields.place.name}
          onChange={(code, name) => change({ place: { code, name } })}
          error={errors.municipalityCode}
        />
      </div>
      <div className="two">
        <TextField
          label={t('contact.phones')}
          hint={t('contact.several')}
          type="text"
          inputMode="tel"
          value={fields.phones}
          onChange={phones => change({ phones })}
          autoComplete="off"
          error={errorOfList(errors, 'phones')}
        />
        <TextField
          label={t('contact.emails')}
          hint={t('contact.several')}
          type="text"
          inputMode="email"
          value={fields.emails}
          onChange={emails => change({ emails })}
          autoComplete="off"
          error={errorOfList(errors, 'emails')}
        />
      </div>
      <div className="two">
        {isPerson && (
          <DateField
            label={t('contact.birthDate')}
            value={fields.birthDate}
            onChange={birthDate => change({ birthDate })}
            error={errors.birthDate}
          />
        )}
        <Select
          label={t('contact.language')}
          choices={languages.map(language => ({ id: language, label: t(`language.${language}`) }))}
          value={fields.language}
          onChange={language => change({ language: languages.find(each => each === language) ?? 'it' })}
        />
      </div>
      <TextArea
        label={t('contact.notes')}
        hint={t('contact.notesHint')}
        value={fields.notes}
        onChange={notes => change({ notes })}
        rows={2}
      />
      <MoreFields fields={fields} change={change} errors={errors} />
      <TakenNotice error={save.error} onUse={onUse} />
      <div className="row">
        <span className="grow tiny" lang={i18n.language}>
          {t('contact.kept')}
        </span>
        <Button onPress={onClose}>{t('contact.cancel')}</Button>
        <Button tone="primary" type="submit" isPending={save.isPending} why={mustChoose ? t('web:form.chooseFirst') : null}>
          {t('contact.save')}
        </Button>
      </div>
    </form>
  )
}

/** The municipality of a cadastral code; nothing for a country, or as long as it is not known. */
function useBirthplace(cadastralCode: string | null): { name: string; province: string } | null {
  const found = useQuery({
    queryKey: ['municipalities', cadastralCode],
    queryFn: ({ signal }) => api.get('/api/municipalities', { query: { q: cadastralCode, limit: 1 }, signal }),
    enabled: cadastralCode !== null,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const [place] = found.data?.items ?? []
  return place && place.cadastralCode === cadastralCode ? { name: place.name, province: place.provinceCode } : null
}

const storedOf = (contact: Contact): Stored<ContactFields> => ({
  version: contact.version,
  fields: fieldsOf(contact, phoneText),
})

type Words = ReturnType<typeof useTranslation<'web-desk'>>['t']

const labelsOf = (t: Words): { [K in keyof ContactFields]: string } => ({
  kind: t('contact.kind'),
  givenName: t('contact.givenName'),
  familyName: t('contact.familyName'),
  businessName: t('contact.businessName'),
  fiscalCode: t('contact.fiscalCode'),
  birthDate: t('contact.birthDate'),
  place: t('contact.municipality'),
  language: t('contact.language'),
  phones: t('contact.phones'),
  emails: t('contact.emails'),
  notes: t('contact.notes'),
  intermediaryKind: t('contact.intermediaryKind'),
  pecs: t('contact.pecs'),
  phoneKinds: t('contact.phoneKinds'),
  address: t('contact.address'),
  postalCode: t('contact.postalCode'),
  preferredChannel: t('contact.preferredChannel'),
  needs: t('contact.needs'),
  doNotCall: t('contact.doNotCall'),
})

const wordsOf =
  (t: Words) =>
  (field: keyof ContactFields, value: unknown): string => {
    if (field === 'place') return (value as ContactFields['place']).name
    if (field === 'language') return t(`language.${value as ContactFields['language']}`)
    if (field === 'birthDate') return dayText(String(value))
    if (field === 'needs') return (value as ContactFields['needs']).map(need => t(`need.${need}`)).join(', ')
    if (field === 'phoneKinds')
      return Object.entries(value as ContactFields['phoneKinds'])
        .map(([number, kind]) => `${number}: ${t(`phoneKind.${kind}`)}`)
        .join(', ')
    if (field === 'preferredChannel' && value !== '')
      return t(`channel.${value as Exclude<ContactFields['preferredChannel'], ''>}`)
    if (field === 'intermediaryKind' && value !== '')
      return t(`intermediary.${value as Exclude<ContactFields['intermediaryKind'], ''>}`)
    return String(value)
  }

/** The fiscal code is on another card: one press uses that one. */
function TakenNotice({ error, onUse }: { error: unknown; onUse: Props['onUse'] }) {
  const { t } = useTranslation('web-desk')
  if (!error) return null
  const id = error instanceof ApiProblem ? error.values.contactId : undefined
  if (typeof id === 'string' && onUse)
    return (
      <Notice tone="wait" live action={<Button onPress={() => onUse(id)}>{t('contact.useThat')}</Button>}>
        {error instanceof ApiProblem ? error.message : null}
      </Notice>
    )
  return <Problem error={error} />
}

function AfterSaving({ saved, onUse, onClose }: { saved: SavedContact; onUse: Props['onUse']; onClose: () => void }) {
  const { t } = useTranslation('web-desk')
  return (
    <div className="col">
      {saved.warnings.map(warning => (
        <Notice key={warning} tone="wait" live>
          {t(`contact.warning.${warning}`)}
        </Notice>
      ))}
      {saved.possibleDuplicates.length > 0 && (
        <Notice tone="wait" live title={t('contact.maybeSame')}>
          <ul className="col">
            {saved.possibleDuplicates.map(other => (
              <li key={other.id} className="row">
                <span className="grow">
                  <b>{other.name}</b> · {t(`contact.reason.${other.reason}`)}
                  <br />
                  <small>{describe(other)}</small>
                </span>
                {onUse && <Button onPress={() => onUse(other.id)}>{t('contact.useThat')}</Button>}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <div className="row">
        <span className="grow" />
        <Button tone="primary" onPress={onClose} autoFocus>
          {t('contact.goOn')}
        </Button>
      </div>
    </div>
  )
}

function MunicipalityField({
  code,
  name,
  onChange,
  error,
}: {
  code: string
  name: string
  onChange: (code: string, name: string) => void
  error: string | undefined
}) {
  const { t } = useTranslation('web-desk')
  const [text, setText] = useState('')
  const found = useQuery({
    queryKey: ['municipalities', text],
    queryFn: ({ signal }) => api.get('/api/municipalities', { query: { q: text, limit: 12 }, signal }),
    enabled: text.trim().length >= 2,
    placeholderData: before => before,
    staleTime: 3_600_000,
  })
  const items = found.data?.items ?? []
  return (
    <ComboBox
      label={t('contact.municipality')}
      icon="map-marker"
      choices={items.map(each => ({ id: each.code, label: `${each.name} (${each.provinceCode})`, detail: each.regionName }))}
      value={code === '' ? null : code}
      text={name}
      onSearch={setText}
      onChange={id => {
        const chosen = items.find(each => each.code === id)
        if (chosen) onChange(chosen.code, `${chosen.name} (${chosen.provinceCode})`)
      }}
      hint={t('contact.municipalityHint')}
      isLoading={found.isFetching}
      error={error}
    />
  )
}
