import {
  OperationNodeTransformer,
  RawNode,
  sql,
  type ColumnDefinitionNode,
  type Kysely,
  type KyselyPlugin,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  type QueryResult,
  type RootOperationNode,
  type UnknownRow,
} from 'kysely';
import type { Client } from 'pg';
import { migrate } from './migrations/index';
import type { Schema } from './schema';
import { scopeOf } from './postgres-kysely';
import { WRITE_LOCK } from './postgres-transaction';

/**
 * Gives types the meaning that they have in SQLite: text is compared byte by byte whatever the locale, which pages and
 * address spans rely on, and a real has eight bytes.
 */
const TYPES: Readonly<Record<string, string>> = { text: 'text COLLATE "C"', real: 'double precision' };

class TypeTransformer extends OperationNodeTransformer {
  protected override transformColumnDefinition(node: ColumnDefinitionNode): ColumnDefinitionNode {
    const { dataType } = node;
    const name = 'dataType' in dataType ? String(dataType.dataType) : '';
    const type = dataType.kind === 'DataTypeNode' ? TYPES[name] : undefined;
    return type === undefined ? node : { ...node, dataType: RawNode.createWithSql(type) };
  }
}

class PostgresTypes implements KyselyPlugin {
  readonly #transformer = new TypeTransformer();

  transformQuery({ node }: PluginTransformQueryArgs): RootOperationNode {
    return this.#transformer.transformNode(node);
  }

  transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    return Promise.resolve(result);
  }
}

/** Migrates to the current schema. If several processes start at once, one migrates and the others wait. */
export async function migratePostgres(client: Client): Promise<void> {
  const scope = scopeOf(client);
  const lock = (tx: Kysely<Schema>): Promise<unknown> =>
    sql`SELECT pg_advisory_xact_lock(${sql.raw(WRITE_LOCK)})`.execute(tx);
  await migrate(scope.db.withPlugin(new PostgresTypes()), undefined, lock);
  await scope.end();
}
