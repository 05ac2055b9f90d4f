/** Every so many lines, one of another kind than an address with its label. */
const EVERY = { network: 5, dash: 50, quoted: 20, unreadable: 100 } as const;

const dotted = (value: number): string => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');

const lineAt = (value: number, n: number): string => {
  if (n % EVERY.unreadable === 1) return `host-${n}.example.com,Customer ${n}`;
  if (n % EVERY.dash === 2) return `${dotted(value + 1)}-${dotted(value + 3)},Pool ${n}`;
  if (n % EVERY.quoted === 3) return `${dotted(value)},"Customer ${n}, office"`;
  if (n % EVERY.network === 4) return `${dotted(value)}/29,Site ${n}`;
  return `${dotted(value)},Customer ${n}`;
};

/** The text of an import as an office would keep it; no two texts have a line in common. */
export const importText = (lines: number, text: number): string =>
  Array.from({ length: lines }, (_, n) => lineAt(0x1400_0000 + (text * lines + n) * 8, n)).join('\n');
