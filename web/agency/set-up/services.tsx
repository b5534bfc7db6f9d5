/** What the office can be visited for: the institute's services, as this office offers them, and its own. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppointmentMode } from '../../../src/agenda/model.ts'
import type { SetUpService, WordsLanguage } from '../../../src/agenda/set-up/model.ts'
import { goToStep } from '../../shared/focus.ts'
import { NumberField } from '../../shared/number-field.tsx'
import { Button, Card, CheckBox, EmptyState, Pill, Select, Sheet, TextArea, TextField } from '../../shared/ui/index.ts'

const modes: readonly AppointmentMode[] = ['counter', 'telephone', 'video']
const languages: readonly WordsLanguage[] = ['en', 'de', 'fr', 'sl']
const reminders = [2_880, 1_440, 120] as const
const groups = ['counter', 'contact-centre', 'cric'] as const

const newService = (): SetUpService => ({
  ...{ id: crypto.randomUUID(), own: true, name: '', description: '', bring: '', words: {}, durationMinutes: 30 },
  ...{ preparationMinutes: 0, bufferMinutes: 0, noticeMinutes: 1_440, horizonDays: 60, modes: ['counter'], shares: [] },
  reminders: [2_880, 120],
  ...{ textReminders: false, offerMinutes: 180, offersAtMost: 3, telephoneOffers: false },
})

export function Services({
  services,
  catalogue,
  onChange,
}: {
  services: readonly SetUpService[]
  catalogue: readonly SetUpService[]
  onChange: (services: SetUpService[]) => void
}) {
  const { t } = useTranslation('web-agenda')
  const [open, setOpen] = useState<string | null>(null)
  const shown = services.find(({ id }) => id === open)
  const put = (changed: SetUpService) => onChange(services.map(each => (each.id === changed.id ? changed : each)))
  const add = (service: SetUpService) => {
    onChange([...services, service])
    setOpen(service.id)
  }
  return (
    <div className="col">
      <div className="row wrap">
        {catalogue.length > 0 && (
          <Select
            label={t('services.fromCatalogue')}
            hideLabel
            placeholder={t('services.fromCatalogue')}
            className="grow"
            value={null}
            onChange={id => {
              const service = catalogue.find(each => each.id === id)
              if (service) add(service)
            }}
            choices={catalogue.map(({ id, name, description }) => ({ id, label: name, detail: description }))}
          />
        )}
        <Button icon="plus" onPress={() => add(newService())}>
          {t('services.new')}
        </Button>
      </div>
      {services.length === 0 && (
        <EmptyState title={t('services.none')} icon="list">
          {t('services.noneText')}
        </EmptyState>
      )}
      {services.map(service => (
        <Card
          key={service.id}
          title={service.name || t('services.unnamed')}
          aside={
            <Button
              className="small-button"
              label={t('edit', { name: service.name || t('services.unnamed') })}
              step={`service-${service.id}`}
              onPress={() => setOpen(service.id)}
            >
              {t('change')}
            </Button>
          }
        >
          <div className="row wrap">
            <span>{t('services.minutes', { count: service.durationMinutes })}</span>
            {service.modes.map(mode => (
              <Pill key={mode} small>
                {t(`modes.${mode}`)}
              </Pill>
            ))}
            {service.own && (
              <Pill small tone="info">
                {t('services.own')}
              </Pill>
            )}
            {service.shares.map(({ group, percent }) => (
              <small key={group}>{t('services.share', { group: t(`groups.${group}`), percent })}</small>
            ))}
          </div>
        </Card>
      ))}
      {shown && (
        <ServiceSheet
          key={shown.id}
          service={shown}
          onChange={put}
          onClose={() => {
            setOpen(null)
            goToStep(`service-${shown.id}`)
          }}
          onRemove={() => {
            setOpen(null)
            onChange(services.filter(({ id }) => id !== shown.id))
          }}
        />
      )}
    </div>
  )
}

type NumberName = 'durationMinutes' | 'preparationMinutes' | 'bufferMinutes' | 'horizonDays' | 'offerMinutes' | 'offersAtMost'

function ServiceSheet({
  service,
  onChange,
  onClose,
  onRemove,
}: {
  service: SetUpService
  onChange: (service: SetUpService) => void
  onClose: () => void
  onRemove: () => void
}) {
  const { t } = useTranslation('web-agenda')
  const set = (change: Partial<SetUpService>) => onChange({ ...service, ...change })
  const number = (name: NumberName, min: number, max: number) => (
    <NumberField
      label={t(`services.${name}`)}
      value={service[name]}
      min={min}
      max={max}
      onChange={value => set({ [name]: value })}
    />
  )
  return (
    <Sheet
      title={service.name || t('services.unnamed')}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onRemove}>{t('services.remove')}</Button>
          <Button tone="primary" onPress={onClose}>
            {t('ready')}
          </Button>
        </>
      }
    >
      {service.own ? (
        <>
          <TextField label={t('services.name')} value={service.name} onChange={name => set({ name })} isRequired autoFocus />
          <TextField
            label={t('services.description')}
            value={service.description}
            onChange={description => set({ description })}
          />
          <TextArea label={t('services.bring')} rows={2} value={service.bring} onChange={bring => set({ bring })} />
          <Words service={service} onChange={set} />
        </>
      ) : (
        <p className="small">{t('services.ofInstitute')}</p>
      )}
      <div className="set-up-grid">
        {number('durationMinutes', 5, 480)}
        {number('preparationMinutes', 0, 120)}
        {number('bufferMinutes', 0, 120)}
        <NumberField
          label={t('services.noticeHours')}
          value={Math.round(service.noticeMinutes / 60)}
          min={0}
          max={720}
          onChange={hours => set({ noticeMinutes: hours * 60 })}
        />
        {number('horizonDays', 1, 366)}
      </div>
      <fieldset className="col tight set-up-part">
        <legend>{t('services.modes')}</legend>
        {modes.map(mode => (
          <CheckBox
            key={mode}
            isSelected={service.modes.includes(mode)}
            onChange={isOn => {
              const chosen = modes.filter(each => (each === mode ? isOn : service.modes.includes(each)))
              if (chosen.length > 0) set({ modes: chosen })
            }}
          >
            {t(`modes.${mode}`)}
          </CheckBox>
        ))}
      </fieldset>
      <fieldset className="col tight set-up-part">
        <legend>{t('services.reminders')}</legend>
        {reminders.map(minutes => (
          <CheckBox
            key={minutes}
            isSelected={service.reminders.includes(minutes)}
            onChange={isOn => {
              const others = service.reminders.filter(each => each !== minutes)
              set({ reminders: (isOn ? [...others, minutes] : others).toSorted((a, b) => b - a) })
            }}
          >
            {t(`services.reminder.${minutes}`)}
          </CheckBox>
        ))}
        <CheckBox isSelected={service.textReminders} onChange={textReminders => set({ textReminders })}>
          {t('services.textReminders')}
        </CheckBox>
      </fieldset>
      <fieldset className="col tight set-up-part">
        <legend>{t('services.earlier')}</legend>
        <p className="small">{t('services.earlierText')}</p>
        <div className="set-up-grid">
          {number('offerMinutes', 30, 2_880)}
          {number('offersAtMost', 1, 20)}
        </div>
        <CheckBox isSelected={service.telephoneOffers} onChange={telephoneOffers => set({ telephoneOffers })}>
          {t('services.telephoneOffers')}
        </CheckBox>
      </fieldset>
      <fieldset className="col set-up-part">
        <legend>{t('services.shares')}</legend>
        <p className="small">{t('services.sharesText')}</p>
        {groups.map(group => (
          <Share key={group} group={group} service={service} onChange={set} />
        ))}
      </fieldset>
    </Sheet>
  )
}

function Share({
  group,
  service,
  onChange,
}: {
  group: (typeof groups)[number]
  service: SetUpService
  onChange: (change: Partial<SetUpService>) => void
}) {
  const { t } = useTranslation('web-agenda')
  const share = service.shares.find(each => each.group === group)
  const others = service.shares.filter(each => each.group !== group)
  const put = (percent: number, freeHours: number) =>
    onChange({ shares: percent === 0 ? others : [...others, { group, percent, freeHours }] })
  return (
    <div className="set-up-grid">
      <NumberField
        label={t('services.percent', { group: t(`groups.${group}`) })}
        value={share?.percent ?? 0}
        min={0}
        max={100}
        onChange={percent => put(percent, share?.freeHours ?? 48)}
      />
      {share && (
        <NumberField
          label={t('services.freeHours')}
          value={share.freeHours}
          min={0}
          max={720}
          onChange={hours => put(share.percent, hours)}
        />
      )}
    </div>
  )
}

/** The words of a service of the office's own, in another language. */
function Words({ service, onChange }: { service: SetUpService; onChange: (change: Partial<SetUpService>) => void }) {
  const { t } = useTranslation('web-agenda')
  const [language, setLanguage] = useState<WordsLanguage>('en')
  const words = service.words[language] ?? { name: '', description: '', bring: '' }
  const set = (change: Partial<typeof words>) => {
    const next = { ...words, ...change }
    const { [language]: _before, ...others } = service.words
    onChange({ words: Object.values(next).every(text => text === '') ? others : { ...others, [language]: next } })
  }
  return (
    <fieldset className="col set-up-part">
      <legend>{t('services.words')}</legend>
      <Select
        label={t('services.language')}
        value={language}
        onChange={id => setLanguage(languages.find(each => each === id) ?? language)}
        choices={languages.map(id => ({ id, label: t(`languages.${id}`) }))}
      />
      <TextField
        label={t('services.nameIn', { language: t(`languages.${language}`) })}
        value={words.name}
        onChange={name => set({ name })}
      />
      <TextArea
        label={t('services.bringIn', { language: t(`languages.${language}`) })}
        rows={2}
        value={words.bring}
        onChange={bring => set({ bring })}
      />
    </fieldset>
  )
}
