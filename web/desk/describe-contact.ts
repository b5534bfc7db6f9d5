import type { ContactSummary } from '../../src/contacts/model.ts'
import { phoneText } from '../shared/ui/index.ts'

/** What tells two of the same name apart. */
export const describe = (contact: ContactSummary): string =>
  [
    contact.fiscalCode,
    contact.birthDate?.slice(0, 4),
    contact.municipality && `${contact.municipality}${contact.provinceCode ? ` (${contact.provinceCode})` : ''}`,
    contact.phone && phoneText(contact.phone),
    contact.email,
  ]
    .filter(Boolean)
    .join(' · ')
