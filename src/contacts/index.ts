/** The door of contacts: persons and businesses, and how sure we are who they are. */

export { contactLanguages } from './choices.ts'
export { type Conversation, conversationOf } from './conversation.ts'
export { groupOf } from './double-store.ts'
export { oneHistory } from './doubles.ts'
export { contactCreated, contactIdentified } from './events.ts'
export { checkCharacter, type FiscalCodeReading, readFiscalCode } from './fiscal-code.ts'
export { contactKeysOf } from './keys-store.ts'
export { needMandate, speakerNow } from './mandates.ts'
export * from './model.ts'
export { phoneForPeople, toE164 } from './names.ts'
export { type ContactScope, contactScope, isAtLeast, levelOf, visitMs } from './policy.ts'
export {
  type ContactFacts,
  contactsByEmail,
  contactsByPhone,
  contactsOf,
  contactView,
  hasNumber,
  isSeenContact,
  need as needSeenContact,
  numbersToCall,
  type PostalAddress,
  postalAddressesOf,
  textNumberOf,
} from './reading.ts'
export { startContacts } from './renew-keys.ts'
export { contactRoutes } from './routes.ts'
export { searchContacts } from './search.ts'
export { createContact, involve } from './service.ts'
