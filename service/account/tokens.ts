import type { RouteRequest } from '#shared/api/route-types';
import { MAX_TOKENS_MADE_PER_DAY, MAX_TOKENS_PER_USER } from '#shared/api/routes-users';
import type { Token } from '#shared/domain/entities';
import { epochMsOf, isoTime } from '../runtime/clock';
import type { Page, PageRequest } from '../storage/repositories/page';
import { tokenOf, type TokenRow, type UserRow } from '../storage/repositories/users';
import { sentence } from '#shared/domain/sentence';
import type { Principal, ServiceContext } from '../policy/context';
import type { DailyAllowance } from './daily-allowance';
import { writeAudited, type PolicyWrite } from '../policy/policy-write';
import { fieldRefusal } from '../policy/field-refusal';
import { Refusal } from '../policy/refusal';
import { hashSecret, newAccessTokenSecret } from '../policy/secrets';
import { requireUser } from './users';

/** The state that decides whether a change of tokens is refused, inside a write or before it. */
type Now = Pick<PolicyWrite, 'tx' | 'policy' | 'now'>;

/** Checks run before the write too, so that refused callers do not take a turn to write. */
function beforeWrite({ storage, directory, clock }: ServiceContext, { accountId }: Principal): Now {
  return {
    tx: storage.read,
    policy: directory.account(accountId),
    now: clock.now(),
  };
}

/** Users manage their own tokens; owners manage everybody's. */
function requireOwnOrOwner(principal: Principal, userId: string): void {
  if (principal.userId === userId || principal.role === 'owner') return;
  throw new Refusal('forbidden', 'Only an owner of the account may deal with the tokens of others.', {
    required: 'owner',
  });
}

/**
 * Returns the expiry of the new token. It must not outlive the token that makes it, or a token lent for a day could be turned
 * into a permanent one.
 */
function readTokenExpiry(principal: Principal, expiresAt: string | null, now: number): number | null {
  const at = expiresAt === null ? null : epochMsOf(expiresAt);
  if (at !== null && at <= now) throw fieldRefusal('expiresAt', { reason: 'past' });
  const ownEnd = principal.tokenExpiresAt;
  if (ownEnd !== null && (at === null || at > ownEnd)) {
    throw new Refusal('invalid_request', sentence('tokenOutlives', { at: isoTime(ownEnd) }), {
      field: 'expiresAt',
    });
  }
  return at;
}

/** Returns a page of a user's tokens. @throws Refusal `forbidden` or `not_found`. */
export async function listTokens(
  { storage }: ServiceContext,
  principal: Principal,
  userId: string,
  request: PageRequest,
): Promise<Page<TokenRow>> {
  requireOwnOrOwner(principal, userId);
  const { users } = storage.read;
  if ((await users.get(principal.accountId, userId)) === undefined) {
    throw new Refusal('not_found', 'There is no user with this id.', { field: 'id' });
  }
  return users.tokenPage(principal.accountId, userId, request);
}

async function requireRoom(
  now: Now,
  principal: Principal,
  userId: string,
  body: RouteRequest<'createToken'>['body'],
): Promise<{ readonly user: UserRow; readonly expiresAt: number | null }> {
  const user = await requireUser(now, userId);
  const expiresAt = readTokenExpiry(principal, body.expiresAt, now.now);
  if ((await now.tx.users.countTokens(now.policy.id, userId)) >= MAX_TOKENS_PER_USER) {
    throw new Refusal(
      'limit_reached',
      `${user.email} has ${MAX_TOKENS_PER_USER} access tokens, which is the most; remove one first.`,
    );
  }
  return { user, expiresAt };
}

/**
 * Makes an access token. The secret is returned here and stored nowhere.
 * @throws Refusal `forbidden`, `not_found`, `limit_reached`, or `invalid_request` naming `expiresAt`.
 */
export async function createToken(
  context: ServiceContext & { readonly tokensMade: DailyAllowance },
  principal: Principal,
  userId: string,
  body: RouteRequest<'createToken'>['body'],
): Promise<{ token: Token; secret: string }> {
  requireOwnOrOwner(principal, userId);
  await requireRoom(beforeWrite(context, principal), principal, userId, body);
  if (principal.role !== 'owner' && !context.tokensMade.take(principal.userId)) {
    throw new Refusal(
      'limit_reached',
      `You have made ${MAX_TOKENS_MADE_PER_DAY} access tokens within a day, which is the most; try again tomorrow.`,
    );
  }
  return writeAudited(context, principal, async (write) => {
    const { user, expiresAt } = await requireRoom(write, principal, userId, body);
    const secret = newAccessTokenSecret();
    const row: TokenRow = {
      id: write.newId(),
      account_id: write.policy.id,
      user_id: userId,
      name: body.name,
      hash: hashSecret(secret),
      created_at: write.now,
      expires_at: expiresAt,
      last_used_at: null,
    };
    await write.tx.users.insertToken(row);
    const token = tokenOf(row);
    await write.audit({
      action: 'token.create',
      target: row.id,
      before: null,
      after: { ...token, user: user.email },
    });
    return { token, secret };
  });
}

async function requireToken({ tx, policy }: Now, principal: Principal, tokenId: string): Promise<TokenRow> {
  const row = await tx.users.getToken(policy.id, tokenId);
  if (row === undefined) {
    throw new Refusal('not_found', 'There is no access token with this id.', { field: 'id' });
  }
  requireOwnOrOwner(principal, row.user_id);
  return row;
}

/** Removes a token. The next call with it is refused. @throws Refusal `forbidden` or `not_found`. */
export async function removeToken(
  context: ServiceContext,
  principal: Principal,
  tokenId: string,
): Promise<void> {
  await requireToken(beforeWrite(context, principal), principal, tokenId);
  await writeAudited(context, principal, async (write) => {
    const row = await requireToken(write, principal, tokenId);
    const user = await requireUser(write, row.user_id);
    await write.tx.users.deleteToken(write.policy.id, tokenId);
    await write.audit({
      action: 'token.remove',
      target: tokenId,
      before: { ...tokenOf(row), user: user.email },
      after: null,
    });
  });
}
