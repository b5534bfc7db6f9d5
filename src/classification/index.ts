/** The door of the classification: the tree of typologies. */
export * from './model.ts'
export { keepProcedures, procedureNames, proceduresOf } from './procedure-store.ts'
export { Procedure, ProcedureId } from './procedures.ts'
export { classificationRoutes } from './routes.ts'
export { insertTypologies, typologyAbove, typologyLabels, typologyNames, typologyOf } from './store.ts'
