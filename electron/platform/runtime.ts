import { app } from 'electron';
import type { Bootstrap } from '#shared/ipc/contract';
import type { ThisStart } from './login-item/login-item';

/** What a window may know about the program that runs it. */
export function readRuntime(): Pick<
  Bootstrap,
  'appVersion' | 'platform' | 'electronVersion' | 'trialRuntime'
> {
  return {
    appVersion: app.getVersion(),
    platform: process.platform,
    electronVersion: process.versions.electron,
    // Set by the launcher when the app runs on a stand-in for Electron's own binary: the stand-in's version.
    trialRuntime: process.env['GATEHOUSE_TRIAL_RUNTIME'] ?? null,
  };
}

/** How this run was started. */
export function thisStart(): ThisStart {
  return {
    platform: process.platform,
    env: process.env,
    executable: process.execPath,
    appFolder: app.isPackaged ? null : app.getAppPath(),
    argv: process.argv,
  };
}
