import { cidrOf, type Cidr, type IpFamily } from '#shared/ip/index';
import type { MatchRange } from '../enforcement/matcher/match-range';

/** IPv6 as text: numbers that are equal in their last 64 bits, as `::1` of many networks, share one place in a hash table. */
const keyOf = ({ family, base }: Cidr): number | string => (family === 4 ? Number(base) : base.toString(36));

/** What an import adds is younger than every range of the list. */
const LATER = Number.MAX_SAFE_INTEGER;

/**
 * The networks that a preview would have authorized so far, in a hash table for each prefix length: keys and line numbers
 * alone, because a hundred thousand ranges as objects would keep the collection of garbage busy among the checks.
 */
export class PreviewNetworks {
  readonly #lines: Readonly<Record<IpFamily, Map<number, Map<number | string, number>>>> = {
    4: new Map(),
    6: new Map(),
  };
  readonly #expiries = new Map<number, number>();

  add(cidr: Cidr, line: number, expiresAt: number | null): void {
    const byLength = this.#lines[cidr.family];
    let lines = byLength.get(cidr.prefixLength);
    if (lines === undefined) {
      lines = new Map();
      byLength.set(cidr.prefixLength, lines);
    }
    lines.set(keyOf(cidr), line);
    if (expiresAt !== null) this.#expiries.set(line, expiresAt);
  }

  /** Those that hold every address of the network; the id of each is the number of its line. */
  covering({ family, base, prefixLength }: Cidr): MatchRange[] {
    const ranges: MatchRange[] = [];
    for (const [length, lines] of this.#lines[family]) {
      if (length > prefixLength) continue;
      const cidr = cidrOf({ family, value: base }, length);
      const line = lines.get(keyOf(cidr));
      if (line === undefined) continue;
      const expiresAt = this.#expiries.get(line) ?? null;
      ranges.push({ id: String(line), cidr, effect: 'authorize', keyId: null, createdAt: LATER, expiresAt });
    }
    return ranges;
  }
}
