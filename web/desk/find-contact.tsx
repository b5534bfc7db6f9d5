/**
 * Who is it? The number shown is a hint and never an identity: who has it stands there as a proposal, and the operator asks. Otherwise one
 * searches by any word, or writes down a new contact.
 */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { IdentificationMethod } from '../../src/contacts/model.ts'
import type { CallCard } from '../../src/telephony/model.ts'
import { useAction } from '../shared/actions.ts'
import { ReferenceLine } from '../shared/case/reference.tsx'
import { describe } from '../shared/contact/doubles.tsx'
import { stepAt } from '../shared/focus.ts'
import { Avatar, Button, Problem, phoneText, TextField } from '../shared/ui/index.ts'
import { saidBy, saidOnCard } from './contact-fields.ts'
import { ContactForm } from './contact-form.tsx'
import { useContactSearch } from './queries.ts'

export function FindContact({
  card,
  from,
  draft,
  onChoose,
}: {
  card: CallCard | null
  from: string | null
  /** Name of the draft of a new contact. */
  draft: string
  /** Missing while the call only rings: then one looks and does not choose. */
  onChoose: ((contactId: string, said?: readonly IdentificationMethod[]) => void) | null
}) {
  const { t } = useTranslation('web-desk')
  const [text, setText] = useState('')
  const [creating, setCreating] = useState(false)
  const search = useContactSearch(text)
  useAction(t('person.new'), () => setCreating(true), onChoose !== null)
  const candidates = card?.contacts ?? []
  const found = text.trim().length >= 2 ? (search.data?.items ?? []) : []
  return (
    <div className="col person-find" {...stepAt(onChoose ? 'person' : undefined)}>
      <h2>{onChoose ? t('person.who') : t('person.whoMayCall')}</h2>
      {from && (
        <p className="small">
          {t('person.callsFrom')} <b className="num">{phoneText(from)}</b>
        </p>
      )}
      {candidates.length > 0 && (
        <section aria-label={t('person.candidates')}>
          <h3>{t('person.candidates')}</h3>
          <ul className="candidates">
            {candidates.map(candidate => (
              <li key={candidate.id} className="candidate">
                <Avatar name={candidate.name} />
                <b className="grow clip">{candidate.name}</b>
                {onChoose && (
                  <Button onPress={() => onChoose(candidate.id)} label={t('person.itIs', { name: candidate.name })}>
                    {t('person.thatsIt')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
          <p className="tiny">{t('person.hintOnly')}</p>
        </section>
      )}
      {card && card.openCases.length > 0 && (
        <section aria-label={t('person.openOfNumber')}>
          <h3>{t('person.openOfNumber')}</h3>
          <ul className="col tight">
            {card.openCases.map(each => (
              <li key={each.id}>
                <b>{each.title}</b>
                {each.reference && (
                  <>
                    <br />
                    <small>
                      <ReferenceLine reference={each.reference} />
                    </small>
                  </>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      {onChoose && (
        <>
          <TextField
            label={t('person.search')}
            icon="search"
            type="search"
            value={text}
            onChange={setText}
            placeholder={t('person.searchPlaceholder')}
            autoComplete="off"
          />
          <Problem error={search.error} />
          <ul className="found" aria-label={t('person.found')}>
            {found.map(contact => (
              <li key={contact.id}>
                <button type="button" className="found-item" onClick={() => onChoose(contact.id, saidBy(text, contact))}>
                  <b>{contact.name}</b>
                  <small>{describe(contact)}</small>
                  <span className={`tiny why ${contact.why}`}>{t(`foundBy.${contact.why}`)}</span>
                </button>
              </li>
            ))}
          </ul>
          {text.trim().length >= 2 && search.isSuccess && !search.isPlaceholderData && found.length === 0 && (
            <p className="muted" role="status">
              {t('person.notFound')}
            </p>
          )}
          <Button icon="plus" onPress={() => setCreating(true)}>
            {t('person.new')}
          </Button>
          <ContactForm
            contact={null}
            isOpen={creating}
            draft={draft}
            start={{ text: found.length === 0 ? text : '', phone: from }}
            onClose={() => setCreating(false)}
            onSaved={saved => onChoose(saved.id, saidOnCard(saved))}
            onUse={id => {
              setCreating(false)
              onChoose(id)
            }}
          />
        </>
      )}
    </div>
  )
}
