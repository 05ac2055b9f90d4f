import { together } from '#shared/async/together';
import type { Permission } from '#shared/domain/entities';
import { isPermitted } from '../policy/context';
import type { ReviewRow } from '../storage/repositories/reviews';
import { userOf, type UserRow } from '../storage/repositories/users';
import type { WriteContext } from '../storage/writer';

export function mayDo(user: UserRow, permission: Permission): boolean {
  return isPermitted(userOf(user), permission);
}

/** Returns true if the user may decide reviews, and is therefore told of them. */
export function isRecipient(user: UserRow): boolean {
  return mayDo(user, 'authorized_ips');
}

/**
 * Notes the recipients of the review within the write that opens it. Returns true if there are any. Reviews of the mode
 * `manual` appear in the console only.
 */
export async function noteReview({ tx, now }: WriteContext, review: ReviewRow): Promise<boolean> {
  if (review.reason !== 'untrusted') return false;
  const recipients = (await tx.mail.users(review.account_id)).filter(isRecipient);
  await together(
    recipients.map((user) =>
      tx.mail.insertNotice({
        review_id: review.id,
        user_id: user.id,
        account_id: review.account_id,
        created_at: now,
        message_id: null,
      }),
    ),
  );
  return recipients.length > 0;
}
