import { agoText, spanText } from '../sentences';
import { evidence, type Signal } from '../signal';
import { WEIGHTS, WINDOWS_MS } from '../weights';

/** The key has no habits yet. */
export const freshKey: Signal = ({ key, now }) => {
  const ageMs = now - key.createdAt;
  if (ageMs >= WINDOWS_MS.freshKey) return undefined;
  return evidence(
    'fresh-key',
    WEIGHTS.freshKey,
    `The key is ${spanText(ageMs)} old, so little is known of how it is used.`,
  );
};

/** Nobody seems to use the key any more. */
export const dormantKey: Signal = ({ key, now }) => {
  if (now - (key.lastUsedAt ?? key.createdAt) < WINDOWS_MS.dormantKey) return undefined;
  return evidence(
    'dormant-key',
    WEIGHTS.dormantKey,
    key.lastUsedAt === null
      ? `The key was made ${agoText(key.createdAt, now)} and never used until now.`
      : `The key was not used for ${spanText(now - key.lastUsedAt)}.`,
  );
};
