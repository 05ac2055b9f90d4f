import { addressBits, cidrContains, cidrOf, subnetAround, type Cidr } from '#shared/ip/index';
import { reviewTrust, type KeyUse, type TrustReview } from '#service/enforcement/trust/trust-review';
import { DAY_MS, LEARNING_MS, type Call, type Place } from './world/index';

/** The service's default sizes of a grant, and of a neighbourhood. */
const GRANT = { ipv4PrefixLength: 24, ipv6PrefixLength: 64 } as const;
const NEIGHBOURHOOD = { ipv4PrefixLength: 16, ipv6PrefixLength: 48 } as const;
const HOUR_MS = DAY_MS / 24;

/** The world begins here, so that times are ordinary ones. */
const EPOCH_MS = Date.UTC(2026, 0, 5);
/** The key was some days old when learning began. */
const KEY_CREATED_AT = EPOCH_MS - 10 * DAY_MS;

export type Outcome =
  /** Let in because its range was authorized before, and through which grant. */
  | { readonly kind: 'covered'; readonly by: GrantSource }
  | { readonly kind: 'learned' }
  | { readonly kind: 'reviewed'; readonly isFirst: boolean; readonly review: TrustReview };

export type GrantSource = 'learning' | 'automatic' | 'administrator';

export interface Question {
  readonly call: Call;
  readonly place: Place;
  readonly firstAt: number;
  /** When an administrator authorizes it; Infinity: nobody does. */
  readonly answeredAt: number;
}

/** Which of the data files the simulated service has. */
export type Data = 'country and network' | 'country only' | 'none';

const key = ({ family, base, prefixLength }: Cidr): string => `${family}/${base}/${prefixLength}`;

/**
 * One account in the phases `learning` and `automatic`, with one key: the bookkeeping of the real service in miniature.
 * Grants are never removed here, so that what was wrongly granted stays open.
 */
export class SimulatedAccount {
  readonly #data: Data;
  readonly #grants: Map<string, GrantSource>;
  readonly #uses: Map<string, KeyUse>;
  readonly #questions: Map<string, Question>;
  #lastAllowed: { readonly country: string | null; readonly at: number } | null = null;

  constructor(data: Data, from?: SimulatedAccount) {
    this.#data = data;
    this.#grants = new Map(from === undefined ? [] : from.#grants);
    this.#uses = new Map(from === undefined ? [] : from.#uses);
    this.#questions = new Map(from === undefined ? [] : from.#questions);
    this.#lastAllowed = from === undefined ? null : from.#lastAllowed;
  }

  /** The same account at the same moment, to be continued differently. */
  fork(): SimulatedAccount {
    return new SimulatedAccount(this.#data, this);
  }

  /**
   * One call. Where it is refused, `answeredAt` says when an administrator will authorize its subnet.
   */
  call(call: Call, answeredAt: (at: number) => number): Outcome {
    this.#answerQuestions(call.at);
    const grant = key(subnetAround(call.address, GRANT));
    const by = this.#grants.get(grant);
    const place = this.#placeOf(call);
    if (by !== undefined) {
      this.#letIn(call, place);
      return { kind: 'covered', by };
    }
    if (call.at < LEARNING_MS) {
      this.#grants.set(grant, 'learning');
      this.#letIn(call, place);
      return { kind: 'learned' };
    }
    const question = key(cidrOf(call.address, addressBits(call.address.family)));
    const isFirst = !this.#questions.has(question);
    const review = this.#review(call, place, question);
    if (review.trusted) {
      this.#questions.delete(question);
      this.#grants.set(grant, 'automatic');
      this.#letIn(call, place);
    } else if (isFirst) {
      this.#questions.set(question, {
        call,
        place,
        firstAt: call.at,
        answeredAt: answeredAt(call.at),
      });
    }
    return { kind: 'reviewed', isFirst, review };
  }

  #answerQuestions(now: number): void {
    for (const { call, place, answeredAt } of this.#questions.values()) {
      if (answeredAt > now) continue;
      const subnet = subnetAround(call.address, GRANT);
      this.#grants.set(key(subnet), 'administrator');
      // Who authorizes a call vouches for the program that made it.
      this.#remember(call, place, answeredAt);
      // Its neighbours that waited too are answered with it.
      for (const [id, other] of this.#questions) {
        if (cidrContains(subnet, other.call.address)) this.#questions.delete(id);
      }
    }
  }

  #letIn(call: Call, place: Place): void {
    this.#remember(call, place, call.at);
    this.#lastAllowed = { country: place.country, at: EPOCH_MS + call.at };
  }

  #remember(call: Call, place: Place, worldAt: number): void {
    const prefix = subnetAround(call.address, NEIGHBOURHOOD);
    const id = `${key(prefix)} ${call.userAgent ?? ''}`;
    const at = EPOCH_MS + worldAt;
    const use = this.#uses.get(id);
    this.#uses.set(id, {
      ...(use ?? { prefix, country: place.country, asn: place.asn, userAgent: call.userAgent, firstAt: at }),
      lastAt: at,
      uses: (use?.uses ?? 0) + 1,
    });
  }

  #review(call: Call, place: Place, ownQuestion: string): TrustReview {
    const others = [...this.#questions].filter(([id]) => id !== ownQuestion).map(([, question]) => question);
    return reviewTrust({
      address: call.address,
      now: EPOCH_MS + call.at,
      geolocation: place,
      userAgent: call.userAgent,
      key: { createdAt: KEY_CREATED_AT, lastUsedAt: this.#lastAllowed?.at ?? null },
      uses: [...this.#uses.values()],
      denials: [],
      blocklisted: null,
      isProxy: false,
      recentUnknownAddresses: others.filter(({ firstAt }) => firstAt >= call.at - HOUR_MS).length,
      unanswered: others.map(({ firstAt, place: { country, asn } }) => ({
        at: EPOCH_MS + firstAt,
        country,
        asn,
      })),
      lastAllowed: this.#lastAllowed,
    });
  }

  #placeOf({ place }: Call): Place {
    switch (this.#data) {
      case 'country and network':
        return place;
      case 'country only':
        return { country: place.country, asn: null, asName: null };
      case 'none':
        return { country: null, asn: null, asName: null };
    }
  }
}
