import { quoted } from '#shared/ip/error';
import {
  addressBits,
  firstAddress,
  lastAddress,
  parseRangeText,
  type Cidr,
  type IpTextError,
  type RangeText,
  type RangeTextResult,
} from '#shared/ip/index';
import type { EntryProblem } from './document';

/** Characters of a range. Nearly every other text has another one, or none that tells a range from a number. */
const RANGE_CHARACTERS = /^(?=.*[.:/])[\da-f.:*/\- ]+$/i;

/** Reads a range of any width: how wide one may be is for the caller to say. */
export function readRange(text: string): RangeTextResult {
  return parseRangeText(text, { allowWide: true });
}

export function isRange(text: string): boolean {
  return RANGE_CHARACTERS.test(text) && readRange(text).ok;
}

/** Reads a cell with one range, or with several and nothing else. */
export function readRangeCell(text: string): RangeTextResult {
  const parsed = readRange(text);
  if (parsed.ok) return text === '*' ? parseRangeText('') : parsed;
  const parts = text.split(/[\s,;|]+/).filter((part) => part !== '');
  if (parts.length < 2 || !parts.every(isRange)) return parsed;
  const all = parts.map(readRange).filter((part) => part.ok);
  return { ok: true, cidrs: all.flatMap(({ cidrs }) => cidrs), notes: all.flatMap(({ notes }) => notes) };
}

export function isHost({ family, prefixLength }: Cidr): boolean {
  return prefixLength === addressBits(family);
}

function hostOf(text: string): Cidr | undefined {
  const parsed = readRange(text);
  const [host, ...more] = parsed.ok ? parsed.cidrs : [];
  return host !== undefined && more.length === 0 && isHost(host) ? host : undefined;
}

/** Returns the network that an address and a mask beside it mean. A mask shorter than /8 may as well be an address. */
export function networkWithMask(address: string, mask: string): RangeText | undefined {
  if (!/^255\.\d+\.\d+\.\d+$/.test(mask) || address.includes('/')) return undefined;
  const network = readRange(`${address}/${mask}`);
  return network.ok ? network : undefined;
}

/** Returns the network whose first and last address stand beside each other. */
export function networkBetween(first: string, last: string): RangeText | undefined {
  if (hostOf(first) === undefined || hostOf(last) === undefined) return undefined;
  const span = readRange(`${first}-${last}`);
  return span.ok && span.cidrs.length === 1 ? span : undefined;
}

/** Returns true if the texts are two addresses in ascending order, which may be the ends of a span. */
export function mayBeEnds(first: string, last: string): boolean {
  const [from, to] = [hostOf(first), hostOf(last)];
  if (from?.family !== to?.family || from === undefined || to === undefined) return false;
  return firstAddress(from).value <= lastAddress(to).value;
}

/** Explains why a text is no range, with the spelling that may be meant. */
export function explainRange(text: string, error: IpTextError): EntryProblem {
  const inside = text.split(/[\s,;|"']+/).find(isRange);
  const detail =
    inside === undefined
      ? `cidr: ${error.message}`
      : `cidr: ${quoted(text)} has more in it than a range; write ${inside} alone.`;
  return { code: 'invalid_cidr', detail };
}

export function severalRanges(second: string, hint?: string): EntryProblem {
  const instead = hint === undefined ? '' : `, or ${hint} if that is meant`;
  return {
    code: 'several_ranges',
    detail: `${quoted(second)} is a second range in the line; write one range a line${instead}.`,
  };
}
