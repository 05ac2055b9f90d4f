import { z } from 'zod';

/**
 * The value that stands for one that this program does not know, because a newer service sent it. It is never sent, and is never
 * treated as harmless: the interface says that there is something new.
 */
export const UNRECOGNISED = 'unrecognised';

/** Every value of every enumeration in answers. */
const vocabulary = new Set<string>();

/** Adds values that are distinguished by other means than {@link told}. */
export function addToVocabulary(values: Iterable<string>): void {
  for (const value of values) vocabulary.add(value);
}

/** Returns a text that differs between programs that know different values. */
export function vocabularyText(): string {
  return [...vocabulary].sort().join(' ');
}

/**
 * Returns the schema of an enumeration in answers of the service. An unknown value becomes {@link UNRECOGNISED} and degrades only
 * its entity, where otherwise it would refuse the whole answer. Requests are read by the enumeration itself.
 */
export function told<const T extends Readonly<Record<string, string>>>(schema: z.ZodEnum<T>) {
  const known = new Set<string>(schema.options as string[]);
  addToVocabulary(known);
  return z.preprocess(
    (value) => (typeof value !== 'string' || known.has(value) ? value : UNRECOGNISED),
    z.union([schema, z.literal(UNRECOGNISED)]),
  );
}

/** Returns true if a field of the entity has such a value. */
export function hasUnrecognised(entity: object): boolean {
  return Object.values(entity).includes(UNRECOGNISED);
}
