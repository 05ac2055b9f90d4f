import { SECOND_MS } from '#shared/durations';
import { accountOf } from '../account/account-view';
import { explain } from '../account/explain';
import type { Principal } from '../policy/context';
import { createKey, revokeKey, rotateKey, updateKey } from '../account/keys';
import { setMode } from '../policy/mode';
import { applyOperations } from '../account/operations';
import { addRanges, removeRange, updateRange } from '../account/ranges';
import { Refusal } from '../policy/refusal';
import { createToken, listTokens, removeToken } from '../account/tokens';
import { createUser, removeUser, updateUser } from '../account/users';
import { exportRanges } from '../export/export-ranges';
import { RANGE_WRITERS } from '../export/range-formats';
import { importRanges } from '../import/import';
import { simulate } from '../simulate/simulate';
import { tokenOf, userOf } from '../storage/repositories/users';
import { updateAccount } from '../account/update-account';
import { authorizeReview, declineProposal, denyReview, reopenReview } from '../account/reviews';
import { readChanges } from '../feed/changes';
import { cursorOfNow, decodeCursor } from '../feed/cursor';
import { TooManyWaiting } from '../storage/feed-hub';
import type { AccountRow } from '../storage/repositories/accounts';
import { auditEventOf } from '../storage/repositories/audit';
import { keyOf } from '../storage/repositories/keys';
import { rangeOf } from '../storage/repositories/ranges';
import { reviewOf } from '../storage/repositories/reviews';
import { exportName } from './export-name';
import { logHandlers } from './handlers-log';
import { sourceHandlers } from './handlers-sources';
import { JsonText, pageWith, type CallContext, type RouteHandlers } from './route-handlers';

async function accountAsSeen({ storage, principal, learningWindowMs, state }: CallContext) {
  return accountOf(
    await storage.read.accounts.get(principal.accountId),
    principal,
    learningWindowMs,
    state(),
  );
}

export const handlers: RouteHandlers = {
  getAccount: accountAsSeen,

  updateAccount: async (call, { body }) => {
    await updateAccount(call, call.principal, body);
    return accountAsSeen(call);
  },

  setMode: async (call, { body }) => {
    await setMode(call, call.principal, body);
    return accountAsSeen(call);
  },

  listRanges: async ({ storage, principal }, { query }) =>
    pageWith(await storage.read.ranges.page(principal.accountId, query), rangeOf),
  addRanges: (call, { body }) => addRanges(call, call.principal, body),
  updateRange: (call, { params, body }) => updateRange(call, call.principal, params.id, body, call.ifMatch),
  removeRange: async (call, { params, query }) => {
    await removeRange(call, call.principal, params.id, query, call.ifMatch);
    return null;
  },

  listReviews: async ({ storage, principal }, { query }) =>
    pageWith(await storage.read.reviews.page(principal.accountId, query), reviewOf),
  authorizeReview: (call, { params, body }) => authorizeReview(call, call.principal, params.id, body),
  denyReview: (call, { params, body }) => denyReview(call, call.principal, params.id, body),
  reopenReview: (call, { params }) => reopenReview(call, call.principal, params.id, call.ifMatch),
  declineProposal: (call, { params }) => declineProposal(call, call.principal, params.id),

  listKeys: async ({ storage, principal }, { query }) =>
    pageWith(await storage.read.keys.page(principal.accountId, query), keyOf),
  createKey: (call, { body }) => createKey(call, call.principal, body.name),
  rotateKey: (call, { params, body }) => rotateKey(call, call.principal, params.id, body.graceSeconds),
  updateKey: (call, { params, body }) => updateKey(call, call.principal, params.id, body),
  revokeKey: async (call, { params, query }) => {
    await revokeKey(call, call.principal, params.id, query);
    return null;
  },

  getChanges: async (
    { hub, readPage, clock, principal, principalNow, signal, learningWindowMs, state },
    { query },
  ) => {
    const cursor = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
    if (query.cursor !== undefined && cursor === undefined) {
      const message = 'cursor: not a cursor of this service; leave it out to start afresh.';
      throw new Refusal('invalid_request', message, { field: 'cursor' });
    }
    const accountAs = (reader: Principal) => (row: AccountRow) =>
      accountOf(row, reader, learningWindowMs, state());
    const { tokenExpiresAt } = principal;
    const tokenEndsInMs = tokenExpiresAt === null ? Infinity : tokenExpiresAt - clock.now();
    try {
      const text = await readChanges(
        { hub, readPage },
        {
          accountId: principal.accountId,
          cursor,
          waitMs: Math.min(query.wait * SECOND_MS, tokenEndsInMs),
          signal,
          readerId: principal.userId,
          accountOf: accountAs(principal),
          accountOfNow: async () => accountAs(await principalNow()),
          state,
        },
      );
      return new JsonText(text);
    } catch (error) {
      if (error instanceof TooManyWaiting)
        throw new Refusal('limit_reached', error.message, { field: 'wait' });
      throw error;
    }
  },

  applyOperations: async (call, { body }) => {
    const { storage, principal } = call;
    const results = await applyOperations(call, principal, body.operations, call.principalNow);
    return { results, cursor: await cursorOfNow(storage, principal.accountId) };
  },

  listAudit: async ({ storage, principal }, { query }) =>
    pageWith(await storage.read.audit.page(principal.accountId, query), auditEventOf),

  listUsers: async ({ storage, principal }, { query }) =>
    pageWith(await storage.read.users.page(principal.accountId, query), userOf),
  createUser: (call, { body }) => createUser(call, call.principal, body),
  updateUser: (call, { params, body }) => updateUser(call, call.principal, params.id, body),
  removeUser: async (call, { params }) => {
    await removeUser(call, call.principal, params.id);
    return null;
  },

  listTokens: async (call, { params, query }) =>
    pageWith(await listTokens(call, call.principal, params.id, query), tokenOf),
  createToken: (call, { params, body }) => createToken(call, call.principal, params.id, body),
  removeToken: async (call, { params }) => {
    await removeToken(call, call.principal, params.id);
    return null;
  },

  importRanges: (call, { body }) => importRanges(call, call.principal, body, call.signal, call.principalNow),
  exportRanges: ({ storage, directory, clock, principal }, { query: { format, effect } }) => {
    const now = clock.now();
    const { contentType, extension } = RANGE_WRITERS[format];
    return Promise.resolve({
      contentType,
      fileName: exportName('ranges', now, extension),
      pieces: exportRanges(storage, directory.account(principal.accountId), format, effect, now),
    });
  },
  explain: (call, { query }) => explain(call, call.principal.accountId, query),
  simulate: (call, { body }) => simulate(call, call.principal.accountId, body, call.signal),

  ...logHandlers,
  ...sourceHandlers,
};
