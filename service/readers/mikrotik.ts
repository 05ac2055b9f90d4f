import { effectIn, labelNotes, madeLabel } from './fields';
import { hasMost, isTooLong, lineRow, type Reader, type Reading } from './line-reader';
import type { RangeRow } from './document';
import { explainRange, readRange } from './range-text';
import { splitLines } from './text-lines';

const ADD = /^(?:\/ip(?:v6)?[ /]firewall[ /]address-list[ /]*)?add\s.*\baddress=/;
const WORD = /([\w-]+)=("(?:[^"\\]|\\.)*"|\S*)/g;
const SECONDS: Readonly<Record<string, number>> = { w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1 };

/** Returns the seconds of `1d2h`, `1w2d03:04:05` or `00:10:00`; undefined for anything else. */
function secondsOf(timeout: string): number | undefined {
  const [, units = '', clock] = /^((?:\d+[wdhms])*)((?:\d+:)?\d+:\d+)?$/.exec(timeout) ?? [];
  if (units === '' && clock === undefined) return undefined;
  const parts = [...units.matchAll(/(\d+)([wdhms])/g)];
  const ofUnits = parts.reduce(
    (sum, [, number, unit = '']) => sum + Number(number) * (SECONDS[unit] ?? 0),
    0,
  );
  return (clock ?? '0').split(':').reduce((sum, part) => sum * 60 + Number(part), 0) + ofUnits;
}

function readLine(line: string, nowMs: number): Reading {
  if (!ADD.test(line)) return undefined;
  const words = new Map<string, string>();
  for (const [, name = '', value = ''] of line.matchAll(WORD)) {
    words.set(name, value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value);
  }
  if (words.get('disabled') === 'yes')
    return { code: 'invalid_line', detail: 'The entry is disabled; it is not imported.' };
  const address = words.get('address') ?? '';
  const parsed = readRange(address);
  if (!parsed.ok) return explainRange(address, parsed.error);
  const timeout = words.get('timeout');
  const seconds = timeout === undefined ? undefined : secondsOf(timeout);
  if (timeout !== undefined && seconds === undefined) {
    return {
      code: 'invalid_expiry',
      detail: `expiresAt: the timeout ${JSON.stringify(timeout)} cannot be read.`,
    };
  }
  const label = madeLabel(words.get('comment') ?? '');
  const list = words.get('list') ?? '';
  return {
    cidrs: parsed.cidrs,
    label,
    effect: effectIn(list),
    expiresAtMs: seconds === undefined ? undefined : nowMs + seconds * 1_000,
    attributes: { list },
    notes: [...parsed.notes, ...labelNotes(label)],
  };
}

/** Address lists of a MikroTik router, as `export` writes them: a backslash continues a line. */
export const mikrotikReader: Reader = {
  recognizes: (head) =>
    hasMost(
      head,
      (line) =>
        /^\/ip(?:v6)?[ /]firewall[ /]address-list/.test(line) || /^add\s(?=.*\baddress=).*\blist=/.test(line),
    ),
  open: (text, _head, { nowMs }) => {
    function* rows(): Generator<RangeRow, void, undefined> {
      let [number, first, whole] = [0, 0, ''];
      for (const raw of splitLines(text)) {
        number += 1;
        if (whole === '') first = number;
        whole += whole === '' ? raw.trim() : raw.trimStart();
        if (whole.endsWith('\\') && !isTooLong(whole)) {
          whole = whole.slice(0, -1);
          continue;
        }
        const line = whole;
        whole = '';
        yield lineRow(first, line, () => readLine(line, nowMs));
      }
    }
    return { format: 'mikrotik', unit: 'line', columns: [], mayDeny: true, rows };
  },
};
