/** The version of the program, semantic, as its package says it. */
import description from '../../package.json' with { type: 'json' }

export const programVersion: string = description.version
