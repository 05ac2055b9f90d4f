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

/**
 * The tables as Kysely sees them, the same for SQLite and PostgreSQL. Times are milliseconds since the epoch.
 *
 * `changed_seq` is the row's place in the account's change feed: the feed is not a table of its own but the rows
 * themselves, ordered by their last change, so it holds each entity once and never outgrows the data.
 */
export interface Schema {
  meta: MetaTable;
  accounts: AccountsTable;
  users: UsersTable;
  tokens: TokensTable;
  keys: KeysTable;
  key_secrets: KeySecretsTable;
  ranges: RangesTable;
  reviews: ReviewsTable;
  attempts: AttemptsTable;
  audit: AuditTable;
  tombstones: TombstonesTable;
  feed_floors: FeedFloorsTable;
  epochs: EpochsTable;
  epoch_starts: EpochStartsTable;
  sightings: SightingsTable;
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
  /** The last number given out in the account's change feed. */
  seq: number;
  changed_seq: number;
  ipv4_grant_prefix: number;
  ipv6_grant_prefix: number;
  created_at: number;
  /** The first attempt since learning was chosen; null before it, and outside learning. */
  learning_started_at: number | null;
  /** When learning last authorized an address. */
  learning_last_new_at: number | null;
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
  created_at: number;
  last_used_at: number | null;
  rotated_at: number | null;
  changed_seq: number;
}

/** Secrets of a key, old ones too: a rotated one must be recognised as such. */
export interface KeySecretsTable {
  /** SHA-256 of the secret, hex. */
  hash: string;
  account_id: string;
  key_id: string;
  created_at: number;
  /** From then on the secret is refused; null while it is the key's current one. */
  valid_until: number | null;
}

export interface RangesTable {
  id: string;
  account_id: string;
  cidr: string;
  effect: Effect;
  label: string;
  source: RangeSource;
  key_id: string | null;
  created_at: number;
  created_by: string;
  expires_at: number | null;
  version: number;
  last_used_at: number | null;
  uses: number;
  changed_seq: number;
}

export interface ReviewsTable {
  id: string;
  account_id: string;
  ip: string;
  /** As in `attempts`. */
  ip_sort: string;
  key_id: string;
  /** How many addresses it counts. */
  address_count: number;
  /** JSON array of the latest callers. */
  callers: string;
  /** 1 where it counts the addresses of a key that are too many to be asked about one by one. */
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
  country: string | null;
  asn: number | null;
  as_name: string | null;
  decided_by: string | null;
  decided_at: number | null;
  /** What the person who decided it noted down. */
  note: string | null;
  range_id: string | null;
  /** 1 where the answer added the range itself; 0 where that was there before, or there is none. */
  made_range: 0 | 1;
  /** The review whose answer superseded this one, or ended this denial; null where a change of the ranges did. */
  settled_by: string | null;
  /** 1 while further calls of its address and key count towards it: it is pending, or a denial that holds. */
  standing: 0 | 1;
  version: number;
  changed_seq: number;
}

export interface AttemptsTable {
  id: string;
  account_id: string;
  changed_seq: number;
  ip: string;
  /** The address as text whose order is the numeric order, so that a CIDR is one index range. */
  ip_sort: string;
  key_id: string;
  verdict: Verdict;
  reason: Reason;
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
  /** JSON: the actor. */
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

/** What was removed, for consoles that still mirror it. */
export interface TombstonesTable {
  account_id: string;
  changed_seq: number;
  kind: string;
  entity_id: string;
}

/** Up to which place of an account's feed the tombstones are gone: who has read less far has to start afresh. */
export interface FeedFloorsTable {
  account_id: string;
  pruned_seq: number;
}

/** The stretches of this database's history, in their order; see `epochsRepository`. */
export interface EpochsTable {
  number: number;
  /** Random, so that no two histories have the same one by chance. */
  id: string;
  /** Where the database was when it began. */
  place: string;
}

/** How far an account's feed had come when an epoch began. */
export interface EpochStartsTable {
  /** The epoch's number. */
  epoch: number;
  account_id: string;
  seq: number;
}

/**
 * Where a key was let in from, through which range: what the trust review knows of an account. It outlives the log's
 * rows, and goes with the range, so that a removed range vouches for nothing.
 */
export interface SightingsTable {
  account_id: string;
  key_id: string;
  range_id: string;
  /** The IPv4 /16 or IPv6 /48 around the addresses. */
  prefix: string;
  /** The caller's user agent; empty where it sent none. */
  agent: string;
  country: string | null;
  asn: number | null;
  as_name: string | null;
  first_at: number;
  last_at: number;
  uses: number;
}

/** The operations that were answered, so that none is applied twice. */
export interface OperationsTable {
  account_id: string;
  /** Made by the operation's author. */
  id: string;
  /** SHA-256 of author and content, hex: the same id may not mean something else. */
  fingerprint: string;
  /** JSON: the answer, as it was given. */
  result: string;
  at: number;
}

/** One question that one person is to be told of by e-mail; once it is in a message it is in no other. */
export interface MailNoticesTable {
  review_id: string;
  /** The recipient. */
  user_id: string;
  account_id: string;
  created_at: number;
  /** Null while it is still being gathered. */
  message_id: string | null;
}

/** Queued: to be sent. Dropped: nothing was left to tell, or nobody to tell it to. */
export type MailState = 'queued' | 'sent' | 'failed' | 'dropped';

/** One e-mail to one person. What it says is made up anew for each try, from the questions as they stand then. */
export interface MailMessagesTable {
  id: string;
  account_id: string;
  user_id: string;
  created_at: number;
  state: MailState;
  tries: number;
  /** Nobody takes it up before; while somebody sends it, the time at which they are given up. */
  next_try_at: number;
  /** Who sends it at the moment. */
  lease: string | null;
  ended_at: number | null;
  /** Why it was not delivered, so far or for good. */
  detail: string | null;
}

/** What a link in an e-mail can do. */
export type MailAction = 'authorize' | 'deny' | 'deactivate';

/** The right to answer one question by e-mail, once. The token itself is in the e-mail and nowhere else. */
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
