/** HTTP of the materials of activities. */
import { z } from 'zod'
import { FileQuery, maxFileBytes } from '../channels/index.ts'
import { bytesOf, route, TextLine, Uuid } from '../platform/index.ts'
import { addMaterial, downloadMaterial, removeMaterial, restoreMaterial } from './materials.ts'

const common = { tag: 'prevention', access: 'signed-in' } as const
const OneActivity = z.object({ activityId: Uuid })
const OneMaterial = OneActivity.extend({ materialId: Uuid })
const bytes = 'application/octet-stream'

export const materialRoutes = [
  route({
    ...common,
    method: 'POST',
    url: '/api/prevention/:activityId/materials',
    operation: 'addMaterial',
    summary: 'Put a file to an activity',
    params: OneActivity,
    query: z.object({ name: TextLine.pipe(z.string().min(1).max(255)).describe('of the file, with its ending') }),
    takes: { types: [bytes], limitBytes: maxFileBytes, description: 'Any file; what malware is found in is refused.' },
    answer: z.object({ activityId: Uuid, materialId: Uuid }),
    status: 201,
    perMinute: 60,
    handle: ({ house, actor, params, query, request }) =>
      addMaterial(house, actor, { ...params, ...query, bytes: bytesOf(request) }),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/prevention/:activityId/materials/:materialId',
    operation: 'downloadMaterial',
    summary: 'A file of an activity, as a download or shown',
    params: OneMaterial,
    query: FileQuery,
    gives: bytes,
    handle: ({ house, params, query, reply }) => downloadMaterial(house, { ...params, reply }, query),
  }),
  route({
    ...common,
    method: 'DELETE',
    url: '/api/prevention/:activityId/materials/:materialId',
    operation: 'removeMaterial',
    summary: 'Take a file away from an activity; it can be put back',
    params: OneMaterial,
    status: 204,
    handle: async ({ house, actor, params }) => void (await removeMaterial(house, actor, params)),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/prevention/:activityId/materials/:materialId/restore',
    operation: 'restoreMaterial',
    summary: 'Put back a file that was taken away',
    params: OneMaterial,
    status: 204,
    handle: async ({ house, actor, params }) => void (await restoreMaterial(house, actor, params)),
  }),
] as const
