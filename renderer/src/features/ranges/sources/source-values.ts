import type { z } from 'zod';
import type { addSourceBody } from '#shared/api/routes-sources';
import type { Effect } from '#shared/domain/entities';
import { SOURCE_PRESETS, type SourcePreset } from '#shared/domain/source-presets';
import { DEFAULT_OVERLAP_SECONDS, type SourceKind } from '#shared/domain/source-spec';
import { type ExpiryChoice, expiryAt, expiresAtOf } from '../../../domain/expiry';

export type AddSource = z.input<typeof addSourceBody>;

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
