import { randomUUID } from 'node:crypto';
import { plainLine } from '#shared/domain/plain-text';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '#shared/durations';
import type { Clock } from '../runtime/clock';
import type { ServiceLog } from '../service-log';
import type { MailMessageRow } from '../storage/repositories/mail';
import type { Writer } from '../storage/writer';
import { buildMessage, composeMail } from './compose';
import type { Email } from './email-layout';
import type { MailAddress } from './settings';
import type { MailTransport } from './transport';

const SEND_TIMEOUT_MS = MINUTE_MS;
/** A claim keeps other processes from sending the message for this long, which is longer than a try can take. */
const LEASE_MS = 2 * SEND_TIMEOUT_MS;

const FIRST_BACKOFF_MS = 30 * SECOND_MS;
const LONGEST_BACKOFF_MS = HOUR_MS;
/** A message is given up after this long. Its reviews stay in the console. */
const MAX_AGE_MS = 3 * DAY_MS;

interface DeliveryFailure {
  /** The code of nodemailer or the system: `EENVELOPE`, `ECONNECTION`, `ENOSPC`. */
  readonly code: string | undefined;
  /** The server's reply (RFC 5321); undefined without one. */
  readonly responseCode: number | undefined;
  /** The command that the server replied to. */
  readonly command: string | undefined;
}

/** Reads the fields that nodemailer adds to its errors. */
export function deliveryFailureOf(error: unknown): DeliveryFailure {
  const { code, responseCode, command } = Object(error) as Readonly<Record<string, unknown>>;
  return {
    code: typeof code === 'string' ? code : undefined,
    responseCode: typeof responseCode === 'number' ? responseCode : undefined,
    command: typeof command === 'string' ? command : undefined,
  };
}

/** Replies that mean "sign in first" or "wrong password". They are about the settings, not about the message. */
const SIGN_IN_REPLIES = [530, 534, 535, 538];

/**
 * Returns true if the server refused this recipient or this message for good. An administrator can repair everything else
 * (no connection, no TLS, a wrong password, a refused sender), so that it is tried again.
 */
export function isPermanent({ responseCode, command }: DeliveryFailure): boolean {
  return (
    responseCode !== undefined &&
    responseCode >= 500 &&
    !SIGN_IN_REPLIES.includes(responseCode) &&
    (command === 'RCPT TO' || command === 'DATA')
  );
}

/** Returns true if no server replied, so that the next message cannot get through either. */
export function isUnreachable({ responseCode }: DeliveryFailure): boolean {
  return responseCode === undefined;
}

/**
 * Returns the milliseconds until the next try: an exponential ceiling, of which the upper half is random.
 * @param tries the number of tries so far, at least 1.
 */
export function backoffMs(tries: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (tries - 1));
  return Math.round(ceiling / 2 + (random() * ceiling) / 2);
}

export interface DeliveryOptions {
  readonly writer: Writer;
  readonly clock: Clock;
  /** Returns a number from 0 up to, but not including, 1. */
  readonly random: () => number;
  readonly log: ServiceLog;
  readonly transport: MailTransport;
  /** The start of every link. */
  readonly publicUrl: () => string;
  readonly from: () => MailAddress;
}

/** `unreachable` means that no other message would get through either. */
type DeliveryOutcome = 'nothing_due' | 'ended' | 'postponed' | 'unreachable';

interface Claimed {
  readonly row: MailMessageRow;
  readonly lease: string;
  readonly email: Email | undefined;
}

/**
 * Delivers the next message that is due. One transaction claims it and makes its links, and another notes its end; it is
 * sent between the two. A crash in between sends it twice rather than never.
 */
export async function deliverNext(
  options: DeliveryOptions,
  stopSignal: AbortSignal,
): Promise<DeliveryOutcome> {
  const { writer, clock, log, transport } = options;

  const claim = (): Promise<Claimed | undefined> =>
    writer.write(async (write) => {
      const lease = randomUUID();
      const row = await write.tx.mail.claim(write.now, lease, LEASE_MS);
      if (row === undefined) return undefined;
      const composed = await composeMail(write, row, options.publicUrl());
      if (composed.email !== undefined) return { row, lease, email: composed.email };
      await write.tx.mail.end(row.id, lease, 'dropped', composed.why, write.now);
      log.write('info', 'mail.dropped', { messageId: row.id, why: composed.why });
      return { row, lease, email: undefined };
    });

  const failed = async ({ row, lease }: Claimed, error: unknown): Promise<DeliveryOutcome> => {
    const failure = deliveryFailureOf(error);
    const detail = plainLine(error instanceof Error ? error.message : String(error), 300);
    const now = clock.now();
    const fields = { messageId: row.id, accountId: row.account_id, tries: row.tries, detail, ...failure };
    if (stopSignal.aborted) {
      await writer.write(({ tx }) => tx.mail.postpone(row.id, lease, now, 'the service ended'));
      return 'postponed';
    }
    const nextTryAt = now + backoffMs(row.tries, options.random);
    if (isPermanent(failure) || nextTryAt > row.created_at + MAX_AGE_MS) {
      await writer.write(({ tx }) => tx.mail.end(row.id, lease, 'failed', detail, now));
      log.write('error', 'mail.failed', fields);
      return 'ended';
    }
    await writer.write(({ tx }) => tx.mail.postpone(row.id, lease, nextTryAt, detail));
    log.write('warn', 'mail.postponed', { ...fields, retryInMs: nextTryAt - now });
    return isUnreachable(failure) ? 'unreachable' : 'postponed';
  };

  const claimed = await claim();
  if (claimed === undefined) return 'nothing_due';
  const { row, lease, email } = claimed;
  if (email === undefined) return 'ended';
  try {
    const message = await buildMessage(email, row, options.from());
    await transport.send(message, AbortSignal.any([stopSignal, AbortSignal.timeout(SEND_TIMEOUT_MS)]));
  } catch (error) {
    return failed(claimed, error);
  }
  await writer.write(({ tx }) => tx.mail.end(row.id, lease, 'sent', null, clock.now()));
  log.write('info', 'mail.sent', { messageId: row.id, accountId: row.account_id, tries: row.tries });
  return 'ended';
}
