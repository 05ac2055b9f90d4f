import { powerMonitor } from 'electron';

/** Calls back when the computer wakes up: connections that were open before are dead without knowing it. */
export function setUpPower(onResume: () => void): void {
  powerMonitor.on('resume', onResume);
}
