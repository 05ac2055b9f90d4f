import { z } from 'zod';
import {
  addressBits,
  addressCount,
  firstAddress,
  lastAddress,
  parseRangeText,
  type Cidr,
  type IpFamily,
} from '#shared/ip/index';
import type { Span } from './span-set';

type ListLine =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'span'; readonly family: IpFamily; readonly span: Span }
  | { readonly kind: 'bad'; readonly reason: string };

/**
 * The shortest prefix length that an entry may have. A wider entry is a slip or a trap: it would block a good part of the
 * world.
 */
const WIDEST_ENTRY: Readonly<Record<IpFamily, number>> = { 4: 8, 6: 16 };

const NOTHING: ListLine = { kind: 'nothing' };

/** The other lines of Tor's exit list: https://metrics.torproject.org/collector.html#type-tordnsel */
const TOR_OTHER = /^(?:ExitNode|Published|LastStatus|Downloaded|@type)\s/;
const TOR_ADDRESS = /^ExitAddress\s+(\S+)/;

/** `first - last`, with or without spaces; then the end or further columns. */
const DASH = /^"?([0-9a-f.:]+)\s*-\s*([0-9a-f.:]+)"?(?=[\s,]|$)/i;

/** DShield's block list: first and last address, prefix length, further columns. */
const FIRST_LAST_LENGTH = /^(\d+\.\d+\.\d+\.\d+)\s+(\d+\.\d+\.\d+\.\d+)\s+(\d{1,2})(?=\s|$)/;

/** A first column with one of these names is a header and not a broken entry. */
const HEADER =
  /^"?(?:ip|ips|ip[_ -]?address|address|addr|cidr|network|prefix|range|subnet|host)"?(?=[\s,]|$)/i;

/**
 * Reads one line: an address, a network or a span, first on its line or in the first column; comments after `#` or `;`;
 * Spamhaus' JSON lines; Tor's exit list; DShield's columns.
 * @param isFirst true if only comments came before, so that the line may be a header.
 */
export function readListLine(line: string, isFirst: boolean): ListLine {
  const text = line.trim();
  if (text === '' || text.startsWith('//')) return NOTHING;
  if (text.startsWith('{')) return readJson(text);
  const entry = /^[^#;]*/.exec(text)?.[0].trimEnd() ?? '';
  if (entry === '' || TOR_OTHER.test(entry)) return NOTHING;
  const result = readEntry(entryText(entry));
  return result.kind === 'bad' && isFirst && HEADER.test(entry) ? NOTHING : result;
}

function entryText(entry: string): string {
  const [, exit] = TOR_ADDRESS.exec(entry) ?? [];
  if (exit !== undefined) return exit;
  const [, from, to] = DASH.exec(entry) ?? [];
  if (from !== undefined && to !== undefined) return `${from}-${to}`;
  const [, first, last, length] = FIRST_LAST_LENGTH.exec(entry) ?? [];
  if (first !== undefined && last !== undefined && isNetwork(first, last, length)) return `${first}-${last}`;
  const column = /^[^\s,]*/.exec(entry)?.[0] ?? '';
  return column.replace(/^"(.*)"$/, '$1');
}

/** Returns true if the third column confirms that the second one is the end of the network that begins in the first. */
function isNetwork(first: string, last: string, length: string | undefined): boolean {
  const network = parseRangeText(`${first}/${length}`, { allowWide: true });
  const span = parseRangeText(`${first}-${last}`, { allowWide: true });
  if (!network.ok || !span.ok) return false;
  const [a, b] = [network.cidrs[0], span.cidrs[0]];
  return span.cidrs.length === 1 && a?.base === b?.base && a?.prefixLength === b?.prefixLength;
}

function readEntry(text: string): ListLine {
  const parsed = parseRangeText(text, { allowWide: true });
  if (!parsed.ok) return { kind: 'bad', reason: parsed.error.message };
  const [first, last] = [parsed.cidrs[0], parsed.cidrs.at(-1)];
  if (first === undefined || last === undefined) return { kind: 'bad', reason: 'There is no range.' };
  if (isWiderThanTaken(parsed.cidrs, first.family)) {
    return {
      kind: 'bad',
      reason: `"${text}" is wider than a /${WIDEST_ENTRY[first.family]} and would block a good part of the world; it is left out.`,
    };
  }
  // The networks of one text are adjacent, so they are one span.
  return {
    kind: 'span',
    family: first.family,
    span: { first: firstAddress(first).value, last: lastAddress(last).value },
  };
}

function isWiderThanTaken(cidrs: readonly Cidr[], family: IpFamily): boolean {
  const count = cidrs.reduce((sum, cidr) => sum + addressCount(cidr), 0n);
  return count > 1n << BigInt(addressBits(family) - WIDEST_ENTRY[family]);
}

/** Spamhaus: `{"cidr":"1.10.16.0/20","sblid":"SBL256894","rir":"apnic"}`, and a last line with `"type":"metadata"`. */
const JsonEntry = z.union([
  z.object({ type: z.literal('metadata') }).transform(() => null),
  z.object({ cidr: z.string() }).transform(({ cidr }) => cidr),
  z.object({ ip: z.string() }).transform(({ ip }) => ip),
]);

function readJson(text: string): ListLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'bad', reason: 'The line begins like JSON and is none.' };
  }
  const entry = JsonEntry.safeParse(value);
  if (!entry.success) return { kind: 'bad', reason: 'The JSON line has neither "cidr" nor "ip".' };
  return entry.data === null ? NOTHING : readEntry(entry.data);
}
