import { powerMonitor } from 'electron';

/** Calls back when the computer wakes up: connections from before are dead without knowing it. */
export function setUpPower(onResume: () => void): void {
  powerMonitor.on('resume', onResume);
}
