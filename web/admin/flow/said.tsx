/** What a step of the flow says: its texts in each language, and the sound of each. */
import { useTranslation } from 'react-i18next'
import { type FlowNode, type FlowText, flowLanguages, isSpeaking } from '../../../src/ivr/model.ts'
import type { Prompt } from '../../../src/telephony/prompts/recordings/model.ts'
import { Button, Card, TextArea } from '../../shared/ui/index.ts'
import { withOwnText, withText } from './edit.ts'
import type { Editor } from './node.tsx'
import { RecordingBar, type Source } from './recording.tsx'

type Menu = Extract<FlowNode, { type: 'menu' }>

/** The texts of the node, each with its languages and its sounds. */
export function Said(props: Editor) {
  const { id, node, change } = props
  const { t } = useTranslation('web-flow')
  const part = (
    name: 'text' | 'wrongKey' | 'silence' | 'again',
    key: string,
    text: FlowText | undefined,
    set: (text: FlowText) => FlowNode,
  ) => (
    <Card key={name} title={t(`parts.${name}`)} level="h2">
      <Texts {...props} name={key} text={text ?? {}} set={change && (next => change(set(next)))} />
    </Card>
  )
  switch (node.type) {
    case 'menu':
      return (
        <>
          {part('text', id, node.text, text => withOwnText(node, text))}
          <Also {...props} node={node} />
          {part('wrongKey', `${id}.wrong-key`, node.wrongKey, wrongKey => ({ ...node, wrongKey }))}
          {part('silence', `${id}.silence`, node.silence, silence => ({ ...node, silence }))}
        </>
      )
    case 'collect':
      return (
        <>
          {part('text', id, node.text, text => withOwnText(node, text))}
          {part('again', `${id}.again`, node.again, again => ({ ...node, again }))}
        </>
      )
    default:
      return isSpeaking(node) ? part('text', id, node.text, text => withOwnText(node, text)) : null
  }
}

function Texts({
  flow,
  prompts,
  source,
  name,
  text,
  set,
}: Editor & { name: string; text: FlowText; set: ((text: FlowText) => void) | undefined }) {
  const { t } = useTranslation('web-flow')
  const languages = flowLanguages.filter(language => flow.languages.includes(language) || text[language] !== undefined)
  return (
    <div className="col">
      {languages.map(language => {
        const words = text[language]
        const label = t(`languages.${language}`)
        return (
          <div key={language} className="flow-text">
            {set ? (
              <TextArea
                label={label}
                rows={2}
                value={words ?? ''}
                onChange={next => set(withText(text, language, next))}
                placeholder={language === 'it' ? '' : t('heardInItalian')}
              />
            ) : (
              <>
                <h3>{label}</h3>
                {words === undefined ? <p className="muted">{t('heardInItalian')}</p> : <p className="prose">{words}</p>}
              </>
            )}
            {words !== undefined && <Sound prompts={prompts} name={name} language={language} text={words} source={source} />}
          </div>
        )
      })}
    </div>
  )
}

/** The sound of a text; while the text on the screen is newer than the one that is kept, it waits. */
function Sound({
  prompts,
  name,
  language,
  text,
  source,
}: {
  prompts: readonly Prompt[]
  name: string
  language: string
  text: string
  source: Source
}) {
  const prompt = prompts.find(each => each.key === name && each.language === language)
  if (!prompt) return null
  return <RecordingBar prompt={prompt} source={source} isWaiting={prompt.text !== text.trim()} />
}

/** "For English, press 9": said after the text, each in its own language. */
function Also({ id, node, flow, prompts, source, change }: Editor & { node: Menu }) {
  const { t } = useTranslation('web-flow')
  const set = change && ((also: Menu['also']) => change({ ...node, also }))
  if (node.also.length === 0 && !set) return null
  const missing = flow.languages.find(language => !node.also.some(each => each.language === language) && language !== 'it')
  return (
    <Card title={t('parts.also')} level="h2">
      <div className="col">
        {node.also.map(({ language, text }, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they have nothing but their place
          <div key={n} className="flow-text">
            {set ? (
              <>
                <TextArea
                  label={t(`languages.${language}`)}
                  rows={1}
                  value={text}
                  onChange={next =>
                    set(node.also.map((each, at) => (at === n ? { ...each, text: next.replace(/\s*\n\s*/g, ' ') } : each)))
                  }
                />
                <div>
                  <Button tone="quiet" icon="delete" onPress={() => set(node.also.filter((_, at) => at !== n))}>
                    {t('removeAlso')}
                  </Button>
                </div>
              </>
            ) : (
              <>
                <h3>{t(`languages.${language}`)}</h3>
                <p className="prose">{text}</p>
              </>
            )}
            <Sound prompts={prompts} name={`${id}.also-${n + 1}`} language={language} text={text} source={source} />
          </div>
        ))}
        {set && missing && (
          <div>
            <Button icon="plus" onPress={() => set([...node.also, { language: missing, text: t(`invite.${missing}`) }])}>
              {t('addAlso', { language: t(`languages.${missing}`) })}
            </Button>
          </div>
        )}
      </div>
    </Card>
  )
}
