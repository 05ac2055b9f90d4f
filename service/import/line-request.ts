import type { RouteRequest } from '#shared/api/route-types';
import { quoted } from '#shared/ip/error';
import { isTooWide, type Cidr } from '#shared/ip/index';
import type { AccountPolicy } from '../policy/policy';
import { epochMsOf } from '../runtime/clock';
import type { EntryFields, EntryProblem } from '../readers/document';
import type { RangeTerms } from '../policy/list-outcome';

/** What a line asks for: its own words, and the options that hold for every line. */
export interface LineRequest extends RangeTerms {
  readonly cidrs: readonly Cidr[];
  readonly label: string;
  readonly notes: EntryFields['notes'];
}

/** Reason why a line is not taken. `detail` is a sentence that names the column. */
export interface LineProblem {
  readonly code: EntryProblem['code'] | 'too_wide' | 'invalid_key' | 'limit_reached';
  readonly detail: string;
}

export function isProblem(request: LineRequest | LineProblem): request is LineProblem {
  return 'code' in request;
}

/** Finds keys by what lists write for them: id, name or prefix. */
export class KeyNames {
  readonly #ids = new Map<string, string | undefined>();

  constructor({ keys }: Pick<AccountPolicy, 'keys'>) {
    for (const { id, name, prefix, status } of keys.values()) {
      if (status !== 'active') continue;
      // A name that two keys share means neither.
      for (const text of new Set([id, name, prefix]))
        this.#ids.set(text, this.#ids.has(text) ? undefined : id);
    }
  }

  idOf(text: string): string | undefined {
    return this.#ids.get(text);
  }
}

/** Returns what a line asks for, with the options in place of what it says itself. */
export function requestOf(
  { cidrs, label, effect, key, expiresAtMs, notes }: EntryFields,
  options: RouteRequest<'importRanges'>['body'],
  keys: KeyNames,
  now: number,
): LineRequest | LineProblem {
  if (!options.allowWide && isTooWide(cidrs)) {
    const detail = 'cidr: is wider than /8 (IPv4) or /24 (IPv6), which an import adds only with allowWide.';
    return { code: 'too_wide', detail };
  }
  const keyId = options.keyId === undefined ? (key === undefined ? null : keys.idOf(key)) : options.keyId;
  if (keyId === undefined) {
    return { code: 'invalid_key', detail: `key: ${quoted(key ?? '')} is not one API key in use.` };
  }
  const { expiresAt } = options;
  const own = expiresAtMs ?? null;
  const expiry = expiresAt === undefined ? own : expiresAt === null ? null : epochMsOf(expiresAt);
  if (expiry !== null && expiry <= now) {
    return { code: 'invalid_expiry', detail: 'expiresAt: must be in the future.' };
  }
  return {
    cidrs,
    effect: options.effect ?? effect ?? 'authorize',
    keyId,
    label: options.label ?? label,
    expiresAt: expiry,
    notes,
  };
}
