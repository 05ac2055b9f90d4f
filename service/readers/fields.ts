import { z } from 'zod';
import { MAX_LABEL_LENGTH } from '#shared/api/route-contract';
import type { Effect } from '#shared/domain/entities';
import { reasonInWords } from '#shared/domain/sentence';
import { hiddenTextProblem, looksEmpty, plainLine } from '#shared/domain/plain-text';
import type { ColumnRole } from '#shared/domain/range-format';
import { quoted } from '#shared/ip/error';
import type { EntryNote, EntryProblem } from './document';
import { isRange } from './range-text';

/** Names of columns and fields in lower case, without spaces and signs, those that say most first. */
const NAMES: Readonly<Record<Exclude<ColumnRole, 'ignored'>, readonly string[]>> = {
  range: [
    ...[
      'cidr',
      'cidrblock',
      'cidrip',
      'network',
      'net',
      'range',
      'iprange',
      'addressrange',
      'subnet',
      'netblock',
    ],
    ...['prefix', 'ipprefix', 'ipv4prefix', 'ipv6prefix', 'addressprefix', 'ipcidr', 'cidripv6'],
    ...['ip', 'ips', 'ipaddress', 'ipaddr', 'ipv4', 'ipv6', 'address', 'addr', 'host', 'sourceip', 'srcip'],
    ...[
      'clientip',
      'remoteip',
      'publicip',
      'dstip',
      'start',
      'first',
      'from',
      'startip',
      'firstip',
      'ipfrom',
      'ipstart',
    ],
    ...['startaddress', 'firstaddress', 'rangestart', 'networkaddress'],
  ],
  last: [
    'end',
    'last',
    'to',
    'endip',
    'lastip',
    'ipto',
    'ipend',
    'endaddress',
    'lastaddress',
    'rangeend',
    'broadcast',
  ],
  length: ['mask', 'netmask', 'subnetmask', 'prefixlength', 'masklength', 'prefixlen', 'masklen', 'bits'],
  label: [
    'label',
    'description',
    'comment',
    'comments',
    'note',
    'notes',
    'name',
    'title',
    'remark',
    'remarks',
  ],
  expiresAt: [
    'expiresat',
    'expires',
    'expiry',
    'expiration',
    'expirationdate',
    'expirydate',
    'deleteafterdate',
  ],
  key: ['keyid', 'key', 'apikey', 'apikeyid', 'keyname'],
  effect: ['effect', 'action', 'policy'],
};

const EFFECTS: ReadonlyMap<string, Effect> = new Map([
  ...['authorize', 'authorized', 'allow', 'allowed', 'permit', 'accept'].map(
    (word) => [word, 'authorize'] as const,
  ),
  ...['deny', 'denied', 'block', 'blocked', 'reject', 'drop', 'ban', 'banned'].map(
    (word) => [word, 'deny'] as const,
  ),
]);

const ADDRESS_LIKE = /\d\.\d+\.\d|::|(?:[0-9a-f]+:){3}/i;
const timeSchema = z.iso.datetime({ offset: true });
const dateSchema = z.iso.date();

/** Returns the role of a column or field by its name, and how well the name says it: 0 is best. */
export function roleOf(name: string): { readonly role: ColumnRole; readonly rank: number } {
  const word = name.toLowerCase().replace(/[^a-z\d]/g, '');
  for (const [role, names] of Object.entries(NAMES)) {
    const rank = names.indexOf(word);
    if (rank !== -1) return { role: role as ColumnRole, rank };
  }
  return { role: 'ignored', rank: 0 };
}

/** Returns the position of the best name for each role; undefined for a role that no name has. */
export function rolesOf(names: readonly string[]): Partial<Record<ColumnRole, number>> {
  const best: Partial<Record<ColumnRole, { index: number; rank: number }>> = {};
  names.forEach((name, index) => {
    const { role, rank } = roleOf(name);
    if (role !== 'ignored' && rank < (best[role]?.rank ?? Infinity)) best[role] = { index, rank };
  });
  return Object.fromEntries(Object.entries(best).map(([role, { index }]) => [role, index]));
}

export function effectOf(text: string): Effect | undefined {
  return EFFECTS.get(text.toLowerCase());
}

/** Returns the effect that the name of a list says, such as `allowed-hosts`; undefined if it says none, or both. */
export function effectIn(name: string): Effect | undefined {
  const words = name.toLowerCase().split(/[^a-z]+/);
  const effects = new Set(
    words.map((word) =>
      effectOf(word.replace(/list$/, '').replace('white', 'allow').replace('black', 'deny')),
    ),
  );
  effects.delete(undefined);
  const [effect, other] = effects;
  return other === undefined ? effect : undefined;
}

export function readEffect(text: string): Effect | undefined | EntryProblem {
  if (text === '') return undefined;
  return (
    effectOf(text) ?? {
      code: 'invalid_effect',
      detail: `effect: ${quoted(text)} is neither authorize nor deny.`,
    }
  );
}

/** Returns the time in milliseconds. A day begins at midnight UTC, so that a range ends early rather than late. */
export function timeOf(text: string): number | undefined {
  return timeSchema.safeParse(text).success || dateSchema.safeParse(text).success
    ? Date.parse(text)
    : undefined;
}

export function readExpiry(text: string): number | undefined | EntryProblem {
  if (text === '') return undefined;
  return (
    timeOf(text) ?? {
      code: 'invalid_expiry',
      detail:
        'expiresAt: must be a time in UTC such as 2030-01-31T00:00:00Z; a first line can name the columns.',
    }
  );
}

export function labelProblem(label: string): EntryProblem | undefined {
  if (label.length > MAX_LABEL_LENGTH) {
    const detail = `label: has ${label.length} characters, more than ${MAX_LABEL_LENGTH}.`;
    return { code: 'invalid_label', detail };
  }
  const hidden = hiddenTextProblem(label);
  return hidden === undefined
    ? undefined
    : { code: 'invalid_label', detail: `label: ${reasonInWords(hidden)}.` };
}

/** Makes a label of a comment or of what a publisher says. It is cut rather than refused, because nobody wrote it as a label. */
export function madeLabel(text: string): string {
  const label = plainLine(text, MAX_LABEL_LENGTH);
  return looksEmpty(label) ? '' : label;
}

export function labelNotes(label: string): readonly EntryNote[] {
  if (!ADDRESS_LIKE.test(label)) return [];
  const inside = label.split(/[\s,;|"'()[\]]+/).find(isRange);
  if (inside === undefined) return [];
  return [
    { code: 'range_in_label', message: `${quoted(inside)} is a part of the label, which has no effect.` },
  ];
}
