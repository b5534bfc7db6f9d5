/** The door of the classification: the tree of typologies. */
export * from './model.ts'
export { classificationRoutes } from './routes.ts'
export { insertTypologies, readTypology, typologyAbove, typologyLabels, typologyNames, typologyOf } from './store.ts'
