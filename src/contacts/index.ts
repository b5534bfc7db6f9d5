/** The door of contacts: persons and businesses, and how sure we are who they are. */
export { type Conversation, conversationOf } from './conversation.ts'
export { contactCreated, contactIdentified } from './events.ts'
export { checkCharacter, type FiscalCodeReading, readFiscalCode } from './fiscal-code.ts'
export * from './model.ts'
export { phoneForPeople, toE164 } from './names.ts'
export { type ContactScope, contactScope } from './policy.ts'
export { startContacts } from './renew-keys.ts'
export { contactRoutes } from './routes.ts'
export {
  type ContactFacts,
  contactsByPhone,
  contactsOf,
  contactView,
  createContact,
  hasNumber,
  involve,
  searchContacts,
} from './service.ts'
export { contactKeysOf } from './store.ts'
