import type { Review } from '#shared/domain/entities';
import { plainLine } from '#shared/domain/plain-text';
import { reviewName } from '#shared/domain/review-subject';
import type { Email, Section } from './email-layout';
import { acceptableProposal, type ReviewLinks } from './links';
import {
  countWords,
  evidenceWords,
  keyWords,
  proposalWords,
  reviewFacts,
  reviewLine,
  timeWords,
} from './plain-words';

/** The content of an e-mail about blocked addresses. */
export interface BlockedAddresses {
  /** The recipient's e-mail address. */
  readonly recipient: string;
  readonly accountName: string;
  /** True if the calls were let in, because protection only reports. */
  readonly isReported: boolean;
  /** Number of open reviews that the e-mail is about, including those that are only counted. */
  readonly total: number;
  /** True if there are more than `total`, at which the count stopped. */
  readonly isMore: boolean;
  readonly byKey: readonly { readonly keyName: string; readonly count: number }[];
  /** Reviews that are shown in full, with their links. */
  readonly reviews: readonly {
    readonly review: Review;
    readonly keyPrefix: string;
    readonly links: ReviewLinks;
  }[];
  /** Reviews that are shown in one line each. */
  readonly listed: readonly Review[];
  readonly consoleLink: string;
  /** Milliseconds since the epoch. */
  readonly linksEndAt: number;
}

const MAX_SUBJECT_KEY_NAME = 50;
/** Limit of keys that the introduction names; the others are counted. */
const MAX_KEYS_NAMED = 5;

function keysOf(byKey: BlockedAddresses['byKey']): string {
  const [first, ...others] = byKey;
  if (first !== undefined && others.length === 0) return `the API key "${keyWords(first.keyName)}"`;
  const named = byKey
    .slice(0, MAX_KEYS_NAMED)
    .map(({ keyName, count }) => `"${keyWords(keyName)}" (${count.toLocaleString('en')})`);
  const rest = byKey.length - named.length;
  return `your API keys ${[...named, ...(rest > 0 ? [`${rest} more`] : [])].join(', ')}`;
}

/** What would cover more than the address. A cloud's list takes a choice of services and regions, which the console asks for. */
function proposed(review: Review, { accept }: ReviewLinks, consoleLink: string): Section[] {
  if (review.proposal === null) return [];
  const acceptable = acceptableProposal(review);
  const link =
    acceptable === undefined || accept === undefined
      ? {
          words: 'Open the review',
          href: `${consoleLink}/${review.id}`,
          after: ' in Gatehouse to choose them.',
        }
      : {
          words: `Authorize ${acceptable.kind === 'range' ? acceptable.cidr : 'the network'}`,
          href: accept,
          after: ' instead of this one address, for this API key only.',
        };
  return [{ title: 'Proposal', lines: [proposalWords(review, review.proposal)], link }];
}

/** Fills the one template of the e-mails. The subject stays one line, whatever the names hold. */
export function blockedEmail(blocked: BlockedAddresses): Email {
  const { total, isMore, isReported, byKey, reviews, listed } = blocked;
  const only = total === 1 ? reviews[0]?.review : undefined;
  const name = only && reviewName(only);
  const isOneAddress = only !== undefined && name === only.ip;
  const addresses = `${isMore ? 'more than ' : ''}${countWords(total, 'address', 'addresses')}`;
  const keyName = keyWords(byKey[0]?.keyName ?? '');
  const keys =
    byKey.length > 1 ? `${byKey.length} API keys` : `API key "${plainLine(keyName, MAX_SUBJECT_KEY_NAME)}"`;

  const inFull = reviews.flatMap(({ review, keyPrefix, links }): Section[] => {
    const authorize = isOneAddress ? 'Authorize this address' : `Authorize ${review.ip}`;
    const facts = reviewFacts(review, keyPrefix, isReported);
    const section: Section = {
      ...(only === undefined ? { title: reviewName(review), facts: facts.slice(1) } : { facts }),
      evidence: evidenceWords(review),
      buttons: [
        { words: authorize, href: links.authorize },
        ...(links.deny === undefined ? [] : [{ words: 'Deny and update the API key', href: links.deny }]),
      ],
    };
    return [section, ...proposed(review, links, blocked.consoleLink)];
  });
  const rest = total - reviews.length - listed.length;
  const restWords = `${isMore ? 'over ' : ''}${countWords(rest, 'more address', 'more addresses')}`;
  const inShort: Section = {
    title: `${isReported ? 'Would also be blocked' : 'Also blocked'}, to be decided in Gatehouse`,
    lines: listed.map(reviewLine),
    ...(rest > 0 && { link: { words: restWords, href: blocked.consoleLink, after: ' in Gatehouse' } }),
  };
  const [first] = reviews;
  return {
    to: blocked.recipient,
    subject: isReported
      ? `Would be blocked: ${name ?? addresses} used ${keys}`
      : `Blocked: ${name ?? addresses} tried to use ${keys}`,
    heading: isOneAddress
      ? `${only.ip} ${isReported ? 'would be' : 'was'} blocked`
      : `${name ?? addresses.replace(/^m/, 'M')} ${isReported ? 'would be' : 'were'} blocked`,
    intro: isOneAddress
      ? `A call with ${keysOf(byKey)} came from an address that is not authorized. ${isReported ? 'It was let in, because protection only reports. If you do nothing, it is blocked once protection enforces.' : 'It was blocked. If you do nothing, nothing is let in.'}`
      : `Calls with ${keysOf(byKey)} came from addresses that are not authorized. ${isReported ? 'They were let in, because protection only reports. If you do nothing, they are blocked once protection enforces.' : 'They were blocked. If you do nothing, nothing is let in.'}`,
    sections: [
      ...inFull,
      ...(listed.length > 0 || rest > 0 ? [inShort] : []),
      ...(first === undefined
        ? []
        : [
            {
              link: {
                words: 'Deactivate review',
                href: first.links.deactivate,
                after: ' lets every address in, until it is switched on again.',
              },
            },
          ]),
    ],
    footer: [
      `Opening a link changes nothing: it shows what will happen, and a button does it. Each link works once, until ${timeWords(blocked.linksEndAt)}, and is meant for you alone: do not forward this message.`,
      `Sent by Gatehouse to ${blocked.recipient}, who decides such reviews for the account ${blocked.accountName}.`,
    ],
  };
}
