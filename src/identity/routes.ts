/** HTTP of identity. */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import {
  addressOf,
  comesFromThisMachine,
  type House,
  houseSecret,
  languageOf,
  PageQuery,
  page,
  Refused,
  route,
  sentence,
  Uuid,
} from '../platform/index.ts'
import { assign, confirmAssignment, limitAssignment, unassign } from './assignments.ts'
import { rolesWhich } from './capabilities.ts'
import { givenCookie, takenCookie, tokenOf } from './cookie.ts'
import { knownBrowser, rememberedBrowser } from './known-browser.ts'
import {
  AccountNotice,
  Acting,
  AssignmentEnd,
  AssignmentRequest,
  Ending,
  NewAssignment,
  NewPerson,
  OneTimePassword,
  OwnLanguage,
  PasswordChange,
  Person,
  PersonChange,
  PersonSummary,
  RoleText,
  SessionEnd,
  SessionView,
  SignIn,
} from './model.ts'
import { markSeen, noticesOf } from './notices.ts'
import { declineRequest, openRequests } from './requests.ts'
import { changePerson, createPerson, disablePerson, enablePerson, givePassword, personView, searchPeople } from './service.ts'
import { changePassword, chooseLanguage, endOfSession, sessionView, signIn, signOut, switchAssignment } from './sessions.ts'

const OnePerson = z.object({ personId: Uuid })
const OneRequest = z.object({ requestId: Uuid })
const Yes = z.enum(['true', 'false']).default('false')
const EndingQuery = z.object({ urgent: Yes, afterCall: Yes })
const OneAssignment = OnePerson.extend({ assignmentId: Uuid })

/** Where somebody tries a password from. */
async function whereFrom(house: House, request: FastifyRequest, user: string) {
  const secret = await houseSecret(house.config, house.database.kysely)
  return {
    address: addressOf(house.config, request.raw),
    browser: knownBrowser(secret, house.config, request.headers, user, house.clock.now()),
  }
}

const session = 'session'
const people = 'people'

export const identityRoutes = [
  route({
    method: 'POST',
    url: '/api/session',
    operation: 'signIn',
    summary: 'Sign in',
    description:
      'Gives the session in a cookie. A password that an administrator has given is refused with `identity.newPasswordNeeded` until `newPassword` comes with it. After too many wrong attempts, 429 says in `Retry-After` how long to wait.',
    tag: session,
    access: 'public',
    body: SignIn,
    answer: SessionView,
    bodyLimitBytes: 4_096,
    async handle({ house, actor, body, request, reply }) {
      const { config } = house
      const from = {
        ...(await whereFrom(house, request, body.user)),
        local: comesFromThisMachine(request.raw),
        replaces: tokenOf(config, request.headers),
      }
      // Whoever signs in is nobody yet, even with an older session.
      const signedIn = await signIn(house, actor.kind === 'person' ? { kind: 'citizen', channel: 'web' } : actor, body, from)
      const { user } = signedIn.session.person
      reply.header('set-cookie', [
        givenCookie(config, request.headers, signedIn.token),
        rememberedBrowser(await houseSecret(config, house.database.kysely), config, request.headers, user, house.clock.now()),
      ])
      return signedIn.session
    },
  }),
  route({
    method: 'DELETE',
    url: '/api/session',
    operation: 'signOut',
    summary: 'Sign out',
    description: 'Whoever is not signed in is answered in the same way.',
    tag: session,
    access: 'public',
    async handle({ house, actor, request, reply }) {
      const token = tokenOf(house.config, request.headers)
      if (token !== undefined) await signOut(house, actor, token)
      reply.header('set-cookie', takenCookie(house.config, request.headers))
    },
  }),
  route({
    method: 'GET',
    url: '/api/session',
    operation: 'readSession',
    summary: 'Who is signed in, and under which assignment',
    tag: session,
    access: 'signed-in',
    answer: SessionView,
    handle: ({ house, actor }) => sessionView(house, actor),
  }),
  route({
    method: 'PUT',
    url: '/api/session/acting',
    operation: 'chooseAssignment',
    summary: 'Go on under another of the own assignments',
    description: 'What ran under the one before is over: an operator is no longer at the desk. Live streams begin anew.',
    tag: session,
    access: 'signed-in',
    body: Acting,
    answer: SessionView,
    handle({ house, actor, body, request }) {
      const token = tokenOf(house.config, request.headers)
      if (token === undefined) throw new Refused('platform.signIn', {}, 401)
      return switchAssignment(house, actor, { token, assignmentId: body.assignmentId })
    },
  }),
  route({
    method: 'PUT',
    url: '/api/session/language',
    operation: 'chooseLanguage',
    summary: 'Choose the language of the pages',
    tag: session,
    access: 'signed-in',
    body: OwnLanguage,
    answer: SessionView,
    handle: ({ house, actor, body }) => chooseLanguage(house, actor, body.language),
  }),
  route({
    method: 'PUT',
    url: '/api/session/password',
    operation: 'changePassword',
    summary: 'Change the own password',
    description: 'Every other session of the person ends; this one goes on with a new cookie.',
    tag: session,
    access: 'signed-in',
    body: PasswordChange,
    answer: SessionView,
    async handle({ house, actor, body, request, reply }) {
      const { user } = (await sessionView(house, actor)).person
      const changed = await changePassword(house, actor, body, await whereFrom(house, request, user))
      reply.header('set-cookie', givenCookie(house.config, request.headers, changed.token))
      return changed.session
    },
  }),

  route({
    method: 'GET',
    url: '/api/session/ended',
    operation: 'readEndedSession',
    summary: 'Why the session of this browser ended',
    description: 'For the page of signing in. Only the browser that has the token is told.',
    tag: session,
    access: 'public',
    answer: SessionEnd,
    perMinute: 60,
    async handle({ house, request }) {
      const reason = await endOfSession(house, tokenOf(house.config, request.headers))
      return { sentence: reason === null ? null : sentence(languageOf(request), `identity.ended.${reason}`) }
    },
  }),
  route({
    method: 'GET',
    url: '/api/session/notices',
    operation: 'listAccountNotices',
    summary: 'What others have done with the own account, newest first',
    tag: session,
    access: 'signed-in',
    answer: z.object({ items: z.array(AccountNotice) }),
    handle: async ({ house, actor, request }) => ({ items: await noticesOf(house, actor, languageOf(request)) }),
  }),
  route({
    method: 'POST',
    url: '/api/session/notices/seen',
    operation: 'acknowledgeAccountNotices',
    summary: 'The notices about the own account have been read',
    tag: session,
    access: 'signed-in',
    status: 204,
    handle: ({ house, actor }) => markSeen(house, actor),
  }),

  route({
    method: 'GET',
    url: '/api/people',
    operation: 'findPeople',
    summary: 'People of the staff, by family name or as a text finds them',
    description: 'Administrators see everybody; supervisors the operators of their unit.',
    tag: people,
    access: rolesWhich('accounts.see'),
    query: PageQuery.extend({
      q: z
        .string()
        .trim()
        .max(100)
        .optional()
        .describe('beginning of a user name or of any word of the name')
        .meta({ example: 'bian' }),
      unitId: z.string().max(100).optional().describe('only those who work now in this unit or one under it'),
      role: RoleText.optional(),
    }),
    answer: page(PersonSummary),
    handle: ({ house, actor, query }) => searchPeople(house, actor, query),
  }),
  route({
    method: 'POST',
    url: '/api/people',
    operation: 'createPerson',
    summary: 'Make an account',
    description: 'It cannot be used until it has a password and an assignment.',
    tag: people,
    access: rolesWhich('accounts.keep'),
    body: NewPerson,
    answer: Person,
    status: 201,
    idempotent: true,
    handle: ({ house, actor, body, idempotency }) => createPerson(house, actor, body, idempotency),
  }),
  route({
    method: 'GET',
    url: '/api/people/:personId',
    operation: 'readPerson',
    summary: 'A person with their assignments',
    tag: people,
    access: rolesWhich('accounts.see'),
    params: OnePerson,
    answer: Person,
    handle: ({ house, actor, params, request }) => personView(house, actor, params.personId, languageOf(request)),
  }),
  route({
    method: 'PATCH',
    url: '/api/people/:personId',
    operation: 'changePerson',
    summary: 'Change user name, name or language',
    tag: people,
    access: rolesWhich('accounts.keep'),
    params: OnePerson,
    body: PersonChange,
    answer: Person,
    ifMatch: true,
    handle: ({ house, actor, params, body, version }) =>
      changePerson(house, actor, { id: params.personId, version, change: body }),
  }),
  route({
    method: 'POST',
    url: '/api/people/:personId/disable',
    operation: 'disablePerson',
    summary: 'Disable an account and end its sessions',
    tag: people,
    access: rolesWhich('accounts.keep'),
    description: 'Of somebody who is talking to a citizen, 409 says so: `afterCall` or `urgent` decides.',
    params: OnePerson,
    body: Ending,
    answer: Person,
    handle: ({ house, actor, params, body }) => disablePerson(house, actor, { id: params.personId, ...body }),
  }),
  route({
    method: 'POST',
    url: '/api/people/:personId/enable',
    operation: 'enablePerson',
    summary: 'Enable a disabled account',
    tag: people,
    access: rolesWhich('accounts.keep'),
    params: OnePerson,
    answer: Person,
    handle: ({ house, actor, params }) => enablePerson(house, actor, params.personId),
  }),
  route({
    method: 'POST',
    url: '/api/people/:personId/one-time-password',
    operation: 'issueOneTimePassword',
    summary: 'Give a password that is good once, for choosing another',
    description:
      'The password before it, and every session, is void at once. Of somebody else: the own password is changed with itself.',
    tag: people,
    access: rolesWhich('accounts.keep'),
    params: OnePerson,
    answer: OneTimePassword,
    status: 201,
    handle: ({ house, actor, params }) => givePassword(house, actor, params.personId),
  }),
  route({
    method: 'POST',
    url: '/api/people/:personId/assignments',
    operation: 'requestAssignment',
    summary: 'Ask to give a person a role in a unit',
    description: 'It holds when a second administrator has confirmed it. Nobody gives a role to themselves.',
    tag: people,
    access: rolesWhich('accounts.keep'),
    params: OnePerson,
    body: NewAssignment,
    answer: Person,
    status: 201,
    idempotent: true,
    handle: ({ house, actor, params, body, idempotency }) =>
      assign(house, actor, { personId: params.personId, assignment: body }, idempotency),
  }),
  route({
    method: 'PATCH',
    url: '/api/people/:personId/assignments/:assignmentId',
    operation: 'changeAssignment',
    summary: 'Set the day on which an assignment ends',
    tag: people,
    access: rolesWhich('accounts.keep'),
    params: OneAssignment,
    body: AssignmentEnd,
    answer: Person,
    handle: ({ house, actor, params, body }) => limitAssignment(house, actor, { ...params, until: body.until }),
  }),
  route({
    method: 'DELETE',
    url: '/api/people/:personId/assignments/:assignmentId',
    operation: 'endAssignment',
    summary: 'End an assignment now',
    tag: people,
    access: rolesWhich('accounts.keep'),
    description: 'Of somebody who is talking to a citizen, 409 says so: `afterCall` or `urgent` decides.',
    params: OneAssignment,
    query: EndingQuery,
    answer: Person,
    handle: ({ house, actor, params, query }) =>
      unassign(house, actor, { ...params, urgent: query.urgent === 'true', afterCall: query.afterCall === 'true' }),
  }),
  route({
    method: 'GET',
    url: '/api/assignment-requests',
    operation: 'listAssignmentRequests',
    summary: 'Roles that wait for a second administrator',
    tag: people,
    access: rolesWhich('accounts.keep'),
    answer: z.object({ items: z.array(AssignmentRequest) }),
    handle: async ({ house, actor, request }) => ({ items: await openRequests(house, actor, languageOf(request)) }),
  }),
  route({
    method: 'POST',
    url: '/api/assignment-requests/:requestId/confirm',
    operation: 'confirmAssignmentRequest',
    summary: 'Confirm a role that another administrator has asked for somebody else',
    tag: people,
    access: rolesWhich('accounts.keep'),
    params: OneRequest,
    answer: Person,
    handle: ({ house, actor, params }) => confirmAssignment(house, actor, params.requestId),
  }),
  route({
    method: 'POST',
    url: '/api/assignment-requests/:requestId/decline',
    operation: 'declineAssignmentRequest',
    summary: 'Decline a role that waits, or take it back',
    tag: people,
    access: rolesWhich('accounts.keep'),
    params: OneRequest,
    status: 204,
    handle: ({ house, actor, params }) => declineRequest(house, actor, params.requestId),
  }),
] as const
