import { describe, expect, it, vi } from 'vitest';

import { LaunchProblem } from '#electron/launch/launch-problem';
import { chooseRuntime } from '#electron/launch/runtime';
import type { RuntimeProbes } from '#electron/launch/runtime';

const OWN = { executable: '/app/electron', version: '45.4.1' };
const FAILURE = {
  version: '45.4.1',
  node: 'v20.19.0',
  atMs: 0,
  reason: 'getaddrinfo ENOTFOUND host.example',
};

/** A system that has nothing, reaches nothing and supports the trial runtime. */
function probes(changes: Partial<RuntimeProbes> = {}) {
  return {
    wantedVersion: '45.4.1',
    find: vi.fn<RuntimeProbes['find']>(() => undefined),
    fetch: vi.fn<RuntimeProbes['fetch']>(() => Promise.resolve({ kind: 'failed', reason: FAILURE.reason })),
    recall: vi.fn<RuntimeProbes['recall']>(() => Promise.resolve(undefined)),
    remember: vi.fn<RuntimeProbes['remember']>(() => Promise.resolve()),
    forget: vi.fn<RuntimeProbes['forget']>(() => Promise.resolve()),
    prepareTrial: vi.fn<RuntimeProbes['prepareTrial']>(() => Promise.resolve('/cache/electron')),
    trialSupported: true,
    isRoot: false,
    ...changes,
  };
}

describe('chooseRuntime', () => {
  it('takes Electron’s own binary where it is there, without asking the network', async () => {
    const system = probes({ find: () => OWN });
    expect(await chooseRuntime(system)).toEqual({ ...OWN, isTrial: false, extraArgs: [] });
    expect(system.fetch).not.toHaveBeenCalled();
  });

  it('fetches it at the first start, says so, and forgets earlier failures', async () => {
    const system = probes({ fetch: () => Promise.resolve({ kind: 'fetched', runtime: OWN }) });
    const lines: string[] = [];
    const runtime = await chooseRuntime(system, { report: (line) => lines.push(line) });
    expect(runtime).toMatchObject({ ...OWN, isTrial: false });
    expect(lines).toEqual(['Fetching Electron 45.4.1 (once)…']);
    expect(system.forget).toHaveBeenCalledOnce();
    expect(system.prepareTrial).not.toHaveBeenCalled();
  });

  it('falls back on the trial runtime, says why, and remembers the failure', async () => {
    const system = probes();
    const lines: string[] = [];
    expect(await chooseRuntime(system, { report: (line) => lines.push(line) })).toEqual({
      executable: '/cache/electron',
      version: '33.2.1',
      isTrial: true,
      extraArgs: [],
    });
    expect(lines.at(-1)).toBe('Electron 45.4.1 could not be fetched: getaddrinfo ENOTFOUND host.example.');
    expect(system.remember).toHaveBeenCalledWith(FAILURE.reason);
  });

  it('does not wait again for what failed a while ago, unless asked to', async () => {
    const system = probes({ recall: () => Promise.resolve(FAILURE) });
    expect(await chooseRuntime(system)).toMatchObject({ isTrial: true });
    expect(system.fetch).not.toHaveBeenCalled();
    await chooseRuntime(system, { retry: true });
    expect(system.fetch).toHaveBeenCalledOnce();
  });

  it('does not remember an attempt that was interrupted, and starts nothing after it', async () => {
    const system = probes({ fetch: () => Promise.resolve({ kind: 'interrupted' }) });
    await expect(chooseRuntime(system)).rejects.toThrow('was interrupted');
    expect(system.remember).not.toHaveBeenCalled();
    expect(system.prepareTrial).not.toHaveBeenCalled();
  });

  it('always tries where there is no trial runtime, and says what to do when that fails', async () => {
    const system = probes({ trialSupported: false, recall: () => Promise.resolve(FAILURE) });
    await expect(chooseRuntime(system)).rejects.toThrow(/could not be fetched: .*ELECTRON_MIRROR/);
    expect(system.fetch).toHaveBeenCalledOnce();
    expect(system.prepareTrial).not.toHaveBeenCalled();
  });

  it('names both reasons where there is neither', async () => {
    const prepareTrial = (): Promise<string> =>
      Promise.reject(new LaunchProblem('npm could not fetch it: 404.'));
    const attempt = chooseRuntime(probes({ prepareTrial }));
    await expect(attempt).rejects.toBeInstanceOf(LaunchProblem);
    await expect(attempt).rejects.toThrow(/ENOTFOUND host\.example.*npm could not fetch it: 404/);
  });

  it('does not disguise a fault of its own as a missing runtime', async () => {
    const fault = new TypeError('a bug');
    await expect(chooseRuntime(probes({ prepareTrial: () => Promise.reject(fault) }))).rejects.toBe(fault);
  });

  it('switches the sandbox off for root only', async () => {
    expect((await chooseRuntime(probes({ isRoot: true }))).extraArgs).toEqual(['--no-sandbox']);
    expect((await chooseRuntime(probes({ isRoot: true, find: () => OWN }))).extraArgs).toEqual([
      '--no-sandbox',
    ]);
  });
});
