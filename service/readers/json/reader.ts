import type { ColumnRole, RangeFormat } from '#shared/domain/range-format';
import type { JsonRecord } from './record';

/** Reads what one publisher writes in JSON. */
export interface JsonReader {
  readonly format: RangeFormat;
  /** The names of the fields by what they mean. */
  readonly fields: Partial<Readonly<Record<ColumnRole, readonly string[]>>>;
  recognizes(root: unknown): boolean;
  records(root: unknown): Iterable<JsonRecord>;
}
