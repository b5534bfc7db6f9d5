/**
 * The version of the engine's decisions. It is raised whenever the engine decides anything otherwise than before, so that a release knows which
 * steps in the rows are its own to replay, and which were decided by another. `version.test.ts` replays recorded days and says when it is due.
 */
export const engineVersion = 1
