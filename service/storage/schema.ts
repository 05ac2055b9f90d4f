import type {
  Effect,
  KeyStatus,
  Mode,
  RangeSource,
  Reason,
  ReviewStatus,
  Role,
  Verdict,
  Via,
} from '#shared/domain/entities';
import type { SourceStatus } from '#shared/domain/source';
import type { SourceKind } from '#shared/domain/source-spec';

/**
 * The tables for SQLite and PostgreSQL. Times are milliseconds since the epoch. `changed_seq` is the row's sequence number in
 * the account's change feed. The feed has no table of its own: it is the rows in the order of their last change, so it has
 * each entity once and never outgrows the data.
 */
export interface Schema {
  meta: MetaTable;
  accounts: AccountsTable;
  users: UsersTable;
  tokens: TokensTable;
  keys: KeysTable;
  key_secrets: KeySecretsTable;
  ranges: RangesTable;
  sources: SourcesTable;
  imported_ranges: ImportedRangesTable;
  reviews: ReviewsTable;
  declined_proposals: DeclinedProposalsTable;
  spools: SpoolsTable;
  attempts: AttemptsTable;
  audit: AuditTable;
  tombstones: TombstonesTable;
  feed_floors: FeedFloorsTable;
  epochs: EpochsTable;
  epoch_starts: EpochStartsTable;
  sightings: SightingsTable;
  key_habits: KeyHabitsTable;
  key_fingerprints: KeyFingerprintsTable;
  operations: OperationsTable;
  mail_notices: MailNoticesTable;
  mail_messages: MailMessagesTable;
  mail_links: MailLinksTable;
}

export interface MetaTable {
  name: string;
  value: string;
}

export interface AccountsTable {
  id: string;
  name: string;
  mode: Mode;
  revision: number;
  /** Last sequence number given out in the account's change feed. */
  seq: number;
  changed_seq: number;
  ipv4_grant_prefix: number;
  ipv6_grant_prefix: number;
  created_at: number;
  /** First attempt since learning was chosen; null before it and in other modes. */
  learning_started_at: number | null;
  /** Last time that learning authorized an address. */
  learning_last_new_at: number | null;
  /** 1 if the account reports instead of blocking unknown addresses. */
  report_only: 0 | 1;
}

export interface UsersTable {
  id: string;
  account_id: string;
  email: string;
  role: Role;
  /** JSON array of permissions. */
  permissions: string;
  created_at: number;
}

export interface TokensTable {
  id: string;
  account_id: string;
  user_id: string;
  name: string;
  /** SHA-256 of the secret, hex. */
  hash: string;
  created_at: number;
  expires_at: number | null;
  last_used_at: number | null;
}

export interface KeysTable {
  id: string;
  account_id: string;
  name: string;
  prefix: string;
  status: KeyStatus;
  /** As `accounts.report_only`, for one key. */
  report_only: 0 | 1;
  created_at: number;
  last_used_at: number | null;
  rotated_at: number | null;
  changed_seq: number;
}

/** Secrets of keys, with rotated ones, so that calls with those are recognised. */
export interface KeySecretsTable {
  /** SHA-256 of the secret, hex. */
  hash: string;
  account_id: string;
  key_id: string;
  created_at: number;
  /** Time from which the secret is refused; null for the current one. */
  valid_until: number | null;
}

export interface RangesTable {
  id: string;
  account_id: string;
  cidr: string;
  effect: Effect;
  label: string;
  source: RangeSource;
  /** Source that keeps the range; null for all others. */
  source_id: string | null;
  key_id: string | null;
  created_at: number;
  created_by: string;
  expires_at: number | null;
  version: number;
  last_used_at: number | null;
  uses: number;
  changed_seq: number;
}

/** Sources. Their ranges are in `ranges`; networks and countries are looked up for each address. */
export interface SourcesTable {
  id: string;
  account_id: string;
  kind: SourceKind;
  /** JSON of the specification. */
  spec: string;
  effect: Effect;
  key_id: string | null;
  label: string;
  interval_seconds: number;
  range_expires_at: number | null;
  allow_wide: 0 | 1;
  min_share_percent: number;
  status: SourceStatus;
  last_tried_at: number | null;
  last_ok_at: number | null;
  last_error: string | null;
  last_error_code: string | null;
  range_count: number;
  /** JSON of what the last answer that differed added and dropped. */
  last_change: string | null;
  created_at: number;
  created_by: string;
  version: number;
  changed_seq: number;
  /** Earliest time of the next refresh; for a claimed source the end of the lease; null if there is none. */
  next_at: number | null;
  /** Current claim. */
  lease: string | null;
  /** JSON of what the next refresh has to know of earlier ones. */
  state: string;
  /** 1 while its ranges are being removed, after which it goes itself. */
  removing: 0 | 1;
}

/** The names of the lists that imports added ranges from. */
export interface ImportedRangesTable {
  range_id: string;
  account_id: string;
  name: string;
}

export interface ReviewsTable {
  id: string;
  account_id: string;
  ip: string;
  /** See `attempts`. */
  ip_sort: string;
  key_id: string;
  /** Number of addresses that the review counts. */
  address_count: number;
  /** JSON array of the latest callers. */
  callers: string;
  /** 1 if it counts the addresses beyond the key's limit of pending reviews. */
  overflow: 0 | 1;
  status: ReviewStatus;
  reason: Reason;
  first_at: number;
  last_at: number;
  count: number;
  score: number | null;
  /** JSON array. */
  evidence: string;
  suggested_cidr: string;
  /** JSON; null if nothing is proposed. */
  proposal: string | null;
  country: string | null;
  /** See `sightings`. */
  region: string | null;
  asn: number | null;
  as_name: string | null;
  decided_by: string | null;
  decided_at: number | null;
  /** Note of the person who decided. */
  note: string | null;
  range_id: string | null;
  /** 1 if the answer added the range, 0 if it existed or there is none. */
  made_range: 0 | 1;
  /** Review whose answer superseded this one or ended this denial; null if a change of ranges did. */
  settled_by: string | null;
  /** 1 while the review is active: pending, or a denial that stands. */
  active: 0 | 1;
  version: number;
  changed_seq: number;
}

/** How much of each process's spool has been delivered. */
export interface SpoolsTable {
  id: string;
  /** The number of the last entry. */
  delivered: number;
}

/** A network of which somebody wants nothing proposed for a key. */
export interface DeclinedProposalsTable {
  account_id: string;
  key_id: string;
  asn: number;
  declined_at: number;
}

export interface AttemptsTable {
  id: string;
  account_id: string;
  changed_seq: number;
  ip: string;
  /** The address as text whose order is the numeric order, so that a CIDR is one key range of the index. */
  ip_sort: string;
  key_id: string;
  verdict: Verdict;
  reason: Reason;
  /** The reason why the call would have been blocked; null unless it was reported. */
  would_be: Reason | null;
  range_id: string | null;
  review_id: string | null;
  first_at: number;
  last_at: number;
  count: number;
  method: string | null;
  path: string | null;
  user_agent: string | null;
  country: string | null;
  asn: number | null;
  as_name: string | null;
}

export interface AuditTable {
  id: string;
  account_id: string;
  changed_seq: number;
  at: number;
  /** JSON of the actor. */
  actor: string;
  via: Via;
  action: string;
  target: string;
  /** JSON. */
  before: string;
  /** JSON. */
  after: string;
  operation_id: string | null;
}

/** Removed entities, for consoles that still mirror them. */
export interface TombstonesTable {
  account_id: string;
  changed_seq: number;
  kind: string;
  entity_id: string;
}

/** Sequence numbers up to which tombstones are forgotten. A reader who has not read so far needs a snapshot. */
export interface FeedFloorsTable {
  account_id: string;
  pruned_seq: number;
}

/** Epochs in order; see `epochsRepository`. */
export interface EpochsTable {
  number: number;
  /** Random, so that no two histories share an id. */
  id: string;
  /** Identity of the database when the epoch began. */
  identity: string;
}

/** Head of each account's feed at the beginning of an epoch. */
export interface EpochStartsTable {
  /** The epoch's number. */
  epoch: number;
  account_id: string;
  seq: number;
}

/**
 * Sightings: networks from which a range let a key in, for the trust review. They outlive the log's rows and are removed with
 * the range, so that a removed range vouches for nothing.
 */
export interface SightingsTable {
  account_id: string;
  key_id: string;
  range_id: string;
  /** The IPv4 /16 or IPv6 /48 around the addresses. */
  prefix: string;
  /** The caller's user agent; empty if it sent none. */
  agent: string;
  country: string | null;
  /** The part of the country, or of the cloud, that was last known. */
  region: string | null;
  asn: number | null;
  as_name: string | null;
  first_at: number;
  last_at: number;
  uses: number;
}

/** What a key is used for, for the trust review. */
export interface KeyHabitsTable {
  key_id: string;
  /** JSON of the faded counts. */
  habits: string;
}

/** TLS clients that a range let a key in with, for the trust review. They are removed with the range, as sightings are. */
export interface KeyFingerprintsTable {
  key_id: string;
  /** As the proxy names the client. */
  fingerprint: string;
  range_id: string;
  first_at: number;
  last_at: number;
}

/** Answered operations, so that none is applied twice. */
export interface OperationsTable {
  account_id: string;
  /** Made by the operation's author. */
  id: string;
  /** SHA-256 of author and content, hex. It detects an id that is reused for another operation. */
  fingerprint: string;
  /** JSON of the result, as it was given. */
  result: string;
  at: number;
}

/** One review that one recipient is to be told of by e-mail, in one message at most. */
export interface MailNoticesTable {
  review_id: string;
  user_id: string;
  account_id: string;
  created_at: number;
  /** Null until the notice is in a message. */
  message_id: string | null;
}

/** `dropped` means that nothing was left to tell, or nobody to tell it to. */
export type MailState = 'queued' | 'sent' | 'failed' | 'dropped';

/** One e-mail to one recipient. Its text is composed for each try from the current state of the reviews. */
export interface MailMessagesTable {
  id: string;
  account_id: string;
  user_id: string;
  created_at: number;
  state: MailState;
  tries: number;
  /** Earliest time of the next try; for a claimed message the end of the lease. */
  next_try_at: number;
  /** Current claim. */
  lease: string | null;
  ended_at: number | null;
  /** Reason why it is not delivered, so far or for good. */
  detail: string | null;
}

export type MailAction = 'authorize' | 'accept' | 'deny' | 'deactivate';

/** The right to answer one review by e-mail, once. The token itself is only in the e-mail. */
export interface MailLinksTable {
  /** SHA-256 of the token, hex. */
  hash: string;
  account_id: string;
  user_id: string;
  review_id: string;
  created_at: number;
  expires_at: number;
  used_at: number | null;
  used_action: MailAction | null;
}
