import { hasMost, linesDocument, type Reader } from './line-reader';
import { explainRange, readRange } from './range-text';

/** Tor's list of exits: https://metrics.torproject.org/collector.html#type-tordnsel */
export const torReader: Reader = {
  recognizes: (head) => hasMost(head, (line) => line.startsWith('ExitAddress ')),
  open: (text) =>
    linesDocument(text, { format: 'tor', columns: [], mayDeny: false }, (line) => {
      const [keyword, address = ''] = line.split(/\s+/);
      if (keyword !== 'ExitAddress') return undefined;
      const parsed = readRange(address);
      if (!parsed.ok) return explainRange(address, parsed.error);
      return { cidrs: parsed.cidrs, label: '', notes: parsed.notes };
    }),
};
