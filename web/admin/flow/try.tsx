/** Trying the flow: keys are pressed, and what a caller would hear stands there to read and to listen to. */
import { skipToken, useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Flow, FlowContext } from '../../../src/ivr/model.ts'
import type { Prompt } from '../../../src/telephony/prompts/recordings/model.ts'
import { api } from '../../shared/api.ts'
import { Button, Card, Pill, Select } from '../../shared/ui/index.ts'
import { UnitField } from '../../shared/unit-field.tsx'
import type { Names } from './names.ts'
import { telephoneKeys } from './outline.ts'
import { Listen, type Source, soundOf } from './recording.tsx'
import { act, begin, type Rehearsal, type RehearsalStep } from './rehearsal.ts'

const situations = ['open', 'closed', 'holiday'] as const
type Situation = (typeof situations)[number]

export function TryFlow({
  flow,
  names,
  units,
  prompts,
  source,
}: {
  flow: Flow
  names: Names
  units: readonly string[]
  prompts: readonly Prompt[]
  source: Source
}) {
  const { t } = useTranslation('web-flow')
  const [situation, setSituation] = useState<Situation>('open')
  const [officeId, setOfficeId] = useState<string | null>(null)
  const office = useQuery({
    queryKey: ['unit', officeId],
    queryFn:
      officeId === null ? skipToken : ({ signal }) => api.get('/api/units/:unitId', { path: { unitId: officeId }, signal }),
  }).data
  const context: FlowContext = {
    office: office ? { id: office.id, name: office.name } : null,
    province: office?.provinceCode ?? null,
    region: office?.regionCode ?? null,
    callerKnown: true,
    hour: 10,
    holiday: situation === 'holiday',
    open: situation === 'open' ? [...units] : [],
  }
  const about = JSON.stringify([flow, context])
  const [call, setCall] = useState<{ about: string; rehearsal: Rehearsal } | null>(null)
  // Another flow or another situation: what was said does not hold any more.
  const rehearsal = call?.about === about ? call.rehearsal : null
  const set = (next: Rehearsal) => setCall({ about, rehearsal: next })
  const isOver = rehearsal?.walk.state.doing === 'done'
  const press = (input: { key: string } | 'silence') => rehearsal && !isOver && set(act(flow, context, rehearsal, input))
  const onKey = (event: KeyboardEvent) => {
    const key = telephoneKeys.find(each => each === event.key)
    if (!key || event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return
    event.preventDefault()
    press({ key })
  }
  const end = useRef<HTMLLIElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new line is shown
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'nearest' })
  }, [rehearsal?.lines.length])

  return (
    <article className="flow-try" onKeyDown={onKey}>
      <header>
        <h1>{t('try')}</h1>
        <small>{t('tryText')}</small>
      </header>
      <Card>
        <div className="row wrap end">
          <Select
            label={t('situation')}
            value={situation}
            onChange={wanted => setSituation(situations.find(each => each === wanted) ?? 'open')}
            choices={situations.map(id => ({ id, label: t(`situations.${id}`) }))}
          />
          <UnitField label={t('calledOffice')} value={officeId} onChange={setOfficeId} placeholder={t('noOffice')} />
          <Button tone="primary" icon="telephone" onPress={() => set(begin(flow, context))}>
            {t(rehearsal ? 'callAgain' : 'call')}
          </Button>
        </div>
      </Card>
      {rehearsal && (
        <>
          <ol className="flow-heard" aria-live="polite" aria-label={t('heard')}>
            {rehearsal.lines.map((line, n) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines are only added
              <li key={n} className={line.kind} ref={n === rehearsal.lines.length - 1 ? end : null}>
                <HeardLine line={line} names={names} prompts={prompts} source={source} />
              </li>
            ))}
          </ol>
          {!isOver && (
            <fieldset className="flow-keys" aria-label={t('keys')}>
              {[...telephoneKeys.slice(0, 9), telephoneKeys[10], telephoneKeys[9], telephoneKeys[11]].map(key => (
                <Button key={key} label={t('key', { key })} onPress={() => press({ key })}>
                  {key}
                </Button>
              ))}
              <Button className="wide" icon="clock" onPress={() => press('silence')}>
                {t('doNothing')}
              </Button>
            </fieldset>
          )}
        </>
      )}
    </article>
  )
}

function HeardLine({
  line,
  names,
  prompts,
  source,
}: {
  line: RehearsalStep
  names: Names
  prompts: readonly Prompt[]
  source: Source
}) {
  const { t } = useTranslation('web-flow')
  switch (line.kind) {
    case 'said': {
      const { key, language, text } = line.spoken
      const prompt = prompts.find(each => each.key === key && each.language === language && each.text === text)
      return (
        <div className="row top">
          <p className="grow" lang={language}>
            {text} {language !== 'it' && <Pill small>{t(`languages.${language}`)}</Pill>}{' '}
            {prompt?.recording && (
              <Pill small tone="info">
                {t('recorded')}
              </Pill>
            )}
          </p>
          {prompt && <Listen {...soundOf(prompt, source)} what={t('whatText', { text })} />}
        </div>
      )
    }
    case 'pressed':
      return line.chosen ? t('pressed', { key: line.key, label: line.chosen.label }) : t('pressedOnly', { key: line.key })
    case 'silent':
      return t('wasSilent')
    case 'time':
      return t('talksOfTime')
    case 'queued':
      return t('queuedFor', { section: names.section(line.section) })
    case 'office':
      return t('officeRings')
    case 'ended':
      return t('callEnds')
  }
}
