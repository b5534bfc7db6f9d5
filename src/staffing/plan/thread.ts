/** A thread of `service.ts`: runs the section that it is asked about. */
import { answerQuestions } from '../../platform/index.ts'
import { planStaffing, type StaffingTask } from './compare.ts'

answerQuestions<null, StaffingTask>(async () => async task => planStaffing(task))
