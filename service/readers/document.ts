import type { Effect } from '#shared/domain/entities';
import type { ColumnRole, RangeFormat } from '#shared/domain/range-format';
import type { ReasonValues } from '#shared/domain/sentence';
import type { Cidr, RangeTextNote } from '#shared/ip/index';

/** A list of ranges as it was recognized. */
export interface RangeDocument {
  readonly format: RangeFormat;
  /** The unit of `line` in a row: lines of the text, or ranges of a structure that has no lines. */
  readonly unit: 'line' | 'entry';
  readonly columns: readonly RangeColumn[];
  /** False if no row can say that its range is denied. */
  readonly mayDeny: boolean;
  /** Reads lazily, so that the caller can answer calls between two rows. */
  rows(): Iterable<RangeRow>;
}

export interface RangeColumn {
  /** From 1; null for a field that has a name and no position. */
  readonly number: number | null;
  /** The heading, or the name of the field; null if the text has none. */
  readonly name: string | null;
  readonly role: ColumnRole;
}

export interface RangeRow {
  /** From 1, as an editor counts. */
  readonly line: number;
  /** Returns undefined for a row that has nothing to say: blank, a comment, a heading. */
  read(): RangeEntry | undefined;
}

export interface RangeEntry {
  readonly line: number;
  /** As it is written, cut when it is long. */
  readonly text: string;
  readonly reading: EntryFields | EntryProblem;
}

/** The contents of a row. Nothing in it is guessed: a field that the row does not name is undefined. */
export interface EntryFields {
  /** At least one. Ranges of any width: the caller decides how wide a range it takes. */
  readonly cidrs: readonly Cidr[];
  /** Empty if there is none. */
  readonly label: string;
  readonly effect?: Effect | undefined;
  /** The name, the prefix or the id of an API key, as it is written. */
  readonly key?: string | undefined;
  /** In milliseconds since the epoch, perhaps in the past. */
  readonly expiresAtMs?: number | undefined;
  /** Tags of the publisher, such as `service` and `region`, by which a range can be chosen. */
  readonly attributes?: Readonly<Record<string, string>> | undefined;
  readonly notes: readonly EntryNote[];
}

/** Something that a person should know of a row that was understood. */
export interface EntryNote {
  readonly code: RangeTextNote['code'] | 'range_in_label';
  readonly message: string;
}

/** Reason why a row is not taken. `detail` is a sentence that names the column. */
export interface EntryProblem {
  readonly code:
    | 'invalid_cidr'
    | 'several_ranges'
    | 'invalid_label'
    | 'invalid_expiry'
    | 'invalid_effect'
    | 'invalid_line';
  readonly detail: string;
}

export interface ReadingOptions {
  /** The moment from which a text counts its times, in milliseconds since the epoch. */
  readonly nowMs: number;
  /** Reads ranges and effects, whatever else a row says: the caller wants neither label nor expiry. */
  readonly onlyRanges?: boolean;
}

export function isProblem(reading: EntryFields | EntryProblem): reading is EntryProblem {
  return 'code' in reading;
}

/** A text that is no list at all. In English the reason follows the name of the text: "is an HTML page". */
export interface Refused {
  readonly refused: ReasonValues;
}
