import { describe, expect, it } from 'vitest';
import type { Range } from '#shared/domain/entities';
import { impactSentences } from '../../../renderer/src/features/ranges/remove/impact';
import { proposalsFor } from '../../../renderer/src/features/ranges/tidy/proposals';
import { removalSentences, stillCovered } from '../../../renderer/src/features/ranges/remove/removal';
import { KEY_ID, minutesAgo, NOW, range, ulid } from '../../component/builders';

const nowMs = NOW.getTime();
const office = range();

describe('the removal of several ranges', () => {
  const site = range({ id: ulid(1), cidr: '198.51.0.0/16', label: 'Site' });
  const denial = range({ id: ulid(2), cidr: '192.0.2.99/32', effect: 'deny' });
  const old = range({ id: ulid(3), cidr: '10.0.0.0/8', expiresAt: minutesAgo(5), label: '' });

  it('is told by what each kind of them brings about', () => {
    const all = [office, site, denial, old];
    const covers = new Map([[office.id, site]]);
    expect(removalSentences([office, denial, old], 'manual', covers, nowMs)).toEqual([
      '198.51.100.0/24 (Office), 192.0.2.99/32 (Office), 10.0.0.0/8.',
      '1 of them is a denial, whose addresses are then treated like any other.',
      '1 of them is covered by another range, so that removing it changes nothing.',
      '1 of them has expired, so that removing it changes nothing.',
    ]);
    expect([...stillCovered([office], all, nowMs)]).toEqual([[office.id, site.id]]);
    // What covers it goes as well.
    expect([...stillCovered([office, site], all, nowMs)]).toEqual([]);
    const wider = range({ id: ulid(4), cidr: '198.0.0.0/8' });
    expect([...stillCovered([office, site], [...all, wider], nowMs)]).toEqual([
      [office.id, wider.id],
      [site.id, wider.id],
    ]);
  });

  it('has the impact of what they let in and turned away', () => {
    const from = minutesAgo(24 * 60);
    const call = (rangeId: string, keyId: string, allowed: number, blocked = 0) => ({
      rangeId,
      keyId,
      allowed,
      blocked,
    });
    const calls = [
      call(office.id, KEY_ID, 12_000),
      call(office.id, ulid(77), 345),
      call(site.id, KEY_ID, 5, 7),
      call(denial.id, KEY_ID, 0, 45),
    ];
    const say = (ranges: readonly Range[], completeFrom: string | null = null) =>
      impactSentences({ calls, from, completeFrom }, ranges, nowMs);
    expect(say([office])).toEqual(['In the last day it served 12,345 calls with 2 keys.']);
    expect(say([old])).toEqual(['In the last day it served no call.']);
    expect(say([denial])).toEqual(['In the last day it turned away 45 calls with 1 key.']);
    expect(say([office, site, old, denial])).toEqual([
      'In the last day 2 of them served 12,350 calls with 2 keys.',
      'In the last day 1 of them turned away 45 calls with 1 key.',
    ]);
    expect(say([office], minutesAgo(60))).toEqual([
      'Since 13:02, from when on the log is on this computer, it served 12,345 calls with 2 keys.',
    ]);
    expect(say([office], minutesAgo(48 * 60))[0]).toContain('In the last day');
  });
});

describe('what tidying up proposes', () => {
  const DAY = 24 * 60;
  const site = range({ id: ulid(1), cidr: '198.51.0.0/16', lastUsedAt: minutesAgo(DAY * 91) });
  const groups = (...ranges: readonly Range[]) => {
    const { expired, covered, unused } = proposalsFor(ranges, nowMs);
    return [expired, covered, unused].map((group) => group.map((each) => each.range.cidr).join(' '));
  };

  it('is what has expired, is covered, or was not used for 90 days, each once', () => {
    const used = { ...site, lastUsedAt: minutesAgo(5) };
    const old = range({ id: ulid(3), cidr: '10.0.0.0/8', expiresAt: minutesAgo(5), lastUsedAt: null });
    const idle = range({
      id: ulid(4),
      cidr: '203.0.113.9/32',
      lastUsedAt: null,
      createdAt: minutesAgo(DAY * 90),
    });
    const recent = range({ id: ulid(5), cidr: '203.0.113.10/32', lastUsedAt: null });
    expect(groups(office, used, old, idle, recent)).toEqual([
      '10.0.0.0/8',
      '198.51.100.0/24',
      '203.0.113.9/32',
    ]);
    expect(proposalsFor([office, used], nowMs).covered).toEqual([{ range: office, coveredBy: used }]);
  });

  it('is no range that only an unused one covers, because both could go', () => {
    expect(groups(office, site)).toEqual(['', '', '198.51.0.0/16']);
  });

  it('is no range of a source, and none that only a source covers, but one that a person’s range covers', () => {
    const ofSource = { source: 'source', sourceId: ulid(9) } as const;
    const used = { ...site, lastUsedAt: minutesAgo(5) };
    expect(groups(office, { ...used, ...ofSource })).toEqual(['', '', '']);
    expect(groups({ ...office, ...ofSource }, used)).toEqual(['', '', '']);
    expect(groups({ ...site, ...ofSource })).toEqual(['', '', '']);
    expect(groups({ ...site, ...ofSource, expiresAt: minutesAgo(5) })).toEqual(['', '', '']);
    // The source’s denial lies between, so that nothing is covered.
    const denial = range({ id: ulid(8), cidr: '198.51.0.0/17', effect: 'deny', ...ofSource });
    expect(groups(office, used, denial)).toEqual(['', '', '']);
  });

  it('is no denial for want of use, because nothing counts that', () => {
    expect(groups({ ...site, effect: 'deny' })).toEqual(['', '', '']);
  });
});
