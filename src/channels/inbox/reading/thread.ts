/** The thread of `reader.ts`: reads one mail after the other. */
import { answerQuestions } from '../../../platform/index.ts'
import { parseMail } from './read.ts'

answerQuestions<null, Uint8Array>(async () => parseMail)
