import { app } from 'electron';
import type { Bootstrap } from '#shared/ipc/app';
import type { ThisStart } from './login-item/login-item';

/** The facts about the program that a window may know. */
export function readRuntime(): Pick<
  Bootstrap,
  'appVersion' | 'platform' | 'electronVersion' | 'trialRuntime'
> {
  return {
    appVersion: app.getVersion(),
    platform: process.platform,
    electronVersion: process.versions.electron,
    // The launcher sets it when the app runs on a stand-in for Electron's own binary.
    trialRuntime: process.env['GATEHOUSE_TRIAL_RUNTIME'] ?? null,
  };
}

export function thisStart(): ThisStart {
  return {
    platform: process.platform,
    env: process.env,
    executable: process.execPath,
    appFolder: app.isPackaged ? undefined : app.getAppPath(),
    argv: process.argv,
  };
}
