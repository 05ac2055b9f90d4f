import { z } from 'zod';

/**
 * What a value becomes that this program does not know, because the service that told it is newer. It is never sent, and
 * never counts as something harmless: whoever shows it says that there is something new.
 */
export const UNRECOGNISED = 'unrecognised';

/** Every value that answers may have, of all enumerations together. */
const vocabulary = new Set<string>();

/** Adds values that are told apart by other means than `told`. */
export const addToVocabulary = (values: Iterable<string>): void => {
  for (const value of values) vocabulary.add(value);
};

/** A text that is another one for a program that knows more values, or fewer. */
export const vocabularyText = (): string => [...vocabulary].sort().join(' ');

/**
 * An enumeration in an answer of the service. A value that is not known becomes {@link UNRECOGNISED} and degrades what it
 * stands in; without this, one such value would refuse the whole answer. What callers send is read by the enumeration itself.
 */
export const told = <const T extends Readonly<Record<string, string>>>(schema: z.ZodEnum<T>) => {
  const known = new Set<string>(schema.options as string[]);
  addToVocabulary(known);
  return z.preprocess(
    (value) => (typeof value !== 'string' || known.has(value) ? value : UNRECOGNISED),
    z.union([schema, z.literal(UNRECOGNISED)]),
  );
};

/** Whether an entity has such a value in one of its fields. */
export const hasUnrecognised = (entity: object): boolean => Object.values(entity).includes(UNRECOGNISED);
