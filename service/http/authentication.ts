import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { permissionSchema } from '#shared/domain/entities';
import type { Principal, ServiceContext } from '../account/context';
import { Refusal } from '../account/refusal';
import { hashSecret } from '../account/secrets';
import type { CallerReader } from './client-address';
import { bearerToken, headerText } from './request-headers';
import type { TokenGuard } from './token-guard';

/** Tells the console's own calls from other API clients in the audit trail. It grants nothing. */
const CLIENT_HEADER = 'x-gatehouse-client';

/** How exact "last used" of a token is; finer would be a write for every call. */
const TOUCH_INTERVAL_MS = 60_000;

const permissionList = z.array(permissionSchema);

const AUTHORIZATION = { field: 'authorization' };

/** More wrong tokens than are free; the caller has to wait. */
export class TooManyAttempts extends Error {
  constructor(readonly retryAfterSeconds: number) {
    super(`Too many wrong access tokens from your address; try again in ${retryAfterSeconds} seconds.`);
  }
}

/** Whose guesses are counted: the client behind the proxies, or the peer where the chain cannot be read. */
export const guesserOf = (request: IncomingMessage, callerOf: CallerReader): string => {
  const read = callerOf(request);
  return read.ok ? read.caller.ip : (request.socket.remoteAddress ?? 'unknown');
};

/**
 * Finds out who asks.
 * @throws Refusal `unauthorized` or `token_expired`; TooManyAttempts while the caller has to wait.
 */
export const authenticate = async (
  context: ServiceContext,
  guard: TokenGuard,
  request: IncomingMessage,
  callerOf: CallerReader,
): Promise<Principal> => {
  const token = bearerToken(request.headers);
  if (token === undefined) {
    throw new Refusal(
      'unauthorized',
      'Send an access token as "Authorization: Bearer <token>".',
      AUTHORIZATION,
    );
  }
  const hash = hashSecret(token);
  const caller = guesserOf(request, callerOf);
  const waitSeconds = guard.waitSeconds(caller, hash);
  if (waitSeconds > 0) throw new TooManyAttempts(waitSeconds);
  const found = await context.storage.read.users.byTokenHash(hash);
  if (found === undefined) {
    guard.failed(caller);
    throw new Refusal('unauthorized', 'This access token is not known here.', AUTHORIZATION);
  }
  guard.succeeded(caller, hash);
  const now = context.clock.now();
  if (found.token.expires_at !== null && found.token.expires_at <= now) {
    throw new Refusal(
      'token_expired',
      'This access token has expired; sign in with a new one.',
      AUTHORIZATION,
    );
  }
  if (found.token.last_used_at === null || now - found.token.last_used_at >= TOUCH_INTERVAL_MS) {
    await context.writer.write(({ tx }) => tx.users.touchToken(found.token.id, now));
  }
  return {
    accountId: found.user.account_id,
    actor: { kind: 'user', id: found.user.id, name: found.user.email },
    userId: found.user.id,
    email: found.user.email,
    role: found.user.role,
    permissions: permissionList.parse(JSON.parse(found.user.permissions)),
    tokenExpiresAt: found.token.expires_at,
    via: headerText(request.headers, CLIENT_HEADER) === 'console' ? 'console' : 'api',
  };
};
