/** HTTP of the files of cases. */
import { z } from 'zod'
import { FileQuery, maxFileBytes } from '../../channels/index.ts'
import { bytesOf, languageOf, route, Uuid } from '../../platform/index.ts'
import { FileName } from '../answering/model.ts'
import { CaseFiles } from './model.ts'
import { addCaseFile, removeCaseFile, restoreCaseFile } from './service.ts'
import { caseFilesView, downloadCaseFile } from './views.ts'

const CaseParam = z.object({ caseId: Uuid })
const FileParam = CaseParam.extend({ fileId: Uuid })
const common = { tag: 'cases', access: 'signed-in' } as const
const bytes = 'application/octet-stream'

export const caseFileRoutes = [
  route({
    ...common,
    method: 'GET',
    url: '/api/cases/:caseId/files',
    operation: 'listCaseFiles',
    summary: 'The files of a case: what people put there, and what came with its mails',
    params: CaseParam,
    answer: CaseFiles,
    handle: ({ house, actor, params, request }) => caseFilesView(house, actor, params.caseId, languageOf(request)),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/cases/:caseId/files',
    operation: 'addCaseFile',
    summary: 'Put a file to a case',
    description: 'The same file under the same name is there once: sent again it is found, also when it had been taken away.',
    params: CaseParam,
    query: FileName,
    takes: { types: [bytes], limitBytes: maxFileBytes, description: 'Any file; what malware is found in is refused.' },
    answer: z.object({ caseId: Uuid.describe('of the case in which one goes on'), fileId: Uuid }),
    status: 201,
    perMinute: 60,
    handle: ({ house, actor, params, query, request }) =>
      addCaseFile(house, actor, { ...params, ...query, bytes: bytesOf(request) }),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/cases/:caseId/files/:fileId',
    operation: 'downloadCaseFile',
    summary: 'A file of a case, as a download or shown',
    params: FileParam,
    query: FileQuery,
    gives: bytes,
    handle: ({ house, actor, params, query, reply }) => downloadCaseFile(house, actor, { ...params, reply }, query),
  }),
  route({
    ...common,
    method: 'DELETE',
    url: '/api/cases/:caseId/files/:fileId',
    operation: 'removeCaseFile',
    summary: 'Take a file away from a case; it can be put back',
    params: FileParam,
    status: 204,
    handle: async ({ house, actor, params }) => void (await removeCaseFile(house, actor, params)),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/cases/:caseId/files/:fileId/restore',
    operation: 'restoreCaseFile',
    summary: 'Put back a file that was taken away',
    params: FileParam,
    status: 204,
    handle: async ({ house, actor, params }) => void (await restoreCaseFile(house, actor, params)),
  }),
] as const
