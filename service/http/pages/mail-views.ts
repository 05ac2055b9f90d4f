import { isReporting } from '#shared/domain/reporting';
import type { Review } from '#shared/domain/entities';
import { plainLine } from '#shared/domain/plain-text';
import { UNRECOGNISED } from '#shared/domain/told';
import { html, type Html } from '../../mail/html';
import {
  acceptableProposal,
  confirmationOf,
  obstacleTo,
  type AcceptableProposal,
  type LinkOutcome,
  type LinkState,
  type Obstacle,
  type OpenLink,
} from '../../mail/links';
import {
  countWords,
  evidenceWords,
  keyWords,
  LEANING_WORDS,
  networkWords,
  proposalWords,
  reviewFacts,
  timeWords,
} from '../../mail/plain-words';
import type { MailAction } from '../../storage/schema';
import type { Page } from './page';

export const CONFIRM_FIELD = 'confirm';

function page(status: number, title: string, ...parts: readonly (string | Html | false)[]): Page {
  return {
    status,
    title,
    content: parts.map((part) => (typeof part === 'string' ? html`<p>${part}</p>` : part)),
  };
}

/** Returns true if calls like those of the review are let in at present, because protection only reports. */
function isReported({ account, key }: OpenLink): boolean {
  const { mode, report_only } = account;
  return isReporting({ mode, reportOnly: report_only === 1 }, { reportOnly: key.report_only === 1 });
}

function facts(link: OpenLink): Html {
  const { review, key } = link;
  return html`<dl>
    ${reviewFacts(review, key.prefix, isReported(link)).map(
      ({ name, value, isCode }) =>
        html`<dt>${name}</dt>
          <dd>${isCode === true ? html`<code>${value}</code>` : value}</dd>`,
    )}
  </dl>`;
}

function evidence({ review }: OpenLink): Html | false {
  const items = evidenceWords(review).map(
    ({ leaning, words }) =>
      html`<li class="${leaning}"><span class="unseen">${LEANING_WORDS[leaning]}</span> ${words}</li>`,
  );
  return (
    items.length > 0 &&
    html`<h2>Why it was not trusted</h2>
      <ul>
        ${items}
      </ul>`
  );
}

function form(token: string, action: MailAction, words: string): Html {
  return html`<form method="post">
    <input type="hidden" name="${CONFIRM_FIELD}" value="${confirmationOf(token, action)}" /><button
      type="submit"
      class="${action !== 'authorize' && action !== 'accept' && 'danger'}"
    >
      ${words}
    </button>
  </form>`;
}

function unchanged(link: OpenLink): Html {
  const otherwise = isReported(link)
    ? 'the address is let in as long as protection only reports, and blocked once it enforces.'
    : 'the address stays blocked.';
  return html`<p class="soft">Nothing has been changed yet. If you do nothing, ${otherwise}</p>`;
}

const NAMES: Record<Exclude<MailAction, 'accept'>, string> = {
  authorize: 'Authorize this address',
  deny: 'Deny and update the API key',
  deactivate: 'Deactivate review',
};

/** "80.128.0.0/28", or "the network AS64500 Example Networks". */
function proposedWords({ asn, asName }: Review, proposal: AcceptableProposal): string {
  return proposal.kind === 'range' ? proposal.cidr : `the network ${networkWords(asn, asName)}`;
}

function nameOf(action: MailAction, { review }: OpenLink): string {
  if (action !== 'accept') return NAMES[action];
  const proposal = acceptableProposal(review);
  return proposal === undefined ? '' : `Authorize ${proposedWords(review, proposal)}`;
}

const OBSTACLE_PAGES: Record<Obstacle, Page> = {
  needs_api_keys: page(
    403,
    'You may not update API keys',
    'Updating an API key needs the permission api_keys, which you do not have; an owner of the account can update the key.',
  ),
  key_revoked: page(
    409,
    'The API key was revoked',
    'This API key was revoked meanwhile: no address can use it any more, and there is nothing to update.',
  ),
  not_proposed: page(
    409,
    'This is not proposed any more',
    'Somebody declined the proposal meanwhile. The other links of the message still decide about the one address.',
  ),
  too_many_sources: page(
    409,
    'The account has too many sources',
    'A network is let in by a source, and the account has as many as it may have. One can be removed in Gatehouse, under Authorized IPs.',
  ),
  deactivated_already: page(
    409,
    'Review is deactivated already',
    'Every address is let in at the moment. Review is switched on again in Gatehouse, under Protection.',
  ),
};

/** The page with the button that confirms one action. */
export function confirmPage(token: string, action: MailAction, link: OpenLink): Page {
  const { account, key, review } = link;
  const obstacle = obstacleTo(action, link);
  if (obstacle !== undefined) return OBSTACLE_PAGES[obstacle];
  const accountName = plainLine(account.name, 100);
  switch (action) {
    case 'authorize':
      return page(
        200,
        `Authorize ${review.ip}?`,
        `The address is added to the authorized addresses, for all API keys of ${accountName} and until somebody removes it. Calls from it are let in from then on.`,
        'Only do this if you know who is calling from there.',
        facts(link),
        evidence(link),
        form(token, action, `Authorize ${review.ip}`),
        unchanged(link),
      );
    case 'accept':
      return page(
        200,
        `${nameOf(action, link)}?`,
        review.proposal !== null && html`<p>${proposalWords(review, review.proposal)}</p>`,
        `It is let in from then on with the API key ${keyWords(key.name)} of ${accountName}, and with no other, until somebody removes it.`,
        'Only do this if all of these addresses may use the key: whoever has it could use it from there.',
        facts(link),
        evidence(link),
        form(token, action, nameOf(action, link)),
        unchanged(link),
      );
    case 'deny':
      return page(
        200,
        `Deny, and update the key “${keyWords(key.name)}”?`,
        html`<p>
          The address ${isReported(link) ? 'is blocked from then on' : 'stays blocked'}, and the API key gets
          a new secret, which is shown to you once.
          <strong>The present secret ends at once</strong>: every program that uses it is refused until it has
          the new one.
        </p>`,
        'Do this if somebody else may have the key.',
        facts(link),
        // The owner may have the only copy of the new secret.
        key.rotated_at !== null &&
          key.rotated_at >= Date.parse(review.lastAt) &&
          html`<p class="note">
            This key was updated on ${timeWords(key.rotated_at)}, after the last of these calls. Updating it
            again ends that new secret too.
          </p>`,
        evidence(link),
        form(token, action, NAMES.deny),
        unchanged(link),
      );
    case 'deactivate':
      return page(
        200,
        'Deactivate review?',
        html`<p class="note">
          <strong>Every address will be let in</strong>, with every API key of ${accountName}, also this one
          and any that you do not know. It stays so until review is switched on again in Gatehouse, under
          Protection.
        </p>`,
        'Calls are still logged, and the list of authorized addresses is kept for later.',
        form(token, action, 'Let every address in'),
        html`<p class="soft">Nothing has been changed yet.</p>`,
      );
  }
}

/** The page with all actions that are possible for one review. Links are relative to the page's own address. */
export function choicesPage(token: string, link: OpenLink): Page {
  const actions = (['authorize', 'accept', 'deny', 'deactivate'] as const).filter(
    (action) => obstacleTo(action, link) === undefined,
  );
  return page(
    200,
    `${link.review.ip} ${isReported(link) ? 'would be' : 'was'} blocked`,
    facts(link),
    evidence(link),
    html`<ul class="choices">
      ${actions.map((action) => html`<li><a href="${token}/${action}">${nameOf(action, link)}</a></li>`)}
    </ul>`,
    unchanged(link),
  );
}

function decisionWords({ status, decidedBy, decidedAt }: Review): string {
  const by = decidedBy === null ? '' : ` by ${plainLine(decidedBy, 254)}`;
  const when = decidedAt === null ? '' : ` on ${timeWords(decidedAt)}`;
  switch (status) {
    case 'authorized':
      return `It was authorized${by}${when}.`;
    case 'denied':
      return `It was denied${by}${when}, and stays blocked.`;
    case 'superseded':
      return `A change of the authorized addresses${by}${when} settled it.`;
    case 'expired':
      return `It was closed without an answer${when}.`;
    case 'pending':
    case UNRECOGNISED:
      return 'It is still open in Gatehouse.';
  }
}

/** The page that says why a link does nothing any more. A POST gets an error status even if the review was decided. */
export function closedPage(state: Exclude<LinkState, OpenLink>, isPost: boolean): Page {
  switch (state.kind) {
    case 'unknown':
      return page(
        404,
        'This link is not known',
        'It may have been cut off: open it from the message itself, or decide the review in Gatehouse.',
      );
    case 'expired':
      return page(
        410,
        'This link has expired',
        'Links work for 24 hours. The review can still be decided in Gatehouse, under Pending.',
      );
    case 'forbidden':
      return page(
        403,
        'You may not decide this any more',
        'The link was sent to somebody who has left the account since, or who may not change the authorized addresses any more.',
      );
    case 'used':
    case 'decided': {
      const isUsed = state.kind === 'used';
      const { ip, keyName } = state.review;
      return page(
        isPost ? 409 : 200,
        isUsed ? 'This link was used' : 'This was answered already',
        html`<p>
          ${isUsed && 'A link works once. '}It was about <code>${ip}</code> and the API key
          ${keyWords(keyName)}.
        </p>`,
        isUsed && state.action === 'deactivate'
          ? `Review was deactivated by ${plainLine(state.email, 254)} on ${timeWords(state.usedAt)}.`
          : decisionWords(state.review),
        html`<p class="soft">
          This page has changed nothing. What was decided can be changed in Gatehouse.
        </p>`,
      );
    }
  }
}

/** The page that says what the button did. */
export function outcomePage(outcome: LinkOutcome): Page {
  switch (outcome.kind) {
    case 'authorized':
      return page(
        200,
        `${outcome.review.ip} is authorized`,
        html`<p>
          Calls from this address are let in from now on. The range <code>${outcome.range.cidr}</code> can be
          changed or removed in Gatehouse, under Authorized IPs.
        </p>`,
      );
    case 'accepted': {
      const words = proposedWords(outcome.review, outcome.proposal);
      return page(
        200,
        `${words.charAt(0).toUpperCase()}${words.slice(1)} is authorized`,
        `Calls from there with the API key ${keyWords(outcome.review.keyName)} are let in from now on. It can be changed or removed in Gatehouse, under Authorized IPs.`,
      );
    }
    case 'denied':
      return page(
        200,
        `${outcome.review.ip} is denied, and the key is updated`,
        `The new secret of the API key ${keyWords(outcome.key.name)}. The old one has ended.`,
        html`<code class="secret" tabindex="0">${outcome.secret}</code>`,
        html`<p class="note">
          <strong>Copy it now</strong> (one click selects all of it), and give it to the programs that use the
          key. It is shown this once: it is in no message, and reloading this page does not bring it back.
        </p>`,
      );
    case 'deactivated':
      return page(
        200,
        'Review is deactivated',
        html`<p>
          <strong>Every address is let in</strong> from now on, until review is switched on again in
          Gatehouse, under Protection.
        </p>`,
        'The review of this address stays open there.',
      );
    case 'prevented':
      return OBSTACLE_PAGES[outcome.obstacle];
    case 'too_late':
      return closedPage(outcome.state, true);
  }
}

export function waitPage(seconds: number): Page {
  return page(429, 'Too many wrong links', `Try again in ${countWords(seconds, 'second')}.`);
}

export const METHOD_PAGE = page(405, 'Not possible', 'Open the link, and use the button on its page.');

export const NO_PAGE = page(404, 'There is nothing here', 'Open the link from the message itself.');

export const TROUBLE_PAGE = page(
  503,
  'This could not be done at the moment',
  'Nothing was changed, as far as is known. Open the link again in a minute; it tells what is decided.',
);
