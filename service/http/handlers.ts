import { firstAddress, lastAddress, parseRangeText, sortableAddress } from '#shared/ip/index';
import { accountOf } from '../account/account-view';
import { createKey, revokeKey, rotateKey } from '../account/keys';
import { setMode } from '../account/mode';
import { addRanges, removeRange, updateRange } from '../account/ranges';
import { Refusal } from '../account/refusal';
import { authorizeReview, denyReview } from '../account/reviews';
import { epochMsOf } from '../clock';
import { decodeCursor, readChanges } from '../feed/changes';
import { attemptOf, type AttemptQuery } from '../storage/repositories/attempts';
import { auditEventOf } from '../storage/repositories/audit';
import { keyOf } from '../storage/repositories/keys';
import type { Page } from '../storage/repositories/page';
import { rangeOf } from '../storage/repositories/ranges';
import { reviewOf } from '../storage/repositories/reviews';
import type { RouteHandlers } from './route-handlers';

const MS_PER_SECOND = 1000;

const pageWith = <Row, Entity>(page: Page<Row>, entityOf: (row: Row) => Entity) => ({
  items: page.items.map(entityOf),
  nextCursor: page.nextCursor,
});

/** The addresses that `?ip=` asks for, as a span of the log's index. */
const readIpSpan = (text: string): AttemptQuery['ipSpan'] => {
  const parsed = parseRangeText(text, { allowWide: true });
  if (!parsed.ok) throw new Refusal('invalid_request', `ip: ${parsed.error.message}`, { field: 'ip' });
  const [first, last] = [parsed.cidrs[0], parsed.cidrs.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  // The pieces of a dash follow each other without a gap, so one span holds them all.
  return { first: sortableAddress(firstAddress(first)), last: sortableAddress(lastAddress(last)) };
};

/** What each route of the contract does. */
export const handlers: RouteHandlers = {
  getAccount: async ({ storage, principal }) =>
    accountOf(await storage.read.accounts.get(principal.accountId), principal),

  setMode: async (call, { body }) => {
    await setMode(call, call.principal, body.mode);
    return accountOf(await call.storage.read.accounts.get(call.principal.accountId), call.principal);
  },

  listRanges: async ({ storage, principal }, { query }) =>
    pageWith(await storage.read.ranges.page(principal.accountId, query), rangeOf),
  addRanges: async (call, { body }) => ({ items: await addRanges(call, call.principal, body) }),
  updateRange: (call, { params, body }) => updateRange(call, call.principal, params.id, body, call.ifMatch),
  removeRange: async (call, { params }) => {
    await removeRange(call, call.principal, params.id, call.ifMatch);
    return null;
  },

  listAttempts: async ({ storage, principal }, { query }) => {
    const { ip, from, to, ...rest } = query;
    const page = await storage.read.attempts.page(principal.accountId, {
      ...rest,
      ipSpan: ip === undefined ? undefined : readIpSpan(ip),
      from: from === undefined ? undefined : epochMsOf(from),
      to: to === undefined ? undefined : epochMsOf(to),
    });
    return pageWith(page, attemptOf);
  },

  listReviews: async ({ storage, principal }, { query }) =>
    pageWith(await storage.read.reviews.page(principal.accountId, query), reviewOf),
  authorizeReview: (call, { params, body }) => authorizeReview(call, call.principal, params.id, body),
  denyReview: (call, { params, body }) => denyReview(call, call.principal, params.id, body),

  listKeys: async ({ storage, principal }, { query }) =>
    pageWith(await storage.read.keys.page(principal.accountId, query), keyOf),
  createKey: (call, { body }) => createKey(call, call.principal, body.name),
  rotateKey: (call, { params, body }) => rotateKey(call, call.principal, params.id, body.graceSeconds),
  revokeKey: async (call, { params }) => {
    await revokeKey(call, call.principal, params.id);
    return null;
  },

  getChanges: ({ storage, hub, principal, signal }, { query }) => {
    const cursor = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
    if (query.cursor !== undefined && cursor === undefined) {
      throw new Refusal(
        'invalid_request',
        'cursor: not a cursor of this service; leave it out to start afresh.',
        {
          field: 'cursor',
        },
      );
    }
    return readChanges(storage, hub, {
      accountId: principal.accountId,
      cursor,
      waitMs: query.wait * MS_PER_SECOND,
      signal,
      accountOf: (row) => accountOf(row, principal),
    });
  },

  listAudit: async ({ storage, principal }, { query }) =>
    pageWith(await storage.read.audit.page(principal.accountId, query), auditEventOf),
};
