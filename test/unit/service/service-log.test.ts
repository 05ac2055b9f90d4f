import { expect, it } from 'vitest';
import { createLineLog } from '#service/service-log';
import { manualClock } from '#test/support/manual-clock';

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
