import Database from 'libsql';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DATABASE_FILE } from '#service/storage/sqlite';
import { memoryLog } from '#test/support/service/memory-log';
import { problem } from '#test/support/service/problem-answer';
import { startTestService } from '#test/support/service/test-service';

it('an error of the service is found in its log by the id in the answer', async () => {
  const log = memoryLog();
  const service = await startTestService({ log });
  try {
    await service.restart(() => {
      const database = new Database(join(service.dataDir, DATABASE_FILE));
      database.exec(`update audit set actor = 'no JSON'`);
      database.close();
    });
    const answer = problem(await service.api('/v1/audit'));
    expect(answer).toMatchObject({ status: 500, code: 'internal' });
    const failed = log.entries.find(({ event }) => event === 'request.failed');
    expect(failed?.fields).toMatchObject({
      requestId: expect.any(String) as string,
      method: 'GET',
      route: '/v1/audit',
    });
    expect(answer.detail).toContain(String(failed?.fields['requestId']));
  } finally {
    await service.stop();
  }
});
