/** The door of contacts: persons and businesses, and how sure we are who they are. */
export * from './model.ts'
