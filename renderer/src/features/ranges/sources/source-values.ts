import type { z } from 'zod';
import type { addSourceBody, updateSourceBody } from '#shared/api/routes-sources';
import type { Effect } from '#shared/domain/entities';
import type { Source } from '#shared/domain/source';
import { SOURCE_PRESETS, type SourcePreset } from '#shared/domain/source-presets';
import {
  DEFAULT_INTERVAL_SECONDS,
  DEFAULT_OVERLAP_SECONDS,
  type SourceKind,
  subjectOf,
} from '#shared/domain/source-spec';
import { UNRECOGNISED } from '#shared/domain/told';
import { endsOtherwise, type ExpiryChoice, expiryAt, expiresAtOf } from '../../../domain/expiry';

export type AddSource = z.input<typeof addSourceBody>;
export type SourceChanges = z.input<typeof updateSourceBody>;

/** The values of the form. Fields of other kinds keep what was typed. */
export interface SourceValues {
  readonly kind: SourceKind;
  readonly effect: Effect;
  readonly preset: SourcePreset;
  readonly services: readonly string[];
  readonly regions: readonly string[];
  readonly url: string;
  readonly name: string;
  readonly overlapSeconds: number;
  readonly asn: string;
  readonly country: string;
  readonly label: string;
  readonly keyId: string | null;
  /** Null for the kind's own. */
  readonly intervalSeconds: number | null;
  readonly expiry: ExpiryChoice;
  readonly allowWide: boolean;
}

export function emptyValues(effect: Effect, country: string): SourceValues {
  return {
    kind: 'preset',
    effect,
    preset: 'aws',
    services: [],
    regions: [],
    url: '',
    name: '',
    overlapSeconds: DEFAULT_OVERLAP_SECONDS,
    asn: '',
    country,
    label: '',
    keyId: null,
    intervalSeconds: null,
    expiry: expiryAt(null),
    allowWide: false,
  };
}

/** Returns the values of an existing source; undefined if this console is too old to know all of them. */
export function valuesOf(source: Source): SourceValues | undefined {
  const subject = subjectOf(source);
  const { effect } = source;
  if (subject === undefined || effect === UNRECOGNISED) return undefined;
  const { kind, spec } = subject;
  const { label, keyId, intervalSeconds, rangeExpiresAt, allowWide } = source;
  const common = {
    ...emptyValues(effect, ''),
    kind,
    label,
    keyId,
    intervalSeconds: intervalSeconds === DEFAULT_INTERVAL_SECONDS[kind] ? null : intervalSeconds,
    expiry: expiryAt(rangeExpiresAt),
    allowWide,
  };
  if (kind === 'asn') return { ...common, asn: String(spec.asn) };
  // The form has no field for a mirror of a vendor's list.
  return kind === 'preset' ? { ...common, ...spec, url: '' } : { ...common, ...spec };
}

/** The field without which the source cannot be read; undefined if none is missing. */
export function missingField(values: SourceValues): 'url' | 'name' | 'asn' | 'services' | undefined {
  switch (values.kind) {
    case 'url':
      return values.url.trim() === '' ? 'url' : undefined;
    case 'dns':
      return values.name.trim() === '' ? 'name' : undefined;
    case 'asn':
      return /^(?:AS)?\d{1,10}$/i.test(values.asn.trim()) ? undefined : 'asn';
    case 'preset':
      return SOURCE_PRESETS[values.preset].needsService === true && values.services.length === 0
        ? 'services'
        : undefined;
    case 'country':
      return undefined;
  }
}

function subjectFrom(values: SourceValues): Pick<AddSource, 'kind' | 'spec'> {
  const { kind, preset, services, regions } = values;
  switch (kind) {
    case 'url':
      return { kind, spec: { url: values.url.trim() } };
    case 'dns':
      return { kind, spec: { name: values.name, overlapSeconds: values.overlapSeconds } };
    case 'asn':
      return { kind, spec: { asn: Number(values.asn.trim().replace(/^AS/i, '')) } };
    case 'preset':
      return { kind, spec: { preset, services: [...services], regions: [...regions] } };
    case 'country':
      return { kind, spec: { country: values.country } };
  }
}

export function requestOf(values: SourceValues, nowMs: number): AddSource {
  const { effect, label, keyId, intervalSeconds, allowWide } = values;
  return {
    ...subjectFrom(values),
    effect,
    label: label.trim(),
    keyId,
    allowWide,
    rangeExpiresAt: expiresAtOf(values.expiry, nowMs),
    ...(intervalSeconds !== null && { intervalSeconds }),
  } as AddSource;
}

/** Returns what the values change of a source. Parts of its subject that the form does not show stay, unless the vendor changes. */
export function changesOf(source: Source, values: SourceValues, nowMs: number): SourceChanges {
  const wanted = requestOf(values, nowMs);
  const isSameVendor = values.kind !== 'preset' || values.preset === source.spec['preset'];
  const spec = { ...(isSameVendor && source.spec), ...wanted.spec };
  const intervalSeconds = values.intervalSeconds ?? DEFAULT_INTERVAL_SECONDS[values.kind];
  return {
    ...(JSON.stringify(spec) !== JSON.stringify(source.spec) && { spec }),
    ...(values.effect !== source.effect && { effect: values.effect }),
    ...(wanted.label !== source.label && { label: wanted.label }),
    ...(values.keyId !== source.keyId && { keyId: values.keyId }),
    ...(intervalSeconds !== source.intervalSeconds && { intervalSeconds }),
    ...(endsOtherwise(values.expiry, source.rangeExpiresAt) && { rangeExpiresAt: wanted.rangeExpiresAt }),
    ...(values.allowWide !== source.allowWide && { allowWide: values.allowWide }),
  };
}
