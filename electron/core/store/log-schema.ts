/**
 * The log. Rows with the same key, verdict, reason, country, network and method are of one kind, so that the many rows have one narrow
 * index for every combination of these filters. Triggers keep the sums by kind, by address and by hour in the statement that
 * changes a row: they are exact. `first_id` and `last_id` are the oldest and the newest row, as ids are in the order of the first
 * calls. An unknown country or method is '', an unknown network 0.
 *
 * The texts that a filter searches are few beside the rows, so that a row has their numbers. A caller is the name of a key and a
 * user agent. What no sums answer is read from `attempts_by_time`, which has all that a filter asks of a row.
 */
export const LOG_SCHEMA = `
  CREATE TABLE attempt_callers (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE attempt_paths (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE attempt_ips (address TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE attempts (
    id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    is_blocked INTEGER NOT NULL,
    address TEXT NOT NULL,
    -- Milliseconds since the epoch at the first call, and whole hours.
    at INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    caller INTEGER NOT NULL,
    path INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;

  CREATE TABLE attempt_kinds (
    id INTEGER PRIMARY KEY,
    key_id TEXT NOT NULL,
    verdict TEXT NOT NULL,
    reason TEXT NOT NULL,
    country TEXT NOT NULL,
    asn INTEGER NOT NULL,
    method TEXT NOT NULL,
    rows INTEGER NOT NULL DEFAULT 0,
    calls INTEGER NOT NULL DEFAULT 0,
    first_id TEXT NOT NULL DEFAULT '',
    last_id TEXT NOT NULL DEFAULT '',
    UNIQUE (key_id, verdict, reason, country, asn, method)
  ) STRICT;

  CREATE TABLE attempt_addresses (
    address TEXT NOT NULL,
    kind INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    first_id TEXT NOT NULL,
    last_id TEXT NOT NULL,
    PRIMARY KEY (address, kind)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE attempt_hours (
    hour INTEGER NOT NULL,
    key_id TEXT NOT NULL,
    verdict TEXT NOT NULL,
    reason TEXT NOT NULL,
    rows INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    PRIMARY KEY (hour, key_id, verdict, reason)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX attempts_by_id ON attempts (id, kind);
  CREATE INDEX attempts_by_kind ON attempts (kind, id, calls);
  CREATE INDEX attempts_by_address ON attempts (address, kind, id, calls);
  CREATE INDEX attempts_by_caller ON attempts (caller);
  CREATE INDEX attempts_by_path ON attempts (path);
  CREATE INDEX attempts_by_time ON attempts (at, is_blocked, kind, address, caller, path, calls);

  CREATE TRIGGER attempt_added AFTER INSERT ON attempts BEGIN
    UPDATE attempt_kinds SET rows = rows + 1, calls = calls + NEW.calls,
      first_id = iif(rows = 0 OR NEW.id < first_id, NEW.id, first_id), last_id = max(last_id, NEW.id)
      WHERE id = NEW.kind;
    INSERT INTO attempt_addresses VALUES (NEW.address, NEW.kind, 1, NEW.calls, NEW.id, NEW.id)
      ON CONFLICT (address, kind) DO UPDATE SET rows = rows + 1, calls = calls + excluded.calls,
        first_id = min(first_id, excluded.first_id), last_id = max(last_id, excluded.last_id);
    INSERT INTO attempt_hours
      SELECT NEW.hour, key_id, verdict, reason, 1, NEW.calls FROM attempt_kinds WHERE id = NEW.kind
      ON CONFLICT (hour, key_id, verdict, reason) DO UPDATE SET rows = rows + 1, calls = calls + excluded.calls;
  END;

  -- A row whose kind, address or hour changes is deleted and inserted instead.
  CREATE TRIGGER attempt_counted AFTER UPDATE OF calls ON attempts WHEN NEW.calls <> OLD.calls BEGIN
    UPDATE attempt_kinds SET calls = calls + NEW.calls - OLD.calls WHERE id = NEW.kind;
    UPDATE attempt_addresses SET calls = calls + NEW.calls - OLD.calls
      WHERE address = NEW.address AND kind = NEW.kind;
    UPDATE attempt_hours SET calls = calls + NEW.calls - OLD.calls
      WHERE hour = NEW.hour AND (key_id, verdict, reason) =
        (SELECT key_id, verdict, reason FROM attempt_kinds WHERE id = NEW.kind);
  END;

  CREATE TRIGGER attempt_removed AFTER DELETE ON attempts BEGIN
    UPDATE attempt_hours SET rows = rows - 1, calls = calls - OLD.calls
      WHERE hour = OLD.hour AND (key_id, verdict, reason) =
        (SELECT key_id, verdict, reason FROM attempt_kinds WHERE id = OLD.kind);
    DELETE FROM attempt_hours WHERE hour = OLD.hour AND rows = 0;
    UPDATE attempt_addresses SET rows = rows - 1, calls = calls - OLD.calls,
      first_id = iif(first_id = OLD.id, coalesce((SELECT min(id) FROM attempts INDEXED BY attempts_by_address
        WHERE address = OLD.address AND kind = OLD.kind), ''), first_id),
      last_id = iif(last_id = OLD.id, coalesce((SELECT max(id) FROM attempts INDEXED BY attempts_by_address
        WHERE address = OLD.address AND kind = OLD.kind), ''), last_id)
      WHERE address = OLD.address AND kind = OLD.kind;
    DELETE FROM attempt_addresses WHERE address = OLD.address AND kind = OLD.kind AND rows = 0;
    UPDATE attempt_kinds SET rows = rows - 1, calls = calls - OLD.calls,
      first_id = iif(first_id = OLD.id, coalesce((SELECT min(id) FROM attempts INDEXED BY attempts_by_kind
        WHERE kind = OLD.kind), ''), first_id),
      last_id = iif(last_id = OLD.id, coalesce((SELECT max(id) FROM attempts INDEXED BY attempts_by_kind
        WHERE kind = OLD.kind), ''), last_id)
      WHERE id = OLD.kind;
    DELETE FROM attempt_kinds WHERE id = OLD.kind AND rows = 0;
  END;

  CREATE TRIGGER attempt_texts_removed AFTER DELETE ON attempts BEGIN
    DELETE FROM attempt_callers WHERE id = OLD.caller
      AND NOT EXISTS (SELECT 1 FROM attempts INDEXED BY attempts_by_caller WHERE caller = OLD.caller);
    DELETE FROM attempt_paths WHERE id = OLD.path
      AND NOT EXISTS (SELECT 1 FROM attempts INDEXED BY attempts_by_path WHERE path = OLD.path);
    DELETE FROM attempt_ips WHERE address = OLD.address
      AND NOT EXISTS (SELECT 1 FROM attempts INDEXED BY attempts_by_address WHERE address = OLD.address);
  END;
`;

export const LOG_TABLES = [
  'attempts',
  'attempt_kinds',
  'attempt_addresses',
  'attempt_hours',
  'attempt_callers',
  'attempt_paths',
  'attempt_ips',
] as const;
