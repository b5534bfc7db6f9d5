/** The door of privacy: what is known of one person, taken out and erased; and for how long cases are kept. */
export { startPrivacy } from './follow.ts'
export { privacyRoutes } from './routes.ts'
