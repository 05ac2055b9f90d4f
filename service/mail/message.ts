import MailComposer from 'nodemailer/lib/mail-composer';
import type { Letter } from './letter';
import { subjectOf } from './letter';
import { letterHtml } from './letter-html';
import { letterText } from './letter-text';
import type { MailAddress } from './settings';

/** A whole message as it travels (RFC 5322), with the envelope that it travels in. */
export interface Message {
  readonly id: string;
  readonly createdAt: number;
  readonly from: string;
  readonly to: string;
  readonly raw: Buffer;
}

export interface MessageFacts {
  readonly id: string;
  readonly accountId: string;
  readonly createdAt: number;
  readonly from: MailAddress;
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

/**
 * Puts a letter into a message. Its Message-ID is made from `id`, so that a message that was sent twice (the service
 * ended between sending it and writing that down) is one message to the recipient's mail program.
 */
export const composeMessage = async (letter: Letter, facts: MessageFacts): Promise<Message> => {
  const { id, accountId, createdAt, from } = facts;
  const domain = domainOf(from.address);
  const subject = subjectOf(letter);
  const node = new MailComposer({
    from: { name: from.name, address: from.address },
    to: { name: '', address: letter.recipient },
    subject,
    messageId: `<${id}@${domain}>`,
    date: new Date(createdAt),
    text: letterText(letter),
    html: letterHtml(letter, subject),
    headers: {
      // Nobody's "out of office" answers it (RFC 3834), and filters can tell it from other mail (RFC 2919).
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'List-Id': `Gatehouse questions <${accountId.toLowerCase()}.questions.gatehouse.${domain}>`,
    },
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  return { id, createdAt, from: from.address, to: letter.recipient, raw: await node.build() };
};
