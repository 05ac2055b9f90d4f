import { z } from 'zod';
import { confirmImpact } from '../api/bodies';
import { addSourceBody, refreshSourceBody, sourceRoutes, updateSourceBody } from '../api/routes-sources';
import { idSchema } from '../domain/entities';
import { accountCall, type CallGroup, nothing } from './call';

/** Sources are edited at the service, which alone can read them: these calls do not wait in the outbox. */
export const sourceCalls = {
  add: accountCall(addSourceBody, sourceRoutes.addSource.response),
  update: accountCall(
    z.strictObject({ sourceId: idSchema, version: z.int().positive().optional(), changes: updateSourceBody }),
    sourceRoutes.updateSource.response,
  ),
  refresh: accountCall(refreshSourceBody.extend({ sourceId: idSchema }), sourceRoutes.refreshSource.response),
  remove: accountCall(z.strictObject({ sourceId: idSchema, confirmImpact }), nothing),
} as const satisfies CallGroup;
