import { z } from 'zod';
import type { AccountStore } from '../store/account-store';

/**
 * Answers name the service's time to the second and take time to arrive. Smaller differences count as none, or times would jump.
 */
const SLACK_MS = 2_000;
const SETTING = 'service.clockOffsetMs';

/** Returns the offset to use from now on, in milliseconds, which changes only when the clocks do. Pure. */
export function steadyOffset(beforeMs: number, measuredMs: number): number {
  if (Math.abs(measuredMs) <= SLACK_MS) return 0;
  return Math.abs(measuredMs - beforeMs) <= SLACK_MS ? beforeMs : measuredMs;
}

/** The last known offset of the service's clock, in milliseconds ahead of this computer's. */
export function readClockOffset({ settings }: AccountStore): number {
  return settings.read(SETTING, z.number()) ?? 0;
}

/** The offset outlives a restart, so that an expiry counted from now is right offline too. */
export function writeClockOffset({ settings }: AccountStore, offsetMs: number): void {
  settings.note(SETTING, offsetMs);
}
