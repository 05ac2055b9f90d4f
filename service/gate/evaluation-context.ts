import type { Sequential } from '#shared/async/sequential';
import type { Evaluate } from './evaluate';
import type { Geolocations } from '../geo/geolocation';
import type { Blocklists } from '../trust/collect-facts';

/** What looking at the policy needs beside the account: how calls are judged, and what is known of addresses. */
export interface EvaluationContext {
  readonly evaluate: Evaluate;
  readonly places: Geolocations;
  readonly blocklists: Blocklists;
  /** Replays of the log take turns: each keeps a core busy for seconds. */
  readonly replays: Sequential;
}
