import MailComposer from 'nodemailer/lib/mail-composer';
import { plainLine } from '#shared/domain/plain-text';
import type { MailMessageRow } from '../storage/repositories/mail';
import { reviewOf } from '../storage/repositories/reviews';
import type { WriteContext } from '../storage/writer';
import { blockedEmail } from './blocked-email';
import { emailHtml, emailText, type Email } from './email-layout';
import { LINK_LIFETIME_MS, makeLinks } from './links';
import { isRecipient } from './recipients';
import type { MailAddress } from './settings';

/** Limit of reviews that are shown in full, because mail programs cut off longer messages. */
const MAX_IN_FULL = 8;
/** Limit of reviews that are shown in one line each; the others are counted. */
const MAX_LISTED = 80;
/** Counting ends here, because larger numbers tell a reader nothing more. */
const MAX_COUNTED = 2_000;

/** Either the e-mail, or the reason (for the log) why there is nothing to send. */
type ComposedMail = { readonly email: Email } | { readonly email?: undefined; readonly why: string };

/**
 * Composes a message from its reviews as they are now, without those that were decided meanwhile. The links are new, so
 * that their lifetime begins with this try.
 */
export async function composeMail(
  write: WriteContext,
  message: MailMessageRow,
  publicUrl: string,
): Promise<ComposedMail> {
  const { tx, now } = write;
  const user = await tx.users.get(message.account_id, message.user_id);
  if (user === undefined) return { why: 'the recipient was removed' };
  if (!isRecipient(user)) return { why: 'the recipient may not decide reviews any more' };
  const rows = await tx.mail.openReviews(message.id, MAX_IN_FULL + MAX_LISTED);
  if (rows.length === 0) return { why: 'every review was decided already' };
  const byKey = await tx.mail.openByKey(message.id, MAX_COUNTED + 1);
  const counted = byKey.reduce((total, { count }) => total + count, 0);
  const account = await tx.accounts.get(message.account_id);
  const keyIds = [...new Set(rows.map(({ key_id }) => key_id))];
  const keys = await Promise.all(keyIds.map((keyId) => tx.keys.get(account.id, keyId)));
  const isReported = account.report_only === 1 || keys.every((key) => key?.report_only === 1);
  const reviews = [];
  for (const row of rows.slice(0, MAX_IN_FULL)) {
    const links = await makeLinks(write, row, user, publicUrl);
    reviews.push({ review: reviewOf(row), keyPrefix: row.key_prefix, links });
  }
  return {
    email: blockedEmail({
      recipient: user.email,
      isReported,
      accountName: plainLine(account.name, 100),
      total: Math.min(counted, MAX_COUNTED),
      isMore: counted > MAX_COUNTED,
      byKey,
      reviews,
      listed: rows.slice(MAX_IN_FULL).map(reviewOf),
      consoleLink: `${publicUrl}/reviews`,
      linksEndAt: now + LINK_LIFETIME_MS,
    }),
  };
}

/** A complete message (RFC 5322) with its envelope. */
export interface Message {
  readonly id: string;
  readonly createdAt: number;
  readonly from: string;
  readonly to: string;
  readonly raw: Buffer;
}

/**
 * Builds the message. Its Message-ID comes from the row's id, so that a mail program shows a message that was sent twice,
 * because the service was killed before it noted the first, as one.
 */
export async function buildMessage(
  email: Email,
  { id, account_id, created_at }: Pick<MailMessageRow, 'id' | 'account_id' | 'created_at'>,
  from: MailAddress,
): Promise<Message> {
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  const node = new MailComposer({
    from: { name: from.name, address: from.address },
    to: { name: '', address: email.to },
    subject: email.subject,
    messageId: `<${id}@${domain}>`,
    date: new Date(created_at),
    text: emailText(email),
    html: emailHtml(email),
    headers: {
      // RFC 3834 keeps "out of office" replies away, and RFC 2919 lets filters recognise the messages.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'List-Id': `Gatehouse reviews <${account_id.toLowerCase()}.reviews.gatehouse.${domain}>`,
    },
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  return { id, createdAt: created_at, from: from.address, to: email.to, raw: await node.build() };
}
