import type { Message } from './message';

/** Hands messages on. */
export interface MailTransport {
  /** Resolves when the message is in other hands for good; rejects otherwise, also when it is not known. */
  send(message: Message, signal: AbortSignal): Promise<void>;
  close(): void;
}
