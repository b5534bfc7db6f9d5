/** Where a step of the flow leads: by which key, after which digits, for which section. */
import { useTranslation } from 'react-i18next'
import { FlowLanguage, type FlowNode, goesOn, nodeOf } from '../../../src/ivr/model.ts'
import { Button, Card, Select, TextField } from '../../shared/ui/index.ts'
import { UnitField } from '../../shared/unit-field.tsx'
import { type NewNode, newNodes, withNewNode, withNode, withText } from './edit.ts'
import type { Editor } from './node.tsx'
import { keysOf, type TelephoneKey, telephoneKeys } from './outline.ts'

type Menu = Extract<FlowNode, { type: 'menu' }>

export function LeadsTo(props: Editor) {
  const { node, change, names, overview } = props
  const { t } = useTranslation('web-flow')
  const target = (label: string, to: string, set: (to: string) => FlowNode) => (
    <Target {...props} key={label} label={label} to={to} set={set} />
  )
  switch (node.type) {
    case 'menu':
      return <Choices {...props} node={node} />
    case 'collect':
      return (
        <Card title={t('leadsTo')} level="h2">
          <div className="col">
            {target(t('ways.given'), node.next, next => ({ ...node, next }))}
            {target(t('ways.after'), node.after, after => ({ ...node, after }))}
          </div>
        </Card>
      )
    case 'hours':
      return (
        <Card title={t('leadsTo')} level="h2">
          <div className="col">
            {change && (
              <UnitField
                label={t('unit')}
                value={node.unit}
                onChange={unit => unit && change({ ...node, unit })}
                placeholder={names.unit(node.unit)}
              />
            )}
            {target(t('ways.open'), node.open, open => ({ ...node, open }))}
            {target(t('ways.closed'), node.closed, closed => ({ ...node, closed }))}
            {target(t('ways.holiday'), node.holiday ?? node.closed, holiday => ({ ...node, holiday }))}
          </div>
        </Card>
      )
    case 'when':
      return (
        <Card title={t('leadsTo')} level="h2">
          <div className="col">
            {target(t('ways.so'), node.so, so => ({ ...node, so }))}
            {target(t('ways.otherwise'), node.otherwise, otherwise => ({ ...node, otherwise }))}
          </div>
        </Card>
      )
    case 'queue':
    case 'operator':
      return (
        <Card title={t('leadsTo')} level="h2">
          {change ? (
            <Select
              label={t('section')}
              value={node.section}
              onChange={section => section && change({ ...node, section })}
              choices={overview.sections.map(({ id, name }) => ({ id, label: name }))}
            />
          ) : (
            <p>{t('queuedFor', { section: names.section(node.section) })}</p>
          )}
        </Card>
      )
    default:
      return goesOn(node) ? (
        <Card title={t('leadsTo')} level="h2">
          {target(t('ways.next'), node.next, next => ({ ...node, next }))}
        </Card>
      ) : null
  }
}

const made = 'new '

/** Where a way leads: one of the steps that there are, or a new one. */
function Target({
  flow,
  names,
  overview,
  id,
  onChange,
  onOpen,
  label,
  to,
  set,
  hideLabel = false,
}: Editor & { label: string; to: string; set: ((to: string) => FlowNode) | undefined; hideLabel?: boolean }) {
  const { t } = useTranslation('web-flow')
  if (!onChange || !set)
    return (
      <p className="row wrap">
        {!hideLabel && <small>{label}</small>}
        <button type="button" className="link plain" onClick={() => onOpen(to)}>
          {names.of(to)}
        </button>
      </p>
    )
  return (
    <div className="row end">
      <Select
        className="grow"
        label={label}
        hideLabel={hideLabel}
        value={to}
        onChange={wanted => {
          if (wanted === null) return
          if (!wanted.startsWith(made)) return onChange(withNode(flow, id, set(wanted)))
          const type = newNodes.find(each => wanted === made + each) ?? 'queue'
          const added = withNewNode(flow, type, overview.sections[0]?.id ?? '')
          onChange(withNode(added.flow, id, set(added.id)))
          onOpen(added.id)
        }}
        choices={[
          ...Object.keys(flow.nodes).map(each => ({ id: each, label: names.of(each) })),
          ...(nodeOf(flow, to) ? [] : [{ id: to, label: t('missing') }]),
          ...newNodes.map((type: NewNode) => ({ id: made + type, label: t(`new.${type}`) })),
        ]}
      />
      <Button tone="quiet" icon="chevron-right" label={t('open', { name: names.of(to) })} onPress={() => onOpen(to)} />
    </div>
  )
}

function Choices(props: Editor & { node: Menu }) {
  const { node, flow, change, names } = props
  const { t } = useTranslation('web-flow')
  const keys = keysOf(node.choices)
  const free = telephoneKeys.filter(key => node.choices[key] === undefined)
  const set = (choices: Menu['choices']): Menu => ({ ...node, choices })
  return (
    <Card title={t('choices')} level="h2">
      <ol className="flow-choices">
        {keys.map(key => {
          const choice = node.choices[key]
          if (!choice) return null
          const put = (next: Partial<typeof choice>) => set({ ...node.choices, [key]: { ...choice, ...next } })
          return (
            <li key={key}>
              <span className="flow-key num" title={t('key', { key })}>
                <span className="sr">{t('keyWord')} </span>
                {key}
              </span>
              {change ? (
                <div className="flow-choice">
                  {flow.languages.map(language => (
                    <TextField
                      key={language}
                      label={t('labelIn', { language: t(`languages.${language}`) })}
                      value={choice.label[language] ?? ''}
                      onChange={words => change(put({ label: withText(choice.label, language, words) }))}
                    />
                  ))}
                  <Target {...props} label={t('to')} to={choice.next} set={next => put({ next })} />
                  <Select
                    label={t('thenIn')}
                    value={choice.language ?? '-'}
                    onChange={wanted => {
                      const language = FlowLanguage.safeParse(wanted).data
                      const { language: _, ...others } = choice
                      change(set({ ...node.choices, [key]: language ? { ...others, language } : others }))
                    }}
                    choices={[
                      { id: '-', label: t('sameLanguage') },
                      ...flow.languages.map(id => ({ id, label: t(`languages.${id}`) })),
                    ]}
                  />
                  <div className="row end">
                    <Select
                      label={t('keyWord')}
                      value={key}
                      onChange={wanted => {
                        const other = free.find(each => each === wanted)
                        if (!other) return
                        const { [key]: moved, ...others } = node.choices
                        change(set({ ...others, [other]: moved }))
                      }}
                      choices={[key, ...free].map(each => ({ id: each, label: each }))}
                    />
                    <Button tone="quiet" icon="delete" onPress={() => change(set(without(node.choices, key)))}>
                      {t('removeChoice', { key })}
                    </Button>
                  </div>
                </div>
              ) : (
                <div className="grow">
                  <b>{choice.label.it}</b>
                  {choice.language && <small> · {t('goesOnIn', { language: t(`languages.${choice.language}`) })}</small>}
                  <Target {...props} label={t('to')} hideLabel to={choice.next} set={undefined} />
                </div>
              )}
            </li>
          )
        })}
      </ol>
      {change && free[0] !== undefined && (
        <p>
          <Button
            icon="plus"
            onPress={() => free[0] && change(set({ ...node.choices, [free[0]]: { label: {}, next: node.after } }))}
          >
            {t('addChoice')}
          </Button>
        </p>
      )}
      <div className="col">
        <Target {...props} label={t('ways.after')} to={node.after} set={after => ({ ...node, after })} />
        {change ? (
          <div className="row wrap">
            <Select
              label={t('waits')}
              value={String(node.timeoutMs)}
              onChange={ms => change({ ...node, timeoutMs: Number(ms) })}
              choices={numbers(node.timeoutMs, [3_000, 4_000, 5_000, 6_000, 8_000, 10_000, 15_000]).map(ms => ({
                id: String(ms),
                label: t('seconds', { count: ms / 1_000 }),
              }))}
            />
            <Select
              label={t('repeats')}
              value={String(node.retries)}
              onChange={retries => change({ ...node, retries: Number(retries) })}
              choices={[0, 1, 2, 3, 4, 5].map(count => ({ id: String(count), label: t('times', { count }) }))}
            />
          </div>
        ) : (
          <p className="small">
            {t('patience', { seconds: node.timeoutMs / 1_000, count: node.retries, name: names.of(node.after) })}
          </p>
        )}
      </div>
    </Card>
  )
}

const numbers = (own: number, usual: readonly number[]): number[] => [...new Set([own, ...usual])].sort((a, b) => a - b)

function without(choices: Menu['choices'], key: TelephoneKey): Menu['choices'] {
  const { [key]: _, ...others } = choices
  return others
}
