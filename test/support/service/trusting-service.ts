import { join } from 'node:path';
import type { Clock } from '#service/runtime/clock';
import { manualClock } from '../manual-clock';
import { makeTempDir, removeTempDir } from '../temp-dir';
import { writeMmdb } from './mmdb-writer';
import { startTestService, type Answer, type TestService } from './test-service';

const DAY_MS = 86_400_000;

/** An account that has learned from one office for a week; unknown addresses lie elsewhere. */
export interface TrustingService {
  readonly service: TestService;
  readonly clock: Clock & { advance(ms: number): void };
  readonly keyId: string;
  /** The key's usual user agent. */
  readonly agent: string;
  /** Within the learned range; in the same /16 and network; in a cloud far away. */
  readonly known: string;
  readonly neighbour: string;
  readonly stranger: string;
  readonly check: (ip: string) => Promise<Answer>;
  readonly stop: () => Promise<void>;
}

export async function startTrustingService(): Promise<TrustingService> {
  const clock = manualClock();
  const dataDir = makeTempDir('trusting');
  const asn = join(dataDir, 'asn.mmdb');
  writeMmdb(asn, {
    records: {
      '81.184.0.0/16': {
        autonomous_system_number: 12_479,
        autonomous_system_organization: 'Orange Espagne',
      },
      '5.9.0.0/16': {
        autonomous_system_number: 24_940,
        autonomous_system_organization: 'Hetzner Online GmbH',
      },
    },
    databaseType: 'GeoLite2-ASN',
  });
  const service = await startTestService({
    clock,
    mode: 'learning',
    dataDir,
    env: { GATEHOUSE_ASN_MMDB: asn },
  });
  const { key, secret } = await service.createKey();
  const agent = 'billing-worker/3.2 (acme)';
  const check = (ip: string): Promise<Answer> => service.check(secret, ip, { 'user-agent': agent });
  const known = '81.184.10.5';
  for (let day = 0; day < 7; day += 1) {
    await check(known);
    clock.advance(DAY_MS);
  }
  return {
    service,
    clock,
    keyId: key.id,
    agent,
    known,
    neighbour: '81.184.77.9',
    stranger: '5.9.1.2',
    check,
    stop: async () => {
      await service.stop();
      removeTempDir(dataDir);
    },
  };
}
