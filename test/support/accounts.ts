/** How the people of `staff.ts` sign in: they have accounts in the sample institute, which every test's database begins with. */
import { samplePassword } from '../../sample/index.ts'
import type { PersonActor } from '../../src/platform/index.ts'

export const password = samplePassword

/** `anna.bianchi` of Anna Bianchi. */
export const userOf = (person: PersonActor): string => person.name.toLowerCase().replaceAll(' ', '.')
