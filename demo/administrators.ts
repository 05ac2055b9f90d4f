import { DAY_MS, DAY_SECONDS, HOUR_MS, MINUTE_MS } from '#shared/durations';
import type { Key, Mode, Range, User } from '#shared/domain/entities';
import { SCANNER } from './traffic/networks';
import { randomFrom } from './traffic/random';
import { KEY_NAMES, LEAKED_KEY, type KeyName, type Visit } from './traffic/scenarios';

export const OWNER_EMAIL = 'maria@example.com';
const COLLEAGUE_EMAIL = 'dana@example.com';
const READER_EMAIL = 'audit@example.com';

/** Some reviews of this time before the start are still open. */
const RECENT_MS = 3 * DAY_MS;
const OPEN_SHARE = 0.8;

/** They know whom their edits block. */
const MEANT = { confirmImpact: true };

/** What somebody does at a time, in milliseconds from the start of the demo. */
export interface Plan {
  readonly at: number;
  do(): Promise<unknown>;
}

type Api = (method: string, path: string, body?: unknown) => Promise<unknown>;

interface AdministratorsOptions {
  readonly url: string;
  readonly token: string;
  readonly seed: string;
  /** The partner's server, which they know before it calls. */
  readonly partnerIp: string;
  /** The start of the demo in milliseconds since the epoch. */
  readonly startsAt: number;
}

/** Returns undefined for a conflict: another answer may have settled a review. */
function createApi(url: string, token: string): Api {
  return async (method, path, body) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.ok) return text === '' ? undefined : (JSON.parse(text) as unknown);
    if (response.status === 409) return undefined;
    throw new Error(`${method} ${path}: ${response.status} ${text}`);
  };
}

/** The two people who look after the account, through the control plane. */
export class Administrators {
  readonly #options: AdministratorsOptions;
  readonly #random;
  readonly #owner: Api;
  readonly #keyIds = new Map<KeyName, string>();
  readonly #knownReviews = new Set<string>();
  #colleague: Api;
  readonly secrets = new Map<KeyName, string>();

  constructor(options: AdministratorsOptions) {
    this.#options = options;
    this.#random = randomFrom(`${options.seed} administrators`);
    this.#owner = createApi(options.url, options.token);
    this.#colleague = this.#owner;
  }

  /** Makes keys, users and the first range. Returns what they will do in the month, whatever is called. */
  async setUp(): Promise<readonly Plan[]> {
    for (const name of KEY_NAMES) {
      const made = (await this.#owner('POST', '/v1/keys', { name })) as { key: Key; secret: string };
      this.#keyIds.set(name, made.key.id);
      this.secrets.set(name, made.secret);
    }
    const { id } = (await this.#owner('POST', '/v1/users', {
      email: COLLEAGUE_EMAIL,
      permissions: ['authorized_ips'],
    })) as User;
    const token = (await this.#owner('POST', `/v1/users/${id}/tokens`, { name: 'Console' })) as {
      secret: string;
    };
    this.#colleague = createApi(this.#options.url, token.secret);
    await this.#owner('POST', '/v1/users', { email: READER_EMAIL });
    const partnerRange = await this.#addRange(this.#owner, {
      cidr: this.#options.partnerIp,
      label: 'Partner: Nordwind',
      keyId: this.#keyIds.get(LEAKED_KEY),
    });
    const testMachine = await this.#addRange(this.#owner, { cidr: '195.10.9.5', label: 'Test machine' });
    return [
      { at: -20 * DAY_MS, do: () => this.#remove(`/v1/keys/${this.#keyIds.get('Old importer')}`) },
      { at: -16 * DAY_MS, do: () => this.#addContractor() },
      { at: -13 * DAY_MS + HOUR_MS, do: () => this.#rotate('Reporting') },
      { at: -10 * DAY_MS, do: () => this.#setMode('manual') },
      { at: -9 * DAY_MS, do: () => this.#setMode('automatic') },
      {
        at: -6 * DAY_MS,
        do: () =>
          this.#colleague('PATCH', `/v1/ranges/${partnerRange.id}`, { label: 'Partner: Nordwind, server' }),
      },
      { at: -5 * DAY_MS, do: () => this.#remove(`/v1/ranges/${testMachine.id}`) },
      {
        at: -4 * DAY_MS,
        do: () =>
          this.#addRange(this.#owner, { cidr: SCANNER.cidr, effect: 'deny', label: 'Scanners', ...MEANT }),
      },
    ];
  }

  /** Returns how and when a new review is answered; undefined for one that they know, or leave open. */
  planAnswer(reviewId: string, visit: Visit): Plan | undefined {
    if (this.#knownReviews.has(reviewId)) return undefined;
    this.#knownReviews.add(reviewId);
    const random = this.#random;
    if (visit.at > -RECENT_MS && random.chance(OPEN_SHARE)) return undefined;
    const answerer = random.chance(0.5) ? this.#owner : this.#colleague;
    const at = visit.at + random.logUniform(10 * MINUTE_MS, 3 * HOUR_MS);
    if (!visit.isHonest) {
      const body = { addDenyRange: random.chance(0.3), note: 'Nobody of ours', ...MEANT };
      return { at, do: () => answerer('POST', `/v1/reviews/${reviewId}/deny`, body) };
    }
    const body = {
      scope: 'subnet',
      thisKeyOnly: random.chance(0.5),
      note: visit.scenario,
      ...(random.chance(0.4) && { durationSeconds: 7 * DAY_SECONDS }),
    };
    return { at, do: () => answerer('POST', `/v1/reviews/${reviewId}/authorize`, body) };
  }

  async #addRange(author: Api, body: object): Promise<Range> {
    const { items } = (await author('POST', '/v1/ranges', body)) as { items: readonly Range[] };
    const [range] = items;
    if (range === undefined) throw new Error('no range was added');
    return range;
  }

  #addContractor(): Promise<Range> {
    const expiresAt = new Date(this.#options.startsAt + 9 * DAY_MS).toISOString();
    return this.#addRange(this.#colleague, { cidr: '195.10.8.0/28', label: 'Contractor', expiresAt });
  }

  async #rotate(name: KeyName): Promise<void> {
    const made = (await this.#owner('POST', `/v1/keys/${this.#keyIds.get(name)}/rotate`, {})) as {
      secret: string;
    };
    this.secrets.set(name, made.secret);
  }

  #remove(path: string): Promise<unknown> {
    return this.#owner('DELETE', `${path}?confirmImpact=true`);
  }

  #setMode(mode: Mode): Promise<unknown> {
    return this.#colleague('PUT', '/v1/account/mode', { mode, ...MEANT });
  }
}
