import { z } from 'zod';
import { DAY_SECONDS, HOUR_SECONDS } from '../durations';
import { rangeFormatSchema } from './range-format';
import type { ReasonName } from './sentence';
import { sourcePresetSchema } from './source-presets';

/** The subject of a source (docs/behaviour.md 1.14): a name, a published list, a vendor's list, a network or a country. */
export const sourceKindSchema = z.enum(['dns', 'url', 'preset', 'asn', 'country']);
export type SourceKind = z.infer<typeof sourceKindSchema>;

/** A name in DNS, in lower case and without its final dot. */
const HOST_NAME =
  /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

const hostNameSchema = z
  .string()
  .trim()
  .toLowerCase()
  .transform((name) => name.replace(/\.$/, ''))
  .pipe(z.string().regex(HOST_NAME, 'noHostName' satisfies ReasonName));

const urlSchema = z
  .url({ protocol: /^https?$/, error: 'noUrl' satisfies ReasonName })
  .max(2_000)
  .refine((text) => !/^[a-z]+:\/\/[^/?#]*@/i.test(text), 'urlWithUser' satisfies ReasonName);

const filterSchema = z.array(z.string().trim().min(1).max(100)).max(100).default([]);

export const DEFAULT_OVERLAP_SECONDS = 300;

const dnsSpecSchema = z.strictObject({
  name: hostNameSchema,
  /** An address that the name no longer has stays in the list this long. */
  overlapSeconds: z
    .int()
    .min(0)
    .max(30 * DAY_SECONDS)
    .default(DEFAULT_OVERLAP_SECONDS),
});

const urlSpecSchema = z.strictObject({
  url: urlSchema,
  /** Without it the content says what it is. */
  format: rangeFormatSchema.optional(),
});

const presetSpecSchema = z.strictObject({
  preset: sourcePresetSchema,
  /** The vendor's names of services (tags, sections, bots) and regions to take; empty for all. */
  services: filterSchema,
  regions: filterSchema,
  /** In place of the vendor's address, for a mirror of its list. */
  url: urlSchema.optional(),
});

const asnSpecSchema = z.strictObject({ asn: z.int().min(1).max(4_294_967_294) });

const countrySpecSchema = z.strictObject({
  country: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[A-Z]{2}$/, 'noCountry' satisfies ReasonName),
});

/** The specifications by kind. */
export const SOURCE_SPECS = {
  dns: dnsSpecSchema,
  url: urlSpecSchema,
  preset: presetSpecSchema,
  asn: asnSpecSchema,
  country: countrySpecSchema,
} as const satisfies Record<SourceKind, z.ZodType>;

export type SourceSpecs = { readonly [K in SourceKind]: z.output<(typeof SOURCE_SPECS)[K]> };

/** A kind with its specification. */
export type SourceSubject = {
  readonly [K in SourceKind]: { readonly kind: K; readonly spec: SourceSpecs[K] };
}[SourceKind];

/** Returns what a source reads; undefined if this program is too old to know. */
export function subjectOf({
  kind,
  spec,
}: {
  readonly kind: string;
  readonly spec: unknown;
}): SourceSubject | undefined {
  const known = sourceKindSchema.safeParse(kind);
  if (!known.success) return undefined;
  const read = SOURCE_SPECS[known.data].safeParse(spec);
  return read.success ? ({ kind: known.data, spec: read.data } as SourceSubject) : undefined;
}

/** True for a source whose ranges are in the list. Networks and countries are looked up for each address instead. */
export function fillsList(kind: string): boolean {
  return kind !== 'asn' && kind !== 'country';
}

export const SHORTEST_INTERVAL_SECONDS = 60;
export const LONGEST_INTERVAL_SECONDS = 30 * DAY_SECONDS;

/** The interval of a source whose author names none. For a name in DNS its TTL counts, up to this. */
export const DEFAULT_INTERVAL_SECONDS: Readonly<Record<SourceKind, number>> = {
  dns: HOUR_SECONDS,
  url: HOUR_SECONDS,
  preset: 12 * HOUR_SECONDS,
  asn: HOUR_SECONDS,
  country: HOUR_SECONDS,
};

/** An answer with a smaller share of the last ranges, in per cent, is not taken by itself. */
export const DEFAULT_MIN_SHARE_PERCENT = 50;
