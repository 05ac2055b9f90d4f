import { sql, type RawBuilder } from 'kysely';
import {
  effectSchema,
  keyStatusSchema,
  modeSchema,
  rangeSourceSchema,
  reasonSchema,
  reviewStatusSchema,
  roleSchema,
  verdictSchema,
  viaSchema,
} from '#shared/domain/entities';
import { HOUR_MS } from '#shared/durations';
import { VERDICT_OF } from '../../log/reasons';
import { noRows, type Invariant } from './finding';

type Names = RawBuilder<{ name: string }>;

/** All rows of the change feed. */
const FEED = sql`(
  SELECT id AS account_id, changed_seq, 'account' AS kind, id FROM accounts
  UNION ALL SELECT account_id, changed_seq, 'range', id FROM ranges
  UNION ALL SELECT account_id, changed_seq, 'review', id FROM reviews
  UNION ALL SELECT account_id, changed_seq, 'key', id FROM keys
  UNION ALL SELECT account_id, changed_seq, 'source', id FROM sources
  UNION ALL SELECT account_id, changed_seq, 'attempt', id FROM attempts
  UNION ALL SELECT account_id, changed_seq, 'audit event', id FROM audit
  UNION ALL SELECT account_id, changed_seq, 'removal', entity_id FROM tombstones
)`;

/** The feed of an account, and with it everybody who follows it. */
const FEED_INVARIANTS: readonly Invariant[] = [
  noRows(
    'A change has a higher sequence number than its account has given out.',
    sql`SELECT feed.kind || ' ' || feed.id AS name FROM ${FEED} AS feed
      JOIN accounts ON accounts.id = feed.account_id WHERE feed.changed_seq > accounts.seq`,
  ),
  noRows(
    'Two changes have the same sequence number, so that a reader may miss one.',
    sql`SELECT account_id || ' ' || changed_seq AS name FROM ${FEED} AS feed
      GROUP BY account_id, changed_seq HAVING count(*) > 1`,
  ),
  noRows(
    "An account's revision is negative or beyond its sequence number.",
    sql`SELECT id AS name FROM accounts WHERE revision < 0 OR revision > seq`,
  ),
  noRows(
    'Something is there although the feed said last that it was removed.',
    sql`SELECT living.kind || ' ' || living.id AS name FROM tombstones
      JOIN ${FEED} AS living ON living.kind = tombstones.kind AND living.id = tombstones.entity_id
      WHERE living.changed_seq < tombstones.changed_seq`,
  ),
  noRows(
    'A removal is there that the feed has forgotten.',
    sql`SELECT tombstones.kind || ' ' || entity_id AS name FROM tombstones
      JOIN feed_floors ON feed_floors.account_id = tombstones.account_id
      WHERE changed_seq <= pruned_seq`,
  ),
  noRows(
    'The feed has forgotten more than it had.',
    sql`SELECT id AS name FROM accounts JOIN feed_floors ON account_id = id WHERE pruned_seq > seq`,
  ),
  noRows(
    'The numbers of the epochs have a gap.',
    sql`SELECT 'after epoch ' || earlier AS name FROM (
        SELECT number, lag(number) OVER (ORDER BY number) AS earlier FROM epochs
      ) AS numbers WHERE number > earlier + 1`,
  ),
  noRows(
    'An epoch began earlier in the feed than the one before it, or later than the feed is.',
    sql`SELECT 'epoch ' || epoch || ' of ' || account_id AS name FROM (
        SELECT epoch, account_id, epoch_starts.seq, accounts.seq AS head,
          lag(epoch_starts.seq) OVER (PARTITION BY account_id ORDER BY epoch) AS earlier
        FROM epoch_starts JOIN accounts ON accounts.id = account_id
      ) AS starts WHERE seq < earlier OR seq > head`,
  ),
  noRows(
    'An epoch has a beginning in a feed and is not known.',
    sql`SELECT 'epoch ' || epoch AS name FROM epoch_starts WHERE epoch NOT IN (SELECT number FROM epochs)`,
  ),
  // Processes and restarts may differ by a moment.
  noRows(
    'The audit trail goes back in time by more than an hour, because a clock was put back or an event is not in its place.',
    sql`SELECT id AS name FROM (
        SELECT id, at, lag(at) OVER (PARTITION BY account_id ORDER BY changed_seq) AS earlier FROM audit
      ) AS events WHERE at < earlier - ${sql.lit(HOUR_MS)}`,
  ),
];

const REVIEW_INVARIANTS: readonly Invariant[] = [
  noRows(
    'A review waits and counts no calls, or counts calls after an answer that is no denial.',
    sql`SELECT id AS name FROM reviews
      WHERE (status = 'pending' AND active = 0) OR (active = 1 AND status NOT IN ('pending', 'denied'))`,
  ),
  noRows(
    'An address and key have two active reviews.',
    sql`SELECT ip || ' of key ' || key_id AS name FROM reviews WHERE active = 1
      GROUP BY account_id, key_id, ip HAVING count(*) > 1`,
  ),
  noRows(
    'A review waits and has an answer, or was answered by nobody or at no time.',
    sql`SELECT id AS name FROM reviews WHERE
      (status = 'pending' AND (decided_by IS NOT NULL OR decided_at IS NOT NULL)) OR
      (status <> 'pending' AND (decided_by IS NULL OR decided_at IS NULL))`,
  ),
];

function verdictsOfReasons(): RawBuilder<unknown> {
  const pairs = Object.entries(VERDICT_OF).map(([reason, verdict]) => `${verdict} ${reason}`);
  return sql.join(pairs.map((pair) => sql.lit(pair)));
}

const LOG_INVARIANTS: readonly Invariant[] = [
  noRows(
    'A call has a verdict that its reason does not have.',
    sql`SELECT id AS name FROM attempts WHERE verdict || ' ' || reason NOT IN (${verdictsOfReasons()})`,
  ),
  noRows(
    'A call was reported without why it would have been blocked, or has that and was not reported.',
    sql`SELECT id AS name FROM attempts WHERE
      (reason = 'reported' AND would_be IS NULL) OR (reason <> 'reported' AND would_be IS NOT NULL)`,
  ),
  noRows(
    'A count is not positive.',
    sql`SELECT 'attempt ' || id AS name FROM attempts WHERE count < 1
      UNION ALL SELECT 'review ' || id FROM reviews WHERE count < 1 OR address_count < 1
      UNION ALL SELECT 'sighting by range ' || range_id FROM sightings WHERE uses < 1
      UNION ALL SELECT 'range ' || id FROM ranges WHERE uses < 0 OR version < 1
      UNION ALL SELECT 'source ' || id FROM sources WHERE range_count < 0 OR version < 1
      UNION ALL SELECT 'e-mail ' || id FROM mail_messages WHERE tries < 0`,
  ),
];

const POLICY_INVARIANTS: readonly Invariant[] = [
  noRows(
    'A range is in the list twice.',
    sql`SELECT cidr || ' of ' || account_id AS name FROM ranges
      GROUP BY account_id, cidr, effect, COALESCE(key_id, ''), COALESCE(source_id, '') HAVING count(*) > 1`,
  ),
  noRows(
    'A range comes from a source that it does not name, or names one that it does not come from.',
    sql`SELECT id AS name FROM ranges
      WHERE (source = 'source' AND source_id IS NULL) OR (source <> 'source' AND source_id IS NOT NULL)`,
  ),
  noRows(
    'A key that was not revoked has no current secret or several, or a revoked one has one.',
    sql`SELECT id AS name FROM keys WHERE
      (SELECT count(*) FROM key_secrets WHERE key_id = keys.id AND valid_until IS NULL)
      <> CASE WHEN status = 'active' THEN 1 ELSE 0 END`,
  ),
  noRows(
    'An account has no owner.',
    sql`SELECT id AS name FROM accounts WHERE NOT EXISTS
      (SELECT 1 FROM users WHERE users.account_id = accounts.id AND role = 'owner')`,
  ),
  noRows(
    'An account remembers when it learned although it does not learn.',
    sql`SELECT id AS name FROM accounts WHERE mode <> 'learning'
      AND (learning_started_at IS NOT NULL OR learning_last_new_at IS NOT NULL)`,
  ),
  noRows(
    'A secret is not stored as its hash.',
    sql`SELECT 'secret of key ' || key_id AS name FROM key_secrets WHERE length(hash) <> 64
      UNION ALL SELECT 'access token ' || id FROM tokens WHERE length(hash) <> 64
      UNION ALL SELECT 'link about review ' || review_id FROM mail_links WHERE length(hash) <> 64`,
  ),
];

const MAIL_INVARIANTS: readonly Invariant[] = [
  noRows(
    'An e-mail has ended and waits, or has an end or a sender that it does not have.',
    sql`SELECT id AS name FROM mail_messages WHERE (state = 'queued' AND ended_at IS NOT NULL)
      OR (state <> 'queued' AND (ended_at IS NULL OR lease IS NOT NULL))`,
  ),
  noRows(
    'A link of an e-mail was used for nothing or at no time.',
    sql`SELECT 'link about review ' || review_id AS name FROM mail_links
      WHERE (used_at IS NULL AND used_action IS NOT NULL) OR (used_at IS NOT NULL AND used_action IS NULL)`,
  ),
];

interface Reference {
  readonly from: string;
  /** What a row of `from` is called. */
  readonly name?: string;
  readonly column: string;
  readonly to: string;
  /** False if the rows of `from` do not name their account. */
  readonly hasAccount?: boolean;
}

const REFERENCES: readonly Reference[] = [
  { from: 'tokens', column: 'user_id', to: 'users' },
  { from: 'key_secrets', name: 'key_id', column: 'key_id', to: 'keys' },
  { from: 'key_habits', name: 'key_id', column: 'key_id', to: 'keys', hasAccount: false },
  { from: 'key_fingerprints', name: 'range_id', column: 'range_id', to: 'ranges', hasAccount: false },
  { from: 'key_fingerprints', name: 'range_id', column: 'key_id', to: 'keys', hasAccount: false },
  { from: 'ranges', column: 'key_id', to: 'keys' },
  { from: 'ranges', column: 'source_id', to: 'sources' },
  { from: 'sources', column: 'key_id', to: 'keys' },
  { from: 'imported_ranges', name: 'range_id', column: 'range_id', to: 'ranges' },
  { from: 'reviews', column: 'key_id', to: 'keys' },
  { from: 'reviews', column: 'settled_by', to: 'reviews' },
  { from: 'declined_proposals', name: 'key_id', column: 'key_id', to: 'keys' },
  { from: 'attempts', column: 'key_id', to: 'keys' },
  { from: 'attempts', column: 'review_id', to: 'reviews' },
  { from: 'sightings', name: 'range_id', column: 'range_id', to: 'ranges' },
  { from: 'sightings', name: 'key_id', column: 'key_id', to: 'keys' },
  { from: 'mail_notices', name: 'review_id', column: 'review_id', to: 'reviews' },
  { from: 'mail_notices', name: 'review_id', column: 'message_id', to: 'mail_messages' },
  { from: 'mail_links', name: 'review_id', column: 'review_id', to: 'reviews' },
];

/** SQLite does not watch over references that were broken while another program wrote, and not all of them are foreign keys. */
function isThere({ from, name = 'id', column, to, hasAccount = true }: Reference): Invariant {
  const owns = hasAccount ? sql`AND target.account_id = source.account_id` : sql``;
  return noRows(
    `A row of ${from} names one of ${to} (${column}) that is not there, or is of another account.`,
    sql`SELECT source.${sql.ref(name)} AS name FROM ${sql.table(from)} AS source
      WHERE source.${sql.ref(column)} IS NOT NULL AND NOT EXISTS
        (SELECT 1 FROM ${sql.table(to)} AS target WHERE target.id = source.${sql.ref(column)} ${owns})`,
  );
}

const WORDS: readonly (readonly [table: string, column: string, words: readonly string[]])[] = [
  ['accounts', 'mode', modeSchema.options],
  ['users', 'role', roleSchema.options],
  ['keys', 'status', keyStatusSchema.options],
  ['ranges', 'effect', effectSchema.options],
  ['ranges', 'source', rangeSourceSchema.options],
  ['sources', 'effect', effectSchema.options],
  ['reviews', 'status', reviewStatusSchema.options],
  ['attempts', 'verdict', verdictSchema.options],
  ['attempts', 'reason', reasonSchema.options],
  ['audit', 'via', viaSchema.options],
];

function isKnown([table, column, words]: (typeof WORDS)[number]): Names {
  const known = sql.join(words.map((word) => sql.lit(word)));
  return sql`SELECT ${sql.lit(`${table} `)} || id AS name FROM ${sql.table(table)} WHERE ${sql.ref(column)} NOT IN (${known})`;
}

/** Invariants that the database itself can find. */
export const TABLE_INVARIANTS: readonly Invariant[] = [
  ...FEED_INVARIANTS,
  ...POLICY_INVARIANTS,
  ...REVIEW_INVARIANTS,
  ...LOG_INVARIANTS,
  ...MAIL_INVARIANTS,
  noRows('A row has a word that this version does not know.', sql.join(WORDS.map(isKnown), sql` UNION ALL `)),
  ...REFERENCES.map(isThere),
];
