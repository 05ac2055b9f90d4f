import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Attempt } from '#shared/domain/entities';
import { writeMmdb } from '#test/support/service/mmdb-writer';
import { startTestService } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

/** A public resolver's address, which its network has announced for long. */
const ADDRESS = '8.8.8.8';

describe('networks', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = makeTempDir('networks');
  });
  afterEach(() => removeTempDir(dataDir));

  const attemptFrom = async (ip: string): Promise<Attempt | undefined> => {
    const service = await startTestService({ dataDir });
    try {
      const { secret } = await service.createKey();
      await service.check(secret, ip);
      return ((await service.api('/v1/attempts')).json as { items: Attempt[] }).items[0];
    } finally {
      await service.stop();
    }
  };

  it('are known without any file of the owner', async () => {
    expect(await attemptFrom(ADDRESS)).toMatchObject({ country: 'US', asn: 15_169, asName: 'Google LLC' });
  });

  it("come from the owner's file where there is one", async () => {
    writeMmdb(join(dataDir, 'GeoLite2-ASN.mmdb'), {
      records: { '8.8.8.0/24': { autonomous_system_number: 64_500, autonomous_system_organization: 'Own' } },
    });
    expect(await attemptFrom(ADDRESS)).toMatchObject({ country: 'US', asn: 64_500, asName: 'Own' });
  });
});
