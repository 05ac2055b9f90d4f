import type { Kysely } from 'kysely';
import type { KeyHabits } from '../../enforcement/trust/habits';
import type { Schema } from '../schema';
import { chunksOf } from './chunks';

export type HabitsRepository = ReturnType<typeof habitsRepository>;

export function habitsRepository(db: Kysely<Schema>) {
  return {
    /** Resolves with the stored habits of these keys; the others have none. */
    ofKeys: async (keyIds: readonly string[]): Promise<Map<string, KeyHabits>> => {
      const found = new Map<string, KeyHabits>();
      for (const chunk of chunksOf(keyIds)) {
        const rows = await db.selectFrom('key_habits').selectAll().where('key_id', 'in', chunk).execute();
        for (const { key_id: keyId, habits } of rows) found.set(keyId, JSON.parse(habits) as KeyHabits);
      }
      return found;
    },

    put: async (habits: ReadonlyMap<string, KeyHabits>): Promise<void> => {
      for (const chunk of chunksOf([...habits])) {
        const rows = chunk.map(([keyId, ofKey]) => ({ key_id: keyId, habits: JSON.stringify(ofKey) }));
        await db
          .insertInto('key_habits')
          .values(rows)
          .onConflict((conflict) =>
            conflict.column('key_id').doUpdateSet((eb) => ({ habits: eb.ref('excluded.habits') })),
          )
          .execute();
      }
    },
  };
}
