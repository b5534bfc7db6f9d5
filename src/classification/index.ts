/** The door of the classification: the tree of typologies. */
export type { Competence, CompetenceChange } from './competences/model.ts'
export * from './events.ts'
export * from './model.ts'
export { keepProcedures, procedureNames, proceduresOf } from './procedure-store.ts'
export { Procedure, ProcedureId } from './procedures.ts'
export { classificationRoutes } from './routes.ts'
export { insertTypologies, readTypology, typologyAbove, typologyLabels, typologyNames, typologyOf } from './store.ts'
