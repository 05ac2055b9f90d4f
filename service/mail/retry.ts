/** What is done about a message that could not be handed on. Pure. */

const FIRST_BACKOFF_MS = 30_000;
const LONGEST_BACKOFF_MS = 60 * 60_000;
/** A question that is older than this is found in the console, if anybody still asks it. */
export const MAX_AGE_MS = 3 * 24 * 60 * 60_000;

/** What a mail server or the way to it said. */
export interface DeliveryFailure {
  /** Nodemailer's or the system's: `EENVELOPE`, `ECONNECTION`, `ENOSPC`. */
  readonly code: string | undefined;
  /** The server's reply, as in RFC 5321; undefined where there was none. */
  readonly responseCode: number | undefined;
  /** What was being said to the server when it replied. */
  readonly command: string | undefined;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Reads what nodemailer puts on its errors. */
export const deliveryFailureOf = (error: unknown): DeliveryFailure => {
  const field = (name: string): unknown =>
    typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  const responseCode = field('responseCode');
  return {
    code: text(field('code')),
    responseCode: typeof responseCode === 'number' ? responseCode : undefined,
    command: text(field('command')),
  };
};

/** Replies that mean "sign in first" or "not with this password": settings to be mended, no judgement on the message. */
const SIGN_IN_REPLIES = [530, 534, 535, 538];

/**
 * Whether trying again is pointless: the server refused this recipient or this message for good. Everything else
 * (no connection, no TLS, a wrong password, a sender that is refused) is mended by somebody, and is tried again.
 */
export const isPermanent = ({ responseCode, command }: DeliveryFailure): boolean =>
  responseCode !== undefined &&
  responseCode >= 500 &&
  !SIGN_IN_REPLIES.includes(responseCode) &&
  (command === 'RCPT TO' || command === 'DATA');

/** Whether the server was not even reached: there is no point in trying the next message right away. */
export const isUnreachable = ({ responseCode }: DeliveryFailure): boolean => responseCode === undefined;

/**
 * Milliseconds until the next try: exponential, with full jitter above half of it.
 * @param tries how many there were, at least one. @param random from 0 up to 1.
 */
export const backoffMs = (tries: number, random: () => number): number => {
  const ceiling = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (tries - 1));
  return Math.round(ceiling / 2 + (random() * ceiling) / 2);
};
