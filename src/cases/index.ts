/** The door of cases: interactions, cases, Linea tickets, and the policy of who passes what to whom. */
export * from './model.ts'
