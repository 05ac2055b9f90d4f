import type { Permission, Reason } from '#shared/domain/entities';
import { isPermitted } from '../account/context';
import type { ReviewRow } from '../storage/repositories/reviews';
import { userOf, type UserRow } from '../storage/repositories/users';
import type { WriteContext } from '../storage/writer';

export const mayDo = (user: UserRow, permission: Permission): boolean =>
  isPermitted(userOf(user), permission);

/** Those who can answer a question: owners, and users who may change the authorized addresses. */
export const isRecipient = (user: UserRow): boolean => mayDo(user, 'authorized_ips');

/**
 * Whether a question of this kind is told by e-mail. Those of the manual mode are only told in the console; an account
 * that wants both would be asked here.
 */
export const isToldByMail = (reason: Reason): boolean => reason === 'untrusted';

/** Notes, within the write that asks the question, who has to be told of it. Answers whether anybody has. */
export const noteReview = async (write: WriteContext, review: ReviewRow): Promise<boolean> => {
  if (!isToldByMail(review.reason)) return false;
  const recipients = (await write.tx.mail.users(review.account_id)).filter(isRecipient);
  for (const user of recipients) {
    await write.tx.mail.insertNotice({
      review_id: review.id,
      user_id: user.id,
      account_id: review.account_id,
      created_at: write.now,
      message_id: null,
    });
  }
  return recipients.length > 0;
};
