import type { EntryFields, EntryProblem } from './document';
import { effectIn, labelNotes, madeLabel } from './fields';
import { hasMost, linesDocument, type Reader, type Reading } from './line-reader';
import { explainRange, readRange } from './range-text';

const ADD = /^(?:add|-A)\s+(\S+)\s+(\S+)(.*)$/;

function problem(detail: string): EntryProblem {
  return { code: 'invalid_line', detail };
}

function expiryOf(options: string, nowMs: number): EntryFields['expiresAtMs'] {
  const seconds = Number(/\btimeout\s+(\d+)/.exec(options)?.[1] ?? 0);
  return seconds === 0 ? undefined : nowMs + seconds * 1_000;
}

function readLine(line: string, nowMs: number): Reading {
  const [, set = '', entry = '', rest = ''] = ADD.exec(line) ?? [];
  if (entry === '') return undefined;
  if (entry.includes(','))
    return problem('The entry has a port, an interface or a second network, which a range cannot have.');
  const comment = /\bcomment\s+"([^"]*)"/.exec(rest)?.[1] ?? '';
  const options = rest.replace(/\bcomment\s+"[^"]*"/, '');
  if (/\bnomatch\b/.test(options))
    return problem('“nomatch” takes the entry out of its set; it is not imported.');
  const parsed = readRange(entry);
  if (!parsed.ok) return explainRange(entry, parsed.error);
  const label = madeLabel(comment);
  return {
    cidrs: parsed.cidrs,
    label,
    effect: effectIn(set),
    expiresAtMs: expiryOf(options, nowMs),
    attributes: { set },
    notes: [...parsed.notes, ...labelNotes(label)],
  };
}

/** Reads the output of `ipset save`. */
export const ipsetReader: Reader = {
  recognizes: (head) =>
    hasMost(head, (line) => /^(?:create|-N)\s+\S+\s+\w+:\w+/.test(line) || ADD.test(line)),
  open: (text, _head, { nowMs }) =>
    linesDocument(text, { format: 'ipset', columns: [], mayDeny: true }, (line) => readLine(line, nowMs)),
};
