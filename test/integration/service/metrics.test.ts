import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestService, type TestService } from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

describe('/metrics', () => {
  let service: TestService;
  let secret = '';
  beforeEach(async () => {
    service = await startTestService();
    ({ secret } = await service.createKey());
  });
  afterEach(() => service.stop());

  const metrics = async (): Promise<string> => {
    const answer = await service.api('/metrics', { headers: { authorization: '' } });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toContain('text/plain');
    return answer.text;
  };
  const valueOf = (text: string, line: string): number => {
    const found = text.split('\n').find((candidate) => candidate.startsWith(`${line} `));
    return Number(found?.slice(line.length + 1) ?? Number.NaN);
  };

  it('counts verdicts by reason, those without an account too', async () => {
    await service.api('/v1/ranges', { body: { cidr: '203.0.113.0/24' } });
    await service.check(secret, '203.0.113.9');
    await service.check(secret, '203.0.113.9');
    await service.check(secret, '198.51.100.1');
    await service.check('gk_nobody', '198.51.100.1');
    await service.check(undefined, '198.51.100.1');
    await service.check(secret, 'nonsense');
    const text = await metrics();
    const counted = (verdict: string, reason: string) =>
      valueOf(text, `gatehouse_checks_total{verdict="${verdict}",reason="${reason}"}`);
    expect(counted('allowed', 'authorized')).toBe(2);
    expect(counted('blocked', 'unknown')).toBe(1);
    expect(counted('blocked', 'invalid_key')).toBe(1);
    expect(counted('blocked', 'missing_key')).toBe(1);
    expect(counted('blocked', 'bad_forwarded_for')).toBe(1);
    expect(valueOf(text, 'gatehouse_check_duration_seconds_count')).toBe(6);
    expect(valueOf(text, 'gatehouse_check_duration_seconds_sum')).toBeGreaterThan(0);
    expect(valueOf(text, 'gatehouse_ranges')).toBe(1);
  });

  it('shows the queues, the readers and the lag of the feed', async () => {
    await service.check(secret, '198.51.100.1');
    const cursor = ((await service.api('/v1/changes')).json as { cursor: string }).cursor;
    const gone = new AbortController();
    const poll = service.api(`/v1/changes?cursor=${cursor}&wait=30`, { signal: gone.signal });
    poll.catch(() => undefined);
    await waitFor('the reader to wait', async () => valueOf(await metrics(), 'gatehouse_feed_readers') === 1);
    gone.abort();
    const text = await metrics();
    for (const queue of ['first_sights', 'folds', 'repeats', 'writes', 'mail']) {
      expect(valueOf(text, `gatehouse_queue_length{queue="${queue}"}`), queue).toBeGreaterThanOrEqual(0);
    }
    expect(valueOf(text, 'gatehouse_queue_length{queue="folds"}')).toBe(1);
    expect(valueOf(text, 'gatehouse_feed_lag_seconds_count')).toBeGreaterThan(0);
  });

  it('shows the process: its time, memory, files, and pauses for garbage', async () => {
    const text = await metrics();
    for (const line of [
      'process_cpu_user_seconds_total',
      'nodejs_eventloop_active_seconds_total',
      'process_start_time_seconds',
      'process_resident_memory_bytes',
      'nodejs_heap_size_used_bytes',
    ]) {
      expect(valueOf(text, line), line).toBeGreaterThan(0);
    }
    expect(text).toContain('# TYPE nodejs_gc_duration_seconds histogram');
    if (process.platform === 'linux') expect(valueOf(text, 'process_open_fds')).toBeGreaterThan(0);
  });

  it('tells nothing of an account: no address, key, name or secret', async () => {
    await service.check(secret, '198.51.100.1');
    const text = await metrics();
    for (const own of ['198.51.100.1', secret, 'Test key', 'owner@example.com'])
      expect(text).not.toContain(own);
  });
});
