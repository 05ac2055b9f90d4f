import { plainLine } from '#shared/domain/plain-text';
import { reviewOf } from '../storage/repositories/reviews';
import type { MailedReviewRow, MailMessageRow } from '../storage/repositories/mail';
import type { UserRow } from '../storage/repositories/users';
import type { WriteContext } from '../storage/writer';
import { letterQuestion, listedQuestion, keyWords, type Letter, type LetterQuestion } from './letter';
import { LINK_LIFETIME_MS, linkHash, linksOf, newLinkToken } from './links';
import { timeWords } from './plain-words';
import { isRecipient, mayDo } from './recipients';

/** Questions told in full; with more, mail programs cut the message off. */
const MAX_QUESTIONS = 8;
/** Questions told in a line each; what is beyond them is counted. */
const MAX_LISTED = 80;

/** Questions counted; beyond it the number makes no difference any more, and counting takes its time. */
const MAX_COUNTED = 2_000;

const MAX_ACCOUNT_NAME = 100;

export type WrittenLetter =
  | { readonly kind: 'letter'; readonly letter: Letter }
  /** There is nothing to say, or nobody to say it to; `why` is for the log. */
  | { readonly kind: 'nothing'; readonly why: string };

const withLinks = async (
  write: WriteContext,
  row: MailedReviewRow,
  user: UserRow,
  publicUrl: string,
): Promise<LetterQuestion> => {
  const token = newLinkToken();
  const hash = linkHash(token);
  if (hash === undefined) throw new Error('a new token is not one');
  await write.tx.mailLinks.insert({
    hash,
    account_id: row.account_id,
    user_id: user.id,
    review_id: row.id,
    created_at: write.now,
    expires_at: write.now + LINK_LIFETIME_MS,
    used_at: null,
    used_action: null,
  });
  return letterQuestion(reviewOf(row), row.key_prefix, linksOf(publicUrl, token, mayDo(user, 'api_keys')));
};

/**
 * Writes what a message says from the questions as they stand now, with links that are new: their time begins with
 * this try. Questions that were answered meanwhile are left out.
 */
export const writeLetter = async (
  write: WriteContext,
  message: MailMessageRow,
  publicUrl: string,
): Promise<WrittenLetter> => {
  const { tx, now } = write;
  const user = await tx.users.get(message.account_id, message.user_id);
  if (user === undefined) return { kind: 'nothing', why: 'the recipient was removed' };
  if (!isRecipient(user)) return { kind: 'nothing', why: 'the recipient may not answer any more' };
  const rows = await tx.mail.openReviews(message.id, MAX_QUESTIONS + MAX_LISTED);
  if (rows.length === 0) return { kind: 'nothing', why: 'every question was answered already' };
  const byKey = await tx.mail.openByKey(message.id, MAX_COUNTED + 1);
  const counted = byKey.reduce((total, { count }) => total + count, 0);
  const account = await tx.accounts.get(message.account_id);
  const questions: LetterQuestion[] = [];
  for (const row of rows.slice(0, MAX_QUESTIONS))
    questions.push(await withLinks(write, row, user, publicUrl));
  return {
    kind: 'letter',
    letter: {
      recipient: user.email,
      accountName: plainLine(account.name, MAX_ACCOUNT_NAME),
      total: Math.min(counted, MAX_COUNTED),
      isMore: counted > MAX_COUNTED,
      byKey: byKey.map(({ keyName, count }) => ({ keyName: keyWords(keyName), count })),
      questions,
      listed: rows.slice(MAX_QUESTIONS).map((row) => listedQuestion(reviewOf(row), row.key_prefix)),
      consoleLink: `${publicUrl}/reviews`,
      linksEndAt: timeWords(now + LINK_LIFETIME_MS),
    },
  };
};
