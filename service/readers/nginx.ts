import { quoted } from '#shared/ip/error';
import type { EntryFields, EntryProblem } from './document';
import { effectOf, labelNotes, madeLabel } from './fields';
import { hasMost, linesDocument, type Reader, type Reading } from './line-reader';
import { explainRange, isRange, readRange } from './range-text';

const RULE = /^(allow|deny)\s+(\S+)$/;
/** A line of a `geo` block: a range and its value. */
const GEO = /^([\da-f][\da-f.:/-]*)\s+("[^"]*"|\S+)$/i;
/** Values of a `geo` block for what is not in the list. */
const IS_OUT = /^(?:0|off|no|false|)$/i;
const IS_IN = /^(?:1|on|yes|true)$/i;

function problem(detail: string): EntryProblem {
  return { code: 'invalid_line', detail };
}

function readRule(effect: string, text: string): Omit<EntryFields, 'label'> | EntryProblem | undefined {
  // Addresses without a range are not let in anyway, and a socket has no address.
  if (text === 'unix:' || (text === 'all' && effect === 'deny')) return undefined;
  if (text === 'all')
    return problem('“allow all” is no range: the mode decides about addresses that are in no range.');
  const parsed = readRange(text);
  return parsed.ok
    ? { cidrs: parsed.cidrs, effect: effectOf(effect), notes: parsed.notes }
    : explainRange(text, parsed.error);
}

function readGeo(text: string, quotedValue: string): EntryFields | EntryProblem {
  const value = quotedValue.replaceAll('"', '');
  const parsed = readRange(text);
  if (!parsed.ok) return explainRange(text, parsed.error);
  if (IS_OUT.test(value))
    return problem(`The value ${quoted(value)} takes the range out of its list; it is not imported.`);
  const effect = effectOf(value);
  const label = effect !== undefined || IS_IN.test(value) ? '' : madeLabel(value);
  return { cidrs: parsed.cidrs, effect, label, notes: parsed.notes };
}

function readLine(line: string): Reading {
  const [, code = '', comment = ''] = /^((?:[^#"]|"[^"]*")*)#?(.*)$/.exec(line) ?? [];
  const statements = code.split(/[;{}]/).map((statement) => statement.trim());
  const found: (EntryFields | EntryProblem)[] = [];
  for (const statement of statements) {
    const [, effect, text = ''] = RULE.exec(statement) ?? [];
    const [, range, value = ''] = GEO.exec(statement) ?? [];
    const label = madeLabel(comment);
    if (effect !== undefined) {
      const rule = readRule(effect, text);
      if (rule !== undefined) found.push('code' in rule ? rule : { ...rule, label });
    } else if (range !== undefined) {
      const entry = readGeo(range, value);
      found.push('code' in entry || entry.label !== '' ? entry : { ...entry, label });
    } else if (statement.split(/\s+/).some(isRange)) {
      found.push(problem(`${quoted(statement)} is neither allow, nor deny, nor a line of a geo block.`));
    }
  }
  const [first, second] = found;
  if (second !== undefined) return problem('The line has several rules; write one rule a line.');
  if (first === undefined || 'code' in first) return first;
  return { ...first, notes: [...first.notes, ...labelNotes(first.label)] };
}

/** Rules of nginx: `allow`, `deny`, and the lines of a `geo` block. */
export const nginxReader: Reader = {
  recognizes: (head) =>
    hasMost(
      head,
      (line) =>
        /^(?:allow|deny)\s+\S+\s*;/.test(line) ||
        /^geo\s+(?:\$\w+\s+)?\$\w+\s*\{/.test(line) ||
        /^[\da-f.:/-]+\s+("[^"]*"|\S+)\s*;\s*(?:#.*)?$/i.test(line),
    ),
  open: (text) => linesDocument(text, { format: 'nginx', columns: [], mayDeny: true }, readLine),
};
