import { habitsOfCall, joinHabits, requestKindOf, type KeyHabits } from '../../enforcement/trust/habits';
import type { AttemptFacts } from '../../gate/call-log';
import type { Writer } from '../../storage/writer';
import { partsOf } from '../parts';

/**
 * Counts what keys are used for in memory until the next flush. It counts the calls that open a row of the log, one a caller and
 * aggregation window, so that repeats cost nothing and a busy caller outweighs no other.
 */
export class HabitCounter {
  #counted = new Map<string, KeyHabits>();

  /** Only calls that a range let in count, as with sightings. */
  count({ keyId, verdict, method, path }: AttemptFacts, rangeId: string | null, at: number): void {
    const request = requestKindOf(method, path);
    if (verdict !== 'allowed' || rangeId === null || request === undefined) return;
    this.#add(keyId, habitsOfCall(request, at));
  }

  get isEmpty(): boolean {
    return this.#counted.size === 0;
  }

  /** Writes all counts. Those that could not be written are kept for the next flush. */
  async flush(writer: Writer): Promise<void> {
    const unwritten = this.#counted;
    this.#counted = new Map();
    try {
      for (const part of partsOf([...unwritten])) {
        await writer.write(async ({ tx }) => {
          const stored = await tx.habits.ofKeys(part.map(([keyId]) => keyId));
          const written = part.map(
            ([keyId, counted]) => [keyId, joined(stored.get(keyId), counted)] as const,
          );
          await tx.habits.put(new Map(written));
        });
        for (const [keyId] of part) unwritten.delete(keyId);
      }
    } catch (error) {
      for (const [keyId, counted] of unwritten) this.#add(keyId, counted);
      throw error;
    }
  }

  #add(keyId: string, counted: KeyHabits): void {
    this.#counted.set(keyId, joined(this.#counted.get(keyId), counted));
  }
}

function joined(known: KeyHabits | undefined, counted: KeyHabits): KeyHabits {
  return known === undefined ? counted : joinHabits(known, counted);
}
