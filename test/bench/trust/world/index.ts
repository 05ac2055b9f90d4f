/** Honest owners and thieves on the real Internet, the same for the same seed. The world knows nothing of the scorer. */
export { DAY_MS, LEARNING_MS, WORLD_MS, type Call } from './call';
export { type Half } from './half';
export { HONEST_SCENARIOS, LIMIT_OWNERS, type HonestScenario, type Owner } from './honest';
export { createInternet, type Internet, type Place } from './internet';
export { randomFrom, type Random } from '#demo/traffic/random';
export { thefts, type StolenCalls } from './thieves';
