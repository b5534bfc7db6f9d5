/** Cases that belong together, as the API has them. */
import { z } from 'zod'
import { Instant, Permission, Text, Uuid } from '../../platform/index.ts'

/** How a case stands to another: about the same matter, a consequence of it, gone into it, split off from it. */
export const CaseLinkKind = z.enum(['same-matter', 'follows', 'joined', 'split'])
export type CaseLinkKind = z.infer<typeof CaseLinkKind>

const Why = Text.pipe(z.string().min(3).max(500)).describe('why, in a sentence for colleagues')

export const LinkCase = z.object({
  kind: CaseLinkKind.exclude(['split']).describe(
    'joined: the case of the address goes into the other, in which everybody goes on',
  ),
  code: z.string().trim().max(40).describe('the request code of the other case, as it is said').meta({ example: '482 719 3056' }),
  why: Why,
})
export type LinkCase = z.infer<typeof LinkCase>

export const SplitInteraction = z.object({
  typologyId: z.string().max(100).optional().describe('what it is about; as in the conversation, or the case, when left out'),
  why: Why,
})
export type SplitInteraction = z.infer<typeof SplitInteraction>

/** A case that somebody may mean. */
export const OtherCase = z.object({
  id: Uuid,
  code: z.string(),
  title: z.string(),
  status: z.enum(['open', 'closed']),
  openedAt: Instant,
})
export type OtherCase = z.infer<typeof OtherCase>

/** A link as it is told from one of its cases. */
export const CaseLinkView = z
  .object({
    id: Uuid,
    kind: CaseLinkKind,
    isOurs: z.boolean().describe('this case is the one that follows, was joined, or was split off; otherwise the other one is'),
    other: OtherCase,
    why: z.string(),
    byName: z.string(),
    at: Instant,
    undo: Permission,
  })
  .meta({ id: 'CaseLink' })
export type CaseLinkView = z.infer<typeof CaseLinkView>

/** A case that may belong to another, the likeliest first. */
export const ProposedCase = OtherCase.extend({
  reason: z.enum(['same-typology', 'same-person']).describe('why it is proposed'),
}).meta({ id: 'ProposedCase' })
export type ProposedCase = z.infer<typeof ProposedCase>
