import { afterEach, describe, expect, it, vi } from 'vitest';
import { createLineLog, oncePerMinute } from '#service/service-log';
import { manualClock } from '#test/support/manual-clock';
import { memoryLog } from '#test/support/service/memory-log';

it('a line of the service’s log is one line that turns nothing round, whatever is in it', () => {
  const lines: string[] = [];
  const log = createLineLog(manualClock(), (line) => lines.push(line));
  const name = 'a\nb\u202ec\u2028d\u009be\u{e0041}';
  log.write('warn', 'told', { name, error: new Error(name) });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^[\x20-\x7e]+$/);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'told', name, error: { message: name } });
});

it('holds no secret, wherever it stands', () => {
  const lines: string[] = [];
  createLineLog(manualClock(), (line) => lines.push(line)).write('error', 'failed', {
    error: new Error('cannot reach postgres://gatehouse:hunter2@db/x with Bearer hunter2'),
    authorization: 'hunter2',
  });
  expect(lines.join()).not.toContain('hunter2');
});

describe('oncePerMinute', () => {
  afterEach(() => vi.useRealTimers());

  it('writes the first of a kind at once, and the others as one line a minute with their number', () => {
    vi.useFakeTimers();
    const log = memoryLog();
    const repeated = oncePerMinute(log);
    for (const call of [1, 2, 3]) repeated.write('error', 'check.failed', { call });
    repeated.write('error', 'request.unavailable', { call: 4 });
    expect(log.entries.map(({ event, fields }) => [event, fields])).toEqual([
      ['check.failed', { call: 1 }],
      ['request.unavailable', { call: 4 }],
    ]);
    vi.advanceTimersByTime(60_000);
    expect(log.entries.slice(2)).toEqual([
      { level: 'error', event: 'check.failed', fields: { call: 3, times: 2 } },
    ]);
    repeated.write('error', 'check.failed', { call: 5 });
    expect(log.entries.at(-1)?.fields).toEqual({ call: 5 });
  });
});
