import type { Kysely } from 'kysely';
import type { Schema } from '../schema';

/** One step of the schema's history. Steps are never edited after a release; new ones are added at the end. */
export interface Migration {
  readonly name: string;
  apply(db: Kysely<Schema>): Promise<void>;
}
