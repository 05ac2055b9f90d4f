import { z } from 'zod';
import { effectSchema, idSchema, rangeSchema, timeSchema } from '../domain/entities';
import { sourceSchema } from '../domain/source';
import {
  DEFAULT_MIN_SHARE_PERCENT,
  LONGEST_INTERVAL_SECONDS,
  SHORTEST_INTERVAL_SECONDS,
  SOURCE_SPECS,
} from '../domain/source-spec';
import { confirmImpact, confirmImpactQuery, namesChange, NAMES_NO_CHANGE } from './bodies';
import { idParams, labelSchema, pageOf, pageQuery, type RouteContract } from './route-contract';

/** Sources of one account. */
export const MAX_SOURCES = 100;
/** Ranges that one source may yield. */
export const MAX_SOURCE_RANGES = 200_000;

const minSharePercent = z.int().min(0).max(100);
const intervalSeconds = z.int().min(SHORTEST_INTERVAL_SECONDS).max(LONGEST_INTERVAL_SECONDS);

const common = {
  effect: effectSchema.default('authorize'),
  keyId: idSchema.nullable().default(null),
  label: labelSchema.default(''),
  /** The kind's own by default. */
  intervalSeconds: intervalSeconds.optional(),
  rangeExpiresAt: timeSchema.nullable().default(null),
  allowWide: z.boolean().default(false),
  minSharePercent: minSharePercent.default(DEFAULT_MIN_SHARE_PERCENT),
  confirmImpact,
};

export const addSourceBody = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('dns'), spec: SOURCE_SPECS.dns, ...common }),
  z.strictObject({ kind: z.literal('url'), spec: SOURCE_SPECS.url, ...common }),
  z.strictObject({ kind: z.literal('preset'), spec: SOURCE_SPECS.preset, ...common }),
  z.strictObject({ kind: z.literal('asn'), spec: SOURCE_SPECS.asn, ...common }),
  z.strictObject({ kind: z.literal('country'), spec: SOURCE_SPECS.country, ...common }),
]);

export const updateSourceBody = z
  .strictObject({
    effect: effectSchema.optional(),
    keyId: idSchema.nullable().optional(),
    label: labelSchema.optional(),
    intervalSeconds: intervalSeconds.optional(),
    rangeExpiresAt: timeSchema.nullable().optional(),
    allowWide: z.boolean().optional(),
    minSharePercent: minSharePercent.optional(),
    /** As a whole, and of the source's kind, which stays. */
    spec: z.record(z.string(), z.unknown()).optional(),
    /** A paused source is not read; its ranges stay. */
    paused: z.boolean().optional(),
    confirmImpact,
  })
  .refine(namesChange, NAMES_NO_CHANGE);
export type UpdateSourceRequest = z.output<typeof updateSourceBody>;

export const refreshSourceBody = z.strictObject({
  /** True takes an answer that is much smaller than the last one, once. */
  acceptShrunk: z.boolean().default(false),
});

/** `whole_cloud`: anybody can run programs at its addresses. `whole_country`: it lets in a country. */
const sourceNoteSchema = z.object({ code: z.string(), message: z.string() });
export type SourceNote = z.infer<typeof sourceNoteSchema>;

const changedSource = z.object({ source: sourceSchema, notes: z.array(sourceNoteSchema) });

export const sourceRoutes = {
  listSources: {
    method: 'GET',
    path: '/v1/sources',
    summary: 'Sources, from which ranges come by themselves',
    access: 'read',
    query: z.strictObject(pageQuery),
    status: 200,
    response: pageOf(sourceSchema),
  },
  addSource: {
    method: 'POST',
    path: '/v1/sources',
    summary: 'Add a source; its ranges are in the list as soon as it has been read',
    access: 'authorized_ips',
    body: addSourceBody,
    status: 201,
    response: changedSource,
  },
  updateSource: {
    method: 'PATCH',
    path: '/v1/sources/:id',
    summary: 'Change a source and all its ranges, or pause it',
    access: 'authorized_ips',
    params: idParams,
    body: updateSourceBody,
    ifMatch: true,
    status: 200,
    response: changedSource,
  },
  removeSource: {
    method: 'DELETE',
    path: '/v1/sources/:id',
    summary: 'Remove a source and its ranges',
    access: 'authorized_ips',
    params: idParams,
    query: confirmImpactQuery,
    ifMatch: true,
    status: 204,
    response: z.null(),
  },
  refreshSource: {
    method: 'POST',
    path: '/v1/sources/:id/refresh',
    summary: 'Read a source now',
    access: 'authorized_ips',
    params: idParams,
    body: refreshSourceBody,
    status: 202,
    response: z.object({ source: sourceSchema }),
  },
  listSourceRanges: {
    method: 'GET',
    path: '/v1/sources/:id/ranges',
    summary: 'The ranges that a source keeps in the list',
    access: 'read',
    params: idParams,
    query: z.strictObject(pageQuery),
    status: 200,
    response: pageOf(rangeSchema),
  },
} as const satisfies Record<string, RouteContract>;
