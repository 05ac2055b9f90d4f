import { ulid } from 'ulid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OperationResult } from '#shared/api/routes-operations';
import type { Attempt, AuditEvent, Range, Review } from '#shared/domain/entities';
import { checkData } from '#service/storage/check/check-data';
import { startServiceProcess, type ServiceProcess } from '#test/support/service/service-process';
import { httpCall, type Answer, type CallOptions } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

const TOKEN = 'process-test-token-012345';
const ROUNDS = 16;
const CALLERS = 4;

interface Edit {
  readonly id: string;
  readonly rangeId: string;
  readonly cidr: string;
  acknowledged: boolean;
}

describe('kill -9 under load, round after round', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = makeTempDir('kill');
  });
  afterEach(() => removeTempDir(dataDir));

  const start = (): Promise<ServiceProcess> =>
    startServiceProcess({
      GATEHOUSE_DATA_DIR: dataDir,
      GATEHOUSE_LISTEN: '127.0.0.1:0',
      GATEHOUSE_OWNER_TOKEN: TOKEN,
    });
  const api = (service: ServiceProcess, path: string, options: CallOptions = {}): Promise<Answer> =>
    httpCall(`${service.url}${path}`, {
      ...options,
      headers: { authorization: `Bearer ${TOKEN}`, ...options.headers },
    });
  const every = async <T>(service: ServiceProcess, path: string): Promise<T[]> => {
    const all: T[] = [];
    let cursor = '';
    for (;;) {
      const page = (await api(service, `${path}?limit=1000${cursor}`)).json as {
        items: T[];
        nextCursor: string | null;
      };
      all.push(...page.items);
      if (page.nextCursor === null) return all;
      cursor = `&cursor=${page.nextCursor}`;
    }
  };
  const send = async (service: ServiceProcess, edit: Edit): Promise<void> => {
    const operation = {
      id: edit.id,
      type: 'range.add',
      rangeId: edit.rangeId,
      cidr: edit.cidr,
      madeAt: '2026-01-01T00:00:00Z',
    };
    const answer = await api(service, '/v1/operations', { body: { operations: [operation] } });
    const { results } = answer.json as { results: OperationResult[] };
    expect(results[0]).toMatchObject({ status: 'applied', entity: { cidr: edit.cidr } });
    edit.acknowledged = true;
  };

  // It starts seventeen processes.
  it('loses nothing that was answered, and applies each edit once', { timeout: 180_000 }, async () => {
    const answered: { ip: string; verdict: string; reason: string }[] = [];
    const edits: Edit[] = [];
    let secret = '';
    let next = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const service = await start();
      if (secret === '') {
        ({ secret } = (await api(service, '/v1/keys', { body: { name: 'k' } })).json as { secret: string });
      }
      // Learning adds grants with its calls, manual opens reviews; automatic evaluates first.
      const mode = (['learning', 'manual', 'automatic'] as const)[round % 3];
      await api(service, '/v1/account/mode', { method: 'PUT', body: { mode } });
      let dead = false;
      const caller = async (): Promise<void> => {
        while (!dead) {
          const n = next++;
          const ip = `${10 + (round % 3)}.${round}.${n & 255}.${(n >> 8) & 255}`;
          try {
            const answer = await httpCall(`${service.url}/v1/check`, {
              headers: { 'api-key': secret, 'x-forwarded-for': ip },
            });
            answered.push({
              ip,
              verdict: String(answer.headers['x-gatehouse-verdict']),
              reason: String(answer.headers['x-gatehouse-reason']),
            });
          } catch {
            return;
          }
        }
      };
      const editor = async (): Promise<void> => {
        try {
          // What was sent and not answered is sent again first, as an outbox does.
          for (const edit of edits) if (!edit.acknowledged) await send(service, edit);
          for (let n = 0; !dead; n += 1) {
            const cidr = `192.168.${round}.${n % 256}/32`;
            const edit = { id: ulid(), rangeId: ulid(), cidr, acknowledged: false };
            edits.push(edit);
            await send(service, edit);
          }
        } catch (error) {
          if (!dead) throw error;
        }
      };
      const work = Promise.all([...Array.from({ length: CALLERS }, caller), editor()]);
      work.catch(() => undefined);
      // Another moment each round, some of them amid the first writes.
      const target = answered.length + 5 + ((round * 37) % 120);
      while (answered.length < target) await new Promise((resolve) => setTimeout(resolve, 1));
      dead = true;
      await service.kill();
      await work;
    }

    const service = await start();
    for (const edit of edits) if (!edit.acknowledged) await send(service, edit);
    const attempts = await every<Attempt>(service, '/v1/attempts');
    const logged = new Set(attempts.map(({ ip, verdict, reason }) => `${ip} ${verdict} ${reason}`));
    const ranges = await every<Range>(service, '/v1/ranges');
    const reviews = await every<Review>(service, '/v1/reviews');
    const added = (await every<AuditEvent>(service, '/v1/audit')).filter(
      ({ operationId }) => operationId !== null,
    );
    await service.stop();

    expect(await checkData({ dataDir })).toEqual([]);
    expect(answered.length).toBeGreaterThan(300);
    expect(edits.length).toBeGreaterThan(ROUNDS);
    expect(answered.filter(({ ip, verdict, reason }) => !logged.has(`${ip} ${verdict} ${reason}`))).toEqual(
      [],
    );
    // Each edit once: one range, and one trace of it.
    expect(added.map(({ operationId }) => operationId).sort()).toEqual(edits.map(({ id }) => id).sort());
    const kept = new Set(ranges.map(({ id }) => id));
    expect(edits.filter(({ rangeId }) => !kept.has(rangeId))).toEqual([]);
    // Who was learned has a grant, and who was blocked has a review.
    const grants = new Set(ranges.filter(({ source }) => source === 'learning').map(({ cidr }) => cidr));
    const asked = new Set(reviews.map(({ ip }) => ip));
    for (const { ip, reason } of answered) {
      if (reason === 'learned') expect(grants).toContain(`${ip.split('.').slice(0, 3).join('.')}.0/24`);
      if (reason === 'unknown' || reason === 'untrusted') expect(asked).toContain(ip);
    }
    expect(new Set(answered.map(({ reason }) => reason))).toEqual(
      new Set(['learned', 'unknown', 'untrusted']),
    );
  });
});
