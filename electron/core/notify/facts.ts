import type { Account, Range, Review, ServiceState } from '#shared/domain/entities';
import type { Quiet } from '#shared/ipc/notifications';

/** Reviews (docs/behaviour.md 1.7) that nobody has answered yet. */
export interface ReviewFacts {
  /** All of them, by id. */
  readonly pending: ReadonlyMap<string, Review>;
  /** Those that were neither announced nor held back. */
  readonly fresh: ReadonlyMap<string, Review>;
  /** Those that were held back and are to be announced now. */
  readonly released: ReadonlyMap<string, Review>;
  /** The ids of those that were announced one by one and dropped by the desktop: nobody need have seen them. */
  readonly unseen: ReadonlySet<string>;
  /** The ids of those that are answered, and whose notification of an earlier run may still be there. */
  readonly leftBehind: ReadonlySet<string>;
}

/** The service does not answer. */
export interface Outage {
  /** Since when, in milliseconds since the epoch. */
  readonly sinceMs: number;
  /** When this run of the console found out. */
  readonly noticedMs: number;
  /** Why, in a sentence. */
  readonly cause: string;
  /** Whether it is this computer that cannot take in what the service sends. */
  readonly isOwn: boolean;
}

/** The mode was changed, by somebody else than whoever sits here. */
export interface ModeChange {
  /** Of the audit event; they grow. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** Who did it, in words; null: the service by itself. */
  readonly by: string | null;
  readonly from: Account['mode'];
  readonly to: Account['mode'];
}

/** What is the case. */
export interface Facts {
  readonly nowMs: number;
  /** Why nothing is shown now; null when it may be. */
  readonly quiet: Quiet['reason'] | null;
  /** When time alone may next begin or end that; or Infinity. */
  readonly nextQuietChangeMs: number;
  readonly mutedKeyIds: ReadonlySet<string>;
  /** Whether the access token may answer questions. */
  readonly mayAnswer: boolean;
  /** Whether notifications say nothing of addresses and keys now. */
  readonly hidesDetails: boolean;
  /** The service in words: its host, or "the service on this computer". */
  readonly serviceName: string;
  readonly questions: ReviewFacts;
  /** Whether the service answers, to this access token. */
  readonly isOnline: boolean;
  readonly outage: Outage | null;
  /** What calls to the protected API get; undefined where that is not known. */
  readonly serviceState: ServiceState | undefined;
  /** What is said about the access token that the service does not take (any more); null while it does. */
  readonly signedOut: string | null;
  /** The ids of the edits that wait for a decision. */
  readonly parkedIds: readonly string[];
  readonly mode: Account['mode'] | null;
  /** Those that nothing was said about yet, oldest first. */
  readonly modeChanges: readonly ModeChange[];
  /** Null unless learning will end by itself at a known moment. */
  readonly learning: { readonly endsAtMs: number; readonly windowMs: number } | null;
  /** Ranges of the trust review that nothing was said about yet, oldest first. */
  readonly grants: readonly Range[];
}
