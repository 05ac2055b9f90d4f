import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { changesResponse, routes } from '#shared/api/contract';
import { problemSchema } from '#shared/api/problem';
import { UNRECOGNISED } from '#shared/domain/told';
import { makeAttempt, upsert } from '#test/support/console/builders';

/** What a console decodes: every answer of the contract, and its errors. */
const ANSWERS: Readonly<Record<string, z.core.$ZodType>> = {
  ...Object.fromEntries(Object.entries(routes).map(([name, { response }]) => [name, response])),
  problem: problemSchema,
};

type Path = readonly (string | number)[];

/** One way through a schema: a value that fits it, and where in it enumerations stand. */
interface Sample {
  readonly value: unknown;
  /** Enumerations that take values of a newer service, and those that would refuse the whole answer for one. */
  readonly told: readonly Path[];
  readonly strict: readonly Path[];
}

const leaf = (value: unknown): Sample => ({ value, told: [], strict: [] });
const below = (key: string | number, { told, strict }: Sample) => ({
  told: told.map((path) => [key, ...path]),
  strict: strict.map((path) => [key, ...path]),
});

const isUnrecognised = (schema: z.core.$ZodType | undefined): boolean => {
  const def = schema?._zod.def as z.core.$ZodTypes['_zod']['def'] | undefined;
  if (def?.type === 'literal') return def.values.includes(UNRECOGNISED);
  return def?.type === 'object' && isUnrecognised(def.shape['kind']);
};

/** Every way through the schema: one for each option of a union, so that no enumeration is passed by. */
function samples(schema: z.core.$ZodType): readonly Sample[] {
  const def = schema._zod.def as z.core.$ZodTypes['_zod']['def'];
  switch (def.type) {
    case 'object':
      return objectSamples(def.shape);
    case 'array':
      return samples(def.element).map((item) => ({ value: [item.value], ...below(0, item) }));
    case 'optional':
    case 'catch':
    case 'nullable':
    case 'default':
      return samples(def.innerType);
    case 'union':
      return def.options.filter((option) => !isUnrecognised(option)).flatMap(samples);
    case 'pipe': {
      // A union within which a value of a newer service has its place.
      const out = def.out._zod.def as z.core.$ZodTypes['_zod']['def'];
      const takesNew = out.type === 'union' && out.options.some(isUnrecognised);
      return samples(def.out).map((sample) =>
        takesNew
          ? {
              ...sample,
              told: [[], ...sample.told],
              strict: sample.strict.filter(({ length }) => length > 0),
            }
          : sample,
      );
    }
    case 'enum':
      return [{ ...leaf(Object.values(def.entries)[0]), strict: [[]] }];
    case 'literal':
      return [leaf(def.values[0])];
    case 'number':
      return [leaf(16)];
    case 'boolean':
      return [leaf(true)];
    case 'null':
      return [leaf(null)];
    case 'unknown':
    case 'record':
      return [leaf({})];
    case 'string': {
      const { format } = def as { format?: string };
      if (format === 'ulid') return [leaf(ulid())];
      return [leaf(format === 'datetime' ? '2026-01-15T12:00:00.000Z' : 'text')];
    }
    default:
      throw new Error(`This test does not know schemas of the type ${def.type}: teach it.`);
  }
}

function objectSamples(shape: Readonly<Record<string, z.core.$ZodType>>): readonly Sample[] {
  const fields = Object.entries(shape).map(([name, schema]) => ({ name, ways: samples(schema) }));
  const most = Math.max(1, ...fields.map(({ ways }) => ways.length));
  return Array.from({ length: most }, (_, way) => {
    const chosen = fields.map(({ name, ways }) => ({
      name,
      sample: ways[way % ways.length] ?? leaf(undefined),
    }));
    const inner = chosen.map(({ name, sample }) => below(name, sample));
    return {
      value: Object.fromEntries(chosen.map(({ name, sample }) => [name, sample.value])),
      told: inner.flatMap(({ told }) => told),
      strict: inner.flatMap(({ strict }) => strict),
    };
  });
}

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], value);

function withValue(value: unknown, [key, ...rest]: Path, put: (before: unknown) => unknown): unknown {
  if (key === undefined) return put(value);
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<
    string | number,
    unknown
  >;
  copy[key] = withValue(copy[key], rest, put);
  return copy;
}

/** The same with a field more in every object. */
function withMoreFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withMoreFields);
  if (typeof value !== 'object' || value === null) return value;
  const inner = Object.entries(value).map(([name, field]) => [name, withMoreFields(field)]);
  return { ...Object.fromEntries(inner), fromTheFuture: { any: ['thing'] } };
}

const fromTheFuture = (before: unknown): unknown =>
  typeof before === 'object' ? { ...before, kind: 'from_the_future' } : 'from_the_future';

describe.each(Object.entries(ANSWERS))('a newer service that answers %s', (_name, schema) => {
  const parse = (value: unknown) => (schema as z.ZodType).safeParse(value);
  const ways = samples(schema);

  it('is understood as it is today', () => {
    for (const { value } of ways) expect(parse(value)).toMatchObject({ success: true });
  });

  it('may use new values for every enumeration', () => {
    // An enumeration that stands here was forgotten: an answer has it in `told(…)`.
    expect(ways.flatMap(({ strict }) => strict.map((path) => path.join('.')))).toEqual([]);
    for (const { value, told } of ways) {
      for (const path of told) {
        const parsed = parse(withValue(value, path, fromTheFuture));
        expect(parsed, path.join('.')).toMatchObject({ success: true });
        const read = at(parsed.data, path);
        expect(typeof read === 'object' ? (read as { kind: unknown }).kind : read).toBe(UNRECOGNISED);
      }
    }
  });

  it('may tell more of everything', () => {
    for (const { value } of ways) expect(parse(withMoreFields(value))).toMatchObject({ success: true });
  });
});

describe('a change feed of a newer service', () => {
  const feed = (changes: readonly unknown[]) => ({ cursor: 'c', reset: false, changes, more: false });
  const known = upsert('attempt', makeAttempt());

  it('may have new kinds of changes, and do new things to known ones', () => {
    const parsed = changesResponse.parse(
      feed([{ kind: 'passport', op: 'upsert', id: ulid(), value: {} }, known, { ...known, op: 'archive' }]),
    );
    expect(parsed.changes.map(({ kind }) => kind)).toEqual([UNRECOGNISED, 'attempt', UNRECOGNISED]);
  });

  it('may not break what it promises', () => {
    expect(changesResponse.safeParse(feed([{ ...known, value: { id: known.id } }])).success).toBe(false);
    expect(changesResponse.safeParse(feed(['nonsense'])).success).toBe(false);
    expect(
      changesResponse.safeParse(feed([{ ...known, value: { ...known.value, verdict: 7 } }])).success,
    ).toBe(false);
  });
});
