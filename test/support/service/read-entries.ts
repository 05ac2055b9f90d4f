import type { RangeEntry, ReadingOptions } from '#service/readers/document';
import { entriesOf, readRanges } from '#service/readers/read-ranges';
import { reasonInWords } from '#shared/domain/sentence';
import { formatCidr } from '#shared/ip/index';

export const NOW = Date.UTC(2026, 0, 15);

export function readEntries(text: string, options: Partial<ReadingOptions> = {}): RangeEntry[] {
  const document = readRanges(text, { nowMs: NOW, ...options });
  if ('refused' in document) throw new Error(reasonInWords(document.refused));
  return [...entriesOf(document)];
}

/** Returns what each row means as short text: its ranges and what is said of them, or why it means nothing. */
export function meanings(text: string, options: Partial<ReadingOptions> = {}): string[] {
  return readEntries(text, options).map(({ line, reading }) => {
    if ('code' in reading) return `${line} ${reading.code}`;
    const { cidrs, label, effect, key, expiresAtMs } = reading;
    const said = [
      effect,
      label && `“${label}”`,
      key && `key ${key}`,
      expiresAtMs !== undefined && `until ${new Date(expiresAtMs).toISOString()}`,
    ];
    return [line, ...cidrs.map(formatCidr), ...said.filter((part) => part)].join(' ');
  });
}
