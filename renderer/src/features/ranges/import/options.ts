import type { RouteInput } from '#shared/api/route-types';
import type { Effect } from '#shared/domain/entities';
import { expiresAtOf, type ExpiryChoice } from '../../../domain/expiry';

/** Options that hold for every line of an import. Where one is left open, the list decides. */
export interface ImportOptions {
  readonly effect: Effect | null;
  /** The id of a key, or `all`; null leaves it to the list. */
  readonly keyId: string | null;
  readonly label: string;
  readonly expiry: ExpiryChoice | null;
  readonly allowWide: boolean;
  readonly name: string;
  readonly replace: boolean;
}

export const NO_OPTIONS: ImportOptions = {
  effect: null,
  keyId: null,
  label: '',
  expiry: null,
  allowWide: false,
  name: '',
  replace: false,
};

export type LineOptions = Omit<
  RouteInput<'importRanges'>['body'],
  'text' | 'data' | 'dryRun' | 'outcome' | 'cursor'
>;

export function isComplete({ expiry }: ImportOptions): boolean {
  return expiry?.expiry !== 'custom' || expiry.custom !== '';
}

export function lineOptions(options: ImportOptions, nowMs: number): LineOptions {
  const { effect, keyId, label, expiry, allowWide, name, replace } = options;
  return {
    ...(effect !== null && { effect }),
    ...(keyId !== null && { keyId: keyId === 'all' ? null : keyId }),
    ...(label.trim() !== '' && { label }),
    ...(expiry !== null && { expiresAt: expiresAtOf(expiry, nowMs) }),
    ...(allowWide && { allowWide }),
    ...(name.trim() !== '' && { name, ...(replace && { replace }) }),
  };
}
