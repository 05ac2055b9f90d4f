import type { Effect } from '#shared/domain/entities';

/**
 * What was found for an address: the record of the range that decides, with its effect in the lowest bit. The effect is
 * at hand where the trie ends; the range itself is somewhere else in memory, which with a million of them takes longer
 * to reach than all the rest.
 */
export type Finding = number;

export const NOTHING_FOUND: Finding = 0;

export const findingOf = (record: number, denies: boolean): Finding => (record << 1) | (denies ? 1 : 0);

export const recordOf = (finding: Finding): number => finding >>> 1;

export const effectOf = (finding: Finding): Effect => ((finding & 1) === 0 ? 'authorize' : 'deny');
