import { quoted } from '#shared/ip/error';
import type { RangeText, RangeTextResult } from '#shared/ip/index';
import type { EntryProblem } from './document';
import { hasMost, linesDocument, type Reader, type Reading } from './line-reader';
import { explainRange, isRange, readRange } from './range-text';

const REQUIRE = /^Require\s+(not\s+)?ip\s+(.+)$/i;
/** The older form. */
const ACCESS = /^(Allow|Deny)\s+from\s+(.+)$/i;
/** The first octets of an address mean the network that begins so. */
const PARTIAL = /^\d{1,3}(?:\.\d{1,3}){0,2}\.?$/;

function readAddress(text: string): RangeTextResult {
  if (!PARTIAL.test(text)) return readRange(text);
  const octets = text.replace(/\.$/, '');
  return readRange(`${octets}/${octets.split('.').length * 8}`);
}

function problem(detail: string): EntryProblem {
  return { code: 'invalid_line', detail };
}

function readLine(line: string): Reading {
  const [, not, required] = REQUIRE.exec(line) ?? [];
  const [, access, from] = ACCESS.exec(line) ?? [];
  const isDenied = not !== undefined || access?.toLowerCase() === 'deny';
  const list = required ?? from;
  if (/^Require\s+(?:not\s+)?(?:host|forward-dns)\s/i.test(line)) {
    return problem('The line names hosts, which are no ranges; a source can follow a name.');
  }
  if (list === undefined) {
    if (line.startsWith('#') || !line.split(/\s+/).some(isRange)) return undefined;
    return problem(`${quoted(line)} is neither Require ip, nor Allow from, nor Deny from.`);
  }
  if (list.toLowerCase() === 'all') {
    return isDenied
      ? undefined
      : problem('“all” is no range: the mode decides about addresses that are in no range.');
  }
  const read: RangeText[] = [];
  for (const text of list.split(/\s+/)) {
    const parsed = readAddress(text);
    if (!parsed.ok) return explainRange(text, parsed.error);
    read.push(parsed);
  }
  return {
    cidrs: read.flatMap(({ cidrs }) => cidrs),
    label: '',
    effect: isDenied ? 'deny' : 'authorize',
    notes: read.flatMap(({ notes }) => notes),
  };
}

/** Access rules of Apache httpd: https://httpd.apache.org/docs/2.4/mod/mod_authz_host.html */
export const apacheReader: Reader = {
  recognizes: (head) => hasMost(head, (line) => REQUIRE.test(line) || ACCESS.test(line)),
  open: (text) => linesDocument(text, { format: 'apache', columns: [], mayDeny: true }, readLine),
};
