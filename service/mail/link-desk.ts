import type { Range, Review } from '#shared/domain/entities';
import type { Author, ServiceContext } from '../account/context';
import { rotateKeyWithin } from '../account/keys';
import { setModeWithin } from '../account/mode';
import { withinPolicy, type PolicyWrite } from '../account/policy-write';
import { authorizeReviewWithin, denyReviewWithin } from '../account/reviews';
import type { AccountRow } from '../storage/repositories/accounts';
import type { KeyRow } from '../storage/repositories/keys';
import type { MailLinkRow } from '../storage/repositories/mail-links';
import { reviewOf } from '../storage/repositories/reviews';
import type { UserRow } from '../storage/repositories/users';
import type { MailAction } from '../storage/schema';
import type { Repositories } from '../storage/storage';
import { linkHash } from './links';
import { isRecipient, mayDo } from './recipients';

/** What a link can still do. */
export type LinkState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'expired' }
  /** Its recipient was removed, or may not answer questions any more. */
  | { readonly kind: 'forbidden' }
  | {
      readonly kind: 'used';
      readonly action: MailAction;
      readonly usedAt: number;
      readonly email: string;
      readonly review: Review;
    }
  /** Somebody answered by another way. */
  | { readonly kind: 'decided'; readonly review: Review }
  | OpenLink;

export interface OpenLink {
  readonly kind: 'open';
  readonly link: MailLinkRow;
  readonly review: Review;
  readonly key: KeyRow;
  readonly user: UserRow;
  readonly account: AccountRow;
}

/** Looks at a link as it stands now. It changes nothing. */
export const readLink = async (tx: Repositories, now: number, token: string): Promise<LinkState> => {
  const hash = linkHash(token);
  const link = hash === undefined ? undefined : await tx.mailLinks.byHash(hash);
  if (link === undefined) return { kind: 'unknown' };
  if (link.expires_at <= now) return { kind: 'expired' };
  const { account_id: accountId } = link;
  const user = await tx.users.get(accountId, link.user_id);
  if (user === undefined || !isRecipient(user)) return { kind: 'forbidden' };
  const row = await tx.reviews.get(accountId, link.review_id);
  if (row === undefined) throw new Error(`a link leads to the review ${link.review_id}, which is not there`);
  const review = reviewOf(row);
  if (link.used_at !== null && link.used_action !== null) {
    return {
      kind: 'used',
      action: link.used_action,
      usedAt: link.used_at,
      email: user.email,
      review,
    };
  }
  if (row.status !== 'pending') return { kind: 'decided', review };
  const key = await tx.keys.get(accountId, row.key_id);
  if (key === undefined)
    throw new Error(`the review ${row.id} is about the key ${row.key_id}, which is not there`);
  return { kind: 'open', link, review, key, user, account: await tx.accounts.get(accountId) };
};

/** Why a choice of an open question is not there. */
export type Obstacle = 'needs_api_keys' | 'key_revoked' | 'deactivated_already';

export const obstacleTo = (action: MailAction, { user, key, account }: OpenLink): Obstacle | undefined => {
  if (action === 'deny') {
    if (!mayDo(user, 'api_keys')) return 'needs_api_keys';
    if (key.status === 'revoked') return 'key_revoked';
  }
  return action === 'deactivate' && account.mode === 'deactivated' ? 'deactivated_already' : undefined;
};

/** What came of using a link. */
export type LinkOutcome =
  | { readonly kind: 'authorized'; readonly review: Review; readonly range: Range }
  /** `secret` is the key's new one; it is in this answer and nowhere else. */
  | { readonly kind: 'denied'; readonly review: Review; readonly key: KeyRow; readonly secret: string }
  | { readonly kind: 'deactivated'; readonly account: AccountRow }
  | { readonly kind: 'prevented'; readonly obstacle: Obstacle; readonly link: OpenLink }
  | { readonly kind: 'too_late'; readonly state: Exclude<LinkState, OpenLink> };

const carryOut = async (
  context: ServiceContext,
  write: PolicyWrite,
  { review, account }: OpenLink,
  action: MailAction,
): Promise<LinkOutcome> => {
  switch (action) {
    case 'authorize':
      return {
        kind: 'authorized',
        ...(await authorizeReviewWithin(write, review.id, { scope: 'address', thisKeyOnly: false })),
      };
    case 'deny': {
      const denied = await denyReviewWithin(write, review.id, { addDenyRange: false });
      const { row, secret } = await rotateKeyWithin(context, write, review.keyId, 0);
      return { kind: 'denied', review: denied.review, key: row, secret };
    }
    case 'deactivate':
      await setModeWithin(write, 'deactivated');
      return { kind: 'deactivated', account };
  }
};

/**
 * Answers a question by a link of an e-mail, in the name of the one whom it was sent to. Everything that could stand
 * against it is looked at in the same transaction; afterwards every link that this person has for this question is used.
 */
export const answerByLink = async (
  context: ServiceContext,
  token: string,
  action: MailAction,
): Promise<LinkOutcome> => {
  // A link that does nothing any more does not wait for a turn to write, however often it is pressed.
  const before = await readLink(context.storage.read, context.clock.now(), token);
  if (before.kind !== 'open') return { kind: 'too_late', state: before };
  return context.writer.write(async (write): Promise<LinkOutcome> => {
    const state = await readLink(write.tx, write.now, token);
    if (state.kind !== 'open') return { kind: 'too_late', state };
    const obstacle = obstacleTo(action, state);
    if (obstacle !== undefined) return { kind: 'prevented', obstacle, link: state };
    const { link, user } = state;
    const author: Author = {
      accountId: link.account_id,
      actor: { kind: 'email', id: user.id, name: user.email },
      via: 'email',
    };
    const outcome = await withinPolicy(write, context.directory.account(link.account_id), author, (inner) =>
      carryOut(context, inner, state, action),
    );
    await write.tx.mailLinks.use(link, action, write.now);
    return outcome;
  });
};
