/** A guide as citizens read it, without signing in: what is needed, and one step after the other. */

import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { ContactLanguage } from '../../src/contacts/model.ts'
import { ApiProblem, api } from '../shared/api.ts'
import { Button, Loading, Notice, Pill, Tabs } from '../shared/ui/index.ts'
import { askedLanguage, ownNames, pageWords } from './page-words.ts'
import './guides.css'

export default function PublicGuidePage() {
  const { guideId = '' } = useParams({ strict: false })
  const [language, setLanguage] = useState<ContactLanguage>(() => askedLanguage(navigator.languages))
  const words = pageWords[language]
  const found = useQuery({
    queryKey: ['public-guide', guideId, language],
    queryFn: ({ signal }) => api.get('/api/public/guides/:guideId', { path: { guideId }, query: { language }, signal }),
    retry: false,
    placeholderData: before => before,
  })
  const guide = found.data
  // A wrong address is refused as bad input, a retired guide as not there.
  const isUnknown = found.error instanceof ApiProblem && found.error.status < 429
  return (
    <main className="citizen-guide" lang={language}>
      {guide && guide.languages.length > 1 && (
        <Tabs
          label={words.language}
          value={language}
          onChange={id => setLanguage(guide.languages.find(each => each === id) ?? language)}
          tabs={guide.languages.map(id => ({ id, label: ownNames[id] }))}
        />
      )}
      {found.isPending ? (
        <Loading lines={6} />
      ) : !guide ? (
        <Notice
          tone="wait"
          title={isUnknown ? words.unknownTitle : words.failed}
          action={isUnknown ? undefined : <Button onPress={() => void found.refetch()}>{words.again}</Button>}
        >
          {isUnknown ? words.unknown : null}
        </Notice>
      ) : (
        <>
          <h1>{guide.title}</h1>
          <p className="prose">{guide.summary}</p>
          {guide.needs !== '' && (
            <section>
              <h2>{words.needs}</h2>
              <p className="prose">{guide.needs}</p>
            </section>
          )}
          <h2>{words.steps}</h2>
          <ol className="guide-steps">
            {guide.steps.map(({ title, text, optional }) => (
              <li key={title}>
                <h3>
                  {title} {optional && <Pill small>{words.optional}</Pill>}
                </h3>
                <p className="prose">{text}</p>
              </li>
            ))}
          </ol>
        </>
      )}
    </main>
  )
}
