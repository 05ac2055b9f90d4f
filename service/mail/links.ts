import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { addSourceBody, MAX_SOURCES } from '#shared/api/routes-sources';
import type { Range, Review } from '#shared/domain/entities';
import type { Proposal } from '#shared/domain/proposal';
import { DAY_MS } from '#shared/durations';
import type { Author, ServiceContext } from '../policy/context';
import { rotateKeyWithin } from '../account/keys';
import { setModeWithin } from '../policy/mode';
import { withinPolicy, type PolicyWrite } from '../policy/policy-write';
import { authorizeReviewWithin, denyReviewWithin } from '../account/reviews';
import { hashSecret } from '../policy/secrets';
import { addSourceWithin } from '../sources/add-source';
import type { AccountRow } from '../storage/repositories/accounts';
import type { KeyRow } from '../storage/repositories/keys';
import type { MailLinkRow } from '../storage/repositories/mail-links';
import { reviewOf, type NamedReviewRow } from '../storage/repositories/reviews';
import type { UserRow } from '../storage/repositories/users';
import type { MailAction } from '../storage/schema';
import type { Repositories } from '../storage/storage';
import type { WriteContext } from '../storage/writer';
import { isRecipient, mayDo } from './recipients';

export const LINK_LIFETIME_MS = DAY_MS;

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** Returns 256 random bits as text for a URL. */
export function newLinkToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Returns the stored form of a token; undefined if the text cannot be a token. */
export function linkHash(token: string): string | undefined {
  return TOKEN.test(token) ? hashSecret(token) : undefined;
}

/**
 * Returns the hidden value of a page's form. Programs that send an empty POST to every link do not know it, so that their
 * POST does nothing. It derives from the token, which the service does not keep, and differs for each action.
 */
export function confirmationOf(token: string, action: MailAction): string {
  return createHmac('sha256', token).update(`confirm ${action}`).digest('base64url');
}

export function isConfirmation(token: string, action: MailAction, given: string): boolean {
  const expected = Buffer.from(confirmationOf(token, action));
  const actual = Buffer.from(given);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

export interface ReviewLinks {
  readonly authorize: string;
  /** Undefined if nothing is proposed that one press can accept. */
  readonly accept: string | undefined;
  /** Undefined if the recipient may not update API keys. */
  readonly deny: string | undefined;
  readonly deactivate: string;
}

/** What is proposed, if it leaves no choice: of a cloud's list a person chooses services and regions, in the console. */
export type AcceptableProposal = Exclude<Proposal, { kind: 'preset' }>;

export function acceptableProposal({ proposal }: Pick<Review, 'proposal'>): AcceptableProposal | undefined {
  return proposal === null || proposal.kind === 'preset' ? undefined : proposal;
}

export function linksOf(
  publicUrl: string,
  token: string,
  review: Pick<Review, 'proposal'>,
  mayUpdateKeys: boolean,
): ReviewLinks {
  const url = `${publicUrl}/mail/${token}`;
  return {
    authorize: `${url}/authorize`,
    accept: acceptableProposal(review) && `${url}/accept`,
    deny: mayUpdateKeys ? `${url}/deny` : undefined,
    deactivate: `${url}/deactivate`,
  };
}

/** Stores a new link to the review for the user. */
export async function makeLinks(
  { tx, now }: WriteContext,
  review: NamedReviewRow,
  user: UserRow,
  publicUrl: string,
): Promise<ReviewLinks> {
  const token = newLinkToken();
  await tx.mailLinks.insert({
    hash: hashSecret(token),
    account_id: review.account_id,
    user_id: user.id,
    review_id: review.id,
    created_at: now,
    expires_at: now + LINK_LIFETIME_MS,
    used_at: null,
    used_action: null,
  });
  return linksOf(publicUrl, token, reviewOf(review), mayDo(user, 'api_keys'));
}

/** The state of a link, which says what it can still do. */
export type LinkState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'expired' }
  /** The recipient was removed, or may not decide reviews any more. */
  | { readonly kind: 'forbidden' }
  | {
      readonly kind: 'used';
      readonly action: MailAction;
      readonly usedAt: number;
      readonly email: string;
      readonly review: Review;
    }
  /** The review was decided in another way. */
  | { readonly kind: 'decided'; readonly review: Review }
  | OpenLink;

export interface OpenLink {
  readonly kind: 'open';
  readonly link: MailLinkRow;
  readonly review: Review;
  readonly key: KeyRow;
  readonly user: UserRow;
  readonly account: AccountRow;
  /** The number of the account's sources. */
  readonly sources: number;
}

/** Returns the state of a link, and changes nothing. */
export async function readLink(tx: Repositories, now: number, token: string): Promise<LinkState> {
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
    return { kind: 'used', action: link.used_action, usedAt: link.used_at, email: user.email, review };
  }
  if (row.status !== 'pending') return { kind: 'decided', review };
  const key = await tx.keys.get(accountId, row.key_id);
  if (key === undefined)
    throw new Error(`the review ${row.id} is about the key ${row.key_id}, which is not there`);
  const [account, sources] = [await tx.accounts.get(accountId), await tx.sources.count(accountId)];
  return { kind: 'open', link, review, key, user, account, sources };
}

/** The reasons why an action is impossible although the review is open. */
export type Obstacle =
  'needs_api_keys' | 'key_revoked' | 'deactivated_already' | 'not_proposed' | 'too_many_sources';

export function obstacleTo(
  action: MailAction,
  { user, key, account, review, sources }: OpenLink,
): Obstacle | undefined {
  if (action === 'accept') {
    const proposal = acceptableProposal(review);
    if (proposal === undefined) return 'not_proposed';
    if (key.status === 'revoked') return 'key_revoked';
    return proposal.kind === 'network' && sources >= MAX_SOURCES ? 'too_many_sources' : undefined;
  }
  if (action === 'deny') {
    if (!mayDo(user, 'api_keys')) return 'needs_api_keys';
    if (key.status === 'revoked') return 'key_revoked';
  }
  return action === 'deactivate' && account.mode === 'deactivated' ? 'deactivated_already' : undefined;
}

export type LinkOutcome =
  | { readonly kind: 'authorized'; readonly review: Review; readonly range: Range }
  | { readonly kind: 'accepted'; readonly review: Review; readonly proposal: AcceptableProposal }
  /** `secret` is the key's new secret, which is stored nowhere. */
  | { readonly kind: 'denied'; readonly review: Review; readonly key: KeyRow; readonly secret: string }
  | { readonly kind: 'deactivated'; readonly account: AccountRow }
  | { readonly kind: 'prevented'; readonly obstacle: Obstacle; readonly link: OpenLink }
  | { readonly kind: 'too_late'; readonly state: Exclude<LinkState, OpenLink> };

/** Lets in what is proposed, for the review's key; the review is answered by it. */
async function accept(write: PolicyWrite, review: Review): Promise<LinkOutcome> {
  const proposal = acceptableProposal(review);
  if (proposal === undefined) throw new Error(`nothing is proposed for the review ${review.id}`);
  if (proposal.kind === 'range') {
    const scope = { cidr: proposal.cidr };
    await authorizeReviewWithin(write, review.id, { scope, thisKeyOnly: true });
  } else {
    const { asn } = proposal;
    await addSourceWithin(write, addSourceBody.parse({ kind: 'asn', spec: { asn }, keyId: review.keyId }));
  }
  return { kind: 'accepted', review, proposal };
}

async function carryOut(
  context: ServiceContext,
  write: PolicyWrite,
  { review, account }: OpenLink,
  action: MailAction,
): Promise<LinkOutcome> {
  switch (action) {
    case 'authorize':
      return {
        kind: 'authorized',
        ...(await authorizeReviewWithin(write, review.id, { scope: 'address', thisKeyOnly: false })),
      };
    case 'accept':
      return accept(write, review);
    case 'deny': {
      const denied = await denyReviewWithin(write, review.id, { addDenyRange: false });
      const { row, secret } = await rotateKeyWithin(context, write, review.keyId, 0);
      return { kind: 'denied', review: denied.review, key: row, secret };
    }
    case 'deactivate':
      await setModeWithin(write, 'deactivated');
      return { kind: 'deactivated', account };
  }
}

/**
 * Carries out the action of a link in the name of its recipient. One transaction checks every obstacle, acts, and marks all
 * links of this recipient to this review as used.
 */
export async function decideByLink(
  context: ServiceContext,
  token: string,
  action: MailAction,
): Promise<LinkOutcome> {
  // The read keeps dead links, however often they are opened, away from the writer.
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
}
