import type { Sequential } from '#shared/async/sequential';
import type { Evaluate } from './evaluate';
import type { Geolocations } from '../geo/geolocation';
import type { Blocklists } from '../trust/collect-facts';

/** The means to evaluate calls outside the gate, for explanations and simulations. */
export interface EvaluationContext {
  readonly evaluate: Evaluate;
  readonly geolocations: Geolocations;
  readonly blocklists: Blocklists;
  /** Replays of the log run one after the other, because each keeps a core busy for seconds. */
  readonly replays: Sequential;
}
