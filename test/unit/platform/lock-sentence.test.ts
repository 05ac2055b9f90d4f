import { hostname } from 'node:os';
import { expect, it, vi } from 'vitest';

vi.mock('electron', () => ({ app: {} }));
const { lockSentence } = await import('#electron/platform/single-instance');

it('a lock of this computer is a Gatehouse that runs, and every other one is told', () => {
  expect(lockSentence(`${hostname()}-4711`, '/data')).toBeUndefined();
  expect(lockSentence('other-host-4711', '/data')).toContain('in use by a Gatehouse on other-host.');
  expect(lockSentence(undefined, '/data')).toContain('cannot be taken');
});
