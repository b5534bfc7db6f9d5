/** What the program says by itself, in every version of the flow. */
import { useTranslation } from 'react-i18next'
import type { Prompt } from '../../../src/telephony/prompts/recordings/model.ts'
import { Card, EmptyState, Loading } from '../../shared/ui/index.ts'
import { RecordingBar, type Source } from './recording.tsx'

/** What the program says by itself: its sounds can be replaced, its words are those of the program. */
export function Program({ prompts, source, isPending }: { prompts: readonly Prompt[]; source: Source; isPending: boolean }) {
  const { t } = useTranslation('web-flow')
  const own = prompts.filter(each => each.part === 'program')
  return (
    <article>
      <header>
        <h1>{t('programSays')}</h1>
        <small>{t('programSaysText')}</small>
      </header>
      {isPending ? (
        <Loading />
      ) : own.length === 0 ? (
        <EmptyState title={t('onlyNow')} icon="hearing" />
      ) : (
        [...new Set(own.map(each => each.language))].map(language => (
          <Card key={language} title={t(`languages.${language}`)} level="h2">
            <div className="col">
              {own
                .filter(each => each.language === language)
                .map(each => (
                  <div key={each.key} className="flow-text">
                    <p className="prose" lang={language}>
                      {each.text}
                    </p>
                    <RecordingBar prompt={each} source={source} />
                  </div>
                ))}
            </div>
          </Card>
        ))
      )}
    </article>
  )
}
