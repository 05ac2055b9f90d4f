import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIdFactory } from '#service/runtime/ids';
import { MAX_SIMULATED_CHANGES, MAX_SIMULATED_REVIEWS } from '#shared/api/routes-policy';
import { formatAddress, sortableAddress } from '#shared/ip/index';
import { openTestStorage } from '#test/support/service/test-database';
import { startTestService, type TestService } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { DAY_MS, simulateAt } from '#test/support/service/simulate';

describe('a simulation of a long log', () => {
  /** Puts rows of the log on disk while no service has it, and starts one on it. */
  const serviceWith = async (
    dataDir: string,
    attempts: Iterable<{ readonly address: number; readonly key: 0 | 1; readonly count: number }>,
  ): Promise<TestService> => {
    const first = await startTestService({ dataDir });
    const keys = [await first.createKey('A'), await first.createKey('B')];
    await first.api('/v1/ranges', { body: { cidr: '10.0.0.0/24' } });
    await first.stop();
    const storage = await openTestStorage(dataDir);
    const newId = createIdFactory({ now: () => Date.now() });
    const at = Date.now() - DAY_MS;
    const [account] = await storage.read.accounts.all();
    await storage.transaction(async ({ attempts: log }) => {
      await log.insertAll(
        Array.from(attempts, ({ address: value, key, count }) => {
          const address = { family: 4, value: (10n << 24n) + BigInt(value) } as const;
          return {
            id: newId(),
            account_id: account?.id ?? '',
            changed_seq: 1,
            ip: formatAddress(address),
            ip_sort: sortableAddress(address),
            key_id: keys[key]?.key.id ?? '',
            verdict: 'blocked',
            reason: 'unknown',
            would_be: null,
            range_id: null,
            review_id: null,
            first_at: at,
            last_at: at,
            count,
            method: null,
            path: null,
            user_agent: null,
            country: null,
            asn: null,
            as_name: null,
          };
        }),
      );
    });
    await storage.close();
    return startTestService({ dataDir });
  };

  let dataDir = '';
  beforeEach(() => {
    dataDir = makeTempDir('replay');
  });
  afterEach(() => removeTempDir(dataDir));

  it('adds up each address and key over all reads', async () => {
    function* rows() {
      // Busy addresses fill several reads each; between them lie many that called once.
      for (let n = 0; n < 2_300; n += 1) yield { address: 5, key: 0, count: 2 } as const;
      for (let n = 0; n < 1_100; n += 1) yield { address: 300, key: (n % 2) as 0 | 1, count: 3 } as const;
      for (let n = 0; n < 1_400; n += 1) yield { address: 1_000 + n, key: 1, count: 1 } as const;
      for (let n = 0; n < 1_000; n += 1) yield { address: 2_399, key: 1, count: 1 } as const;
    }
    const service = await serviceWith(dataDir, rows());
    try {
      const result = await simulateAt(service, { mode: 'deactivated' });
      expect(result).toMatchObject({
        before: { allowed: 4_600, blocked: 5_700 },
        after: { allowed: 10_300, blocked: 0 },
        pairs: { before: { allowed: 1, blocked: 1_402 }, after: { allowed: 1_403, blocked: 0 } },
        changed: 1_402,
      });
      expect(result.changes).toHaveLength(MAX_SIMULATED_CHANGES);
      expect(result.changes.slice(0, 4).map(({ ip, keyName, count }) => [ip, keyName, count])).toEqual([
        ['10.0.1.44', 'A', 1_650],
        ['10.0.1.44', 'B', 1_650],
        ['10.0.9.95', 'B', 1_001],
        ['10.0.3.232', 'B', 1],
      ]);
    } finally {
      await service.stop();
    }
  });

  it('asks the trust review about the busiest only, and says how many it left out', async () => {
    const LEFT_OUT = 7;
    function* rows() {
      for (let n = 0; n < MAX_SIMULATED_REVIEWS + LEFT_OUT; n += 1)
        yield { address: 65_536 + n, key: 0, count: n < LEFT_OUT ? 1 : 2 } as const;
    }
    const service = await serviceWith(dataDir, rows());
    try {
      expect(await simulateAt(service, { mode: 'automatic' })).toMatchObject({
        unjudged: LEFT_OUT,
        changed: 0,
        pairs: { after: { allowed: 0, blocked: MAX_SIMULATED_REVIEWS + LEFT_OUT } },
        after: { allowed: 0, blocked: 2 * MAX_SIMULATED_REVIEWS + LEFT_OUT },
      });
    } finally {
      await service.stop();
    }
  });
});
