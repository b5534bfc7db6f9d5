/** One hall as it is set up: its name, what it serves, its desks, by which rules they call. */
import { useTranslation } from 'react-i18next'
import type { HallRules } from '../../../src/counters/model.ts'
import type { SetUpCounterService, SetUpDesk } from '../../../src/counters/set-up/model.ts'
import { goToStep } from '../../shared/focus.ts'
import { NumberField, OptionalNumberField } from '../../shared/number-field.tsx'
import { Button, Card, CheckBox, Notice, Select, TextField } from '../../shared/ui/index.ts'
import { type HallPart, WordsField } from './parts.tsx'

interface Named {
  id: string
  name: string
}

export function HallCard({ hall, onChange, wrong, onRemove }: Omit<HallPart, 'language'> & { onRemove: () => void }) {
  const { t } = useTranslation('web-counter')
  return (
    <Card
      title={t('setUp.hall')}
      aside={
        <Button className="small-button" onPress={onRemove}>
          {t('setUp.removeHall')}
        </Button>
      }
    >
      <div className="counter-fields">
        <TextField
          label={t('setUp.name')}
          value={hall.name}
          onChange={name => onChange({ name })}
          error={wrong('name')}
          step={`hall-${hall.id}`}
          isRequired
        />
        <TextField
          label={t('setUp.letter')}
          hint={t('setUp.letterHint', { code: `${hall.letter || 'A'}001` })}
          value={hall.letter}
          onChange={letter => onChange({ letter: letter.trim().toUpperCase().slice(-1) })}
          error={wrong('letter')}
          isRequired
        />
        <OptionalNumberField
          label={t('setUp.contingent')}
          hint={t('setUp.contingentHint')}
          value={hall.dailyContingent}
          min={1}
          max={2_000}
          error={wrong('dailyContingent')}
          onChange={dailyContingent => onChange({ dailyContingent })}
        />
      </div>
    </Card>
  )
}

export function ServicesCard({
  hall,
  language,
  onChange,
  wrong,
  agendaServices,
}: HallPart & { agendaServices: readonly Named[] }) {
  const { t } = useTranslation('web-counter')
  const put = (id: string, change: Partial<SetUpCounterService>) =>
    onChange({ services: hall.services.map(each => (each.id === id ? { ...each, ...change } : each)) })
  const add = () => {
    const id = crypto.randomUUID()
    onChange({ services: [...hall.services, { id, words: { it: '' }, visitClass: 'ordinary', agendaServices: [] }] })
    goToStep(`service-${id}`)
  }
  return (
    <Card title={t('setUp.services')}>
      <p className="small">{t('setUp.servicesText')}</p>
      {hall.services.map((service, at) => (
        <fieldset key={service.id} className="counter-part">
          <legend className="sr">{service.words.it || t('setUp.unnamed')}</legend>
          <div className="counter-fields">
            <WordsField
              label={t('setUp.serviceName')}
              words={service.words}
              language={language}
              error={wrong(`services.${at}.words.${language}`)}
              step={`service-${service.id}`}
              onChange={words => put(service.id, { words })}
            />
            <Select
              label={t('setUp.lane')}
              value={service.visitClass}
              onChange={id => put(service.id, { visitClass: id === 'fast' ? 'fast' : 'ordinary' })}
              choices={[
                { id: 'ordinary', label: t('setUp.lanes.ordinary') },
                { id: 'fast', label: t('setUp.lanes.fast') },
              ]}
            />
          </div>
          {agendaServices.length > 0 && (
            <fieldset className="counter-boxes">
              <legend>{t('setUp.appointments')}</legend>
              {agendaServices.map(({ id, name }) => (
                <CheckBox
                  key={id}
                  isSelected={service.agendaServices.includes(id)}
                  onChange={isOn =>
                    put(service.id, {
                      agendaServices: isOn ? [...service.agendaServices, id] : service.agendaServices.filter(each => each !== id),
                    })
                  }
                >
                  {name}
                </CheckBox>
              ))}
              {wrong(`services.${at}.agendaServices`) && <Notice tone="late">{wrong(`services.${at}.agendaServices`)}</Notice>}
            </fieldset>
          )}
          <Button
            className="small-button"
            label={t('setUp.removeNamed', { name: service.words.it || t('setUp.unnamed') })}
            onPress={() => onChange({ services: hall.services.filter(({ id }) => id !== service.id) })}
          >
            {t('setUp.remove')}
          </Button>
        </fieldset>
      ))}
      <div className="row">
        <Button icon="plus" onPress={add}>
          {t('setUp.addService')}
        </Button>
      </div>
    </Card>
  )
}

export function DesksCard({ hall, onChange, wrong }: Omit<HallPart, 'language'>) {
  const { t } = useTranslation('web-counter')
  const put = (id: string, change: Partial<SetUpDesk>) =>
    onChange({ desks: hall.desks.map(each => (each.id === id ? { ...each, ...change } : each)) })
  const add = () => {
    const id = crypto.randomUUID()
    const highest = Math.max(0, ...hall.desks.map(({ label }) => Number(label) || 0))
    onChange({ desks: [...hall.desks, { id, label: String(highest + 1), services: [] }] })
    goToStep(`desk-${id}`)
  }
  return (
    <Card title={t('setUp.desks')}>
      <p className="small">{t('setUp.desksText')}</p>
      {hall.desks.map((desk, at) => (
        <fieldset key={desk.id} className="counter-part">
          <legend className="sr">{t('deskNamed', { desk: desk.label })}</legend>
          <div className="row wrap">
            <TextField
              className="short"
              label={t('setUp.deskLabel')}
              value={desk.label}
              onChange={label => put(desk.id, { label })}
              error={wrong(`desks.${at}.label`)}
              step={`desk-${desk.id}`}
            />
            <fieldset className="counter-boxes grow">
              <legend>{t('setUp.deskServes')}</legend>
              {hall.services.map(({ id, words }) => (
                <CheckBox
                  key={id}
                  isSelected={desk.services.length === 0 || desk.services.includes(id)}
                  onChange={isOn => put(desk.id, { services: servedAfter(desk, hall.services, id, isOn) })}
                >
                  {words.it || t('setUp.unnamed')}
                </CheckBox>
              ))}
            </fieldset>
            <Button
              className="small-button"
              label={t('setUp.removeNamed', { name: t('deskNamed', { desk: desk.label }) })}
              onPress={() => onChange({ desks: hall.desks.filter(({ id }) => id !== desk.id) })}
            >
              {t('setUp.remove')}
            </Button>
          </div>
        </fieldset>
      ))}
      <div className="row">
        <Button icon="plus" onPress={add}>
          {t('setUp.addDesk')}
        </Button>
      </div>
    </Card>
  )
}

/** What a desk serves after a box was pressed: all of them, and none, is everything of the hall, also what comes to it later. */
function servedAfter(desk: SetUpDesk, services: readonly SetUpCounterService[], pressed: string, isOn: boolean): string[] {
  const before = desk.services.length === 0 ? services.map(({ id }) => id) : desk.services
  const after = services.map(({ id }) => id).filter(id => (id === pressed ? isOn : before.includes(id)))
  return after.length === services.length ? [] : after
}

const ruleNames = [
  'appointmentMinutes',
  'priorityMinutes',
  'fastMinutes',
  'ordinaryMinutes',
  'returnedMinutes',
  'dueWindowMinutes',
  'earlyMinutes',
  'lateMinutes',
  'pauseMinutes',
  'maxCalls',
] as const satisfies readonly (keyof HallRules)[]
const highest: Readonly<Partial<Record<keyof HallRules, number>>> = {
  ordinaryMinutes: 480,
  dueWindowMinutes: 60,
  lateMinutes: 120,
  pauseMinutes: 60,
  maxCalls: 5,
}

/** The rules by which the desks of a hall call. */
export function RulesCard({ hall, onChange, wrong }: Omit<HallPart, 'language'>) {
  const { t } = useTranslation('web-counter')
  return (
    <Card title={t('rules.title')}>
      <p className="small">{t('rules.text')}</p>
      <div className="counter-fields">
        {ruleNames.map(name => (
          <NumberField
            key={name}
            label={t(`rules.${name}`)}
            value={hall.rules[name]}
            min={name === 'maxCalls' ? 1 : 0}
            max={highest[name] ?? 240}
            error={wrong(`rules.${name}`)}
            onChange={value => onChange({ rules: { ...hall.rules, [name]: value } })}
          />
        ))}
      </div>
    </Card>
  )
}
