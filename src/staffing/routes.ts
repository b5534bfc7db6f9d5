/** HTTP of staffing. */
import { z } from 'zod'
import { rolesWhich } from '../identity/index.ts'
import { languageOf, route, Uuid } from '../platform/index.ts'
import { addToReserve, changeMember, dropFromReserve, memberHistory, regionMembers, takeMember } from './members/service.ts'
import {
  MemberChange,
  MemberVersion,
  NewMember,
  NewReserve,
  PlanQuery,
  RegionMembers,
  RegionWorkload,
  StaffingPlan,
  WorkloadQuery,
} from './model.ts'
import { goneOf, staffingPlan } from './plan/service.ts'
import { regionWorkload } from './workload/views.ts'

const common = { tag: 'staffing', access: rolesWhich('region.staff') } as const
const OneMember = z.object({ memberId: Uuid })

export const staffingRoutes = [
  route({
    ...common,
    method: 'GET',
    url: '/api/staffing/workload',
    operation: 'readWorkload',
    summary:
      'What the sections of the reader’s region had to do, week by week: arrivals, what was solved and in time, backlog and its age',
    description: 'Sums that are kept as the journal grows; `readThrough` says how far.',
    query: WorkloadQuery,
    answer: RegionWorkload,
    handle: ({ house, actor, query }) => regionWorkload(house, actor, query),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/staffing/plan',
    operation: 'planStaffing',
    summary: 'The weeks ahead of a section by simulation: as it is, with other people, and how many its target needs',
    description: 'Reckoned in a thread while the reader waits; it ends when the request does.',
    query: PlanQuery,
    answer: StaffingPlan,
    handle: ({ house, actor, query, reply }) => staffingPlan(house, actor, query, goneOf(reply)),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/staffing/members',
    operation: 'listSectionMembers',
    summary: 'The members of the sections of the reader’s region, with where each comes from, and who is in reserve',
    answer: RegionMembers,
    handle: ({ house, actor, request }) => regionMembers(house, actor, languageOf(request)),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/staffing/members',
    operation: 'takeSectionMember',
    summary: 'Take somebody into a section',
    description:
      'While people of product teams or experts are in reserve, somebody of a province or an agency is taken only with a reason (circular, §4).',
    body: NewMember,
    answer: OneMember,
    status: 201,
    idempotent: true,
    handle: ({ house, actor, body, idempotency }) => takeMember(house, actor, body, idempotency),
  }),
  route({
    ...common,
    method: 'PATCH',
    url: '/api/staffing/members/:memberId',
    operation: 'changeSectionMember',
    summary: 'Change where a member comes from, from when, until when and for which share of the time',
    params: OneMember,
    body: MemberChange,
    answer: OneMember.extend({ version: z.number().int() }),
    ifMatch: true,
    handle: ({ house, actor, params, body, version }) => changeMember(house, actor, { ...params, version, change: body }),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/staffing/members/:memberId/versions',
    operation: 'listSectionMemberVersions',
    summary: 'How a membership has changed, with who changed it, newest first',
    params: OneMember,
    answer: z.object({ items: z.array(MemberVersion) }),
    handle: ({ house, actor, params }) => memberHistory(house, actor, params.memberId),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/staffing/reserve',
    operation: 'addToStaffReserve',
    summary: 'Say that somebody of a product team, or an expert, could be taken into a section',
    body: NewReserve,
    answer: z.object({ reserveId: Uuid }),
    status: 201,
    idempotent: true,
    handle: ({ house, actor, body, idempotency }) => addToReserve(house, actor, body, idempotency),
  }),
  route({
    ...common,
    method: 'DELETE',
    url: '/api/staffing/reserve/:reserveId',
    operation: 'dropFromStaffReserve',
    summary: 'Somebody in reserve cannot be had any more',
    params: z.object({ reserveId: Uuid }),
    status: 204,
    handle: async ({ house, actor, params }) => void (await dropFromReserve(house, actor, params)),
  }),
] as const
