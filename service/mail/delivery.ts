import { randomUUID } from 'node:crypto';
import { plainLine } from '#shared/domain/plain-text';
import type { Clock } from '../clock';
import type { ServiceLog } from '../service-log';
import type { MailMessageRow } from '../storage/repositories/mail';
import type { Writer } from '../storage/writer';
import type { Letter } from './letter';
import { writeLetter } from './letter-desk';
import { composeMessage } from './message';
import { backoffMs, deliveryFailureOf, isPermanent, isUnreachable, MAX_AGE_MS } from './retry';
import type { MailAddress } from './settings';
import type { MailTransport } from './transport';

/** One message is given up on after this long, and tried again later. */
const SEND_TIMEOUT_MS = 60_000;
/** For so long nobody else sends a message that was taken up; longer than one try can take. */
const LEASE_MS = 2 * SEND_TIMEOUT_MS;

const MAX_DETAIL = 300;

export interface DeliveryOptions {
  readonly writer: Writer;
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly log: ServiceLog;
  readonly transport: MailTransport;
  /** Where the links lead. */
  readonly publicUrl: () => string;
  readonly from: () => MailAddress;
}

/** What became of the queue's next message. `unreachable`: nothing else would get through either. */
export type Delivered = 'nothing_due' | 'ended' | 'postponed' | 'unreachable';

interface Claimed {
  readonly row: MailMessageRow;
  readonly lease: string;
  readonly letter: Letter | undefined;
}

/**
 * Delivers the next message that is due. It is taken up and its links are made in one transaction, sent outside of
 * any, and its end is written down: a crash in between leads to a second sending, never to none.
 */
export const deliverNext = async (options: DeliveryOptions, stopSignal: AbortSignal): Promise<Delivered> => {
  const { writer, clock, log, transport } = options;

  const claim = (): Promise<Claimed | undefined> =>
    writer.write(async (write) => {
      const lease = randomUUID();
      const row = await write.tx.mail.claim(write.now, lease, LEASE_MS);
      if (row === undefined) return undefined;
      const written = await writeLetter(write, row, options.publicUrl());
      if (written.kind === 'letter') return { row, lease, letter: written.letter };
      await write.tx.mail.end(row.id, lease, 'dropped', written.why, write.now);
      log.write('info', 'mail.dropped', { messageId: row.id, why: written.why });
      return { row, lease, letter: undefined };
    });

  const failed = async ({ row, lease }: Claimed, error: unknown): Promise<Delivered> => {
    const failure = deliveryFailureOf(error);
    const detail = plainLine(error instanceof Error ? error.message : String(error), MAX_DETAIL);
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
  const { row, lease, letter } = claimed;
  if (letter === undefined) return 'ended';
  try {
    const message = await composeMessage(letter, {
      id: row.id,
      accountId: row.account_id,
      createdAt: row.created_at,
      from: options.from(),
    });
    await transport.send(message, AbortSignal.any([stopSignal, AbortSignal.timeout(SEND_TIMEOUT_MS)]));
  } catch (error) {
    return failed(claimed, error);
  }
  await writer.write(({ tx }) => tx.mail.end(row.id, lease, 'sent', null, clock.now()));
  log.write('info', 'mail.sent', { messageId: row.id, accountId: row.account_id, tries: row.tries });
  return 'ended';
};
