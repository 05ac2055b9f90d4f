import type { Account, Range, Review, ServiceState } from '#shared/domain/entities';
import type { Source } from '#shared/domain/source';
import type { LearningEnd } from '#shared/domain/learning-end';
import type { Quiet } from '#shared/ipc/notifications';

/** Reviews (docs/behaviour.md 1.7) that nobody has answered yet. */
export interface ReviewFacts {
  /** All pending reviews, by id. */
  readonly pending: ReadonlyMap<string, Review>;
  /** Reviews that were neither announced nor held back. */
  readonly fresh: ReadonlyMap<string, Review>;
  /** Reviews that were held back and are to be announced now. */
  readonly released: ReadonlyMap<string, Review>;
  /** Ids of reviews whose own notification the desktop dropped, so that perhaps nobody has seen it. */
  readonly unseen: ReadonlySet<string>;
  /** Ids of answered reviews whose notification of an earlier run may still be there. */
  readonly leftBehind: ReadonlySet<string>;
}

export interface Outage {
  /** The beginning, in milliseconds since the epoch. */
  readonly sinceMs: number;
  /** The moment at which this run of the console noticed it, in milliseconds since the epoch. */
  readonly noticedMs: number;
  /** The cause, in a sentence. */
  readonly cause: string;
  /** True if this computer cannot take in what the service sends. */
  readonly isOwn: boolean;
}

/** A change of the mode by anybody but the signed-in user. */
export interface ModeChange {
  /** The id of the audit event; ids grow. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** The person in words; null for the service itself. */
  readonly by: string | null;
  readonly from: Account['mode'];
  readonly to: Account['mode'];
}

/** The snapshot from which the policy decides. */
export interface Facts {
  readonly nowMs: number;
  /** The reason why nothing is shown now, or null. */
  readonly quiet: Quiet['reason'] | null;
  /** The next moment at which time alone may begin or end quiet, or Infinity. */
  readonly nextQuietChangeMs: number;
  readonly mutedKeyIds: ReadonlySet<string>;
  /** Returns true if what would be blocked with the key is let in and reported. */
  readonly isReporting: (keyId: string) => boolean;
  /** True if the access token may answer reviews. */
  readonly mayAnswer: boolean;
  /** True if notifications hide addresses and keys. */
  readonly hidesDetails: boolean;
  /** The service in words: its host, or "the service on this computer". */
  readonly serviceName: string;
  readonly reviews: ReviewFacts;
  /** True if the service answers and accepts the access token. */
  readonly isOnline: boolean;
  readonly outage: Outage | null;
  /** The treatment of calls to the protected API; undefined if it is not known. */
  readonly serviceState: ServiceState | undefined;
  /** A sentence about the refused access token; null while it is accepted. */
  readonly signedOut: string | null;
  /** Ids of the operations that wait for a decision. */
  readonly undecidedIds: readonly string[];
  readonly mode: Account['mode'] | null;
  /** Changes that were not announced yet, oldest first. */
  readonly modeChanges: readonly ModeChange[];
  /** The end of learning; null unless it ends by itself at a known moment. */
  readonly learning: LearningEnd | null;
  /** Ranges of the trust review that were not announced yet, oldest first. */
  readonly grants: readonly Range[];
  /** The sources of the account. */
  readonly sources: readonly Source[];
}
