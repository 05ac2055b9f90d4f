/** The generator: a world with honest owners and thieves, the same for the same seed. It knows nothing of the scorer. */
export { DAY_MS, LEARNING_MS, WORLD_MS, type Call } from './call';
export { HONEST_SCENARIOS, LIMIT_OWNERS, type HonestScenario, type Owner } from './honest';
export { createInternet, type Internet, type Place } from './internet';
export { randomFrom, type Random } from '#demo/traffic/random';
export { LIMIT_SCENARIOS, THIEF_SCENARIOS, type Theft, type ThiefScenario } from './thieves';
