import type { ExportFormat } from '#shared/api/routes-import';
import type { Range } from '#shared/domain/entities';
import { csvLines } from '#shared/csv';

/** A range, and the name of the key for which it holds. */
export interface ExportedRange extends Range {
  readonly keyName: string | null;
}

/** Writes a list in one format. */
export interface RangeWriter {
  readonly contentType: string;
  readonly extension: string;
  /** True if the first rule that fits decides, so that the longest range comes first. */
  readonly isOrdered?: true;
  head(effects: readonly Range['effect'][]): string;
  /** @param isFirst true for the first piece with ranges. */
  body(ranges: readonly ExportedRange[], isFirst: boolean, now: number): string;
  /** Returns true if the format can say what the range says. */
  canHold(range: Range, now: number): boolean;
  foot(effects: readonly Range['effect'][]): string;
}

const COLUMNS = [
  'cidr',
  'effect',
  'label',
  'keyId',
  'expiresAt',
  'keyName',
  'source',
  'createdAt',
  'createdBy',
  'lastUsedAt',
  'uses',
] as const satisfies readonly (keyof ExportedRange)[];

/** The longest that an entry of ipset can last. */
const MAX_TIMEOUT_SECONDS = 2_147_483;

function nothing(): string {
  return '';
}

function holdsForAll({ keyId, expiresAt }: Range): boolean {
  return keyId === null && expiresAt === null;
}

function secondsLeft({ expiresAt }: Range, now: number): number {
  return expiresAt === null ? 0 : Math.ceil((Date.parse(expiresAt) - now) / 1_000);
}

function setOf({ cidr, effect }: Pick<Range, 'cidr' | 'effect'>): string {
  return `gatehouse-${effect}-${cidr.includes(':') ? 'v6' : 'v4'}`;
}

/** A set has no network without a prefix, but both halves of everything. */
const HALVES: Readonly<Record<string, readonly string[]>> = {
  '0.0.0.0/0': ['0.0.0.0/1', '128.0.0.0/1'],
  '::/0': ['::/1', '8000::/1'],
};

function ipsetLines(range: ExportedRange, now: number): string {
  const timeout = range.expiresAt === null ? '' : ` timeout ${secondsLeft(range, now)}`;
  const comment = range.label === '' ? '' : ` comment "${range.label.replaceAll('"', "'")}"`;
  return (HALVES[range.cidr] ?? [range.cidr])
    .map((cidr) => `add ${setOf(range)} ${cidr}${timeout}${comment}\n`)
    .join('');
}

export const RANGE_WRITERS: Readonly<Record<ExportFormat, RangeWriter>> = {
  csv: {
    contentType: 'text/csv; charset=utf-8',
    extension: 'csv',
    head: () => csvLines([COLUMNS]),
    body: (ranges) => csvLines(ranges.map((range) => COLUMNS.map((column) => range[column]))),
    canHold: () => true,
    foot: nothing,
  },
  json: {
    contentType: 'application/json',
    extension: 'json',
    head: () => '{"ranges":[',
    body: (ranges, isFirst) =>
      ranges.map((range, index) => `${isFirst && index === 0 ? '' : ','}\n${JSON.stringify(range)}`).join(''),
    canHold: () => true,
    foot: () => '\n]}\n',
  },
  nginx: {
    contentType: 'text/plain; charset=utf-8',
    extension: 'conf',
    isOrdered: true,
    head: () => '# For an include in a location, server or http block.\n',
    body: (ranges) =>
      ranges
        .map(({ cidr, effect, label }) => {
          const comment = label === '' ? '' : ` # ${label}`;
          return `${effect === 'authorize' ? 'allow' : 'deny'} ${cidr};${comment}\n`;
        })
        .join(''),
    canHold: holdsForAll,
    // An address in no range is not let in by a list of ranges that are.
    foot: (effects) => (effects.includes('authorize') ? 'deny all;\n' : ''),
  },
  haproxy: {
    contentType: 'text/plain; charset=utf-8',
    extension: 'map',
    head: () => '# For map_ip: authorize or deny.\n',
    body: (ranges) => ranges.map(({ cidr, effect }) => `${cidr} ${effect}\n`).join(''),
    canHold: holdsForAll,
    foot: nothing,
  },
  ipset: {
    contentType: 'text/plain; charset=utf-8',
    extension: 'ipset',
    head: (effects) =>
      effects
        .flatMap((effect) => [
          `create ${setOf({ cidr: '', effect })} hash:net family inet maxelem 1048576 timeout 0 comment\n`,
          `create ${setOf({ cidr: ':', effect })} hash:net family inet6 maxelem 1048576 timeout 0 comment\n`,
        ])
        .join(''),
    body: (ranges, _isFirst, now) => ranges.map((range) => ipsetLines(range, now)).join(''),
    canHold: (range, now) => range.keyId === null && secondsLeft(range, now) <= MAX_TIMEOUT_SECONDS,
    foot: nothing,
  },
};
