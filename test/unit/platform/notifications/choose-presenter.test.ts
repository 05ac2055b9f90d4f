import { tmpdir } from 'node:os';
import { describe, expect, it, vi } from 'vitest';

import { createPresenter } from '#electron/platform/notifications/choose-presenter';
import { ElectronPresenter } from '#electron/platform/notifications/electron-presenter';
import { FreedesktopPresenter } from '#electron/platform/notifications/freedesktop-presenter';
import { RecordingLog } from '#test/support/console/fakes';

vi.mock('electron', async () => ({
  Notification: (await import('./fake-notification')).FakeNotification,
  powerMonitor: { on: () => undefined },
}));

const nowhere = 'unix:path=/nonexistent/bus';

describe('the choice of presenter', () => {
  const chosen = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv): unknown => {
    const { presenter, quiet } = createPresenter(
      { log: new RecordingLog(), folder: tmpdir(), icon: '' },
      platform,
      env,
    );
    expect(quiet.isQuiet()).toBe(false);
    return presenter;
  };

  it('is Electron’s on macOS and Windows, whatever bus there is', () => {
    for (const platform of ['darwin', 'win32'] as const) {
      expect(chosen(platform, { DBUS_SESSION_BUS_ADDRESS: nowhere })).toBeInstanceOf(ElectronPresenter);
    }
  });

  it('is the session bus on Linux where there is one', () => {
    expect(chosen('linux', { DBUS_SESSION_BUS_ADDRESS: nowhere })).toBeInstanceOf(FreedesktopPresenter);
    expect(chosen('linux', {})).toBeInstanceOf(ElectronPresenter);
  });
});
