import { evidence, type Signal } from '../signal';
import { WEIGHTS, WINDOWS_MS } from '../weights';

/** The key has no habits yet. */
export const freshKey: Signal = ({ key, now }) => {
  const ageMs = now - key.createdAt;
  if (ageMs >= WINDOWS_MS.freshKey) return undefined;
  return evidence('fresh-key', WEIGHTS.freshKey, 'freshKey', { span: ageMs });
};

/** Nobody seems to use the key any more. */
export const dormantKey: Signal = ({ key, now }) => {
  if (now - (key.lastUsedAt ?? key.createdAt) < WINDOWS_MS.dormantKey) return undefined;
  return key.lastUsedAt === null
    ? evidence('dormant-key', WEIGHTS.dormantKey, 'unusedKey', { ago: now - key.createdAt })
    : evidence('dormant-key', WEIGHTS.dormantKey, 'dormantKey', { span: now - key.lastUsedAt });
};
