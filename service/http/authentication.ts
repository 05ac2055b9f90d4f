import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { permissionSchema } from '#shared/domain/entities';
import { MINUTE_MS } from '#shared/durations';
import type { Principal } from '../policy/context';
import { Refusal } from '../policy/refusal';
import { hashSecret } from '../policy/secrets';
import type { FoundToken, TokenRow } from '../storage/repositories/users';
import type { CallerReader } from './check/client-address';
import { bearerToken, headerText } from './check/request-headers';
import type { ControlPlaneContext } from './route-handlers';
import type { TokenGuard } from './token-guard';

/** Marks the console's own calls in the audit trail. It grants nothing. */
const CLIENT_HEADER = 'x-gatehouse-client';

/** Precision of a token's "last used". A finer one would cost a write for every call. */
const TOUCH_INTERVAL_MS = MINUTE_MS;

/** Ids of tokens whose use is being written, so that simultaneous calls write it once. */
const touching = new Set<string>();

const permissionList = z.array(permissionSchema);

const AUTHORIZATION = { field: 'authorization' };

export class TooManyAttempts extends Error {
  constructor(readonly retryAfterSeconds: number) {
    super(`Too many wrong access tokens from your address; try again in ${retryAfterSeconds} seconds.`);
  }
}

/** Returns the address whose guesses are counted: the caller's, or the peer's if the chain cannot be read. */
export function callerTextOf(request: IncomingMessage, callerOf: CallerReader): string {
  const read = callerOf(request);
  return read.ok ? read.caller.ip : (request.socket.remoteAddress ?? 'unknown');
}

/** @throws Refusal `unauthorized` if no token was sent. */
function tokenHashOf(request: IncomingMessage): string {
  const token = bearerToken(request.headers);
  if (token !== undefined) return hashSecret(token);
  throw new Refusal(
    'unauthorized',
    'Send an access token as "Authorization: Bearer <token>".',
    AUTHORIZATION,
  );
}

/**
 * Returns the user of the request's token.
 * @throws Refusal `unauthorized` or `token_expired`; TooManyAttempts while the caller has to wait.
 */
export async function authenticate(
  context: Pick<ControlPlaneContext, 'findToken' | 'clock' | 'writer'>,
  guard: TokenGuard,
  request: IncomingMessage,
  callerOf: CallerReader,
): Promise<Principal> {
  const hash = tokenHashOf(request);
  const guessed = await guard.guess({
    caller: callerTextOf(request, callerOf),
    tokenHash: hash,
    find: () => context.findToken(hash),
    isRight: (found) => found !== undefined,
  });
  if (guessed.kind === 'wait') throw new TooManyAttempts(guessed.seconds);
  const now = context.clock.now();
  const { token: shown, principal } = principalOf(guessed.found, request, now);
  const { id: tokenId, last_used_at: lastUsedAt } = shown;
  const isTouchDue = lastUsedAt === null || now - lastUsedAt >= TOUCH_INTERVAL_MS;
  if (isTouchDue && !touching.has(tokenId)) {
    touching.add(tokenId);
    try {
      await context.writer.write(({ tx }) => tx.users.touchToken(tokenId, now));
    } finally {
      touching.delete(tokenId);
    }
  }
  return principal;
}

/** Returns the user of a stored token. @throws Refusal `unauthorized` or `token_expired`. */
function principalOf(
  found: FoundToken | undefined,
  request: IncomingMessage,
  now: number,
): { readonly token: TokenRow; readonly principal: Principal } {
  if (found === undefined) {
    throw new Refusal('unauthorized', 'This access token is not known here.', AUTHORIZATION);
  }
  const { token, user } = found;
  if (token.expires_at !== null && token.expires_at <= now) {
    throw new Refusal(
      'token_expired',
      'This access token has expired; sign in with a new one.',
      AUTHORIZATION,
    );
  }
  const principal: Principal = {
    accountId: user.account_id,
    actor: { kind: 'user', id: user.id, name: user.email },
    userId: user.id,
    email: user.email,
    role: user.role,
    permissions: permissionList.parse(JSON.parse(user.permissions)),
    tokenExpiresAt: token.expires_at,
    via: headerText(request.headers, CLIENT_HEADER) === 'console' ? 'console' : 'api',
  };
  return { token, principal };
}

/**
 * Authenticates a call again while it is under way, because its token may have ended, or its user's permissions may have changed.
 * @throws Refusal `unauthorized` or `token_expired`.
 */
export async function authenticateAgain(
  { findToken, clock }: Pick<ControlPlaneContext, 'findToken' | 'clock'>,
  request: IncomingMessage,
): Promise<Principal> {
  const found = await findToken(tokenHashOf(request));
  return principalOf(found, request, clock.now()).principal;
}
