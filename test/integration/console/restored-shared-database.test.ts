import { afterAll, beforeAll, describe, it } from 'vitest';
import { addRange } from '#electron/core/use-cases/add-range';
import { useRemoteWorld, value } from '#test/support/console/remote-world';
import { RANGE } from '#test/support/console/two-accounts';
import { hasPostgres, startPostgres, type TestPostgres } from '#test/support/service/postgres';
import { startTestService } from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

const KEPT = '198.51.100.1/32';
const LOST = '198.51.100.2/32';
const QUEUED = '198.51.100.9';

describe.skipIf(!hasPostgres())(
  'a console of a service whose shared database lost its newest changes',
  () => {
    const world = useRemoteWorld();
    let postgres: TestPostgres;
    beforeAll(async () => {
      postgres = await startPostgres();
    });
    afterAll(() => postgres.remove());

    const add = (cidr: string) => world.service.api('/v1/ranges', { body: { cidr } });
    const listed = (): readonly string[] =>
      world.console.core.replica
        .mirrored('range')
        .map(({ cidr }) => cidr)
        .sort();

    it('heals while everything runs, says so, and its next edit counts', async () => {
      await world.service.stop();
      const url = await postgres.createDatabase();
      world.replaceService(await startTestService({ env: { GATEHOUSE_DATABASE_URL: url } }));
      await world.connectAndSync();
      await add(KEPT);
      const restore = await postgres.backUp(url);
      await add(LOST);
      await waitFor('the console to have both', () => listed().join() === [KEPT, LOST].join());

      await restore();
      await waitFor('the console to have what is left', () => listed().join() === KEPT);
      await waitFor('the console to say it', () => {
        const { connection } = world.mirror();
        return connection.kind === 'online' && connection.state?.why?.includes('lacks changes');
      });
      const [id = ''] = value(addRange(world.console.core, { ...RANGE, cidr: QUEUED })).operationIds;
      await world.console.settled(id);
      await world.console.drained();
      await waitFor('the edit everywhere', () => listed().join() === [KEPT, `${QUEUED}/32`].join());
    });
  },
);
