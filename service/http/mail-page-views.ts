import type { Review } from '#shared/domain/entities';
import { UNRECOGNISED } from '#shared/domain/told';
import { plainLine } from '#shared/domain/plain-text';
import { reviewName } from '#shared/domain/review-subject';
import { html, type Html } from '../mail/html';
import type { LinkOutcome, LinkState, Obstacle, OpenLink } from '../mail/link-desk';
import { obstacleTo } from '../mail/link-desk';
import { confirmationOf } from '../mail/links';
import { keyWords, LEANING_WORDS, letterEvidence } from '../mail/letter';
import { countWords, countryWords, networkWords, timeWords } from '../mail/plain-words';
import type { MailAction } from '../storage/schema';
import { mailPage, type MailPage } from './mail-page-frame';

/** What the pages behind the links of an e-mail say. */

export const CONFIRM_FIELD = 'confirm';

const facts = ({ review, key }: Pick<OpenLink, 'review' | 'key'>): Html =>
  html`<dl>
    <dt>Address</dt>
    <dd><code>${reviewName(review)}</code></dd>
    <dt>Country</dt>
    <dd>${countryWords(review.country)}</dd>
    <dt>Network</dt>
    <dd>${networkWords(review.asn, review.asName)}</dd>
    <dt>API key</dt>
    <dd>${keyWords(key.name)} (<code>${key.prefix}…</code>)</dd>
    <dt>First call</dt>
    <dd>${timeWords(review.firstAt)}</dd>
    <dt>Last call</dt>
    <dd>${timeWords(review.lastAt)}</dd>
    <dt>Blocked</dt>
    <dd>${countWords(review.count, 'call')}</dd>
  </dl>`;

const evidence = (review: Review): Html | null => {
  const list = letterEvidence(review);
  if (list.length === 0) return null;
  return html`<h2>Why it was not trusted</h2>
    <ul>
      ${list.map(
        ({ leaning, words }) =>
          html`<li class="${leaning}"><span class="unseen">${LEANING_WORDS[leaning]}</span> ${words}</li>`,
      )}
    </ul>`;
};

const form = (token: string, action: MailAction, words: string, danger = false): Html =>
  html`<form method="post">
    <input type="hidden" name="${CONFIRM_FIELD}" value="${confirmationOf(token, action)}" /><button
      type="submit"
      ${danger ? html` class="danger"` : null}
    >
      ${words}
    </button>
  </form>`;

const STAYS = html`<p class="soft">
  Nothing has been changed yet. If you do nothing, the address stays blocked.
</p>`;

/** The key was given a new secret after the last blocked call: this one may be in nobody's hands but the owner's. */
const updatedSince = ({ key, review }: OpenLink): Html | null =>
  key.rotated_at === null || key.rotated_at < Date.parse(review.lastAt)
    ? null
    : html`<p class="note">
        This key was updated on ${timeWords(key.rotated_at)}, after the last blocked call. Updating it again
        ends that new secret too.
      </p>`;

const NAMES: Record<MailAction, string> = {
  authorize: 'Authorize this address',
  deny: 'Deny and update the API key',
  deactivate: 'Deactivate review',
};

const OBSTACLES: Record<Obstacle, { readonly title: string; readonly words: string }> = {
  needs_api_keys: {
    title: 'You may not update API keys',
    words:
      'Updating an API key needs the permission api_keys, which you do not have. The address stays blocked; an owner of the account can update the key.',
  },
  key_revoked: {
    title: 'The API key was revoked',
    words:
      'This API key was revoked meanwhile: no address can use it any more, and there is nothing to update.',
  },
  deactivated_already: {
    title: 'Review is deactivated already',
    words:
      'Every address is let in at the moment. Review is switched on again in Gatehouse, under Protection.',
  },
};

const OBSTACLE_STATUS: Record<Obstacle, number> = {
  needs_api_keys: 403,
  key_revoked: 409,
  deactivated_already: 409,
};

const obstaclePage = (obstacle: Obstacle): MailPage => {
  const { title, words } = OBSTACLES[obstacle];
  return mailPage(OBSTACLE_STATUS[obstacle], title, html`<p>${words}</p>`);
};

const authorizeView = (token: string, link: OpenLink): Html =>
  html`<p>
      The address is added to the authorized addresses, for all API keys of
      ${plainLine(link.account.name, 100)} and until somebody removes it. Calls from it are let in from then
      on.
    </p>
    <p>Only do this if you know who is calling from there.</p>
    ${facts(link)} ${evidence(link.review)} ${form(token, 'authorize', `Authorize ${link.review.ip}`)}
    ${STAYS}`;

const denyView = (token: string, link: OpenLink): Html =>
  html`<p>
      The address stays blocked, and the API key gets a new secret, which is shown to you once.
      <strong>The present secret ends at once</strong>: every program that uses it is refused until it has the
      new one.
    </p>
    <p>Do this if somebody else may have the key.</p>
    ${facts(link)} ${updatedSince(link)} ${evidence(link.review)}
    ${form(token, 'deny', 'Deny and update the API key', true)} ${STAYS}`;

const deactivateView = (token: string, link: OpenLink): Html =>
  html`<p class="note">
      <strong>Every address will be let in</strong>, with every API key of
      ${plainLine(link.account.name, 100)}, also this one and any that you do not know. It stays so until
      review is switched on again in Gatehouse, under Protection.
    </p>
    <p>Calls are still logged, and the list of authorized addresses is kept for later.</p>
    ${form(token, 'deactivate', 'Let every address in', true)}
    <p class="soft">Nothing has been changed yet.</p>`;

const VIEWS = { authorize: authorizeView, deny: denyView, deactivate: deactivateView } as const;

const TITLES: Record<MailAction, (link: OpenLink) => string> = {
  authorize: ({ review }) => `Authorize ${review.ip}?`,
  deny: ({ key }) => `Deny, and update the key “${keyWords(key.name)}”?`,
  deactivate: () => 'Deactivate review?',
};

/** What will happen, with the button that does it. */
export const confirmPage = (token: string, action: MailAction, link: OpenLink): MailPage => {
  const obstacle = obstacleTo(action, link);
  if (obstacle !== undefined) return obstaclePage(obstacle);
  return mailPage(200, TITLES[action](link), VIEWS[action](token, link));
};

/** All choices of one question. The links are relative to the page's own address. */
export const choicesPage = (token: string, link: OpenLink): MailPage => {
  const actions = (['authorize', 'deny', 'deactivate'] as const).filter(
    (action) => obstacleTo(action, link) === undefined,
  );
  return mailPage(
    200,
    `${link.review.ip} was blocked`,
    html`${facts(link)} ${evidence(link.review)}
      <ul class="choices">
        ${actions.map((action) => html`<li><a href="${token}/${action}">${NAMES[action]}</a></li>`)}
      </ul>
      ${STAYS}`,
  );
};

const decidedWords = ({ status, decidedBy, decidedAt }: Review): string => {
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
};

const NO_CHANGE = html`<p class="soft">
  This page has changed nothing. What was decided can be changed in Gatehouse.
</p>`;

const usedWords = (state: Extract<LinkState, { kind: 'used' }>): string =>
  state.action === 'deactivate'
    ? `Review was deactivated by ${plainLine(state.email, 254)} on ${timeWords(state.usedAt)}.`
    : decidedWords(state.review);

/** Why a link does nothing any more. Answers to a press of a button say so in their status too. */
export const closedPage = (state: Exclude<LinkState, OpenLink>, isPost: boolean): MailPage => {
  switch (state.kind) {
    case 'unknown':
      return mailPage(
        404,
        'This link is not known',
        html`<p>
          It may have been cut off: open it from the message itself, or answer the question in Gatehouse.
        </p>`,
      );
    case 'expired':
      return mailPage(
        410,
        'This link has expired',
        html`<p>Links work for 24 hours. The question can still be answered in Gatehouse, under Pending.</p>`,
      );
    case 'forbidden':
      return mailPage(
        403,
        'You may not answer this any more',
        html`<p>
          The link was sent to somebody who has left the account since, or who may not change the authorized
          addresses any more.
        </p>`,
      );
    case 'used':
      return mailPage(
        isPost ? 409 : 200,
        'This link was used',
        html`<p>
            A link works once. It was about <code>${state.review.ip}</code> and the API key
            ${keyWords(state.review.keyName)}.
          </p>
          <p>${usedWords(state)}</p>
          ${NO_CHANGE}`,
      );
    case 'decided':
      return mailPage(
        isPost ? 409 : 200,
        'This was answered already',
        html`<p>
            It was about <code>${state.review.ip}</code> and the API key ${keyWords(state.review.keyName)}.
          </p>
          <p>${decidedWords(state.review)}</p>
          ${NO_CHANGE}`,
      );
  }
};

/** What the button did. */
export const outcomePage = (outcome: LinkOutcome): MailPage => {
  switch (outcome.kind) {
    case 'authorized':
      return mailPage(
        200,
        `${outcome.review.ip} is authorized`,
        html`<p>
          Calls from this address are let in from now on. The range <code>${outcome.range.cidr}</code> can be
          changed or removed in Gatehouse, under Authorized IPs.
        </p>`,
      );
    case 'denied':
      return mailPage(
        200,
        `${outcome.review.ip} is denied, and the key is updated`,
        html`<p>The new secret of the API key ${keyWords(outcome.key.name)}. The old one has ended.</p>
          <code class="secret" tabindex="0">${outcome.secret}</code>
          <p class="note">
            <strong>Copy it now</strong> (one click selects all of it), and give it to the programs that use
            the key. It is shown this once: it is in no message, and reloading this page does not bring it
            back.
          </p>`,
      );
    case 'deactivated':
      return mailPage(
        200,
        'Review is deactivated',
        html`<p>
            <strong>Every address is let in</strong> from now on, until review is switched on again in
            Gatehouse, under Protection.
          </p>
          <p>The question about this address stays open there.</p>`,
      );
    case 'prevented':
      return obstaclePage(outcome.obstacle);
    case 'too_late':
      return closedPage(outcome.state, true);
  }
};

/** A POST that does not come from the page's button. */
export const buttonPage = (page: MailPage): MailPage => ({ ...page, status: 400 });

export const waitPage = (seconds: number): MailPage =>
  mailPage(429, 'Too many wrong links', html`<p>Try again in ${countWords(seconds, 'second')}.</p>`);

export const noMethodPage = (): MailPage =>
  mailPage(405, 'Not possible', html`<p>Open the link, and use the button on its page.</p>`);

export const noPage = (): MailPage =>
  mailPage(404, 'There is nothing here', html`<p>Open the link from the message itself.</p>`);

export const troublePage = (): MailPage =>
  mailPage(
    503,
    'This could not be done at the moment',
    html`<p>
      Nothing was changed, as far as is known. Open the link again in a minute; it tells what is decided.
    </p>`,
  );
