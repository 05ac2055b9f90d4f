import { beforeEach, describe, expect, it } from 'vitest';
import { calls } from '#shared/ipc/contract';
import type { DesktopState } from '#shared/ipc/desktop';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import { createHandlers } from '#electron/platform/ipc/handlers';
import { registerCalls } from '#electron/platform/ipc/register-calls';
import { setLanguage } from '#shared/i18n/language';
import type { AppWindow } from '#electron/platform/windows/window-registry';
import { RecordingLog } from '#test/support/console/fakes';

type Handle = Parameters<typeof registerCalls>[0]['handle'];
type Registered = (event: unknown, request?: unknown, shownId?: unknown) => Promise<Outcome<unknown>>;

const OURS = { sender: { id: 7 }, senderFrame: { url: 'app://gatehouse/index.html', parent: null } };

const DESKTOP: DesktopState = {
  settings: {
    startAtLogin: false,
    startHidden: true,
    closeToTray: true,
    menuEntry: false,
    language: 'system',
  },
  hasTray: false,
  canStartAtLogin: true,
  canHaveMenuEntry: true,
  language: 'en',
};

let registered: Map<string, Registered>;
let log: RecordingLog;
let closed: number;
let copied: string[];

const call = (
  channel: string,
  request?: unknown,
  event: unknown = OURS,
  shownId?: string,
): Promise<Outcome<unknown>> => {
  const handler = registered.get(`gatehouse:${channel}`);
  if (handler === undefined) throw new Error(`Nothing answers ${channel}.`);
  return Promise.resolve().then(() => handler(event, request, shownId));
};

beforeEach(() => {
  registered = new Map();
  log = new RecordingLog();
  closed = 0;
  copied = [];
  const window = { kind: 'console', window: { close: () => (closed += 1) } } as unknown as AppWindow;
  const core = {
    replica: {
      snapshot: () => {
        throw new Error('a bug with a secret gt_0123456789');
      },
    },
  };
  const handlers = createHandlers({
    accounts: { shown: core } as never,
    logExport: { run: () => Promise.resolve(succeeded(null)), stop: () => undefined },
    desktop: { state: () => DESKTOP, change: () => succeeded(DESKTOP) },
    runtime: { appVersion: '1', platform: 'test', electronVersion: '0', trialRuntime: null },
    copyText: (text) => copied.push(text),
    chooseFile: () => Promise.resolve(null),
    chooseSaveFile: () => Promise.resolve(null),
  });
  registerCalls(
    {
      handle: ((channel: string, handler: Registered) =>
        registered.set(channel, handler)) as unknown as Handle,
    },
    handlers,
    { windowOf: (id: number) => (id === 7 ? window : undefined) } as never,
    log,
    { shown: { id: 'shown' } },
  );
});

describe('the calls of the windows', () => {
  it('are all there', () => {
    const names = Object.entries(calls).flatMap(([group, members]) =>
      Object.keys(members).map((name) => `gatehouse:${group}:${name}`),
    );
    expect([...registered.keys()].sort()).toEqual(names.sort());
  });

  it('reach their handler with a request that was checked, and the window that asks', async () => {
    expect(await call('app:copyText', { text: 'hello' })).toEqual(succeeded(undefined));
    expect(copied).toEqual(['hello']);
    await call('app:closeWindow');
    expect(closed).toBe(1);
  });

  it.each([
    ['app:copyText', { text: 5 }, 'text'],
    ['app:copyText', undefined, ''],
    ['app:copyText', { text: 'a', more: true }, ''],
    ['app:openApproval', { reviewId: 'not an id' }, 'reviewId'],
    ['log:page', { filter: { verdict: 'maybe' }, cursor: null, limit: 10 }, 'filter.verdict'],
    ['log:page', { filter: {}, cursor: null, limit: 100_000 }, 'limit'],
    ['ranges:impact', { rangeIds: ['../../etc'] }, 'rangeIds.0'],
  ])('%s with %o are refused, naming the field', async (channel, request, field) => {
    expect(await call(channel, request)).toMatchObject({ ok: false, failure: { kind: 'invalid', field } });
  });

  it('are refused in words, in the language of the console', async () => {
    const request = { filter: {}, cursor: null, limit: 100_000 };
    expect(await call('log:page', request)).toMatchObject({
      failure: { message: expect.stringMatching(/^must be at most/) as string },
    });
    setLanguage('fr');
    expect(await call('log:page', request)).toMatchObject({
      failure: { message: expect.stringMatching(/^la valeur maximale est/) as string },
    });
    setLanguage('en');
  });

  it('turn a bug into data, and keep its details in the log', async () => {
    const outcome = await call('mirror:snapshot');
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'internal' } });
    expect(JSON.stringify(outcome)).not.toContain('a bug');
    expect(log.lines).toMatchObject([{ level: 'error', event: 'ipc.failed' }]);
  });

  it('that are meant for another account change nothing, and reading may go on', async () => {
    const refused = { ok: false, failure: { kind: 'conflict', code: 'another_account' } };
    expect(await call('mode:set', { mode: 'deactivated' }, OURS, 'before')).toMatchObject(refused);
    expect(await call('connection:forget', { discardUnsent: true }, OURS, 'before')).toMatchObject(refused);
    const many = { reviewIds: ['01ARZ3NDEKTSV4RRFFQ69G5FAV'], answer: { kind: 'reopen' } };
    expect(await call('reviews:answerMany', many, OURS, 'before')).toMatchObject(refused);
    expect(log.lines).toEqual([]);
    expect(await call('app:copyText', { text: 'hello' }, OURS, 'before')).toEqual(succeeded(undefined));
    // Its own account's go on to the handler, which this test has not.
    expect(await call('mode:set', { mode: 'manual' }, OURS, 'shown')).not.toMatchObject(refused);
  });

  it.each([
    ['another window', { ...OURS, sender: { id: 8 } }],
    ['a frame in a window of ours', { ...OURS, senderFrame: { ...OURS.senderFrame, parent: {} } }],
    ['another page', { ...OURS, senderFrame: { url: 'https://evil.example/', parent: null } }],
    ['a frame that is gone', { ...OURS, senderFrame: null }],
  ])('from %s are refused and logged', async (_who, event) => {
    await expect(call('app:copyText', { text: 'x' }, event)).rejects.toThrow('Refused');
    expect(copied).toEqual([]);
    expect(log.lines).toMatchObject([{ level: 'error', event: 'ipc.refused' }]);
  });
});
