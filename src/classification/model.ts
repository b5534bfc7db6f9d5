/**
 * What citizens ask about: a tree of typologies. Inner nodes lead to leaves; a leaf says who deals with it at each level: the section of the
 * contact centre, the section of the regional centre (or its IT group), the central directorate.
 */
import { z } from 'zod'
import { CricSection, UnitId } from '../organisation/index.ts'

export const TypologyId = z
  .string()
  .max(100)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .meta({ example: 'vecchiaia' })

/** A node of the tree. What it says about who deals with it is there on leaves only. */
export const Typology = z
  .object({
    id: TypologyId,
    parentId: TypologyId.nullable(),
    label: z.string().meta({ example: 'Pensione di vecchiaia' }),
    path: z
      .array(z.string())
      .describe('labels from the root to this one')
      .meta({ example: ['Pensioni', 'Pensione di vecchiaia'] }),
    leaf: z.boolean().describe('whether a question can be of this typology'),
    description: z.string().describe('what belongs here, in a sentence'),
    ccmSectionId: UnitId.nullable().describe('section of the contact centre').meta({ example: 'ccm-pensioni' }),
    cricSection: CricSection.nullable().describe('section of the regional centre; null for IT matters'),
    centralDirectorateId: UnitId.nullable().describe('competent central directorate').meta({ example: 'dc-pensioni' }),
    itMatter: z.boolean().describe('a malfunction: goes to the IT assistance group of the region'),
  })
  .meta({ id: 'Typology' })
export type Typology = z.infer<typeof Typology>

/** What other rooms ask of a leaf. */
export interface TypologyFacts {
  id: string
  label: string
  path: string[]
  cricSection: CricSection | null
  centralDirectorateId: string | null
  itMatter: boolean
  ccmSectionId: string
}

/** A node as it is put into an empty classification, with the words that citizens use for it. */
export interface NewTypology extends Omit<Typology, 'path'> {
  /** Other words, or short phrases, by which citizens mean it. */
  synonyms: readonly string[]
}
