import { z } from 'zod';
import type { AccountStore } from '../store/account-store';

/**
 * Answers name the service's time to the second and are late by their way: smaller differences are none, and do not make
 * times jump.
 */
const SLACK_MS = 2_000;
const SETTING = 'service.clockOffsetMs';

/** The offset to go by from here on, which changes only when the clocks do. Pure. */
export function steadyOffset(beforeMs: number, measuredMs: number): number {
  if (Math.abs(measuredMs) <= SLACK_MS) return 0;
  return Math.abs(measuredMs - beforeMs) <= SLACK_MS ? beforeMs : measuredMs;
}

/** How far the service's clock was ahead of this computer's when it last answered. */
export const readClockOffset = ({ settings }: AccountStore): number =>
  settings.read(SETTING, z.number()) ?? 0;

/** It outlives a restart: an end that is counted from now is right on a train, too. */
export const writeClockOffset = ({ settings }: AccountStore, offsetMs: number): void =>
  settings.note(SETTING, offsetMs);
