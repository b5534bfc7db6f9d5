/** Several that were chosen, each with a way to take it out again, and below them the field in which one more is chosen. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './ui/index.ts'

export interface Named {
  id: string
  name: string
}

export function Several({
  label,
  chosen,
  onChange,
  error,
  children,
}: {
  label: string
  chosen: readonly Named[]
  onChange: (chosen: Named[]) => void
  error?: string | undefined
  /** The field; what is chosen in it is added. */
  children: (add: (one: Named) => void) => ReactNode
}) {
  const { t } = useTranslation()
  const add = (one: Named) => {
    if (!chosen.some(({ id }) => id === one.id)) onChange([...chosen, one])
  }
  return (
    <section className="several" aria-label={label}>
      {children(add)}
      {chosen.length > 0 && (
        <ul>
          {chosen.map(({ id, name }) => (
            <li key={id} className="row">
              <span className="grow">{name}</span>
              <Button
                tone="quiet"
                icon="close"
                label={t('takeOut', { name })}
                onPress={() => onChange(chosen.filter(each => each.id !== id))}
              />
            </li>
          ))}
        </ul>
      )}
      {error !== undefined && <p className="wrong">{error}</p>}
    </section>
  )
}
